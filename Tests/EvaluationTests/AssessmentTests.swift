import Evaluation
import Numerics
import Testing

/// The mean of A's first column less that of B's.
private struct Offset: SampleMetric {
  static let name = "offset", meaning = "the distance of means"
  static let isDistance = true

  static func seconds(_ counts: SetCounts) -> Double { 1e-3 }

  func measure(_ pair: SamplePair) -> [Quantity] {
    func mean(_ rows: Matrix) -> Double { (0..<rows.rows).reduce(0) { $0 + Double(rows[$1, 0]) } / Double(rows.rows) }
    return [Quantity("offset", mean(pair.a) - mean(pair.b))]
  }
}

/// A metric that takes long.
private struct Slow: SampleMetric {
  static let name = "slow", meaning = "long"
  static let isDistance = false

  static func seconds(_ counts: SetCounts) -> Double { 2 * Assessment.mostSeconds }

  func measure(_ pair: SamplePair) -> [Quantity] { [Quantity("slow", Double(pair.heldOut?.rows ?? 0))] }
}

@Suite(.serialized) struct AssessmentTests {
  private func sets(heldOut: Matrix?) throws -> SampleSets {
    SampleSets(
      judged: [.init("a", Sets.gaussian(400, 2, key: 30, mean: 1))],
      baselines: [.init("mean_shift", Sets.gaussian(100, 2, key: 31))],
      reference: Sets.gaussian(600, 2, key: 32), heldOut: heldOut, on: try Sets.world())
  }

  /// A distance is taken from B and from the held-out rows, each beside real rows and baselines, with a standard error as
  /// statistics have it.
  @Test func distances() throws {
    let found = try Assessment(of: try sets(heldOut: Sets.gaussian(500, 2, key: 33)), metrics: [Offset.self])
    #expect(found.rows.map(\.name) == ["offset", "offset_to_held_out"])
    for row in found.rows {
      let figures = row.figures
      #expect(Set(figures.keys) == ["a", "floor", "mean_shift"])
      let own = try #require(figures["a"]), value = try #require(own.value), error = try #require(own.standardError)
      #expect(abs(value - 1) < 0.25)
      let expected = (1.0 / 400 + 1.0 / 550).squareRoot()
      #expect(error > 0.5 * expected && error < 2 * expected)
    }
    #expect(found.rows[0].figures["floor"] == found.rows[1].figures["floor"])
    #expect(found.rows[0].figures["a"] != found.rows[1].figures["a"])
    #expect(!found.isShortened && found.leftOut.isEmpty)
  }

  /// Where nothing is held out, real rows are two halves of B.
  @Test func halvesOfB() throws {
    let found = try Assessment(of: try sets(heldOut: nil), metrics: [Offset.self]),
      floor = found.rows[0].figures["floor"]
    #expect(found.rows.count == 1)
    let value = try #require(floor?.value)
    #expect(value != 0 && abs(value) < 0.4)
  }

  /// What needs held-out rows besides is judged by one half of them, with the other half held out.
  @Test func halvesOfHeldOut() throws {
    struct Counting: SampleMetric {
      static let name = "counting", meaning = "counts"
      static let isDistance = false, usesHeldOut = true
      func measure(_ pair: SamplePair) -> [Quantity] {
        [Quantity("a", Double(pair.a.rows)), Quantity("c", pair.heldOut.map { Double($0.rows) })]
      }
    }
    let found = try Assessment(of: try sets(heldOut: Sets.gaussian(501, 2, key: 34)), metrics: [Counting.self])
    #expect(found.rows.map { $0.figures["floor"]?.value } == [250, 251])
    #expect(found.rows.map { $0.figures["a"]?.value } == [400, 501])
  }

  /// What takes long is left out and said, unless it is asked for by name: then A's figures are taken and nothing beside.
  @Test func longOnes() throws {
    let sets = try sets(heldOut: nil), usual = try Assessment(of: sets, metrics: nil, among: [Slow.self, Offset.self])
    #expect(usual.leftOut.map { $0.metric.name } == ["slow"])
    #expect(usual.rows.map(\.name) == ["offset"])
    let asked = try Assessment(of: sets, metrics: [Slow.self])
    #expect(asked.rows.map(\.name) == ["slow"] && asked.isShortened)
    #expect(asked.rows[0].figures.keys.map { $0 } == ["a"])
    #expect(asked.rows[0].figures["a"]?.standardError == nil)
  }

  /// Every metric has a name of its own and gives numbers for plain sets.
  @Test(arguments: sampleMetrics.indices)
  func laws(index: Int) throws {
    let metric = sampleMetrics[index]
    #expect(sampleMetrics.count { $0.name == metric.name } == 1 && !metric.meaning.isEmpty)
    let a = Sets.gaussian(40, 3, key: 35), labels = (0..<40).map { Int32($0 % 2) }
    let pair = SamplePair(
      a: a, b: Sets.gaussian(30, 3, key: 36), heldOut: Sets.gaussian(20, 3, key: 37),
      origin: Sets.gaussian(40, 3, key: 38),
      labels: (labels, Array(labels.prefix(30))), on: try Sets.world())
    for quantity in try metric.init().measure(pair) {
      #expect(quantity.value?.isFinite == true, "\(quantity.name)")
    }
  }
}
