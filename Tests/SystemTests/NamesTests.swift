import Foundation
import Support
import Testing

/// Names of columns and rows from the files of a deck to run.h5.
@Suite struct NamesTests {
  private func place() throws -> Workplace {
    let place = try Workplace()
    var target = "height,weight\n", source = "id,height,weight,group\n", swapped = "id,weight,group,height,age\n"
    for i in 0..<60 {
      let (a, b) = (Double(i % 7) / 3, Double(i % 11) / 5)
      target += "\(a + 2),\(b + 1)\n"
      source += "p\(i),\(a),\(b),\(i % 2 == 0 ? "even" : "odd")\n"
      swapped += "p\(i),\(b),\(i % 2 == 0 ? "even" : "odd"),\(a),\(i)\n"
    }
    for (name, text) in [("target", target), ("source", source), ("swapped", swapped)] {
      _ = try place.folder.write(text, to: name + ".csv")
      try place.write(
        deck: """
          source: {file: \(name).csv, labels: {column: group}}
          target: {file: target.csv}
          discriminator: {hidden: [8]}
          transport: {steps: 4}
          """, to: name + ".yaml")
    }
    return place
  }

  /// Columns in another order, with one more, give the bits of the same columns in order.
  @Test(arguments: [1, 3]) func orderOfColumnsDoesNotMatter(ranks: Int) throws {
    let place = try place()
    let plain = try place.run(ranks: ranks, deck: "source.yaml", output: "plain")
    let swapped = try place.run(ranks: ranks, deck: "swapped.yaml", output: "swapped")
    #expect(plain.exitCode == 0 && plain.output.contains("2 columns matched by name\n"), "\(plain.description)")
    #expect(
      swapped.exitCode == 0 && swapped.output.contains("2 columns matched by name; 1 of source left out"),
      "\(swapped.description)")
    let one = try place.result("plain"), other = try place.result("swapped")
    expectSameBits(try other.floats("particles"), try one.floats("particles"))
    #expect(try one.file.texts(of: "names/columns") == ["height", "weight"])
    #expect(try one.file.texts(of: "names/particles") == (0..<60).map { "p\($0)" })
    #expect(try one.file.texts(of: "labels/particles").prefix(3) == ["even", "odd", "even"])
    #expect(try !one.file.exists("labels/target"))
  }

  @Test func nothingInCommon() throws {
    let place = try place()
    _ = try place.folder.write("a,b\n1,2\n3,4\n", to: "target.csv")
    for ranks in [1, 3] {
      let outcome = try place.run(ranks: ranks, deck: "source.yaml")
      #expect(outcome.exitCode == 2, "\(outcome.description)")
      #expect(outcome.errors.contains("has no column of a name that"), "\(outcome.description)")
    }
  }

  /// `check` measures the target as the run takes it: without the columns that the source lacks.
  @Test func adviceSeesMatchedColumns() throws {
    let place = try place()
    _ = try place.folder.write("far,height,weight\n0,1,2\n9000,3,4\n", to: "target.csv")
    let checked = try place.command(["check", "source.yaml"])
    #expect(checked.output.contains("the target's diameter is 2.828 "), "\(checked.output)")
  }

  @Test func divergenceMatchesAsWell() throws {
    let place = try place()
    _ = try place.folder.write("b,a\n1,2\n3,4\n5,1\n", to: "x.csv")
    _ = try place.folder.write("a,b\n2,1\n4,3\n1,5\n", to: "y.csv")
    let outcome = try place.command(["divergence", "x.csv", "y.csv", "--json"])
    #expect(outcome.exitCode == 0, "\(outcome.description)")
    let upper = outcome.output.split(separator: "\"upper\": ").last?.prefix { $0 != "," }
    #expect(try abs(#require(upper.flatMap { Double($0) })) < 1e-6, "\(outcome.output)")
  }

  /// A first line that can be either is asked for: by the keys of a deck, and by an option where there is no deck.
  @Test func headersThatAreUnclear() throws {
    let place = try place()
    _ = try place.folder.write("0,1\n1,0\n0,1\n1,1\n", to: "unclear.csv")
    let asked = try place.command(["divergence", "unclear.csv", "unclear.csv"])
    #expect(asked.exitCode == 2 && asked.errors.contains("header: true"), "\(asked.description)")
    for (header, rows) in [("true", 3), ("false", 4)] {
      let outcome = try place.command(["divergence", "unclear.csv", "unclear.csv", "--header", header])
      #expect(outcome.output.contains(": \(rows) and \(rows) samples in 2"), "\(outcome.description)")
      let keys = ["target.file=unclear.csv", "source.file=unclear.csv", "source.labels=null"].flatMap { ["--set", $0] }
      let sides = ["source", "target"].flatMap { ["--set", "\($0).header=\(header)"] }
      let checked = try place.command(["check", "source.yaml"] + keys + sides)
      #expect(checked.output.contains("# target: \(rows) rows of 2 columns"), "\(checked.description)")
    }
  }
}
