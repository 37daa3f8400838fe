import Glibc
import HDF5
import Numerics
import Parameters
import Storage

/// How generated rows lie in a file: a head, and behind it the bytes of row after row.
enum GeneratedFormat: String, CaseIterable {
  /// A NumPy array, C order.
  case npy
  /// Text, a line a row, under the names of the columns where there are any.
  case csv
  /// HDF5, the dataset `generated`.
  case h5

  /// The dataset of an HDF5 file.
  static let dataset = "generated"

  /// The format of a file's name. Throws a ``GenerationError``.
  init(_ path: String) throws {
    let ending = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
    guard path.contains("."), let format = GeneratedFormat(rawValue: ending) else {
      throw GenerationError.unknownEnding(path)
    }
    self = format
  }

  /// The bytes of rows; those of text, about.
  func bytes(rows: Int, columns: Int, isDouble: Bool) -> Int {
    let number = self == .csv ? (isDouble ? 20 : 12) : isDouble ? 8 : 4
    return rows * columns * number
  }

  /// Makes a file for so many rows and returns where the first begins. Throws where the disk has no room for them.
  func begin(_ path: String, rows: Int, columns: Int, names: [String]?, isDouble: Bool) throws -> Int {
    unlink(path)
    let bytes = bytes(rows: rows, columns: columns, isDouble: isDouble)
    switch self {
    case .npy:
      let head = Self.arrayHead(rows: rows, columns: columns, isDouble: isDouble)
      try DiskRoom.require(head.count + bytes, for: path)
      try head.withUnsafeBytes { try ByteFile(path, writing: true).write($0, at: 0) }
      return head.count
    case .csv:
      let head = Array((names.map { $0.map(Self.field).joined(separator: ",") + "\n" } ?? "").utf8)
      // How long lines become is not known yet: the room is looked for and given back.
      try DiskRoom.require(head.count + bytes, for: path)
      let file = try ByteFile(path, writing: true)
      try file.resize(to: 0)
      try head.withUnsafeBytes { try file.write($0, at: 0) }
      return head.count
    case .h5:
      try DiskRoom.require(bytes + DiskRoom.margin, for: path)
      let file = try HDF5File(creating: path)
      if isDouble {
        try file.create(Self.dataset, shape: [rows, columns], of: Double.self)
      } else {
        try file.create(Self.dataset, shape: [rows, columns], of: Float.self)
      }
      if let names { try file.write(texts: names, to: "names/columns") }
      let offset = rows > 0 ? try file.offset(of: Self.dataset) : 0
      try file.close()
      return offset
    }
  }

  /// Puts rows of numbers into bytes as the file has them.
  func encode<T: BinaryFloatingPoint & BitwiseCopyable & LosslessStringConvertible>(
    _ numbers: [T], columns: Int, into bytes: inout [UInt8]
  ) {
    bytes.removeAll(keepingCapacity: true)
    guard self == .csv else {
      numbers.withUnsafeBytes { bytes.append(contentsOf: $0) }
      return
    }
    for (place, number) in numbers.enumerated() {
      bytes.append(contentsOf: number.description.utf8)
      bytes.append((place + 1) % columns == 0 ? 10 : 44)
    }
  }

  /// A field of a table of text, in quotes where it needs them.
  static func field(_ text: String) -> String {
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
    return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }

  /// The head of a NumPy array of version 1.0, filled up to 128 bytes.
  private static func arrayHead(rows: Int, columns: Int, isDouble: Bool) -> [UInt8] {
    let text = "{'descr': '<f\(isDouble ? 8 : 4)', 'fortran_order': False, 'shape': (\(rows), \(columns)), }"
    let length = 118
    let padding = String(repeating: " ", count: max(length - 1 - text.utf8.count, 0))
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length), 0] + Array((text + padding + "\n").utf8)
  }
}
