import MessagePassing
import Numerics
import Storage
import Transport

/// How far particles that a recorded flow carries end from those of the run, some of them, by the frame of their start.
struct ReplayDistance {
  /// In the data's unit.
  let rootMeanSquare: Double
  /// The same of the way from the start to the end.
  private let way: Double

  /// The particles that are replayed.
  private static let most = 1000

  /// Replays the first of the particles, which this rank has, as they are after the last step; nil where their start is not
  /// known. Not collective.
  init?(of particles: ParticleSet, in folder: RunFolder, on communicator: Communicator) throws {
    let run = try RecordedRun(folder.path, until: nil, threads: 1), columns = run.dimension
    let numbers = try RunFileReader(folder.result).start(
      atMost: min(Self.most, particles.reported, particles.positions.rows))
    let rows = Matrix(rows: numbers.count / columns, columns: columns)
    guard rows.rows > 0 else { return nil }
    for i in 0..<rows.count { rows.elements[i] = run.scale.apply(numbers[i], i % columns) }
    let start = rows.copy()
    try run.carry(rows, labels: particles.labels, on: communicator)
    let end = particles.positions
    func distance(_ others: Matrix) -> Double {
      let squares = (0..<others.count).reduce(0.0) { sum, i in
        let difference = Double(others.elements[i]) - Double(end.elements[i])
        return sum + difference * difference
      }
      return run.scale.unit * (squares / Double(others.rows)).squareRoot()
    }
    rootMeanSquare = distance(rows)
    way = distance(start)
  }

  /// For people.
  var sentence: String {
    "replayed particles end \(Text.short(rootMeanSquare)) from the run's"
      + (way > 0 ? ", \(Text.short(100 * rootMeanSquare / way))% of their way" : "")
  }
}
