/// What a run's next step depends on, as its owners record it: named arrays that every rank has alike, and matrices whose
/// rows the ranks share. A checkpoint is a snapshot in a file; the state that a rejected step is undone to is one in memory.
///
/// Names are paths such as `field/trainer/parameters`; an owner's names are relative to the scope that it is recorded in.
public struct Snapshot {
  /// A named array.
  public enum Values: Equatable, Sendable {
    case float64([Double])
    case float32([Float])

    /// The number of elements.
    public var count: Int {
      switch self {
      case .float64(let values): values.count
      case .float32(let values): values.count
      }
    }
  }

  /// A matrix whose rows the ranks share. Its memory is the owner's own: nothing is copied when it is recorded, and
  /// whoever reads a snapshot from a file puts the rows there.
  public struct Rows {
    /// The path.
    public let name: String
    /// This rank's rows, (own rows, columns).
    public let matrix: Matrix
    /// Which rows of all these are.
    public let own: Range<Int>
    /// The rows of all ranks together.
    public let total: Int

    /// Rows `own` of `total`, in a matrix that begins with the first of them.
    public init(_ name: String, _ matrix: Matrix, own: Range<Int>, of total: Int) {
      ensure(matrix.rows == own.count, "a matrix of the own rows")
      self.name = name
      self.matrix = matrix
      self.own = own
      self.total = total
    }
  }

  /// The arrays by path, in the order in which they were recorded.
  public private(set) var arrays: [(name: String, values: Values)] = []
  /// The matrices, in the order in which they were recorded.
  public private(set) var rows: [Rows] = []
  private var places: [String: Int] = [:]
  private var prefix = ""

  /// Nothing yet.
  public init() {}

  /// What a part records.
  public init(of part: some Stateful) {
    part.record(into: &self)
  }

  /// Adds an array that is the same on every rank. A name may be used once in a scope.
  public mutating func add(_ name: String, _ values: [Double]) { add(name, .float64(values)) }

  /// Adds an array that is the same on every rank. A name may be used once in a scope.
  public mutating func add(_ name: String, _ values: [Float]) { add(name, .float32(values)) }

  private mutating func add(_ name: String, _ values: Values) {
    ensure(places[prefix + name] == nil, "a snapshot's names are used once")
    places[prefix + name] = arrays.count
    arrays.append((prefix + name, values))
  }

  /// Adds the rows that this rank holds of a matrix shared among the ranks.
  public mutating func add(_ name: String, _ matrix: Matrix, own: Range<Int>, of total: Int) {
    rows.append(Rows(prefix + name, matrix, own: own, of: total))
  }

  /// Exchanges an array for another of its type and length, such as one read from a file; false where that is not so.
  public mutating func replace(_ name: String, by values: Values) -> Bool {
    guard let place = places[name] else { return false }
    switch (arrays[place].values, values) {
    case (.float64(let old), .float64(let new)) where old.count == new.count: break
    case (.float32(let old), .float32(let new)) where old.count == new.count: break
    default: return false
    }
    arrays[place].values = values
    return true
  }

  /// Whether there is an array of a path with so many elements.
  public func has(_ name: String, count: Int) -> Bool {
    places[name].map { arrays[$0].values.count == count } ?? false
  }

  /// Records a part under a name.
  public mutating func record(_ name: String, _ part: some Stateful) {
    let outer = prefix
    prefix += name + "/"
    part.record(into: &self)
    prefix = outer
  }

  /// Restores a part that was recorded under a name.
  public func restore(_ name: String, _ part: some Stateful) throws {
    var scoped = self
    scoped.prefix += name + "/"
    try part.restore(from: scoped)
  }

  /// The whole number of 0 or above that stands at a place of a float64 array. Throws a ``SnapshotError`` where it is none.
  public func count(_ name: String, at place: Int) throws -> Int {
    let values = try float64(name)
    guard place < values.count, let count = Int(exactly: values[place]), count >= 0 else {
      throw SnapshotError(name: prefix + name)
    }
    return count
  }

  /// The float64 array of a name in this scope. Throws a ``SnapshotError`` where there is none.
  public func float64(_ name: String) throws -> [Double] {
    guard let place = places[prefix + name], case .float64(let values) = arrays[place].values else {
      throw SnapshotError(name: prefix + name)
    }
    return values
  }

  /// The float32 array of a name in this scope. Throws a ``SnapshotError`` where there is none.
  public func float32(_ name: String) throws -> [Float] {
    guard let place = places[prefix + name], case .float32(let values) = arrays[place].values else {
      throw SnapshotError(name: prefix + name)
    }
    return values
  }
}

/// A part that records what its next step depends on. Two snapshots of one part have the same names, types and lengths,
/// whatever happened between; `restore` of what was recorded brings back the same bits, on any number of ranks.
public protocol Stateful: AnyObject {
  /// Adds the part's arrays. Local: every rank records the same arrays, and its own rows of shared matrices.
  func record(into snapshot: inout Snapshot)
  /// Takes the arrays back; shared rows are in their place already. Throws a ``SnapshotError`` where an array is missing.
  func restore(from snapshot: Snapshot) throws
}

/// A snapshot lacks an array that a part needs, or it holds what the part cannot have recorded.
public struct SnapshotError: Error, CustomStringConvertible {
  /// The array's path.
  public let name: String

  /// An error about an array.
  public init(name: String) { self.name = name }

  /// One sentence for people.
  public var description: String { "'\(name)' is missing, or holds no values of this run" }
}
