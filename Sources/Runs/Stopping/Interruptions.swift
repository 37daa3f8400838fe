import MessagePassing
import Storage

/// What this rank knows of reasons to interrupt a run: its clock, signals, and on the root the file STOP.
struct Interruptions {
  private let started: Double
  private var stopFile: StopFile
  private var begin = 0.0
  private var first = 0

  /// The wall time counts from `started`, by ``monotonicSeconds()``.
  init(started: Double, stopFile: StopFile) {
    self.started = started
    self.stopFile = stopFile
  }

  /// The first step after this one begins now.
  mutating func begin(after step: Int) {
    first = step
    begin = monotonicSeconds()
  }

  /// The numbers whose maxima over all ranks are ``Circumstances``, in a step that has just been proposed.
  mutating func numbers(step: Int, storingSeconds: Double) -> [Double] {
    let now = monotonicSeconds(), request = Signals.request ?? (stopFile.isThere() ? .file : nil)
    // A checkpoint and the final state, each as long as the last checkpoint.
    let reserve = (now - begin) / Double(step - first) + 2 * storingSeconds
    return [now - started, reserve, request?.number ?? 0]
  }
}

extension Circumstances {
  /// The circumstances that the maxima over all ranks tell.
  init(_ maxima: [Double]) {
    self.init(elapsed: maxima[0], reserve: maxima[1], request: StopRequest(number: maxima[2]))
  }
}
