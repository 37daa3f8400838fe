import Glibc
import Numerics

/// How well A and B are mixed, and with labels whether rows of one label lie among rows of the same.
package struct BatchMixing: SampleMetric {
  package static let name = "batch_mixing"
  package static let meaning = """
    ilisi, the mean effective number of sets among a row's 89 nearest neighbours, weighted to a perplexity of 30 (Korsunsky et \
    al. 2019), the larger set thinned to the count of the smaller; 1: apart, 2: mixed by chance; with labels of both sets clisi, the same of labels (1: labels apart), and \
    wrong_neighbours, the share of a row's 15 nearest rows of B with another label; mixing alone says nothing: a map that \
    scrambles rows mixes best
    """
  package static let isDistance = false

  /// As the reference implementation has it: three times the perplexity with the row itself.
  private static let perplexity = 30.0, neighbours = 89, nearest = 15

  package init() {}

  package static func seconds(_ counts: SetCounts) -> Double {
    2 * counts.pairSeconds(2 * min(counts.a, counts.b), 2 * min(counts.a, counts.b)) + 4e-5
      * Double(min(counts.a, counts.b))
  }

  /// The rows of a set that have one label.
  private struct Group {
    let rows: Matrix
    let isOfA: Bool
    let label: Int32
  }

  package func measure(_ whole: SamplePair) throws -> [Quantity] {
    let smaller = min(whole.a.rows, whole.b.rows)
    let pair = whole.thinned(a: smaller, b: smaller, heldOut: 0, index: 70)
    let count = pair.a.rows + pair.b.rows, k = min(Self.neighbours, count - 1)
    guard k >= 3 else {
      return [Quantity("ilisi", nil, remark: "needs more rows")]
    }
    let groups = groups(pair)
    var mixing = 0.0, purity = 0.0, wrong = 0.0
    for own in groups.indices {
      let found = try self.found(k, around: own, groups, pair)
      let width = 3
      for row in 0..<groups[own].rows.rows {
        mixing += found[row * width]
        purity += found[row * width + 1]
        wrong += found[row * width + 2]
      }
    }
    let mixed = Quantity("ilisi", mixing / Double(count))
    guard pair.labels != nil else { return [mixed] }
    return [
      mixed, Quantity("clisi", purity / Double(count)), Quantity("wrong_neighbours", wrong / Double(pair.a.rows)),
    ]
  }

  private func groups(_ pair: SamplePair) -> [Group] {
    guard let labels = pair.labels else {
      return [Group(rows: pair.a, isOfA: true, label: 0), Group(rows: pair.b, isOfA: false, label: 0)]
    }
    func parts(_ rows: Matrix, _ labels: [Int32], isOfA: Bool) -> [Group] {
      Set(labels).sorted().map { label in
        Group(rows: rows.rows(labels.indices.filter { labels[$0] == label }), isOfA: isOfA, label: label)
      }
    }
    return parts(pair.a, labels.a, isOfA: true) + parts(pair.b, labels.b, isOfA: false)
  }

  /// Of each row of a group: the effective numbers of sets and of labels around it, and for rows of A the share of wrong
  /// neighbours, (rows, 3). Collective.
  private func found(_ k: Int, around own: Int, _ groups: [Group], _ pair: SamplePair) throws -> [Double] {
    let rows = groups[own].rows, tiles = groups.map { PairTiles(to: $0.rows) }
    return try pair.shared(rows: rows.rows, width: 3) { range in
      let lists = groups.indices.map { tiles[$0].nearest(k, of: range, in: rows, isSame: $0 == own) }
      return range.flatMap { row -> [Double] in
        let start = (row - range.lowerBound) * k
        return numbers(lists.map { $0[start..<start + k] }, groups, own, k)
      }
    }
  }

  private func numbers(_ lists: [ArraySlice<Float>], _ groups: [Group], _ own: Int, _ k: Int) -> [Double] {
    var merged: [(square: Float, group: Int)] = []
    for (group, list) in lists.enumerated() {
      for square in list where square < .infinity { merged.append((square, group)) }
    }
    merged.sort { ($0.square, $0.group) < ($1.square, $1.group) }
    let near = merged.prefix(k), weights = weights(near.map { Double($0.square).squareRoot() })
    var bySet = [0.0, 0], byLabel: [Int32: Double] = [:]
    for (weight, neighbour) in zip(weights, near) {
      let group = groups[neighbour.group]
      bySet[group.isOfA ? 0 : 1] += weight
      byLabel[group.label, default: 0] += weight
    }
    func effective(_ shares: some Collection<Double>) -> Double {
      let sum = shares.reduce(0) { $0 + $1 * $1 }
      return sum > 0 ? 1 / sum : 1
    }
    let inB = merged.lazy.filter { !groups[$0.group].isOfA }.prefix(Self.nearest)
    let wrong = inB.count { groups[$0.group].label != groups[own].label }
    let labels = byLabel.sorted { $0.key < $1.key }.map(\.value)
    return [
      effective(bySet), effective(labels),
      groups[own].isOfA && !inB.isEmpty ? Double(wrong) / Double(inB.count) : 0,
    ]
  }

  /// Weights exp(-beta d) of sum 1 whose entropy is the logarithm of the perplexity; beta by bisection.
  private func weights(_ distances: [Double]) -> [Double] {
    let wanted = log(min(Self.perplexity, Double(distances.count)))
    var beta = 1.0, low = -Double.infinity, high = Double.infinity
    var weights = distances
    for _ in 0..<50 {
      weights = distances.map { exp(-$0 * beta) }
      let sum = weights.reduce(0, +)
      guard sum > 0 else { return weights }
      let mean = zip(distances, weights).reduce(0) { $0 + $1.0 * $1.1 } / sum
      for i in weights.indices { weights[i] /= sum }
      let excess = log(sum) + beta * mean - wanted
      if abs(excess) < 1e-5 { break }
      if excess > 0 {
        low = beta
        beta = high.isFinite ? (beta + high) / 2 : beta * 2
      } else {
        high = beta
        beta = low.isFinite ? (beta + low) / 2 : beta / 2
      }
    }
    return weights
  }
}
