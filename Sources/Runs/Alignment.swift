import Glibc
import MessagePassing
import Numerics
import Parameters
import Samples
import Transport

/// The map that aligns a source with a target before the first step, fitted to some of their rows.
///
/// Gaussians N(m, S) and N(n, T) are carried onto each other at the least cost by x -> n + (x - m) A with
/// A = S^-1/2 (S^1/2 T S^1/2)^1/2 S^-1/2 (Olkin and Pukelsheim 1982). Covariances of few rows are shrunk towards their
/// diagonals by as much as the rows say (Schaefer and Strimmer 2005).
package struct Alignment: Sendable {
  /// How the map was chosen.
  package let kind: FlowStart
  /// The map, of points in the data's unit; nil where there is none.
  package let map: AffineMap?

  /// No alignment.
  package static let none = Alignment(kind: .none, map: nil)

  /// The most dimensions for which covariances are formed.
  package static let mostDimensions = 2000

  private init(kind: FlowStart, map: AffineMap?) {
    self.kind = kind
    self.map = map
  }

  /// Fits. `isDrawn` says whether the source is a sampler. Throws an ``AlignmentError``.
  package init(_ start: FlowStart, source: Excerpt, target: Excerpt, isDrawn: Bool) throws {
    let isHeavy = source.isHeavyTailed || target.isHeavyTailed, dimension = target.dimension
    var kind = start
    if kind == .auto {
      kind =
        !isDrawn || isHeavy || target.count < 2
        ? .shift : dimension > Self.mostDimensions ? .meanAndDeviation : .gaussian
    }
    guard kind != .none else {
      self = .none
      return
    }
    if kind == .gaussian, dimension > Self.mostDimensions {
      throw AlignmentError(
        text: "flow.start: gaussian forms covariances, for at most \(Self.mostDimensions) dimensions, and there are "
          + "\(dimension): choose mean_std or shift")
    }
    // A mean of heavy tails says nothing of where samples are.
    let from = isHeavy ? source.medians : source.means, to = isHeavy ? target.medians : target.means
    var linear = AffineMap.Linear.identity
    if kind == .meanAndDeviation {
      linear = .diagonal(
        zip(source.deviations, target.deviations).map { $0 > 0 ? $1 / $0 : 1 })
    } else if kind == .gaussian {
      guard let matrix = Self.optimalMap(from: source, to: target) else {
        throw AlignmentError(
          text: "flow.start: gaussian found no map, as covariances are no finite numbers; choose shift")
      }
      linear = .full(matrix)
    }
    let plain = AffineMap(linear, shift: [Double](repeating: 0, count: dimension))
    var moved = from
    plain.apply(to: &moved)
    self.init(kind: kind, map: AffineMap(linear, shift: zip(to, moved).map { $0 - $1 }))
  }

  private static func optimalMap(from source: Excerpt, to target: Excerpt) -> [Double]? {
    let s = source.shrunkCovariance, t = target.shrunkCovariance, n = source.dimension
    let least = 1e-9 * max((0..<n).reduce(0) { $0 + s.elements[$1 * n + $1] } / Double(n), .leastNormalMagnitude)
    guard let root = s.mapped({ max($0, least).squareRoot() }),
      let inverse = s.mapped({ 1 / max($0, least).squareRoot() }),
      let middle = root.around(t).mapped({ max($0, 0).squareRoot() })
    else { return nil }
    return inverse.around(middle).elements
  }

  /// The same for all ranks, from the root's. Collective.
  package static func ofRoot(_ alignment: Alignment?, dimension: Int, on communicator: Communicator) throws -> Alignment
  {
    let kinds = FlowStart.allCases
    let index = try communicator.broadcast(alignment.flatMap { kinds.firstIndex(of: $0.kind) } ?? 0, from: 0)
    let kind = kinds[index]
    guard kind != .none else { return .none }
    var factors: [Double]
    switch kind {
    case .gaussian: factors = [Double](repeating: 0, count: dimension * dimension)
    case .meanAndDeviation: factors = [Double](repeating: 0, count: dimension)
    default: factors = []
    }
    switch alignment?.map?.linear {
    case .full(let own), .diagonal(let own): factors = own
    default: break
    }
    var shift = alignment?.map?.shift ?? [Double](repeating: 0, count: dimension)
    try factors.withUnsafeMutableBytes { try communicator.broadcast($0, from: 0) }
    try shift.withUnsafeMutableBytes { try communicator.broadcast($0, from: 0) }
    let linear: AffineMap.Linear =
      kind == .gaussian ? .full(factors) : kind == .meanAndDeviation ? .diagonal(factors) : .identity
    return Alignment(kind: kind, map: AffineMap(linear, shift: shift))
  }

  /// Rows after the map.
  package func applied(to rows: Excerpt) -> Excerpt {
    guard let map else { return rows }
    var numbers = rows.numbers
    map.apply(to: &numbers)
    return Excerpt(dimension: rows.dimension, numbers: numbers)
  }

  /// What it is, for people.
  var summary: String? {
    switch kind {
    case .none, .auto: nil
    case .shift: "the source's centre is moved onto the target's before the first step"
    case .meanAndDeviation: "means and standard deviations are made those of the target before the first step"
    case .gaussian: "the source is carried onto the target as Gaussians are, before the first step"
    }
  }
}

/// The alignment that a deck asks for cannot be had.
package struct AlignmentError: InputError {
  let text: String
  package var description: String { text }
}

extension Excerpt {
  private func column(_ j: Int) -> [Double] { (0..<count).map { self[$0, j] } }

  fileprivate var means: [Double] {
    (0..<dimension).map { j in (0..<count).reduce(0) { $0 + self[$1, j] / Double(count) } }
  }

  fileprivate var medians: [Double] { CommonScale(of: [self], radius: 1).centre }

  var deviations: [Double] {
    let means = means
    return (0..<dimension).map { j in
      let squares = (0..<count).reduce(0) { $0 + (self[$1, j] - means[j]) * (self[$1, j] - means[j]) }
      return (squares / Double(max(count - 1, 1))).squareRoot()
    }
  }

  /// Whether single rows lie so far out that means and covariances are theirs alone.
  fileprivate var isHeavyTailed: Bool {
    let centre = medians
    let distances = (0..<count).map { i in
      (0..<dimension).reduce(0) { $0 + (self[i, $1] - centre[$1]) * (self[i, $1] - centre[$1]) }.squareRoot()
    }.sorted()
    let typical = distances[distances.count / 2]
    return typical > 0 && (distances.last ?? 0) > 20 * typical
  }

  /// The covariance with correlations shrunk towards 0 by the least expected error.
  fileprivate var shrunkCovariance: SymmetricMatrix {
    let n = count, d = dimension, means = means, deviations = deviations
    var z = [Double](repeating: 0, count: n * d)
    for i in 0..<n {
      for j in 0..<d where deviations[j] > 0 { z[i * d + j] = (self[i, j] - means[j]) / deviations[j] }
    }
    var products = [Double](repeating: 0, count: d * d), squares = products
    for i in 0..<n {
      let row = z[i * d..<(i + 1) * d]
      for (j, factor) in row.enumerated() where factor != 0 {
        for (k, value) in row.enumerated() {
          let product = factor * value
          products[j * d + k] += product
          squares[j * d + k] += product * product
        }
      }
    }
    let rows = Double(n), degrees = max(rows - 1, 1)
    var uncertain = 0.0, signal = 0.0
    for j in 0..<d {
      for k in 0..<d where k != j {
        let mean = products[j * d + k] / rows, spread = squares[j * d + k] - rows * mean * mean
        uncertain += rows / (degrees * degrees * degrees) * spread
        let correlation = products[j * d + k] / degrees
        signal += correlation * correlation
      }
    }
    let kept = 1 - (signal > 0 ? min(max(uncertain / signal, 0), 1) : 1)
    var covariance = [Double](repeating: 0, count: d * d)
    for j in 0..<d {
      for k in 0..<d {
        let correlation = j == k ? 1 : kept * products[j * d + k] / degrees
        covariance[j * d + k] = correlation * deviations[j] * deviations[k]
      }
    }
    return SymmetricMatrix(size: d, elements: covariance)
  }
}
