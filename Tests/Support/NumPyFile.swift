import CZip
import Foundation

/// One array of a .npy or .npz file, in C order, its numbers widened to float64.
package struct NumPyArray: Sendable, Equatable {
  /// The number types that can be written; reading knows these, int32, uint8 and bool.
  package enum NumberType: String, Sendable {
    case float32 = "<f4"
    case float64 = "<f8"
    case int64 = "<i8"
  }

  /// Empty for a single number.
  package let shape: [Int]
  /// As many as the product of the shape.
  package let values: [Double]
  /// How to write them.
  package let type: NumberType

  /// An array of this shape.
  package init(shape: [Int], values: [Double], type: NumberType = .float64) {
    precondition(shape.reduce(1, *) == values.count, "\(values.count) values for the shape \(shape)")
    self.shape = shape
    self.values = values
    self.type = type
  }

  /// An array of float32 numbers.
  package init(shape: [Int], _ values: [Float]) {
    self.init(shape: shape, values: values.map(Double.init), type: .float32)
  }
}

/// Reads and writes NumPy's files for tests, independently of the product's own readers.
package enum NumPyFile {
  /// Reads one array from a .npy file.
  package static func readArray(_ path: String) throws -> NumPyArray {
    try decode(Data(contentsOf: URL(fileURLWithPath: path)), path)
  }

  /// Reads every numeric array of a .npz file, stored or deflated, by its name without ".npy"; others are left out.
  package static func readArchive(_ path: String) throws -> [String: NumPyArray] {
    var code: Int32 = 0
    guard let archive = zip_open(path, ZIP_RDONLY, &code) else {
      throw SupportError("cannot open \(path) as a zip archive: error \(code)")
    }
    defer { zip_discard(archive) }
    var arrays: [String: NumPyArray] = [:]
    for index in 0..<zip_uint64_t(zip_get_num_entries(archive, 0)) {
      var facts = zip_stat_t()
      zip_stat_init(&facts)
      guard zip_stat_index(archive, index, 0, &facts) == 0, let member = facts.name,
        let file = zip_fopen_index(archive, index, 0)
      else { throw SupportError("cannot read member \(index) of \(path)") }
      defer { zip_fclose(file) }
      let name = String(cString: member)
      var data = Data(count: Int(facts.size))
      let length = data.withUnsafeMutableBytes { zip_fread(file, $0.baseAddress, facts.size) }
      guard length == Int64(facts.size) else { throw SupportError("member \(name) of \(path) is damaged") }
      guard name.hasSuffix(".npy") else { continue }
      do {
        arrays[String(name.dropLast(4))] = try decode(data, "\(path), \(name)")
      } catch is NotNumeric {
        continue
      }
    }
    return arrays
  }

  /// Writes a .npy file of format version 1.
  package static func write(_ array: NumPyArray, to path: String) throws {
    try encode(array).write(to: URL(fileURLWithPath: path))
  }

  /// Writes a .npz file, its members stored or deflated, in the order of their names.
  package static func write(_ arrays: [String: NumPyArray], to path: String, deflated: Bool = false) throws {
    var code: Int32 = 0
    guard let archive = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &code) else {
      throw SupportError("cannot create \(path): error \(code)")
    }
    for (name, array) in arrays.sorted(by: { $0.key < $1.key }) {
      let data = encode(array)
      // libzip reads the bytes when it closes the archive, and frees them then.
      let copy = malloc(data.count)
      data.withUnsafeBytes { bytes in
        if let copy, let start = bytes.baseAddress { memcpy(copy, start, bytes.count) }
      }
      let source = zip_source_buffer(archive, copy, zip_uint64_t(data.count), 1)
      let index = zip_file_add(archive, name + ".npy", source, 0)
      let method = deflated ? ZIP_CM_DEFLATE : ZIP_CM_STORE
      guard index >= 0, zip_set_file_compression(archive, zip_uint64_t(index), method, 0) == 0 else {
        zip_discard(archive)
        throw SupportError("cannot add \(name) to \(path)")
      }
    }
    guard zip_close(archive) == 0 else {
      zip_discard(archive)
      throw SupportError("cannot write \(path)")
    }
  }

  private struct NotNumeric: Error {}

  /// The bytes of a .npy file: magic, version, length of the header, header, numbers.
  private static func encode(_ array: NumPyArray) -> Data {
    let shape = array.shape.map { "\($0)," }.joined(separator: " ")
    var header = "{'descr': '\(array.type.rawValue)', 'fortran_order': False, 'shape': (\(shape)), }"
    header += String(repeating: " ", count: (64 - (10 + header.utf8.count + 1) % 64) % 64) + "\n"
    var data = Data([0x93] + Array("NUMPY".utf8) + [1, 0])
    append(UInt16(header.utf8.count), to: &data)
    data.append(contentsOf: header.utf8)
    for value in array.values {
      switch array.type {
      case .float32: append(Float(value).bitPattern, to: &data)
      case .float64: append(value.bitPattern, to: &data)
      case .int64: append(Int64(value), to: &data)
      }
    }
    return data
  }

  private static func append<T: FixedWidthInteger>(_ number: T, to data: inout Data) {
    withUnsafeBytes(of: number.littleEndian) { data.append(contentsOf: $0) }
  }

  private static func decode(_ data: Data, _ place: String) throws -> NumPyArray {
    let bytes = [UInt8](data)
    guard bytes.count >= 12, bytes[0] == 0x93, bytes[1..<6].elementsEqual("NUMPY".utf8) else {
      throw SupportError("\(place) is no .npy file")
    }
    let long = bytes[6] >= 2
    let start = long ? 12 : 10
    let length = bytes[8..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard bytes.count >= start + length else { throw SupportError("\(place) ends within its header") }
    let header = String(decoding: bytes[start..<start + length], as: UTF8.self)
    guard let type = text(after: "'descr':", in: header, from: "'", to: "'"),
      let list = text(after: "'shape':", in: header, from: "(", to: ")"), header.contains("'fortran_order': False")
    else { throw SupportError("\(place) has a header that this reader does not know: \(header)") }
    let shape = list.split(separator: ",").compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
    let count = shape.reduce(1, *)
    let sizes = ["<f4": 4, "<f8": 8, "<i8": 8, "<i4": 4, "|u1": 1, "|b1": 1]
    guard let size = sizes[type] else { throw NotNumeric() }
    let body = start + length
    guard bytes.count == body + count * size else { throw SupportError("\(place) has a wrong number of bytes") }
    let values = bytes.withUnsafeBytes { raw in
      (0..<count).map { index -> Double in
        let offset = body + index * size
        return switch type {
        case "<f4": Double(raw.loadUnaligned(fromByteOffset: offset, as: Float.self))
        case "<f8": raw.loadUnaligned(fromByteOffset: offset, as: Double.self)
        case "<i8": Double(raw.loadUnaligned(fromByteOffset: offset, as: Int64.self))
        case "<i4": Double(raw.loadUnaligned(fromByteOffset: offset, as: Int32.self))
        default: Double(raw[offset])
        }
      }
    }
    let written: NumPyArray.NumberType = type == "<f4" ? .float32 : type == "<f8" ? .float64 : .int64
    return NumPyArray(shape: shape, values: values, type: written)
  }

  private static func text(after key: String, in header: String, from open: Character, to close: Character) -> String? {
    guard let found = header.range(of: key) else { return nil }
    let rest = header[found.upperBound...]
    guard let first = rest.firstIndex(of: open) else { return nil }
    let inner = rest[rest.index(after: first)...]
    guard let last = inner.firstIndex(of: close) else { return nil }
    return String(inner[..<last])
  }
}
