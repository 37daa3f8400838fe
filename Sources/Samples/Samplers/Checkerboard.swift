import Numerics
import Parameters

/// Uniform on the eight dark cells of a board of four by four cells with its centre at the origin. The cell in the lower
/// left corner is dark.
///
/// Reference: Grathwohl et al., "FFJORD", ICLR 2019, whose board has side 8.
struct Checkerboard: Sampler {
  static let name = "checkerboard"

  var side = 8.0
  var dimension: Int { 2 }

  init() {}

  static let keys: [Key<Checkerboard>] = [.positive("side", \.side, "the side of the whole board")]

  func draw(into row: UnsafeMutablePointer<Double>, stream: inout RandomStream) {
    let column = stream.integer(below: 4)
    let line = 2 * stream.integer(below: 2) + column % 2
    row[0] = side * ((Double(column) + stream.uniform()) / 4 - 0.5)
    row[1] = side * ((Double(line) + stream.uniform()) / 4 - 0.5)
  }
}
