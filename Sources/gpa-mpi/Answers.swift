import Deck
import Discriminator
import Divergence
import Runs
import Samples
import Transport

/// Answers a command that runs nothing; nil for one that does.
func answer(_ command: Command) throws -> Int32? {
  switch command {
  case .help: print(Command.helpText)
  case .version: print("gpa-mpi \(version)")
  case .list: printList()
  case .check(let file, let arguments):
    let deck = try Deck.read(try DeckFile.text(file), file: file, overrides: arguments.overrides)
    print(try deck.text(), terminator: "")
    for line in Advice.lines(deck, folder: DeckFile.folder(of: file)) { print("# \(line)") }
  case .run, .runBuiltIn, .divergence: return nil
  }
  return 0
}

private func printList() {
  let kinds: [(String, [String])] = [
    ("divergence.f", divergences.map { $0.name }),
    ("discriminator.activation", activations.map { $0.name }),
    ("discriminator.constraint", constraints.map { $0.name }),
    ("training.optimizer", OptimizerKind.allCases.map(\.rawValue)),
    ("transport.integrator", integrators.map(\.name)),
    ("sampler", samplers.map { $0.name }),
    ("file", sampleFormatNames),
  ]
  for (kind, names) in kinds { print("\(kind): \(names.joined(separator: ", "))") }
}
