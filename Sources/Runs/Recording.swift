import Discriminator
import Flows
import Glibc
import MessagePassing
import Numerics
import Storage
import Transport

/// The recorded flow of a run, as its file on the root. Every function is collective.
final class Recording {
  private let recorder: FlowRecorder
  private let communicator: Communicator
  private var file: FlowFile?
  private let layout: FlowLayout
  private let folder: RunFolder
  /// How far replayed particles end from the run's, where stages are left out; on the root.
  private var distance: ReplayDistance?

  /// The deck of a run that goes on: one that was recorded and is no more has the particles that it began with. Collective.
  static func continued(_ deck: Deck, in folder: RunFolder, on communicator: Communicator) throws -> Deck {
    guard !deck.flow.record else { return deck }
    let wasRecorded = try communicator.onRoot { () throws -> Bool in
      guard let stored = folder.storedRun?.deck else { return false }
      return (try? Deck.read(stored, file: folder.result))?.flow.record == true
    }
    var deck = deck
    deck.flow.isGivenUp = wasRecorded
    deck.flow.record = wasRecorded
    return deck
  }

  /// Begins the file of a run after a step, or continues it; nil where the deck asks for none. Throws on all ranks alike
  /// where the steps so far are not in the file.
  static func start(_ setup: Setup, in folder: RunFolder, after step: Int, isContinued: Bool) throws -> Recording? {
    guard let recorder = setup.flows[0].recorder else { return nil }
    return try Recording(recorder, setup, in: folder, after: step, isContinued: isContinued)
  }

  private init(
    _ recorder: FlowRecorder, _ setup: Setup, in folder: RunFolder, after step: Int, isContinued: Bool
  ) throws {
    self.recorder = recorder
    communicator = setup.communicator
    self.folder = folder
    layout = recorder.layout(setup.deck.transport.integrator)
    let map = setup.flows[0].start
    var description = FlowFile.Description(
      deck: setup.deck.text, scaledDeck: setup.scaledDeck.text, version: version,
      integrator: setup.deck.transport.integrator.name, folder: DeckFile.absolute(setup.folder),
      particles: setup.sets[0].count,
      rows: setup.sets[0].reported,
      dimension: setup.targets.columns, scale: setup.scale, start: map.map { ($0.factors, $0.shape, $0.shift) })
    description.label = setup.label
    try communicator.onRoot { [description] () throws -> Void in
      file =
        isContinued
        ? try FlowFile.resume(folder.flow, layout, description, after: step)
        : try FlowFile.create(folder.flow, layout, description)
    }
  }

  /// Adds the step that was made.
  func append() throws {
    try communicator.onRoot { () throws -> Void in
      if let step = recorder.take() { try file?.append(step) }
    }
  }

  /// Writes what is in memory.
  func flush() throws { try communicator.onRoot { () throws -> Void in try file?.flush() } }

  /// Ends the flow with a step, the last that was recorded or one before, after which these are the particles.
  func finish(at step: Int, _ particles: ParticleSet) throws {
    try communicator.onRoot { () throws -> Void in
      guard let file else { return }
      try file.finish(at: step, leftOut: recorder.leftOut)
      guard let left = recorder.leftOut, left.count > 0 else { return }
      distance = try ReplayDistance(of: particles, in: folder, on: communicator)
      if let distance { try file.note(distance: distance.rootMeanSquare) }
    }
  }

  /// What was recorded, for people; on the root.
  var lines: [String] {
    guard let file else { return [] }
    let stages = layout.evaluations(of: file.steps)
    var lines = [
      "flow: \(file.path), \(file.steps) steps, \(stages) stages; gpa-mpi generate carries new samples along it"
    ]
    if let left = recorder.leftOut {
      lines.append(
        "  \(left.count) of \(stages) stages are left out"
          + (left.count > 0
            ? ": they change the velocity by \(Text.short(100 * left.mean))% in the mean and at most "
              + "\(Text.short(100 * left.largest))%" : ""))
      if let distance { lines.append("  " + distance.sentence) }
    }
    return lines
  }
}

extension AffineMap {
  /// The numbers of the linear part; none where that is the identity.
  fileprivate var factors: [Double] {
    switch linear {
    case .identity: []
    case .diagonal(let factors), .full(let factors): factors
    }
  }

  /// The shape of these numbers.
  fileprivate var shape: [Int] {
    switch linear {
    case .identity: []
    case .diagonal: [dimension]
    case .full: [dimension, dimension]
    }
  }
}

extension Deck {
  /// What a recorded flow of this deck takes on the disk, for people; nil where none is recorded.
  func flowSize(dimension: Int, outputs: Int = 1, scale: CommonScale) -> String? {
    guard flow.record else { return nil }
    let network = Network(
      dimension: dimension, outputs: outputs, architecture: discriminator.architecture,
      constraint: discriminator.constraint, lipschitz: 1)
    let layout = network.flowLayout(
      transport.integrator, in: scale, isWeighted: divergence.direction == .reverse)
    let steps = transport.steps
    return "flow.h5: at most \(Text.megabytes(layout.bytes(steps: steps))), \(layout.evaluations(of: steps)) fields of "
      + "\(layout.parameters) parameters"
  }
}
