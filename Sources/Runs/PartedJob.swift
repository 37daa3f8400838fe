import MessagePassing
import Numerics
import Samples
import Storage

/// A run of several flows: each goes its way in a folder of its own, one after the other, and at the end their results are put
/// together in the order of the sources.
struct PartedJob {
  let deck: Deck
  let data: OpenData
  let parts: [(part: RunPart, setup: Setup)]
  let folder: RunFolder
  let job: FlowJob

  private var communicator: Communicator { job.communicator }

  /// The exit code of every rank. Collective.
  func run(_ entry: FolderEntry) throws -> Int32 {
    let isThere = try communicator.onRoot { job.options.restarts && RunFolder.isFile(folder.result) }
    try entry.settle(isContinued: isThere)
    if !isThere { try begin() }
    if communicator.isRoot { job.console.openLog(folder.log, appends: isThere) }
    var ends: [RunStatus] = []
    for number in parts.indices {
      let status = try run(number, isFirst: ends.isEmpty)
      if status == .interrupted { return try interrupt() }
      ends.append(status)
    }
    do { return try finish(ends) } catch {
      throw RunFault(cause: error, restartCommand: job.options.restartCommand)
    }
  }

  /// Runs or continues a flow, unless it is over. Collective.
  private func run(_ number: Int, isFirst: Bool) throws -> RunStatus {
    let part = parts[number].part
    var own = job
    own.options.overwrites = !job.options.restarts
    own.title = "flow \(number + 1) of \(parts.count): \(part.name)"
    own.catchesSignals = isFirst
    let folder = RunFolder(folder(of: number))
    try communicator.together { if communicator.isRoot { try folder.make() } }
    let entry = FolderEntry(folder, part.deck, own.options, on: communicator)
    defer { entry.leave() }
    if let status = try entry.enter() {
      job.console.say("\(own.title) is over already (\(status))")
      return status
    }
    let reason = try own.run(parts[number].setup, in: folder, entry, log: nil)
    job.console.say()
    return reason.status
  }

  /// The folder of a flow: its number, and as much of its name as can be the name of a file.
  private func folder(of number: Int) -> String {
    folder.flows + "/" + RunPart.folderName(number, parts[number].part.name)
  }

  private var lengths: RunFile.Lengths {
    let scales = parts.map(\.setup.scale)
    var lengths = RunFile.Lengths(
      particles: data.sources.reduce(0) { $0 + $1.count }, generated: data.generated?.count,
      targets: data.target.count, heldOut: data.heldOut?.count, dimension: data.dimension, columns: [],
      phases: parts[0].setup.timings.names, scale: scales.first { !$0.fitsFloat32 })
    if !data.transforms.isNone { lengths.original = data.transforms.originalDimension }
    return lengths
  }

  private var description: RunDescription {
    RunDescription(
      deck: deck.text, version: version, ranks: communicator.size, nodes: parts[0].setup.nodes, seed: deck.seed,
      folder: DeckFile.absolute(parts[0].setup.folder), provenance: Provenance.attributes)
  }

  /// Makes the result file, without results.
  private func begin() throws {
    try communicator.together {
      guard communicator.isRoot else { return }
      folder.tidy()
      try folder.prepare()
    }
    let scale = lengths.scale, rank = communicator.rank, size = communicator.size
    func part(_ name: String, of table: SharedTable) throws -> Snapshot.Rows {
      let own = rank * table.count / size..<(rank + 1) * table.count / size
      return Snapshot.Rows(name, try table.rows(own, in: scale, on: communicator), own: own, of: table.count)
    }
    var names = data.names
    names.flows = parts.map(\.part.name)
    _ = try RunFile.create(
      folder.result, on: communicator, description: description, lengths: lengths,
      target: try part("target", of: data.target), heldOut: try data.heldOut.map { try part("held_out", of: $0) },
      names: names, transform: data.transforms.namedArrays)
  }

  private func interrupt() throws -> Int32 {
    let file = try RunFile.resume(
      folder.result, on: communicator, description: description, lengths: lengths, after: -1)
    try file.mark(.interrupted)
    return RunStatus.interrupted.exitCode
  }

  /// Puts the flows' results together.
  private func finish(_ ends: [RunStatus]) throws -> Int32 {
    let status: RunStatus =
      ends.contains(.diverged) ? .diverged : ends.allSatisfy { $0 == .converged } ? .converged : .finished
    let readers = try communicator.together {
      communicator.isRoot ? try parts.indices.map { try RunFileReader(RunFolder(folder(of: $0)).result) } : []
    }
    let file = try RunFile.resume(
      folder.result, on: communicator, description: description, lengths: lengths, after: -1)
    try appendFrames(to: file, readers)
    let columns = try communicator.together { try metrics(readers) }
    try file.write(metrics: columns, flows: parts.count)
    let results = try communicator.together { () throws -> (NamedArrays, NamedArrays, [Timings.Summary]) in
      let networks = try readers.map { try $0.network }
      func named(_ arrays: (Int) -> NamedArrays) -> NamedArrays {
        readers.indices.flatMap { number in
          arrays(number).map {
            (RunPart.folderName(number, parts[number].part.name) + "/" + $0.name, $0.shape, $0.values)
          }
        }
      }
      return (named { networks[$0].weights }, named { networks[$0].phi }, Self.sum(try readers.map { try $0.timing }))
    }
    let particles = try gathered("particles", lengths.particles, readers, \.particles)
    let carried = try lengths.generated.map { try gathered("generated", $0, readers, \.generated) }
    try file.finish(
      sets: [particles] + (carried.map { [$0] } ?? []), weights: results.0, phi: results.1, timing: results.2,
      status: status, decode: data.transforms.isNone ? nil : data.transforms.decode)
    try communicator.together {
      guard communicator.isRoot else { return }
      try MetricsFile.write(folder.metrics, flows: try zip(parts, readers).map { ($0.part.name, try $1.metrics) })
    }
    job.console.say("all \(parts.count) flows: \(status)")
    job.console.say(
      "result: \(folder.result) (HDF5), figures by step: \(folder.metrics); of each flow: \(folder.flows)")
    return status.exitCode
  }

  /// The frames of all steps in which a flow has one; a flow that stored none then, or is over, has its last.
  private func appendFrames(to file: RunFile, _ readers: [RunFileReader]) throws {
    let own = try communicator.together { try readers.map { try $0.frameSteps } }
    let steps = try communicator.onRoot { own.reduce(into: Set<Int>()) { $0.formUnion($1) }.count }
    let union = own.reduce(into: Set<Int>()) { $0.formUnion($1) }.sorted()
    for index in 0..<steps {
      let step = try communicator.broadcast(union.indices.contains(index) ? union[index] : 0, from: 0)
      let rows = try rows("particles", lengths.particles, readers, \.particles) { number in
        try readers[number].frame(own[number].lastIndex { $0 <= step } ?? 0)
      }
      try file.appendFrame(step: step, particles: rows)
    }
  }

  private func gathered(
    _ dataset: String, _ count: Int, _ readers: [RunFileReader], _ places: KeyPath<RunPart, RunPart.Places>
  ) throws -> Snapshot.Rows {
    try rows(dataset, count, readers, places) { number in
      try readers[number].has(dataset) ? readers[number].rows(of: dataset) : []
    }
  }

  /// The rows of all flows at their places, all of them on the root, in the scale of the result file. Collective.
  private func rows(
    _ name: String, _ count: Int, _ readers: [RunFileReader], _ places: KeyPath<RunPart, RunPart.Places>,
    _ read: (Int) throws -> [Double]
  ) throws -> Snapshot.Rows {
    let dimension = lengths.dimension, scale = lengths.scale, isRoot = communicator.isRoot
    let matrix = Matrix(rows: isRoot ? count : 0, columns: dimension)
    try communicator.together {
      for number in readers.indices {
        let numbers = try read(number)
        let own = parts[number].part[keyPath: places]
        for row in 0..<numbers.count / dimension {
          let place = own[row]
          for column in 0..<dimension { matrix[place, column] = scale.apply(numbers[row * dimension + column], column) }
        }
      }
    }
    return Snapshot.Rows(name, matrix, own: isRoot ? 0..<count : count..<count, of: count)
  }

  /// The numbers of all steps by column, (S, C); NaN after a flow's end.
  private func metrics(_ readers: [RunFileReader]) throws -> [(column: String, values: [Double])] {
    let found = try readers.map { try $0.metrics }
    let steps = found.flatMap { $0.map(\.values.count) }.max() ?? 0
    var names: [String] = []
    for column in found.joined().map(\.column) where !names.contains(column) { names.append(column) }
    return names.map { name in
      var values = [Double](repeating: .nan, count: steps * parts.count)
      for (number, columns) in found.enumerated() {
        for (step, value) in (columns.first { $0.column == name }?.values ?? []).enumerated() {
          values[step * parts.count + number] = value
        }
      }
      return (name, values)
    }
  }

  private static func sum(_ timings: [[Timings.Summary]]) -> [Timings.Summary] {
    var sums: [Timings.Summary] = []
    for phase in timings.joined() {
      guard let place = sums.firstIndex(where: { $0.name == phase.name }) else {
        sums.append(phase)
        continue
      }
      let other = sums[place]
      sums[place] = Timings.Summary(
        name: phase.name, minimum: other.minimum + phase.minimum, mean: other.mean + phase.mean,
        maximum: other.maximum + phase.maximum)
    }
    return sums
  }
}
