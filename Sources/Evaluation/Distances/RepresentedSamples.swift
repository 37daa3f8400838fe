import MessagePassing
import Numerics
import Samples

/// Some samples that stand for all of a set: each has the share of those that are nearest to it. So a cluster weighs as much
/// as in the whole set, which an equal weighing of a random choice would miss by its noise.
struct RepresentedSamples {
  /// The chosen samples; the set itself where it has no more.
  let samples: Matrix
  /// Their shares, which add up to 1; nil where all are equal.
  let shares: [Double]?

  /// At most `most` samples of a set. Collective.
  init(of all: Matrix, atMost most: Int, on communicator: Communicator) throws {
    guard all.rows > most else {
      samples = all
      shares = nil
      return
    }
    samples = all.rows(Excerpt.choice(of: most, from: all.rows))
    var counts = [Double](repeating: 0, count: most)
    for place in try Self.nearest(of: samples, to: all, on: communicator) { counts[Int(place)] += 1 }
    // One that is equal to another is nearest to nothing.
    for place in counts.indices where counts[place] == 0 { counts[place] = 0.5 }
    let total = counts.reduce(0, +)
    shares = counts.map { $0 / total }
  }

  /// The number of the chosen sample that is nearest to each row.
  private static func nearest(of samples: Matrix, to rows: Matrix, on communicator: Communicator) throws -> [Double] {
    let tiles = PairTiles(to: samples)
    return try communicator.shareRows(rows.rows) { own, places in
      var least = [Float](repeating: .infinity, count: own.count)
      tiles.forEach(own, of: rows) { tile in
        for (i, row) in tile.rows.enumerated() {
          let squares = tile.row(i), place = row - own.lowerBound
          for j in stride(from: 0, to: tile.columns.count, by: Vector.lanes)
          where Vector(squares + j).isAnywhere(below: Vector(repeating: least[place])) {
            for lane in j..<j + Vector.lanes where squares[lane] < least[place] {
              least[place] = squares[lane]
              places[place] = Double(tile.columns.lowerBound + lane)
            }
          }
        }
      }
    }
  }
}
