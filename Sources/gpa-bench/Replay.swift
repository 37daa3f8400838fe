import Discriminator
import Flows
import MessagePassing
import Numerics
import Runs

/// Rows carried along a recorded flow, beside what cannot be saved of it: a forward pass and the gradient with respect to the
/// points of every block at every stage, through the network of the last stage.
enum Replay {
  /// Prints rows per second of both, the best of several turns, and their ratio.
  static func measure(_ path: String, rows: Int, on world: Communicator) throws {
    let run = try RecordedRun(path, until: nil, threads: 1), batch = min(run.usualBatch, rows)
    let points = Matrix(rows: batch, columns: run.dimension), result = Matrix(rows: batch, columns: run.dimension)
    let stages = run.flow.layout.evaluations(of: run.steps)
    var stream = RandomNumbers(seed: 0, purpose: .test).stream(0)
    var carrying = Double.infinity, passing = Double.infinity
    for _ in 0..<max(rows / batch, 3) {
      for i in 0..<points.count { points.elements[i] = Float(stream.normal()) }
      var begin = monotonicSeconds()
      try run.carry(points, on: world)
      carrying = min(carrying, monotonicSeconds() - begin)
      begin = monotonicSeconds()
      let pass = run.field.team.passes[0]
      for _ in 0..<stages {
        for first in stride(from: 0, to: batch, by: RecordedRun.height) {
          let height = min(RecordedRun.height, batch - first)
          pass.forward(points.row(first), rows: height)
          pass.weights.update(repeating: -1, count: height)
          pass.inputGradient(rows: height, into: result.row(first))
        }
      }
      passing = min(passing, monotonicSeconds() - begin)
    }
    guard world.isRoot else { return }
    StandardStream.output.write(
      "rows_per_second \(Float(Double(batch) / carrying)) passes_alone \(Float(Double(batch) / passing)) "
        + "fraction \(Float(passing / carrying)) batch \(batch)\n")
  }
}
