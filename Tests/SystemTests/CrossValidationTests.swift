import Foundation
import HDF5
import Support
import Testing

/// Folds of the target that are kept back.
@Suite struct CrossValidationTests {
  private func place() throws -> Workplace {
    let place = try Workplace()
    var rows = "kind,x,y\n"
    for i in 0..<23 { rows += "\(i % 3 == 0 ? "a" : "b"),\(Double(i) / 8),\(Double(i * i % 23) / 16)\n" }
    try rows.write(toFile: place.folder.file("target.csv"), atomically: true, encoding: .utf8)
    try place.write(
      deck: """
        source: {sampler: gaussian, count: 60, dimension: 2}
        target: {file: target.csv, columns: [x, y], labels: {file: target.csv, column: kind}}
        classes: ignored
        transport: {steps: 4}
        stop: {automatic: false}

        """)
    return place
  }

  /// The folds hold every row once, the rest is the target, on any number of ranks; evaluate judges by the fold.
  @Test func folds() throws {
    let place = try place()
    var all: [[Float]] = []
    for fold in 1...4 {
      var bits: [String: [Double]]?
      for ranks in [1, 3] {
        let outcome = try place.run(
          ranks: ranks,
          ["--overwrite", "--set", "cross_validation.fold=\(fold)", "--set", "cross_validation.folds=4"])
        try #require(outcome.exitCode == 0, "\(outcome.description)")
        let found = try place.result().reproducible()
        #expect(bits == nil || found == bits)
        bits = found
      }
      let result = try place.result(), kept = try result.floats("held_out"), left = try result.floats("target")
      #expect(kept.count == (fold < 4 ? 12 : 10) && kept.count + left.count == 46)
      let pairs = stride(from: 0, to: kept.count, by: 2).map { [kept[$0], kept[$0 + 1]] }
      #expect(!stride(from: 0, to: left.count, by: 2).contains { pairs.contains([left[$0], left[$0 + 1]]) })
      all += pairs
    }
    #expect(all.count == 23 && Set(all).count == 23)
    let judged = try place.command(["evaluate", "out", "--metrics", "energy_distance,nearest_neighbours"])
    #expect(judged.exitCode == 0 && judged.output.contains("nearer_to_training"), "\(judged.description)")
  }

  @Test(arguments: [
    (["cross_validation.fold=6"], "is 6, and there are 5 folds"),
    (
      ["cross_validation.folds=24"],
      "23 target samples, of a class where there are classes, cannot be parted into 24 folds"
    ),
    (["cross_validation.fold=1", "stop.held_out.share=0.2"], "choose one"),
  ])
  func refused(_ settings: [String], _ message: String) throws {
    let outcome = try place().run(ranks: 2, settings.flatMap { ["--set", $0] })
    #expect(outcome.exitCode == 2 && outcome.errors.contains(message), "\(outcome.description)")
  }
}
