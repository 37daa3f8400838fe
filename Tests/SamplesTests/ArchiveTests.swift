import Foundation
import Samples
import Support
import Testing

extension SamplesSuite {
  /// Archives of several arrays that Python makes.
  @Suite struct ArchiveTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    private func message(_ array: String? = nil) -> String {
      folder.message(#"{"file": "a.npz"\#(array.map { #", "array": "\#($0)""# } ?? "")}"#)
    }

    @Test(arguments: [
      ["indices", "indptr", "format", "shape", "data"], ["row", "col", "format", "shape", "data"],
      ["coords", "data", "shape", "fill_value"], ["offsets", "format", "shape", "data"],
    ])
    func sparseMatrices(names: [String]) throws {
      let array = npy("<f4", "(2, 1)", bytes([1, 2] as [Float]))
      try folder.write("a.npz", npz(names.map { ($0, array) }, deflated: false))
      #expect(message().contains("is a part of a sparse matrix"))
      #expect(message("data").contains("is a part of a sparse matrix"))
      // What stands beside one is an array.
      try folder.write("a.npz", npz(names.map { ($0, array) } + [("x", array)], deflated: false))
      #expect(try folder.rows(#"{"file": "a.npz"}"#).array == [[1], [2]])
      try folder.write("a.npz", npz([("data", array)], deflated: false))
      #expect(try folder.rows(#"{"file": "a.npz", "array": "data.npy"}"#).array == [[1], [2]])
    }

    @Test func membersThatAreThereTwice() throws {
      let script = """
        import sys, warnings, zipfile
        warnings.simplefilter("ignore")
        a, b = open(sys.argv[1] + "/a.npy", "rb").read(), open(sys.argv[1] + "/b.npy", "rb").read()
        with zipfile.ZipFile(sys.argv[1] + "/a.npz", "w") as z:
          z.writestr("x.npy", a)
          z.writestr("x.npy", b)
          z.writestr("y.npy", b)
        with zipfile.ZipFile(sys.argv[1] + "/long.npz", "w") as z:
          with z.open("x.npy", "w", force_zip64=True) as member: member.write(a)
        with zipfile.ZipFile(sys.argv[1] + "/other.npz", "w") as z: z.writestr("notes.txt", "")
        """
      try folder.write("a.npy", npy("<f4", "(2, 1)", bytes([1, 2] as [Float])))
      try folder.write("b.npy", npy("<f4", "(2, 1)", bytes([3, 4] as [Float])))
      guard try python(script, folder.path) == "" else { return }
      #expect(message("x").contains("is in the archive twice"))
      #expect(try folder.rows(#"{"file": "a.npz", "array": "y"}"#).array == [[3], [4]])
      #expect(try folder.rows(#"{"file": "long.npz"}"#).array == [[1], [2]])
      #expect(folder.message(#"{"file": "other.npz"}"#).contains("without arrays (.npy); it holds notes.txt"))
    }
  }
}
