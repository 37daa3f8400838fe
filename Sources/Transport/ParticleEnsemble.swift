import Numerics

/// The particles of one rank, and those carried along.
package final class ParticleEnsemble {
  /// The positions of the particles that phi is trained on, (own rows, dimension).
  package let particles: Matrix
  /// The positions of the particles that are only carried along, (own rows, dimension).
  package let generated: Matrix?

  /// An ensemble that takes the matrices as its own.
  package init(particles: Matrix, generated: Matrix?) {
    self.particles = particles
    self.generated = generated
  }
}
