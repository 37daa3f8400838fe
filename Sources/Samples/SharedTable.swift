import MessagePassing
import Numerics

/// Samples that are open on all ranks: what is known of them everywhere, and where their rows come from. Rows of a file
/// stand on the root until ``rows(_:on:)`` or ``all(on:)`` consumes the table; rows of a sampler are drawn where they are
/// needed.
package struct SharedTable {
  /// The number of rows.
  package let count: Int
  /// The number of coordinates of a row, embedded.
  package private(set) var dimension: Int

  private enum Origin {
    case sampler(any Sampler, RandomNumbers)
    /// The rows on the root, nil on the others.
    case file(SampleTable?)
  }

  private let origin: Origin
  /// The coordinates of a row before it is embedded.
  private(set) var columns: Int
  private let embed: SampleSource.Embedding?
  private static let tag = 411

  private init(count: Int, columns: Int, embed: SampleSource.Embedding?, origin: Origin) {
    self.count = count
    self.columns = columns
    self.origin = origin
    self.embed = embed
    dimension = embed?.dimension ?? columns
  }

  init(_ sampler: any Sampler, count: Int, numbers: RandomNumbers, embed: SampleSource.Embedding?) {
    self.init(count: count, columns: sampler.dimension, embed: embed, origin: .sampler(sampler, numbers))
  }

  init(_ table: SampleTable?, rows: Int, columns: Int, embed: SampleSource.Embedding?) {
    self.init(count: rows, columns: columns, embed: embed, origin: .file(table))
  }

  /// The table of a file, on the root.
  private var table: SampleTable? {
    if case .file(let table) = origin { table } else { nil }
  }

  /// The names of the columns; on the root, where the input has them and embeds them nowhere.
  package var columnNames: [String]? { embed == nil ? table?.columnNames : nil }
  /// The names of the rows; on the root, where the input has them.
  package var rowNames: [String]? { table?.rowNames }
  /// The labels of the rows; on the root, where the deck asks for them.
  package var labels: [String]? { table?.labels }
  /// The file, for messages, on the root.
  var file: String { table?.file ?? "" }

  /// Keeps these columns, in this order, on the root; the other ranks follow in ``followRoot(on:)``.
  mutating func keep(columns chosen: [Int]) {
    table?.keep(columns: chosen)
    columns = chosen.count
    dimension = columns
  }

  /// Tells all ranks how many columns the root has kept. Collective.
  mutating func followRoot(on communicator: Communicator) throws {
    columns = try communicator.broadcast(columns, from: 0)
    dimension = embed?.dimension ?? columns
  }

  /// The rows of a range of indices, which may differ from rank to rank and may be empty, (rows, dimension). A rank holds
  /// its own rows and one small chunk at a time. Collective.
  package consuming func rows(_ range: Range<Int>, on communicator: Communicator) throws -> Matrix {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "rows outside of the table")
    let result = Matrix(rows: range.count, columns: dimension)
    switch origin {
    case .sampler(let sampler, let numbers):
      try communicator.together { try draw(sampler, numbers, range, into: result.elements) }
    case .file(let table):
      let lower = try communicator.gather(range.lowerBound), upper = try communicator.gather(range.upperBound)
      if let table {
        embed(table.elements + range.lowerBound * columns, rows: range.count, into: result.elements)
        for rank in 1..<max(communicator.size, 1) {
          try send(table, lower[rank]..<upper[rank], to: rank, on: communicator)
        }
      } else if !communicator.isRoot {
        try receive(into: result, on: communicator)
      }
    }
    return result
  }

  /// All rows, (count, dimension), once a node in memory that its ranks share; not to be written. Collective.
  package consuming func all(on communicator: Communicator) throws -> Matrix {
    let window = try SharedWindow(bytes: count * dimension * MemoryLayout<Float>.stride, on: communicator)
    let elements = window.memory.bindMemory(to: Float.self, capacity: count * dimension)
    switch origin {
    case .sampler(let sampler, let numbers):
      // The ranks of a node share the work.
      let node = window.node
      let part = count * node.rank / node.size..<count * (node.rank + 1) / node.size
      try communicator.together { try draw(sampler, numbers, part, into: elements + part.lowerBound * dimension) }
    case .file(let table):
      if let table { embed(table.elements, rows: count, into: elements) }
      if let leaders = window.leaders {
        try leaders.broadcast(UnsafeMutableRawBufferPointer(start: window.memory, count: window.bytes), from: 0)
      }
    }
    try window.synchronize()
    return Matrix(viewing: elements, rows: count, columns: dimension, owner: window)
  }

  /// All rows in this process's own memory, (count, dimension), without MPI. For one process, whose table it is.
  package consuming func local() throws -> Matrix {
    let result = Matrix(rows: count, columns: dimension)
    switch origin {
    case .sampler(let sampler, let numbers): try draw(sampler, numbers, 0..<count, into: result.elements)
    case .file(let table): if let table { embed(table.elements, rows: count, into: result.elements) }
    }
    return result
  }

  /// Rows of a chunk of about 4 MiB.
  private var chunk: Int { max(1, (1 << 20) / columns) }

  private func send(_ table: SampleTable, _ range: Range<Int>, to rank: Int, on communicator: Communicator) throws {
    for first in stride(from: range.lowerBound, to: range.upperBound, by: chunk) {
      let rows = min(chunk, range.upperBound - first)
      let bytes = UnsafeRawBufferPointer(
        start: table.elements + first * columns, count: rows * columns * MemoryLayout<Float>.stride)
      try communicator.send(bytes, to: rank, tag: Self.tag)
    }
  }

  private func receive(into result: Matrix, on communicator: Communicator) throws {
    guard result.rows > 0 else { return }
    let buffer = Matrix(rows: min(chunk, result.rows), columns: columns)
    for first in stride(from: 0, to: result.rows, by: chunk) {
      let rows = min(chunk, result.rows - first)
      let bytes = UnsafeMutableRawBufferPointer(
        start: buffer.elements, count: rows * columns * MemoryLayout<Float>.stride)
      try communicator.receive(bytes, from: 0, tag: Self.tag)
      embed(buffer.elements, rows: rows, into: result.elements + first * dimension)
    }
  }

  /// Copies rows to the first coordinates of the larger space.
  private func embed(_ source: UnsafePointer<Float>, rows: Int, into destination: UnsafeMutablePointer<Float>) {
    for row in 0..<rows {
      let start = destination + row * dimension
      start.update(from: source + row * columns, count: columns)
      fillRest(start)
    }
  }

  private func fillRest(_ row: UnsafeMutablePointer<Float>) {
    (row + columns).update(repeating: Float(embed?.offset ?? 0), count: dimension - columns)
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
      fillRest(start)
    }
  }
}
