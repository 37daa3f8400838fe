import Flows
import MessagePassing
import Numerics
import Samples
import Transport

/// What is left of the places of particles among each other: `kept`, the rank correlation of their pairwise distances with those
/// before the first step; `neighbours_kept`, the share of each one's nearest neighbours that still are; and `moved`, how far they
/// have gone since the alignment, in the data's unit.
///
/// It is measured on some hundred particles, so that the neighbours are those among these, in some of the steps, and stands still
/// between.
package final class Structure: Observable {
  static let kept = "kept", neighboursKept = "neighbours_kept", moved = "moved"
  package let columns = [kept, neighboursKept, moved]

  private let chosen: [Int]
  private let unit: Double
  private let target: Double
  /// The chosen particles before the first step; NaN until then.
  private var reference: [Float]
  private var step = 1
  private var present = [1.0, 1, 0]

  /// The neighbours of each.
  static let neighbours = 15
  /// So many coordinates of pairs take a few thousandths of a second.
  private static let mostWork = 2e6

  /// For particles of a set in a scale of this unit; `diameter` is that of the target, in the data's unit.
  package init(of set: ParticleSet, unit: Double, diameter: Double) {
    let most = max(4 * Self.neighbours, Int((Self.mostWork / Double(set.positions.columns)).squareRoot()))
    chosen = Excerpt.choice(of: min(most, 250), from: set.reported)
    reference = [Float](repeating: .nan, count: chosen.count * set.positions.columns)
    self.unit = unit
    target = diameter
  }

  /// Whether particles have enough neighbours to tell.
  static func isPossible(particles: Int) -> Bool { particles >= 2 * neighbours }

  /// Whether a step, from 1, is looked at: the first ones, then about every fourth part of those made.
  private var isDue: Bool { step % max(1, step / 4) == 0 }

  package func gather(_ flow: Flow, on communicator: Communicator) throws {
    guard isDue else { return }
    present = try look(at: flow.motions[0].set, on: communicator)
  }

  package func values(_ measured: Measured) -> [Double] {
    step += 1
    return present
  }

  /// The three numbers as the particles are now. Collective.
  package func look(at set: ParticleSet, on communicator: Communicator) throws -> [Double] {
    let now = try set.gathered(chosen, on: communicator)
    if reference.first?.isNaN == true { reference = Array(now.buffer) }
    let before = Matrix(rows: now.rows, columns: now.columns)
    for i in reference.indices { before.elements[i] = reference[i] }
    let (old, new) = (Self.distances(before), Self.distances(now)), count = now.rows
    var kept = 0, total = 0.0
    for row in 0..<count {
      let was = Self.nearest(old, of: row, count), isNow = Set(Self.nearest(new, of: row, count))
      kept += was.reduce(0) { $0 + (isNow.contains($1) ? 1 : 0) }
      var square = 0.0
      for column in 0..<now.columns {
        let step = Double(now[row, column] - before[row, column])
        square += step * step
      }
      total += square.squareRoot()
    }
    let pairs = (0..<count).flatMap { row in (row + 1..<count).map { row * count + $0 } }
    return [
      rankCorrelation(pairs.map { old[$0] }, pairs.map { new[$0] }),
      Double(kept) / Double(count * min(Self.neighbours, count - 1)), unit * total / Double(count),
    ]
  }

  /// The squared distances of all pairs, (rows, rows).
  private static func distances(_ points: Matrix) -> [Double] {
    let count = points.rows
    var squares = [Double](repeating: 0, count: count * count)
    for i in 0..<count {
      for j in i + 1..<count {
        var sum: Float = 0
        let (a, b) = (points.row(i), points.row(j))
        for column in 0..<points.columns {
          let step = a[column] - b[column]
          sum += step * step
        }
        squares[i * count + j] = Double(sum)
        squares[j * count + i] = Double(sum)
      }
    }
    return squares
  }

  private static func nearest(_ squares: [Double], of row: Int, _ count: Int) -> ArraySlice<Int> {
    (0..<count).filter { $0 != row }.sorted {
      (squares[row * count + $0], $0) < (squares[row * count + $1], $1)
    }.prefix(neighbours)
  }

  /// What the numbers say, for people.
  func line(_ values: [Double]) -> String {
    "structure: \(Text.short(values[0])) of the order of the particles' distances is kept (1: all), \(Text.short(values[1])) of their "
      + "nearest neighbours; they moved \(Text.short(values[2] / target)) diameters of the target beyond the alignment"
  }

  package func record(into snapshot: inout Snapshot) {
    snapshot.add("structure", [Double(step)] + present)
    snapshot.add("structure_reference", reference.map { Double($0) })
  }

  package func restore(from snapshot: Snapshot) throws {
    step = try snapshot.count("structure", at: 0)
    present = Array(try snapshot.float64("structure").dropFirst())
    reference = try snapshot.float64("structure_reference").map { Float($0) }
  }
}
