/// A convolution of images with zero padding "same" and without bias: what its kernel, (size, size, channels in, channels out),
/// makes of an image of (height, width, channels in), row-major, channel last.
///
/// A side of the result is ceil(side / stride); the padding max((result - 1) stride + size - side, 0) is split with the
/// smaller half above and on the left.
package struct Convolution: Sendable, Equatable {
  /// The image's height.
  package let height: Int
  /// The image's width.
  package let width: Int
  /// The image's channels.
  package let channels: Int
  /// The side of the kernel.
  package let size: Int
  /// The pixels from one patch to the next.
  package let stride: Int
  /// The channels that come out.
  package let filters: Int

  /// A convolution of images of this size.
  package init(height: Int, width: Int, channels: Int, size: Int, stride: Int, filters: Int) {
    self.height = height
    self.width = width
    self.channels = channels
    self.size = size
    self.stride = stride
    self.filters = filters
  }

  /// The height of what comes out.
  package var outHeight: Int { (height + stride - 1) / stride }
  /// The width of what comes out.
  package var outWidth: Int { (width + stride - 1) / stride }
  /// The pixels of what comes out: one for each patch.
  package var patches: Int { outHeight * outWidth }
  /// The numbers of a patch.
  package var patchCount: Int { size * size * channels }
  /// The shape of the kernel.
  package var shape: [Int] { [size, size, channels, filters] }
  /// In how many patches a row of pixels lies at most.
  package var overlap: Int { (size + stride - 1) / stride }
  /// The rows of zeros above the image.
  var above: Int { max((outHeight - 1) * stride + size - height, 0) / 2 }
  /// The columns of zeros on the left of the image.
  var left: Int { max((outWidth - 1) * stride + size - width, 0) / 2 }

  /// The same convolution of images with other channels, which stand in memory in some order.
  func of(channels: Int) -> Convolution {
    Convolution(height: height, width: width, channels: channels, size: size, stride: stride, filters: filters)
  }

  /// Copies the patches of images into the rows of a matrix, (images * patches, patchCount).
  func takePatches(of images: UnsafePointer<Float>, count: Int, into matrix: UnsafeMutablePointer<Float>) {
    forEachRun(images: count) { image, patch, length in
      guard let image else { return (matrix + patch).update(repeating: 0, count: length) }
      (matrix + patch).update(from: images + image, count: length)
    }
  }

  /// Adds the rows of a matrix, (images * patches, patchCount) at distances `stride`, to the images at the places of their
  /// patches: the transposed of ``takePatches(of:count:into:)``.
  func addPatches(
    _ matrix: UnsafePointer<Float>, stride: Int, to images: UnsafeMutablePointer<Float>, count: Int
  ) {
    forEachRun(images: count, gap: stride - patchCount) { image, patch, length in
      guard let image else { return }
      let target = images + image, source = matrix + patch
      for i in 0..<length { target[i] += source[i] }
    }
  }

  /// Calls a body for every run of numbers that lie together in a patch and in an image, with their places in the images (nil
  /// where they are padding) and in the matrix of patches.
  @inline(__always)
  private func forEachRun(
    images count: Int, gap: Int = 0, _ body: (_ image: Int?, _ patch: Int, _ length: Int) -> Void
  ) {
    let row = size * channels
    var place = 0
    for image in 0..<count {
      let start = image * height * width * channels
      for y in 0..<outHeight {
        for x in 0..<outWidth {
          let first = x * stride - left, from = max(first, 0), to = min(first + size, width)
          for ky in 0..<size {
            let line = y * stride - above + ky
            if line < 0 || line >= height || from >= to {
              body(nil, place, row)
            } else {
              if from > first { body(nil, place, (from - first) * channels) }
              body(
                start + (line * width + from) * channels, place + (from - first) * channels, (to - from) * channels)
              if to < first + size { body(nil, place + (to - first) * channels, (first + size - to) * channels) }
            }
            place += row
          }
          place += gap
        }
      }
    }
  }
}
