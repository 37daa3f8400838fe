import Numerics
import Parameters

/// Uniform points of the Sierpinski carpet after `level` divisions of the square (0, side)^2, each of which cuts every
/// square into nine and leaves out the one in the middle. Level 0 is the square itself.
///
/// With one point in every cell, the digits of i in base 8, the last one first, choose the cell of row i at each level.
struct SierpinskiCarpet: Sampler {
  static let name = "sierpinski_carpet"
  /// Squares of a deeper level are smaller than the spacing of float32 numbers.
  static let deepest = 15

  var level = 0
  var side = 1.0
  var isOnePerCell = false
  var dimension: Int { 2 }

  init() {}

  static let keys: [Key<SierpinskiCarpet>] = [
    .value(
      "level", \.level, "how often squares are divided", allowed: "a whole number from 0 to \(deepest)",
      isRequired: true
    ) { (0...deepest).contains($0) },
    .positive("side", \.side, "the side of the whole"),
    .value(
      "one_per_cell", \.isOnePerCell,
      "the same number of points in each of the 8^level cells, in place of a free choice; count is a multiple of 8^level"
    ),
  ]

  private var cells: Int { 1 << (3 * level) }

  package func check(count: Int) throws {
    guard !isOnePerCell || count % cells == 0 else {
      throw KeyError("count", "must be a multiple of \(cells), the number of cells, with one_per_cell, not \(count)")
    }
  }

  func draw(_ index: Int, into row: UnsafeMutablePointer<Double>, stream: inout RandomStream) {
    guard isOnePerCell else { return draw(into: row, stream: &stream) }
    var rest = index % cells
    draw(into: row, stream: &stream) { _ in
      defer { rest /= 8 }
      return rest % 8
    }
  }

  func draw(into row: UnsafeMutablePointer<Double>, stream: inout RandomStream) {
    draw(into: row, stream: &stream) { $0.integer(below: 8) }
  }

  /// A point of the cell that one of the numbers 0 to 7 chooses at each level.
  private func draw(
    into row: UnsafeMutablePointer<Double>, stream: inout RandomStream, choosing choose: (inout RandomStream) -> Int
  ) {
    var x = 0.0, y = 0.0, size = side
    for _ in 0..<level {
      size /= 3
      // The eight squares around the middle one, which would have number 4.
      let chosen = choose(&stream), square = chosen < 4 ? chosen : chosen + 1
      x += size * Double(square % 3)
      y += size * Double(square / 3)
    }
    row[0] = x + size * stream.uniform()
    row[1] = y + size * stream.uniform()
  }
}
