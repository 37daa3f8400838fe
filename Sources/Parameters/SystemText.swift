/// Names of files and words of the command line are bytes to the system, in which anything but a zero may stand; a `String` holds
/// UTF-8 alone. So a byte that is none of a UTF-8 text is kept as a character of its own, U+10FF00 and the byte, and goes back
/// to the system as the byte it was. A text that is UTF-8 stays as it is, unless it has such characters.
extension String {
  /// The text of bytes up to a zero that come from the system.
  package init(system bytes: UnsafePointer<CChar>) {
    var count = 0
    while bytes[count] != 0 { count += 1 }
    self.init(system: UnsafeRawBufferPointer(start: bytes, count: count))
  }

  /// The text of bytes that come from the system.
  package init(system bytes: some Collection<UInt8>) {
    let bytes = Array(bytes)
    if !bytes.contains(0xF4), let text = String(validating: bytes, as: UTF8.self) {
      self = text
      return
    }
    var scalars = String.UnicodeScalarView(), rest = bytes[...]
    while let first = rest.first {
      let scalar = (1...4).lazy.compactMap {
        String(validating: rest.prefix($0), as: UTF8.self)?.unicodeScalars.first
      }.first
      if let scalar, !Self.isStandIn(scalar.value) {
        scalars.append(scalar)
        rest = rest.dropFirst(UTF8.width(scalar))
      } else {
        Unicode.Scalar(Self.firstStandIn + UInt32(first)).map { scalars.append($0) }
        rest = rest.dropFirst()
      }
    }
    self.init(scalars)
  }

  /// The bytes of a text as the system takes them, with the zero at the end.
  package var system: [CChar] {
    guard utf8.contains(0xF4) else { return Array(utf8CString) }
    var bytes: [CChar] = []
    for scalar in unicodeScalars {
      if Self.isStandIn(scalar.value) {
        bytes.append(CChar(bitPattern: UInt8(truncatingIfNeeded: scalar.value)))
      } else {
        bytes += UTF8.encode(scalar).map { $0.map { CChar(bitPattern: $0) } } ?? []
      }
    }
    return bytes + [0]
  }

  private static let firstStandIn: UInt32 = 0x10FF00

  /// Whether a character stands for a byte.
  private static func isStandIn(_ scalar: UInt32) -> Bool { scalar >= firstStandIn + 0x80 }
}
