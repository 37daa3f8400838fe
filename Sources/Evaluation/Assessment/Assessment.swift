import MessagePassing
import Numerics

/// What metrics say of sample sets: every quantity of every set, beside that of real rows and of baselines.
package struct Assessment: Sendable {
  /// A quantity of one set.
  package struct Figure: Sendable, Equatable {
    /// The number; nil where there is none.
    package let value: Double?
    /// Its standard error by half-sampling; nil where it was not taken.
    package let standardError: Double?
  }

  /// A quantity of all sets.
  package struct Row: Sendable {
    /// The quantity's name, such as `precision`, or `exact_w2_to_held_out` for a distance from the held-out rows.
    package let name: String
    /// The metric it is of.
    package let metric: any SampleMetric.Type
    /// What a reader has to know, such as why A has no value.
    package let remark: String?
    /// The figures by the sets' names; none where they were left out.
    package internal(set) var figures: [String: Figure]
  }

  /// The quantities, in the order of the metrics.
  package private(set) var rows: [Row] = []
  /// The metrics that were left out as they would take long, with the seconds on one core.
  package private(set) var leftOut: [(metric: any SampleMetric.Type, seconds: Double)] = []
  /// Whether figures of floors, baselines or errors were left out as they would take long.
  package private(set) var isShortened = false

  /// The name of the column of real rows against real rows.
  package static let floor = "floor"
  /// What a quantity's name ends with that is taken from the held-out rows.
  package static let heldOutSuffix = "_to_held_out"
  /// About the seconds, on one core, that what nobody asked for by name may take in all.
  package static let mostSeconds = 600.0
  /// As much may be taken for comparison at least, however long A's own figures take.
  private static let leastBeside = 100.0

  private var seconds = 0.0
  private var limit = mostSeconds

  /// Measures with these metrics, or for nil with those `among` all that are usual and quick enough. Collective.
  package init(
    of sets: SampleSets, metrics chosen: [any SampleMetric.Type]?, among all: [any SampleMetric.Type] = sampleMetrics
  ) throws {
    var measured: [any SampleMetric.Type] = []
    for metric in chosen ?? all {
      let cost = metric.seconds(sets.counts(sets.judged[0].rows)) * (Self.isTakenFromHeldOut(metric, sets) ? 2 : 1)
      if chosen == nil, !metric.isUsual || !fits(cost) {
        leftOut.append((metric, cost))
      } else {
        seconds += cost
        measured.append(metric)
      }
    }
    limit = max(limit, seconds + Self.leastBeside)
    // What a later task may take depends on the earlier ones: A's figures first, then what they are held against.
    var tasks = measured.flatMap { Self.tasks($0, sets, sets.judged[0], isFirst: true) }
    tasks += measured.flatMap { Self.floorTasks($0, sets) }
    for set in sets.judged.dropFirst() + sets.baselines {
      tasks += measured.flatMap { Self.tasks($0, sets, set, isFirst: false) }
    }
    var accepted: [Task] = []
    for task in tasks {
      guard task.isFirst || fits(task.seconds) else {
        isShortened = true
        continue
      }
      if !task.isFirst { seconds += task.seconds }
      accepted.append(task)
    }
    for task in accepted {
      let errors = task.halfSeconds * Double(HalfSamples.count)
      let takesErrors = task.metric.isUsual && fits(errors)
      if takesErrors { seconds += errors } else { isShortened = true }
      try measure(task, takesErrors: takesErrors)
    }
    sortRows(measured)
  }

  private func fits(_ cost: Double) -> Bool { seconds + cost <= limit }

  private struct Task {
    let metric: any SampleMetric.Type
    let pair: SamplePair
    /// The names of the columns that its figures stand in, with the endings of the quantities' names there.
    let places: [(column: String, suffix: String)]
    let isFirst: Bool

    var seconds: Double { metric.seconds(SetCounts(pair)) }
    var halfSeconds: Double { metric.seconds(SetCounts(pair).halves) }
  }

  private static func tasks(
    _ metric: any SampleMetric.Type, _ sets: SampleSets, _ set: SampleSets.Named, isFirst: Bool
  ) -> [Task] {
    let pair = sets.pair(set)
    let first = Task(metric: metric, pair: pair, places: [(set.name, "")], isFirst: isFirst)
    guard isTakenFromHeldOut(metric, sets), let heldOut = sets.heldOut else { return [first] }
    let other = sets.pair(set.rows, heldOut, nil)
    return [first, Task(metric: metric, pair: other, places: [(set.name, heldOutSuffix)], isFirst: isFirst)]
  }

  private static func isTakenFromHeldOut(_ metric: any SampleMetric.Type, _ sets: SampleSets) -> Bool {
    sets.heldOut != nil && metric.isDistance && metric.isUsual
  }

  private static func floorTasks(_ metric: any SampleMetric.Type, _ sets: SampleSets) -> [Task] {
    let pair = sets.floor(splittingHeldOut: metric.usesHeldOut)
    guard pair.a.rows > 1, pair.b.rows > 1 else { return [] }
    // Distances are the same both ways.
    let places = [(floor, "")] + (Self.isTakenFromHeldOut(metric, sets) ? [(floor, heldOutSuffix)] : [])
    return [Task(metric: metric, pair: pair, places: places, isFirst: false)]
  }

  private mutating func measure(_ task: Task, takesErrors: Bool) throws {
    let metric = task.metric.init(), found = try metric.measure(task.pair)
    let errors = takesErrors ? try HalfSamples.standardErrors(of: metric, task.pair) : found.map { _ in nil }
    for (column, suffix) in task.places {
      for (quantity, error) in zip(found, errors) {
        let name = quantity.name + suffix
        let value = quantity.value.flatMap { $0.isFinite ? $0 : nil }
        let figure = Figure(value: value, standardError: value == nil ? nil : error)
        if let row = rows.firstIndex(where: { $0.name == name }) {
          rows[row].figures[column] = figure
        } else if task.isFirst {
          rows.append(Row(name: name, metric: task.metric, remark: quantity.remark, figures: [column: figure]))
        }
      }
    }
  }

  /// Puts what is taken from the held-out rows behind what is taken from B, metric by metric.
  private mutating func sortRows(_ metrics: [any SampleMetric.Type]) {
    rows = metrics.flatMap { metric in rows.filter { $0.metric.name == metric.name } }
  }
}

extension SampleSets {
  /// The sizes of a set and those it is held against.
  func counts(_ set: Matrix) -> SetCounts {
    SetCounts(a: set.rows, b: reference.rows, heldOut: heldOut?.rows, dimension: set.columns)
  }
}

extension SetCounts {
  init(_ pair: SamplePair) {
    self.init(a: pair.a.rows, b: pair.b.rows, heldOut: pair.heldOut?.rows, dimension: pair.a.columns)
  }

  /// Half of each.
  var halves: SetCounts {
    SetCounts(a: a / 2, b: b / 2, heldOut: heldOut.map { $0 / 2 }, dimension: dimension)
  }
}
