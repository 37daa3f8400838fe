import Runs
import Testing

/// When the divergence falls slower than it did.
@Suite struct SlowingTests {
  @Test func elbow() {
    var slowing = Slowing(), steps = 0
    // Ten steps that gain 1, then such that gain 0.25.
    var value = 20.0
    for step in 1...40 where !slowing.isSlow {
      slowing.add(value)
      value -= step < 10 ? 1 : 0.25
      steps = step
    }
    #expect((11...15).contains(steps), "\(steps)")
  }

  @Test func evenFallIsNotSlow() {
    var slowing = Slowing()
    for step in 0..<100 {
      slowing.add(10 - 0.05 * Double(step))
      #expect(!slowing.isSlow)
    }
  }

  /// A divergence that never falls is the business of other rules.
  @Test func noFall() {
    var slowing = Slowing()
    for _ in 0..<20 { slowing.add(1) }
    #expect(!slowing.isSlow)
  }

  @Test func goesOnFromItsNumbers() {
    var whole = Slowing(), part = Slowing()
    for step in 0..<30 {
      let value = 5 / (1 + Double(step))
      whole.add(value)
      part.add(value)
      part = Slowing(numbers: part.numbers)
      #expect(whole.isSlow == part.isSlow && whole.numbers == part.numbers || step < 5)
    }
  }
}
