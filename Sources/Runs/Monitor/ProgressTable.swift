import MessagePassing
import Storage

/// The table that grows while a run goes on: a line at the first steps and then at most one in a while, as the step counts
/// grow; on a terminal the newest step is always shown.
final class ProgressTable {
  private let console: Console
  private let steps: Int
  private let particles: Int
  private let first: Int
  private let start = monotonicSeconds()
  private var lastShown = 0.0

  /// A table of a run that goes on after a step.
  init(console: Console, after step: Int, steps: Int, particles: Int) {
    first = step
    self.console = console
    self.steps = steps
    self.particles = particles
  }

  /// Says the names of the columns.
  func begin() {
    console.say("    step        time  divergence      Fisher   max speed  particle-steps/s  time left")
  }

  /// Says a line between those of the steps.
  func say(_ line: String) { console.say(line) }

  /// Tells of a step.
  func report(_ row: MetricsRow, isLast: Bool) {
    let now = monotonicSeconds(), elapsed = now - start, made = Double(row.step - first)
    let isLine = isLast || row.step - first <= 3 || row.step % max(steps / 20, 1) == 0
    guard isLine || now - lastShown > 0.2 else { return }
    lastShown = now
    func number(_ column: String) -> Double { row[column] ?? .nan }
    let text =
      Text.format(
        "%8d  %10.4g  %10.4g  %10.4g  %10.4g  %16.4g", row.step, row.time, number(Divergence.column),
        number(Speeds.fisherInformation), number(Speeds.maximumSpeed), Double(particles) * made / elapsed)
      + "  " + Text.duration(elapsed / made * Double(steps - row.step))
    isLine ? console.say(text) : console.show(text)
  }
}
