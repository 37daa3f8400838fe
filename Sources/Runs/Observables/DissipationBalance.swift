import Numerics

/// How well the flow dissipates the divergence (Theorem 2 of the paper: dD/dt = -I with I the Fisher information):
/// D(t) - D(0) plus the integral of I over the flow so far, which is 0 for the exact gradient flow; and the same over that
/// integral, 0 before the first step. Positive: the divergence falls more slowly than the particles' motion says.
///
/// D is known at the beginning of steps, and I is that of a step's effective velocity; so the balance of a step is that of
/// its beginning.
final class DissipationBalance: Observable {
  let columns = ["dissipation_balance", "dissipation_balance_relative"]
  private var start = Double.nan
  private var dissipated = 0.0

  func values(_ measured: Measured) -> [Double] {
    let divergence = measured.earlier[Divergence.column] ?? .nan
    if start.isNaN { start = divergence }
    let balance = divergence - start + dissipated, share = dissipated > 0 ? balance / dissipated : 0
    dissipated += measured.flow.duration * (measured.earlier[Speeds.fisherInformation] ?? .nan)
    return [balance, share]
  }

  func record(into snapshot: inout Snapshot) { snapshot.add("balance", [start, dissipated]) }

  func restore(from snapshot: Snapshot) throws {
    let values = try snapshot.float64("balance")
    start = values[0]
    dissipated = values[1]
  }
}
