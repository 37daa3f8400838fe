import Flows
import Foundation
import MessagePassing
import Numerics
import Testing
import Transport

/// dy/dt = -y^2, y(t) = y0 / (1 + y0 t), whose velocity also depends on how often the field has arrived at a stage: as that
/// of a trained field does, so that a rejected step that left a trace would show.
private final class Square: VelocityField {
  private(set) var arrivals = 0.0
  let drift: Float

  init(drift: Float = 0) { self.drift = drift }

  func arrive(at stage: Stage, trainedOn positions: Matrix) { arrivals += 1 }

  func velocities(of set: ParticleSet, at positions: Matrix, into velocities: Matrix) {
    for i in 0..<positions.count {
      velocities.elements[i] = -positions.elements[i] * positions.elements[i] * (1 + drift * Float(arrivals))
    }
  }

  func record(into snapshot: inout Snapshot) { snapshot.add("arrivals", [arrivals]) }
  func restore(from snapshot: Snapshot) throws { arrivals = try snapshot.float64("arrivals")[0] }
}

/// Rejects the trials of these lengths.
private final class Rejecting: StepControl {
  let first: Double, second: Double
  private var trials = 0

  init(first: Double, second: Double) { (self.first, self.second) = (first, second) }

  var mayReject: Bool { true }
  func timeStep(of step: Int) -> Double { first }
  func judge(timeStep: Double, error: Double?) -> Verdict { timeStep == second ? .accept : .again(timeStep: second) }
  func record(into snapshot: inout Snapshot) {}
  func restore(from snapshot: Snapshot) throws {}
}

/// Unit tests of a process share MPI, so all that need a communicator are one suite.
@Suite(.serialized) struct FlowTests {
  private nonisolated(unsafe) static let world: Communicator? = try? Environment.start().world

  private func world() throws -> Communicator { try #require(Self.world) }

  private func set(_ name: String, _ values: [Float]) -> ParticleSet {
    let blocks = Blocks(rows: values.count, atMost: 128), positions = Matrix(rows: values.count, columns: 1)
    for (i, value) in values.enumerated() { positions.elements[i] = value }
    return ParticleSet(name: name, positions: positions, rows: OwnRows(blocks: blocks, own: 0..<blocks.count))
  }

  private func flow(
    _ method: Integrator, _ sets: [ParticleSet], _ control: any StepControl, drift: Float = 0
  ) throws -> Flow {
    Flow(of: sets, in: Square(drift: drift), by: method, control: control, on: try world())
  }

  private func error(_ method: Integrator, steps: Int) throws -> Double {
    let sets = [set("particles", [2]), set("generated", [2])]
    let control = ScheduledSteps(timeStep: 2 / Double(steps), schedule: .constant, steps: steps)
    let flow = try flow(method, sets, control)
    for step in 1...steps {
      try flow.propose(step)
      flow.move()
    }
    #expect(sets[0].positions[0, 0] == sets[1].positions[0, 0])
    return abs(Double(sets[0].positions[0, 0]) - 0.4)
  }

  /// Positions are float32, so methods of higher orders are fitted where their errors are still well above its rounding.
  @Test(arguments: integrators.map(\.name))
  func observedOrder(name: String) throws {
    let method = try #require(integrators.first { $0.name == name })
    let steps = method.history > 0 ? (method.order > 3 ? 32 : 48) : 12
    let coarse = try error(method, steps: steps), fine = try error(method, steps: 2 * steps)
    #expect(fine > 0)
    #expect(abs(log2(coarse / fine) - Double(method.order)) < 0.7, "\(coarse), \(fine)")
  }

  @Test func errorControlHoldsTheTolerance() throws {
    let method = try #require(integrators.first { $0.estimatesError })
    var errors: [Double] = []
    for tolerance in [1e-3, 1e-5] {
      let particles = set("particles", [2, 1, 0.5])
      let flow = try flow(method, [particles], ErrorControl(tolerance: tolerance, order: method.order, timeStep: 1))
      var time = 0.0
      for step in 1...20 {
        try flow.propose(step)
        flow.move()
        time += flow.timeStep
      }
      errors.append(abs(Double(particles.positions[0, 0]) - 2 / (1 + 2 * time)))
    }
    #expect(errors[0] < 1e-2)
    #expect(errors[1] < 1e-4)
  }

  /// A rejected trial leaves no trace: the bits of a flow whose trials were all accepted.
  @Test(arguments: integrators.map(\.name))
  func rejectedStepLeavesNoTrace(name: String) throws {
    let method = try #require(integrators.first { $0.name == name })
    let tried = [set("particles", [2, 1]), set("generated", [3])]
    let plain = [set("particles", [2, 1]), set("generated", [3])]
    let rejecting = try flow(method, tried, Rejecting(first: 0.4, second: 0.1), drift: 0.01)
    let accepting = try flow(
      method, plain, ScheduledSteps(timeStep: 0.1, schedule: .constant, steps: 9), drift: 0.01)
    for step in 1...9 {
      try rejecting.propose(step)
      rejecting.move()
      try accepting.propose(step)
      accepting.move()
    }
    for (one, other) in zip(tried, plain) {
      for i in 0..<one.positions.count { #expect(one.positions.elements[i] == other.positions.elements[i]) }
    }
  }

  /// Where no step is short enough, the step fails, and no particle has moved.
  @Test func noStepIsShortEnough() throws {
    let method = try #require(integrators.first { $0.estimatesError })
    let particles = set("particles", [2, 1])
    // Rejects all trials but those of a length that it never asks for.
    let flow = try flow(method, [particles], Rejecting(first: 0.4, second: .nan))
    #expect { try flow.propose(1) } throws: { ($0 as? StepFailure)?.description.contains("transport.error") == true }
    #expect(particles.positions.elements[0] == 2 && particles.positions.elements[1] == 1)
  }

  /// A flow goes on from a snapshot with the same bits, older velocities included.
  @Test(arguments: integrators.map(\.name))
  func goesOnFromItsSnapshot(name: String) throws {
    let method = try #require(integrators.first { $0.name == name })
    func steps() -> ScheduledSteps { ScheduledSteps(timeStep: 0.1, schedule: .constant, steps: 12) }
    let whole = set("particles", [2, 1]), continued = set("particles", [2, 1])
    let first = try flow(method, [whole], steps(), drift: 0.01),
      second = try flow(method, [continued], steps(), drift: 0.01)
    for step in 1...7 {
      try first.propose(step)
      first.move()
    }
    // As a checkpoint is read: rows into the matrices of the new flow, arrays in the place of its own.
    let saved = Snapshot(of: first)
    var loaded = Snapshot(of: second)
    for (name, values) in saved.arrays {
      let fits = loaded.replace(name, by: values)
      #expect(fits, "\(name)")
    }
    for (from, to) in zip(saved.rows, loaded.rows) { to.matrix.assign(from.matrix) }
    try second.restore(from: loaded)
    for step in 8...12 {
      for flow in [first, second] {
        try flow.propose(step)
        flow.move()
      }
    }
    for i in 0..<2 { #expect(whole.positions.elements[i] == continued.positions.elements[i]) }
  }

  @Test func overflowIsForeseen() throws {
    func leadsToFinite(_ timeStep: Double) throws -> Bool {
      let control = ScheduledSteps(timeStep: timeStep, schedule: .constant, steps: 1)
      let flow = try flow(integrators[0], [set("particles", [1e18])], control)
      try flow.propose(1)
      return flow.leadsToFinite
    }
    #expect(try leadsToFinite(1))
    #expect(try !leadsToFinite(1e10))
  }
}
