import Samples
import Testing

extension SamplesSuite {
  /// What separates columns, what stands around the records, and first columns that are no coordinates.
  @Suite struct TextTableTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    private func read(_ text: String, as name: String = "a.csv") throws -> (
      names: [String]?, rows: [[Float]], notes: [String]
    ) {
      try folder.write(name, text)
      return try folder.reads(#"{"file": "\#(name)"}"#)
    }

    private func message(_ text: String, as name: String = "a.csv", keys: String = "") throws -> String {
      try folder.write(name, text)
      return folder.message(#"{"file": "\#(name)"\#(keys)}"#)
    }

    /// All of these are the rows 1, 2 and 3, 5 under the names x and y.
    @Test(arguments: [
      "x;y\n1;2\n3;5\n", "x\ty\n1\t2\n3\t5\n", "sep=;\nx;y\n1;2\n3;5\n", "\"sep=,\"\nx,y\n1,2\n3,5\n",
      "x, y\n1, 2\n3, 5\n",
      "\u{FEFF}x,y\r\n1,2\r\n3,5\r\n", "x,y\r1,2\r3,5\r", "x,y\r\n1,2\n3,5\r\n\n \n", "x,y,\n1,2,\n3,5,\n",
      "x,y\n1,2,\n3,5,\n", "x,y,\n1,2\n3,5\n", "x,y,,\n1,2,,\n3,5,,\n",
      "# made by hand\nx,y\n1,2\n3,5\n", "\n\nx,y\n1,2\n3,5\n", "x,y\n1,2\n3,5\n# end\n",
      "\u{A0}x,y\n\u{A0}1\u{A0},2\n3,5\n",
      "\"x\",\"y\"\n\"1\",\"2\"\n\"3\",\"5\"\n", "x,y\n1.0e0,+2\n3.,5\n",
    ])
    func usualTables(text: String) throws {
      let found = try read(text)
      #expect(found.names == ["x", "y"] && found.rows == [[1, 2], [3, 5]] && found.notes.isEmpty)
    }

    /// A separator within a name or within quotes separates nothing.
    @Test(arguments: [
      ("\"x,1\";y\n1;2\n", ["x,1", "y"]), ("x,1;y\n1;2\n3;4\n", ["x,1", "y"]), ("\"x;1\",y\n1,2\n", ["x;1", "y"]),
      ("\"a\nb\",c\n1,2\n", ["a\nb", "c"]), ("\"a \"\"b\"\"\",c\n1,2\n", ["a \"b\"", "c"]),
      ("my value\n1\n", ["my value"]),
    ])
    func separatorsWithinNames(text: String, names: [String]) throws { #expect(try read(text).names == names) }

    /// numpy.savetxt(..., header=...) writes names behind a '#'.
    @Test func comments() throws {
      for text in ["# x,y\n1,2\n3,5\n", "#x,y\n1,2\n3,5\n", "# made\n# x,y\n1,2\n3,5\n"] {
        let found = try read(text)
        #expect(found.names == ["x", "y"] && found.rows == [[1, 2], [3, 5]])
        #expect(found.notes.first?.contains("names its columns; header: false takes no names") == true)
        #expect(try folder.reads(#"{"file": "a.csv", "header": false}"#).names == nil)
        #expect(try folder.reads(#"{"file": "a.csv", "columns": ["y"]}"#).rows == [[2], [5]])
      }
      #expect(try read("# x (m), y [s]\n1,2\n").names == ["x (m)", "y [s]"])
      try folder.write("a.csv", "# my x, y\n1,2\n3,5\n")
      #expect(try folder.reads(#"{"file": "a.csv", "skip": ["my x"]}"#).rows == [[2], [5]])
      // A comment that names no columns is none.
      for text in [
        "# made by x\n1,2\n3,5\n", "# 2 columns, 3 rows, x\n1,2\n3,5\n", "# data by me, batch 1\n1,2\n3,5\n",
        "# 1,2\n1,2\n3,5\n",
      ] {
        let found = try read(text)
        #expect(found.names == nil && found.rows == [[1, 2], [3, 5]] && found.notes.isEmpty)
      }
      #expect(try message("1,2\n# c\n3,4\n").contains("line 2 is a comment among the rows"))
    }

    /// Decimal commas and other signs are never taken for separators without a word.
    @Test(arguments: [
      ("1,5\n3,5\n4,5\n", "one column with decimal commas"), ("-0,5\n3,25\n", "has decimal commas"),
      ("1,05\n3,5\n", "has decimal commas"),
      ("x\n1,5\n3,25\n", "decimal comma"),
      ("x;y\n1,5;2\n3;5\n", "column 'x' is '1,5', not a number: numbers need a decimal point"),
      ("1 2\n3 4\n", "has blanks between its columns"), ("x y\n1 2\n3 4\n", "has blanks"),
      (" 1.5  2\n 3    4\n", "has blanks"),
      ("x|y\n1|2\n3|4\n", "has '|' between"), ("a,b\n\"1,234\",5\n", "nothing between thousands"),
      ("a;b\n1 234;5\n", "leave out what stands between its digits"),
      ("a,b\n1'234,5\n", "leave out what stands between its digits"),
      ("a,b\n1\u{A0}234,5\n", "leave out what stands between its digits"),
      ("% made\n1,2\n3,4\n", "a title above the table needs a '#'"),
    ])
    func otherSigns(text: String, part: String) throws {
      let found = try message(text)
      #expect(found.contains(part), "\(found)")
    }

    /// The way out that the refusal names.
    @Test func columnsThatLookLikeDecimalCommas() throws {
      for text in ["1,5\n3,5\n", "1,05\n3,5\n"] {
        #expect(try message(text, keys: #", "columns": [1, 2]"#) == "no error but 2 rows")
        #expect(try folder.reads(#"{"file": "a.csv", "columns": [1, 2]}"#).rows == [[1, 5], [3, 5]])
      }
      #expect(try read("1,5\n3,6\n").rows == [[1, 5], [3, 6]])
      #expect(try read("a,b\n1,5\n3,5\n").rows == [[1, 5], [3, 5]])
    }

    @Test func tabs() throws {
      #expect(try read("a,x\tb\n1\t2\n3\t5\n", as: "a.tsv").names == ["a,x", "b"])
      #expect(try read("5\n7\n", as: "a.tsv").rows == [[5], [7]])
      #expect(
        try message("x,y\n1,2\n", as: "a.tsv").contains("has no tabs, which separate the columns of a .tsv, but commas")
      )
      #expect(try message("x;y\n1;2\n", as: "a.tsv").contains("but semicolons"))
      #expect(try message("1 2\n3 4\n", as: "a.tsv").contains("has blanks between"))
      #expect(try message("x\ty\n1,5\t2\n", as: "a.tsv").contains("decimal point"))
    }

    @Test(arguments: ["UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32"])
    func encodings(name: String) throws {
      for text in ["x,y\n1,2\n", "1,2\n", "1.5,2\n3,4\n"] {
        var units: [UInt8] = name == "UTF-16" ? [0xFF, 0xFE] : name == "UTF-32" ? [0xFF, 0xFE, 0, 0] : []
        for byte in text.utf8 {
          units += name == "UTF-16BE" ? [0, byte] : name == "UTF-32" ? [byte, 0, 0, 0] : [byte, 0]
        }
        try folder.write("a.csv", units)
        try folder.write("a.csv.gz", gzip(units))
        for file in ["a.csv", "a.csv.gz"] {
          let found = folder.message(#"{"file": "\#(file)"}"#)
          #expect(found.contains("is text in \(name.prefix(6)); save it as UTF-8"), "\(found)")
        }
      }
      try folder.write("a.csv", Array("b,gr".utf8) + [0xF6] + Array("\n1,2\n".utf8))
      #expect(folder.message(#"{"file": "a.csv"}"#).contains("line 1 is not in UTF-8"))
      try folder.write("a.csv", Array("x,y\n1,".utf8) + [0] + Array("2\n".utf8))
      #expect(folder.message(#"{"file": "a.csv"}"#).contains("zero bytes"))
    }

    /// An index that pandas or R wrote beside the numbers is no coordinate; the names of rows are kept.
    @Test(arguments: [
      (",a,b\n0,1,2\n1,3,5\n", ["0", "1"]), ("Unnamed: 0,a,b\n0,1,2\n1,3,5\n", ["0", "1"]),
      (",a,b\n7,1,2\n3,3,5\n", ["7", "3"]),
      ("Unnamed: 0.1,Unnamed: 0,a,b\n0,0,1,2\n1,1,3,5\n", ["0", "1"]),
      ("\"\",\"a\",\"b\"\n\"1\",1,2\n\"2\",3,5\n", ["1", "2"]),
      (",a,b\n2020-01-01,1,2\n2020-01-02,3,5\n", ["2020-01-01", "2020-01-02"]), ("a,b\n1,1,2\n2,3,5\n", ["1", "2"]),
      ("\"a\",\"b\"\n\"1\",1,2\n\"2\",3,5\n", ["1", "2"]), ("day,a,b\nmon,1,2\ntue,3,5\n", ["mon", "tue"]),
    ])
    func indices(text: String, rows: [String]) throws {
      let found = try read(text), table = try folder.table(#"{"file": "a.csv"}"#)
      #expect(found.names == ["a", "b"] && found.rows == [[1, 2], [3, 5]] && table.rowNames == rows)
      #expect(found.notes.count == (text.hasPrefix("Unnamed: 0.1") ? 2 : 1))
    }

    /// What is no index is not left out without a word.
    @Test func columnsThatAreNoIndex() throws {
      // Tables put together have an index that starts again.
      #expect(try read(",a\n0,5\n1,6\n0,7\n1,8\n").rows == [[5], [6], [7], [8]])
      for text in [",a,b\n5,1,2\n5,3,4\n", ",a,b\n0.0,1,2\n0.5,3,4\n"] {
        #expect(
          try message(text).contains("column 1 has no name and is no index of the rows; leave it out with 'skip: [1]'"))
        #expect(try folder.reads(#"{"file": "a.csv", "skip": [1]}"#).rows == [[1, 2], [3, 4]])
      }
      let counting = try read("id,a\n0,5\n1,3\n2,4\n")
      #expect(counting.rows == [[0, 5], [1, 3], [2, 4]])
      #expect(counting.notes.map { $0.hasSuffix("'skip: [id]' leaves it out") } == [true])
      #expect(try read("t,a\n0,5\n1,3\n3,4\n").notes.isEmpty)
      // Text that ends, and numbers that are no text any more.
      let late = "g,a\n" + (0..<300).map { "g\($0),1\n" }.joined()
      #expect(try read(late).rows.count == 300)
      #expect(try message(late + "17,2\n").contains("column 'g'"))
      #expect(
        try message("a,b\n1,x\n2,y\n").contains(
          "row 1, column 'b' is 'x', not a number; leave out the column (skip: [...])"))
    }
  }
}
