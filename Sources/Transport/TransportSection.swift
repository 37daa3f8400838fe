import Parameters

/// The `transport` section of a deck: dY/dt = -grad phi(Y).
package struct TransportSection: Section {
  package var integrator = integrators[1]
  /// The length of a time step, above 0; `auto` follows the target's diameter and L.
  package var timeStep = AutomaticNumber.automatic
  package var schedule = Schedule.constant
  /// The tolerated root mean square of a step's error over the particles, in diameters of the target; nil where the
  /// integrator estimates none.
  package var error: Double?
  /// What every coordinate is held between after a step, in the space of the flow; nil: nothing.
  package var bounds: [Double]?
  /// The number of time steps.
  package var steps = 1000

  package init() {}

  package static let keys: [Key<TransportSection>] = [
    .choice(
      "integrator", \.integrator, "how a time step is made; phi is trained at every stage", among: integrators,
      nameOf: \.name),
    .automatic(
      "time_step", \.timeStep, "the length of a time step; auto: L x time_step = 0.03 diameters",
      // A time is a length squared where the potential has no unit.
      allowed: "a number above 0 whose root float32 holds (1e-75 to 1e75)"
    ) { (1e-75...1e75).contains($0) },
    .choice(
      "schedule", \.schedule, "linear: step n of T uses time_step max(1 - (n-1)/T, 0.01)",
      otherwise: "constant"),
    .value(
      "error", optional: \.error,
      "of an integrator that chooses its steps (\(estimating)): the tolerated error of a step, in diameters of the target",
      allowed: SinglePrecision.allowed, otherwise: "0.01"
    ) { SinglePrecision.holds($0) },
    .value(
      "bounds", optional: \.bounds, "every coordinate is held between these after each step, such as [0, 1] for images",
      allowed: "two finite numbers, the lower first"
    ) { $0.count == 2 && $0.allSatisfy(\.isFinite) && $0[0] < $0[1] },
    .value("steps", \.steps, "the most time steps", allowed: "a whole number above 0") { $0 > 0 },
  ]

  private static let estimating = integrators.filter(\.estimatesError).map(\.name).joined(separator: ", ")

  package mutating func complete(given: Set<String>) throws {
    let mayVary = integrator.history == 0 && !integrator.estimatesError
    if schedule == .linear, !mayVary {
      throw KeyError(
        "schedule",
        integrator.estimatesError
          ? "cannot be linear with integrator: \(integrator.name), which chooses its steps; leave it out"
          : "cannot be linear with integrator: \(integrator.name), which needs steps of one length; use constant")
    }
    if given.contains("error"), !integrator.estimatesError {
      throw KeyError("error", "belongs to integrator: \(Self.estimating); choose that, or leave it out")
    }
    if integrator.estimatesError { error = error ?? 0.01 }
  }
}
