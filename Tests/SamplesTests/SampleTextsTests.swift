import Parameters
import Samples
import Testing

extension SamplesSuite {
  /// Names, labels and orientation, and the series matrices of GEO.
  @Suite struct SampleTextsTests {
    let folder: Folder

    init() throws {
      folder = try Folder()
      try folder.write("x.npy", npy("<f4", "(3, 2)", bytes([1, 2, 3, 4, 5, 6] as [Float])))
      try folder.write("genes.csv", "gene,s1,s2,s3\nA,1,2,3\nB,4,5,6\n")
    }

    @Test func labelsByOtherWordsAndFromArrays() throws {
      try folder.write("l.npy", npy("<i8", "(3,)", bytes([7, 8, 7] as [Int64])))
      try folder.write("m.csv", "er\nPositive\nNegative\nunknown\n")
      func labels(_ text: String) throws -> [String]? {
        try folder.table(#"{"file": "x.npy", "labels": \#(text)}"#).labels
      }
      #expect(try labels(#"{"file": "l.npy"}"#) == ["7", "8", "7"])
      #expect(try labels(#"{"file": "l.npy", "as": {"7": "seven"}}"#) == ["seven", "8", "seven"])
      #expect(
        try labels(#"{"file": "m.csv", "column": "er", "as": {"Positive": 1, "Negative": 0}}"#) == [
          "1", "0", "unknown",
        ])
      #expect(folder.message(#"{"file": "x.npy", "labels": {"file": "m.csv"}}"#).contains("say which of its columns"))
      #expect(folder.message(#"{"file": "l.npy", "labels": {"file": "x.npy"}}"#).contains("one number a row"))
      let text = "file: x.npy\nlabels:\n  file: m.csv\n  column: er\n  as:\n    Positive: \"1\"\n"
      #expect(try SampleSource.read(Tree(yaml: text, file: "deck")).tree().yaml == text)
    }

    @Test func namesOfColumns() throws {
      try folder.write("names.txt", "a\nb\n")
      #expect(try folder.table(#"{"file": "x.npy", "names": {"file": "names.txt"}}"#).columnNames == ["a", "b"])
      #expect(
        try folder.reads(#"{"file": "x.npy", "names": {"file": "names.txt"}, "columns": ["b"]}"#).rows == [
          [2], [4], [6],
        ])
      try folder.write("short.txt", "a")
      #expect(
        folder.message(#"{"file": "x.npy", "names": {"file": "short.txt"}}"#).contains("has 1 names, but"))
      #expect(
        folder.message(#"{"file": "genes.csv", "names": {"file": "names.txt"}}"#).contains("names of their own"))
    }

    @Test func samplesInColumns() throws {
      let turned = #""orientation": "samples_in_columns""#
      let table = try folder.table(#"{"file": "genes.csv", \#(turned)}"#)
      #expect(try table.excerpt(atMost: .max).array == [[1, 4], [2, 5], [3, 6]])
      #expect(table.columnNames == ["A", "B"] && table.rowNames == ["s1", "s2", "s3"])
      #expect(try folder.rows(#"{"file": "genes.csv", \#(turned), "columns": ["B"]}"#).array == [[4], [5], [6]])
      #expect(try folder.rows(#"{"file": "x.npy", \#(turned)}"#).array == [[1, 3, 5], [2, 4, 6]])
      try folder.write("m.csv", "id,er\ns3,p\ns1,n\ns2,p\n")
      let labels = #"{"file": "genes.csv", \#(turned), "labels": {"file": "m.csv", "column": "er"}}"#
      #expect(try folder.table(labels).labels == ["n", "p", "p"])
    }

    private static let series = """
      !Series_title\t"A study"
      !Sample_title\t"one"\t"two"\t"three"
      !Sample_characteristics_ch1\t"er: Positive"\t"er: Negative"\t"age: 61"
      !Sample_characteristics_ch1\t"age: 40"\t"age: 50"\t"er: Positive"
      !series_matrix_table_begin
      "ID_REF"\t"GSM1"\t"GSM2"\t"GSM3"
      "p1"\t1\t2\t3
      "p2"\t4.5\t5\t6

      """

    @Test func seriesMatrix() throws {
      try folder.write("G_series_matrix.txt", Self.series + "!series_matrix_table_end\n")
      let table = try folder.table(#"{"file": "G_series_matrix.txt", "labels": {"column": "er"}}"#)
      #expect(try table.excerpt(atMost: .max).array == [[1, 4.5], [2, 5], [3, 6]])
      #expect(table.columnNames == ["p1", "p2"] && table.rowNames == ["GSM1", "GSM2", "GSM3"])
      #expect(table.labels == ["Positive", "Negative", "Positive"])
      let chosen = #"{"file": "G_series_matrix.txt", "where": {"column": "age", "equals": [61, 40]}}"#
      #expect(try folder.rows(chosen).array == [[1, 4.5], [3, 6]])
      let unknown = folder.message(#"{"file": "G_series_matrix.txt", "labels": {"column": "stage"}}"#)
      #expect(unknown.contains("has no column 'stage'") && unknown.contains("er, age"), "\(unknown)")
    }

    @Test func brokenSeriesMatrix() throws {
      func message(_ text: String) throws -> String {
        try folder.write("G_series_matrix.txt", text)
        return folder.message(#"{"file": "G_series_matrix.txt"}"#)
      }
      #expect(try message(Self.series).contains("is cut off: its table has no end"))
      #expect(try message(Self.series + "\"p3\"\t7").contains("is cut off there, behind 2 whole rows"))
      #expect(try message(Self.series + "\"p3\"\t7\t\t9\n!series_matrix_table_end\n").contains("row 2, column 'p3'"))
      #expect(
        try message(Self.series + "\"p3\"\t7\tbad\t9\n!series_matrix_table_end\n").contains("probe p3 of sample GSM2"))
      #expect(try message("!Series_title\t\"A\"\n").contains("has no table"))
    }
  }
}
