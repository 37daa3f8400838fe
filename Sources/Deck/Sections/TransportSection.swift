import Parameters
import Transport

/// The `transport` section: dY/dt = -grad phi(Y).
package struct TransportSection: Codable, Sendable {
  /// The integrator.
  package var integrator: RungeKutta
  /// The length of a time step; `auto` follows the target's diameter and L.
  package var timeStep: AutomaticNumber
  /// How it changes over the run; linear by default where the time step is `auto`, constant where it is a number.
  package var schedule: Schedule
  /// The number of time steps.
  package var steps: Int

  /// How the time step changes over the run.
  package enum Schedule: String, Codable, Sendable, CaseIterable {
    case constant, linear

    /// The factor of the time step at step n = 1, 2, ... of a run.
    package func factor(step: Int, of steps: Int) -> Double {
      switch self {
      case .constant: 1
      case .linear: max(1 - Double(step - 1) / Double(steps), 0.01)
      }
    }
  }

  enum CodingKeys: String, CodingKey {
    case integrator, schedule, steps
    case timeStep = "time_step"
  }

  /// Reads it from a deck; absent keys take their defaults.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    integrator = try variant(
      named: try values.value(.integrator, default: "heun"), among: integrators, nameOf: \.name, key: .integrator,
      in: values)
    timeStep = try values.automatic(.timeStep, default: .automatic, allowed: "a number above 0") {
      $0 > 0 && $0.isFinite
    }
    let usual = timeStep == .automatic ? Schedule.linear : .constant
    schedule = try variant(
      named: try values.value(.schedule, default: usual.rawValue), among: Schedule.allCases,
      nameOf: \.rawValue, key: .schedule, in: values)
    steps = try values.count(.steps, default: 1000)
  }

  /// Writes every key, defaults filled in.
  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(integrator.name, forKey: .integrator)
    try values.encode(timeStep, forKey: .timeStep)
    try values.encode(schedule, forKey: .schedule)
    try values.encode(steps, forKey: .steps)
  }
}
