import HDF5
import Support
import Testing

@Suite struct ElementsTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func kindsAreTold() throws {
    let script = """
      import h5py, numpy as np, sys
      with h5py.File(sys.argv[1], "w") as f:
        f["f8"] = np.zeros(2)
        f["i2"] = np.zeros(2, dtype="i2")
        f["bool"] = np.array([[True, False], [False, True]])
        def enum(name, members, values, base):
          f.create_dataset(name, data=np.array(values, dtype=base), dtype=h5py.enum_dtype(members, basetype=base))
        enum("r", {"FALSE": 0, "TRUE": 1, "NA": 2}, [1, 2, 0], "i4")
        enum("big", {"FALSE": 0, "TRUE": 1}, [0, 1], ">i2")
        enum("minus", {"FALSE": 0, "TRUE": -1}, [0, -1], "i4")
        enum("colours", {"red": 0, "green": 1}, [0, 1], "i1")
        for name, values in [("bits", [1, 0, 1]), ("flags", [1, 0, 6])]:
          d = h5py.h5d.create(f.id, name.encode(), h5py.h5t.NATIVE_B8, h5py.h5s.create_simple((3,)))
          d.write(h5py.h5s.ALL, h5py.h5s.ALL, np.array(values, dtype="u1"), mtype=h5py.h5t.NATIVE_B8)
        f["complex"] = np.zeros(2, dtype="c16")
        f["records"] = np.zeros(2, dtype=[("a", "f4"), ("b", "i4")])
        f["texts"] = ["a"]
        f["none"] = h5py.Empty("f4")
      """
    guard try python(script, folder.file("a.h5")) == "" else { return }
    let file = try HDF5File(reading: folder.file("a.h5"))
    let kinds: [(String, Elements)] = [
      ("f8", .floats(bytes: 8)), ("i2", .integers(bytes: 2)), ("bool", .booleans(bits: false)),
      ("r", .booleans(bits: false)), ("big", .booleans(bits: false)), ("minus", .enumeration(["FALSE", "TRUE"])),
      ("colours", .enumeration(["green", "red"])), ("bits", .booleans(bits: true)), ("flags", .booleans(bits: true)),
      ("complex", .others("complex numbers")), ("records", .records(["a", "b"])), ("texts", .texts), ("none", .none),
    ]
    for (name, kind) in kinds { #expect(try file.elements(of: name) == kind, "\(name)") }
    #expect(try file.values(of: "bool") == [1, 0, 0, 1] as [Float])
    #expect(try file.values(of: "r") == [1, 2, 0] as [Double])
    #expect(try file.values(of: "big") == [0, 1] as [Float])
    #expect(try file.values(of: "bits") == [1, 0, 1] as [Float])
    #expect(try file.values(of: "bits", from: 1, rows: 2) == [0, 1] as [Double])
    #expect { try file.values(of: "flags", as: Float.self) } throws: { "\($0)".contains("no booleans") }
  }

  @Test func fieldsOfRecordsAreTexts() throws {
    let script = """
      import h5py, numpy as np, sys
      with h5py.File(sys.argv[1], "w") as f:
        f["fixed"] = np.array([(1, b"a"), (2, b"bc")], dtype=[("k", "i4"), ("index", "S4")])
        records = np.empty(2, dtype=[("index", h5py.string_dtype()), ("k", "i4")])
        records["index"] = ["x", "long" * 20]
        f["variable"] = records
      """
    guard try python(script, folder.file("a.h5")) == "" else { return }
    let file = try HDF5File(reading: folder.file("a.h5"))
    #expect(try file.texts(of: "fixed", field: "index") == ["a", "bc"])
    #expect(try file.texts(of: "variable", field: "index") == ["x", String(repeating: "long", count: 20)])
    #expect(throws: HDF5Error.self) { try file.texts(of: "fixed", field: "k") }
    #expect(throws: HDF5Error.self) { try file.texts(of: "fixed", field: "none") }
  }
}
