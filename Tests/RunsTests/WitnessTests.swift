import Divergence
import Numerics
import Runs
import Testing

@Suite struct WitnessTests {
  private func points(_ values: [Float]) -> Matrix {
    let matrix = Matrix(rows: values.count, columns: 1)
    for (i, value) in values.enumerated() { matrix.row(i)[0] = value }
    return matrix
  }

  private func question(_ direction: Direction = .forward, lipschitz: Double = 2, unit: Double = 1) -> Witness.Question
  {
    .init(divergence: KullbackLeibler(), direction: direction, lipschitz: lipschitz, unit: unit)
  }

  /// Between two points d apart the energy distance is 2 d and the divergence L d, which the function attains.
  @Test(arguments: [Direction.forward, .reverse], [1.0, 1000])
  func twoPoints(direction: Direction, unit: Double) {
    let found = Witness(points([0]), points([3]), question(direction, unit: unit), noise: 0)
    #expect(abs(found.energyDistance / unit - 6) < 1e-9)
    #expect(abs(found.divergence - 6) < 1e-6)
    // The gradient of the function is a half where there is one particle: it is not drawn to itself.
    #expect(abs(found.fisherInformation * unit * unit - 1) < 1e-6)
  }

  @Test func samePointsAreNoDistanceApart() {
    let found = Witness(points([0, 1, 5]), points([5, 0, 1]), question(), noise: 0)
    #expect(abs(found.energyDistance) < 1e-12 && found.divergence < 1e-12 && found.fisherInformation < 1e-12)
    #expect(abs(found.spread - 20.0 / 9) < 1e-12)
  }

  /// Without a bound of the gradient, the divergence of half of the mass from all of it is that of Kullback and Leibler.
  @Test func boundIsBelowTheDivergence() {
    let found = Witness(points([0, 0]), points([0, 1]), question(lipschitz: .infinity), noise: 0)
    #expect(abs(found.divergence - 0.6931471805599453) < 1e-6)
    #expect(Witness(points([0, 0]), points([0, 1]), question(), noise: 1).divergence == 0)
  }
}
