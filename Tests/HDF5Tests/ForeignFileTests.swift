import Foundation
import HDF5
import Support
import Testing

@Suite struct ForeignFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func typesThatOthersWrite() throws {
    let script = """
      import h5py, numpy as np, sys
      f = h5py.File(sys.argv[1], "w")
      f["f16"] = np.arange(6, dtype=np.float16).reshape(3, 2)
      f["big"] = np.arange(6, dtype=">f8").reshape(3, 2)
      f["u2"] = np.arange(6, dtype=np.uint16).reshape(3, 2)
      f["bool"] = np.array([True, False])
      f["names"] = ["a", "b"]
      f["pairs"] = np.zeros(3, dtype=[("a", "f4"), ("b", "i4")])
      f["null"] = h5py.Empty("f4")
      f.create_dataset("zipped", data=np.arange(100000, dtype="f4").reshape(1000, 100), compression="gzip", shuffle=True)
      f.create_dataset("zeros", data=np.zeros((3000, 3000)), compression="gzip")
      f.create_dataset("huge", shape=(2**36, 2**20), dtype="f4", chunks=(1024, 1024))
      f.create_dataset("bomb", shape=(2**40,), dtype="f4", chunks=(2**29,), compression="gzip")
      f.create_dataset("overflow", shape=(2**40, 2**40), dtype="f4", chunks=(16, 16))
      f["soft"] = h5py.SoftLink("/u2")
      f["loop"] = h5py.SoftLink("/loop")
      f["away"] = h5py.ExternalLink("none.h5", "/x")
      f.attrs["fixed"] = np.bytes_("fixed text")
      f.attrs["many"] = ["a", "b"]
      print("done")
      """
    let path = folder.file("foreign.h5")
    guard let said = try python(script, path) else { return }
    #expect(said == "done\n")
    let file = try HDF5File(reading: path)
    let expected: [Float] = [2, 3, 4, 5]
    for name in ["f16", "big", "u2", "soft"] { #expect(try file.floats(of: name, from: 1, rows: 2) == expected) }
    #expect(try file.floats(of: "bool", from: 0, rows: 2) == [1, 0])
    for name in ["names", "pairs", "null"] {
      #expect(throws: HDF5Error.self) { try file.floats(of: name, from: 0, rows: 1) }
    }
    #expect(try file.isNumeric("bool") && !file.isNumeric("names") && !file.isNumeric("null"))
    #expect(try file.floats(of: "zipped", from: 999, rows: 1) == (99900..<100000).map { Float($0) })
    #expect(try file.floats(of: "zeros", from: 0, rows: 3000).allSatisfy { $0 == 0 })
    #expect(try file.floats(of: "huge", from: 0, rows: 1).count == 1 << 20)
    #expect { try file.floats(of: "huge", from: 0, rows: 1 << 30) } throws: { "\($0)".contains("claims") }
    #expect { try file.floats(of: "bomb", from: 0, rows: 1) } throws: { "\($0)".contains("claims") }
    #expect { try file.floats(of: "overflow", from: 0, rows: 1) } throws: { "\($0)".contains("impossible") }
    for name in ["loop", "away"] { #expect(throws: HDF5Error.self) { try file.shape(of: name) } }
    #expect(try file.datasets().count == 12)
    #expect(try file.text(attribute: "fixed") == "fixed text")
    #expect(throws: HDF5Error.self) { try file.text(attribute: "many") }
  }

  /// Reads whatever can be read of a file and forgets it.
  private func readAll(_ path: String) {
    guard let file = try? HDF5File(reading: path) else { return }
    _ = try? file.text(attribute: "deck")
    _ = try? file.values(attribute: "seed", as: Int64.self)
    for name in ["x", "frames"] {
      _ = try? file.isNumeric(name)
      _ = try? file.values(of: name, as: Float.self)
    }
    _ = try? file.datasets()
  }

  @Test func damagedFilesAreErrors() throws {
    let path = folder.file("whole.h5")
    let file = try HDF5File(creating: path)
    try file.write((0..<200).map { Float($0) }, to: "x", shape: [100, 2])
    try file.create("frames", shape: [0, 4], of: Float.self, chunk: [2, 4])
    try file.append((0..<16).map { Float($0) }, to: "frames")
    try file.write(attribute: "deck", text: "a deck")
    try file.write(attribute: "seed", value: Int64(1))
    try file.close()
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    let damaged = folder.file("damaged.h5")
    for length in stride(from: 0, to: whole.count, by: 97) {
      try whole.prefix(length).write(to: URL(fileURLWithPath: damaged))
      #expect(throws: HDF5Error.self) { _ = try HDF5File(reading: damaged).floats(of: "x", from: 0, rows: 100) }
    }
  }

  @Test func chunksLargerThanTheirDataset() throws {
    let path = folder.file("chunks.h5")
    let file = try HDF5File(creating: path)
    try file.create("x", shape: [0, 4], of: Float.self, chunk: [2, 4])
    try file.append((0..<16).map { Float($0) }, to: "x")
    try file.close()
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    let chunk = Data([2, 0, 0, 0, 4, 0, 0, 0, 4, 0, 0, 0])
    let place = try #require(bytes.range(of: chunk))
    bytes[place.lowerBound + 5] = 28
    try bytes.write(to: URL(fileURLWithPath: path))
    #expect { try HDF5File(reading: path).floats(of: "x", from: 0, rows: 4) } throws: { "\($0)".contains("chunks") }
  }

  @Test func theSystemsReasonIsGiven() throws {
    #expect { try HDF5File(creating: folder.path) } throws: {
      "\($0)".contains("directory") && !"\($0)".contains("errno")
    }
  }
}
