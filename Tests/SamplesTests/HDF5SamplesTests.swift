import HDF5
import Samples
import Support
import Testing

extension SamplesSuite {
  /// Files that h5py, MATLAB and netCDF write, read as samples.
  @Suite struct HDF5SamplesTests {
    let folder: Folder
    let rows: [[Float]] = [[0, 1, 2], [3, 4, 5], [6, 7, 8], [9, 10, 11]]

    init() throws { folder = try Folder() }

    /// Makes a.h5 by a script that sees it as `f` and the rows as `x`; false where there is no h5py.
    private func make(_ script: String, file: String = "a.h5") throws -> Bool {
      let head = """
        import h5py, numpy as np, os, sys
        folder = os.path.dirname(sys.argv[1])
        f = h5py.File(sys.argv[1], "w", userblock_size=512)
        x = np.arange(12.0).reshape(4, 3)

        """
      return try python(head + script, folder.path + "/" + file) == ""
    }

    private func read(_ array: String? = nil) throws -> [[Float]] {
      try folder.rows(#"{"file": "a.h5"\#(array.map { #", "array": "\#($0)""# } ?? "")}"#).array
    }

    private func message(_ array: String? = nil) -> String {
      folder.message(#"{"file": "a.h5"\#(array.map { #", "array": "\#($0)""# } ?? "")}"#)
    }

    @Test func whatIsBesideTheOnlyArrayDoesNotCount() throws {
      guard
        try make(
          """
          f["g/x"] = x
          f["again"] = f["g/x"]
          f["soft"] = h5py.SoftLink("/g/x")
          f["lost"] = h5py.SoftLink("/none")
          f["note"] = h5py.Empty("f4")
          f["texts"] = ["a", "b"]
          for name in ["data", "indices", "indptr"]: f["m/" + name] = np.arange(4)
          f["cell"] = np.zeros(4)
          f["cell"].attrs["NAME"] = np.bytes_("This is a netCDF dimension but not a netCDF variable.         4")
          f["word"] = np.array([[104], [105]], dtype="u2")
          f["word"].attrs["MATLAB_class"] = np.bytes_("char")
          """)
      else { return }
      #expect(try read() == rows && read("g/x") == rows && read("/again") == rows && read("soft") == rows)
      #expect(message("lost").contains("'/lost' is a soft link to '/none', which is not there"))
      #expect(message("note").contains("does not hold numbers but nothing"))
      #expect(message("texts").contains("does not hold numbers but texts"))
      #expect(message("m/data").contains("is a part of a sparse matrix ('m')"))
      #expect(message("m").contains("is a part of a sparse matrix"))
      #expect(message("cell").contains("is a dimension of netCDF, without values"))
      #expect(message("g").contains("has no array 'g'; it has g/x"))
    }

    @Test func externalLinks() throws {
      guard
        try make(
          """
          with h5py.File(folder + "/b.h5", "w") as b: b["x"] = x
          f["far"] = h5py.ExternalLink("b.h5", "/x")
          f["gone"] = h5py.ExternalLink("gone.h5", "/x")
          open(folder + "/text.h5", "w").write("text")
          f["text"] = h5py.ExternalLink("text.h5", "/x")
          """)
      else { return }
      #expect(try read() == rows && read("far") == rows)
      #expect(message("gone").contains("in the file 'gone.h5', which is not there"))
      #expect(message("text").contains("in the file 'text.h5', which cannot be opened"))
      guard try make("f['gone'] = h5py.ExternalLink('gone.h5', '/x')") else { return }
      #expect(message().contains("has no array of numbers; '/gone' is an external link to '/x' in the file 'gone.h5'"))
    }

    @Test func virtualDatasets() throws {
      guard
        try make(
          """
          with h5py.File(folder + "/b.h5", "w") as b: b.create_dataset("x", data=np.zeros((400000, 50)), compression="gzip")
          def virtual(name, file, shape):
            layout = h5py.VirtualLayout(shape, "f8")
            layout[:] = h5py.VirtualSource(file, "x", shape)
            f.create_virtual_dataset(name, layout)
          virtual("many", "b.h5", (400000, 50))
          virtual("lost", "c.h5", (4, 3))
          """)
      else { return }
      // More numbers than the file itself could hold.
      #expect(
        try folder.rows(#"{"file": "a.h5", "array": "many", "limit": 2}"#).array
          == [[Float]](repeating: [Float](repeating: 0, count: 50), count: 2))
      #expect(message("lost").contains("has numbers that stand for nothing: its source file 'c.h5' is missing"))
    }

    @Test func booleans() throws {
      guard
        try make(
          """
          f["b"] = x % 2 == 1
          values = (x % 2).astype("i4")
          values[2, 1] = 2
          f.create_dataset("r", data=values, dtype=h5py.enum_dtype({"FALSE": 0, "TRUE": 1, "NA": 2}, basetype="i4"))
          f.create_dataset("e", data=values % 2, dtype=h5py.enum_dtype({"red": 0, "blue": 1}, basetype="i4"))
          """)
      else { return }
      #expect(try read("b") == [[0, 1, 0], [1, 0, 1], [0, 1, 0], [1, 0, 1]])
      #expect(message("r").contains("row 3, column 2 is missing"))
      #expect(message("e").contains("an enumeration of blue, red"))
    }

    @Test func numbersThatStandForNothing() throws {
      guard
        try make(
          """
          f.create_dataset("never", (4, 3))
          f.create_dataset("huge", (2**40, 2**20), chunks=(1024, 1024))
          f.create_dataset("half", (4, 3), chunks=(1, 3))[:2] = x[:2]
          f.create_dataset("fill", (4, 3), fillvalue=-999.0)[:2] = x[:2]
          f["attribute"] = x
          f["attribute"].attrs["_FillValue"] = 7.0
          f.create_dataset("integers", data=2**40 + x.astype("i8"))
          f["integers"].attrs["missing_value"] = np.int64(2**40 + 20)
          f["packed"] = x
          f["packed"].attrs["scale_factor"] = 0.1
          f["columns"] = x
          f["columns"].attrs["add_offset"] = [0.0, 2.0, 0.0]
          f.create_dataset("rounded", data=x / 10, dtype="f4")
          f["rounded"].attrs["_FillValue"] = 0.5
          f["rounded"].attrs["missing_value"] = 0.7
          f.create_dataset("range", data=x / 10, dtype="f4")
          f["range"].attrs["valid_max"] = 1.1
          f.create_dataset("lzf", data=x, chunks=(4, 3), compression="lzf")
          """)
      else { return }
      for (array, part) in [
        ("never", "it was made but never written"), ("huge", "never written"), ("half", "the first from row 3 on"),
        ("fill", "row 3, column 1 is missing: -999.0 stands for a missing value (the dataset's fill value)"),
        ("attribute", "row 3, column 2 is missing: 7.0 stands for a missing value (its attribute _FillValue)"),
        ("columns", "holds packed numbers (add_offset 2.0)"),
        ("rounded", "row 2, column 3 is missing: 0.5 stands for"),
        ("packed", "holds packed numbers (scale_factor 0.1)"), ("lzf", "by the filter LZF (number 32000)"),
      ] {
        #expect(message(array).contains(part), "\(message(array))")
      }
      // Its numbers and the missing value are one as float32, but not as what they are.
      #expect(try read("integers")[0] == [0x1p40, 0x1p40, 0x1p40])
      #expect(try read("range")[3] == [0.9, 1.0, 1.1])
      // Rows that are not chosen may hold it.
      try folder.write("k.csv", "k\na\nb\nc\na\n")
      let chosen = try folder.rows(
        #"{"file": "a.h5", "array": "attribute", "where": {"file": "k.csv", "column": "k", "equals": "a"}}"#)
      #expect(chosen.array == [rows[0], rows[3]])
    }

    @Test func dimensionsOfMATLAB() throws {
      guard
        try make(
          """
          def variable(name, values, kind, **attributes):
            f[name] = values
            f[name].attrs["MATLAB_class"] = np.bytes_(kind)
            for key, value in attributes.items(): f[name].attrs[key] = value
          variable("X", x.T, "double")
          variable("column", x[:, :1].T, "single")
          variable("word", np.array([[104], [105]], dtype="u2"), "char")
          variable("nothing", np.array([0, 3], dtype="u8"), "double", MATLAB_empty=np.uint8(1))
          variable("cube", np.zeros((2, 3, 4)), "double")
          for name in ["data", "ir", "jc"]: f["S/" + name] = np.arange(4)
          f["#refs#/a"] = x
          """)
      else { return }
      #expect(try read("X") == rows && read("column") == [[0], [3], [6], [9]])
      for (array, part) in [
        ("word", "is a MATLAB char"), ("nothing", "is empty in MATLAB"),
        ("cube", "has shape [4, 3, 2]: MATLAB's arrays"),
        ("S/data", "is a part of a sparse matrix"),
      ] {
        #expect(message(array).contains(part), "\(message(array))")
      }
      guard
        try make(
          """
          f["X"] = x.T
          f["#refs#/a"] = x
          f.close()
          with open(sys.argv[1], "r+b") as block: block.write(b"MATLAB 7.3 MAT-file, Platform: GLNXA64")
          """)
      else { return }
      #expect(try read() == rows)
    }

    @Test func newerVersionsAreNamed() throws {
      guard try make("f.close(); h5py.File(sys.argv[1], 'w', libver='latest')['x'] = x") else { return }
      #expect(try read() == rows)
      // A layout message of a version that no library knows, in the place of version 3.
      let file = try HDF5File(creating: folder.path + "/n.h5")
      try file.create("x", shape: [0, 4], of: Float.self, chunk: [2, 4])
      try file.append((0..<16).map { Float($0) }, to: "x")
      try file.close()
      var bytes = try folder.bytes("n.h5")
      let place = try #require(bytes.firstRange(of: [3, 2, 3])?.lowerBound)
      bytes[place] = 77
      try folder.write("n.h5", bytes)
      let message = folder.message(#"{"file": "n.h5", "array": "x"}"#)
      #expect(message.contains("written by a newer HDF5 than") && message.contains("libver='earliest'"), "\(message)")
    }
  }
}
