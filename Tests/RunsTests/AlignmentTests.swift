import Numerics
import Runs
import Samples
import Testing
import Transport

/// Alignments whose result is known.
@Suite struct AlignmentTests {
  /// Normal rows z times deviations, turned by 45 degrees in the first two coordinates, around a mean.
  private func gaussian(_ count: Int, _ deviations: [Double], mean: Double, turned: Bool, key: Int) -> Excerpt {
    var stream = RandomNumbers(seed: 3, purpose: .test).stream(key)
    let half = 0.5.squareRoot()
    let numbers = (0..<count).flatMap { _ in
      var row = deviations.map { $0 * stream.normal() }
      if turned { (row[0], row[1]) = (half * (row[0] - row[1]), half * (row[0] + row[1])) }
      return row.map { $0 + mean }
    }
    return Excerpt(dimension: deviations.count, numbers: numbers)
  }

  private func covariance(_ rows: Excerpt, _ i: Int, _ j: Int) -> Double {
    let n = Double(rows.count)
    func mean(_ k: Int) -> Double { (0..<rows.count).reduce(0) { $0 + rows[$1, k] } / n }
    let (a, b) = (mean(i), mean(j))
    return (0..<rows.count).reduce(0) { $0 + (rows[$1, i] - a) * (rows[$1, j] - b) } / (n - 1)
  }

  private func mean(_ rows: Excerpt, _ j: Int) -> Double {
    (0..<rows.count).reduce(0) { $0 + rows[$1, j] } / Double(rows.count)
  }

  @Test func shiftMovesTheMean() throws {
    let source = gaussian(50, [1, 2], mean: 0, turned: false, key: 1)
    let target = gaussian(70, [1, 2], mean: 9, turned: false, key: 2)
    let map = try #require(try Alignment(.shift, source: source, target: target, isDrawn: false).map)
    #expect(map.linear == .identity)
    for j in 0..<2 { #expect(abs(map.shift[j] - mean(target, j) + mean(source, j)) < 1e-12) }
  }

  @Test(arguments: [FlowStart.meanAndDeviation, .gaussian]) func momentsBecomeTheTargets(start: FlowStart) throws {
    let source = gaussian(4000, [1, 1, 0.5], mean: -2, turned: false, key: 1)
    let target = gaussian(4000, [3, 0.5, 2], mean: 7, turned: true, key: 2)
    let moved = try Alignment(start, source: source, target: target, isDrawn: true).applied(to: source)
    for j in 0..<3 {
      #expect(abs(mean(moved, j) - mean(target, j)) < 1e-9)
      // Shrinking changes no variance; what it takes from correlations of so many rows is small.
      #expect(abs(covariance(moved, j, j) / covariance(target, j, j) - 1) < 1e-2)
    }
    let wanted = start == .gaussian ? covariance(target, 0, 1) : covariance(moved, 0, 1)
    #expect(abs(covariance(moved, 0, 1) - wanted) < 2e-2 * abs(wanted))
    #expect(start == .meanAndDeviation || wanted > 4)
  }

  /// Between Gaussians of one shape the map is the identity: it turns nothing that need not be turned.
  @Test func turnsNothing() throws {
    let source = gaussian(3000, [3, 0.5], mean: 0, turned: true, key: 1)
    let target = Excerpt(dimension: 2, numbers: source.numbers.map { $0 + 4 })
    guard case .full(let a)? = try Alignment(.gaussian, source: source, target: target, isDrawn: true).map?.linear
    else { return #expect(Bool(false), "no full map") }
    for (found, wanted) in zip(a, [1.0, 0, 0, 1]) { #expect(abs(found - wanted) < 1e-9) }
  }

  @Test func autoFollowsTheSource() throws {
    let source = gaussian(100, [1, 1], mean: 0, turned: false, key: 1)
    var outliers = source.numbers
    outliers[0] = 1e6
    let heavy = Excerpt(dimension: 2, numbers: outliers)
    func kind(_ target: Excerpt, isDrawn: Bool) throws -> FlowStart {
      try Alignment(.auto, source: source, target: target, isDrawn: isDrawn).kind
    }
    #expect(try kind(source, isDrawn: true) == .gaussian)
    #expect(try kind(source, isDrawn: false) == .shift)
    #expect(try kind(heavy, isDrawn: true) == .shift)
    // The outlier moves the mean by 10,000 and the median hardly.
    let map = try #require(try Alignment(.shift, source: source, target: heavy, isDrawn: true).map)
    #expect(map.shift.allSatisfy { abs($0) < 0.1 })
    #expect(try Alignment(.none, source: source, target: heavy, isDrawn: true).map == nil)
  }

  @Test func tooManyDimensionsForCovariances() throws {
    let many = Excerpt(dimension: 2001, numbers: (0..<4002).map { Double($0 % 17) })
    #expect(throws: AlignmentError.self) { try Alignment(.gaussian, source: many, target: many, isDrawn: true) }
    #expect(try Alignment(.auto, source: many, target: many, isDrawn: true).kind == .meanAndDeviation)
  }
}
