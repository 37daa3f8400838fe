import HDF5
import Parameters
import Samples
import Testing
import YAML

extension SamplesSuite {
  /// The keys `columns`, `skip` and `header`.
  @Suite struct ColumnChoiceTests {
    let folder: Folder

    init() throws {
      folder = try Folder()
      try folder.write("a.csv", "id,a,b\n7,1,2\n9,3,5\n4,8,1\n")
      try folder.write("k.csv", "kind,a,b\nu,1,2\nv,3,4\nu,5,7\n")
      try folder.write("a.npy", npy("<f4", "(2, 3)", bytes([1, 2, 3, 4, 5, 6] as [Float])))
    }

    @Test(arguments: [
      (#""columns": ["b", "a"]"#, ["b", "a"], [[2, 1], [5, 3], [1, 8]]),
      (#""columns": [3, "a"]"#, ["b", "a"], [[2, 1], [5, 3], [1, 8]]),
      (#""skip": ["id"]"#, ["a", "b"], [[1, 2], [3, 5], [8, 1]]), (#""skip": [1, "b"]"#, ["a"], [[1], [3], [8]]),
      (#""skip": []"#, ["id", "a", "b"], [[7, 1, 2], [9, 3, 5], [4, 8, 1]]),
    ])
    func chosen(keys: String, names: [String], rows: [[Float]]) throws {
      let found = try folder.reads(#"{"file": "a.csv", \#(keys)}"#)
      #expect(found.names == names && found.rows == rows && found.notes.isEmpty)
    }

    @Test(arguments: [
      (#""columns": ["A"]"#, "has no column 'A' (did you mean 'a'?); it has id, a, b"),
      (#""columns": [9]"#, "has 3 columns, no column 9"),
      (#""columns": ["3"]"#, "has no column '3'"), (#""columns": ["a", 2]"#, "'2' comes twice"),
      (#""skip": ["a", "a"]"#, "comes twice"),
      (#""skip": [1, 2, 3]"#, "no column of numbers is left"),
      (#""header": false, "columns": ["a"]"#, "its columns have no names"),
      (
        #""header": false, "where": {"column": "a", "equals": "1"}"#,
        "'header: false' says that its columns have no names"
      ),
    ])
    func refused(keys: String, part: String) {
      let found = folder.message(#"{"file": "a.csv", \#(keys)}"#)
      #expect(found.contains(part), "\(found)")
    }

    @Test(arguments: [
      (#""columns": []"#, "must be a list"), (#""columns": [0]"#, "its number from 1"),
      (#""columns": "a""#, "must be a list"),
      (#""columns": ["a"], "skip": ["b"]"#, "cannot stand beside 'columns'"),
      (#""header": "maybe""#, "must be true or false"),
    ])
    func refusedByTheDeck(keys: String, part: String) {
      let error = #expect(throws: (any Error).self) {
        _ = try SampleSource.read(Tree(yaml: #"{"file": "a.csv", \#(keys)}"#, file: "deck"))
      }
      #expect(error.map { "\($0)".contains(part) } == true, "\(String(describing: error))")
    }

    /// A column of words that is left out, or that a condition reads, is no coordinate and needs no numbers.
    @Test(arguments: [
      (#""skip": ["kind"]"#, [[1, 2], [3, 4], [5, 7]]), (#""columns": [2]"#, [[1], [3], [5]]),
      (#""where": {"column": "kind", "equals": "u"}"#, [[1, 2], [5, 7]]),
      (#""columns": ["b"], "where": {"column": "kind", "equals": "u"}"#, [[2], [7]]),
      (#""skip": ["a"], "where": {"column": "kind", "equals": "u"}"#, [[2], [7]]),
      (#""skip": ["kind"], "where": {"column": "kind", "equals": "v"}"#, [[3, 4]]),
      (#""columns": [3], "labels": {"column": "kind"}"#, [[2], [4], [7]]),
    ])
    func wordsThatAreLeftOut(keys: String, rows: [[Float]]) throws {
      #expect(try folder.reads(#"{"file": "k.csv", \#(keys)}"#).rows == rows)
      // The column stands elsewhere, and the table is compressed.
      let lines = try String(decoding: folder.bytes("k.csv"), as: UTF8.self).split(separator: "\n")
      try folder.write("k.csv.gz", gzip(Array(("\u{FEFF}" + lines.joined(separator: "\r\n")).utf8)))
      #expect(try folder.reads(#"{"file": "k.csv.gz", \#(keys)}"#).rows == rows)
    }

    /// A name that a deck asks for says that there is a header, and a number says nothing.
    @Test func namesThatAreNumbers() throws {
      try folder.write("n.csv", "0,1,2\n1,1,2\n2,2,0\n1,0,1\n")
      #expect(folder.message(#"{"file": "n.csv"}"#).contains("header: true"))
      #expect(try folder.reads(#"{"file": "n.csv", "columns": ["2", "0"]}"#).rows == [[2, 1], [0, 2], [1, 1]])
      #expect(
        try folder.reads(#"{"file": "n.csv", "where": {"column": "0", "equals": "1"}}"#).rows == [[1, 2], [0, 1]])
      #expect(folder.message(#"{"file": "n.csv", "columns": [1]}"#).contains("header: true"))
    }

    @Test func otherFormats() throws {
      #expect(try folder.reads(#"{"file": "a.npy", "columns": [3, 1]}"#).rows == [[3, 1], [6, 4]])
      #expect(try folder.reads(#"{"file": "a.npy", "skip": [2]}"#).rows == [[1, 3], [4, 6]])
      #expect(folder.message(#"{"file": "a.npy", "columns": ["x"]}"#).contains("name columns by their numbers, 1 to 3"))
      for header in [true, false] {
        #expect(
          folder.message(#"{"file": "a.npy", "header": \#(header)}"#).contains("'header' is for .csv and .tsv only"))
      }
      let file = try HDF5File(creating: folder.path + "/a.h5ad")
      try file.write([1, 2, 3, 4, 5, 6] as [Float], to: "X", shape: [3, 2])
      try file.write(texts: ["g1", "g2"], to: "var/_index")
      try file.close()
      let gene = try folder.reads(#"{"file": "a.h5ad", "skip": ["g1"]}"#)
      #expect(gene.names == ["g2"] && gene.rows == [[2], [4], [6]])
      #expect(try folder.reads(#"{"file": "a.h5ad", "columns": [2, "g1"]}"#).rows == [[2, 1], [4, 3], [6, 5]])
      #expect(folder.message(#"{"file": "a.h5ad", "columns": ["g3"]}"#).contains("has no column 'g3'"))
      #expect(folder.message(#"{"file": "a.h5ad", "header": true}"#).contains("'header' is for .csv and .tsv only"))
      try folder.write("m.csv", "k\nu\nv\n")
      let whole = #"{"file": "a.npy", "columns": [2], "where": {"file": "m.csv", "column": "k", "equals": "v"}}"#
      #expect(try folder.reads(whole).rows == [[5]])
    }

    /// The keys are for the file of the rows; the table of a condition is read by itself.
    @Test func headerOfTheRowsAlone() throws {
      try folder.write("n.csv", "0,1\n1,0\n0,1\n")
      try folder.write("m.csv", "k\nu\nv\nu\n")
      let keys = #""where": {"file": "m.csv", "column": "k", "equals": "u"}"#
      #expect(try folder.reads(#"{"file": "n.csv", "header": false, \#(keys)}"#).rows == [[0, 1], [0, 1]])
    }

    /// A text is the same in any Unicode form.
    @Test func unicodeForms() throws {
      let composed = "gr\u{F6}\u{DF}e", decomposed = "gro\u{308}\u{DF}e"
      for (inFile, inDeck) in [(composed, decomposed), (decomposed, composed)] {
        try folder.write("u.csv", "\(inFile),b\n1,2\n3,5\n")
        #expect(try folder.reads(#"{"file": "u.csv", "columns": ["\#(inDeck)"]}"#).rows == [[1], [3]])
        #expect(try folder.reads(#"{"file": "u.csv", "skip": ["\#(inDeck)"]}"#).rows == [[2], [5]])
        try folder.write("w.csv", "\(inFile),x\n\(inFile),2\nb,5\n")
        let condition = #"{"column": "\#(inDeck)", "equals": "\#(inDeck)"}"#
        #expect(try folder.reads(#"{"file": "w.csv", "where": \#(condition)}"#).rows == [[2]])
        try folder.write("v.csv", "b,\(inDeck)\n1,2\n")
        var tables = [
          ("target", try folder.table(#"{"file": "u.csv"}"#)), ("source", try folder.table(#"{"file": "v.csv"}"#)),
        ]
        .map { (set: $0.0, table: $0.1) }
        #expect(try ColumnMatch.match(&tables)?.matched == 2)
        #expect(try tables[1].table.excerpt(atMost: .max).array == [[2, 1]])
      }
      // Labels that differ in their form alone are one label, byte by byte.
      try folder.write("l.csv", "k,x\n\(composed),1\n\(decomposed),2\nb,3\n")
      let labels = try folder.table(#"{"file": "l.csv", "labels": {"column": "k"}}"#).labels ?? []
      #expect(labels.map { Array($0.utf8) } == [composed, composed, "b"].map { Array($0.utf8) })
    }

    @Test func writesKeys() throws {
      let text = "file: x.csv\ncolumns: [age, 3, \"4\"]\nheader: false\n"
      let written = try SampleSource.read(Tree(yaml: text, file: "deck")).tree().yaml
      #expect(written == text, "\(written)")
    }
  }
}
