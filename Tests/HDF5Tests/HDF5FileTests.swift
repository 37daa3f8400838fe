import Foundation
import HDF5
import Support
import Testing

@Suite struct HDF5FileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func allTypesRoundTrip() throws {
    let path = folder.file("a.h5")
    let file = try HDF5File(creating: path)
    try file.write([1.5, -2, .infinity, 4, 5, 6] as [Float], to: "x", shape: [3, 2])
    try file.write([0.1, -1e300] as [Double], to: "group/of/doubles", shape: [2])
    try file.write([.max, .min, 0] as [Int64], to: "group/integers", shape: [3, 1])
    try file.write([0, 255, 7] as [UInt8], to: "bytes", shape: [3])
    try file.write([42.0] as [Double], to: "scalar", shape: [])
    try file.write([] as [Float], to: "nothing", shape: [0, 4])
    try file.close()
    try file.close()
    #expect(throws: HDF5Error.self) { try file.shape(of: "x") }

    let read = try HDF5File(reading: path)
    #expect(try read.datasets() == ["bytes", "group/integers", "group/of/doubles", "nothing", "scalar", "x"])
    #expect(try read.floats(of: "x", from: 1, rows: 2) == [.infinity, 4, 5, 6])
    #expect(try read.floats(of: "x", from: 3, rows: 0) == [])
    #expect(try read.doubles(of: "group/of/doubles", from: 0, rows: 2) == [0.1, -1e300])
    #expect(try read.floats(of: "group/of/doubles", from: 0, rows: 1) == [0.1])
    #expect(try read.int64s(of: "group/integers", from: 0, rows: 3) == [.max, .min, 0])
    #expect(try read.floats(of: "bytes", from: 0, rows: 3) == [0, 255, 7])
    #expect(try read.values(of: "bytes", from: 1, rows: 2) == [255, 7] as [UInt8])
    #expect(try read.values(of: "scalar") == [42.0])
    #expect(try read.values(of: "nothing") == [Float]())
    #expect(try read.shape(of: "x") == [3, 2])
    #expect(try read.shape(of: "scalar") == [])
    #expect(try read.isNumeric("x"))
    #expect(try read.exists("group/of"))
    #expect(try !read.exists("group/off/x"))
  }

  @Test func slabsOfRowsAndFrames() throws {
    let path = folder.file("b.h5")
    let file = try HDF5File(creating: path)
    try file.create("frames", shape: [0, 5, 2], of: Float.self, chunk: [1, 2, 2])
    for frame in 0..<3 {
      try file.extend("frames", rows: frame + 1)
      let values = (0..<10).map { Float(100 * frame + $0) }
      try file.write(Array(values[6...]), to: "frames", rows: 3..<5, frame: frame)
      try file.write(values, to: "frames", rows: 0..<3, frame: frame)
      try file.write(values, to: "frames", rows: 2..<2, frame: frame)
    }
    try file.create("log", shape: [0], of: Int64.self, chunk: [4])
    try file.append([1, 2, 3] as [Int64], to: "log")
    try file.append([4, 5] as [Int64], to: "log")
    #expect(throws: HDF5Error.self) { try file.write([Float(1)], to: "frames", rows: 4..<6, frame: 0) }
    #expect(throws: HDF5Error.self) { try file.write([Float(1)], to: "frames", rows: 0..<1, frame: 3) }
    try file.close()

    let read = try HDF5File(appending: path)
    #expect(try read.values(of: "frames") == (0..<30).map { Float(100 * ($0 / 10) + $0 % 10) })
    #expect(try read.values(of: "log") == [1, 2, 3, 4, 5] as [Int64])
    var part = [Float](repeating: 0, count: 4)
    try read.read("frames", rows: 1..<3, frame: 2, into: &part)
    #expect(part == [202, 203, 204, 205])
    try read.extend("log", rows: 1)
    #expect(try read.values(of: "log") == [1] as [Int64])
    #expect(try read.datasets() == ["frames", "log"])
  }

  @Test func attributes() throws {
    let path = folder.file("c.h5")
    let long = String(repeating: "grüße, deck: {x: 1}\n", count: 20_000)
    let file = try HDF5File(creating: path)
    try file.write(attribute: "deck", text: "short")
    try file.write(attribute: "deck", text: long)
    try file.write(attribute: "empty", text: "")
    try file.write(attribute: "seed", value: Int64(-3))
    try file.write(attribute: "scales", values: [1, 2.5])
    try file.write([1] as [Float], to: "x", shape: [1])
    try file.write(attribute: "unit", text: "s", of: "x")
    try file.write(attribute: "gone", text: "s")
    try file.delete(attribute: "gone")
    try file.delete(attribute: "gone")
    try file.close()
    let read = try HDF5File(reading: path)
    #expect(try read.text(attribute: "deck") == long)
    #expect(try read.text(attribute: "empty") == "")
    #expect(try read.values(attribute: "seed") == [Int64(-3)])
    #expect(try read.values(attribute: "scales") == [1, 2.5])
    #expect(try read.text(attribute: "unit", of: "x") == "s")
    #expect(try !read.hasAttribute("gone"))
    #expect(throws: HDF5Error.self) { try read.text(attribute: "gone") }
    #expect(throws: HDF5Error.self) { try read.text(attribute: "seed") }
    #expect(throws: HDF5Error.self) { try read.values(attribute: "deck", as: Double.self) }

    let script = """
      import h5py, sys
      f = h5py.File(sys.argv[1])
      a = f.attrs
      print(type(a["deck"]).__name__, len(a["deck"]), repr(a["empty"]), a["seed"].dtype, a["seed"], list(a["scales"]))
      """
    if let said = try python(script, path) {
      let numbers = said.replacingOccurrences(of: "np.float64(", with: "").replacingOccurrences(of: ")", with: "")
      #expect(numbers == "str \(long.unicodeScalars.count) '' int64 -3 [1.0, 2.5]\n")
    }
  }

  @Test func errorsNameFileAndReason() throws {
    #expect { try HDF5File(reading: folder.file("none.h5")) } throws: {
      "\($0)".contains("none.h5") && "\($0)".contains("No such file") && ($0 as? HDF5Error)?.exitCode == 2
    }
    #expect { try HDF5File(reading: folder.path) } throws: { "\($0)".contains("is not a file") }
    #expect { try HDF5File(creating: folder.file("no/such/x.h5")) } throws: { ($0 as? HDF5Error)?.exitCode == 1 }
    try Data("not hdf5 at all".utf8).write(to: URL(fileURLWithPath: folder.file("text.h5")))
    #expect { try HDF5File(reading: folder.file("text.h5")) } throws: { "\($0)".contains("HDF5") }
    let file = try HDF5File(creating: folder.file("d.h5"))
    try file.write([1, 2] as [Float], to: "x", shape: [2])
    #expect { try file.shape(of: "y") } throws: { "\($0)".contains("'y'") }
    #expect(throws: HDF5Error.self) { try file.floats(of: "x", from: 1, rows: 2) }
    #expect(throws: HDF5Error.self) { try file.floats(of: "x", from: -1, rows: 1) }
    #expect(throws: HDF5Error.self) { try file.floats(of: "x", from: .max, rows: .max) }
    #expect(throws: HDF5Error.self) { try file.create("x", shape: [2], of: Float.self) }
  }

  @Test func texts() throws {
    let path = folder.file("t.h5"), texts = ["a", "", "grüße", String(repeating: "x", count: 5000)]
    let file = try HDF5File(creating: path)
    try file.write(texts: texts, to: "names/columns")
    try file.write(texts: [], to: "names/none")
    try file.write([1] as [Float], to: "x", shape: [1])
    try file.close()
    let read = try HDF5File(reading: path)
    #expect(try read.texts(of: "names/columns") == texts)
    #expect(try read.texts(of: "names/none") == [])
    #expect(throws: HDF5Error.self) { try read.texts(of: "x") }
    #expect(throws: HDF5Error.self) { try read.texts(of: "names/absent") }
  }
}
