import HDF5
import MessagePassing
import Parameters
import Samples
import Testing

extension SamplesSuite {
  /// Sparse matrices of AnnData, which are read without being made dense, and the columns of obs.
  @Suite struct SparseAnnDataTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    private typealias Parts = (data: [Double], indices: [Int64], indptr: [Int64])
    private static let rows: [[Float]] = [[0, 2, 0], [0, 0, 0], [1, 0, 7.5], [0, 3, 0]]
    private static let csr: Parts = ([2, 7.5, 1, 1, 2], [1, 2, 0, 1, 1], [0, 1, 1, 3, 5])
    private static let csc: Parts = ([1, 2, 1, 2, 7.5], [2, 0, 3, 3, 2], [0, 1, 4, 5])

    private func make(
      _ parts: Parts, kind: String = "csr_matrix", isOld: Bool = false, shape: [Int64] = [4, 3],
      _ more: (HDF5File) throws -> Void = { _ in }
    ) throws {
      let file = try HDF5File(creating: folder.path + "/a.h5ad")
      try file.write(parts.data, to: "X/data", shape: [parts.data.count])
      try file.write(parts.indices, to: "X/indices", shape: [parts.indices.count])
      try file.write(parts.indptr, to: "X/indptr", shape: [parts.indptr.count])
      try file.write(attribute: isOld ? "h5sparse_format" : "encoding-type", text: kind, of: "X")
      try file.write(attribute: isOld ? "h5sparse_shape" : "shape", values: shape, of: "X")
      try file.write(texts: ["c1", "c2", "c3", "c4"], to: "obs/_index")
      try file.write(texts: ["g1", "g2", "g3"], to: "var/_index")
      try more(file)
      try file.close()
    }

    /// Rows and columns in compressed form, of old and new versions; numbers of one place are added.
    @Test func isRead() throws {
      for (parts, kind, isOld) in [
        (Self.csr, "csr_matrix", false), (Self.csc, "csc_matrix", false), (Self.csr, "csr", true),
        (Self.csc, "csc", true),
      ] {
        try make(parts, kind: kind, isOld: isOld)
        let read = try folder.reads(#"{"file": "a.h5ad"}"#)
        #expect(read.rows == Self.rows && read.names == ["g1", "g2", "g3"])
        let some = try folder.reads(#"{"file": "a.h5ad", "columns": ["g3", "g1"]}"#)
        #expect(some.rows == Self.rows.map { [$0[2], $0[0]] })
        #expect(try folder.table(#"{"file": "a.h5ad"}"#).rowNames == ["c1", "c2", "c3", "c4"])
        let chosen = try folder.table(#"{"file": "a.h5ad", "limit": 2}"#), places = try #require(chosen.sourceRows)
        #expect(try chosen.excerpt(atMost: .max).array == places.map { Self.rows[$0] })
      }
    }

    /// A number that float32 does not hold comes through to where the scale is subtracted.
    @Test func isExact() throws {
      try make(([16_777_217, 1, 5], [0, 2, 1], [0, 2, 2, 3, 3]))
      #expect(try folder.table(#"{"file": "a.h5ad"}"#).excerpt(atMost: .max).numbers[0] == 16_777_217)
      try make(([1, .nan, 5], [0, 2, 1], [0, 2, 2, 3, 3]))
      #expect(folder.message(#"{"file": "a.h5ad"}"#).contains("row 1, column 'g3' is nan"))
    }

    @Test func brokenParts() throws {
      let (data, indices, indptr) = Self.csr
      for (parts, word) in [
        ((data, [1, 2, 0, 1, 3], indptr), "entry 5 of indices is 3, where there are 3 columns"),
        ((data, [1, -1, 0, 1, 1], indptr), "entry 2 of indices is -1"),
        ((data, indices, [0, 1, 3, 1, 5]), "indptr falls from 3 to 1 at entry 4"),
        ((data, indices, [0, 1, 1, 5]), "indptr has 4 entries where 4 rows need 5"),
        ((data, indices, [0, 1, 1, 3, 4]), "indptr goes from 0 to 4 where 5 numbers are stored"),
        ((data, [1, 2, 0], indptr), "there are 5 numbers in data and 3 in indices"),
      ] as [(Parts, String)] {
        try make(parts)
        let message = folder.message(#"{"file": "a.h5ad"}"#)
        #expect(message.contains(word), "\(message)")
      }
      try make(Self.csr, shape: [4])
      #expect(folder.message(#"{"file": "a.h5ad"}"#).contains("is a sparse matrix of the shape [4]"))
      try make(Self.csr, kind: "coo_matrix")
      #expect(folder.message(#"{"file": "a.h5ad"}"#).contains("store it as one of these (.tocsr())"))
    }

    /// Columns of obs in the ways of the versions: texts, categories inside and outside, numbers, booleans, with missing ones.
    @Test func columnsOfObs() throws {
      try make(Self.csr) { file in
        try file.write(texts: ["u", "v", "u", "w"], to: "obs/text")
        try file.write(texts: ["a", "b"], to: "obs/new/categories")
        try file.write([1, 0, -1, 1] as [Int64], to: "obs/new/codes", shape: [4])
        try file.write(texts: ["x", "y"], to: "obs/__categories/old")
        try file.write([0, 1, 1, 0] as [Int64], to: "obs/old", shape: [4])
        try file.write([3, 4, 3, 5] as [Int64], to: "obs/number", shape: [4])
      }
      func labels(_ column: String) throws -> [String]? {
        try folder.table(#"{"file": "a.h5ad", "labels": {"column": "\#(column)"}}"#).labels
      }
      #expect(try labels("text") == ["u", "v", "u", "w"])
      #expect(try labels("new") == ["b", "a", "nan", "b"])
      #expect(try labels("old") == ["x", "y", "y", "x"])
      #expect(try labels("number") == ["3", "4", "3", "5"])
      let chosen = #"{"file": "a.h5ad", "where": {"column": "text", "equals": ["w", "v"]}}"#
      #expect(try folder.rows(chosen).array == [Self.rows[1], Self.rows[3]])
      let message = folder.message(#"{"file": "a.h5ad", "where": {"column": "txt", "equals": "w"}}"#)
      #expect(message.contains("did you mean 'text'") && message.contains("number"), "\(message)")
    }
  }
}
