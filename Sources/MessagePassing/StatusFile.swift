import Glibc

/// A text of the kernel's with a name and a number on each line, as in /proc.
struct StatusFile {
  private let lines: [Substring]

  /// A file that cannot be read has no lines.
  init(_ path: String) {
    lines = Self.text(path)?.split(separator: "\n") ?? []
  }

  /// The number behind a name, in bytes where it is in kilobytes.
  func kilobytes(_ name: String) -> Double? { number(name).map { $0 * 1024 } }

  /// The number behind a name, with or without a colon.
  func number(_ name: String) -> Double? {
    for line in lines where line.hasPrefix(name) {
      let words = line.split { $0 == " " || $0 == "\t" || $0 == ":" }
      if words.count > 1, words[0] == name { return Double(words[1]) }
    }
    return nil
  }

  /// The text of a small file; nil where it cannot be read.
  static func text(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = [], part = [UInt8](repeating: 0, count: 16384)
    while bytes.count < 4 << 20 {
      let got = read(descriptor, &part, part.count)
      guard got > 0 else { break }
      bytes += part[..<got]
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
