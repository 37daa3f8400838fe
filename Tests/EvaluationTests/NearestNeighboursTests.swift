import Evaluation
import Numerics
import Testing

@Suite(.serialized) struct NearestNeighboursTests {
  private func measure(_ a: Matrix, _ b: Matrix, _ heldOut: Matrix? = nil) throws -> [Quantity] {
    try NearestNeighbours().measure(Sets.pair(a, b, heldOut))
  }

  /// Against the definitions, by all pairs in float64.
  @Test(arguments: [1, 2, 9])
  func definitions(dimension: Int) throws {
    let b = Sets.gaussian(90, dimension, key: 1), heldOut = Sets.gaussian(90, dimension, key: 2)
    let a = Sets.gaussian(70, dimension, key: 3, deviation: 0.9)
    for i in 0..<30 { for k in 0..<dimension { a[i, k] = b[i, k] + 0.1 * a[i, k] } }
    let found = try measure(a, b, heldOut)
    let near = Sets.nearest(a, b), far = Sets.nearest(a, heldOut), fresh = Sets.nearest(heldOut, b)
    let nearer = zip(near, far).reduce(0.0) { $0 + ($1.0 < $1.1 ? 1 : 0) } / 70
    #expect(try found.value("nearer_to_training") == nearer)
    #expect(dimension == 1 || nearer > 0.55)
    let ratio = near.reduce(0, +) / 70 / (fresh.reduce(0, +) / 90)
    #expect(try abs(found.value("dcr_ratio") - ratio) < 1e-5)
    // The 5% quantile lies between the fifth and the sixth of 90 values.
    let sorted = fresh.sorted(), limit = sorted[4] + 0.45 * (sorted[5] - sorted[4])
    #expect(try found.value("copies") == Double(near.count { $0 < limit }) / 70)
  }

  /// Rows as near to both sets count half.
  @Test func ties() throws {
    let a = Sets.gaussian(40, 3, key: 4), b = Sets.gaussian(50, 3, key: 5)
    #expect(try measure(a, b, b).value("nearer_to_training") == 0.5)
  }

  /// The larger set is thinned: without that, rows of the same distribution would seem to remember it.
  @Test func equalNumbers() throws {
    let a = Sets.gaussian(2000, 4, key: 6), b = Sets.gaussian(1000, 4, key: 7), heldOut = Sets.gaussian(100, 4, key: 8)
    let share = try measure(a, b, heldOut).value("nearer_to_training")
    #expect(abs(share - 0.5) < 0.1)
    let isNearer = zip(Sets.nearest(a, b), Sets.nearest(a, heldOut)).count { $0 < $1 }
    #expect(Double(isNearer) / 2000 > 0.8)
  }

  /// 1% exact copies and 1% with noise of 1% of a column's standard deviation, columns in units of their own: all are found,
  /// and no fresh row is taken for one.
  @Test(arguments: 0..<20)
  func plantedCopies(seed: Int) throws {
    let rows = 1000, planted = 10, dimension = 6
    let a = Sets.gaussian(rows, dimension, key: 100 + 3 * seed), b = Sets.gaussian(rows, dimension, key: 101 + 3 * seed)
    let noise = Sets.gaussian(planted, dimension, key: 102 + 3 * seed)
    let clean = try measure(a.copy(), b)
    #expect(try clean.value("exact_copies") == 0 && clean.value("near_copies") == 0)
    for i in 0..<planted {
      for k in 0..<dimension {
        a[i, k] = b[7 * i, k]
        a[500 + i, k] = b[600 + i, k] + 0.01 * noise[i, k]
      }
    }
    for set in [a, b] {
      for row in 0..<rows { for k in 0..<dimension { set[row, k] *= [1, 1000, 0.001][k % 3] } }
    }
    let found = try measure(a, b)
    #expect(try found.value("exact_copies") == 0.01)
    #expect(try found.value("near_copies") == 0.01)
  }

  /// Copies that were rounded to float32 on their way are exact; training rows that come twice hide none.
  @Test func roundedCopies() throws {
    let b = Sets.gaussian(200, 5, key: 9), a = b.copy()
    for i in 0..<a.count { a.elements[i] *= 1 + 1e-7 }
    for k in 0..<5 { b[1, k] = b[0, k] }
    #expect(try measure(a, b).value("exact_copies") == 199.0 / 200)
  }

  @Test func degenerateSets() throws {
    let point = Matrix(rows: 3, columns: 2), a = Sets.gaussian(20, 2, key: 10)
    let found = try measure(a, point, point)
    #expect(try found.value("exact_copies") == 0 && found.value("near_copies") == 0)
    #expect(found.isMissing("dcr_ratio"))
    #expect(try measure(point, point).value("exact_copies") == 1)
    let alone = try measure(a, Sets.gaussian(20, 2, key: 11))
    for name in ["nearer_to_training", "dcr_ratio", "copies"] { #expect(alone.isMissing(name)) }
  }
}
