import Discriminator
import Divergence
import Numerics

extension BlockTeam {
  /// Writes the velocities of a rank's particles by phi of the team's network, (own rows, dimension): -grad phi for
  /// D(P|Q), grad phi times the objective's weight and a factor for D(Q|P). `velocities` may be `positions` itself.
  func velocities(
    at positions: Matrix, _ own: OwnRows, labels: RowLabels?, by objective: Objective, factor: Float,
    into velocities: Matrix
  ) {
    let parts = deal(own), isWeighted = objective.direction == .reverse
    run { thread, pass in
      let weights = pass.weights
      parts[thread].forEach { _, first, rows in
        pass.forward(positions.row(first), rows: rows, labels: labels?.at(first))
        if isWeighted {
          _ = objective.weigh(pass.phi, count: rows, into: weights, capped: false)
          for row in 0..<rows { weights[row] *= factor }
        } else {
          weights.update(repeating: -1, count: rows)
        }
        pass.inputGradient(rows: rows, into: velocities.row(first))
      }
    }
  }
}
