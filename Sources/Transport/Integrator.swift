/// An explicit method for dY/dt = v(Y) as its table: a general linear method whose older values are velocities at the
/// beginning of earlier steps (Butcher, "Numerical Methods for Ordinary Differential Equations", 2016, Section 5).
///
/// With k_i the velocity at stage i and f_m that at the beginning of the step m steps ago, stage i lies at
/// Y + dt (sum_j a_ij k_j + sum_m olderStages_im f_m), and the step leads to Y + dt (sum_i b_i k_i + sum_m older_m f_m).
/// Stage 0 lies at Y.
package struct Integrator: Sendable {
  /// The name in decks.
  package let name: String
  /// The order of convergence for smooth fields.
  package let order: Int
  /// Row i: by how much of each earlier stage's velocity stage i + 1 is displaced.
  package let a: [[Double]]
  /// The weights of the stages in the effective velocity.
  package let b: [Double]
  /// Row i: by how much of each older velocity stage i + 1 is displaced; empty where there are none.
  package let olderStages: [[Double]]
  /// The weights of the older velocities, the newest first, in the effective velocity.
  package let older: [Double]
  /// The weights of another solution of a lower order, whose distance estimates the error of a step; empty where the
  /// method has none.
  package let embedded: [Double]

  /// A method's table.
  package init(
    _ name: String, order: Int, a: [[Double]] = [], b: [Double], olderStages: [[Double]] = [], older: [Double] = [],
    embedded: [Double] = []
  ) {
    self.name = name
    self.order = order
    self.a = a
    self.b = b
    self.olderStages = olderStages
    self.older = older
    self.embedded = embedded
  }

  /// The number of stages.
  package var stages: Int { b.count }

  /// The number of older velocities that it needs: so many steps are made by another method first, and all steps have to be
  /// equally long.
  package var history: Int { max(older.count, olderStages.map(\.count).max() ?? 0) }

  /// The steps that another method makes first, and the stages of each.
  package var firstSteps: (count: Int, stages: Int) { history > 0 ? (history, starter.stages) : (0, 0) }

  /// Whether it estimates the error of a step.
  package var estimatesError: Bool { !embedded.isEmpty }

  /// Whether the velocity of a stage is needed by a later stage than the next one, or by later steps.
  func isNeededLater(_ stage: Int) -> Bool {
    (stage == 0 && history > 0)
      || a.enumerated().contains { $0 > stage && $1.count > stage && $1[stage] != 0 }
  }
}

/// All integrators.
package let integrators: [Integrator] = rungeKutta + adamsBashforth + adamsMoulton
