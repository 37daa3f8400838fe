import Discriminator
import Divergence
import Flows
import Glibc
import MessagePassing
import Numerics
import Samples
import Storage
import Transforms
import Transport

/// A run whose flow was recorded, as a rank carries rows with it.
package struct RecordedRun {
  let folder: RunFolder
  package let flow: FlowReader
  /// The deck, with lengths in the data's unit.
  let deck: Deck
  /// The names of the columns, where the run has them.
  let columnNames: [String]?
  /// The classes, in the order of the network's outputs; none where it has one for all rows.
  let classes: [String]
  /// What takes rows of files to the space of the flow and back.
  let transforms: FittedTransforms
  let scale: CommonScale
  package let dimension: Int
  /// The steps that are made.
  package let steps: Int
  /// What is read of the flow.
  package let field: RecordedField
  private let method: Integrator
  private let bounds: Bounds?

  /// The rows of a block: more of them do not help, see `Blocks`.
  package static let height = 256

  /// Opens the recorded flow of a run folder up to a step, by default the last. For one process. Throws a
  /// ``FlowFileError`` or a ``GenerationError``.
  package init(_ path: String, until: Int?, threads: Int) throws {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { throw GenerationError.noRunFolder(path) }
    let folder = RunFolder(path)
    self.folder = folder
    guard RunFolder.isFile(folder.flow) else { throw FlowFileError.missing(folder: path) }
    let flow = try FlowReader(folder.flow)
    guard flow.version == version else {
      throw FlowFileError.otherVersion(path: folder.flow, found: flow.version, version: version)
    }
    func damaged(_ reason: String) -> FlowFileError { .damaged(path: folder.flow, reason: reason) }
    guard let method = integrators.first(where: { $0.name == flow.integrator }) else {
      throw damaged("there is no integrator '\(flow.integrator)'")
    }
    steps = until ?? flow.steps
    guard steps <= flow.timeSteps.count else {
      throw GenerationError.tooManySteps(wanted: steps, recorded: flow.timeSteps.count)
    }
    self.flow = flow
    self.method = method
    deck = try Deck.read(flow.deck, file: folder.flow)
    dimension = flow.dimension
    scale = flow.scale ?? .none(dimension: dimension)
    let result = RunFolder.isFile(folder.result) ? try RunFileReader(folder.result) : nil
    columnNames = try result?.columnNames
    if deck.transform.isEmpty {
      transforms = .none
    } else {
      guard let result else { throw GenerationError.noRunFolder(path) }
      transforms = try FittedTransforms(
        deck.transform, arrays: try result.transform.map { TransformArray($0.name, shape: $0.shape, $0.values) },
        names: columnNames, file: folder.result)
    }
    bounds = deck.transport.bounds.map { [scale] in Bounds($0[0], $0[1], in: scale) }
    let scaled = try Deck.read(flow.scaledDeck, file: folder.flow)
    let isConditional = scaled.classes == .conditional
    classes = isConditional ? RowClasses.ordered(Set(try result?.labels?.target ?? [])) : []
    guard !isConditional || classes.count == flow.layout.outputs else {
      throw damaged("its fields are not for the classes of '\(folder.result)'")
    }
    let network = Network(
      dimension: dimension, outputs: max(classes.count, 1), architecture: scaled.discriminator.architecture,
      constraint: scaled.discriminator.constraint, lipschitz: .infinity)
    let isWeighted = scaled.divergence.direction == .reverse
    let coordinates = dimension
    guard scale.centre.count == coordinates, flow.start.map({ $0.shift.count == coordinates }) ?? true,
      network.flowLayout(method, in: scale, isWeighted: isWeighted) == flow.layout
    else { throw damaged("its fields are not those of its deck") }
    let objective = Objective(
      divergence: scaled.divergence.f, formulation: scaled.divergence.formulation,
      direction: scaled.divergence.direction, referenceCount: flow.particles)
    field = RecordedField(flow, network: network, objective: objective, height: Self.height, threads: threads)
  }

  /// The name and the number of evaluations, for people.
  var summary: String {
    "\(steps) step\(steps == 1 ? "" : "s") of \(method.name), \(flow.layout.evaluations(of: steps)) fields of "
      + "\(flow.layout.parameters) parameters"
  }

  /// The bytes of what is carried at a time, of so many rows, beside the fields.
  func bytes(rows: Int) -> Int { 4 * rows * dimension + Motion.bytes(numbers: rows * dimension, by: method) }

  /// As many rows as a core's cache holds with what moves them, and enough for the loading of fields not to count.
  package var usualBatch: Int { min(max((2 << 20) / max(bytes(rows: 1), 1) / Self.height, 8), 256) * Self.height }

  /// Carries rows in the network's scale, (rows, dimension), in their place; with labels where the network has an output for
  /// each class. Their bits depend on nothing else.
  package func carry(_ rows: Matrix, labels: RowLabels? = nil, on communicator: Communicator) throws {
    let blocks = Blocks(rows: rows.rows, height: Self.height)
    let set = ParticleSet(
      name: "generated", positions: rows, rows: OwnRows(blocks: blocks, own: 0..<blocks.count), labels: labels)
    let flow = flow.flow(of: set, in: field, by: method, bounds: bounds, on: communicator)
    flow.align()
    for step in 1..<steps + 1 {
      try flow.propose(step)
      flow.move()
    }
  }

  /// What tells this flow from others, up to the step at which it ends here.
  func checksum() throws -> UInt64 {
    var sum = Checksum.of(Array(flow.scaledDeck.utf8)) &+ Checksum.of(Array(flow.timeSteps.prefix(steps)))
    if steps > 0 {
      for step in [1, steps] {
        try flow.withField(step: step, stage: 0) { parameters, _ in sum = sum &* 31 &+ Checksum.of(Array(parameters)) }
      }
    }
    return sum
  }
}
