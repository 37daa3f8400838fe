import Discriminator
import Divergence
import Parameters
import Samples
import Transforms
import Transport
import YAML

/// The job deck: what a run is told. One property per section; the sections' own files say their keys.
package struct Deck: Section {
  /// The run's name; empty: the file's.
  package var name = ""
  /// What every random number follows from.
  package var seed = 0
  /// The particles that move.
  package var source = SampleSource()
  /// More sources, each with a flow of its own onto the same target.
  package var furtherSources: [SampleSource] = []
  /// What they move to.
  package var target = SampleSource()
  /// Particles that are only carried along.
  package var generated: SampleSource?
  /// What happens to rows before the flow and is undone for the results.
  package var transform: [any Transform] = []
  /// How labelled rows move; nil: by classes where both sides have labels.
  package var classes: ClassHandling?
  package var divergence = DivergenceSection()
  package var discriminator = DiscriminatorSection()
  package var training = Training()
  package var transport = TransportSection()
  package var flow = FlowSection()
  /// The fold of the target that is kept back to judge by; nil: none.
  package var crossValidation: CrossValidationSection?
  package var stop = StopSection()
  package var output = OutputSection()
  package var checkpoint = CheckpointSection()

  package init() {}

  /// Where weights are given the deck is taken as it stands; elsewhere a run is aligned, trained before it moves, and stopped
  /// in time.
  package mutating func complete(given: Set<String>) throws {
    let isPlain = discriminator.initialWeights != nil
    for (key, samples) in [("target", target), ("generated", generated ?? target)] where samples.oversample != nil {
      throw KeyError(key, "has no 'oversample', which goes with the source, whose particles train the field")
    }
    if crossValidation != nil, stop.heldOut != nil {
      throw KeyError(
        "cross_validation",
        "keeps back a fold that nothing looks at, and stop.held_out one that it stops by: choose one")
    }
    if !isPlain, !source.isDrawn {
      discriminator.preferWidths(Self.widthsForRows)
      training.preferIterations(Self.iterationsForRows)
    }
    flow.start = flow.start ?? (isPlain ? FlowStart.none : .auto)
    training.warmUp = training.warmUp ?? (isPlain ? .number(0) : .automatic)
    stop.automatic = stop.automatic ?? !isPlain
  }

  /// The network and its training where the particles are rows of a file, whose places among each other are to be kept: the
  /// better the field, the less they move for the same divergence (docs/defaults.md).
  private static let widthsForRows = [64, 64, 64], iterationsForRows = 6

  package static let keys: [Key<Deck>] = [
    .value(
      "name", \.name, "names the run",
      allowed:
        "the name of a folder (no slash, zero byte or line break; not . or ..; at most 255 bytes)",
      otherwise: "the file's name"
    ) { $0.isEmpty || isFileName($0) },
    .value("seed", \.seed, "every random number follows from it", allowed: "a whole number of 0 or above") { $0 >= 0 },
    .sections(
      "source", \.source, further: \.furtherSources,
      "SAMPLES: the particles; or a list of SAMPLES, each of which moves to the target by a flow of its own"),
    .section("target", \.target, "SAMPLES: what they move to", isRequired: true),
    .section("generated", optional: \.generated, "SAMPLES: carried along by the learned field, never trained on"),
    .transforms("transform", \.transform),
    .choice(
      "classes", optional: \.classes,
      "how labelled rows move: separate: each class by a flow of its own, with targets of its class; conditional: all by one "
        + "flow whose network has an output for each class; ignored: together, and labels only go along",
      otherwise: "separate where both sides have labels"),
    .section("divergence", \.divergence, "the divergence that the particles descend"),
    .section("discriminator", \.discriminator, "phi, an L-Lipschitz network"),
    .section("training", \.training, "how phi is trained"),
    .section("transport", \.transport, "how the particles move"),
    .section("flow", \.flow, "the map that a run makes of the source"),
    .section(
      "cross_validation", optional: \.crossValidation,
      "keep back one fold of the target, by which gpa-mpi evaluate judges the run"),
    .section("stop", \.stop, "when a run ends before its last step: whichever comes first"),
    .section("output", \.output, "what a run leaves, and where"),
    .section("checkpoint", \.checkpoint, "what an interrupted run is continued from"),
  ]

  /// What may change from start to restart: a key, or a section with all its keys.
  private static let free = [
    "transport.steps", "flow.record", "stop.divergence", "stop.fisher_information", "stop.wall_time", "stop.exit_code",
    "stop.held_out.patience",
    "output",
    "checkpoint",
  ]

  /// The paths of the keys in which this deck, resolved, differs from another's text and may not, where that run is
  /// continued. Throws a ``DeckError`` where the text is no deck.
  package func keysThatMayNotDiffer(from text: String) throws -> [String] {
    try keys(thatDifferFrom: text).filter { path in
      !Self.free.contains { path == $0 || path.hasPrefix($0 + ".") }
    }
  }

  /// The paths of all keys in which this deck differs from another's text. Throws a ``DeckError`` where the text is no deck.
  package func keys(thatDifferFrom text: String) throws -> [String] {
    tree().differences(from: try Tree(yaml: text, file: "the other deck"))
  }
}
