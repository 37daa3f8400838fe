import Evaluation
import MessagePassing
import Numerics
import Parameters
import Samples
import Storage
import Transforms
import Transport
import YAML

/// How near samples came to others in the space in which they were read, as table 4 of the paper has it, beside maps that need no
/// flow: moved in the space of the flow, and taken back from there.
///
/// Of a run with transforms whose input can still be read. Logarithms stay: distances are those of the values behind them.
package struct OriginalSpace: Sendable {
  /// Squared W2 distances from the targets of one flow, all exact and of equally weighted samples.
  package struct Flow: Sendable {
    /// What the flow is called; empty for the only one.
    package let name: String
    /// The samples, and the targets that they moved to.
    package let samples: Int, targets: Int
    /// Rows of the table: what was moved how, in the space of the flow and in the original one. A nil stands where a set is of one
    /// space alone.
    package let rows: [(name: String, latent: Double?, original: Double?)]
    /// W2 of the decoded particles and what theorem 3 bounds it by: that of the particles in the space of the flow times the
    /// Lipschitz constant of the way back, and that of the targets from their own way there and back.
    package let bounded: (distance: Double, bound: Double)?
  }

  /// The flows in their order.
  package let flows: [Flow]

  /// More coordinates of pairs than this are not looked at.
  private static let mostWork = 1e11

  /// Measures the run in a folder; nil where it has no transforms, its input cannot be read any more, or it would take long.
  /// Collective.
  package init?(_ path: String, on communicator: Communicator) throws {
    let folder = RunFolder(path)
    var found: (deck: String, folder: String) = ("", "")
    try communicator.onRoot { () throws -> Void in
      guard let reader = try? RunFileReader(folder.result), let text = try? reader.deck,
        let place = try? reader.deckFolder
      else { return }
      found = (text, place)
    }
    found = (try communicator.broadcast(found.deck, from: 0), try communicator.broadcast(found.folder, from: 0))
    guard !found.folder.isEmpty, let deck = try? Deck.read(Tree(yaml: found.deck, file: folder.result)),
      !deck.transform.isEmpty
    else { return nil }
    var raw = deck
    raw.transform = []
    guard let data = try? OpenData(raw, folder: found.folder, on: communicator) else { return nil }
    var fitted = FittedTransforms.none, particles: [Double] = []
    try communicator.onRoot { () throws -> Void in
      let reader = try RunFileReader(folder.result)
      fitted = try FittedTransforms(
        deck.transform, arrays: try reader.transform.map { TransformArray($0.name, shape: $0.shape, $0.values) },
        names: reader.columnNames, file: folder.result)
      particles = try reader.rows(of: "particles")
    }
    try fitted.followRoot(deck.transform, on: communicator)
    let parts = RunPart.all(of: data, deck)
    let pairs = parts.reduce(0) { $0 + $1.particles.count * $1.targetCount }
    guard 8 * Double(pairs) * Double(fitted.originalDimension) < Self.mostWork else { return nil }
    flows = try parts.map { try Self.measure($0, fitted, particles, on: communicator) }
  }

  private static func measure(
    _ part: RunPart, _ fitted: FittedTransforms, _ particles: [Double], on communicator: Communicator
  ) throws -> Flow {
    let logarithms = fitted.upToLogarithms, dimension = fitted.dimension, none = CommonScale.none(dimension:)
    func latent(_ table: SharedTable, _ role: SampleSource.Role) throws -> Matrix {
      try fitted.apply(to: table, role: role, on: communicator).all(in: none(dimension), on: communicator)
    }
    func original(_ table: SharedTable, _ role: SampleSource.Role) throws -> Matrix {
      let rows = try logarithms.apply(to: table, role: role, on: communicator)
      return try rows.all(in: none(rows.dimension), on: communicator)
    }
    let source = part.data.sources[0], target = part.data.target
    let (from, to) = (try latent(source, .source), try latent(target, .target))
    let (fromGenes, toGenes) = (try original(source, .source), try original(target, .target))
    let moved = Matrix(rows: part.particles.count, columns: dimension)
    if communicator.isRoot {
      for row in 0..<moved.rows {
        for column in 0..<dimension { moved[row, column] = Float(particles[part.particles[row] * dimension + column]) }
      }
    }
    try communicator.broadcast(UnsafeMutableRawBufferPointer(moved.buffer), from: 0)

    func squared(_ a: Matrix, _ b: Matrix) throws -> Double? {
      try ExactWasserstein().measure(SamplePair(a: a, b: b, on: communicator))[1].value
    }
    func decoded(_ rows: Matrix) -> Matrix { fitted.decodedToLogarithms(rows) }
    let reconstruction = try squared(decoded(to), toGenes), own = decoded(moved)
    let (latentMoved, decodedMoved) = (try squared(moved, to), try squared(own, toGenes))
    var rows: [(name: String, latent: Double?, original: Double?)] = [
      ("as they were", try squared(from, to), try squared(fromGenes, toGenes)),
      ("targets there and back", 0, reconstruction),
      (
        "mean and std, all columns", nil,
        try squared(Self.map(.meanAndDeviation, fromGenes, toGenes, on: communicator), toGenes)
      ),
      ("moved by the run", latentMoved, decodedMoved),
    ]
    for (name, start) in [
      ("mean shift", FlowStart.shift), ("mean and std", .meanAndDeviation), ("Gaussian map", .gaussian),
    ] {
      let rowsThere = try Self.map(start, from, to, on: communicator)
      rows.append((name, try squared(rowsThere, to), try squared(decoded(rowsThere), toGenes)))
    }
    let middle = Self.mean(of: to, count: from.rows)
    rows.append(("all to the mean", try squared(middle, to), try squared(decoded(middle), toGenes)))
    let lipschitz = fitted.inverseLipschitz(.toLogarithms)
    var bounded: (distance: Double, bound: Double)?
    if let lipschitz, let latentMoved, let decodedMoved, let reconstruction {
      bounded = (
        decodedMoved.squareRoot(), lipschitz * latentMoved.squareRoot() + reconstruction.squareRoot()
      )
    }
    return Flow(name: part.name, samples: from.rows, targets: to.rows, rows: rows, bounded: bounded)
  }

  /// Samples after a map that is fitted to both sets. Collective.
  private static func map(
    _ start: FlowStart, _ from: Matrix, _ to: Matrix, on communicator: Communicator
  ) throws -> Matrix {
    var own: Alignment?
    try communicator.onRoot { () throws -> Void in
      own = try Alignment(start, source: Excerpt(from), target: Excerpt(to), isDrawn: false)
    }
    let result = from.copy()
    try Alignment.ofRoot(own, dimension: from.columns, on: communicator).map?.apply(to: result)
    return result
  }

  private static func mean(of rows: Matrix, count: Int) -> Matrix {
    let result = Matrix(rows: count, columns: rows.columns)
    for column in 0..<rows.columns {
      let mean = (0..<rows.rows).reduce(0) { $0 + Double(rows[$1, column]) } / Double(rows.rows)
      for row in 0..<count { result[row, column] = Float(mean) }
    }
    return result
  }
}

extension FittedTransforms {
  /// Rows of the space of the flow where the logarithms left them, as rows of the target.
  fileprivate func decodedToLogarithms(_ rows: Matrix) -> Matrix {
    let result = Matrix(rows: rows.rows, columns: dimension(.toLogarithms))
    let numbers = rows.buffer.map(Double.init)
    var there = [Double](repeating: 0, count: result.count)
    numbers.withUnsafeBufferPointer { from in
      there.withUnsafeMutableBufferPointer { to in
        if let from = from.baseAddress, let to = to.baseAddress {
          invert(from, count: rows.rows, into: to, role: .target, .toLogarithms)
        }
      }
    }
    for i in there.indices { result.elements[i] = Float(there[i]) }
    return result
  }
}
