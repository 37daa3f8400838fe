import Glibc
import Storage

/// Where two runs part: the first step, quantity and particle whose bits differ.
package struct RunComparison {
  /// What was found, for people, a line each.
  package private(set) var lines: [String] = []
  /// Whether all that both have is the same, bit for bit.
  package private(set) var isSame = true

  /// Compares the results in two run folders. For one process; throws an ``EvaluationError`` where one has no run.
  package init(_ first: String, _ second: String) throws {
    let readers = try [first, second].map { path in
      let folder = RunFolder(path)
      guard RunFolder.isFile(folder.result) else { throw EvaluationError.noRun(folder: path) }
      guard let reader = try? RunFileReader(folder.result) else {
        throw EvaluationError.unreadable(file: folder.result)
      }
      return reader
    }
    do { try compare(readers[0], readers[1]) } catch { throw EvaluationError.unreadable(file: "\(first) or \(second)") }
    if isSame { lines.append("the same bits in all that both have") }
  }

  private mutating func differ(_ line: String) {
    isSame = false
    lines.append(line)
  }

  private mutating func compare(_ a: RunFileReader, _ b: RunFileReader) throws {
    let decks = try [a.deck, b.deck]
    if decks[0] != decks[1] { lines.append("the decks differ" + (Self.keys(decks).map { ": " + $0 } ?? "")) }
    try compareMetrics(a, b)
    try compareFrames(a, b)
    for dataset in ["target", "particles", "generated"] where try a.has(dataset) && b.has(dataset) {
      let width = try a.columns(of: dataset)
      if let place = Self.first(try a.rows(of: dataset), try b.rows(of: dataset), isDouble: try a.isDouble(dataset)) {
        differ("\(dataset): row \(place.index / width + 1), column \(place.index % width + 1): \(place.text)")
      }
    }
    let networks = try [a.network.weights, b.network.weights]
    for (one, other) in zip(networks[0], networks[1]) {
      if let place = Self.first(one.values, other.values, isDouble: false) {
        differ("the network's \(one.name), number \(place.index + 1): \(place.text)")
        break
      }
    }
  }

  private mutating func compareMetrics(_ a: RunFileReader, _ b: RunFileReader) throws {
    let others = Dictionary(try b.metrics.map { ($0.column, $0.values) }) { first, _ in first },
      flows = max(1, try a.flowNames.count)
    var found: [(step: Int, column: String, text: String)] = [], counts: Set<Int> = []
    for (column, values) in try a.metrics {
      guard let other = others[column] else { continue }
      counts.formUnion([values.count / flows, other.count / flows])
      let common = min(values.count, other.count)
      if let place = Self.first(Array(values[..<common]), Array(other[..<common]), isDouble: true) {
        found.append((place.index / flows + 1, column, place.text))
      }
    }
    if counts.count > 1 {
      differ("one made \(counts.min() ?? 0) steps, the other \(counts.max() ?? 0)")
    }
    guard let step = found.map(\.step).min() else { return }
    for part in found where part.step == step { differ("step \(step): \(part.column): \(part.text)") }
  }

  private mutating func compareFrames(_ a: RunFileReader, _ b: RunFileReader) throws {
    let steps = try [a.frameSteps, b.frameSteps], width = try a.columns(of: "target")
    for (index, step) in steps[0].enumerated() {
      guard let place = steps[1].firstIndex(of: step) else { continue }
      let rows = try a.frame(index), others = try b.frame(place)
      guard let first = Self.first(rows, others, isDouble: try a.isDouble("frames/particles")) else { continue }
      differ(
        "frame of step \(step): particle \(first.index / width + 1), column \(first.index % width + 1): \(first.text)")
      return
    }
  }

  /// The first place where numbers differ, and how; nil where none does.
  private static func first(_ a: [Double], _ b: [Double], isDouble: Bool) -> (index: Int, text: String)? {
    guard a.count == b.count else { return (min(a.count, b.count), "\(a.count) and \(b.count) numbers") }
    guard let index = a.indices.first(where: { a[$0].bitPattern != b[$0].bitPattern }) else { return nil }
    let apart = isDouble ? distance(a[index], b[index]) : distance(Float(a[index]), Float(b[index]))
    return (index, "\(a[index]) and \(b[index])" + (apart.map { ", \($0) ulp\($0 == 1 ? "" : "s") apart" } ?? ""))
  }

  /// How many numbers of the format lie between, and one; nil where one is none.
  private static func distance(_ a: Double, _ b: Double) -> UInt64? {
    guard a.isFinite, b.isFinite else { return nil }
    func order(_ x: Double) -> Int64 {
      let bits = Int64(bitPattern: x.bitPattern)
      return bits < 0 ? .min - bits : bits
    }
    return order(a).subtractingReportingOverflow(order(b)).partialValue.magnitude
  }

  private static func distance(_ a: Float, _ b: Float) -> UInt64? {
    guard a.isFinite, b.isFinite else { return nil }
    func order(_ x: Float) -> Int64 {
      let bits = Int64(Int32(bitPattern: x.bitPattern))
      return bits < 0 ? Int64(Int32.min) - bits : bits
    }
    return (order(a) - order(b)).magnitude
  }

  /// The keys in which two decks differ; nil where they cannot be read.
  private static func keys(_ decks: [String]) -> String? {
    guard let first = try? Deck.read(decks[0], file: "deck"), let keys = try? first.keys(thatDifferFrom: decks[1])
    else {
      return nil
    }
    return keys.joined(separator: ", ")
  }
}
