import Divergence
import MessagePassing
import Numerics
import Parameters

/// Trains phi on the particles and the targets: the supremum of the divergence (eq. 4 of the paper), approached by
/// optimizer steps on full batches.
///
/// Every iteration is one all-reduce of an exact sum: the gradients of both measures, the objective and the bounds that
/// prove the sums exact. Every rank then makes the same step on its own copy of the network.
package final class Trainer: Stateful {
  /// phi.
  package let network: Network
  /// What is maximised.
  package private(set) var objective: Objective
  /// The threads of this rank, free for others between trainings.
  package let team: BlockTeam
  private let training: Training
  private let particleRows: OwnRows
  private let particleLabels: RowLabels?
  private let targets: Matrix
  private let targetRows: OwnRows
  private let targetLabels: RowLabels?
  private let communicator: Communicator
  private let gradientTime: Timings.Phase
  private let allReduceTime: Timings.Phase
  private let optimizerTime: Timings.Phase
  private let shared: SharedSum
  private let groups: StepSums
  private let sums: ExactSum
  /// The one part of the reduction.
  private let reduction: [ExactSum]
  /// What the threads but the first sum up.
  private let partialSums: [ExactSum]
  private let particleParts: [OwnRows]
  private let targetParts: [OwnRows]
  /// The factor of the penalty, and each thread's pass of it; nil, none: no penalty.
  private let penalty: Double?
  private let penalties: [PenaltyPass]
  private var optimizer: any Optimizer
  private var hasStarted = false
  /// What dropout follows from, beside the iterations made.
  private let seed: UInt64
  private var iterations = 0

  /// A trainer for particles and targets cut as given, on so many threads a rank. `targets`, (rows, dimension), begins with
  /// the row that `targetRows` names; labels are those of the rows in memory, where the network has several outputs. The
  /// network must be on its constraint. Collective; throws an ``MPIError``.
  package init(
    network: Network, objective: Objective, training: Training, particleRows: OwnRows,
    particleLabels: RowLabels? = nil, targets: Matrix, targetRows: OwnRows, targetLabels: RowLabels? = nil,
    communicator: Communicator, timings: Timings, threads: Int = 1, seed: UInt64 = 0
  ) throws {
    self.network = network
    self.seed = seed
    self.objective = objective
    self.training = training
    self.particleRows = particleRows
    self.particleLabels = particleLabels
    self.targets = targets
    self.targetRows = targetRows
    self.targetLabels = targetLabels
    self.communicator = communicator
    gradientTime = timings.phase("training")
    allReduceTime = timings.phase("all_reduce")
    optimizerTime = timings.phase("optimizer")
    team = BlockTeam(
      network: network,
      height: network.architecture.blockHeight(totalRows: particleRows.blocks.rows + targetRows.blocks.rows),
      threads: threads)
    let dealt = Dealing.even(blocks: particleRows.own.count, ranks: team.size)
    particleParts = particleRows.parts(dealt)
    targetParts = targetRows.parts(Dealing.balance(blocks: targetRows.own.count, besides: dealt))
    let penalty = network.constraint.penalty
    self.penalty = penalty
    let height = network.architecture.blockHeight(totalRows: particleRows.blocks.rows + targetRows.blocks.rows)
    if penalty != nil {
      let distance = PenaltyPass.distance(of: targets)
      penalties = (0..<team.size).map { _ in
        PenaltyPass(
          lipschitz: network.lipschitz, distance: distance, dimension: network.dimension, height: height)
      }
    } else {
      penalties = []
    }
    groups = StepSums(network.layout, hasPenalty: penalty != nil)
    let sizes = groups.sizes
    shared = try SharedSum(count: ExactSum.count(groupSizes: sizes), on: communicator)
    sums = ExactSum(groupSizes: sizes, addends: shared.numbers, sums: shared.sums)
    reduction = [sums]
    partialSums = (1..<team.size).map { _ in ExactSum(groupSizes: sizes) }
    optimizer = training.optimizer.make(count: network.layout.count + 1, learningRate: training.learningRate)
  }

  /// The bytes that the network and its training take on a rank: parameters, moments, and for every thread a pass and sums.
  package static func bytes(
    for architecture: any Architecture, dimension: Int, outputs: Int = 1, height: Int, threads: Int,
    hasPenalty: Bool = false
  ) -> Int {
    let parameters = architecture.layout(of: dimension, outputs: outputs).count
    let pass = architecture.passBytes(dimension: dimension, outputs: outputs, height: height)
    let penalty = hasPenalty ? 8 * parameters + PenaltyPass.bytes(dimension: dimension, height: height) : 0
    return (8 + 16) * parameters + threads * (16 * parameters + pass + penalty)
  }

  /// Records the network's `parameters`, the `optimizer`'s memory, the `objective`'s nu and shift, 1 after the first iteration and
  /// the number of iterations, and the `limits` of the exact sums.
  package func record(into snapshot: inout Snapshot) {
    network.record(into: &snapshot)
    snapshot.add("optimizer", optimizer.state)
    snapshot.add("objective", [objective.nu, objective.shift, hasStarted ? 1 : 0, Double(iterations)])
    snapshot.add("limits", sums.limits)
  }

  /// Goes on from the state of a trainer of the same network.
  package func restore(from snapshot: Snapshot) throws {
    let optimizerState = try snapshot.float64("optimizer"), numbers = try snapshot.float64("objective")
    let limits = try snapshot.float64("limits")
    ensure(numbers.count == 4, "nu, shift, whether iterations were made and how many")
    try network.restore(from: snapshot)
    optimizer.restore(optimizerState)
    objective.nu = numbers[0]
    objective.shift = numbers[1]
    hasStarted = numbers[2] != 0
    iterations = Int(numbers[3])
    sums.restore(limits: limits)
  }

  /// Makes the optimizer steps of one training on this rank's particles, (own rows, dimension); the divergence as evaluated
  /// before the last of them. Collective. Throws ``NotFinite`` on every rank alike.
  package func train(on particles: Matrix) throws -> Double {
    if training.resetMoments { optimizer.reset() }
    var divergence = 0.0
    for _ in 0..<training.iterations { divergence = try iterate(particles) }
    return divergence
  }

  /// Optimizer steps before the first move: so many, or until ten more raise the mean divergence by less than a hundredth, at
  /// most 500. Collective. Throws ``NotFinite`` on every rank alike.
  package func warmUp(_ iterations: AutomaticNumber, on particles: Matrix) throws {
    if training.resetMoments { optimizer.reset() }
    if case .number(let count) = iterations {
      for _ in 0..<Int(count) { _ = try iterate(particles) }
      return
    }
    var before = 0.0
    for _ in 0..<50 {
      var sum = 0.0
      for _ in 0..<10 { sum += try iterate(particles) }
      guard sum > 1.01 * before else { return }
      before = sum
    }
  }

  /// Makes optimizer steps at a learning rate of the caller's, with the moments as they are; the mean of the divergences
  /// before each. Collective. Throws ``NotFinite`` on every rank alike.
  package func train(on particles: Matrix, iterations: Int, learningRate: Double) throws -> Double {
    optimizer.learningRate = learningRate
    var sum = 0.0
    for _ in 0..<iterations { sum += try iterate(particles) }
    return sum / Double(iterations)
  }

  private func iterate(_ particles: Matrix) throws -> Double {
    if !hasStarted {
      if objective.needsLargest { objective.start(largest: try largestOfReference(particles)) }
      hasStarted = true
    }
    var outcome = try sum(particles)
    if outcome.shiftFailed {
      objective.start(largest: try largestOfReference(particles))
      outcome = try sum(particles)
    }
    guard outcome.divergence.isFinite else { throw NotFinite(quantity: "the divergence") }
    optimizerTime.measure { step(outcome) }
    iterations += 1
    return outcome.divergence
  }

  /// Whether the points of a measure are the particles.
  private func isOfParticles(_ measure: Measure) -> Bool {
    (measure == .numerator) == (objective.direction == .forward)
  }

  /// The number of points of a measure, on all ranks.
  private func count(of measure: Measure) -> Int {
    (isOfParticles(measure) ? particleRows : targetRows).blocks.rows
  }

  /// Takes the points of each of a thread's blocks of a measure through a pass, and calls a body for them.
  private func forEachBlock(
    of measure: Measure, thread: Int, _ particles: Matrix, _ pass: any BlockPass,
    _ body: (UnsafePointer<Float>, _ rows: Int, UnsafePointer<Int32>?) -> Void
  ) {
    let isOfParticles = isOfParticles(measure), points = isOfParticles ? particles : targets
    let labels = isOfParticles ? particleLabels : targetLabels
    let parts = (isOfParticles ? particleParts : targetParts)[thread]
    parts.forEach { _, first, rows in
      if training.dropout > 0 {
        pass.dropOut(
          DropoutDraw(
            rate: training.dropout, seed: seed, iteration: iterations, measure: isOfParticles ? 0 : 1,
            firstRow: parts.memoryStart + first))
      }
      pass.forward(points.row(first), rows: rows, labels: labels?.at(first))
      body(points.row(first), rows, labels?.at(first))
    }
    pass.dropOut(nil)
  }

  private func largestOfReference(_ particles: Matrix) throws -> Double {
    let own =
      isOfParticles(.reference)
      ? team.largestPhi(of: particles, particleRows, labels: particleLabels)
      : team.largestPhi(of: targets, targetRows, labels: targetLabels)
    let largest = try communicator.allReduce(own, .maximum)
    guard largest.isFinite else { throw NotFinite(quantity: "phi") }
    return largest
  }

  /// The exact sums over all blocks of both measures.
  private func sum(_ particles: Matrix) throws -> Objective.Outcome {
    let notFinite = try ExactSum.untilExact(reduction) {
      gradientTime.measure {
        team.run { thread, pass in sum(particles, thread, pass) }
        for part in partialSums { sums.add(part) }
      }
    } reduce: {
      try allReduceTime.measure { try shared.allReduce() }
    }
    if let (_, group) = notFinite { throw NotFinite(quantity: groups.quantity(of: group)) }
    func number(_ number: StepSums.Number) -> Double { sums.numbers(groups.group(of: number))[0] }
    return objective.evaluate(
      meanOfNumerator: number(.phi) / Double(count(of: .numerator)), values: number(.values), slopes: number(.slopes),
      referenceCount: count(of: .reference))
  }

  /// The sums over the blocks of one thread.
  private func sum(_ particles: Matrix, _ thread: Int, _ pass: any BlockPass) {
    let sums = thread == 0 ? self.sums : partialSums[thread - 1], phi = pass.phi, weights = pass.weights
    let penalty = penalties.isEmpty ? nil : penalties[thread]
    if thread > 0 { sums.begin(partOf: self.sums) }
    func charge(_ points: UnsafePointer<Float>, _ rows: Int, _ labels: UnsafePointer<Int32>?) {
      guard let penalty else { return }
      let total = penalty.add(points, rows: rows, labels: labels, pass, into: sums, measure: StepSums.penalty)
      sums.add(total, to: groups.group(of: .penalty))
    }
    forEachBlock(of: .numerator, thread: thread, particles, pass) { points, rows, labels in
      var total = 0.0
      for row in 0..<rows { total += Double(phi[row]) }
      sums.add(total, to: groups.group(of: .phi))
      pass.backward(points, rows: rows, isWeighted: false, into: sums, measure: Measure.numerator.rawValue)
      charge(points, rows, labels)
    }
    forEachBlock(of: .reference, thread: thread, particles, pass) { points, rows, labels in
      let (values, slopes) = objective.weigh(phi, count: rows, into: weights)
      sums.add(values, to: groups.group(of: .values))
      sums.add(slopes, to: groups.group(of: .slopes))
      pass.backward(points, rows: rows, isWeighted: true, into: sums, measure: Measure.reference.rawValue)
      charge(points, rows, labels)
    }
  }

  /// One optimizer step from the summed gradients.
  private func step(_ outcome: Objective.Outcome) {
    let numerator = sums.numbers(groups.gradient(of: .numerator))
    let reference = sums.numbers(groups.gradient(of: .reference))
    let a = 1 / Double(count(of: .numerator)), b = 1 / outcome.referenceDivisor
    let parameters = network.layout.count
    // The addends are done with, so the direction takes their place; where they are the sums, each number its own.
    let direction = UnsafeMutableBufferPointer(rebasing: sums.buffer[...parameters])
    guard let values = direction.baseAddress else { return }
    let lanes = DoubleVector.lanes, whole = parameters / lanes * lanes
    for i in stride(from: 0, to: whole, by: lanes) {
      (DoubleVector(numerator + i) * a - DoubleVector(reference + i) * b).store(values + i)
    }
    for i in whole..<parameters { values[i] = numerator[i] * a - reference[i] * b }
    if let penalty {
      // The derivative of p^2 is twice that of half of it.
      let gradient = sums.numbers(groups.penaltyGradient)
      let factor = 2 * penalty / Double(count(of: .numerator) + count(of: .reference))
      for i in 0..<parameters { values[i] -= factor * gradient[i] }
    }
    values[parameters] = outcome.nuGradient
    network.pullBack(values)
    optimizer.makeStep(from: direction)
    network.move(by: values)
    if objective.formulation == .legendre { objective.nu += direction[parameters] }
  }
}
