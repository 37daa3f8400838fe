import MessagePassing
import Parameters
import Samples
import Support
import Testing
import YAML

extension SamplesSuite {
  /// Files as the versions of anndata write them.
  @Suite struct AnnDataTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    private func make(_ script: String, file: String = "a.h5ad") throws -> Bool {
      let head = """
        import h5py, numpy as np, sys
        f = h5py.File(sys.argv[1], "w")
        f.attrs["encoding-type"] = "anndata"
        x = np.arange(6.0).reshape(3, 2)
        f["X"] = x
        def frame(name, names, how):
          if how.startswith("records"):
            text = h5py.string_dtype() if how == "records of texts" else "S8"
            records = np.empty(len(names), dtype=[("index", text), ("k", "i4")])
            records["index"], records["k"] = names, 0
            f.create_dataset(name, data=records)
            return
          g = f.create_group(name)
          g.attrs["_index"], g.attrs["encoding-type"] = "id", "dataframe"
          if how == "texts": g["id"] = names
          if how == "numbers": g["id"] = np.arange(len(names))
          if how == "categories":
            c = g.create_group("id")
            c.attrs["encoding-type"] = "categorical"
            c["categories"], c["codes"] = names[::-1], np.arange(len(names))[::-1].astype("i1")
          if how == "nullable":
            c = g.create_group("id")
            c.attrs["encoding-type"] = "nullable-string-array"
            c["values"], c["mask"] = names, np.zeros(len(names), bool)
        def sparse(name):
          g = f.create_group(name)
          g.attrs["encoding-type"] = "csr_matrix"
          g["data"], g["indices"], g["indptr"] = [1.0, 2.0], [0, 1], [0, 1, 2, 2]

        """
      return try python(head + script, folder.path + "/" + file) == ""
    }

    private func open(_ array: String? = nil, file: String = "a.h5ad") throws -> SharedTable {
      let array = array.map { #", "array": "\#($0)""# } ?? ""
      let world = try #require(Job.world)
      let source = try SampleSource.read(Tree(yaml: #"{"file": "\#(file)"\#(array)}"#, file: "deck"))
      return try source.open(role: .source, seed: 1, folder: folder.path, on: world)
    }

    private func message(_ array: String? = nil) -> String {
      folder.message(#"{"file": "a.h5ad"\#(array.map { #", "array": "\#($0)""# } ?? "")}"#)
    }

    @Test(arguments: ["texts", "categories", "nullable", "records", "records of texts", "numbers"])
    func namesInAllVersions(how: String) throws {
      guard
        try make(
          """
          frame("obs", ["c1", "c2", "c3"], "\(how)")
          frame("var", ["g1", "g2"], "\(how)")
          f["varm/PCs"] = x[:2]
          f["raw/X"] = x
          """)
      else { return }
      let table = try open(), genes = how == "numbers" ? ["0", "1"] : ["g1", "g2"]
      #expect(
        table.columnNames == genes && table.rowNames == (how == "numbers" ? ["0", "1", "2"] : ["c1", "c2", "c3"]))
      #expect(try table.excerpt(atMost: .max).array == [[0, 1], [2, 3], [4, 5]])
      // What its rows are, and not those of X.
      #expect(try open("varm/PCs").rowNames == genes && open("raw/X").columnNames == nil)
      try folder.write("b.h5", folder.bytes("a.h5ad"))
      #expect(try open(file: "b.h5").columnNames == genes)
    }

    @Test func namesThatCannotBeRead() throws {
      guard try make("frame('obs', ['c'] * 3, 'texts'); frame('var', ['g'] * 2, 'none')") else { return }
      #expect(message().contains("var/id holds no names that can be read"))
      guard
        try make("frame('var', ['g1', 'g2'], 'categories'); f['var/id/codes'][:] = [0, 7]")
      else { return }
      #expect(message().contains("var/id holds no names that can be read"))
    }

    @Test func whatIsNoMatrix() throws {
      guard
        try make(
          """
          f["layers/counts"] = x
          f["obsm/pca"] = x
          f["obsm/frame/_index"], f["obsm/frame/a"], f["obsm/frame/b"] = ["c"] * 3, np.arange(3), np.arange(3)
          sparse("obsm/sparse")
          sparse("layers/sparse")
          f["obs/cell/codes"], f["obs/cell/categories"] = [0, 0, 0], ["a"]
          f["obs/cell"].attrs["encoding-type"] = "categorical"
          f["obsm/lost"] = h5py.SoftLink("/none")
          """)
      else { return }
      for (array, part) in [
        ("counts", "is no key of obsm but of layers; write array: layers/counts"),
        ("frame", "is a data frame with the columns a, b, not a matrix"), ("sparse", "is a sparse matrix"),
        ("layers/sparse", "is a sparse matrix"), ("layers/sparse/data", "is a part of a sparse matrix"),
        ("obs/cell/codes", "which holds categories"), ("lost", "a soft link to '/none'"),
        ("pc", "has no array 'pc' (did you mean 'pca'?); it has X, layers/counts, pca"),
      ] {
        #expect(message(array).contains(part), "\(message(array))")
      }
      guard try make("del f['X']; sparse('X')") else { return }
      #expect(message().contains("is a sparse matrix of the shape []"))
      guard try make("f['obsm'] = np.zeros(3, dtype=[('X_pca', 'f4', (2,))])") else { return }
      #expect(message("X_pca").contains("stands in an obsm of an old version of anndata"))
    }

    @Test func booleansAreNumbers() throws {
      guard try make("del f['X']; f['X'] = x > 2") else { return }
      #expect(try open().excerpt(atMost: .max).array == [[0, 0], [0, 1], [1, 1]])
    }
  }
}
