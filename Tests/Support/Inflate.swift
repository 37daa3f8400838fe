import CZip

/// What zlib makes of compressed bytes; nil where it is not `count` bytes.
package func inflated(_ bytes: [UInt8], count: Int) -> [UInt8]? {
  var result = [UInt8](repeating: 0, count: count), length = uLong(count)
  guard uncompress(&result, &length, bytes, uLong(bytes.count)) == Z_OK, length == count else { return nil }
  return result
}
