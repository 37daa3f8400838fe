import Evaluation
import Foundation
import Numerics
import Support
import Testing

/// Mixing and kept structure.
@Suite(.serialized) struct IntegrationTests {
  private func points(_ count: Int, _ seed: UInt64, shift: Double = 0, columns: Int = 3) -> Matrix {
    let result = Matrix(rows: count, columns: columns)
    var stream = RandomNumbers(seed: seed, purpose: .test).stream(0)
    for i in 0..<result.count { result.elements[i] = Float(stream.normal() + shift) }
    return result
  }

  private func values(_ metric: any SampleMetric, _ pair: SamplePair) throws -> [String: Double] {
    try metric.measure(pair).reduce(into: [:]) { $0[$1.name] = $1.value }
  }

  /// Apart, mixed, and labels that lie among others.
  @Test func mixing() throws {
    let world = try Sets.world(), a = points(150, 1), far = points(150, 2, shift: 40), near = points(150, 3)
    let apart = try values(BatchMixing(), SamplePair(a: a, b: far, on: world))
    #expect(abs((apart["ilisi"] ?? 0) - 1) < 1e-9 && apart["clisi"] == nil)
    let mixed = try values(BatchMixing(), SamplePair(a: a, b: near, on: world))
    #expect((mixed["ilisi"] ?? 0) > 1.9)
    // Each label is a cloud of its own; those of A are exchanged.
    let split = points(150, 4)
    for row in 0..<150 where row % 2 == 0 { for column in 0..<3 { split[row, column] += 30 } }
    let right = (0..<150).map { Int32($0 % 2) }, exchanged = right.map { 1 - $0 }
    let fine = try values(BatchMixing(), SamplePair(a: split, b: split, labels: (right, right), on: world))
    #expect(fine["wrong_neighbours"] == 0 && abs((fine["clisi"] ?? 0) - 1) < 1e-9)
    let wrong = try values(BatchMixing(), SamplePair(a: split, b: split, labels: (exchanged, right), on: world))
    #expect(wrong["wrong_neighbours"] == 1)
  }

  /// The definition, written down plainly.
  @Test func silhouettesByDefinition() throws {
    let world = try Sets.world(), a = points(41, 7), b = points(53, 8, shift: 0.9)
    let labels = (a: (0..<41).map { Int32($0 % 3) }, b: (0..<53).map { Int32($0 < 52 ? $0 % 2 : 7) })
    let rows = (0..<94).map { i in (0..<3).map { Double(i < 41 ? a[i, $0] : b[i - 41, $0]) } }
    func mean(_ clusters: [Int32]) -> Double {
      let all = rows.indices.map { i -> Double in
        let means = Set(clusters).map { cluster in
          let others = rows.indices.filter { $0 != i && clusters[$0] == cluster }
          let sum = others.reduce(0.0) { sum, j in
            sum + zip(rows[i], rows[j]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
          }
          return (cluster: cluster, mean: sum / Double(others.count))
        }
        guard let own = means.first(where: { $0.cluster == clusters[i] })?.mean, own.isFinite else { return 0 }
        let other = means.filter { $0.cluster != clusters[i] }.map(\.mean).min() ?? 0
        return (other - own) / max(own, other)
      }
      return all.reduce(0, +) / 94
    }
    let found = try values(Silhouettes(), SamplePair(a: a, b: b, labels: labels, on: world))
    let sets = (0..<94).map { Int32($0 < 41 ? 0 : 1) }
    #expect(abs((found["set_silhouette"] ?? 9) - mean(sets)) < 1e-6)
    #expect(abs((found["label_silhouette"] ?? 9) - mean(labels.a + labels.b)) < 1e-6)
    let alone = try values(Silhouettes(), SamplePair(a: a, b: b, on: world))
    #expect(abs((alone["set_silhouette"] ?? 9) - mean(sets)) < 1e-6 && alone["label_silhouette"] == nil)
  }

  /// The definition, written down plainly.
  @Test func mixingByDefinition() throws {
    let world = try Sets.world(), a = points(60, 5), b = points(60, 6, shift: 0.7)
    let found = try values(BatchMixing(), SamplePair(a: a, b: b, on: world))["ilisi"]
    let all = (0..<60).map { (a, $0) } + (0..<60).map { (b, $0) }
    func distance(_ i: Int, _ j: Int) -> Double {
      (0..<3).reduce(0) {
        let step = Double(all[i].0[all[i].1, $1]) - Double(all[j].0[all[j].1, $1])
        return $0 + step * step
      }.squareRoot()
    }
    var sum = 0.0
    for i in 0..<120 {
      let near = (0..<120).filter { $0 != i }.sorted { distance(i, $0) < distance(i, $1) }.prefix(89)
      var low = 1e-6, high = 1e6, shares = [0.0, 0]
      for _ in 0..<200 {
        let beta = (low * high).squareRoot(), weights = near.map { exp(-beta * distance(i, $0)) }
        let total = weights.reduce(0, +)
        let entropy = -weights.reduce(0) { $1 > 0 ? $0 + $1 / total * log($1 / total) : $0 }
        if entropy > log(30) { low = beta } else { high = beta }
        shares = [0, 0]
        for (weight, j) in zip(weights, near) { shares[j < 60 ? 0 : 1] += weight / total }
      }
      sum += 1 / (shares[0] * shares[0] + shares[1] * shares[1])
    }
    #expect(abs((found ?? 0) - sum / 120) < 1e-4)
  }

  /// A shift keeps all, a scrambling nothing.
  @Test func structure() throws {
    let world = try Sets.world(), before = points(120, 7, columns: 8), shifted = before.copy()
    for i in 0..<shifted.count { shifted.elements[i] += 5 }
    let kept = try values(KeptStructure(), SamplePair(a: shifted, b: before, origin: before, on: world))
    #expect((kept["distances_kept"] ?? 0) > 0.9999 && kept["neighbours_kept"] == 1)
    let scrambled = before.rows((0..<120).map { $0 * 71 % 120 })
    let lost = try values(KeptStructure(), SamplePair(a: scrambled, b: before, origin: before, on: world))
    #expect(abs(lost["distances_kept"] ?? 1) < 0.2 && (lost["neighbours_kept"] ?? 1) < 0.3)
    #expect(try values(KeptStructure(), SamplePair(a: shifted, b: before, on: world)).isEmpty)
  }

  @Test func ranksOfEqualNumbers() {
    #expect(rankCorrelation([1, 2, 3, 4], [10, 20, 30, 40]) == 1)
    #expect(rankCorrelation([1, 2, 3, 4], [4, 3, 2, 1]) == -1)
    // Pearson's correlation of 1, 2.5, 2.5, 4 and 1, 2, 3, 4.
    expectClose(rankCorrelation([1, 5, 5, 9], [1, 2, 3, 4]), 4.5 / (4.5 * 5).squareRoot(), relative: 1e-12)
    #expect(rankCorrelation([3, 3, 3], [1, 2, 3]) == 1)
  }
}
