import Glibc
import HDF5
import MessagePassing

/// The end of a checkpoint file, behind what belongs to HDF5: checksums of all bytes before it and of the bytes of each
/// dataset. A damaged file is known by them before the HDF5 library sees it, which damaged files can crash.
///
/// Layout: a line `NAME OFFSET BYTES CHECKSUM` for every dataset; then, as little-endian numbers of 8 bytes, the length of
/// these lines, their checksum, the number of all bytes before them, their checksum, and ``magic``. Every function is
/// collective.
struct CheckpointSeal {
  /// The last 8 bytes of the file: "gpa-seal".
  private static let magic: UInt64 = 0x6c61_6573_2d61_7067
  private static let tailBytes = 40

  let path: String
  let communicator: Communicator

  /// Seals a file that was just written: its datasets are listed, and its bytes are read by all ranks, each a part.
  func close() throws {
    let bytes = try communicator.onRoot { () throws -> Int in try size() }
    let sum = try total(of: 0..<bytes)
    let places = try communicator.onRoot { () throws -> String in
      let file = try HDF5File(reading: path)
      return try file.datasets().compactMap { name in
        try file.place(of: name).map { "\(name) \($0.lowerBound) \($0.count)" }
      }.joined(separator: "\n")
    }
    var lines = ""
    for line in places.split(separator: "\n") {
      guard let place = Self.place(in: line.split(separator: " ").suffix(2)) else { continue }
      lines += "\(line) \(try total(of: place))\n"
    }
    try communicator.onRoot { () throws -> Void in
      let table = Array(lines.utf8)
      let tail = [UInt64(table.count), Checksum.of(table), UInt64(bytes), sum, Self.magic]
      try append(table + tail.flatMap { number in withUnsafeBytes(of: number.littleEndian) { Array($0) } })
    }
  }

  /// What is wrong with a file; nil where all bytes are as they were. The same on all ranks.
  func damage() throws -> String? {
    let place = try communicator.onRoot { () throws -> Place in (try? readTail())?.place ?? Place() }
    guard place.isWhole else { return "\(path): is cut off, or its end is damaged" }
    let sum = try total(of: 0..<place.bytes)
    guard sum != place.sum else { return nil }
    return try communicator.onRoot { () throws -> String in "\(path): \(culprit())" }
  }

  /// Where the file ends for HDF5, and the checksum up to there.
  private struct Place: BitwiseCopyable {
    var isWhole = false
    var bytes = 0
    var sum: UInt64 = 0
  }

  /// The place and the lines of the table, after checking the table.
  private func readTail() throws -> (place: Place, lines: String) {
    let end = try size()
    guard end >= Self.tailBytes else { throw DamagedSeal() }
    let numbers = try Self.read(end - Self.tailBytes..<end, of: path) { bytes in
      (0..<5).map { UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self)) }
    }
    guard numbers[4] == Self.magic, let length = Int(exactly: numbers[0]), length <= end - Self.tailBytes,
      length <= 1 << 20
    else { throw DamagedSeal() }
    let start = end - Self.tailBytes - length
    let table = try Self.read(start..<start + length, of: path) { Array($0.prefix(length)) }
    guard Checksum.of(table) == numbers[1], UInt64(start) == numbers[2] else { throw DamagedSeal() }
    return (Place(isWhole: true, bytes: start, sum: numbers[3]), String(decoding: table, as: UTF8.self))
  }

  /// The dataset whose bytes are not as they were. On the root alone.
  private func culprit() -> String {
    guard let (place, lines) = try? readTail() else { return "its end is damaged" }
    for line in lines.split(separator: "\n") {
      let fields = line.split(separator: " ")
      guard let range = Self.place(in: fields.dropLast().suffix(2)), range.upperBound <= place.bytes else { continue }
      let sum = try? Self.sum(of: range, in: path)
      if sum != fields.last.flatMap({ UInt64($0) }) {
        return "the dataset '\(fields.dropLast(3).joined(separator: " "))' is damaged"
      }
    }
    return "the structure of the file is damaged"
  }

  /// An offset and a number of bytes as a range.
  private static func place(in fields: ArraySlice<Substring>) -> Range<Int>? {
    let numbers = fields.compactMap { Int($0) }
    guard numbers.count == 2, numbers[0] >= 0, numbers[1] > 0 else { return nil }
    let (end, overflow) = numbers[0].addingReportingOverflow(numbers[1])
    return overflow ? nil : numbers[0]..<end
  }

  private func size() throws -> Int {
    var status = stat()
    guard stat(path, &status) == 0 else { throw Self.failure("look at", path) }
    return Int(status.st_size)
  }

  private func append(_ bytes: [UInt8]) throws {
    guard let file = fopen(path, "ab") else { throw Self.failure("seal", path) }
    let written = fwrite(bytes, 1, bytes.count, file)
    guard fclose(file) == 0, written == bytes.count else { throw Self.failure("seal", path) }
  }

  /// The checksum of bytes of the file, of which every rank reads a part.
  private func total(of range: Range<Int>) throws -> UInt64 {
    let words = (range.count + 7) / 8, rank = communicator.rank, size = communicator.size
    let part = words * rank / size..<words * (rank + 1) / size
    let own = range.lowerBound + 8 * part.lowerBound..<min(range.lowerBound + 8 * part.upperBound, range.upperBound)
    let sum = try communicator.together { try Self.sum(of: own, in: path, firstWord: part.lowerBound) }
    return try communicator.gather(sum).reduce(0, &+)
  }

  /// The checksum of bytes of a file as words of 8 bytes, the last filled up with zeros.
  private static func sum(of range: Range<Int>, in path: String, firstWord: Int = 0) throws -> UInt64 {
    var sum: UInt64 = 0
    let step = 1 << 20
    for start in stride(from: range.lowerBound, to: range.upperBound, by: step) {
      let part = start..<min(start + step, range.upperBound)
      sum &+= try read(part, of: path) { bytes in
        Checksum.of(words: bytes.bindMemory(to: UInt64.self), from: firstWord + (start - range.lowerBound) / 8)
      }
    }
    return sum
  }

  /// Calls a body with bytes of a file in aligned memory, filled up with zeros to whole words.
  private static func read<T>(
    _ range: Range<Int>, of path: String, _ body: (UnsafeRawBufferPointer) -> T
  ) throws -> T {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("read", path) }
    defer { Glibc.close(descriptor) }
    return try withUnsafeTemporaryAllocation(byteCount: (range.count + 7) / 8 * 8, alignment: 8) { memory in
      memory.initializeMemory(as: UInt8.self, repeating: 0)
      var filled = 0
      while filled < range.count {
        let got = pread(
          descriptor, memory.baseAddress.map { $0 + filled }, range.count - filled, off_t(range.lowerBound + filled))
        if got < 0, errno == EINTR { continue }
        guard got > 0 else { throw failure("read", path) }
        filled += got
      }
      return body(UnsafeRawBufferPointer(memory))
    }
  }

  private static func failure(_ what: String, _ path: String) -> CheckpointError {
    .failed(what: what, path: path, reason: String(cString: strerror(errno)))
  }
}

/// A seal that is not one.
private struct DamagedSeal: Error {}
