import Foundation
import HDF5
import Support
import Testing

/// Datasets as newer versions of HDF5 write them, which older libraries cannot open: h5py's libver='latest'. Where the
/// library or h5py is of another version, some are read in the ordinary way.
@Suite struct NewerTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func made(_ script: String, version: String = "'latest'") throws -> HDF5File? {
    let head = """
      import h5py, numpy as np, os, sys
      folder = os.path.dirname(sys.argv[1])
      f = h5py.File(sys.argv[1], "w", libver=\(version), userblock_size=512)
      def add(name, shape, chunks, maxshape=None, **options):
        x = np.arange(np.prod(shape), dtype="f8").reshape(shape)
        return f.create_dataset(name, data=x, chunks=chunks, maxshape=maxshape, **(options or {"compression": "gzip"}))

      """
    guard try python(head + script, folder.file("a.h5")) == "" else { return nil }
    return try HDF5File(reading: folder.file("a.h5"))
  }

  @Test(arguments: ["'latest'", "('v110', 'v110')", "'earliest'"])
  func allIndicesOfChunks(version: String) throws {
    let file = try made(
      """
      add("single", (5, 3), (5, 3))
      add("larger", (5, 3), (8, 3), (8, 3))
      add("fixed", (50, 7), (2, 2))
      add("to grow", (50, 7), (2, 2), (80, 9))
      add("pages", (5000, 3), (1, 3))
      add("cube", (20, 4, 5), (3, 2, 2))
      add("growing", (90, 3), (1, 3), (None, 3))
      add("long", (60000, 1), (1, 1), (None, 1))
      add("wide", (6, 300), (2, 1), (9, None))
      add("middle", (6, 30, 4), (2, 1, 3), (6, None, 4))
      add("both", (30, 5), (1, 2), (None, None))
      add("deep", (9000, 3), (1, 1), (None, None))
      add("checked", (100, 3), (7, 2), compression="gzip", shuffle=True, fletcher32=True)
      """, version: version)
    guard let file else { return }
    for dataset in try file.datasets() {
      let shape = try file.shape(of: dataset), storage = try file.storage(of: dataset)
      let expected = (0..<shape.reduce(1, *)).map { Double($0) }
      #expect(try file.values(of: dataset) == expected, "\(dataset)")
      #expect(storage.gap == nil && Array(storage.files.keys) == [folder.file("a.h5")], "\(dataset)")
      if shape[0] > 4 {
        #expect(try file.doubles(of: dataset, from: 3, rows: 1).first == expected[expected.count / shape[0] * 3])
      }
    }
  }

  @Test func whatIsSaidOfThem() throws {
    let file = try made(
      """
      add("marked", (8, 3), (3, 2)).attrs["_FillValue"] = 7.0
      many = add("many attributes", (8, 3), (3, 2))
      for i in range(30): many.attrs[f"a{i}"] = i
      many.attrs["missing_value"] = 7.0
      add("fill", (8, 3), (3, 2), compression="gzip", fillvalue=7.0)
      f.create_dataset("part", (8, 3), chunks=(3, 3), compression="gzip")[:4] = 1
      f.create_dataset("none", (8, 3), chunks=(3, 3), maxshape=(None, 3), compression="gzip")
      longer = add("longer", (8, 3), (2, 3), (None, 3))
      longer.resize((20, 3))
      shorter = add("shorter", (80, 3), (1, 3), (None, 3))
      shorter.resize((8, 3))
      f.create_dataset("bool", data=np.array([[True, False], [False, True]]), chunks=(1, 2))
      add("lzf", (8, 3), (3, 2), compression="lzf")
      """)
    guard let file else { return }
    for name in ["marked", "many attributes", "fill"] {
      #expect(try file.remarks(on: name).reason(against: 7)?.contains("missing value") == true, "\(name)")
    }
    #expect(
      try file.storage(of: "part").gap?.contains("1 of its 3 chunks were never written, the first from row 7 on")
        == true)
    #expect(try file.storage(of: "none").gap?.contains("never written") == true)
    #expect(try file.storage(of: "longer").gap?.contains("6 of its 10 chunks") == true)
    #expect(try file.storage(of: "shorter").gap == nil)
    #expect(try file.values(of: "shorter") == (0..<24).map { Double($0) })
    #expect(
      try file.elements(of: "bool") == .booleans(bits: false) && file.values(of: "bool") == [1, 0, 0, 1] as [Float])
    #expect(try file.storage(of: "lzf").missingFilters == ["LZF (number 32000)"])
    #expect(throws: HDF5Error.self) { try file.values(of: "lzf", as: Float.self) }
  }

  /// Virtual datasets and their sources, each old or new.
  @Test(arguments: ["latest", "earliest"], ["latest", "earliest"])
  func virtualDatasets(version: String, sources: String) throws {
    let file = try made(
      """
      x = np.arange(24.0).reshape(8, 3)
      for i in range(4):
        with h5py.File(f"{folder}/part{i}.h5", "w", libver="\(sources)") as p:
          p.create_dataset("x", data=x[2*i:2*i+2], chunks=(1, 2), compression="gzip")
          if i != 2: p["some"] = x[2*i:2*i+2]
      def virtual(name, source):
        layout = h5py.VirtualLayout((8, 3), "f8")
        for i in range(4): layout[2*i:2*i+2] = h5py.VirtualSource(f"part{i}.h5", source, (2, 3))
        f.create_virtual_dataset(name, layout)
      virtual("whole", "x")
      virtual("some", "some")
      f["here"] = x
      layout = h5py.VirtualLayout((8, 3), "f8")
      layout[::2] = h5py.VirtualSource(f["here"])[::2]
      layout[1::2] = h5py.VirtualSource(f["here"])[1::2]
      f.create_virtual_dataset("rows", layout)
      """, version: "'\(version)'")
    guard let file else { return }
    for name in ["whole", "rows"] {
      #expect(try file.storage(of: name).gap == nil)
      #expect(try file.values(of: name) == (0..<24).map { Double($0) }, "\(name)")
      // Looked at once more.
      #expect(try file.storage(of: name).gap == nil)
    }
    #expect(try file.storage(of: "some").gap?.contains("'some' in the file 'part2.h5' is missing") == true)
  }

  @Test func externalLinksToThem() throws {
    let file = try made(
      """
      with h5py.File(folder + "/b.h5", "w", libver="latest") as b:
        b.create_dataset("x", data=np.arange(6.0).reshape(2, 3), chunks=(1, 2), compression="gzip")
      f["far"] = h5py.ExternalLink("b.h5", "/x")
      """)
    guard let file else { return }
    #expect(try file.place(of: "far") == .dataset && file.allDatasets().paths == ["far"])
    let (other, path) = try file.end(of: "far")
    #expect(try other.values(of: path) == (0..<6).map { Double($0) } && other.remarks(on: path).areEmpty)
  }

  /// Metadata are believed with their checksums only.
  @Test func damageIsSeen() throws {
    guard try made("add('x', (50, 7), (2, 2)); add('y', (50, 7), (2, 2), (None, 7))") != nil else { return }
    let place = URL(fileURLWithPath: folder.file("a.h5")), whole = try Data(contentsOf: place)
    for signature in ["FADB", "EAIB", "FAHD", "EAHD"] {
      guard let start = whole.firstRange(of: Data(signature.utf8))?.lowerBound else { continue }
      var bytes = whole
      bytes[start + 15] ^= 1
      try bytes.write(to: place)
      let name = signature.hasPrefix("F") ? "x" : "y"
      #expect(throws: HDF5Error.self, "\(signature)") {
        try HDF5File(reading: folder.file("a.h5")).values(of: name, as: Float.self)
      }
    }
  }
}
