import Discriminator
import Evaluation
import MessagePassing
import Numerics
import Samples
import Transport

/// What `gpa-mpi evaluate` compares: read, matched by column and in one scale.
package struct EvaluatedSets {
  /// The sets for the metrics.
  package let sets: SampleSets
  /// How columns were matched by name; nil where they are taken by number.
  package let columns: ColumnMatch?
  /// Whether A are samples that were moved, whose places among each other mean something.
  package let isIntegration: Bool
  /// Where a run of such samples should have ended, a sentence each; on the root.
  package let betterSteps: [String]
  /// What a user should know of how files were read, on the root.
  package let notes: [String]

  private typealias Tables = [(set: String, table: SharedTable)]

  /// Lengths are measured in a unit of B, so that the rest may lie anywhere without a loss of B's digits.
  private static let mostReach: Float = 1e15

  /// Of sets that the command line names: B's, held-out rows of the same distribution, and a sample of the source of what A
  /// was made from. Collective; an error of the input is thrown on all ranks alike.
  package init(
    _ a: SampleWord, _ b: SampleWord, heldOut: SampleWord?, source: SampleWord?, on communicator: Communicator
  ) throws {
    var tables: Tables = [("A", try a.open(on: communicator)), ("B", try b.open(on: communicator))]
    if let heldOut { tables.append((Self.heldOut, try heldOut.open(on: communicator))) }
    if let source { tables.append((Self.source, try source.open(on: communicator))) }
    try self.init(tables, notes: [], isIntegration: false, labels: nil, on: communicator)
  }

  /// Of what a run has left: its particles and those carried along against its target, its held-out rows and its start,
  /// in whose place others may be named. Collective.
  package init(
    run folder: SampleWord, heldOut: SampleWord?, source: SampleWord?, on communicator: Communicator
  ) throws {
    let run = try EvaluatedRun(folder.text, on: communicator)
    var tables: Tables = [("A", try run.open("particles"))]
    if try run.has("generated") { tables.append(("generated", try run.open("generated"))) }
    tables.append(("B", try run.open("target")))
    if let heldOut {
      tables.append((Self.heldOut, try heldOut.open(on: communicator)))
    } else if try run.has("held_out") {
      tables.append((Self.heldOut, try run.open("held_out")))
    }
    var isOrigin = false
    if let source {
      tables.append((Self.source, try source.open(on: communicator)))
    } else if let start = try run.openStart() {
      tables.append((Self.source, start))
      isOrigin = true
    }
    let isIntegration = isOrigin ? try run.movesSamples() : false
    try self.init(
      tables, notes: run.note.map { [$0] } ?? [], isIntegration: isIntegration, labels: try run.labels(),
      betterSteps: isIntegration ? try run.betterSteps() : [], on: communicator)
  }

  private static let heldOut = "the held-out set", source = "the baseline's source"

  private init(
    _ given: consuming Tables, notes: [String], isIntegration: Bool, labels: (particles: [Int32], target: [Int32])?,
    betterSteps: [String] = [], on communicator: Communicator
  ) throws {
    self.isIntegration = isIntegration
    self.betterSteps = betterSteps
    var tables = given
    self.notes = tables.reduce(into: notes) { notes, each in notes += each.table.notes.filter { !notes.contains($0) } }
    // The first set with names leads: sets without any are taken by number.
    let named = try communicator.onRoot { tables.firstIndex { $0.table.columnNames != nil } ?? 0 }
    tables.swapAt(0, named)
    columns = try ColumnMatch.match(&tables, on: communicator)
    tables.swapAt(0, named)
    guard let reference = tables.first(where: { $0.set == "B" })?.table else { preconditionFailure("there is a B") }
    let dimension = reference.dimension
    try communicator.together {
      for (set, table) in tables {
        guard table.dimension == dimension else {
          throw EvaluationError.columns(set: set, count: table.dimension, reference: dimension)
        }
        guard table.count > 1 else { throw EvaluationError.tooFewRows(set: set, count: table.count) }
      }
    }
    let rows = tables.reduce(0) { $0 + Double($1.table.count) } * Double(dimension)
    // Every rank packs a set, and has copies of some in other scales.
    try NodeMemory.require(
      onEachRank: 12 * rows, once: 4 * rows, for: "samples", advice: "evaluate fewer samples", on: communicator)

    var found: CommonScale?
    try communicator.onRoot { () throws -> Void in
      let most = SampleLengths.mostSamples(dimension: dimension), own = try reference.excerpt(atMost: most)
      let isSpread = (1..<own.count).contains { row in (0..<dimension).contains { own[row, $0] != own[0, $0] } }
      found = CommonScale(of: isSpread ? [own] : try tables.map { try $0.table.excerpt(atMost: most) }, radius: 1)
    }
    let scale = try CommonScale.ofRoot(found, dimension: dimension, on: communicator)
    let maps = try tables.first { $0.set == Self.source }.map {
      try Self.maps(from: $0.table, to: reference, all: isIntegration, on: communicator)
    }
    var matrices: [(set: String, rows: Matrix)] = []
    while !tables.isEmpty {
      let (set, table) = tables.removeFirst()
      matrices.append((set, try table.all(in: scale, on: communicator)))
    }
    try communicator.together {
      for (set, matrix) in matrices where !matrix.buffer.allSatisfy({ abs($0) < Self.mostReach }) {
        throw EvaluationError.tooFar(set: set)
      }
    }
    func matrix(_ set: String) -> Matrix? { matrices.first { $0.set == set }?.rows }
    guard let a = matrix("A"), let b = matrix("B") else { preconditionFailure("there are A and B") }
    let origin = isIntegration ? matrix(Self.source) : nil, own = labels?.particles
    var judged = [SampleSets.Named("a", a, origin: origin, labels: own)]
    if let generated = matrix("generated") { judged.append(.init("generated", generated)) }
    var baselines: [SampleSets.Named] = []
    if let maps, let source = matrix(Self.source) {
      baselines.append(.init("copy", Self.resampled(b, to: a.rows)))
      for (name, map) in maps {
        let moved = source.copy()
        map.inScale(scale).apply(to: moved)
        // A source whose rows are all equal has no map onto a wider set.
        if moved.buffer.allSatisfy({ abs($0) < Self.mostReach }) {
          baselines.append(.init(name, moved, origin: origin, labels: own))
        }
      }
      if isIntegration {
        baselines.append(.init("to_mean", Self.mean(of: b, count: a.rows), origin: origin, labels: own))
      }
    }
    sets = SampleSets(
      judged: judged, baselines: baselines, reference: b, referenceLabels: labels?.target,
      heldOut: matrix(Self.heldOut), unit: scale.unit,
      on: communicator)
  }

  /// The maps that need no flow, of a source onto a target. Collective.
  private static func maps(
    from source: SharedTable, to target: SharedTable, all: Bool, on communicator: Communicator
  ) throws -> [(name: String, map: AffineMap)] {
    let dimension = target.dimension
    // Covariances cost the rows times the square of the columns.
    let most = max(2, min(100_000, Int(2e9 / Double(dimension * dimension))))
    var starts: [(name: String, start: FlowStart)] = [("mean_shift", .shift)]
    if all { starts.append(("mean_std", .meanAndDeviation)) }
    if dimension <= Alignment.mostDimensions { starts.append(("gaussian_map", .gaussian)) }
    return try starts.compactMap { name, start in
      var own: Alignment?
      try communicator.onRoot { () throws -> Void in
        own = try Alignment(
          start, source: source.excerpt(atMost: most), target: target.excerpt(atMost: most), isDrawn: false)
      }
      return try Alignment.ofRoot(own, dimension: dimension, on: communicator).map.map { (name, $0) }
    }
  }

  /// The mean of a set, so many times.
  private static func mean(of rows: Matrix, count: Int) -> Matrix {
    let result = Matrix(rows: count, columns: rows.columns)
    for column in 0..<rows.columns {
      let mean = (0..<rows.rows).reduce(0) { $0 + Double(rows[$1, column]) } / Double(rows.rows)
      for row in 0..<count { result[row, column] = Float(mean) }
    }
    return result
  }

  /// So many rows drawn from a set with replacement.
  private static func resampled(_ rows: Matrix, to count: Int) -> Matrix {
    var stream = RandomNumbers(seed: 0, purpose: .evaluation).stream(50)
    return rows.rows((0..<count).map { _ in stream.integer(below: rows.rows) })
  }
}
