import Samples
import Testing

extension SamplesSuite {
  /// Whether the first line of a table is a row or the columns' names.
  @Suite struct FirstLineTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    private func read(_ text: String, keys: String = "") throws -> (names: [String]?, rows: [[Float]], notes: [String])
    {
      try folder.write("a.csv", text)
      return try folder.reads(#"{"file": "a.csv"\#(keys)}"#)
    }

    private func message(_ text: String, keys: String = "") throws -> String {
      try folder.write("a.csv", text)
      return folder.message(#"{"file": "a.csv"\#(keys)}"#)
    }

    private static func numbers(_ line: String) -> [Float] { line.split(separator: ",").map { Float($0) ?? .nan } }

    /// Tables of numbers without names as numpy.savetxt writes them: every line is a row, and nothing is said of the first.
    @Test(arguments: [
      "1.000000000000000000e+00,2.500000000000000000e+00\n3.000000000000000000e+00,-1.000000000000000000e+00\n",
      "0.000000000000000000e+00,1.000000000000000000e+00\n5.000000000000000000e-01,3.000000000000000000e+00\n",
      "0.5\n-1.25\n0.75\n", "0\n0.1\n0.2\n0.7\n", "1\n0.5\n0.25\n", "0.5,1\n1,0.25\n2,7\n",
      // Counts, labels, pixels.
      "4,2,4,0\n1,4,4,3\n", "0\n1\n1\n0\n", "1\n0\n1\n", "0\n2\n1\n0\n", "0\n5\n0\n3\n", "0,0,0,0\n0,37,255,4\n",
      "1,0\n0,1\n1,1\n",
      // One row, two rows, one number.
      "5\n", "1,2,3\n", "0,1,2,3\n", "1,2,3\n4,5,6\n", "0\n7\n", "2019\n5\n", "0,1\n2,3\n",
      "100,200,300\n150,250,350\n", "1,2,3,4\n9,7,5,3\n",
      // What counts on from line to line: arange, grids, times, powers, multiples.
      "0,1,2\n3,4,5\n6,7,8\n", "0,1,2,3\n0,1,2,3\n0,1,2,3\n", "0,1,2,3\n4,5,6,7\n", "1,2,3,4\n2,4,6,8\n3,6,9,12\n",
      "0\n1\n2\n3\n",
      "0\n1\n4\n9\n16\n", "0.0,0.1,0.2,0.3\n0.4,0.5,0.6,0.7\n",
      // Years that are numbers, numbers about 2000, a state from which numbers go on.
      "2000\n2001\n2003\n", "1850,1910\n1860,1920\n1855,1899\n", "2000,15.2\n2001,15.3\n2002,14.9\n",
      "1950,2050\n2020,2010\n3,2000\n",
      "100,0\n99.5,0.5\n98.1,1.2\n", "10\n9.5\n9.2\n8.1\n7.9\n7.8\n7.1\n6.5\n6.2\n5.5\n5.1\n",
      "0,0\n" + String(repeating: "0.25,1.5\n", count: 9), "5.0,7\n" + String(repeating: "0.25,1.5\n", count: 9),
      "1,2,3\n10,25,30\n2,1,3\n", "1,2\n2,1\n3,3\n", "3,1,2\n0.5,0.25,0.75\n", "-1,0,1\n0.5,0.25,0.75\n",
      "1,1\n0.5,0.25\n",
    ])
    func rowsOfNumbers(text: String) throws {
      let found = try read(text)
      #expect(found.names == nil && found.rows == text.split(separator: "\n").map { Self.numbers(String($0)) })
      #expect(!found.notes.contains { $0.contains("first line") })
    }

    /// The numbers of columns as pandas writes them, and years.
    @Test(arguments: [
      "0,1\n1,2\n3,4\n5,6\n", "0,1\n0.5,0.25\n-0.5,1.5\n", "0,1,2\n0.5,1.5,2.5\n", "0,1,2\n15,22,9\n3,41,5\n",
      "0,1,2,3\n3,1,0,2\n1,1,2,2\n", "1,2,3\n0.5,1.5,2.5\n0.1,0.2,0.3\n", "0,1,2\n5,0.5,0.25\n9,0.75,2.5\n",
      "2019,2020\n1,2\n3,4\n",
      "2020,2019\n1,2\n3,4\n", "2019,2021,2022\n1,2,3\n3,4,5\n", "1990,1995,2000\n1900,2500,3000\n5000,4000,3700\n",
    ])
    func numbersThatAreNames(text: String) throws {
      let found = try read(text), lines = text.split(separator: "\n").map(String.init)
      #expect(found.names == lines[0].split(separator: ",").map(String.init))
      #expect(found.rows == lines.dropFirst().map(Self.numbers))
      #expect(found.notes.first?.contains("is taken for names of columns; header: false makes it a row") == true)
      #expect(try read(text, keys: #", "header": false"#).rows == lines.map(Self.numbers))
    }

    /// What can be either is asked for, and the keys that the question names answer it.
    @Test(arguments: [
      "0,1\n1,0\n0,1\n1,1\n", "0,1\n5,0\n0,7\n3,1\n", "0,1\n0.5,0.25\n", "0,1,2\n1,2,0\n0,1,1\n2,2,2\n",
      "0\n0.5\n-0.5\n",
      "0\n5\n3\n7\n",
      "2019\n7\n5\n", "1900,2050\n2500,1700\n1950,2600\n", "1,2,3,4,5\n5,3,1,2,4\n2,1,4,3,5\n",
      "1100,1102,1104\n1,2,3\n2,3,1\n", "5,7\n" + String(repeating: "0.25,1.5\n", count: 5),
      "1\n" + String(repeating: "0.5\n1.5\n", count: 5),
      "400.5,401.0,401.5,402.0\n0.1,0.2,0.3,0.4\n0.2,0.3,0.5,0.1\n",
    ])
    func unclearNumbers(text: String) throws {
      let lines = text.split(separator: "\n").map(String.init)
      #expect(try message(text).contains("say 'header: true' if it holds names, 'header: false' if it is a row"))
      let named = try read(text, keys: #", "header": true"#), plain = try read(text, keys: #", "header": false"#)
      #expect(
        named.names == lines[0].split(separator: ",").map(String.init)
          && named.rows == lines.dropFirst().map(Self.numbers))
      #expect(plain.names == nil && plain.rows == lines.map(Self.numbers))
    }

    /// A first row with a damaged or missing number is refused and never taken for names.
    @Test(arguments: [
      ("1..5,2\n3,4\n", "column 1 is '1..5'"), ("3,2kg\n3,4\n", "column 2 is '2kg'"),
      ("5\u{B0},3\n3,4\n", "column 1 is '5\u{B0}'"),
      ("NA,2\n3,4\n", "column 1 is 'NA'"), ("3,N/A\n3,4\n", "column 2 is 'N/A'"), ("-,NULL\n3,4\n", "column 1 is '-'"),
      ("1O,3\n3,4\n", "column 1 is '1O'"), ("3,l0\n3,4\n", "column 2 is 'l0'"), ("\"1,5\",2\n3,4\n", "decimal comma"),
      ("1.0D+00,2\n1.5,3\n", "write its exponent with e"), ("True,2\nFalse,4\n", "write 1 for true"),
      ("0x10,1\n3,4\n", "write decimal"),
      ("1_000,2\n3,4\n", "leave out what stands between its digits"), ("\u{2212}1,2\n3,4\n", "minus sign"),
      ("1.0\u{B1}0.1,2\n1.5\u{B1}0.2,3\n", "write one number in a field"), ("$5,2\n$6,4\n", "remove the sign in front"),
      ("control,10,25\n1,2,3\n", "column 1 is 'control'"), ("0h,2h\n1,2\n", "column 1 is '0h'"),
      ("g1,NA,2\ng2,3,4\n", "column 2 is 'NA'"),
    ])
    func damagedFirstRows(text: String, part: String) throws {
      let found = try message(text)
      #expect(found.contains("row 1") && found.contains(part) && found.contains("'header: true'"), "\(found)")
    }

    /// Usual names.
    @Test(arguments: [
      "a,b", "x (kg),%", "1st,2nd", "A1,B2", "2020-01,2020-02", "control,10 mg", "\"1\",\"2\"", "1C,2C", "NA,Cl",
      "id,0", "3'UTR,5'UTR",
    ])
    func words(line: String) throws {
      let found = try read(line + "\n3,4\n5,6\n", keys: line == "id,0" ? #", "header": true"# : "")
      #expect(
        found.names == line.split(separator: ",").map { String($0.filter { $0 != "\"" }) }
          && found.rows == [[3, 4], [5, 6]])
      #expect(found.notes.isEmpty)
    }

    /// One number does not make a row of words.
    @Test func wordsAndANumber() throws {
      let found = try read("age,weight,2019\n1,2,3\n4,5,7\n")
      #expect(
        found.names == ["age", "weight", "2019"] && found.rows == [[1, 2, 3], [4, 5, 7]] && found.notes.count == 1)
      #expect(try message("x,5\n1,2\n4,5\n").contains("'header: true'"))
    }

    /// Names of rows in front: the numbers behind tell, or names of the same making.
    @Test func rowNamesInFront() throws {
      let years = try read("country,2019,2020\nFrance,5,6\nSpain,7,8\n")
      #expect(years.names == ["2019", "2020"] && years.rows == [[5, 6], [7, 8]])
      let plain = try read("TP53,5,7\nKRAS,3,4\nBRCA1,6,8\n")
      #expect(plain.names == nil && plain.rows == [[5, 7], [3, 4], [6, 8]])
      #expect(plain.notes == ["\(folder.path)/a.csv: its first column holds text and is taken for the rows' names"])
      let dates = try read("2020-01-01,2\n2020-01-02,4\n")
      #expect(dates.names == nil && dates.rows == [[2], [4]])
      let ids = try read("id,0,1\n5,0.1,0.2\n9,0.3,0.4\n")
      #expect(ids.names == ["id", "0", "1"] && ids.rows == [[5, 0.1, 0.2], [9, 0.3, 0.4]])
      for text in ["KRAS,5,7\nEGFR,3,4\n", "gene,1034,2045\nKRAS,3,4\nTP53,6,8\n"] {
        #expect(try message(text).contains("say 'header: true'"))
      }
    }

    /// Records of different widths are an error of the user's, and no crash of the program's.
    @Test func raggedTables() throws {
      for (text, part) in [
        ("0,1\n3\n5,6\n", "line 2 has 1 values"), ("1,2,3\n3,4\n5\n", "line 2 has 2 values"),
        ("1,2\n3,4,5\n", "line 2 has 3 values"),
        ("a,b\n1,2\n3\n", "line 3 has 1 values"), ("g1,1,2\ng2\n", "a.csv"), (",0,1\n0,1\n", "a.csv"),
        ("0,1\n1,2,3,4\n1\n", "a.csv"),
        ("0,1,2,3\n4\n", "a.csv"), ("2019,2020\n1\n1,2\n", "line 2"), ("id,0,1\n5\n", "a.csv"),
        ("\"0\",\"1\"\n5\n", "line 2"),
        ("x\n1,2\n", "a.csv"), ("7,1,\n1,2\n3\n", "line 3"),
      ] {
        let found = try message(text)
        #expect(!found.contains("no error") && found.contains(part), "\(text): \(found)")
      }
    }

    /// Whatever stands in the first lines: rows or an error of the table, and no crash.
    @Test func randomTables() throws {
      let fields = [
        "0", "1", "2", "0.5", "2019", "2020", "a", "g1", "", "NA", "1..5", "\"1\"", "\"\"", "-0", "05", "nan", "#",
        "Unnamed: 0",
      ]
      var random = RandomNumberGeneratorOfTest(state: 11), read = 0
      for _ in 0..<3000 {
        let width = Int.random(in: 1...4, using: &random), isRagged = Int.random(in: 0..<3, using: &random) == 0
        let lines = (0..<Int.random(in: 1...5, using: &random)).map { _ in
          let count = isRagged ? Int.random(in: 1...5, using: &random) : width
          return (0..<count).map { _ in fields.randomElement(using: &random) ?? "" }
        }
        let separator = [",", ";", "\t"].randomElement(using: &random) ?? ","
        let keys =
          ["", #", "header": true"#, #", "header": false"#, #", "skip": [1]"#].randomElement(using: &random) ?? ""
        let text = lines.map { $0.joined(separator: separator) }.joined(separator: "\n")
        let found = try message(text, keys: keys)
        #expect(found.hasPrefix("no error") || found.contains("a.csv"), "\(text): \(found)")
        if found.hasPrefix("no error") { read += 1 }
      }
      #expect(read > 100)
    }
  }
}
