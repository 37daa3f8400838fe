/// An explicit Runge-Kutta method as its Butcher table.
package struct RungeKutta: Sendable {
  /// The name in decks.
  package let name: String
  /// The order of convergence for smooth fields.
  package let order: Int
  /// Row i: by how much of each earlier stage's velocity stage i + 1 is displaced.
  package let a: [[Double]]
  /// The weights of the stages in the effective velocity.
  package let b: [Double]

  /// The number of stages.
  package var stages: Int { b.count }

  /// Whether a velocity is needed by a later stage than the next one.
  func isNeededLater(_ stage: Int) -> Bool {
    a.enumerated().contains { row, coefficients in row > stage && coefficients.count > stage && coefficients[stage] != 0
    }
  }
}

/// All integrators.
package let integrators: [RungeKutta] = [
  RungeKutta(name: "euler", order: 1, a: [], b: [1]),
  RungeKutta(name: "heun", order: 2, a: [[1]], b: [1 / 2.0, 1 / 2.0]),
  RungeKutta(
    name: "rk4", order: 4, a: [[1 / 2.0], [0, 1 / 2.0], [0, 0, 1]], b: [1 / 6.0, 1 / 3.0, 1 / 3.0, 1 / 6.0]),
]
