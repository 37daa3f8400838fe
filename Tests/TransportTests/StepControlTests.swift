import Numerics
import Testing
import Transport

@Suite struct StepControlTests {
  @Test(arguments: [1, 2, 3, 7, 99, 100, 101, 1000])
  func totalsAreSumsOfFactors(steps: Int) {
    for schedule in Schedule.allCases {
      let sum = (1...steps).reduce(0) { $0 + schedule.factor(step: $1, of: steps) }
      #expect(abs(schedule.total(of: steps) / sum - 1) < 1e-12)
    }
  }

  @Test func linearScheduleFallsToAHundredth() {
    let control = ScheduledSteps(timeStep: 2, schedule: .linear, steps: 4)
    #expect((1...4).map(control.timeStep) == [2, 1.5, 1, 0.5])
    #expect(Schedule.linear.factor(step: 1000, of: 1000) == 0.01)
    #expect(control.judge(timeStep: 2, error: 1e9) == .accept)
  }

  @Test func errorDecides() throws {
    let control = ErrorControl(tolerance: 1e-3, order: 3, timeStep: 1)
    #expect(control.timeStep(of: 1) == 1)
    guard case .again(let shorter) = control.judge(timeStep: 1, error: 8e-3) else {
      Issue.record("eight times the tolerance was accepted")
      return
    }
    #expect(abs(shorter - 0.45) < 1e-12)
    // The step after a rejected trial does not grow, the next one does, at most fivefold.
    #expect(control.judge(timeStep: shorter, error: 1e-9) == .accept)
    #expect(control.timeStep(of: 2) == shorter)
    #expect(control.judge(timeStep: shorter, error: 1e-9) == .accept)
    #expect(control.timeStep(of: 3) == 5 * shorter)
    #expect(control.judge(timeStep: 1, error: .infinity) == .again(timeStep: 0.2))
    #expect(control.judge(timeStep: 1, error: .nan) == .again(timeStep: 0.2))
  }

  @Test func goesOnFromItsSnapshot() throws {
    let control = ErrorControl(tolerance: 1e-3, order: 3, timeStep: 1)
    _ = control.judge(timeStep: 1, error: 5e-3)
    let copy = ErrorControl(tolerance: 1e-3, order: 3, timeStep: 1)
    try copy.restore(from: Snapshot(of: control))
    #expect(copy.timeStep(of: 2) == control.timeStep(of: 2))
    #expect(copy.judge(timeStep: 0.5, error: 1e-6) == control.judge(timeStep: 0.5, error: 1e-6))
    #expect(copy.timeStep(of: 3) == control.timeStep(of: 3))
  }
}
