import MessagePassing

/// What is said while rows are generated: how many, how fast, and how long it still takes.
struct GenerationProgress {
  private let console: Console
  private let first: Int, count: Int
  private let begin = monotonicSeconds()
  private var lastLine = monotonicSeconds()

  /// The seconds between two lines.
  private static let lineSeconds = 10.0

  /// Of a job that begins after so many rows.
  init(_ console: Console, after first: Int, of count: Int) {
    self.console = console
    self.first = first
    self.count = count
  }

  /// So many rows are there.
  mutating func report(_ rows: Int) {
    let now = monotonicSeconds(), rate = Double(rows - first) / max(now - begin, 1e-9)
    let left = Text.duration(Double(count - rows) / max(rate, 1e-9))
    let line = "\(rows) of \(count) rows, \(Text.short(rate)) rows/s, \(left) left"
    guard now - lastLine >= Self.lineSeconds else { return console.show(line) }
    lastLine = now
    console.say(line)
  }

  /// All rows are there.
  func end(_ path: String, columns: Int, seconds: Double) {
    let rate = Double(count - first) / max(monotonicSeconds() - begin, 1e-9)
    console.say(
      "\(count) rows of \(columns) columns in \(path): \(Text.short(rate)) rows/s, \(Text.short(seconds)) s in all")
  }
}
