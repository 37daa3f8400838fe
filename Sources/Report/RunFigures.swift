import Numerics
import Runs
import Samples

/// The figures of a run, by what they show.
struct RunFigures {
  private let run: RunContents
  /// The most points of a figure.
  private static let most = 2000, mostTrajectories = 60, mostMarginals = 6

  init(_ run: RunContents) { self.run = run }

  /// How divergence, speeds and what a run stops by went, a line for each flow.
  func convergence() -> [Panel] {
    let figures: [(columns: [(column: String, name: String)], title: String, y: String, isLogarithmic: Bool)] = [
      ([("divergence", "divergence")], "divergence from the target", "divergence", true),
      ([("fisher_information", "Fisher information")], "Fisher information (mean squared speed)", "|grad phi|^2", true),
      ([("maximum_speed", "maximum"), ("mean_speed", "mean")], "speed of the particles", "distance per time", false),
      ([("memory", "memory")], "memory (0.5: as fresh samples, 1: copies)", "chance", false),
      ([("held_out", "held out")], "divergence from held-out targets", "divergence", false),
      (
        [("kept", "order of distances"), ("neighbours_kept", "nearest neighbours")], "structure kept (1: all)", "share",
        false
      ),
      ([("moved", "moved")], "mean displacement beyond the alignment", "distance", false),
    ]
    return figures.compactMap { figure in
      var series: [Panel.Series] = []
      for (flow, name) in run.flows.enumerated() {
        for (index, part) in figure.columns.enumerated() {
          guard let values = run.values(part.column, flow: flow), values.contains(where: \.isFinite) else { continue }
          let label = [name, figure.columns.count > 1 ? part.name : ""].filter { !$0.isEmpty }.joined(separator: ", ")
          series.append(
            .init(
              name: label.isEmpty ? nil : label, style: .line,
              colour: Panel.colour(flow * figure.columns.count + index),
              points: values.enumerated().map { (Double($0 + 1), $1) }))
        }
      }
      return series.isEmpty
        ? nil
        : Panel(title: figure.title, x: "step", y: figure.y, series: series, isLogarithmic: figure.isLogarithmic)
    }
  }

  /// The particles at the start and at the end beside the target, by class; and the ways of some. None of one column alone.
  func particles() throws -> [Panel] {
    let target = try run.some(Self.most, of: "target"), dimension = run.dimension
    let names = try run.deck.transform.isEmpty ? run.reader.columnNames : nil
    guard dimension > 1, let view = Projection(target: target.rows, dimension: dimension, names: names) else {
      return []
    }
    let labels = try run.reader.labels
    let words = labels.map { classNames($0.particles + $0.target) } ?? []
    typealias Set = (title: String, places: [Int], rows: [Double], labels: [String]?)
    var sets: [Set] = []
    let frames = run.frameSteps, count = try run.reader.rows(in: "particles")
    if frames.first == 0 {
      let start = RunContents.chosen(try run.reader.frame(0), count: count, Self.most)
      sets.append(("start: the particles before the first step", start.places, start.rows, labels?.particles))
    }
    let end = try run.some(Self.most, of: "particles")
    sets.append(("end: the particles after step \(run.bestStep ?? run.steps)", end.places, end.rows, labels?.particles))
    sets.append(("the target's samples", target.places, target.rows, labels?.target))
    if try run.reader.has("generated") {
      let carried = try run.some(Self.most, of: "generated")
      sets.append(
        ("those carried along", carried.places, carried.rows, try run.reader.texts(of: "labels/generated")))
    }
    let points = sets.map { view.points($0.rows) }
    // The start may lie far off; the others share the ranges of what the run is to become.
    let ranges = Self.ranges(points.dropFirst(frames.first == 0 ? 1 : 0).flatMap { $0 })
    var panels = zip(sets, points).map { set, points in
      var series: [Panel.Series] = []
      if let labels = set.labels, (2...10).contains(words.count) {
        for (index, word) in words.enumerated() {
          let own = set.places.indices.filter { labels[set.places[$0]] == word }.map { points[$0] }
          series.append(.init(name: word, style: .dots, colour: Panel.colour(index), points: own))
        }
      } else {
        series.append(.init(name: nil, style: .dots, colour: Panel.colour(0), points: points))
      }
      return Panel(
        title: set.title, x: view.names[0], y: view.names[1], series: series, xRange: ranges?.x, yRange: ranges?.y)
    }
    if frames.first == 0 { panels[0].xRange = nil; panels[0].yRange = nil }
    if let ways = try trajectories(view, count: count, frames: frames) { panels.append(ways) }
    return panels
  }

  private func trajectories(_ view: Projection, count: Int, frames: [Int]) throws -> Panel? {
    guard frames.count > 2 else { return nil }
    let all = try frames.indices.map { index in
      view.points(RunContents.chosen(try run.reader.frame(index), count: count, Self.mostTrajectories).rows)
    }
    let ways = (all.first ?? []).indices.flatMap { particle in all.map { $0[particle] } + [(x: .nan, y: .nan)] }
    return Panel(
      title: "the ways of \(all.first?.count ?? 0) particles", x: view.names[0], y: view.names[1],
      series: [
        .init(name: nil, style: .line, colour: "#999999", points: ways),
        .init(name: "start", style: .dots, colour: Panel.colour(1), points: all.first ?? []),
        .init(name: "end", style: .dots, colour: Panel.colour(0), points: all.last ?? []),
      ])
  }

  /// The distributions of single columns, those in which the target varies most, of the particles and the target.
  func marginals() throws -> [Panel] {
    let dimension = run.dimension, names = try run.deck.transform.isEmpty ? run.reader.columnNames : nil
    let particles = try run.reader.rows(of: "particles"), target = try run.reader.rows(of: "target")
    let spreads = (0..<dimension).map { column in
      let values = stride(from: column, to: target.count, by: dimension).map { target[$0] }
      let mean = values.reduce(0, +) / Double(max(values.count, 1))
      return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    }
    let chosen = spreads.indices.sorted { (-spreads[$0], $0) < (-spreads[$1], $1) }.prefix(Self.mostMarginals).sorted()
    return chosen.map { column in
      let sets = [particles, target].map { rows in
        stride(from: column, to: rows.count, by: dimension).map { rows[$0] }.filter(\.isFinite)
      }
      let all = sets.joined(), low = all.min() ?? 0, high = all.max() ?? 1, bins = 30
      let width = max((high - low) / Double(bins), .leastNormalMagnitude)
      let series = zip(sets, ["particles", "target"]).enumerated().map { index, set in
        var counts = [Double](repeating: 0, count: bins)
        for value in set.0 { counts[min(Int((value - low) / width), bins - 1)] += 1 }
        let scale = 1 / (Double(max(set.0.count, 1)) * width)
        return Panel.Series(
          name: set.1, style: .steps, colour: Panel.colour(1 - index),
          points: counts.enumerated().map { (low + (Double($0) + 0.5) * width, $1 * scale) })
      }
      let name = names.map { column < $0.count ? $0[column] : "" } ?? "coordinate \(column + 1)"
      return Panel(title: name, x: name, y: "density", series: series)
    }
  }

  /// The texts, numbers by their value.
  private func classNames(_ labels: [String]) -> [String] {
    Swift.Set(labels).sorted { a, b in
      if let x = Double(a), let y = Double(b) { return x < y }
      return a < b
    }
  }

  private static func ranges(_ points: [(x: Double, y: Double)]) -> (x: ClosedRange<Double>, y: ClosedRange<Double>)? {
    func range(_ values: [Double]) -> ClosedRange<Double>? {
      guard let low = values.min(), let high = values.max(), low < high, low.isFinite, high.isFinite else { return nil }
      let margin = 0.05 * (high - low)
      return low - margin...high + margin
    }
    guard let x = range(points.map(\.x)), let y = range(points.map(\.y)) else { return nil }
    return (x, y)
  }
}
