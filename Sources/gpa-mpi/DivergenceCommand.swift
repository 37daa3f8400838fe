import Discriminator
import Evaluation
import MessagePassing
import Parameters
import Runs

/// `gpa-mpi divergence A B`: a bracket of the Lipschitz-regularized divergence between two sample files.
struct DivergenceCommand: Command {
  static let name = "divergence"
  static let operandNames = "A B"
  static let meaning =
    "the divergence of A from B, two sample files, as a bracket; an array of a file is FILE:NAME; under mpirun the ranks "
    + "share the work"
  static let options: [Option<DivergenceCommand>] = [
    .value(
      "--lipschitz", "L", \.lipschitz, "the Lipschitz constant (1)",
      needs: "a finite number above 0, such as --lipschitz 0.5"
    ) { Double($0).flatMap { $0 > 0 && $0.isFinite ? $0 : nil } },
    .key("--f", "NAME", "divergence.f", "the f-divergence (kl)"),
    .key("--alpha", "ORDER", "divergence.alpha", "the order of --f alpha (2)"),
    .key("--constraint", "NAME", "discriminator.constraint", "what bounds the Lipschitz constant (orthonormal)"),
    .key("--activation", "NAME", "discriminator.activation", "the activation of the hidden layers (max_min)"),
    .key("--hidden", "WIDTHS", "discriminator.hidden", "the widths of the hidden layers (32,32,32)") { "[\($0)]" },
    .key("--seed", "SEED", "seed", "what the network's start follows from (0)"),
    .value(
      "--header", "true|false", \.header,
      "whether the first lines of .csv and .tsv files hold names (as the tables show)", needs: "true or false",
      read: Bool.init),
    .flag("--json", \.isJSON, "print the numbers as JSON"),
  ]

  private var files: [String] = []
  private var lipschitz: Double? = 1
  private var isJSON = false
  private var header: Bool?
  /// Keys of a deck and their values as text, with the options that gave them.
  fileprivate var settings: [(option: String, key: String, value: String)] = [
    ("", "discriminator.constraint", "orthonormal"), ("", "discriminator.activation", "max_min"),
    ("", "training.reset_moments", "false"),
  ]

  mutating func take(operands: [String]) throws {
    guard operands.count == 2 else {
      throw UsageError("divergence needs two sample files, such as gpa-mpi divergence a.npy b.npy")
    }
    files = operands
    // Training is in a unit of about the samples' distance, in which so small a smoothing costs little of the bound.
    let activation = settings.last { $0.key == "discriminator.activation" }?.value
    if activations.contains(where: { $0.name == activation && $0.isSmoothed }) {
      settings.append(("", "discriminator.smoothing", "0.003"))
    }
  }

  /// Measures and prints. Collective.
  func run(started: Double, on world: Communicator) throws -> Int32 {
    let lipschitz = lipschitz ?? 1
    let deck = try world.together {
      do {
        return try Deck.read(
          "source: {\(source(files[0]))}\ntarget: {\(source(files[1]))}\n", file: "the command line",
          overrides: settings.map { ($0.key, $0.value) })
      } catch let error as DeckError {
        // The user wrote no deck: the option has the name it was given by.
        var text = "\(error)"
        for (option, key, _) in settings where !option.isEmpty { text.replace("--set \(key):", with: "\(option):") }
        throw UsageError(text)
      }
    }
    let seed = UInt64(deck.seed)
    let question = DivergenceBracket.Settings(
      divergence: deck.divergence.f, formulation: deck.divergence.formulation, lipschitz: lipschitz,
      architecture: deck.discriminator.architecture, constraint: deck.discriminator.constraint, training: deck.training,
      seed: seed)
    let first = try deck.source.open(role: .source, seed: seed, folder: "", on: world)
    let second = try deck.target.open(role: .target, seed: seed, folder: "", on: world)
    let notes = first.notes + second.notes.filter { !first.notes.contains($0) }
    let found = try DivergenceBracket.measure(first, second, question, on: world)
    try world.onRoot { () throws -> Void in
      let seconds = ((monotonicSeconds() - started) * 1000).rounded() / 1000
      // What reads JSON expects nothing else.
      for note in notes { (isJSON ? StandardStream.error : .output).write("note: \(oneLine(note, limit: 1000))\n") }
      try StandardStream.output.answer(
        isJSON ? json(found, seconds) : text(found, deck, seconds, ranks: world.size))
    }
    return 0
  }

  /// A file, or FILE:NAME for an array in it, as a deck says it.
  private func source(_ word: String) -> String {
    func quoted(_ text: some StringProtocol) -> String {
      "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }
    let file = SampleWord(word, header: header).file
    return "file: \(quoted(file.file))" + (file.array.map { ", array: \(quoted($0))" } ?? "")
      + (file.header.map { ", header: \($0)" } ?? "")
  }

  private func json(_ found: DivergenceBracket, _ seconds: Double) -> String {
    func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "null" }
    return """
      {"lower": \(number(found.lower)), "upper": \(number(found.upper)), "network": \(number(found.network)), \
      "potentials": \(number(found.potentials)), "iterations": \(found.iterations), "seconds": \(seconds)}

      """
  }

  private func text(_ found: DivergenceBracket, _ deck: Deck, _ seconds: Double, ranks: Int) -> String {
    func line(_ name: String, _ value: Double, _ what: String) -> String {
      let figure = Text.short(value)
      return "  \(Text.left(name, 10))\(Text.left(figure, 12))\(what)\n"
    }
    var text =
      "divergence \(type(of: deck.divergence.f).name), L \(Text.short(lipschitz ?? 1)), of \(files[0]) from \(files[1]):"
    text += " \(found.counts.first) and \(found.counts.second) samples in \(found.dimension) dimensions\n"
    if let columns = found.columns { text += "  \(columns.description)\n" }
    let kind = "\(type(of: deck.discriminator.activation).name), \(type(of: deck.discriminator.constraint).name)"
    text += line("at least", found.network, "a network (\(kind)) after \(found.iterations) iterations")
    if let potentials = found.potentials {
      text += line("at least", potentials, "the potentials of the transport problem")
    }
    if let upper = found.upper {
      text += line("at most", upper, "a transport plan")
    } else if found.isSmall {
      text += "  no upper bound: the costs of the plans that were found are no finite numbers\n"
    } else {
      text += "  no upper bound: it is computed for up to \(DivergenceBracket.mostPairs) pairs of samples\n"
    }
    return text + "\(seconds) s on \(ranks) rank\(ranks == 1 ? "" : "s")\n"
  }
}

extension Option<DivergenceCommand> {
  /// An option that stands for a key of decks.
  fileprivate static func key(
    _ name: String, _ argument: String, _ key: String, _ meaning: String,
    as value: @escaping @Sendable (String) -> String = { $0 }
  ) -> Option {
    Option(
      name: name, argument: argument, meaning: meaning, set: { $0.settings.append((name, key, value($1))) },
      repeated: { _ in [] })
  }
}
