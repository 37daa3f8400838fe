import Numerics
import Parameters

/// What the root says before the first step.
struct Header {
  let setup: Setup
  /// What the flow is called; empty for the only one of a run.
  let title: String
  let output: String
  let restartCommand: String

  func say(to console: Console) {
    let deck = setup.deck, numbers = setup.numbers, particles = setup.sets[0].rows.blocks
    console.say("gpa-mpi \(version): \(deck.name)" + (title.isEmpty ? "" : ", \(title)"))
    let reported = setup.sets[0].reported
    console.say(
      "  \(particles.rows) particles"
        + (reported < particles.rows ? " (\(reported) of the source, the others to train the field beside them)" : "")
        + " move to \(setup.targets.rows) target samples in "
        + "\(setup.targets.columns) dimensions"
        + setup.sets.dropFirst().map { "; \($0.count) more are carried along" }.joined())
    for note in setup.notes { console.say("  note: \(oneLine(note, limit: 1000))") }
    if let columns = setup.columns { console.say("  \(columns.description)") }
    for line in setup.transforms.summary { console.say("  \(oneLine(line, limit: 1000))") }
    console.say(
      "  divergence \(type(of: deck.divergence.f).name) (\(deck.divergence.formulation.rawValue), "
        + "\(deck.divergence.direction.rawValue)), L \(Text.short(numbers.lipschitz)); network "
        + setup.network.summary)
    console.say(
      "  \(deck.transport.integrator.name), \(deck.transport.error == nil ? "" : "first ")time step "
        + "\(Text.short(numbers.timeStep)), \(deck.transport.steps) "
        + "steps of \(deck.training.iterations) iterations a stage")
    if !setup.automaticKeys.isEmpty {
      let diameter = setup.survey.diameter
      let reach = numbers.lipschitz * diameter, step = numbers.lipschitz * numbers.timeStep / diameter
      console.say(
        "  auto: the target's diameter is \(Text.short(diameter)), L times it \(Text.short(reach)); a particle moves at "
          + "most \(Text.short(step)) diameters a step"
          + (numbers.smoothing.map { "; smoothing \(Text.short($0))" } ?? ""))
    }
    if let summary = setup.survey.alignment.summary { console.say("  start: \(summary)") }
    if !setup.scale.isNone {
      console.say(
        "  scale: the network sees the data around their centre in a unit of \(Text.short(setup.scale.unit))")
    }
    console.say(
      "  \(counted(setup.communicator.size, "rank"))\(setup.threads > 1 ? " of \(setup.threads) threads" : "") on "
        + "\(counted(setup.nodes, "node")); \(particles.count) + \(setup.targetRows.blocks.count) blocks of up to "
        + "\(particles.height) rows; memory per rank \(Text.megabytes(setup.bytes)), targets "
        + "\(Text.megabytes(4 * setup.targets.count)) a node")
    console.say("  started \(Provenance.now) on \(Provenance.host) by \(Provenance.program), \(Provenance.libraries)")
    console.say("  output: \(output)")
    console.say("  to continue after any end before the last step: \(restartCommand)")
    console.say()
  }

  /// What a user should know of how a job was started.
  static func warnings(_ setup: Setup) -> [String] {
    let threads = setup.threads
    var warnings = setup.survey.warnings(setup.deck, setup.numbers)
    if threads > ThreadTeam.cores {
      warnings.append(
        "warning: the \(threads) threads of a rank share \(ThreadTeam.cores) core\(ThreadTeam.cores == 1 ? "" : "s");"
          + " mpirun --map-by slot:PE=\(threads) gives each its own")
    }
    return warnings
  }

  private func counted(_ number: Int, _ word: String) -> String { "\(number) \(word)\(number == 1 ? "" : "s")" }
}
