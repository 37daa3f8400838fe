import Glibc

/// Numbers as people read them.
package enum Text {
  /// A C format applied to numbers.
  package static func format(_ format: String, _ values: any CVarArg...) -> String {
    withVaList(values) { list in
      var buffer = [CChar](repeating: 0, count: 256)
      vsnprintf(&buffer, buffer.count, format, list)
      return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }

  /// Four significant digits.
  package static func short(_ value: Double) -> String { format("%.4g", value) }

  /// h:mm:ss.
  package static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "?" }
    let total = Int(seconds.rounded(.up))
    return format("%d:%02d:%02d", total / 3600, total / 60 % 60, total % 60)
  }

  /// Bytes in MB.
  package static func megabytes(_ bytes: Int) -> String { format("%.1f MB", Double(bytes) / 1e6) }

  /// A text filled up to a width.
  package static func left(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(width - text.count, 0))
  }
}
