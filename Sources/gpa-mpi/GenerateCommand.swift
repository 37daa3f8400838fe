import Glibc
import MessagePassing
import Runs

/// `gpa-mpi generate RUN`.
struct GenerateCommand: Command {
  static let name = "generate"
  static let operandNames = "RUN"
  static let meaning =
    "carries new source samples along the recorded flow of a run folder (flow: {record: true}); under mpirun the ranks share "
    + "the work; a killed job goes on where the same command is given again"
  static let options: [Option<GenerateCommand>] = [
    .value(
      "--count", "N", \.options.count, "the number of new rows; with --source, of its first rows (all)",
      needs: "a whole number above 0, such as --count 1000000", isRepeated: true
    ) { Int($0).flatMap { $0 > 0 ? $0 : nil } },
    .value(
      "--source", "FILE[:ARRAY]", \.source, "rows of a file in the place of draws of the run's sampler",
      needs: "a file", isRepeated: true
    ) { $0.isEmpty ? nil : $0 },
    .value(
      "--label", "CLASS", \.options.label, "the class of the rows, of a run that moves each its own way",
      needs: "the name of a class", isRepeated: true
    ) { $0.isEmpty ? nil : $0 },
    .flag("--replay", \.options.replays, "carry the run's own source again: the bits of its particles"),
    .value(
      "--seed", "SEED", \.options.seed,
      "what the draws follow from (the run's seed; other draws than the run's in any case)",
      needs: "a whole number of 0 or above", isRepeated: true
    ) { Int($0).flatMap { $0 >= 0 ? $0 : nil } },
    .value(
      "--output", "FILE", \.options.output, "the file that is made, .npy, .csv or .h5 (RUN/generated.npy)",
      needs: "a file", isRepeated: true
    ) { $0.isEmpty ? nil : $0 },
    .value(
      "--images", "FILE.png", \.options.images, "of a run of images: draw the first 100 rows, ten by ten",
      needs: "a file", isRepeated: true
    ) { $0.isEmpty ? nil : $0 },
    .value(
      "--batch", "ROWS", \.options.batch, "the rows that a rank carries at a time (as suits the cache); changes no bit",
      needs: "a whole number above 0", isRepeated: true
    ) { Int($0).flatMap { 1...(1 << 32) ~= $0 ? $0 : nil } },
    .value(
      "--until", "STEP", \.options.until, "end the flow after this step (the last)",
      needs: "a whole number of 0 or above",
      isRepeated: true
    ) { Int($0).flatMap { $0 >= 0 ? $0 : nil } },
    .value(
      "--threads", "T", \.threads, "T threads in every rank, with the same bits",
      needs: "a number of threads for each rank, 1 to 1024, such as --threads 4", isRepeated: true
    ) { Int($0).flatMap { 1...1024 ~= $0 ? $0 : nil } },
    .flag("--overwrite", \.options.overwrites, "replace the file"),
    .flag("--quiet", \.options.isQuiet, "print nothing but errors"),
  ]

  private var run = ""
  private var options = GenerationOptions()
  private var source: String?
  private var threads: Int?

  mutating func take(operands: [String]) throws {
    guard operands.count == 1 else { throw UsageError("generate needs one run folder, such as runs/demo") }
    run = operands[0]
    options.threads = threads ?? 1
    if let source {
      guard !options.replays else { throw UsageError("--replay carries the run's own source: leave --source out") }
      options.source = fileAndArray(source)
    }
    if options.replays || source != nil, options.seed != nil {
      throw UsageError("--seed is for new draws: leave it out with --source and --replay")
    }
    var words = ["gpa-mpi", Self.name, run]
    for option in Self.options { for value in option.repeated(self) { words += [option.name, value] } }
    for (flag, isGiven) in [("--replay", options.replays), ("--overwrite", options.overwrites)] where isGiven {
      words.append(flag)
    }
    options.command = words.map(shellQuoted).joined(separator: " ")
  }

  func run(started: Double, on world: Communicator) throws -> Int32 {
    try Generation.run(run, options, started: started, on: world)
  }
}
