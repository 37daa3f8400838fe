import HDF5
import MessagePassing
import Numerics
import Parameters
import Samples
import Testing
import YAML

extension SamplesSuite {
  /// Names and labels on their way from a file to those who store them.
  @Suite struct NamesTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    private func open(_ text: String) throws -> SharedTable {
      let world = try #require(Job.world)
      let source = try SampleSource.read(Tree(yaml: text, file: "deck"))
      return try source.open(role: .source, seed: 1, folder: folder.path, on: world)
    }

    /// Tables with row names as pandas and R write them.
    @Test(arguments: [
      ",a,b\np1,1,2\np2,3,4\n", "id,a,b\np1,1,2\np2,3,4\n", "\"a\",\"b\"\n\"p1\",1,2\n\"p2\",3,4\n",
      "id\ta\tb\np1\t1\t2\np2\t3\t4\n", "\"\",\"a\",\"b\"\n\"p1\",1,2\n\"p2\",3,4\n",
    ])
    func rowNamesAreNoCoordinate(text: String) throws {
      let name = text.contains("\t") ? "t.tsv" : "t.csv"
      try folder.write(name, text)
      let table = try open(#"{"file": "\#(name)"}"#)
      #expect(table.columnNames == ["a", "b"] && table.rowNames == ["p1", "p2"])
      #expect(try table.excerpt(atMost: .max).array == [[1, 2], [3, 4]])
    }

    /// Column names agree whatever blanks stand around them, as numbers do.
    @Test func blanksAreNoPartOfNames() throws {
      try folder.write("t.csv", "a, b ,\" c\"\n1, 2 ,3\n")
      #expect(try open(#"{"file": "t.csv"}"#).columnNames == ["a", "b", "c"])
    }

    /// One text among numbers is a missing value: the column must not leave the samples without a word.
    @Test(arguments: ["age,weight\nNA,70\n34,60\n", "age,weight\nNA,70\n,60\n"])
    func textAmongNumbersIsRefused(text: String) throws {
      try folder.write("t.csv", text)
      #expect(folder.message(#"{"file": "t.csv"}"#).contains("row 1, column 'age' is 'NA'"))
      // Under no name it can only be row names, whatever they look like.
      try folder.write("t.csv", ",weight\nNA,70\n34,60\n")
      #expect(try open(#"{"file": "t.csv"}"#).rowNames == ["NA", "34"])
    }

    /// Row names that are numbers in quotes under a header that is a name short (R), and columns that are called by numbers
    /// (pandas).
    @Test func rowNamesWithoutText() throws {
      try folder.write("r.tsv", "\"V1\"\t\"V2\"\n\"1\"\t1\t2\n\"2\"\t3\t4\n")
      let r = try open(#"{"file": "r.tsv"}"#)
      #expect(r.columnNames == ["V1", "V2"] && r.rowNames == ["1", "2"])
      #expect(try r.excerpt(atMost: .max).array == [[1, 2], [3, 4]])
      try folder.write("p.csv", ",0,1\np1,1,2\np2,3,4\n")
      let p = try open(#"{"file": "p.csv"}"#)
      #expect(p.columnNames == ["0", "1"] && p.rowNames == ["p1", "p2"])
      #expect(try p.excerpt(atMost: .max).array == [[1, 2], [3, 4]])
      // Two columns of numbers may be a row's, and a field too many stays an error.
      try folder.write("w.csv", "a,b\n0,1,2\n5,3,4\n")
      #expect(folder.message(#"{"file": "w.csv"}"#).contains("line 2 has 3 values"))
    }

    /// A coordinate with a missing or wrong value is no column of names.
    @Test(arguments: [
      ("a,b\nnone,2\nnone,4\n", "row 1, column 'a' is 'none'"), ("a,b\nx,2\n3,4\n", "row 1, column 'a' is 'x'"),
      ("a,b\n,2\n3,4\n", "row 1, column 'a' is empty"), ("a,b\nx,2\n,4\n", "row 1, column 'a' is 'x'"),
      (",2\n3,4\n", "row 1, column 1 is empty"), ("g1,NA,2\ng2,3,4\n", "row 1, column 2 is 'NA'"),
    ])
    func missingNumbersAreNoNames(text: String, part: String) throws {
      try folder.write("m.csv", text)
      let message = folder.message(#"{"file": "m.csv"}"#)
      #expect(message.contains(part), "\(message)")
    }

    @Test func textIsRefusedElsewhere() throws {
      try folder.write("b.csv", "a,b\n1,x\n2,y\n")
      #expect(folder.message(#"{"file": "b.csv"}"#).contains("row 1, column 'b' is 'x'"))
      try folder.write("only.csv", "id\np1\np2\n")
      #expect(folder.message(#"{"file": "only.csv"}"#).contains("is 'p1'"))
    }

    @Test func chosenRowsKeepTheirNames() throws {
      try folder.write("t.csv", "id,a,kind,b\np1,1,u,2\np2,3,v,4\np3,5,u,6\n")
      let chosen = try open(
        #"{"file": "t.csv", "where": {"column": "kind", "equals": "u"}, "labels": {"column": "kind"}}"#)
      #expect(chosen.rowNames == ["p1", "p3"] && chosen.labels == ["u", "u"] && chosen.columnNames == ["a", "b"])
      try folder.write("labels.csv", "site\ns\nt\n\"s, old\"\n")
      let labelled = try open(
        #"{"file": "t.csv", "where": {"column": "kind", "equals": "u"}, "labels": {"file": "labels.csv", "column": "site"}}"#
      )
      #expect(labelled.labels == ["s", "s, old"])
      #expect(folder.message(#"{"file": "t.csv", "labels": {"column": "colour"}}"#).contains("no column 'colour'"))
      try folder.write("short.csv", "site\ns\n")
      let short =
        #"{"file": "t.csv", "where": {"column": "kind", "equals": "u"}, "labels": {"file": "short.csv", "column": "site"}}"#
      #expect(folder.message(short).contains("has 1 rows, but"))
      try folder.write("many.csv", "id,a\n" + (0..<50).map { "p\($0),\($0)\n" }.joined())
      let some = try open(#"{"file": "many.csv", "limit": 9}"#), names = some.rowNames
      #expect(try names == some.excerpt(atMost: .max).array.map { "p\(Int($0[0]))" } && names?.count == 9)
      let embedded = try open(#"{"file": "t.csv", "labels": {"column": "kind"}, "embed": {"dimension": 3}}"#)
      #expect(embedded.columnNames == nil && embedded.rowNames == ["p1", "p2", "p3"])
    }

    @Test func annData() throws {
      let file = try HDF5File(creating: folder.path + "/a.h5ad")
      try file.write([1, 2, 3, 4, 5, 6] as [Float], to: "X", shape: [3, 2])
      try file.write([1, 2, 3] as [Float], to: "obsm/X_pca", shape: [3, 1])
      try file.write([1, 2, 3, 4, 5, 6] as [Float], to: "layers/counts", shape: [3, 2])
      try file.write(texts: ["g1", "g2"], to: "var/gene")
      try file.write(attribute: "_index", text: "gene", of: "var")
      try file.write(texts: ["c1", "c2", "c3"], to: "obs/_index")
      try file.close()
      let table = try open(#"{"file": "a.h5ad"}"#), latent = try open(#"{"file": "a.h5ad", "array": "X_pca"}"#)
      #expect(table.columnNames == ["g1", "g2"] && table.rowNames == ["c1", "c2", "c3"])
      #expect(try open(#"{"file": "a.h5ad", "array": "layers/counts"}"#).columnNames == ["g1", "g2"])
      #expect(latent.columnNames == nil && latent.rowNames == ["c1", "c2", "c3"])
    }

    @Test func damagedNamesOfAnnData() throws {
      let file = try HDF5File(creating: folder.path + "/a.h5ad")
      try file.write([1, 2, 3, 4, 5, 6] as [Float], to: "X", shape: [3, 2])
      try file.write(texts: ["g1", "g2", "g3"], to: "var/_index")
      try file.write([1, 2, 3] as [Float], to: "obs/_index", shape: [3])
      try file.close()
      let message = folder.message(#"{"file": "a.h5ad"}"#)
      #expect(message.contains("var/_index has the shape [3] where 2 names are needed"), "\(message)")
    }

    /// A table of conditions or labels that names its rows, too, is matched with the samples by these names.
    @Test func rowsOfAnotherTableAreMatched() throws {
      try folder.write("s.csv", "id,x\nc1,1\nc2,3\nc3,5\n")
      try folder.write("g.csv", "kind,x\nA,1\nB,3\nA,5\n")
      func labels(_ table: String, of file: String = "s.csv") throws -> String {
        try folder.write("m.csv", table)
        return #"{"file": "\#(file)", "labels": {"file": "m.csv", "column": "t"}}"#
      }
      let condition = #"{"file": "s.csv", "where": {"file": "m.csv", "column": "t", "equals": "u"}}"#
      #expect(try open(labels("id,t\nc2,u\nc9,w\nc1,v\nc3,u\n")).labels == ["v", "u", "u"])
      #expect(try open(condition).excerpt(atMost: .max).array == [[3], [5]])
      let others = try folder.message(labels("id,t\nd1,u\nc1,v\nc3,u\n"))
      #expect(
        others.contains("m.csv: has no row for 1 of the samples of") && others.contains("s.csv (c2)"), "\(others)")
      for table in ["id,t\nc1,u\nc2,v\nc3,u\n", "donor,t\nd1,u\nd1,v\nd2,u\n", ",t\n0,u\n1,v\n2,u\n", "t\nu\nv\nu\n"] {
        #expect(try open(labels(table)).labels == ["u", "v", "u"])
        #expect(try open(condition).excerpt(atMost: .max).array == [[1], [5]])
      }
      // What stands there several times names no rows.
      #expect(try open(labels("kind,t\nB,u\nA,v\nA,u\n", of: "g.csv")).labels == ["u", "v", "u"])
    }

    private func match(_ decks: [String]) throws -> (ColumnMatch?, [SharedTable]) {
      let world = try #require(Job.world)
      var tables = try zip(["target", "source", "generated"], decks).map { (set: $0, table: try open($1)) }
      return (try ColumnMatch.match(&tables, on: world), tables.map(\.table))
    }

    @Test func columnsAreMatched() throws {
      try folder.write("t.csv", "a,b,c\n1,2,3\n")
      try folder.write("s.csv", "c,x,a,y\n30,0,10,0\n31,0,11,0\n")
      try folder.write("n.csv", "1,2,3\n")
      let (found, tables) = try match([#"{"file": "t.csv"}"#, #"{"file": "s.csv"}"#])
      #expect(found?.description == "2 columns matched by name; 1 of target left out; 2 of source left out")
      #expect(
        try tables[0].excerpt(atMost: .max).array == [[1, 3]]
          && tables[1].excerpt(atMost: .max).array == [[10, 30], [11, 31]])
      #expect(tables[0].dimension == 2 && tables[1].columnNames == ["a", "c"])
      // Without names columns are taken by number.
      let (none, numbered) = try match([#"{"file": "t.csv"}"#, #"{"file": "n.csv"}"#])
      #expect(none == nil && numbered[1].dimension == 3)
      let (same, three) = try match([#"{"file": "t.csv"}"#, #"{"file": "t.csv"}"#, #"{"file": "n.csv"}"#])
      #expect(same?.description == "3 columns matched by name" && three[2].dimension == 3)
    }

    @Test func whatCannotBeMatchedIsRefused() throws {
      try folder.write("t.csv", "a,b\n1,2\n")
      try folder.write("other.csv", "c,d\n1,2\n")
      try folder.write("twice.csv", "a,a\n1,2\n")
      try folder.write("part.csv", "b,c\n1,2\n")
      try folder.write("n.csv", "1,2\n")
      func message(_ files: [String]) -> String {
        do {
          _ = try match(files.map { #"{"file": "\#($0)"}"# })
          return "no error"
        } catch { return (error as? AgreedError)?.exitCode == 2 ? "\(error)" : "not agreed: \(error)" }
      }
      #expect(message(["t.csv", "other.csv"]).contains("has no column of a name that"))
      #expect(message(["t.csv", "twice.csv"]).contains("has several columns 'a'"))
      #expect(message(["t.csv", "part.csv", "n.csv"]).contains("generated: its columns have no names"))
    }
  }
}
