import Testing
import Transport

/// What every table has to satisfy by itself; observed orders are fitted in FlowsTests.
@Suite struct TablesTests {
  private static func family(_ name: String) -> [String] {
    integrators.map(\.name).filter { $0.hasPrefix(name) }
  }

  @Test(arguments: integrators.map(\.name))
  func isConsistent(name: String) throws {
    let method = try #require(integrators.first { $0.name == name })
    #expect(abs((method.b + method.older).reduce(0, +) - 1) < 1e-14)
    #expect(method.a.count == method.stages - 1)
    for (i, row) in method.a.enumerated() { #expect(row.count == i + 1) }
    if method.estimatesError {
      #expect(method.embedded.count == method.stages)
      #expect(abs(method.embedded.reduce(0, +) - 1) < 1e-14)
    }
  }

  /// A linear multistep method of order p is exact for velocities that are polynomials in time up to degree p - 1.
  @Test(arguments: family("adams_bashforth"))
  func bashforthIntegratesPolynomials(name: String) throws {
    let method = try #require(integrators.first { $0.name == name })
    for degree in 0..<method.order {
      let weights = [method.b[0]] + method.older
      let sum = weights.enumerated().reduce(0.0) { $0 + $1.element * power(-Double($1.offset), degree) }
      #expect(abs(sum - 1 / Double(degree + 1)) < 1e-12, "degree \(degree)")
    }
  }

  @Test(arguments: family("adams_moulton"))
  func moultonIntegratesPolynomials(name: String) throws {
    let method = try #require(integrators.first { $0.name == name })
    for degree in 0..<method.order {
      let weights = [method.b[1], method.b[0]] + method.older
      let corrected = weights.enumerated().reduce(0.0) { $0 + $1.element * power(1 - Double($1.offset), degree) }
      #expect(abs(corrected - 1 / Double(degree + 1)) < 1e-12, "degree \(degree)")
      let predictor = method.a[0] + method.olderStages[0]
      let predicted = predictor.enumerated().reduce(0.0) { $0 + $1.element * power(-Double($1.offset), degree) }
      #expect(abs(predicted - 1 / Double(degree + 1)) < 1e-12, "degree \(degree) of the predictor")
    }
  }

  private func power(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1) { value, _ in value * base }
  }
}
