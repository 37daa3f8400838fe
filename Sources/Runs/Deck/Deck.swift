import Discriminator
import Divergence
import Parameters
import Samples
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
  /// What they move to.
  package var target = SampleSource()
  /// Particles that are only carried along.
  package var generated: SampleSource?
  package var divergence = DivergenceSection()
  package var discriminator = DiscriminatorSection()
  package var training = Training()
  package var transport = TransportSection()
  package var stop = StopSection()
  package var output = OutputSection()
  package var checkpoint = CheckpointSection()

  package init() {}

  package static let keys: [Key<Deck>] = [
    .value(
      "name", \.name, "names the run",
      allowed:
        "the name of a folder (no slash, zero byte or line break; not . or ..; at most 255 bytes)",
      otherwise: "the file's name"
    ) { $0.isEmpty || isFileName($0) },
    .value("seed", \.seed, "every random number follows from it", allowed: "a whole number of 0 or above") { $0 >= 0 },
    .section("source", \.source, "SAMPLES: the particles", isRequired: true),
    .section("target", \.target, "SAMPLES: what they move to", isRequired: true),
    .section("generated", optional: \.generated, "SAMPLES: carried along by the learned field, never trained on"),
    .section("divergence", \.divergence, "the divergence that the particles descend"),
    .section("discriminator", \.discriminator, "phi, an L-Lipschitz network"),
    .section("training", \.training, "how phi is trained"),
    .section("transport", \.transport, "how the particles move"),
    .section("stop", \.stop, "when a run ends before its last step: whichever comes first"),
    .section("output", \.output, "what a run leaves, and where"),
    .section("checkpoint", \.checkpoint, "what an interrupted run is continued from"),
  ]

  /// What may change from start to restart: a key, or a section with all its keys.
  private static let free = ["transport.steps", "stop", "output", "checkpoint"]

  /// The paths of the keys in which this deck, resolved, differs from another's text and may not, where that run is
  /// continued. Throws a ``DeckError`` where the text is no deck.
  package func keysThatMayNotDiffer(from text: String) throws -> [String] {
    tree().differences(from: try Tree(yaml: text, file: "the checkpoint's deck")).filter { path in
      !Self.free.contains { path == $0 || path.hasPrefix($0 + ".") }
    }
  }
}
