import MessagePassing
import Numerics

/// Samples that are open on all ranks: what is known of them everywhere, and where their rows come from. Rows of a file
/// stand on the root until ``rows(_:on:)`` or ``all(on:)`` consumes the table; rows of a sampler are drawn where they are
/// needed.
package struct SharedTable {
  /// The number of rows.
  package private(set) var count: Int
  /// The number of coordinates of a row, embedded.
  package private(set) var dimension: Int

  private enum Origin {
    case sampler(any Sampler, RandomNumbers)
    /// The rows on the root, nil on the others.
    case file(SampleTable?)
  }

  private let origin: Origin
  /// The coordinates of a row before it is embedded.
  package private(set) var columns: Int
  private let embed: SampleSource.Embedding?
  /// The rows that are meant, of those that were opened; nil: all.
  private var picks: [Int]?
  /// How many of the rows are those of the input; the others are drawn, or are copies of these, moved by noise.
  package private(set) var ownCount: Int
  /// What the copies are moved by: a standard deviation for every coordinate, and random numbers by the row.
  private var noise: (deviations: [Double], numbers: RandomNumbers)?
  private static let tag = 411

  private init(count: Int, columns: Int, embed: SampleSource.Embedding?, origin: Origin) {
    self.count = count
    ownCount = count
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
  var table: SampleTable? {
    if case .file(let table) = origin { table } else { nil }
  }

  /// The names of the columns; on the root, where the input has them and embeds them nowhere.
  package var columnNames: [String]? { embed == nil ? table?.columnNames : nil }
  /// The names of the rows; on the root, where the input has them.
  package var rowNames: [String]? { table?.rowNames.map(picked) }
  /// The labels of the rows; on the root, where the deck asks for them.
  package var labels: [String]? { table?.labels.map(picked) }
  /// The places of the rows among those of their file, on the root; nil where rows are drawn.
  package var sourceRows: [Int]? {
    table.map { table in (0..<ownCount).map { table.sourceRows?[place(of: $0)] ?? place(of: $0) } }
  }
  /// What a user should know of how the file was read, on the root.
  package var notes: [String] { table?.notes.map { "\(file): \($0)" } ?? [] }
  /// The file, for messages, on the root.
  package var file: String { table?.file ?? "" }

  /// A table of these numbers, row after row, which stand on the root; the other ranks give none and the same sizes. `file` is
  /// what messages call it. Throws a `MemoryError`, and a ``SampleError`` for numbers that are not finite.
  package init(_ numbers: [Double], rows: Int, columns: Int, file: String, on communicator: Communicator) throws {
    var table: SampleTable?
    if communicator.isRoot {
      let made = try SampleTable(file: file, columns: columns, expecting: numbers.count, beside: 0)
      try numbers.withUnsafeBufferPointer {
        if let start = $0.baseAddress { try made.append(start, count: $0.count) }
      }
      try made.checkFinite(rows: nil)
      table = made
    }
    self.init(table, rows: rows, columns: columns, embed: nil)
  }

  /// Names the columns, on the root, where they have no names yet and these are as many.
  package func name(columns names: [String]) {
    guard let table, table.columnNames == nil, names.count == table.columns else { return }
    table.columnNames = names
  }

  /// The same table with some of its rows, in this order; the same on all ranks.
  package func picking(_ rows: [Int]) -> SharedTable {
    var result = self
    result.picks = rows.map(place(of:))
    result.count = rows.count
    result.ownCount = rows.count
    return result
  }

  /// The same table with more rows: a sampler draws them; those of a file are its rows again, in their order, moved by
  /// normal noise of these standard deviations.
  package func enlarged(times: Int, deviations: [Double], numbers: RandomNumbers) -> SharedTable {
    var result = self
    result.count = count * times
    if !isDrawn { result.noise = (deviations, numbers) }
    return result
  }

  /// The place of a row among those that were opened.
  package func place(of row: Int) -> Int {
    let own = isDrawn ? row : row % ownCount
    return picks?[own] ?? own
  }

  private func picked(_ texts: [String]) -> [String] { picks.map { $0.map { texts[$0] } } ?? texts }

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

  /// At most so many rows, embedded: all, or a choice that depends on the counts alone. On the root for rows of a file,
  /// whose excerpt is empty elsewhere.
  package func excerpt(atMost most: Int) throws -> Excerpt {
    var numbers: [Double] = []
    let chosen = isHere ? Excerpt.choice(of: most, from: count) : []
    try MemoryBounds.require(
      8 * Double(chosen.count) * Double(dimension), for: "\(chosen.count) samples of \(dimension) dimensions",
      advice: "lower the dimension")
    for row in chosen {
      switch origin {
      case .sampler(let sampler, let streams): try draw(sampler, streams, place(of: row)) { numbers.append($0) }
      case .file(let table):
        guard let table else { continue }
        withUnsafeTemporaryAllocation(of: Double.self, capacity: columns) { read in
          guard let start = read.baseAddress else { return }
          table.fill(row: place(of: row), into: start)
          numbers += read
        }
      }
      numbers += repeatElement(embed?.offset ?? 0, count: dimension - columns)
    }
    return Excerpt(dimension: dimension, numbers: numbers)
  }

  /// The rows of a range of indices in a scale, which may differ from rank to rank and may be empty, (rows, dimension). A
  /// rank holds its own rows and one small chunk at a time. Collective.
  package consuming func rows(_ range: Range<Int>, in scale: CommonScale, on communicator: Communicator) throws
    -> Matrix
  {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "rows outside of the table")
    let result = Matrix(rows: range.count, columns: dimension)
    switch origin {
    case .sampler(let sampler, let numbers):
      try communicator.together { try draw(sampler, numbers, range, in: scale, into: result.elements) }
    case .file(let table):
      let lower = try communicator.gather(range.lowerBound), upper = try communicator.gather(range.upperBound)
      if let table {
        copy(table, range, in: scale, into: result.elements, stride: dimension)
        fillRests(of: result.elements, rows: range.count, in: scale)
        for rank in 1..<max(communicator.size, 1) {
          try send(table, lower[rank]..<upper[rank], in: scale, to: rank, on: communicator)
        }
      } else if !communicator.isRoot {
        try receive(into: result, in: scale, on: communicator)
      }
    }
    return result
  }

  /// All rows in a scale, (count, dimension), once a node in memory that its ranks share; not to be written. Collective.
  package consuming func all(in scale: CommonScale, on communicator: Communicator) throws -> Matrix {
    let window = try SharedWindow(bytes: count * dimension * MemoryLayout<Float>.stride, on: communicator)
    let elements = window.memory.bindMemory(to: Float.self, capacity: count * dimension)
    switch origin {
    case .sampler(let sampler, let numbers):
      // The ranks of a node share the work.
      let node = window.node
      let part = count * node.rank / node.size..<count * (node.rank + 1) / node.size
      try communicator.together {
        try draw(sampler, numbers, part, in: scale, into: elements + part.lowerBound * dimension)
      }
    case .file(let table):
      if let table {
        copy(table, 0..<count, in: scale, into: elements, stride: dimension)
        fillRests(of: elements, rows: count, in: scale)
      }
      if let leaders = window.leaders {
        try leaders.broadcast(UnsafeMutableRawBufferPointer(start: window.memory, count: window.bytes), from: 0)
      }
    }
    try window.synchronize()
    return Matrix(viewing: elements, rows: count, columns: dimension, owner: window)
  }

  /// Whether the rows are drawn, and not those of a file.
  package var isDrawn: Bool { if case .sampler = origin { true } else { false } }

  /// Whether this rank has the rows: the root those of a file, every rank those of a sampler.
  package var isHere: Bool { table != nil || isDrawn }

  /// Rows of a chunk of about 4 MiB.
  private var chunk: Int { max(1, (1 << 20) / columns) }

  private func send(
    _ table: SampleTable, _ range: Range<Int>, in scale: CommonScale, to rank: Int, on communicator: Communicator
  ) throws {
    guard !range.isEmpty else { return }
    let buffer = Matrix(rows: min(chunk, range.count), columns: columns)
    for first in stride(from: range.lowerBound, to: range.upperBound, by: chunk) {
      let part = first..<min(first + chunk, range.upperBound)
      copy(table, part, in: scale, into: buffer.elements, stride: columns)
      let bytes = UnsafeRawBufferPointer(
        start: buffer.elements, count: part.count * columns * MemoryLayout<Float>.stride)
      try communicator.send(bytes, to: rank, tag: Self.tag)
    }
  }

  private func receive(into result: Matrix, in scale: CommonScale, on communicator: Communicator) throws {
    guard result.rows > 0 else { return }
    let buffer = Matrix(rows: min(chunk, result.rows), columns: columns)
    for first in stride(from: 0, to: result.rows, by: chunk) {
      let rows = min(chunk, result.rows - first)
      let bytes = UnsafeMutableRawBufferPointer(
        start: buffer.elements, count: rows * columns * MemoryLayout<Float>.stride)
      try communicator.receive(bytes, from: 0, tag: Self.tag)
      for row in 0..<rows {
        (result.elements + (first + row) * dimension).update(from: buffer.elements + row * columns, count: columns)
      }
    }
    fillRests(of: result.elements, rows: result.rows, in: scale)
  }

  /// Puts rows of a table into a scale, their first coordinates `stride` floats apart.
  private func copy(
    _ table: SampleTable, _ rows: Range<Int>, in scale: CommonScale, into elements: UnsafeMutablePointer<Float>,
    stride: Int
  ) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: columns) { buffer in
      guard let numbers = buffer.baseAddress else { return }
      for (index, row) in rows.enumerated() {
        let start = elements + index * stride
        table.fill(row: place(of: row), into: numbers)
        if row >= ownCount, let noise {
          var stream = noise.numbers.stream(row)
          for column in 0..<columns { numbers[column] += noise.deviations[column] * stream.normal() }
        }
        for column in 0..<columns { start[column] = scale.apply(numbers[column], column) }
      }
    }
  }

  /// Fills the coordinates that are added to those of the table or the sampler.
  private func fillRests(of elements: UnsafeMutablePointer<Float>, rows: Int, in scale: CommonScale) {
    guard dimension > columns else { return }
    let offset = embed?.offset ?? 0
    for row in 0..<rows {
      for column in columns..<dimension { elements[row * dimension + column] = scale.apply(offset, column) }
    }
  }

  private func draw(
    _ sampler: any Sampler, _ numbers: RandomNumbers, _ range: Range<Int>, in scale: CommonScale,
    into elements: UnsafeMutablePointer<Float>
  ) throws {
    for (index, row) in range.enumerated() {
      let start = elements + index * dimension
      var column = 0
      try draw(sampler, numbers, place(of: row)) {
        start[column] = scale.apply($0, column)
        column += 1
      }
    }
    fillRests(of: elements, rows: range.count, in: scale)
  }

  private func draw(
    _ sampler: any Sampler, _ numbers: RandomNumbers, _ row: Int, _ body: (Double) -> Void
  ) throws {
    var stream = numbers.stream(row)
    try withUnsafeTemporaryAllocation(of: Double.self, capacity: columns) { drawn in
      guard let start = drawn.baseAddress else { return }
      sampler.draw(row, into: start, stream: &stream)
      for column in 0..<columns {
        guard Float(start[column]).isFinite else {
          throw SampleError.samplerOverflow(sampler: type(of: sampler).name, row: row + 1)
        }
        body(start[column])
      }
    }
  }
}
