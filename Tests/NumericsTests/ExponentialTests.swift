import Glibc
import Numerics
import Testing

@Suite struct ExponentialTests {
  @Test func exponential() {
    var stream = RandomNumbers(seed: 13, purpose: .test).stream(0)
    var arguments = (0..<80_000).map { _ in 1400 * stream.uniform() - 700 }
    arguments += (0..<80_000).map { _ in 2 * stream.uniform() - 1 }
    arguments += [0, -0.0, 700, -700, 1e-300, -1e-20, 0.5 * log(2.0), 1]
    for first in stride(from: 0, to: arguments.count, by: 8) {
      let x = DoubleVector((first..<first + 8).map { arguments[$0] }), found = Exponential.of(x)
      for i in 0..<8 { #expect(abs(found[i] - exp(x[i])) <= 2 * exp(x[i]).ulp, "exp(\(x[i]))") }
    }
  }

  @Test func exponentialBeyondItsRange() {
    let found = Exponential.of(DoubleVector(-800, 800, .infinity, -.infinity, .nan, 0, 0, 0))
    #expect(found[0] == found[3] && found[1] == found[2] && found[4].isNaN && found[5] == 1)
  }
}
