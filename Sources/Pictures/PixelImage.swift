import CPNG

/// An image of bytes, grey or in colours, row-major from the top, that can be written as PNG.
package struct PixelImage: Sendable {
  /// The number of columns.
  package let width: Int
  /// The number of rows.
  package let height: Int
  /// 1, grey, or 3: red, green and blue.
  package let channels: Int
  /// The pixels, (height, width, channels).
  package var pixels: [UInt8]

  /// An image of one shade.
  package init(width: Int, height: Int, channels: Int, shade: UInt8) {
    self.width = width
    self.height = height
    self.channels = channels
    pixels = [UInt8](repeating: shade, count: width * height * channels)
  }

  /// The bytes of the image as a PNG file. Throws a ``PictureError``.
  package func png() throws -> [UInt8] {
    var image = gpa_png_image(UInt32(width), UInt32(height), channels == 3 ? 1 : 0)
    var count = 0
    // The first call tells the size.
    guard png_image_write_to_memory(&image, nil, &count, 0, pixels, 0, nil) != 0 else { throw Self.error(image) }
    var bytes = [UInt8](repeating: 0, count: count)
    guard png_image_write_to_memory(&image, &bytes, &count, 0, pixels, 0, nil) != 0 else { throw Self.error(image) }
    return Array(bytes.prefix(count))
  }

  private static func error(_ image: png_image) -> PictureError {
    PictureError(reason: withUnsafeBytes(of: image.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
  }
}

/// A picture cannot be drawn.
package struct PictureError: Error, CustomStringConvertible {
  let reason: String
  /// One sentence for people.
  package var description: String { "a picture cannot be drawn: \(reason)" }

  /// An error with its reason.
  package init(reason: String) { self.reason = reason }
}
