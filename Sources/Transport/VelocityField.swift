import Numerics

/// Where a field is evaluated: a stage of a time step.
package struct Stage: Sendable, Equatable {
  /// The time step, from 1.
  package let step: Int
  /// The stage in the step, from 0.
  package let index: Int
  /// The length of the time step that is tried.
  package let timeStep: Double

  /// A stage of a step.
  package init(step: Int, index: Int, timeStep: Double) {
    self.step = step
    self.index = index
    self.timeStep = timeStep
  }
}

/// What moves particles. An integrator knows nothing else of it.
///
/// Both functions are collective and throw on all ranks alike. A field that was restored from its snapshot gives the same
/// velocities again.
package protocol VelocityField: Stateful {
  /// Takes the field to a stage: trains it on `positions`, (own rows, dimension), of the set it is trained on, or reads
  /// what was recorded.
  func arrive(at stage: Stage, trainedOn positions: Matrix) throws
  /// Writes the velocities of a set at `positions`, both (own rows, dimension); `velocities` may be `positions` itself. The
  /// set that the field is trained on comes first.
  func velocities(of set: ParticleSet, at positions: Matrix, into velocities: Matrix) throws
}
