import MessagePassing
import Numerics

/// Entropic optimal transport between two sets of equally weighted samples with cost |x - y|^2 / 2, debiased, at a
/// temperature epsilon = blur^2 (Feydy et al. 2019; GeomLoss):
///
///     S = OT(a, b) - OT(a, a) / 2 - OT(b, b) / 2,   OT = max over f, g of the mean of f(x_i) + the mean of g(y_j)
///
/// where every g is followed by f = T(g) of ``SoftMinimum``, so that no mass is missing and each value is at most OT. First
/// potentials come from at most some thousand samples that stand for each set, while epsilon falls from the squared diameter;
/// then all samples improve them until the value rises no more. Between clusters that are further apart than the blur plain
/// iterations move mass at a crawl; ``AndersonMixing`` shortens that.
struct SinkhornDivergence {
  /// S, about up to ``tolerance`` where the iterations have converged.
  private(set) var value = 0.0
  /// Whether they have.
  private(set) var hasConverged = true

  /// What may be missing of S, as a part of it or as a part of epsilon, whichever is more.
  static let tolerance = (relative: 1e-4, absolute: 1e-6)
  /// The samples of a set that the first potentials come from.
  private static let mostChosen = 4096
  /// How the blur falls from one iteration to the next.
  private static let scaling = 0.5
  /// Iterations end at these numbers of them and of pairs of samples.
  private static let mostIterations = 500, mostPairs = 4e11

  private let epsilon: Double
  private let ranks: Communicator

  /// A set with soft minima over it.
  private struct Side {
    let samples: Matrix
    let shares: [Double]?
    let minimum: SoftMinimum

    init(_ samples: Matrix, shares: [Double]? = nil) {
      self.samples = samples
      self.shares = shares
      minimum = SoftMinimum(over: samples, shares: shares)
    }

    init(_ some: RepresentedSamples) { self.init(some.samples, shares: some.shares) }

    func mean(_ potential: [Double]) -> Double {
      shares.map { AndersonMixing.product($0, potential) } ?? potential.mean
    }
  }

  /// Potentials: of a and b for OT(a, a) and OT(b, b), and of b for OT(a, b).
  private struct Potentials {
    var a: [Double], b: [Double], cross: [Double]
  }

  /// The divergence of two sets at a blur > 0; `diameter` is about the largest distance. Collective.
  init(_ a: Matrix, _ b: Matrix, blur: Double, diameter: Double, on communicator: Communicator) throws {
    epsilon = blur * blur
    ranks = communicator
    let few = (
      a: Side(try RepresentedSamples(of: a, atMost: Self.mostChosen, on: communicator)),
      b: Side(try RepresentedSamples(of: b, atMost: Self.mostChosen, on: communicator))
    )
    var potentials = try annealed(few.a, few.b, from: diameter * diameter)
    try improve(&potentials, few.a, few.b)
    guard a.rows > Self.mostChosen || b.rows > Self.mostChosen else { return }
    let all = (a: Side(a), b: Side(b)), f = try at(few.a, few.b, potentials.cross)
    potentials = Potentials(
      a: try at(all.a, few.a, potentials.a), b: try at(all.b, few.b, potentials.b), cross: try at(all.b, few.a, f))
    try improve(&potentials, all.a, all.b)
  }

  /// T(g) at the samples of `points`, for a potential of those of `side`. Collective.
  private func at(_ points: Side, _ side: Side, _ potential: [Double], _ epsilon: Double? = nil) throws -> [Double] {
    try side.minimum(potential, at: points.samples, epsilon: epsilon ?? self.epsilon, on: ranks)
  }

  /// Potentials after an iteration at each of falling temperatures, in which each becomes the mean of what it was and of what
  /// the other asks for.
  private func annealed(_ a: Side, _ b: Side, from first: Double) throws -> Potentials {
    func zeros(_ side: Side) -> [Double] { [Double](repeating: 0, count: side.samples.rows) }
    var temperature = max(first, epsilon)
    var p = try at(a, a, zeros(a), temperature), q = try at(b, b, zeros(b), temperature)
    var f = try at(a, b, zeros(b), temperature), g = try at(b, a, zeros(a), temperature)
    while true {
      p = Self.means(p, try at(a, a, p, temperature))
      q = Self.means(q, try at(b, b, q, temperature))
      (f, g) = (Self.means(f, try at(a, b, g, temperature)), Self.means(g, try at(b, a, f, temperature)))
      guard temperature > epsilon else { return Potentials(a: p, b: q, cross: g) }
      temperature = max(temperature * Self.scaling * Self.scaling, epsilon)
    }
  }

  private static func means(_ x: [Double], _ y: [Double]) -> [Double] { zip(x, y).map { ($0 + $1) / 2 } }

  /// Improves potentials at the last temperature, and takes the divergence from them.
  private mutating func improve(_ potentials: inout Potentials, _ a: Side, _ b: Side) throws {
    let least = Self.tolerance.absolute * epsilon
    let first = try converge(a, &potentials.a, within: least), second = try converge(b, &potentials.b, within: least)
    let own = (first.value + second.value) / 2
    let cost = try climb(
      &potentials.cross, pairs: 2 * Double(a.samples.rows) * Double(b.samples.rows),
      within: { max(least, Self.tolerance.relative * abs($0 - own)) }
    ) { g in
      let f = try at(a, b, g), next = try at(b, a, f)
      return (next, a.mean(f) + b.mean(next))
    }
    value = cost.value - own
    hasConverged = first.isEnd && second.isEnd && cost.isEnd
  }

  /// OT(a, a), where the mean of a potential and what it asks for is nearer to the best.
  private func converge(_ a: Side, _ p: inout [Double], within least: Double) throws -> (value: Double, isEnd: Bool) {
    try climb(&p, pairs: Double(p.count) * Double(p.count), within: { _ in least }) { p in
      let next = try at(a, a, p)
      return (Self.means(p, next), a.mean(p) + a.mean(next))
    }
  }

  /// The value that iterations of a potential rise to, and whether they went on until what they add is within a tolerance.
  /// `iterate` gives the plain next potential, whose value is no smaller, and a value.
  private func climb(
    _ potential: inout [Double], pairs: Double, within tolerance: (Double) -> Double,
    _ iterate: ([Double]) throws -> (image: [Double], value: Double)
  ) throws -> (value: Double, isEnd: Bool) {
    var mixing = AndersonMixing(), best = -Double.infinity, expected = Double.infinity, point = potential
    for _ in 0..<max(3, min(Self.mostIterations, Int(Self.mostPairs / pairs))) {
      let (image, value) = try iterate(point), gain = value - best, allowed = tolerance(max(value, best))
      guard gain >= 0 else {
        if -gain <= allowed, expected <= allowed { return (best, true) }
        // The mixture went too far: on from the best with plain ones.
        mixing.reset()
        point = potential
        continue
      }
      best = value
      potential = image
      let next = mixing.next(after: point, image: image), last = expected
      // To the first order the gradient of the value is the residual over epsilon.
      var sum = 0.0
      for i in point.indices { sum += (image[i] - point[i]) * (next[i] - point[i]) }
      expected = abs(sum) / (epsilon * Double(point.count))
      if gain <= allowed, expected <= allowed, last <= allowed { return (best, true) }
      point = next
    }
    return (best, false)
  }
}
