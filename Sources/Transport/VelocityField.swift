import Numerics

/// What moves particles: a field that adapts to where they are, then gives velocities. The mover knows nothing else of it.
package protocol VelocityField {
  /// Adapts the field to the particles' positions. Collective.
  func adapt(to particles: Matrix) throws
  /// Writes the velocities of the particles the field was adapted to; `velocities` may be `positions` itself. Collective.
  func velocities(ofParticles positions: Matrix, into velocities: Matrix) throws
  /// Writes the velocities of carried particles; `velocities` may be `positions` itself. Follows the call for the particles.
  func velocities(ofGenerated positions: Matrix, into velocities: Matrix) throws
}
