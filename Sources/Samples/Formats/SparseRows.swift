/// Rows most of whose numbers are 0: those that are not, row after row, each with its column (compressed sparse rows).
/// Numbers of one place are added, as SciPy does.
struct SparseRows {
  /// Where each row begins among the numbers, and where the last ends.
  private var starts: [Int]
  private var columns: [Int32]
  /// The numbers, in one of the two; as float64 from the first on that float32 does not hold exactly.
  private var narrow: [Float]
  private var wide: [Double] = []
  private(set) var isWide = false

  /// No rows yet, with room for so many numbers.
  init(rows: Int, numbers: Int) {
    starts = [0]
    starts.reserveCapacity(rows + 1)
    columns = []
    columns.reserveCapacity(numbers)
    narrow = []
    narrow.reserveCapacity(numbers)
  }

  /// Rows of these lengths, all of whose numbers are still to be placed.
  init(lengths: [Int]) {
    starts = [0]
    starts.reserveCapacity(lengths.count + 1)
    var total = 0
    for length in lengths {
      total += length
      starts.append(total)
    }
    columns = [Int32](repeating: 0, count: total)
    narrow = [Float](repeating: 0, count: total)
  }

  /// The number of rows.
  var rows: Int { starts.count - 1 }
  /// How many numbers there are.
  var count: Int { columns.count }

  /// Where a row begins among the numbers.
  func start(of row: Int) -> Int { starts[row] }

  /// Adds a number to the row that is not ended yet.
  mutating func append(_ value: Double, column: Int32) {
    columns.append(column)
    let small = Float(value)
    if !isWide, Double(small) != value, !value.isNaN { widen() }
    if isWide { wide.append(value) } else { narrow.append(small) }
  }

  /// Ends a row behind so many numbers.
  mutating func endRow(at count: Int) { starts.append(count) }

  /// Puts a number to a place of rows whose lengths were given.
  mutating func place(_ value: Double, column: Int32, at place: Int) {
    columns[place] = column
    let small = Float(value)
    if !isWide, Double(small) != value, !value.isNaN { widen() }
    if isWide { wide[place] = value } else { narrow[place] = small }
  }

  /// Puts the numbers of a row into memory for all columns.
  func fill(row: Int, into numbers: UnsafeMutablePointer<Double>, columns all: Int) {
    numbers.update(repeating: 0, count: all)
    for place in starts[row]..<starts[row + 1] { numbers[Int(columns[place])] += self[place] }
  }

  /// A number of a row.
  func number(row: Int, column: Int) -> Double {
    var sum = 0.0
    for place in starts[row]..<starts[row + 1] where columns[place] == column { sum += self[place] }
    return sum
  }

  /// The first column of a row whose number, as float32, is not finite, with that number.
  func notFinite(row: Int) -> (column: Int, value: Float)? {
    for place in starts[row]..<starts[row + 1] {
      let value = Float(self[place])
      if !value.isFinite { return (Int(columns[place]), value) }
    }
    return nil
  }

  /// Keeps only these rows, which ascend.
  mutating func keep(rows chosen: [Int]) {
    var end = 0, ends = [0]
    ends.reserveCapacity(chosen.count + 1)
    for row in chosen {
      for place in starts[row]..<starts[row + 1] {
        move(place, to: end, column: columns[place])
        end += 1
      }
      ends.append(end)
    }
    finish(end, ends)
  }

  /// Keeps only these of so many columns, in this order.
  mutating func keep(columns chosen: [Int], of all: Int) {
    var places = [Int32](repeating: -1, count: all)
    for (new, old) in chosen.enumerated() { places[old] = Int32(new) }
    var end = 0, ends = [0]
    ends.reserveCapacity(starts.count)
    for row in 0..<rows {
      for place in starts[row]..<starts[row + 1] {
        let column = places[Int(columns[place])]
        guard column >= 0 else { continue }
        move(place, to: end, column: column)
        end += 1
      }
      ends.append(end)
    }
    finish(end, ends)
  }

  private subscript(place: Int) -> Double { isWide ? wide[place] : Double(narrow[place]) }

  private mutating func move(_ place: Int, to end: Int, column: Int32) {
    columns[end] = column
    if isWide { wide[end] = wide[place] } else { narrow[end] = narrow[place] }
  }

  private mutating func finish(_ end: Int, _ ends: [Int]) {
    starts = ends
    columns.removeSubrange(end...)
    if isWide { wide.removeSubrange(end...) } else { narrow.removeSubrange(end...) }
    // Memory is given back where that is worth a copy.
    guard columns.capacity > 2 * end else { return }
    columns = columns.map { $0 }
    if isWide { wide = wide.map { $0 } } else { narrow = narrow.map { $0 } }
  }

  private mutating func widen() {
    wide.reserveCapacity(narrow.capacity)
    for value in narrow { wide.append(Double(value)) }
    narrow = []
    isWide = true
  }
}
