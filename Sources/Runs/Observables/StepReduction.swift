import Discriminator
import Flows
import MessagePassing
import Numerics

/// Measures the proposed step of a flow: one all-reduce of exact sums and one of maxima for all observables together.
package final class StepReduction: Stateful {
  /// The names of the numbers of a step.
  package let columns: [String]
  private let flow: Flow
  private let observables: [any Observable]
  private let communicator: Communicator
  private let addends: UnsafeMutableBufferPointer<Double>
  private let totals: UnsafeMutableBufferPointer<Double>
  /// A zero that stays one while velocities and positions are finite, then the sums of each observable.
  private let parts: [ExactSum]

  /// The measurement of a flow.
  package init(of flow: Flow, _ observables: [any Observable], on communicator: Communicator) {
    self.flow = flow
    self.observables = observables
    self.communicator = communicator
    columns = observables.flatMap(\.columns)
    let groups = [[1]] + observables.map { [Int](repeating: 1, count: $0.sums) }
    let counts = groups.map { ExactSum.count(groupSizes: $0) }, count = counts.reduce(0, +)
    func memory() -> UnsafeMutableBufferPointer<Double> {
      .init(start: alignedMemory(of: Double.self, count: count), count: count)
    }
    let addends = memory(), totals = memory()
    self.addends = addends
    self.totals = totals
    var start = 0
    parts = zip(groups, counts).map { groups, count in
      defer { start += count }
      let range = start..<start + count
      return ExactSum(
        groupSizes: groups, addends: .init(rebasing: addends[range]), sums: .init(rebasing: totals[range]))
    }
  }

  deinit {
    addends.baseAddress?.deallocate()
    totals.baseAddress?.deallocate()
  }

  /// The numbers of the proposed step in the order of ``columns``, and the maxima over all ranks of some more numbers of 0
  /// or above. Collective. Throws a ``StepFailure`` on every rank where a velocity is not finite, or a position that it
  /// leads to.
  package func measure(maximaOf more: [Double]) throws -> (values: [Double], maxima: [Double]) {
    var maxima = observables.map { [Double](repeating: 0, count: $0.maxima) }
    for observable in observables { try observable.gather(flow, on: communicator) }
    let isFinite = flow.leadsToFinite
    let failed = try ExactSum.untilExact(
      parts,
      add: {
        if !isFinite { parts[0].add(.nan, to: 0) }
        for (i, observable) in observables.enumerated() {
          observable.add(flow, to: parts[i + 1], maxima: &maxima[i])
        }
      },
      reduce: {
        _ = totals.update(fromContentsOf: addends)
        try communicator.allReduce(totals, .sum)
      })
    if let failed { throw try failure(in: failed.part, isFinite) }
    var most = maxima.flatMap { $0 } + more
    try most.withUnsafeMutableBufferPointer { try communicator.allReduce($0, .maximum) }
    return (values(most), Array(most.suffix(more.count)))
  }

  /// What looks at the particles' places among each other, where anything does.
  var structure: Structure? { observables.lazy.compactMap { $0 as? Structure }.first }

  private func values(_ maxima: [Double]) -> [Double] {
    var earlier: [String: Double] = [:], all: [Double] = [], start = 0
    for (i, observable) in observables.enumerated() {
      let own = Array(maxima[start..<start + observable.maxima])
      start += observable.maxima
      let values = observable.values(Measured(flow: flow, sum: parts[i + 1], maxima: own, earlier: earlier))
      for (column, value) in zip(observable.columns, values) { earlier[column] = value }
      all += values
    }
    return all
  }

  private func failure(in part: Int, _ isFinite: Bool) throws -> StepFailure {
    let hasSpeed = flow.motions.allSatisfy { $0.velocity.isFinite }
    let all = try communicator.allReduce(hasSpeed ? 0 : 1, .maximum)
    let quantity =
      part > 0 && all == 0 ? observables[part - 1].columns[0] : "a particle's \(all > 0 ? "velocity" : "position")"
    return try StepFailure.located(
      NotFinite(quantity: quantity), isOwn: all > 0 ? !hasSpeed : !isFinite, on: communicator)
  }

  package func record(into snapshot: inout Snapshot) {
    for (i, observable) in observables.enumerated() where observable.sums > 0 {
      snapshot.add("limits_" + observable.columns[0], parts[i + 1].limits)
    }
    for observable in observables { snapshot.record(observable.columns[0], observable) }
  }

  package func restore(from snapshot: Snapshot) throws {
    for (i, observable) in observables.enumerated() where observable.sums > 0 {
      parts[i + 1].restore(limits: try snapshot.float64("limits_" + observable.columns[0]))
    }
    for observable in observables { try snapshot.restore(observable.columns[0], observable) }
  }
}
