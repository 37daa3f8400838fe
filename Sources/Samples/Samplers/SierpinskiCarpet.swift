import Numerics
import Parameters

/// Uniform points of the Sierpinski carpet after `level` divisions of the square (0, side)^2, each of which cuts every
/// square into nine and leaves out the one in the middle. Level 0 is the square itself.
struct SierpinskiCarpet: Sampler {
  static let name = "sierpinski_carpet"
  /// Squares of a deeper level are smaller than the spacing of float32 numbers.
  static let deepest = 15

  var level = 0
  var side = 1.0
  var dimension: Int { 2 }

  init() {}

  static let keys: [Key<SierpinskiCarpet>] = [
    .value(
      "level", \.level, "how often squares are divided", allowed: "a whole number from 0 to \(deepest)",
      isRequired: true
    ) { (0...deepest).contains($0) },
    .positive("side", \.side, "the side of the whole"),
  ]

  func draw(into row: UnsafeMutablePointer<Double>, stream: inout RandomStream) {
    var x = 0.0, y = 0.0, size = side
    for _ in 0..<level {
      size /= 3
      // The eight squares around the middle one, which would have number 4.
      let chosen = stream.integer(below: 8), square = chosen < 4 ? chosen : chosen + 1
      x += size * Double(square % 3)
      y += size * Double(square / 3)
    }
    row[0] = x + size * stream.uniform()
    row[1] = y + size * stream.uniform()
  }
}
