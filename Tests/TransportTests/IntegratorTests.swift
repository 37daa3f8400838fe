import Foundation
import Numerics
import Testing
import Transport

@Suite struct IntegratorTests {
  /// dy/dt = -y^2: y(t) = y0 / (1 + y0 t).
  struct Square: VelocityField {
    func adapt(to particles: Matrix) {}
    func velocities(ofParticles positions: Matrix, into velocities: Matrix) {
      for i in 0..<positions.count { velocities.elements[i] = -positions.elements[i] * positions.elements[i] }
    }
    func velocities(ofGenerated positions: Matrix, into velocities: Matrix) {
      self.velocities(ofParticles: positions, into: velocities)
    }
  }

  private func error(_ method: RungeKutta, steps: Int) throws -> Double {
    let start = Matrix(rows: 1, columns: 1), carried = Matrix(rows: 1, columns: 1)
    start[0, 0] = 2
    carried[0, 0] = 2
    let integrator = Integrator(method, of: ParticleEnsemble(particles: start, generated: carried))
    for _ in 0..<steps {
      try integrator.evaluate(Square(), timeStep: 2 / Double(steps))
      integrator.move(timeStep: 2 / Double(steps))
    }
    #expect(start[0, 0] == carried[0, 0])
    return abs(Double(start[0, 0]) - 0.4)
  }

  @Test(arguments: integrators.indices)
  func observedOrder(index: Int) throws {
    let method = integrators[index]
    let coarse = try error(method, steps: 12), fine = try error(method, steps: 24)
    #expect(abs(log2(coarse / fine) - Double(method.order)) < 0.6, "\(method.name): \(coarse), \(fine)")
    #expect(abs(method.b.reduce(0, +) - 1) < 1e-12)
  }

  @Test func overflowIsForeseen() throws {
    let start = Matrix(rows: 1, columns: 1)
    start[0, 0] = 1e18
    let integrator = Integrator(integrators[0], of: ParticleEnsemble(particles: start, generated: nil))
    try integrator.evaluate(Square(), timeStep: 1)
    #expect(integrator.leadsToFinite(timeStep: 1))
    #expect(!integrator.leadsToFinite(timeStep: 1e10))
  }
}
