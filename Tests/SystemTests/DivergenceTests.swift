import Foundation
import Support
import Testing

/// `gpa-mpi divergence` against divergences that are known.
@Suite struct DivergenceTests {
  private struct Bracket: Decodable {
    let lower: Double, upper: Double?, network: Double, potentials: Double?
    let iterations: Int, seconds: Double
  }

  private struct Cases: Decodable {
    struct Case: Decodable {
      let name: String, f: String
      let lipschitz: Double, value: Double
      let first: [[Double]], second: [[Double]]

      enum CodingKeys: String, CodingKey {
        case name, f, value
        case lipschitz = "L"
        case first = "X"
        case second = "Y"
      }
    }
    let cases: [Case]
  }

  private let place: Workplace

  init() throws { place = try Workplace() }

  private func write(_ rows: [[Double]], to name: String) throws {
    let array = NumPyArray(shape: [rows.count, rows[0].count], values: rows.flatMap { $0 })
    try NumPyFile.write(array, to: place.folder.file(name))
  }

  private func measure(ranks: Int = 1, _ words: String...) throws -> Bracket { try measure(ranks: ranks, words) }

  private func measure(ranks: Int = 1, _ words: [String]) throws -> Bracket {
    let outcome = try place.command(ranks: ranks, ["divergence", "a.npy", "b.npy", "--json"] + words)
    try #require(outcome.exitCode == 0, "\(outcome.description)")
    return try JSONDecoder().decode(Bracket.self, from: Data(outcome.output.utf8))
  }

  /// Between two points at distance r it is L r for every f, far from the origin as well.
  @Test(arguments: ["kl", "alpha", "reverse_kl", "jensen_shannon"])
  func twoPoints(f: String) throws {
    try write([[1e4, 2]], to: "a.npy")
    try write([[1e4 + 3, -2]], to: "b.npy")
    let found = try measure("--f", f, "--lipschitz", "0.5")
    for value in [found.lower, found.network, try #require(found.upper)] { expectClose(value, 2.5, relative: 1e-3) }
  }

  /// Points that all lie on each other are no distance apart, and the bracket is one of numbers.
  @Test(arguments: ["kl", "alpha", "reverse_kl", "jensen_shannon"])
  func onePlace(f: String) throws {
    try write([[3, -4], [3, -4]], to: "a.npy")
    try write([[3, -4], [3, -4], [3, -4]], to: "b.npy")
    let found = try measure("--f", f), upper = try #require(found.upper), potentials = try #require(found.potentials)
    for value in [found.lower, upper, potentials, found.network] { #expect(abs(value) < 1e-12) }
    #expect(found.lower <= upper)
  }

  /// Rounding does not turn the bracket of equal sets round.
  @Test func equalSets() throws {
    for name in ["a.npy", "b.npy"] { try write((0..<40).map { [sin(Double($0)), cos(Double(3 * $0))] }, to: name) }
    let found = try measure(), upper = try #require(found.upper)
    #expect(abs(found.lower) < 1e-12 && upper < 1e-12 && found.lower <= upper)
  }

  /// Where the cost of a plan is beyond all numbers there is no upper bound; a large L is no trouble.
  @Test func extremes() throws {
    try write((0..<40).map { [sin(Double($0)), cos(Double(3 * $0))] }, to: "a.npy")
    try write((0..<30).map { [1 + sin(Double(7 * $0)), cos(Double(5 * $0))] }, to: "b.npy")
    let steep = try measure("--f", "alpha", "--alpha", "1e6")
    #expect(steep.upper == nil && steep.network > 0 && steep.network <= steep.lower)
    let large = try measure("--lipschitz", "1e8"), upper = try #require(large.upper)
    #expect(large.network > 0.7 * upper && large.lower > 0.99 * upper && large.lower <= upper)
  }

  /// One point from two: D = -log of the mean of exp(-L r).
  @Test func oneFromTwo() throws {
    try write([[0]], to: "a.npy")
    try write([[1], [-2.5]], to: "b.npy")
    let found = try measure("--lipschitz", "0.8"), truth = -log((exp(-0.8) + exp(-2)) / 2)
    expectClose(found.lower, truth, relative: 2e-3)
    let upper = try #require(found.upper)
    expectClose(upper, truth, relative: 2e-3)
    #expect(found.lower <= truth * (1 + 1e-5) && upper >= truth * (1 - 1e-5))
  }

  /// The sets are shared out among the ranks, and no bit changes.
  @Test func ranks() throws {
    try write((0..<301).map { [sin(Double($0)), cos(Double(3 * $0))] }, to: "a.npy")
    try write((0..<177).map { [1 + 0.5 * sin(Double(7 * $0)), 0.01 * Double($0)] }, to: "b.npy")
    let alone = try measure()
    let upper = try #require(alone.upper)
    #expect(alone.network <= alone.lower && alone.lower <= upper && upper < 1.02 * alone.lower)
    for ranks in [2, 3, 7] {
      let found = try measure(ranks: ranks)
      #expect(found.network == alone.network && found.lower == alone.lower && found.upper == alone.upper)
      #expect(found.iterations == alone.iterations)
    }
  }

  /// Cases whose divergences a finite concave program knows: no network exceeds them, and the tight ones come near.
  @Test(
    .enabled(if: sharedFolder(named: "oracle") != nil, "the oracle's exact cases are not beside the package"),
    arguments: [
      ("orthonormal", "max_min", 0.945), ("orthonormal", "smooth_max_min", 0.93), ("normalized", "relu", 0.77),
      ("normalized", "max_min", 0.91), ("spectral", "relu", 0.55), ("frobenius", "relu", 0.5),
    ])
  func exactCases(constraint: String, activation: String, share: Double) throws {
    let file = try #require(sharedFolder(named: "oracle")).appendingPathComponent("exact_cases.json")
    let cases = try JSONDecoder().decode(Cases.self, from: Data(contentsOf: file)).cases
    var sum = 0.0
    for each in cases {
      try write(each.first, to: "a.npy")
      try write(each.second, to: "b.npy")
      let f = each.f == "KL" ? ["--f", "kl"] : ["--f", "alpha", "--alpha", String(each.f.dropFirst("alpha=".count))]
      let found = try measure(
        f + ["--lipschitz", "\(each.lipschitz)", "--constraint", constraint, "--activation", activation])
      #expect(found.network <= each.value * (1 + 1e-3), "\(each.name)")
      #expect(found.lower <= each.value * (1 + 1e-5) && found.lower >= 0.99 * each.value, "\(each.name)")
      let upper = try #require(found.upper)
      #expect(upper >= each.value * (1 - 1e-5) && upper <= 1.01 * each.value, "\(each.name)")
      sum += found.network / each.value
    }
    #expect(sum / Double(cases.count) >= share)
  }

  @Test(arguments: [
    (["a.npy"], "two sample files"), (["a.npy", "missing.npy"], "missing.npy"), (["a.npy", "c.npy"], "2 columns"),
    (["a.npy", "nan.npy"], "row 2"), (["a.npy", "b.npy", "--lipschitz", "-1"], "--lipschitz"),
    (["a.npy", "b.npy", "--lipshitz", "1"], "did you mean --lipschitz"), (["a.npy", "b.npy", "--f", "k"], "kl"),
    (["a.npy", "b.npy", "--hidden", "3,x"], "gpa-mpi: --hidden: "), (["a.npy", "b.npy", "--seed"], "needs a value"),
    (["a.npy", "b.npy", "--f", "alpha", "--alpha", "1"], "gpa-mpi: --alpha: must be"),
    (["a.npy", "b.npy", "--alpha", "3"], "gpa-mpi: --alpha: belongs to f: alpha"),
    (["a.npy", "b.npy", "--json=1"], "no value"),
    (["a.npy", "b.npy", "--lipschitz", "1e300"], "a smaller --lipschitz"),
  ])
  func mistakes(words: [String], said: String) throws {
    try write([[0, 0], [1, 1]], to: "a.npy")
    try write([[0, 0], [1, 2]], to: "b.npy")
    try write([[0], [1]], to: "c.npy")
    try write([[0, 0], [.nan, 2]], to: "nan.npy")
    for ranks in [1, 3] {
      let outcome = try place.command(ranks: ranks, ["divergence"] + words)
      #expect(outcome.exitCode == 2 && !outcome.timedOut, "\(outcome.description)")
      #expect(outcome.errors.contains(said), "\(outcome.description)")
    }
  }
}
