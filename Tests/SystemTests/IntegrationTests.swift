import Foundation
import Support
import Testing

/// Samples of one study moved onto those of another: what a run keeps, and what `evaluate` says of it.
@Suite struct IntegrationTests {
  /// Counts of six genes in two kinds of samples, the second study twice as deep.
  private static func table(_ rows: Int, depth: Double, _ name: String) -> String {
    var text = "name,a,b,c,d,e,f,kind\n"
    for i in 0..<rows {
      let isOdd = i % 3 == 0
      let genes = (0..<6).map { gene in
        let wave = 1 + Double((i * (7 + 4 * gene) + gene * gene) % 23) / 8
        return depth * wave * (isOdd == (gene < 3) ? 9 : 2)
      }
      text += "\(name)\(i)," + genes.map { "\($0)" }.joined(separator: ",") + ",\(isOdd ? "u" : "v")\n"
    }
    return text
  }

  private func place(_ more: String = "") throws -> Workplace {
    let place = try Workplace()
    _ = try place.folder.write(Self.table(90, depth: 1, "s"), to: "source.csv")
    _ = try place.folder.write(Self.table(120, depth: 2, "t"), to: "target.csv")
    try place.write(
      deck: """
        source: {file: source.csv, labels: {column: kind}}
        target: {file: target.csv, labels: {column: kind}}
        transform: [log1p, standardize, {pca: {components: 3}}]
        discriminator: {hidden: [8]}
        training: {iterations: 2}
        transport: {steps: 6}
        \(more)
        """)
    return place
  }

  @Test func table4ByClass() throws {
    let place = try place()
    let run = try place.run(ranks: 2)
    #expect(
      run.exitCode == 0 && run.output.contains("of the order of the particles' distances is kept"), "\(run.description)"
    )
    let columns = try place.text("metrics.csv").split(separator: "\n")[0].split(separator: ",").map(String.init)
    #expect(Set(["kept", "neighbours_kept", "moved"]).isSubset(of: columns))
    var answers: [String] = []
    for ranks in [1, 3] {
      let outcome = try place.command(ranks: ranks, ["evaluate", "out", "--json"])
      #expect(outcome.exitCode == 0, "\(outcome.description)")
      answers.append(
        outcome.output.split(separator: "\n").filter { !$0.contains("\"seconds\"") }.joined(separator: "\n"))
    }
    #expect(answers[0] == answers[1])
    let found = try #require(
      JSONSerialization.jsonObject(
        with: Data(try place.command(["evaluate", "out", "--json"]).output.utf8)) as? [String: Any])
    let flows = try #require(found["original_space"] as? [[String: Any]])
    #expect(flows.map { $0["flow"] as? String } == ["u", "v"])
    for flow in flows {
      let rows = try #require(flow["squared_w2"] as? [String: [String: Any]])
      let before = try #require(rows["as they were"]?["original"] as? Double)
      let shifted = try #require(rows["mean shift"]?["original"] as? Double)
      #expect(shifted < 0.5 * before)
      let bounded = try #require(flow["theorem_3"] as? [String: Double])
      #expect(try #require(bounded["distance"]) <= #require(bounded["bound"]))
    }
    let words = try #require(found["judgement"] as? String)
    #expect(words.contains("As an integration it is"), "\(words)")
    let table = try place.command(["evaluate", "out"])
    #expect(table.output.contains("all to the mean") && table.output.contains("theorem 3"), "\(table.description)")
    let longest = table.output.split(separator: "\n").map(\.count).max() ?? 0
    #expect(longest <= 100, "\(longest)")
  }

  /// Labels that are not used are warned of where the shares of their rows differ.
  @Test func unlikeCompositions() throws {
    let place = try place("classes: ignored")
    let lines = Self.table(120, depth: 2, "t").split(separator: "\n").enumerated()
    let fewer = lines.filter { $0.offset < 40 || !$0.element.hasSuffix(",u") }.map(\.element)
    _ = try place.folder.write(fewer.joined(separator: "\n") + "\n", to: "target.csv")
    let outcome = try place.run()
    #expect(outcome.exitCode == 0, "\(outcome.description)")
    #expect(outcome.output.contains("classes: separate does not"), "\(outcome.description)")
    let evaluated = try place.command(["evaluate", "out"])
    #expect(evaluated.output.contains("wrong_neighbours"), "\(evaluated.description)")
  }

  /// A run that went on for long is told where it should have ended.
  @Test func betterStep() throws {
    let place = try Workplace()
    var state: UInt64 = 7
    func normal() -> Float {
      (0..<12).reduce(-6) { sum, _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return sum + Float(state >> 40) / Float(1 << 24)
      }
    }
    try write(rows: (0..<80).map { _ in (0..<8).map { _ in normal() } }, to: place.folder.file("a.npy"))
    try write(
      rows: (0..<60).map { _ in (0..<8).map { 3 + normal() * ($0 < 4 ? 0.3 : 1.5) } }, to: place.folder.file("b.npy"))
    try place.write(
      deck:
        "source: {file: a.npy}\ntarget: {file: b.npy}\nstop: {automatic: false}\ndiscriminator: {hidden: [32, 32]}\n")
    let settings = ["transport.steps=80", "training.iterations=5"].flatMap { ["--set", $0] }
    #expect(try place.run(settings).exitCode == 0)
    let outcome = try place.command(["evaluate", "out", "--metrics", "structure,energy_distance"])
    #expect(outcome.output.contains("divergence falls slower from step"), "\(outcome.description)")
    let short = try place.run(["--overwrite", "--set", "transport.steps=4"])
    #expect(short.exitCode == 0)
    let early = try place.command(["evaluate", "out", "--metrics", "structure,energy_distance"])
    #expect(early.exitCode == 0 && !early.output.contains("falls slower"), "\(early.description)")
  }
}
