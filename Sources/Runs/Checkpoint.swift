import Discriminator
import Storage

/// Where a run stands after a time step, beside the particles themselves: all that the next step depends on.
///
/// Random numbers and the cut into blocks follow from the deck, so nothing is stored of them, nor of the number of ranks.
package struct Checkpoint {
  /// The last step made.
  package var step: Int
  /// The sum of time steps.
  var time: Double
  /// The figures of all steps so far; on the root alone.
  var metrics: [MetricsRow]

  /// The columns of a row of figures in the file.
  static let metricsColumns = 5

  /// The figures as rows of numbers.
  var metricsValues: [Double] {
    metrics.flatMap { [Double($0.step), $0.time, $0.divergence, $0.fisherInformation, $0.maximumSpeed] }
  }

  /// The figures of rows of numbers.
  static func metrics(of values: [Double]) -> [MetricsRow] {
    stride(from: 0, to: values.count - metricsColumns + 1, by: metricsColumns).map { i in
      MetricsRow(
        step: Int(values[i]), time: values[i + 1], divergence: values[i + 2], fisherInformation: values[i + 3],
        maximumSpeed: values[i + 4])
    }
  }
}

/// The small arrays of a checkpoint, the same on every rank, by their names in the file.
struct CheckpointArrays {
  /// Step and time.
  var progress: [Double]
  /// The trainer's state.
  var trainer: Trainer.State
  /// The limits of the exact partition sum.
  var velocityLimits: [Double]
  /// The limits of the exact sum of squared speeds.
  var motionLimits: [Double]

  /// The present arrays of a run.
  init(_ assembly: RunAssembly, step: Int, time: Double) {
    progress = [Double(step), time]
    trainer = assembly.trainer.state
    velocityLimits = assembly.field.partition.limits
    motionLimits = assembly.motion.squares.limits
  }

  /// The arrays of float64 by name.
  static let doubles: [(name: String, path: WritableKeyPath<CheckpointArrays, [Double]> & Sendable)] = [
    ("progress", \.progress),
    ("optimizer", \.trainer.optimizer),
    ("objective", \.trainer.objective),
    ("limits/training", \.trainer.limits),
    ("limits/velocity", \.velocityLimits),
    ("limits/motion", \.motionLimits),
  ]

  /// The name of the network's parameters.
  static let parameters = "parameters"

  /// Puts a run into this state.
  func restore(_ assembly: RunAssembly) {
    assembly.trainer.restore(trainer)
    assembly.field.partition.restore(limits: velocityLimits)
    assembly.motion.squares.restore(limits: motionLimits)
  }
}
