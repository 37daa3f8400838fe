import Foundation
import Support
import Testing

/// `gpa-mpi evaluate` on files and run folders.
@Suite struct EvaluateTests {
  private struct Report: Decodable, Equatable {
    struct Quantity: Decodable, Equatable {
      let metric: String, value: Double?, error: Double?, floor: Double?, remark: String?
      let generated: Double?, copy: Double?, meanShift: Double?, gaussianMap: Double?

      enum CodingKeys: String, CodingKey {
        case metric, value, floor, remark, generated, copy
        case error = "standard_error"
        case meanShift = "mean_shift"
        case gaussianMap = "gaussian_map"
      }
    }
    let rows: [String: Int?], dimension: Int, quantities: [String: Quantity], judgement: String

    enum CodingKeys: String, CodingKey { case rows, dimension, quantities, judgement }

    func value(_ name: String) throws -> Double { try #require(quantities[name]?.value, "\(name)") }
  }

  private let place: Workplace

  init() throws { place = try Workplace() }

  /// Numbers that look random, the same for every start.
  private func rows(_ count: Int, _ columns: Int, seed: UInt64, spread: Double = 1, offset: Double = 0) -> [[Double]] {
    var state = seed &* 0x9E37_79B9_7F4A_7C15
    func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (Double(state >> 11) + 0.5) / 9_007_199_254_740_992
    }
    return (0..<count).map { _ in
      (0..<columns).map { _ in offset + spread * (-2 * log(uniform())).squareRoot() * cos(2 * .pi * uniform()) }
    }
  }

  private func write(_ rows: [[Double]], to name: String) throws {
    try NumPyFile.write(
      NumPyArray(shape: [rows.count, rows[0].count], values: rows.flatMap { $0 }), to: place.folder.file(name))
  }

  private func evaluate(ranks: Int = 1, _ words: String...) throws -> Report {
    let outcome = try place.command(ranks: ranks, ["evaluate", "--json"] + words)
    try #require(outcome.exitCode == 0, "\(outcome.description)")
    return try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
  }

  private func distance(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
  }

  /// The definitions by all pairs, copies that were planted, and the sentence that says so; the bits of every number of ranks.
  @Test func filesOnAnyRanks() throws {
    let b = rows(300, 6, seed: 1), heldOut = rows(300, 6, seed: 2), source = rows(150, 6, seed: 3, spread: 3, offset: 5)
    var a = rows(400, 6, seed: 4)
    for i in 0..<4 {
      a[i] = b[10 * i]
      a[100 + i] = zip(b[i + 200], rows(1, 6, seed: 5)[0]).map { $0 + 0.01 * $1 }
    }
    for (name, set) in [("a", a), ("b", b), ("c", heldOut), ("s", source)] { try write(set, to: "\(name).npy") }
    let words = ["a.npy", "b.npy", "--held-out", "c.npy", "--baseline", "s.npy"]
    let outcomes = try [1, 2, 3, 7].map { ranks in
      let outcome = try place.command(ranks: ranks, ["evaluate", "--json"] + words)
      try #require(outcome.exitCode == 0, "\(outcome.description)")
      return outcome.output.split(separator: "\n").filter { !$0.contains("\"seconds\"") }
    }
    for outcome in outcomes.dropFirst() { #expect(outcome == outcomes[0]) }

    let found = try evaluate("a.npy", "b.npy", "--held-out", "c.npy", "--baseline", "s.npy")
    func nearest(_ set: [[Double]], _ other: [[Double]]) -> [Double] {
      set.map { row in other.map { distance(row, $0) }.min() ?? 0 }
    }
    let near = nearest(a, b), far = nearest(a, heldOut), fresh = nearest(heldOut, b).sorted()
    #expect(try found.value("nearer_to_training") == Double(zip(near, far).count { $0 < $1 }) / 400)
    let limit = fresh[14] + 0.95 * (fresh[15] - fresh[14])
    #expect(try found.value("copies") == Double(near.count { $0 < limit }) / 400)
    #expect(try found.value("exact_copies") == 0.01 && found.value("near_copies") == 0.01)
    #expect(found.judgement.hasPrefix("A copies: 2.0% of its rows"), "\(found.judgement)")
    #expect(found.quantities["exact_copies"]?.copy == 1 && found.quantities["exact_copies"]?.floor == 0)
    let wide = try #require(found.quantities["variance_ratio"])
    #expect(try #require(wide.meanShift) > 6 && abs(#require(wide.gaussianMap) - 1) < 0.1)
    #expect(found.rows == ["a": 400, "b": 300, "held_out": 300] && found.dimension == 6)
  }

  /// A table says the same to people, in lines of at most 100 letters, and what its columns and figures are.
  @Test func table() throws {
    for (name, seed) in [("a", 1), ("b", 2), ("c", 3), ("s", 4)] as [(String, UInt64)] {
      try write(rows(60, 3, seed: seed), to: "\(name).npy")
    }
    let outcome = try place.command(["evaluate", "a.npy", "b.npy", "--held-out", "c.npy", "--baseline", "s.npy"])
    #expect(outcome.exitCode == 0, "\(outcome.description)")
    #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count <= 100 })
    for words in ["real rows", "gauss", "Kynkaanniemi", "standard error", "A holds no copies"] {
      #expect(outcome.output.contains(words), "\(outcome.output)")
    }
    let help = try place.command(["--help"]).output, list = try place.command(["--list"]).output
    #expect(help.contains("gpa-mpi evaluate A B | RUN"))
    #expect(list.contains("evaluate --metrics: ") && list.contains("nearest_neighbours"))
  }

  /// The help of one command, in lines of at most 80 letters as all help is, tells of every metric.
  @Test func help() throws {
    let ways = [["help", "evaluate"], ["evaluate", "--help"], ["-h", "evaluate", "a.npy"]]
    let texts = try ways.map { try place.command($0).output }
    #expect(texts[1] == texts[0] && texts[2] == texts[0])
    for word in ["--held-out", "sinkhorn_w2:", "nearest_neighbours:", "standard_error", "Exit codes"] {
      #expect(texts[0].contains(word))
    }
    #expect(!texts[0].contains("gpa-mpi divergence"))
    for text in try [place.command(["help"]).output, texts[0]] {
      #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }
    let wrong = try place.command(["help", "evalute"])
    #expect(wrong.exitCode == 2 && wrong.errors.contains("did you mean evaluate"), "\(wrong.description)")
  }

  /// Columns are matched by name, in .csv files of any order, and by number where a set has no names.
  @Test func columnsByName() throws {
    let b = rows(50, 2, seed: 7), a = rows(40, 2, seed: 8)
    func text(_ rows: [[Double]], _ names: String, _ order: [Int]) -> String {
      names + "\n" + rows.map { row in order.map { "\(row[$0])" }.joined(separator: ",") }.joined(separator: "\n")
        + "\n"
    }
    _ = try place.folder.write(text(a, "x,y", [0, 1]), to: "a.csv")
    _ = try place.folder.write(text(b, "y,x", [1, 0]), to: "b.csv")
    _ = try place.folder.write(text(b, "x,y", [0, 1]), to: "same.csv")
    try write(a, to: "a.npy")
    let named = try evaluate("a.csv", "b.csv", "--held-out", "same.csv")
    #expect(try named.value("nearer_to_training") == 0.5)
    #expect(try evaluate("a.npy", "same.csv", "--held-out", "b.csv").value("nearer_to_training") == 0.5)
  }

  /// Far from the origin, in float64, everything is as near it.
  @Test func farAway() throws {
    // Multiples of a power of two, which stay what they are when an offset is added.
    let sets = (1...3).map { rows(80, 4, seed: UInt64(20 + $0)).map { $0.map { ($0 * 1024).rounded() / 1024 } } }
    for (name, set) in zip(["a", "b", "c"], sets) {
      try write(set, to: "\(name).npy")
      try write(set.map { $0.map { $0 + 1e8 } }, to: "\(name)-far.npy")
    }
    let near = try evaluate("a.npy", "b.npy", "--held-out", "c.npy")
    #expect(try evaluate("a-far.npy", "b-far.npy", "--held-out", "c-far.npy") == near)
  }

  /// A run is judged by its own target and start, and what it carried along beside it.
  @Test func runFolder() throws {
    try place.write(
      deck: """
        source: {sampler: gaussian, count: 200, dimension: 2, standard_deviation: 3}
        generated: {sampler: gaussian, count: 100, dimension: 2, standard_deviation: 3}
        target: {sampler: gaussian_mixture, means: [[-2, 0], [2, 1]], standard_deviation: 0.3, count: 150}
        transport: {steps: 12}
        checkpoint: {every: 0}
        """)
    let run = try place.run()
    try #require(run.exitCode == 0, "\(run.description)")
    let found = try evaluate("out"), precision = try #require(found.quantities["precision"])
    #expect(found.rows["a"] == 200 && found.rows["b"] == 150)
    #expect(precision.value != nil && precision.generated != nil && precision.meanShift != nil)
    let result = try place.result(), particles = try result.floats("particles"), target = try result.floats("target")
    func variance(_ values: [Float]) -> Double {
      (0..<2).reduce(0) { sum, k in
        let column = stride(from: k, to: values.count, by: 2).map { Double(values[$0]) }
        let mean = column.reduce(0, +) / Double(column.count)
        return sum + column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(column.count - 1)
      }
    }
    #expect(try abs(found.value("variance_ratio") - variance(particles) / variance(target)) < 1e-4)
    // The particles by the folder's name and by the array's.
    let metric = ["--metrics", "precision_recall"]
    let byFolder = try evaluate("out", "out/run.h5:target", metric[0], metric[1])
    #expect(try evaluate("out/run.h5:particles", "out/run.h5:target", metric[0], metric[1]) == byFolder)
    for ranks in [2, 3] { #expect(try evaluate(ranks: ranks, "out") == found) }
  }

  @Test(arguments: [
    (["a.npy"], "no run folder"), ([], "two sample sets or a run folder"), (["a.npy", "missing.npy"], "missing.npy"),
    (["a.npy", "three.npy"], "A has 2 columns and B 3"),
    (["nan.npy", "a.npy"], "row 2"), (["a.npy", "one.npy"], "B has 1 row"),
    (["a.npy", "a.npy", "--held-out", "one.npy"], "held-out"), (["a.npy", "folder"], "without run.h5"),
    (["a.npy", "a.npy", "--metrics", "purity"], "no metric 'purity'"),
    (["a.npy", "a.npy", "--metrics", "nearest_neighbors"], "did you mean nearest_neighbours"),
    (["a.npy", "a.npy", "--metrics", ""], "no metric"), (["a.npy", "a.npy", "--heldout", "a.npy"], "--held-out"),
    (["far.npy", "a.npy"], "spread of B"), (["a.npy", "a.npy", "a.npy"], "two sample sets or a run folder"),
  ])
  func mistakes(words: [String], said: String) throws {
    try write([[0, 0], [1, 1], [2, 1]], to: "a.npy")
    try write([[0, 0, 1], [1, 1, 1]], to: "three.npy")
    try write([[0, 0], [.nan, 2]], to: "nan.npy")
    try write([[0, 0]], to: "one.npy")
    try write([[1e30, 0], [0, 1e30]], to: "far.npy")
    try FileManager.default.createDirectory(atPath: place.folder.file("folder"), withIntermediateDirectories: true)
    for ranks in [1, 3] {
      let outcome = try place.command(ranks: ranks, ["evaluate"] + words)
      #expect(outcome.exitCode == 2 && !outcome.timedOut, "\(outcome.description)")
      #expect(outcome.errors.contains(said), "\(outcome.description)")
    }
  }

  /// A run that has not ended has no moved particles yet.
  @Test func unfinishedRun() throws {
    try place.write(
      deck: """
        source: {sampler: gaussian, count: 20, dimension: 1}
        target: {sampler: gaussian, count: 20, dimension: 1, mean: [1]}
        transport: {steps: 1000000}
        stop: {automatic: false}
        """)
    let job = try MPIJob(
      ranks: 1, arguments: ["run", "deck.yaml", "--output", "out", "--quiet"], folder: place.folder.path)
    for _ in 0..<600 where !place.exists("out/run.h5") { usleep(100_000) }
    let outcome = try place.command(["evaluate", "out"])
    _ = job.wait(timeout: 0)
    #expect(outcome.exitCode == 2 && outcome.errors.contains("has not ended"), "\(outcome.description)")
  }
}
