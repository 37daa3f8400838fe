/// Rows that are images, side by side in a grid.
package struct ImageGrid: Sendable {
  /// Height, width and channels of a row: row-major, channel last.
  package let image: [Int]
  /// The images beside each other.
  package let columns: Int
  /// What is black and what is white.
  package let range: ClosedRange<Double>

  private static let gap = 2

  /// A grid of images of three sizes; of channels that are neither 1 nor 3 the first is drawn.
  package init(image: [Int], columns: Int, range: ClosedRange<Double>) {
    self.image = image
    self.columns = columns
    self.range = range
  }

  /// Draws rows of `image`'s numbers, each enlarged by a whole factor; nil leaves a place empty.
  package func draw(_ rows: [[Double]?], enlarged factor: Int = 1) -> PixelImage {
    let (height, width, depth) = (image[0] * factor, image[1] * factor, image[2]), channels = depth == 3 ? 3 : 1
    let lines = max((rows.count + columns - 1) / columns, 1), span = range.upperBound - range.lowerBound
    var result = PixelImage(
      width: columns * (width + Self.gap) + Self.gap, height: lines * (height + Self.gap) + Self.gap,
      channels: channels,
      shade: 128)
    for (number, row) in rows.enumerated() {
      guard let row, row.count == image.reduce(1, *) else { continue }
      let top = number / columns * (height + Self.gap) + Self.gap
      let left = number % columns * (width + Self.gap) + Self.gap
      for y in 0..<height {
        for x in 0..<width {
          for channel in 0..<channels {
            let value = row[((y / factor) * image[1] + x / factor) * depth + channel]
            let shade = value.isFinite && span > 0 ? (value - range.lowerBound) / span * 255 : 128
            result.pixels[((top + y) * result.width + left + x) * channels + channel] = UInt8(
              min(max(shade.rounded(), 0), 255))
          }
        }
      }
    }
    return result
  }
}
