import Numerics

/// Where a layer's columns stand in the memory of a block: filled up to whole vectors, and, for activations of pairs, the
/// two columns of a pair in the two halves of one panel, so that a tile holds all that an activation needs.
struct ColumnOrder {
  /// The columns of the network.
  let width: Int
  /// The columns in memory, a multiple of 16, of 32 for pairs.
  let padded: Int
  /// Where each column stands.
  let places: [Int]
  /// The columns that stand at each place; nil where it is filled up.
  private let columns: [Int?]
  /// Whether every column stands at its own number and nothing is filled up.
  let isPlain: Bool

  /// The order of a hidden layer's columns.
  init(width: Int, isPaired: Bool) {
    guard isPaired else {
      self.init(places: Array(0..<width), padded: roundedUp(width, to: Vector.lanes))
      return
    }
    let half = width / 2
    self.init(
      places: (0..<width).map { column in
        let pair = column % half
        return pair / Vector.lanes * Tile.columns + pair % Vector.lanes + (column < half ? 0 : Vector.lanes)
      }, padded: 2 * roundedUp(half, to: Vector.lanes))
  }

  /// Columns as they are, for points.
  init(unordered width: Int) { self.init(places: Array(0..<width), padded: width) }

  /// The columns of a number of pixels one after the other, each in this order.
  func repeated(_ pixels: Int) -> ColumnOrder {
    ColumnOrder(
      places: (0..<pixels).flatMap { pixel in places.map { pixel * padded + $0 } }, padded: pixels * padded)
  }

  private init(places: [Int], padded: Int) {
    width = places.count
    self.places = places
    self.padded = padded
    var columns = [Int?](repeating: nil, count: padded)
    for (column, place) in places.enumerated() { columns[place] = column }
    self.columns = columns
    isPlain = padded == width && places == Array(0..<width)
  }

  /// The column that stands at a place; nil where it is filled up.
  func column(at place: Int) -> Int? { columns[place] }
}
