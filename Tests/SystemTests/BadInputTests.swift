import Foundation
import HDF5
import Support
import Testing

/// Bad input: exit code 2, one message from one rank that says what is wrong, and nothing created.
@Suite struct BadInputTests {
  /// What is changed in a deck that runs, and words that the message has to hold.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let arguments: [String]
    let words: [String]

    init(_ name: String, set assignments: [String] = [], _ arguments: [String] = [], says words: [String]) {
      testDescription = name
      self.arguments = assignments.flatMap { ["--set", $0] } + arguments
      self.words = words
    }
  }

  private static let data: [Case] = [
    Case("missing file", set: ["target.file=none.npy"], says: ["none.npy"]),
    Case("missing array", set: ["target.file=good.npz", "target.array=nope"], says: ["good.npz", "nope", "target"]),
    Case("missing dataset", set: ["target.file=good.h5", "target.array=nope"], says: ["good.h5", "nope"]),
    Case(
      "wrong shape", set: ["discriminator.initial_weights=weights.npz"], says: ["weights.npz", "weight_0", "[2, 7]"]),
    Case("NaN in .csv", set: ["target.file=nan.csv"], says: ["nan.csv", "row 2", "'y'"]),
    Case("hexadecimal in .csv", set: ["target.file=hexadecimal.csv"], says: ["row 2", "'0x10'"]),
    Case("text in .csv", set: ["target.file=text.csv"], says: ["text.csv", "row 2", "two"]),
    Case("NaN in .npy", set: ["target.file=nan.npy"], says: ["nan.npy", "nan"]),
    Case("infinity in .npy", set: ["source.file=infinite.npy"], says: ["infinite.npy", "inf"]),
    Case("other dimension", set: ["target.file=three.npy"], says: ["2", "3", "dimension"]),
    Case("empty .npy", set: ["target.file=empty.npy"], says: ["empty.npy"]),
    Case("empty .csv", set: ["source.file=empty.csv"], says: ["empty.csv", "no rows"]),
    Case("truncated .npy", set: ["target.file=cut.npy"], says: ["cut.npy"]),
    Case("truncated .npz", set: ["target.file=cut.npz", "target.array=target"], says: ["cut.npz"]),
    Case("truncated .gz", set: ["target.file=cut.csv.gz"], says: ["cut.csv.gz"]),
    Case("truncated .h5", set: ["target.file=cut.h5", "target.array=target"], says: ["cut.h5"]),
    Case(
      "more than the memory", set: ["source={sampler: gaussian, count: 1e11, dimension: 2}"],
      says: ["3200 GB", "lower a count"]),
    Case(
      "layers larger than the memory", set: ["discriminator.hidden=[65536, 65536, 65536]"],
      says: ["GB", "smaller layers"]),
  ]

  private static let deck: [Case] = [
    Case("unknown key", set: ["transport.stepz=3"], says: ["stepz", "did you mean steps"]),
    Case("unknown section", set: ["transprot.steps=3"], says: ["transprot", "did you mean transport"]),
    Case("wrong type", set: ["transport.steps=three"], says: ["transport.steps", "three", "whole number"]),
    Case("zero steps", set: ["transport.steps=0"], says: ["transport.steps", "0"]),
    Case("negative time step", set: ["transport.time_step=-1"], says: ["transport.time_step", "-1"]),
    Case("zero learning rate", set: ["training.learning_rate=0"], says: ["training.learning_rate", "0"]),
    Case("NaN", set: ["divergence.lipschitz=.nan"], says: ["divergence.lipschitz", "nan"]),
    Case(
      "no path", set: ["discriminator.initial_weights=''"], says: ["discriminator.initial_weights", "path of a file"]),
    Case(
      "no path of a table", set: ["target.where={file: '', column: x, equals: a}"], says: ["target.where.file", "path"]),
    Case("zero byte in the name", set: [#"name="a\0b""#], says: ["name", "zero byte"]),
    Case("zero byte in the folder", set: [#"output.directory="a\0b""#], says: ["output.directory", "zero byte"]),
    Case(
      "another variant's parameter", set: ["divergence.alpha=3"], says: ["divergence.alpha", "belongs to f: alpha"]),
    Case("unknown name", set: ["divergence.f=kll"], says: ["divergence.f", "kll", "did you mean kl"]),
  ]

  private static let usage: [Case] = [
    Case("folder in a file", ["--output", "good.csv/x"], says: ["good.csv"]),
    Case("folder in /proc", ["--output", "/proc/x"], says: ["/proc/x"]),
    Case(
      "folder of too long a name", ["--output", "new/" + String(repeating: "x", count: 300)],
      says: ["new/xxx", "--output"]),
    Case("value of a flag", ["--overwrite=no"], says: ["--overwrite", "takes no value"]),
    Case("empty value of a flag", ["--quiet="], says: ["--quiet", "takes no value"]),
    Case("unknown option", ["--quite"], says: ["--quite", "did you mean --quiet"]),
    Case("option without value", ["--set"], says: ["--set", "value"]),
    Case("two decks", ["other.yaml"], says: ["run", "one deck"]),
  ]

  /// On one rank, where a job starts fast, and on three for what the ranks read together.
  @Test(arguments: (data + deck + usage).map { ($0, 1) } + data.map { ($0, 3) })
  func isRefused(_ one: Case, ranks: Int) throws {
    let place = try BadInputFiles.place()
    try expectRefusal(in: place, ranks: ranks, ["run", "deck.yaml"] + one.arguments, says: one.words)
  }

  @Test(
    arguments: [
      "stop: [1": "deck.yaml:5:1", "  transport:\n x": "deck.yaml:", "transport: {steps: 2, stepz: 2}": "deck.yaml:4:",
      "training: {iterations: -2}": "deck.yaml:4:", "training: 5": "deck.yaml:4:", "seed: {}": "deck.yaml:4:",
      "seed: 1\nseed: 2": "deck.yaml:5:", "source: {}": "deck.yaml:4:",
    ], [1, 3])
  func malformedDeck(_ line: (key: String, value: String), ranks: Int) throws {
    let place = try BadInputFiles.place(appending: line.key)
    try expectRefusal(in: place, ranks: ranks, ["run", "deck.yaml"], says: [line.value])
  }

  @Test(arguments: [1, 3])
  func noSuchCommandOrDeck(ranks: Int) throws {
    let place = try BadInputFiles.place()
    try expectRefusal(in: place, ranks: ranks, ["rum", "deck.yaml"], says: ["rum", "did you mean run"])
    try expectRefusal(in: place, ranks: ranks, ["run"], says: ["run needs one deck"])
    try expectRefusal(in: place, ranks: ranks, ["run", "none.yaml"], says: ["none.yaml"])
    try expectRefusal(in: place, ranks: ranks, ["check", "none.yaml"], says: ["none.yaml"])
    try expectRefusal(in: place, ranks: ranks, ["--keys", "stopp"], says: ["stopp", "did you mean stop"])
  }

  /// A finished run is not replaced unless that is asked for; its files stay as they are.
  @Test(arguments: [1, 3])
  func finishedRun(ranks: Int) throws {
    let place = try BadInputFiles.place()
    let first = try place.run(ranks: ranks)
    try #require(first.exitCode == 0, "\(first.description)")
    let files = try ["run.h5", "metrics.csv", "log.txt"].map {
      try Data(contentsOf: URL(fileURLWithPath: place.folder.file("out/\($0)")))
    }
    try expectRefusal(in: place, ranks: ranks, ["run", "deck.yaml", "--output", "out"], says: ["out", "--overwrite"])
    let after = try ["run.h5", "metrics.csv", "log.txt"].map {
      try Data(contentsOf: URL(fileURLWithPath: place.folder.file("out/\($0)")))
    }
    #expect(files == after)
  }

  /// The deck that every case spoils runs by itself.
  @Test func theGoodDeckRuns() throws {
    let place = try BadInputFiles.place()
    for target in ["good.csv", "good.npz", "good.h5"] {
      let named = target.hasSuffix("csv") ? [] : ["--set", "target.array=target"]
      let outcome = try place.run(output: "to-\(target)", ["--set", "target.file=\(target)"] + named)
      #expect(outcome.exitCode == 0, "\(outcome.description)")
    }
  }

  private func expectRefusal(in place: Workplace, ranks: Int, _ words: [String], says: [String]) throws {
    let before = try place.folder.contents()
    let outcome = try place.command(ranks: ranks, words)
    #expect(outcome.exitCode == 2, "\(outcome.description)")
    #expect(outcome.output.isEmpty, "\(outcome.output)")
    let messages = outcome.errors.split(separator: "\n").filter { $0.contains("gpa-mpi:") }
    #expect(messages.count == 1, "\(outcome.errors)")
    let message = messages.first ?? ""
    #expect(message.hasPrefix("gpa-mpi: "))
    for word in says { #expect(message.contains(word), "the message lacks '\(word)': \(message)") }
    #expect(try place.folder.contents() == before, "something was created")
  }
}
