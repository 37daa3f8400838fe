import Foundation
import HDF5
import MessagePassing
import Numerics
import Storage
import Support
import Testing

@Suite(.serialized) struct RunFileTests {
  let folder: TemporaryFolder
  let world: Communicator
  let description = RunDescription(
    deck: String(repeating: "name: ä\n", count: 20_000), version: "1.2", ranks: 1, nodes: 1, seed: 7)

  init() throws {
    folder = try TemporaryFolder()
    world = try Environment.start().world
  }

  private func row(_ step: Int) -> MetricsRow {
    MetricsRow(
      step: step, time: 0.5 * Double(step), columns: Self.columns, values: [1 / Double(step), 2, 3])
  }

  private static let columns = ["divergence", "fisher_information", "maximum_speed"]

  private func lengths(particles: Int = 5) -> RunFile.Lengths {
    RunFile.Lengths(
      particles: particles, generated: 3, targets: 2, dimension: 2, columns: ["time"] + Self.columns,
      phases: ["training", "total"])
  }

  private func rows(_ name: String, _ values: [Float]) -> Snapshot.Rows {
    let matrix = Matrix(rows: values.count / 2, columns: 2)
    for (i, value) in values.enumerated() { matrix.elements[i] = value }
    return Snapshot.Rows(name, matrix, own: 0..<matrix.rows, of: matrix.rows)
  }

  private func state(_ step: Int) -> [Float] { (0..<10).map { Float(100 * step + $0) } }

  private func create(_ path: String) throws -> RunFile {
    var names = RunNames()
    names.columns = ["height", "Größe"]
    names.particleLabels = ["a", "", "b", "a", "c"]
    return try RunFile.create(
      path, on: world, description: description, lengths: lengths(), target: rows("target", [1, 2, 3, 4]),
      names: names)
  }

  private func finish(_ run: RunFile, step: Int, status: RunStatus) throws {
    let timings = Timings()
    timings.phase("training").measure { _ = usleep(1000) }
    _ = timings.phase("total")
    try run.finish(
      sets: [rows("particles", state(step)), rows("generated", [9, 8, 7, 6, 5, 4])],
      weights: [("weight_0", [2, 3], [0, 1, 2, 3, 4, 5]), ("bias_0", [3], [1, 2, 3])],
      phi: [("weight_0", [2, 3], [0, 2, 4, 6, 8, 10]), ("bias_0", [3], [1, 2, 3])], timing: timings.summary(on: world),
      status: status)
  }

  @Test func contentsReadBack() throws {
    let path = folder.file("run.h5")
    let run = try create(path)
    try run.appendFrame(step: 0, particles: rows("particles", state(0)))
    try run.append(metrics: [])
    try run.append(metrics: [row(1), row(2)])
    try run.appendFrame(step: 2, particles: rows("particles", state(2)))
    try run.append(metrics: [row(3)])
    do {
      let file = try HDF5File(reading: path)
      #expect(try file.text(attribute: "status") == "running")
      #expect(try !file.exists("particles"))
    }
    try finish(run, step: 3, status: .finished)

    let file = try HDF5File(reading: path)
    #expect(
      try file.datasets() == [
        "discriminator/bias_0", "discriminator/weight_0", "frames/particles", "frames/step", "generated",
        "labels/particles", "metrics/divergence", "metrics/fisher_information", "metrics/maximum_speed", "metrics/step",
        "metrics/time", "names/columns", "particles", "phi/bias_0", "phi/weight_0", "scale/centre", "scale/unit",
        "target", "timing/total", "timing/training",
      ])
    #expect(try file.text(attribute: "deck") == description.deck)
    #expect(try file.text(attribute: "version") == "1.2")
    #expect(try file.text(attribute: "status") == "finished")
    #expect(try file.values(attribute: "seed") == [7])
    #expect(try file.shape(of: "frames/particles") == [2, 5, 2])
    #expect(try file.values(of: "frames/particles") == state(0) + state(2))
    #expect(try file.values(of: "frames/step") == [0, 2] as [Int64])
    #expect(try file.values(of: "metrics/step") == [1, 2, 3] as [Int64])
    #expect(try file.values(of: "metrics/time") == [0.5, 1, 1.5])
    #expect(try file.values(of: "metrics/divergence") == [1, 0.5, 1.0 / 3])
    #expect(try file.values(of: "metrics/fisher_information") == [2.0, 2, 2])
    #expect(try file.values(of: "metrics/maximum_speed") == [3.0, 3, 3])
    #expect(try file.values(of: "particles") == state(3))
    #expect(try file.values(of: "generated") == [9, 8, 7, 6, 5, 4] as [Float])
    #expect(try file.values(of: "target") == [1, 2, 3, 4] as [Float])
    #expect(try file.shape(of: "discriminator/weight_0") == [2, 3])
    #expect(try file.values(of: "discriminator/bias_0") == [1, 2, 3] as [Float])
    #expect(try file.values(of: "phi/weight_0") == [0, 2, 4, 6, 8, 10] as [Float])
    #expect(try file.texts(of: "names/columns") == ["height", "Größe"])
    #expect(try file.texts(of: "labels/particles") == ["a", "", "b", "a", "c"])
    // The table of datasets says the shape and the type of all of them.
    let axes: [(RunSchema.Axis, Int)] = [
      (.particles, 5), (.generated, 3), (.targets, 2), (.dimension, 2), (.original, 2), (.frames, 2), (.steps, 3),
    ]
    for path in try file.datasets() {
      let dataset = try #require(RunSchema.all.first { $0.covers(path) }, "\(path) is not in the table")
      #expect(try file.isNumeric(path) == (dataset.element != .text), "\(path)")
      guard dataset.shape != [.any] else { continue }
      let shape = dataset.shape.map { axis -> Int in
        if case .length(let length) = axis { return length }
        return axes.first { $0.0 == axis }?.1 ?? -1
      }
      #expect(try file.shape(of: path) == shape, "\(path)")
    }
    let training: [Double] = try file.values(of: "timing/training")
    #expect(training.count == 3 && training.allSatisfy { $0 >= 0.001 })
  }

  /// A run that was stopped and continued leaves the data of one that was not.
  @Test func resumedRunsMatch() throws {
    let whole = try create(folder.file("whole.h5"))
    for step in 0...4 { try whole.appendFrame(step: step, particles: rows("particles", state(step))) }
    try whole.append(metrics: (1...4).map(row))
    try finish(whole, step: 4, status: .finished)

    let first = try create(folder.file("part.h5"))
    for step in 0...3 { try first.appendFrame(step: step, particles: rows("particles", state(10 * step))) }
    try first.append(metrics: (1...3).map(row))
    try finish(first, step: 3, status: .interrupted)
    let second = try RunFile.resume(
      folder.file("part.h5"), on: world, description: description, lengths: lengths(), after: 0)
    #expect(second.frames == 1)
    for step in 1...4 { try second.appendFrame(step: step, particles: rows("particles", state(step))) }
    try second.append(metrics: (1...4).map(row))
    try finish(second, step: 4, status: .finished)

    let a = try HDF5File(reading: folder.file("whole.h5")), b = try HDF5File(reading: folder.file("part.h5"))
    #expect(try a.datasets() == b.datasets())
    for name in try a.datasets()
    where !name.hasPrefix("timing") && !name.hasPrefix("names") && !name.hasPrefix("labels") {
      #expect(try a.values(of: name, as: Double.self) == b.values(of: name, as: Double.self), "\(name)")
    }
    #expect(throws: AgreedError.self) {
      try RunFile.resume(
        folder.file("part.h5"), on: world, description: description, lengths: lengths(particles: 6), after: 0)
    }
  }

  @Test func failuresAreAgreedErrors() throws {
    #expect { try create(folder.file("no/run.h5")) } throws: { ($0 as? AgreedError)?.exitCode == 1 }
    let run = try create(folder.file("run.h5"))
    try FileManager.default.removeItem(atPath: folder.file("run.h5"))
    #expect(throws: AgreedError.self) { try run.appendFrame(step: 0, particles: rows("particles", state(0))) }
    #expect(throws: AgreedError.self) { try run.append(metrics: [row(1)]) }
    #expect(run.frames == 0)
  }

  @Test func pythonReadsIt() throws {
    let run = try create(folder.file("run.h5"))
    try run.appendFrame(step: 0, particles: rows("particles", state(0)))
    try run.append(metrics: [row(1)])
    try finish(run, step: 1, status: .converged)
    let script = """
      import h5py, sys
      f = h5py.File(sys.argv[1])
      a = f.attrs
      print(sorted(a), type(a["deck"]).__name__, len(a["deck"]), a["status"], a["seed"].dtype, int(a["ranks"]))
      print(f["frames/particles"].shape, f["frames/particles"].dtype, f["frames/particles"][0].sum())
      print(f["particles"][4].tolist(), f["target"][:].tolist(), f["metrics/step"].dtype, f["metrics/time"][:].tolist())
      print(f["timing/training"].shape, f["timing"].attrs["columns"], f["names/columns"].asstr()[:].tolist())
      """
    guard let said = try python(script, folder.file("run.h5")) else { return }
    #expect(
      said == """
        ['deck', 'nodes', 'ranks', 'seed', 'status', 'version'] str 160000 converged int64 1
        (1, 5, 2) float32 45.0
        [108.0, 109.0] [[1.0, 2.0], [3.0, 4.0]] int64 [0.5]
        (3,) minimum, mean, maximum over ranks, in seconds ['height', 'Größe']

        """)
  }
}
