import Foundation
import HDF5
import Support
import Testing

/// New samples along a recorded flow.
@Suite(.serialized) struct GenerateTests {
  /// A run in a folder `run`, made once.
  private static let recorded: Result<Workplace, any Error> = Result {
    let place = try Workplace()
    try place.write(
      deck: """
        source: {sampler: gaussian, count: 300, dimension: 3}
        target: {sampler: gaussian, count: 200, dimension: 3, mean: 1, standard_deviation: 0.4}
        transport: {steps: 20}
        stop: {automatic: false}
        flow: {record: true}
        """)
    let outcome = try place.run(ranks: 2, output: "run")
    try #require(outcome.exitCode == 0, "\(outcome.description)")
    return place
  }

  private let place: Workplace

  init() throws { place = try Self.recorded.get() }

  private func generate(ranks: Int = 1, _ words: String...) throws -> MPIJob.Outcome {
    try place.command(ranks: ranks, ["generate", "run"] + words)
  }

  private func data(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: place.folder.file(name)))
  }

  private func expectError(_ text: String, _ outcome: MPIJob.Outcome, code: Int32 = 2) {
    #expect(outcome.exitCode == code && outcome.errors.contains(text), "\(text)\n\(outcome.description)")
  }

  @Test func sameFilesOnRanksBatchesAndThreads() throws {
    #expect(try generate("--count", "5003").exitCode == 0)
    let whole = try data("run/generated.npy"), array = try NumPyFile.readArray(place.folder.file("run/generated.npy"))
    #expect(array.shape == [5003, 3] && array.type == .float32)
    // The target has mean 1 and standard deviation 0.4, and no two rows are alike.
    let mean = array.values.reduce(0, +) / Double(array.values.count)
    #expect(abs(mean - 1) < 0.1 && Set(array.values).count > 14_000)
    for (ranks, words) in [(2, []), (3, ["--batch", "1"]), (7, ["--batch", "333"]), (2, ["--threads", "3"])] {
      let words = ["--count", ranks == 3 ? "503" : "5003", "--output", "g\(ranks)\(words.count).npy"] + words
      let outcome = try place.command(ranks: ranks, ["generate", "run"] + words)
      #expect(outcome.exitCode == 0, "\(outcome.description)")
      let file = try NumPyFile.readArray(place.folder.file(words[3]))
      expectSameBits(file.values, Array(array.values.prefix(file.values.count)), "\(words) on \(ranks) ranks")
    }
    #expect(try data("g72.npy") == whole)
    let other = try generate("--count", "5003", "--seed", "1", "--output", "seed.npy")
    #expect(try other.exitCode == 0 && data("seed.npy") != whole)
    // More rows begin with the same ones.
    #expect(try generate(ranks: 2, "--count", "6000", "--output", "more.npy").exitCode == 0)
    let more = try NumPyFile.readArray(place.folder.file("more.npy")).values
    expectSameBits(Array(more.prefix(array.values.count)), array.values)
  }

  @Test func formats() throws {
    for ending in ["npy", "csv", "h5"] {
      let outcome = try generate(ranks: 3, "--count", "1000", "--batch", "100", "--output", "formats.\(ending)")
      #expect(outcome.exitCode == 0, "\(outcome.description)")
    }
    let wanted = try NumPyFile.readArray(place.folder.file("formats.npy")).values
    let file = try HDF5File(reading: place.folder.file("formats.h5"))
    #expect(try file.shape(of: "generated") == [1000, 3])
    expectSameBits(try file.values(of: "generated", as: Double.self), wanted)
    let text = try String(contentsOfFile: place.folder.file("formats.csv"), encoding: .utf8)
    let numbers = try text.split(whereSeparator: { $0 == "\n" || $0 == "," }).map { try #require(Float($0)) }
    expectSameBits(numbers.map(Double.init), wanted)
    #expect(text.split(separator: "\n").count == 1000 && text.hasSuffix("\n"))
  }

  /// Rows of a file, in another order of columns, beside others; then the run's own source, which is a file, too.
  @Test func rowsOfFiles() throws {
    let place = try Workplace()
    func table(_ names: [String], _ rows: Int, _ number: (Int, Int) -> String) throws -> String {
      ([names] + (0..<rows).map { row in names.indices.map { number(row, $0) } })
        .map { $0.joined(separator: ",") }.joined(separator: "\n") + "\n"
    }
    func value(_ row: Int, _ column: Int) -> String {
      "\(Double((row * 7 + column * 3) % 11) / 4 + 0.01 * Double(row))"
    }
    _ = try place.folder.write(
      try table(["group", "a", "b, c"], 200) { $1 == 0 ? ($0 % 2 == 0 ? "x" : "y") : value($0, $1) }
        .replacing("b, c", with: "\"b, c\""), to: "rows.csv")
    _ = try place.folder.write(
      try table(["b, c", "further", "a"], 70) { $1 == 1 ? "word" : value(2 * $0, $1 == 2 ? 1 : 2) }
        .replacing("b, c", with: "\"b, c\""), to: "new.csv")
    _ = try place.folder.write(try table(["q", "r"], 5) { value($0, $1) }, to: "others.csv")
    try NumPyFile.write(
      NumPyArray(shape: [4, 3], values: (0..<12).map(Double.init)), to: place.folder.file("three.npy"))
    try place.write(
      deck: """
        source: {file: rows.csv, where: {column: group, equals: x}}
        target: {file: rows.csv, where: {column: group, equals: y}}
        transport: {steps: 4}
        flow: {record: true}
        """, to: "decks.yaml")
    #expect(try place.run(deck: "decks.yaml").exitCode == 0)
    let particles = try place.result().doubles("particles")
    #expect(try place.command(ranks: 3, ["generate", "out", "--replay"]).exitCode == 0)
    expectSameBits(try NumPyFile.readArray(place.folder.file("out/generated.npy")).values, particles)
    let new = try place.command(ranks: 2, ["generate", "out", "--source", "new.csv", "--output", "new-out.csv"])
    #expect(new.exitCode == 0, "\(new.description)")
    let lines = try String(contentsOfFile: place.folder.file("new-out.csv"), encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 71 && lines[0] == "a,\"b, c\"")
    let numbers = lines.dropFirst().flatMap { $0.split(separator: ",").compactMap { Float($0) }.map(Double.init) }
    expectSameBits(numbers, Array(particles.prefix(140)), "the rows of the run's source")

    for (words, text) in [
      ([], "there are no new draws"), (["--count", "5"], "--source FILE"),
      (["--source", "others.csv"], "has no column 'a'"), (["--source", "three.npy"], "has 3 columns"),
      (["--source", "new.csv", "--count", "71"], "has 70 rows"), (["--source", "none.csv"], "none.csv"),
      (["--source", "new.csv", "--seed", "1"], "--seed is for new draws"),
      (["--source", "new.csv", "--replay"], "leave --source out"),
    ] {
      expectError(text, try place.command(ranks: 2, ["generate", "out", "--output", "x.npy"] + words))
    }
    #expect(!place.exists("x.npy") && !place.exists("x.npy.partial"))
  }

  @Test func killedJobGoesOn() throws {
    let words = ["generate", "run", "--count", "4000000", "--output", "long.npy", "--batch", "20000"]
    let job = try MPIJob(ranks: 2, arguments: words, folder: place.folder.path)
    let state = place.folder.file("long.npy.partial.state")
    func rows() -> Int {
      let text = (try? String(contentsOfFile: state, encoding: .utf8)) ?? ""
      return text.split(separator: "\n").first { $0.hasPrefix("rows: ") }.flatMap { Int($0.dropFirst(6)) } ?? 0
    }
    for _ in 0..<6000 where rows() == 0 { usleep(10_000) }
    let done = rows()
    try #require(done > 0 && done < 4_000_000)
    kill(try #require(job.ranks.last), SIGKILL)
    #expect(job.wait(timeout: 60).exitCode != 0)
    #expect(!place.exists("long.npy") && place.exists("long.npy.partial"))
    expectError(
      "with another count", try generate(ranks: 2, "--count", "50000", "--output", "long.npy"))
    let outcome = try place.command(ranks: 3, Array(words.dropLast(2)))
    #expect(outcome.exitCode == 0 && outcome.output.contains("continued after row "), "\(outcome.description)")
    #expect(!place.exists("long.npy.partial") && !place.exists("long.npy.partial.state"))
    #expect(try generate(ranks: 2, "--count", "4000000", "--output", "undisturbed.npy").exitCode == 0)
    #expect(try data("long.npy") == data("undisturbed.npy"))
    for name in ["long.npy", "undisturbed.npy"] { try FileManager.default.removeItem(atPath: place.folder.file(name)) }
  }

  @Test func nothingIsReplacedUnasked() throws {
    _ = try place.folder.write("mine", to: "mine.csv")
    expectError("is there already", try generate(ranks: 2, "--count", "10", "--output", "mine.csv"))
    #expect(try String(contentsOfFile: place.folder.file("mine.csv"), encoding: .utf8) == "mine")
    #expect(try generate(ranks: 2, "--count", "10", "--output", "mine.csv", "--overwrite").exitCode == 0)
    #expect(
      try String(contentsOfFile: place.folder.file("mine.csv"), encoding: .utf8).split(separator: "\n").count == 10)
    _ = try place.folder.write("a part of something else", to: "part.npy.partial")
    expectError("begun by another program", try generate("--count", "10", "--output", "part.npy"))
    #expect(try generate("--count", "10", "--output", "part.npy", "--overwrite").exitCode == 0)
    for name in ["run.h5", "flow.h5"] {
      expectError("is a file of the run", try generate("--count", "10", "--overwrite", "--output", "run/\(name)"))
    }
  }

  @Test func whatIsWrongIsSaid() throws {
    for (words, text) in [
      (["generate", "run", "--output", "x.npy"], "--count N"),
      (["generate", "nowhere", "--count", "5"], "is no folder of a run"),
      (["generate", "deck.yaml", "--count", "5"], "is no folder of a run"),
      (["generate"], "generate needs one run folder"),
      (["generate", "run", "--count", "0"], "a whole number above 0"),
      (["generate", "run", "--count", "5", "--output", "x.txt"], ".npy, .csv or .h5"),
      (["generate", "run", "--count", "5", "--output", "no/x.npy"], "cannot write into the folder 'no'"),
      (["generate", "run", "--count", "5", "--output", "x.npy", "--until", "21"], "the recorded flow has 20 steps"),
      (["generate", "run", "--count", "2000000000000", "--output", "x.npy"], "over 4 TiB"),
    ] {
      expectError(text, try place.command(ranks: 3, words))
    }
    #expect(!place.exists("x.npy") && !place.exists("x.npy.partial"))
  }

  /// Nothing is written, and nothing left, where the rows cannot fit.
  @Test(arguments: ["npy", "csv", "h5"]) func moreRowsThanTheDiskHolds(ending: String) throws {
    let free = try #require(
      FileManager.default.attributesOfFileSystem(forPath: place.folder.path)[.systemFreeSize] as? Int)
    let count = free / 4
    guard count < (1 << 40) / 3 else { return }
    let job = try MPIJob(
      ranks: 3, arguments: ["generate", "run", "--count", "\(count)", "--output", "full.\(ending)"],
      folder: place.folder.path)
    expectError("cannot add", job.wait(timeout: 20), code: 1)
    #expect(try place.folder.contents().allSatisfy { !$0.hasPrefix("full.") })
  }

  @Test func flowThatCannotBeUsed() throws {
    let other = try Workplace()
    try FileManager.default.copyItem(atPath: place.folder.file("run"), toPath: other.folder.file("run"))
    func generate() throws -> MPIJob.Outcome {
      try other.command(ranks: 3, ["generate", "run", "--count", "5", "--overwrite"])
    }
    let path = other.folder.file("run/flow.h5"), whole = try Data(contentsOf: URL(fileURLWithPath: path))
    try HDF5File.change(path, adding: 0) { try $0.write(attribute: "version", text: "0.0.1") }
    expectError("was recorded by gpa-mpi 0.0.1", try generate())
    try whole.write(to: URL(fileURLWithPath: path))
    try HDF5File.change(path, adding: 0) { try $0.extend("phi/weight_1", rows: 3) }
    expectError("cannot be used", try generate())
    try whole.prefix(5000).write(to: URL(fileURLWithPath: path))
    expectError("cannot be used", try generate())
    try FileManager.default.removeItem(atPath: path)
    expectError("flow: {record: true}", try generate())
  }
}
