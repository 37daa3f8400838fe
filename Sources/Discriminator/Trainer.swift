import Divergence
import MessagePassing
import Numerics
import Samples

/// Trains phi on the particles and the targets: the supremum of the divergence (eq. 4 of the paper), approached by
/// optimizer steps on full batches.
///
/// Every iteration is one all-reduce of an exact sum: the gradients of both measures, the objective and the bounds that
/// prove the sums exact. Every rank then makes the same step on its own copy of the network.
package final class Trainer {
  /// phi.
  package let network: Network
  /// What is maximised.
  package private(set) var objective: Objective
  /// The threads of this rank, free for others between trainings.
  package let team: BlockTeam
  private let training: Training
  private let particles: BlockRun
  private let targets: BlockRun
  private let targetSet: TargetSet
  private let communicator: Communicator
  private let timings: Timings
  private let shared: SharedSum
  private let sums: ExactSum
  /// What the threads but the first sum up.
  private let partialSums: [ExactSum]
  private let particleParts: [BlockRun]
  private let targetParts: [BlockRun]
  private var optimizer: any Optimizer
  private var hasStarted = false

  /// A trainer for particles and targets cut as given, on so many threads a rank. The network must be on its constraint.
  /// Collective.
  package init(
    network: Network, objective: Objective, training: Training, particles: BlockRun, targets: BlockRun,
    targetSet: TargetSet, communicator: Communicator, timings: Timings, threads: Int = 1
  ) throws {
    self.network = network
    self.objective = objective
    self.training = training
    self.particles = particles
    self.targets = targets
    self.targetSet = targetSet
    self.communicator = communicator
    self.timings = timings
    team = BlockTeam(
      network: network, height: Blocks.height(totalRows: particles.blocks.rows + targets.blocks.rows), threads: threads)
    let dealt = Dealing.even(blocks: particles.own.count, ranks: team.size)
    particleParts = particles.parts(dealt)
    targetParts = targets.parts(Dealing.level(blocks: targets.own.count, besides: dealt))
    let tensors = (0..<network.layers).flatMap {
      [network.widths[$0] * network.widths[$0 + 1], network.widths[$0 + 1]]
    }
    let groups = tensors + tensors + [1, 1, 1]
    shared = try SharedSum(count: ExactSum.count(groupSizes: groups), on: communicator)
    sums = ExactSum(groupSizes: groups, addends: shared.numbers, sums: shared.sums)
    partialSums = (1..<team.size).map { _ in ExactSum(groupSizes: groups) }
    optimizer = training.optimizer.make(count: network.parameterCount + 1, learningRate: training.learningRate)
  }

  /// All that a training takes over from the ones before.
  package struct State: Sendable {
    /// The parameters of phi as the optimizer moves them.
    package var parameters: [Float]
    /// What the optimizer remembers.
    package var optimizer: [Double]
    /// The shift nu, the subtrahend of the exponent, and 1 after the first iteration.
    package var objective: [Double]
    /// The limits of the exact sums.
    package var limits: [Double]

    /// A state with all its parts.
    package init(parameters: [Float], optimizer: [Double], objective: [Double], limits: [Double]) {
      self.parameters = parameters
      self.optimizer = optimizer
      self.objective = objective
      self.limits = limits
    }
  }

  /// The present state, the same on every rank.
  package var state: State {
    State(
      parameters: network.snapshot(), optimizer: optimizer.state,
      objective: [objective.nu, objective.shift, hasStarted ? 1 : 0], limits: sums.limits)
  }

  /// Goes on from the state of a trainer of the same network, whose arrays have the lengths of ``state``.
  package func restore(_ state: State) {
    precondition(state.parameters.count == network.parameterCount && state.objective.count == 3, "the same network")
    network.restore(state.parameters)
    optimizer.restore(state.optimizer)
    objective.nu = state.objective[0]
    objective.shift = state.objective[1]
    hasStarted = state.objective[2] != 0
    sums.restore(limits: state.limits)
  }

  /// Makes the optimizer steps of one training on this rank's particles; the divergence as evaluated before the last of
  /// them. Collective. Throws ``NotFinite`` on every rank alike.
  package func train(on ensemble: Matrix) throws -> Double {
    if training.resetMoments { optimizer.reset() }
    var divergence = 0.0
    for _ in 0..<training.iterations { divergence = try iterate(ensemble) }
    return divergence
  }

  /// Makes optimizer steps at a learning rate of the caller's, with the moments as they are; the mean of the divergences
  /// before each. Collective. Throws ``NotFinite`` on every rank alike.
  package func train(on ensemble: Matrix, iterations: Int, learningRate: Double) throws -> Double {
    optimizer.learningRate = learningRate
    var sum = 0.0
    for _ in 0..<iterations { sum += try iterate(ensemble) }
    return sum / Double(iterations)
  }

  private func iterate(_ ensemble: Matrix) throws -> Double {
    if !hasStarted {
      if objective.needsLargest { objective.start(largest: try largestOfSecond(ensemble)) }
      hasStarted = true
    }
    var outcome = try sum(ensemble)
    if outcome.shiftFailed {
      objective.start(largest: try largestOfSecond(ensemble))
      outcome = try sum(ensemble)
    }
    guard outcome.divergence.isFinite else { throw NotFinite(quantity: "the divergence") }
    timings.measure(.normalisation) { step(outcome) }
    return outcome.divergence
  }

  private var isForward: Bool { objective.direction == .forward }

  /// Calls a body for the points of each of a thread's blocks of a measure.
  private func forEachBlock(
    ofFirst: Bool, thread: Int, _ ensemble: Matrix, _ body: (UnsafePointer<Float>, _ rows: Int) -> Void
  ) {
    if ofFirst == isForward {
      particleParts[thread].forEach { _, first, rows in body(ensemble.row(first), rows) }
    } else {
      let origin = targets.rows.lowerBound
      targetParts[thread].forEach { _, first, rows in body(targetSet.rows.row(origin + first), rows) }
    }
  }

  private func count(ofFirst: Bool) -> Int { (ofFirst == isForward ? particles : targets).blocks.rows }

  private func largestOfSecond(_ ensemble: Matrix) throws -> Double {
    var largest = -Double.infinity
    let pass = team.passes[0]
    for thread in 0..<team.size {
      forEachBlock(ofFirst: false, thread: thread, ensemble) { points, rows in
        pass.forward(points, rows: rows)
        for row in 0..<rows {
          let phi = Double(pass.phi[row])
          largest = phi.isNaN ? .infinity : max(largest, phi)
        }
      }
    }
    largest = try communicator.allReduce(largest, .maximum)
    guard largest.isFinite else { throw NotFinite(quantity: "phi") }
    return largest
  }

  /// The exact sums over all blocks of both measures.
  private func sum(_ ensemble: Matrix) throws -> Objective.Outcome {
    let tensors = 2 * network.layers, scalars = 2 * tensors
    while true {
      timings.measure(.training) {
        team.run { thread, pass in sum(ensemble, thread, pass) }
        for part in partialSums { sums.add(part) }
      }
      try timings.measure(.allReduce) { try shared.allReduce() }
      switch sums.finish() {
      case .again: continue
      case .notFinite(let group) where group >= scalars: throw NotFinite(quantity: "phi or its objective")
      case .notFinite(let group):
        let tensor = group % tensors
        throw NotFinite(quantity: "the gradient of \(tensor % 2 == 0 ? "weight" : "bias")_\(tensor / 2)")
      case .exact:
        return objective.finish(
          meanFirst: sums.numbers(scalars)[0] / Double(count(ofFirst: true)), values: sums.numbers(scalars + 1)[0],
          slopes: sums.numbers(scalars + 2)[0], secondCount: count(ofFirst: false))
      }
    }
  }

  /// The sums over the blocks of one thread.
  private func sum(_ ensemble: Matrix, _ thread: Int, _ pass: BlockPass) {
    let tensors = 2 * network.layers, scalars = 2 * tensors
    let sums = thread == 0 ? self.sums : partialSums[thread - 1]
    if thread == 0 { sums.clear() } else { sums.begin(partOf: self.sums) }
    forEachBlock(ofFirst: true, thread: thread, ensemble) { points, rows in
      pass.forward(points, rows: rows)
      pass.backward(points, rows: rows, isWeighted: false)
      var total = 0.0
      for row in 0..<rows { total += Double(pass.phi[row]) }
      sums.add(total, to: scalars)
      add(pass, to: sums, firstGroup: 0)
    }
    forEachBlock(ofFirst: false, thread: thread, ensemble) { points, rows in
      pass.forward(points, rows: rows)
      let (values, slopes) = objective.weigh(pass.phi, count: rows, into: pass.weights)
      pass.backward(points, rows: rows)
      sums.add(values, to: scalars + 1)
      sums.add(slopes, to: scalars + 2)
      add(pass, to: sums, firstGroup: tensors)
    }
  }

  /// Adds a block's gradient.
  private func add(_ pass: BlockPass, to sums: ExactSum, firstGroup: Int) {
    for layer in 0..<network.layers {
      sums.add(pass.gradient + network.weightOffsets[layer], to: firstGroup + 2 * layer)
      sums.add(pass.biasGradient[layer], to: firstGroup + 2 * layer + 1)
    }
  }

  /// One optimizer step from the summed gradients.
  private func step(_ outcome: Objective.Outcome) {
    let first = sums.numbers(0), second = sums.numbers(2 * network.layers)
    let a = 1 / Double(count(ofFirst: true)), b = 1 / outcome.secondDivisor
    let parameters = network.parameterCount
    // The addends are done with, so the direction takes their place; where they are the sums, each number its own.
    let direction = UnsafeMutableBufferPointer(rebasing: sums.buffer[...parameters])
    guard let values = direction.baseAddress else { return }
    let lanes = DoubleVector.lanes, whole = parameters / lanes * lanes
    for i in stride(from: 0, to: whole, by: lanes) {
      (DoubleVector(first + i) * a - DoubleVector(second + i) * b).store(values + i)
    }
    for i in whole..<parameters { values[i] = first[i] * a - second[i] * b }
    values[parameters] = outcome.nuGradient
    network.constraint.pullBack(values, network)
    optimizer.direct(direction)
    network.constraint.makeTangent(values, network)
    for i in 0..<parameters { network.stored[i] += Float(direction[i]) }
    if objective.formulation == .legendre { objective.nu += direction[parameters] }
    network.constraint.project(network)
    network.refresh()
  }
}
