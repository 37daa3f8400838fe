import HDF5
import Support
import Testing

/// Datasets with parts that nobody wrote, where the library gives fill values without a word.
@Suite struct StorageTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func made(_ script: String) throws -> HDF5File? {
    let head = """
      import h5py, numpy as np, os, sys
      folder = os.path.dirname(sys.argv[1])
      f = h5py.File(sys.argv[1], "w")
      x = np.arange(24.0).reshape(8, 3)

      """
    guard try python(head + script, folder.file("a.h5")) == "" else { return nil }
    return try HDF5File(reading: folder.file("a.h5"))
  }

  @Test func partsThatWereNeverWritten() throws {
    let file = try made(
      """
      f.create_dataset("nothing", (4, 3))
      f.create_dataset("no chunk", (4, 3), chunks=(2, 3), compression="gzip")
      f.create_dataset("huge", (2**40, 2**20), chunks=(1024, 1024))
      f.create_dataset("half", (8, 3), chunks=(2, 3))[:5] = x[:5]
      f.create_dataset("columns", (8, 3), chunks=(8, 1))[:, 1:] = x[:, 1:]
      longer = f.create_dataset("longer", (8, 3), chunks=(2, 3), maxshape=(None, 3))
      longer[:] = x
      longer.resize((20, 3))
      shorter = f.create_dataset("shorter", (20, 3), chunks=(2, 3), maxshape=(None, 3))
      shorter[:8] = x
      shorter.resize((8, 3))
      f["whole"] = x
      f.create_dataset("chunks", data=x, chunks=(3, 2), compression="gzip")
      f.create_dataset("empty", (0, 3), chunks=(2, 3), maxshape=(None, 3))
      """)
    guard let file else { return }
    for name in ["whole", "chunks", "shorter", "empty"] { #expect(try file.storage(of: name).gap == nil, "\(name)") }
    for (name, part) in [
      ("nothing", "never written"), ("no chunk", "never written"), ("huge", "never written"),
      ("half", "1 of its 4 chunks were never written, the first from row 7 on"),
      ("columns", "1 of its 3 chunks were never written, the first from row 1 on"),
      ("longer", "6 of its 10 chunks were never written, the first from row 9 on"),
    ] {
      #expect(try file.storage(of: name).gap?.contains(part) == true, "\(name)")
    }
  }

  @Test func filesOfBareNumbers() throws {
    let file = try made(
      """
      for name, length in [("whole", 192), ("short", 100), ("lost", 0)]:
        path = folder + "/" + name + ".raw"
        f.create_dataset(name, (8, 3), "f8", external=[(path, 0, h5py.h5f.UNLIMITED)])[:] = x
        os.truncate(path, length)
        if length == 0: os.remove(path)
      """)
    guard let file else { return }
    #expect(try file.storage(of: "whole").gap == nil)
    #expect(try file.values(of: "whole", as: Float.self) == (0..<24).map { Float($0) })
    #expect(try file.storage(of: "short").gap?.contains("short.raw', which is too short") == true)
    #expect(try file.storage(of: "lost").gap?.contains("lost.raw', which is missing") == true)
  }

  @Test func sourcesOfVirtualDatasets() throws {
    let file = try made(
      """
      for i in range(4):
        with h5py.File(f"{folder}/part{i}.h5", "w") as p:
          p["x"] = x[2*i:2*i+2]
          p["short"] = x[2*i:2*i+(1 if i == 2 else 2)]
          if i != 1: p["some"] = x[2*i:2*i+2]
          p.create_dataset("half", (2, 3), chunks=(1, 3))[:1] = x[:1]
      def virtual(name, file="part%d.h5", source="x", parts=range(4)):
        layout = h5py.VirtualLayout((8, 3), "f8")
        for i in parts: layout[2*i:2*i+2] = h5py.VirtualSource(file % i, source, (2, 3))
        f.create_virtual_dataset(name, layout)
      virtual("whole")
      virtual("lost", file="lost%d.h5")
      virtual("gap", parts=[0, 1, 3])
      virtual("short", source="short")
      virtual("some", source="some")
      virtual("half", source="half")
      f["here"] = x
      layout = h5py.VirtualLayout((4, 3), "f8")
      layout[:] = h5py.VirtualSource(f["here"])[::2]
      f.create_virtual_dataset("every other", layout)
      """)
    guard let file else { return }
    let whole = try file.storage(of: "whole")
    #expect(whole.gap == nil && whole.files.count == 5)
    #expect(try file.values(of: "whole", as: Float.self) == (0..<24).map { Float($0) })
    #expect(try file.storage(of: "every other").gap == nil)
    for (name, part) in [
      ("lost", "'lost0.h5' is missing"), ("gap", "leave numbers missing"), ("short", "'part2.h5' is smaller"),
      ("some", "'some' in the file 'part1.h5' is missing"), ("half", "1 of its 2 chunks were never written"),
    ] {
      let gap = try file.storage(of: name).gap ?? "none"
      #expect(gap.contains(part), "\(name): \(gap)")
    }
  }

  /// A series of sources without end, of which one in the middle is lost: the library shows what is before.
  @Test func seriesOfSources() throws {
    let file = try made(
      """
      for lost in ["none", "one"]:
        for i in range(4):
          if lost == "one" and i == 1: continue
          with h5py.File(f"{folder}/{lost}{i}.h5", "w") as p: p["x"] = x[2*i:2*i+2]
        unlimited = h5py.h5s.UNLIMITED
        space = h5py.h5s.create_simple((0, 3), (unlimited, 3))
        target = h5py.h5s.create_simple((8, 3), (unlimited, 3))
        target.select_hyperslab((0, 0), (unlimited, 1), (2, 1), (2, 3))
        source = h5py.h5s.create_simple((2, 3))
        source.select_hyperslab((0, 0), (1, 1), None, (2, 3))
        properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        properties.set_virtual(target, f"{lost}%b.h5".encode(), b"x", source)
        h5py.h5d.create(f.id, lost.encode(), h5py.h5t.IEEE_F64LE, space, dcpl=properties)
      """)
    guard let file else { return }
    #expect(try file.shape(of: "none") == [8, 3] && file.storage(of: "none").gap == nil)
    #expect(try file.storage(of: "one").gap?.contains("'one1.h5' is missing") == true)
  }

  @Test func filtersThatAreNotHere() throws {
    let file = try made(
      """
      f.create_dataset("lzf", data=x, chunks=(4, 3), compression="lzf")
      f.create_dataset("gzip", data=x, chunks=(4, 3), compression="gzip", shuffle=True, fletcher32=True)
      """)
    guard let file else { return }
    #expect(try file.storage(of: "gzip").missingFilters == [])
    #expect(try file.storage(of: "lzf").missingFilters == ["LZF (number 32000)"])
  }

  @Test func remarks() throws {
    let file = try made(
      """
      def remark(name, **attributes):
        f[name] = x
        for key, value in attributes.items(): f[name].attrs[key] = value
      remark("plain", units="m")
      remark("fill", _FillValue=np.float32(-9999.9), missing_value=np.array([1e20, -1.0]))
      remark("nan", _FillValue=np.nan)
      remark("text", NODATA="-999")
      remark("scale", scale_factor=0.1)
      remark("offset", add_offset=1.5)
      remark("same", scale_factor=1.0, add_offset=0.0)
      remark("range", valid_range=[0.0, 20.0])
      remark("unsigned", _Unsigned="true")
      for name, value, type in [("own", -999, "f4"), ("zero", 0, "f4"), ("byte", 255, "u1")]:
        f.create_dataset(name, data=x.astype(type), fillvalue=value)
      """)
    guard let file else { return }
    for name in ["plain", "nan", "same", "zero", "byte"] { #expect(try file.remarks(on: name).areEmpty, "\(name)") }
    let fill = try file.remarks(on: "fill")
    #expect(fill.reason(against: Double(Float(-9999.9)))?.contains("_FillValue") == true)
    #expect(fill.reason(against: -1)?.contains("missing_value") == true && fill.reason(against: 1) == nil)
    #expect(try file.remarks(on: "text").reason(against: -999)?.contains("NODATA") == true)
    #expect(try file.remarks(on: "own").reason(against: -999)?.contains("fill value") == true)
    #expect(try file.remarks(on: "scale").packing == "scale_factor 0.1")
    #expect(try file.remarks(on: "offset").packing == "add_offset 1.5")
    #expect(try file.remarks(on: "unsigned").packing == "_Unsigned true")
    let range = try file.remarks(on: "range")
    #expect(range.reason(against: 20) == nil && range.reason(against: 20.5)?.contains("valid range") == true)
  }
}
