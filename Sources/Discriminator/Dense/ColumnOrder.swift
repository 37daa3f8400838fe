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
  private let isPaired: Bool
  /// Whether every column stands at its own number and nothing is filled up.
  let isPlain: Bool

  /// The order of a hidden layer's columns.
  init(width: Int, isPaired: Bool) {
    self.width = width
    self.isPaired = isPaired
    if isPaired {
      let half = width / 2
      padded = 2 * roundedUp(half, to: Vector.lanes)
      places = (0..<width).map { column in
        let pair = column % half
        return pair / Vector.lanes * Tile.columns + pair % Vector.lanes + (column < half ? 0 : Vector.lanes)
      }
    } else {
      padded = roundedUp(width, to: Vector.lanes)
      places = Array(0..<width)
    }
    isPlain = padded == width && places == Array(0..<width)
  }

  /// The column that stands at a place; nil where it is filled up.
  func column(at place: Int) -> Int? {
    guard isPaired else { return place < width ? place : nil }
    let half = width / 2, pair = place / Tile.columns * Vector.lanes + place % Vector.lanes
    guard pair < half else { return nil }
    return place % Tile.columns < Vector.lanes ? pair : half + pair
  }

  /// Columns as they are, for points.
  init(unordered width: Int) {
    self.width = width
    padded = width
    places = Array(0..<width)
    isPaired = false
    isPlain = true
  }
}
