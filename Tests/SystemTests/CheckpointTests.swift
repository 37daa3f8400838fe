import Foundation
import Storage
import Support
import Testing

/// What a restart makes of checkpoints that are damaged or of another run, and of results that lack something.
@Suite(.serialized) struct CheckpointTests {
  private let job: InterruptedRun
  private var run: String { job.run }

  init() throws { job = try InterruptedRun() }

  /// Figures that the disk lost are those of the checkpoint again.
  @Test func lostFigures() throws {
    try job.interrupt()
    let path = run + "/metrics.csv", text = try String(contentsOfFile: path, encoding: .utf8)
    try String(text.prefix(300)).write(toFile: path, atomically: false, encoding: .utf8)
    #expect(try job.restart(2).exitCode == 0)
    try job.expectUndisturbedBits()
  }

  /// With neither checkpoint whole, what is wrong with each is said, and nothing is changed.
  @Test func bothCheckpointsDamaged() throws {
    try job.interrupt()
    for name in ["checkpoint.gpa", "checkpoint.previous.gpa"] {
      var data = try Data(contentsOf: URL(fileURLWithPath: run + "/" + name))
      data[70] ^= 4
      try data.write(to: URL(fileURLWithPath: run + "/" + name))
    }
    let before = try InterruptedRun.Result(run), outcome = try job.restart(3)
    #expect(outcome.exitCode == 1, "\(outcome.description)")
    #expect(outcome.errors.contains("/checkpoint.gpa: the structure of the file is damaged"), "\(outcome.description)")
    #expect(outcome.errors.contains("/checkpoint.previous.gpa: the structure of the file is damaged"))
    #expect(try InterruptedRun.Result(run).differences(from: before).isEmpty)
  }

  /// Samples that changed are named as what they are, whatever `auto` makes of them.
  @Test(arguments: ["target", "source"]) func changedSamples(_ which: String) throws {
    let place = try Workplace()
    var rows: [[Float]] = (0..<200).map { [Float($0 % 13) / 13, Float($0 % 7) / 7] }
    for name in ["target.npy", "source.npy"] { try write(rows: rows, to: place.folder.file(name)) }
    try place.write(
      deck: """
        source: {file: source.npy}
        target: {file: target.npy}
        discriminator: {hidden: [8]}
        transport: {steps: 100000}
        stop: {wall_time: "0:00:01", automatic: false}
        """)
    #expect(try place.run().exitCode == 4)
    if which == "target" { rows = rows.map { [2 * $0[0], $0[1]] } } else { rows.removeLast(50) }
    try write(rows: rows, to: place.folder.file(which + ".npy"))
    let outcome = try place.run(ranks: 2, ["--restart"])
    #expect(outcome.exitCode == 2, "\(outcome.description)")
    let says =
      which == "target"
      ? "the target or the source samples are not those of" : "the particles, 150 in the place of 200, are not"
    #expect(outcome.errors.contains(says), "\(outcome.description)")
  }

  /// Another version may compute other bits.
  @Test func otherVersion() throws {
    try job.interrupt()
    let url = URL(fileURLWithPath: run + "/checkpoint.gpa")
    var data = try Data(contentsOf: url)
    let place = try #require(data.range(of: Data("0.6.0".utf8)))
    data.replaceSubrange(place, with: Data("0.0.9".utf8))
    try data.write(to: url)
    try Head.renew(url)
    let outcome = try job.restart(2)
    #expect(outcome.exitCode == 2, "\(outcome.description)")
    #expect(outcome.errors.contains("is of gpa-mpi 0.0.9, and this is 0.6.0"), "\(outcome.description)")
  }

  /// Checkpoints of version 0.1 have another name; they are seen, and nothing is changed.
  @Test func checkpointOfTheFirstVersion() throws {
    try job.interrupt()
    try FileManager.default.moveItem(atPath: run + "/checkpoint.gpa", toPath: run + "/checkpoint.h5")
    try FileManager.default.removeItem(atPath: run + "/checkpoint.previous.gpa")
    let before = try InterruptedRun.Result(run), outcome = try job.restart(2)
    #expect(outcome.exitCode == 2, "\(outcome.description)")
    #expect(outcome.errors.contains("checkpoint.h5' is of gpa-mpi 0.1, and this is"), "\(outcome.description)")
    #expect(try InterruptedRun.Result(run).differences(from: before).isEmpty)
  }

  /// A run that is over goes on from its last checkpoint where the deck asks for more.
  @Test func finishedRunIsLengthened() throws {
    let short = ["--set", "transport.steps=130"]
    #expect(try job.start(2, short[0], short[1]).wait(timeout: 60).exitCode == 0)
    #expect(try job.restart(2, short[0], short[1]).output.contains("over already (finished)"))
    let refused = try job.restart(2, "--set", "seed=4")
    #expect(refused.exitCode == 2 && refused.errors.contains("seed differs"), "\(refused.description)")
    let outcome = try job.restart(3)
    #expect(outcome.exitCode == 0 && outcome.output.contains("continued after step 120"), "\(outcome.description)")
    try job.expectUndisturbedBits()
  }
}

/// The checksum in the head of a checkpoint.
private enum Head {
  /// Makes a file whose head was changed a whole one.
  static func renew(_ url: URL) throws {
    var bytes = [UInt8](try Data(contentsOf: url))
    let length = bytes[16..<24].reversed().reduce(0) { $0 << 8 | Int($1) }
    let sum = Checksum.of(Array(bytes[32..<32 + length]))
    withUnsafeBytes(of: sum.littleEndian) { bytes.replaceSubrange(24..<32, with: $0) }
    try Data(bytes).write(to: url)
  }
}
