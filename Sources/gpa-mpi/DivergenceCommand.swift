import Deck
import Evaluation
import Glibc
import MessagePassing
import Parameters
import Runs

/// `gpa-mpi divergence A B`: a bracket of the Lipschitz-regularized divergence between two sample files.
struct DivergenceCommand {
  private var files: [String] = []
  private var lipschitz = 1.0
  /// Keys of a deck and their values as text. Training is in a unit of about the samples' distance, in which so small a
  /// smoothing costs little of the bound.
  private var settings = [
    ("discriminator.constraint", "orthonormal"), ("discriminator.activation", "max_min"),
    ("discriminator.smoothing", "0.003"), ("training.reset_moments", "false"),
  ]
  private var isJSON = false

  private static let keys = [
    "--f": "divergence.f", "--alpha": "divergence.alpha", "--constraint": "discriminator.constraint",
    "--activation": "discriminator.activation", "--seed": "seed",
  ]
  private static let options = keys.merging(["--hidden": "discriminator.hidden"]) { key, _ in key }

  /// Understands the words after `divergence`.
  init(_ words: some Sequence<String>) throws {
    var left = Array(words)[...]
    while let word = left.popFirst() {
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init), option = parts.first ?? ""
      func value() throws -> String {
        if parts.count == 2 { return parts[1] }
        guard let next = left.popFirst() else { throw UsageError(text: "\(word) needs a value") }
        return next
      }
      if option == "--json" {
        try Command.requireNoValue(option, in: word)
        isJSON = true
      } else if option == "--lipschitz" {
        guard let number = Double(try value()), number > 0, number.isFinite else {
          throw UsageError(text: "--lipschitz needs a finite number above 0, such as --lipschitz 0.5")
        }
        lipschitz = number
      } else if option == "--hidden" {
        settings.append(("discriminator.hidden", "[\(try value())]"))
      } else if let key = Self.keys[option] {
        settings.append((key, try value()))
      } else if word.hasPrefix("-") {
        let known = Self.keys.keys.sorted() + ["--lipschitz", "--hidden", "--json"]
        let hint = nearest(to: option, among: known).map { ", did you mean \($0)?" } ?? ""
        throw UsageError(text: "divergence has no option \(option)\(hint)")
      } else {
        files.append(word)
      }
    }
    guard files.count == 2 else {
      throw UsageError(text: "divergence needs two sample files, such as gpa-mpi divergence a.npy b.npy")
    }
  }

  /// Measures and prints. Collective.
  func run(started: Double, on world: Communicator) throws -> Int32 {
    let deck = try world.together {
      do {
        return try Deck.read(
          "source: {\(source(files[0]))}\ntarget: {\(source(files[1]))}\n", file: "the command line",
          overrides: settings)
      } catch let error as DeckError {
        // The user wrote no deck: the option has the name it was given by.
        var text = "\(error)"
        for (option, key) in Self.options { text.replace("--set \(key):", with: "\(option):") }
        throw UsageError(text: text)
      }
    }
    let found = try DivergenceBracket.measure(deck, lipschitz: lipschitz, folder: "", on: world)
    guard world.isRoot else { return 0 }
    let seconds = ((monotonicSeconds() - started) * 1000).rounded() / 1000
    StandardStream.output.write(isJSON ? json(found, seconds) : text(found, deck, seconds, ranks: world.size))
    return 0
  }

  /// A file, or FILE:NAME for an array in it, as a deck says it.
  private func source(_ word: String) -> String {
    func quoted(_ text: some StringProtocol) -> String {
      "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }
    if access(word, F_OK) != 0, let colon = word.lastIndex(of: ":"), colon > word.startIndex {
      return "file: \(quoted(word[..<colon])), array: \(quoted(word[word.index(after: colon)...]))"
    }
    return "file: \(quoted(word))"
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
      "divergence \(type(of: deck.divergence.f).name), L \(Text.short(lipschitz)), of \(files[0]) from \(files[1]):"
    text += " \(found.counts.first) and \(found.counts.second) samples in \(found.dimension) dimensions\n"
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
