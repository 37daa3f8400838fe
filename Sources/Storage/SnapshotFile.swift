import Glibc
import HDF5
import MessagePassing
import Numerics
import Parameters

/// Why a snapshot file cannot be used: what is damaged, or differs from what it should hold.
package struct SnapshotDamage: Error, CustomStringConvertible {
  package let description: String
}

/// A snapshot in a file, written and read by all ranks of a communicator; ``SnapshotHeader`` has the layout. Its checksums
/// are worked out from memory before anything is written, so they tell a file that is not as written and one that is not
/// as it was.
///
/// Every function is collective, and where it fails all ranks throw: a ``SnapshotDamage`` on every rank alike, or an
/// `AgreedError` for what the system refuses.
package struct SnapshotFile {
  private let path: String
  private let header: SnapshotHeader
  private let communicator: Communicator

  /// The text fields of the head.
  package func field(_ name: String) -> String? { header.fields.first { $0.name == name }?.value }

  /// The number of rows of a matrix; nil where the file has none of this name.
  package func rows(of name: String) -> Int? { header.parts.first { $0.name == name }?.rows }

  /// Writes a snapshot with text fields, reads it back and hands it to the disk. Arrays are those of the root.
  package static func write(
    _ snapshot: Snapshot, fields: [(name: String, value: String)], to path: String, on communicator: Communicator
  ) throws {
    var header = SnapshotHeader()
    header.fields = fields
    header.parts = snapshot.arrays.map { name, values in
      switch values {
      case .float64(let values):
        .init(name: name, isDouble: true, rows: nil, columns: values.count, checksum: Checksum.of(values))
      case .float32(let values):
        .init(name: name, isDouble: false, rows: nil, columns: values.count, checksum: Checksum.of(values))
      }
    }
    for rows in snapshot.rows {
      let columns = rows.matrix.columns
      let sum = try communicator.gather(checksum(of: rows.matrix, from: rows.own.lowerBound)).reduce(0, &+)
      header.parts.append(.init(name: rows.name, isDouble: false, rows: rows.total, columns: columns, checksum: sum))
    }
    let ranges = header.ranges()
    try communicator.onRoot { () throws -> Void in
      unlink(path)
      try DiskRoom.require(header.end, for: path)
      let file = try ByteFile(path, writing: true)
      try file.resize(to: header.end)
      try header.encoded.withUnsafeBytes { try file.write($0, at: 0) }
      for (array, range) in zip(snapshot.arrays, ranges) {
        switch array.values {
        case .float64(let values): try values.withUnsafeBytes { try file.write($0, at: range.lowerBound) }
        case .float32(let values): try values.withUnsafeBytes { try file.write($0, at: range.lowerBound) }
        }
      }
    }
    // The head that the root has written counts.
    let places = try ranges.suffix(snapshot.rows.count).map { range in
      try communicator.broadcast(range.lowerBound, from: 0)
    }
    try communicator.together {
      let file = try ByteFile(path, writing: true)
      for (rows, start) in zip(snapshot.rows, places) {
        let bytes = UnsafeRawBufferPointer(start: rows.matrix.elements, count: 4 * rows.matrix.count)
        try file.write(bytes, at: start + 4 * rows.own.lowerBound * rows.matrix.columns)
      }
      try file.flush()
    }
    let written = try open(path, on: communicator)
    try agree(on: communicator) {
      guard !communicator.isRoot || written.header == header else {
        throw SnapshotDamage(description: "\(path): its head is not as written")
      }
    }
    try written.verify(snapshot.rows.map(\.own))
  }

  /// Opens a file and checks its head and its length.
  package static func open(_ path: String, on communicator: Communicator) throws -> SnapshotFile {
    var header = SnapshotHeader()
    try agree(on: communicator) {
      let file = try ByteFile(path), size = try file.size()
      var prefix = [UInt8](repeating: 0, count: SnapshotHeader.prefix)
      guard try prefix.withUnsafeMutableBytes({ try file.read(into: $0, at: 0) }) else { throw cutOff(path) }
      guard let length = SnapshotHeader.textLength(prefix), length <= size - prefix.count else {
        throw SnapshotDamage(description: "\(path): the structure of the file is damaged")
      }
      var text = [UInt8](repeating: 0, count: length)
      guard try text.withUnsafeMutableBytes({ try file.read(into: $0, at: SnapshotHeader.prefix) }) else {
        throw cutOff(path)
      }
      guard let found = SnapshotHeader(prefix, text: text) else {
        throw SnapshotDamage(description: "\(path): the structure of the file is damaged")
      }
      guard found.end == size else { throw cutOff(path) }
      header = found
    }
    return SnapshotFile(path: path, header: header, communicator: communicator)
  }

  /// Reads everything: rows into the matrices of a snapshot of the same run, arrays into a copy of it.
  package func read(into template: Snapshot) throws -> Snapshot {
    var snapshot = template
    let ranges = header.ranges()
    var sums: [UInt64] = []
    try Self.agree(on: communicator) {
      let file = try ByteFile(path)
      try checkGaps(of: file)
      for (part, range) in zip(header.parts, ranges) where part.rows == nil {
        // Before memory is asked for.
        guard snapshot.has(part.name, count: part.count) else {
          throw SnapshotDamage(
            description: "\(path): the array '\(part.name)', of \(part.columns) numbers, is none of this run")
        }
        let values = try Self.values(of: part, file, range)
        guard Self.checksum(of: values) == part.checksum, snapshot.replace(part.name, by: values) else {
          throw damaged(part.name)
        }
      }
      for rows in template.rows {
        guard let i = header.parts.firstIndex(where: { $0.name == rows.name }), header.parts[i].rows == rows.total,
          header.parts[i].columns == rows.matrix.columns
        else { throw SnapshotDamage(description: "\(path): has no array '\(rows.name)' of this run's size") }
        let bytes = UnsafeMutableRawBufferPointer(start: rows.matrix.elements, count: 4 * rows.matrix.count)
        let start = ranges[i].lowerBound + 4 * rows.own.lowerBound * rows.matrix.columns
        guard try file.read(into: bytes, at: start) else { throw Self.cutOff(path) }
        sums.append(Self.checksum(of: rows.matrix, from: rows.own.lowerBound))
      }
      guard header.parts.filter({ $0.rows == nil }).map(\.name) == template.arrays.map(\.name),
        header.parts.filter({ $0.rows != nil }).map(\.name) == template.rows.map(\.name)
      else {
        throw SnapshotDamage(description: "\(path): lacks an array of this run, or has one more")
      }
    }
    for (rows, sum) in zip(template.rows, sums) {
      let total = try communicator.gather(sum).reduce(0, &+)
      guard total == header.parts.first(where: { $0.name == rows.name })?.checksum else { throw damaged(rows.name) }
    }
    return snapshot
  }

  /// Reads everything in chunks and compares the checksums; each rank reads its own rows, `owned` in the order of the file.
  private func verify(_ owned: [Range<Int>]) throws {
    let matrices = zip(header.parts, header.ranges()).filter { $0.0.rows != nil }
    var sums: [UInt64] = []
    try Self.agree(on: communicator) {
      let file = try ByteFile(path)
      if communicator.isRoot {
        try checkGaps(of: file)
        for (part, range) in zip(header.parts, header.ranges()) where part.rows == nil {
          guard Self.checksum(of: try Self.values(of: part, file, range)) == part.checksum else {
            throw damaged(part.name)
          }
        }
      }
      for ((part, range), own) in zip(matrices, owned) {
        var sum: UInt64 = 0
        let step = max(1, (1 << 18) / part.columns), chunk = Matrix(rows: min(step, own.count), columns: part.columns)
        for first in stride(from: own.lowerBound, to: own.upperBound, by: step) {
          let count = (min(first + step, own.upperBound) - first) * part.columns
          let bytes = UnsafeMutableRawBufferPointer(start: chunk.elements, count: 4 * count)
          guard try file.read(into: bytes, at: range.lowerBound + 4 * first * part.columns) else {
            throw Self.cutOff(path)
          }
          sum &+= Checksum.of(UnsafePointer(chunk.elements), count: count, from: first * part.columns)
        }
        sums.append(sum)
      }
    }
    for ((part, _), sum) in zip(matrices, sums) {
      guard try communicator.gather(sum).reduce(0, &+) == part.checksum else { throw damaged(part.name) }
    }
  }

  /// Throws where bytes between the parts are not zero.
  private func checkGaps(of file: borrowing ByteFile) throws {
    var end = SnapshotHeader.prefix + (header.textCount)
    for range in header.ranges() {
      var gap = [UInt8](repeating: 0, count: range.lowerBound - end)
      guard try gap.withUnsafeMutableBytes({ try file.read(into: $0, at: end) }), gap.allSatisfy({ $0 == 0 }) else {
        throw SnapshotDamage(description: "\(path): the structure of the file is damaged")
      }
      end = range.upperBound
    }
  }

  private static func values(
    of part: SnapshotHeader.Part, _ file: borrowing ByteFile, _ range: Range<Int>
  ) throws -> Snapshot.Values {
    if part.isDouble {
      var values = [Double](repeating: 0, count: part.count)
      _ = try values.withUnsafeMutableBytes { try file.read(into: $0, at: range.lowerBound) }
      return .float64(values)
    }
    var values = [Float](repeating: 0, count: part.count)
    _ = try values.withUnsafeMutableBytes { try file.read(into: $0, at: range.lowerBound) }
    return .float32(values)
  }

  private static func checksum(of values: Snapshot.Values) -> UInt64 {
    switch values {
    case .float64(let values): Checksum.of(values)
    case .float32(let values): Checksum.of(values)
    }
  }

  private static func checksum(of matrix: Matrix, from row: Int) -> UInt64 {
    Checksum.of(UnsafePointer(matrix.elements), count: matrix.count, from: row * matrix.columns)
  }

  private func damaged(_ name: String) -> SnapshotDamage {
    SnapshotDamage(description: "\(path): the array '\(name)' is damaged")
  }

  private static func cutOff(_ path: String) -> SnapshotDamage {
    SnapshotDamage(description: "\(path): is cut off, or its end is damaged")
  }

  /// Runs a body that does not communicate; the first rank's damage is thrown on all ranks.
  private static func agree(on communicator: Communicator, _ body: () throws -> Void) throws {
    var damage: String?
    do { try body() } catch let error as SnapshotDamage { damage = error.description } catch let error as ByteFileError
    {
      damage = error.description
    }
    guard let first = try communicator.gather(damage == nil ? 0 as Int32 : 1).firstIndex(of: 1) else { return }
    throw SnapshotDamage(description: try communicator.broadcast(damage ?? "", from: first))
  }
}
