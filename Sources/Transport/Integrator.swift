import Numerics

/// Takes time steps: dY/dt = v(Y), the field adapted anew at every stage.
///
/// Beside the positions it keeps two arrays of their size: the effective velocity and the stage, whose positions are
/// overwritten by their velocities; more only for tables that need older velocities.
package final class Integrator {
  private let method: RungeKutta
  private let ensemble: ParticleEnsemble
  private var particles: Track
  private var generated: Track?

  /// The memory of one kind of particle.
  private struct Track {
    let velocity: Matrix
    let stage: Matrix
    var kept: [Int: Matrix]
  }

  /// An integrator of an ensemble.
  package init(_ method: RungeKutta, of ensemble: ParticleEnsemble) {
    self.method = method
    self.ensemble = ensemble
    func track(_ positions: Matrix) -> Track {
      func like() -> Matrix { Matrix(rows: positions.rows, columns: positions.columns) }
      var kept: [Int: Matrix] = [:]
      for stage in 0..<method.stages where method.isNeededLater(stage) { kept[stage] = like() }
      return Track(velocity: like(), stage: like(), kept: kept)
    }
    particles = track(ensemble.particles)
    generated = ensemble.generated.map(track)
  }

  /// The effective velocity of the particles after ``evaluate(_:timeStep:)``, (own rows, dimension).
  package var velocity: Matrix { particles.velocity }

  /// Evaluates all stages of a time step; no particle moves yet. Collective.
  package func evaluate(_ field: some VelocityField, timeStep: Double) throws {
    for stage in 0..<method.stages {
      if stage > 0 {
        displace(particles, from: ensemble.particles, stage: stage, timeStep: timeStep)
        if let generated, let positions = ensemble.generated {
          displace(generated, from: positions, stage: stage, timeStep: timeStep)
        }
      }
      let positions = stage == 0 ? ensemble.particles : particles.stage
      try field.adapt(to: positions)
      try field.velocities(ofParticles: positions, into: particles.stage)
      collect(particles, stage: stage)
      if let generated, let carried = ensemble.generated {
        try field.velocities(ofGenerated: stage == 0 ? carried : generated.stage, into: generated.stage)
        collect(generated, stage: stage)
      }
    }
  }

  /// Whether all positions of this rank, generated ones as well, are finite after a move by the effective velocity.
  package func leadsToFinite(timeStep: Double) -> Bool {
    isFinite(ensemble.particles, particles.velocity, timeStep)
      && (generated.flatMap { track in ensemble.generated.map { isFinite($0, track.velocity, timeStep) } } ?? true)
  }

  private func isFinite(_ positions: Matrix, _ velocity: Matrix, _ timeStep: Double) -> Bool {
    let y = positions.elements, v = velocity.elements, dt = Float(timeStep)
    // As bits, infinities and NaN are above all finite numbers, and a maximum of bits vectorises.
    var largest: UInt32 = 0
    for i in 0..<positions.count { largest = max(largest, (y[i] + dt * v[i]).bitPattern & 0x7fff_ffff) }
    return largest < Float.infinity.bitPattern
  }

  /// Moves all particles by the effective velocity.
  package func move(timeStep: Double) {
    add(particles.velocity, times: timeStep, to: ensemble.particles)
    if let generated, let positions = ensemble.generated { add(generated.velocity, times: timeStep, to: positions) }
  }

  private func add(_ velocity: Matrix, times timeStep: Double, to positions: Matrix) {
    let y = positions.elements, v = velocity.elements, dt = Float(timeStep)
    for i in 0..<positions.count { y[i] += dt * v[i] }
  }

  /// stage = Y + dt sum_j a_j k_j; the newest velocity lies in `stage` itself.
  private func displace(_ track: Track, from positions: Matrix, stage: Int, timeStep: Double) {
    let coefficients = method.a[stage - 1], y = positions.elements, s = track.stage.elements
    let newest = Float(timeStep * coefficients[stage - 1])
    for i in 0..<positions.count { s[i] = y[i] + newest * s[i] }
    for earlier in 0..<stage - 1 where coefficients[earlier] != 0 {
      guard let k = track.kept[earlier] else { continue }
      add(k, times: timeStep * coefficients[earlier], to: track.stage)
    }
  }

  private func collect(_ track: Track, stage: Int) {
    let v = track.velocity.elements, k = track.stage.elements, weight = Float(method.b[stage])
    if stage == 0 {
      for i in 0..<track.velocity.count { v[i] = weight * k[i] }
    } else {
      for i in 0..<track.velocity.count { v[i] += weight * k[i] }
    }
    track.kept[stage]?.assign(track.stage)
  }
}
