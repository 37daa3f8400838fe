import MessagePassing
import Numerics

/// Rows that are open for reading: their number and dimension are known to all ranks. Rows of a file stand on the root until
/// ``release()``; rows of a sampler are drawn where they are needed.
package final class SampleSet {
  /// The number of rows.
  package let count: Int
  /// The number of coordinates of a row, embedded.
  package let dimension: Int

  private enum Origin {
    case sampler(any Sampler, RandomNumbers)
    /// The rows on the root, nil on the others.
    case file(SampleTable?)
  }

  private var origin: Origin
  /// The coordinates of a row before it is embedded.
  private let columns: Int
  private let offset: Float
  private static let tag = 411

  private init(count: Int, columns: Int, embed: SampleSource.Embedding?, origin: Origin) {
    self.count = count
    self.columns = columns
    self.origin = origin
    dimension = embed?.dimension ?? columns
    offset = Float(embed?.offset ?? 0)
  }

  fileprivate convenience init(
    _ sampler: any Sampler, count: Int, numbers: RandomNumbers, embed: SampleSource.Embedding?
  ) {
    self.init(count: count, columns: sampler.dimension, embed: embed, origin: .sampler(sampler, numbers))
  }

  fileprivate convenience init(table: SampleTable?, shape: Shape, embed: SampleSource.Embedding?) {
    self.init(count: shape.rows, columns: shape.columns, embed: embed, origin: .file(table))
  }

  /// The rows of a range of indices, which may differ from rank to rank and may be empty. Collective.
  ///
  /// A rank holds its own rows and one small piece at a time. The root must not have released the rows.
  package func rows(_ range: Range<Int>, on communicator: Communicator) throws -> Matrix {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "rows outside of the sample set")
    let result = Matrix(rows: range.count, columns: dimension)
    switch origin {
    case .sampler(let sampler, let numbers):
      try communicator.together { try draw(sampler, numbers, range, into: result.elements) }
    case .file(let table):
      try checkHeld(on: communicator)
      let lower = try communicator.gather(range.lowerBound), upper = try communicator.gather(range.upperBound)
      if let table {
        place(table.elements + range.lowerBound * columns, rows: range.count, into: result.elements)
        for rank in 1..<max(communicator.size, 1) {
          try send(table, lower[rank]..<upper[rank], to: rank, on: communicator)
        }
      } else if !communicator.isRoot {
        try receive(into: result, on: communicator)
      }
    }
    return result
  }

  /// All rows, once a node, in memory that the ranks of the node share. Collective.
  package func shared(on communicator: Communicator) throws -> TargetSet {
    try checkHeld(on: communicator)
    let window = try SharedWindow(bytes: count * dimension * MemoryLayout<Float>.stride, on: communicator)
    let elements = window.memory.bindMemory(to: Float.self, capacity: count * dimension)
    switch origin {
    case .sampler(let sampler, let numbers):
      // The ranks of a node share the work.
      let node = window.node
      let part = count * node.rank / node.size..<count * (node.rank + 1) / node.size
      try communicator.together { try draw(sampler, numbers, part, into: elements + part.lowerBound * dimension) }
    case .file(let table):
      if let table { place(table.elements, rows: count, into: elements) }
      if let leaders = window.leaders {
        try leaders.broadcast(UnsafeMutableRawBufferPointer(start: window.memory, count: window.bytes), from: 0)
      }
    }
    try window.synchronize()
    return TargetSet(rows: Matrix(viewing: elements, rows: count, columns: dimension, owner: window))
  }

  /// Frees the rows of a file on the root; only the counts remain. Rows of a sampler can still be drawn.
  package func release() {
    if case .file = origin { origin = .file(nil) }
  }

  /// Throws on all ranks if the root has released the rows of a file.
  private func checkHeld(on communicator: Communicator) throws {
    try communicator.together {
      if communicator.isRoot, case .file(nil) = origin { throw ReleasedRows() }
    }
  }

  /// Rows that fit into a piece of about 4 MiB.
  private var piece: Int { max(1, (1 << 20) / columns) }

  private func send(_ table: SampleTable, _ range: Range<Int>, to rank: Int, on communicator: Communicator) throws {
    for first in stride(from: range.lowerBound, to: range.upperBound, by: piece) {
      let rows = min(piece, range.upperBound - first)
      let bytes = UnsafeRawBufferPointer(
        start: table.elements + first * columns, count: rows * columns * MemoryLayout<Float>.stride)
      try communicator.send(bytes, to: rank, tag: Self.tag)
    }
  }

  private func receive(into result: Matrix, on communicator: Communicator) throws {
    guard result.rows > 0 else { return }
    let buffer = Matrix(rows: min(piece, result.rows), columns: columns)
    for first in stride(from: 0, to: result.rows, by: piece) {
      let rows = min(piece, result.rows - first)
      let bytes = UnsafeMutableRawBufferPointer(
        start: buffer.elements, count: rows * columns * MemoryLayout<Float>.stride)
      try communicator.receive(bytes, from: 0, tag: Self.tag)
      place(buffer.elements, rows: rows, into: result.elements + first * dimension)
    }
  }

  /// Copies rows to where they are embedded.
  private func place(_ source: UnsafePointer<Float>, rows: Int, into destination: UnsafeMutablePointer<Float>) {
    for row in 0..<rows {
      let start = destination + row * dimension
      start.update(from: source + row * columns, count: columns)
      (start + columns).update(repeating: offset, count: dimension - columns)
    }
  }

  private func draw(
    _ sampler: any Sampler, _ numbers: RandomNumbers, _ range: Range<Int>, into elements: UnsafeMutablePointer<Float>
  ) throws {
    for (index, row) in range.enumerated() {
      var stream = numbers.stream(row)
      let start = elements + index * dimension
      sampler.draw(into: start, stream: &stream)
      for column in 0..<columns where !start[column].isFinite {
        throw SampleError.samplerOverflow(sampler: type(of: sampler).name, row: row + 1)
      }
      (start + columns).update(repeating: offset, count: dimension - columns)
    }
  }
}

/// A mistake in the program: rows were asked for after they had been released.
private struct ReleasedRows: Error, CustomStringConvertible {
  var description: String { "the rows of a sample set were asked for after their release" }
}

/// The rows and columns that the root found in a file.
private struct Shape: BitwiseCopyable {
  let rows: Int
  let columns: Int
}

extension SampleSource {
  /// Opens the rows: the root reads the file once, and all ranks learn what is wrong with it in one message. Collective.
  ///
  /// Paths that are not absolute start in `folder`. Throws an `AgreedError` whose cause is a ``SampleError`` or an error of
  /// the HDF5 library.
  package func open(
    role: Role, seed: UInt64, folder: String, on communicator: Communicator
  ) throws -> SampleSet {
    switch origin {
    case .sampler(let sampler, let count):
      let numbers = RandomNumbers(seed: seed, purpose: role.drawing)
      return SampleSet(sampler, count: count, numbers: numbers, embed: embed)
    case .file(let file):
      var table: SampleTable?
      let shape = try communicator.onRoot {
        let read = try file.read(folder: folder, selection: RandomNumbers(seed: seed, purpose: role.selection))
        if let embed, embed.dimension < read.columns {
          throw SampleError.embedding(file: read.file, columns: read.columns, dimension: embed.dimension)
        }
        if let embed, read.rows > Self.mostNumbers / embed.dimension {
          throw SampleError.wrongShape(
            file: read.file, shape: [read.rows, embed.dimension], reason: "embed makes it larger than 4 TiB")
        }
        table = read
        return Shape(rows: read.rows, columns: read.columns)
      }
      return SampleSet(table: table, shape: shape, embed: embed)
    }
  }
}
