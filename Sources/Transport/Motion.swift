import Numerics

/// How a particle set moves in the time step that is tried: what an integrator's stages add up to, in memory of the size of
/// the positions. It changes no position before ``move(timeStep:)``.
///
/// Beside the positions there are two arrays: the effective velocity and the stage, whose positions are overwritten by their
/// velocities. There are more only for tables that need earlier stages, older velocities or an error.
package final class Motion: Stateful {
  /// The set that moves.
  package let set: ParticleSet
  /// The effective velocity after the last stage, (own rows, dimension).
  package let velocity: Matrix
  private let stage: Matrix
  private let method: Integrator
  private var saved: [Int: Matrix] = [:]
  /// Velocities at the beginning of earlier steps, the newest first.
  private var older: [Matrix] = []
  private var olderCount = 0
  /// The velocity of the embedded solution less the effective one.
  private let deviation: Matrix?

  /// The motion of a set by a method.
  ///
  /// - Parameter estimatesError: whether the error of a step is asked for; needs a method with an estimate.
  package init(of set: ParticleSet, by method: Integrator, estimatesError: Bool = false) {
    self.set = set
    self.method = method
    func like() -> Matrix { Matrix(rows: set.positions.rows, columns: set.positions.columns) }
    velocity = like()
    stage = like()
    deviation = estimatesError && method.estimatesError ? like() : nil
    for stage in 0..<method.stages where method.isNeededLater(stage) { saved[stage] = like() }
    older = (0..<method.history).map { _ in like() }
  }

  /// The table of the next step: the method's, or, as long as it lacks older velocities, that of a Runge-Kutta method.
  package var table: Integrator { olderCount < method.history ? starter : method }

  /// The bytes of the arrays for so many numbers of a rank's particles.
  package static func bytes(numbers: Int, by method: Integrator) -> Int {
    let saved = (0..<method.stages).filter(method.isNeededLater).count
    return 4 * numbers * (2 + saved + method.history + (method.estimatesError ? 1 : 0))
  }

  /// Goes to a stage, from 0 and one by one: the positions at which the field is to be evaluated.
  package func advance(to stage: Int, timeStep: Double) -> Matrix {
    guard stage > 0 else { return set.positions }
    displace(stage, timeStep)
    return self.stage
  }

  /// Where the velocities of the stage are to be written.
  package var stageVelocity: Matrix { stage }

  /// Adds the velocities of a stage to the effective velocity.
  package func collect(_ index: Int) {
    let table = table
    accumulate(stage, into: velocity, weight: table.b[index], isFirst: index == 0)
    if let deviation {
      accumulate(stage, into: deviation, weight: table.embedded[index] - table.b[index], isFirst: index == 0)
    }
    saved[index]?.assign(stage)
    guard index == table.stages - 1, table.history > 0 else { return }
    for (weight, velocities) in zip(table.older, older) { add(velocities, times: weight, to: velocity) }
  }

  /// Calls a body for each own block with the sum over its particles of the squared distance between the effective and the
  /// embedded velocity; never where no error is estimated.
  package func forEachBlock(ofErrors body: (_ squares: Double) -> Void) {
    guard let deviation else { return }
    set.rows.forEach { _, first, rows in
      var sum = 0.0
      let start = deviation.row(first)
      for i in 0..<rows * deviation.columns { sum += Double(start[i]) * Double(start[i]) }
      body(sum)
    }
  }

  /// Whether all own positions are finite after a move by the effective velocity.
  package func leadsToFinite(timeStep: Double) -> Bool {
    let y = set.positions.elements, v = velocity.elements, dt = Float(timeStep)
    // As bits, infinities and NaN are above all finite numbers, and a maximum of bits vectorises.
    var largest: UInt32 = 0
    for i in 0..<velocity.count { largest = max(largest, (y[i] + dt * v[i]).bitPattern & 0x7fff_ffff) }
    return largest < Float.infinity.bitPattern
  }

  /// Moves the particles by the effective velocity, and remembers the velocity at the step's beginning where later steps
  /// need it.
  package func move(timeStep: Double) {
    add(velocity, times: timeStep, to: set.positions)
    guard let oldest = older.popLast(), let beginning = saved[0] else { return }
    oldest.assign(beginning)
    older.insert(oldest, at: 0)
    olderCount = min(olderCount + 1, method.history)
  }

  package func record(into snapshot: inout Snapshot) {
    guard !older.isEmpty else { return }
    snapshot.add("older", [Double(olderCount)])
    for (age, velocities) in older.enumerated() {
      snapshot.add("older_\(age)", velocities, own: set.rows.rows, of: set.count)
    }
  }

  package func restore(from snapshot: Snapshot) throws {
    if !older.isEmpty { olderCount = min(try snapshot.count("older", at: 0), method.history) }
  }

  /// stage = Y + dt (sum_j a_j k_j + sum_m older_m f_m); the newest velocity lies in `stage` itself.
  private func displace(_ index: Int, _ timeStep: Double) {
    let table = table, row = table.a[index - 1], y = set.positions.elements, s = stage.elements
    let newest = Float(timeStep * row[index - 1])
    for i in 0..<stage.count { s[i] = y[i] + newest * s[i] }
    for earlier in 0..<index - 1 where row[earlier] != 0 {
      if let k = saved[earlier] { add(k, times: timeStep * row[earlier], to: stage) }
    }
    guard !table.olderStages.isEmpty else { return }
    for (weight, velocities) in zip(table.olderStages[index - 1], older) {
      add(velocities, times: timeStep * weight, to: stage)
    }
  }

  private func accumulate(_ k: Matrix, into sum: Matrix, weight: Double, isFirst: Bool) {
    let s = sum.elements, k = k.elements, weight = Float(weight)
    if isFirst {
      for i in 0..<sum.count { s[i] = weight * k[i] }
    } else {
      for i in 0..<sum.count { s[i] += weight * k[i] }
    }
  }

  private func add(_ velocity: Matrix, times factor: Double, to positions: Matrix) {
    let y = positions.elements, v = velocity.elements, factor = Float(factor)
    for i in 0..<positions.count { y[i] += factor * v[i] }
  }
}
