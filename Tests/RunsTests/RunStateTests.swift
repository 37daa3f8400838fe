import Flows
import MessagePassing
import Numerics
import Runs
import Storage
import Testing
import Transport

/// A velocity of -rate y.
private final class Decay: VelocityField {
  let rate: Float
  init(rate: Float) { self.rate = rate }
  func arrive(at stage: Stage, trainedOn positions: Matrix) {}
  func velocities(of set: ParticleSet, at positions: Matrix, into velocities: Matrix) {
    for i in 0..<positions.count { velocities.elements[i] = -rate * positions.elements[i] }
  }
  func record(into snapshot: inout Snapshot) {}
  func restore(from snapshot: Snapshot) {}
}

/// A run is a list of flows.
@Suite(.serialized) struct RunStateTests {
  private nonisolated(unsafe) static let world: Communicator? = try? Environment.start().world

  private func flow(_ name: String, rate: Float) throws -> Flow {
    let blocks = Blocks(rows: 9, atMost: 8), positions = Matrix(rows: 9, columns: 2)
    for i in 0..<18 { positions.elements[i] = Float(i) - 4 }
    let set = ParticleSet(
      name: "particles", positions: positions, rows: OwnRows(blocks: blocks, own: 0..<blocks.count))
    return Flow(
      name, of: [set], in: Decay(rate: rate), by: integrators[1],
      control: ScheduledSteps(timeStep: 0.1, schedule: .constant, steps: 10), on: try #require(Self.world))
  }

  private func step(_ state: RunState, _ number: Int) throws -> [Double] {
    try state.propose(number)
    let values = try state.measure(maximaOf: []).values
    state.move()
    let row = MetricsRow(step: number, time: state.progress.time, columns: state.columns, values: values)
    #expect(row["maximum_speed_fast"] == state.columns.firstIndex(of: "maximum_speed_fast").map { values[$0] })
    state.metrics.append(row)
    return values
  }

  /// Flows side by side have the numbers that each has alone.
  @Test func flowsDoNotMeet() throws {
    let world = try #require(Self.world)
    let both = RunState([try flow("slow", rate: 1), try flow("fast", rate: 3)], on: world)
    let slow = RunState([try flow("", rate: 1)], on: world), fast = RunState([try flow("", rate: 3)], on: world)
    #expect(both.columns == slow.columns.map { $0 + "_slow" } + slow.columns.map { $0 + "_fast" })
    for number in 1...4 {
      let values = try step(both, number), alone = try step(slow, number) + step(fast, number)
      #expect(values.map(\.bitPattern) == alone.map(\.bitPattern))
    }
    #expect(abs(both.progress.time - 0.4) < 1e-12 && both.progress.step == 4)
  }

  /// What is recorded is all that the next steps depend on.
  @Test func goesOnFromItsSnapshot() throws {
    let world = try #require(Self.world)
    func make() throws -> RunState { RunState([try flow("slow", rate: 1), try flow("fast", rate: 3)], on: world) }
    let first = try make(), second = try make()
    for number in 1...3 { _ = try step(first, number) }
    var loaded = Snapshot(of: second)
    for (name, values) in Snapshot(of: first).arrays {
      let fits = loaded.replace(name, by: values)
      #expect(fits, "\(name)")
    }
    for (from, to) in zip(Snapshot(of: first).rows, loaded.rows) { to.matrix.assign(from.matrix) }
    try second.restore(from: loaded)
    #expect(second.progress.step == 3 && second.metrics.count == 3)
    for number in 4...6 {
      #expect(try step(first, number).map(\.bitPattern) == step(second, number).map(\.bitPattern))
    }
  }
}
