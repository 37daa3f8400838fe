import Numerics

/// The transport problem between two sets of equal masses, by shortest augmenting paths (Jonker and Volgenant 1987; Crouse
/// 2016): the least of the mean cost over all plans that move the mass of n rows to that of m columns. With n = m it is the
/// assignment problem.
///
/// Every row has m / gcd(n, m) units of mass and every column takes n / gcd(n, m), so that all flows are whole numbers. A
/// search from a row with mass left reaches columns in the order of their distance in reduced costs c - u - v, over columns
/// that are full from the rows that fill them, until it meets one that takes more.
final class TransportProblem {
  /// The most pairs for which it is solved: their costs take 8 bytes each.
  static let mostPairs = 25_000_000

  private let n: Int, m: Int
  /// The columns, filled up to whole vectors.
  private let stride: Int
  /// (n, stride); infinite where the columns are filled up.
  private let costs: UnsafeMutablePointer<Double>
  private let u: UnsafeMutablePointer<Double>, v: UnsafeMutablePointer<Double>
  /// The mass that rows have left, and that columns still take.
  private var supply: [Int], demand: [Int]
  /// Which rows fill a column, and with how much.
  private var fillings: [[Filling]]

  private struct Filling {
    let row: Int
    var mass: Int
  }

  // What a search knows. A column that it has reached has v = -infinity in `open`, so that no path to it is shorter, and an
  // infinite distance, so that it is not met again; one that takes no more has an infinite `fullness`.
  private let open: UnsafeMutablePointer<Double>, distance: UnsafeMutablePointer<Double>
  private let fullness: UnsafeMutablePointer<Double>, before: UnsafeMutablePointer<Double>
  private var reachedColumns: [(column: Int, distance: Double)] = []
  private var reachedRows: [(row: Int, distance: Double)] = []
  /// The column by which a row has been reached, -1 for that where the search begins, nil for others.
  private var way: [Int?]

  /// A problem with rows and columns. The nearer `potentials`, one a column, are to the best v, the shorter are the searches.
  init(rows: Int, columns: Int, potentials: [Double], cost: (_ row: Int, _ column: Int) -> Double) {
    n = rows
    m = columns
    stride = roundedUp(columns, to: DoubleVector.lanes)
    costs = alignedMemory(of: Double.self, count: rows * stride)
    u = alignedMemory(of: Double.self, count: rows)
    let memories = (0..<5).map { [stride] _ in alignedMemory(of: Double.self, count: stride) }
    (v, open, distance, fullness, before) = (memories[0], memories[1], memories[2], memories[3], memories[4])
    var (a, b) = (rows, columns)
    while b != 0 { (a, b) = (b, a % b) }
    supply = [Int](repeating: columns / a, count: rows)
    demand = [Int](repeating: rows / a, count: columns)
    fillings = [[Filling]](repeating: [], count: columns)
    way = [Int?](repeating: nil, count: rows)
    for row in 0..<rows {
      for column in 0..<stride { costs[row * stride + column] = column < columns ? cost(row, column) : .infinity }
    }
    v.update(from: potentials, count: columns)
    tighten()
  }

  /// Takes the largest u that v allows, and then the largest v that u allows.
  private func tighten() {
    let lanes = DoubleVector.lanes, none = DoubleVector(repeating: .infinity)
    for row in 0..<n {
      var least = none
      for j in Swift.stride(from: 0, to: stride, by: lanes) {
        let reduced = DoubleVector(costs + row * stride + j) - DoubleVector(v + j)
        least.replace(with: reduced, where: reduced .< least)
      }
      u[row] = least.min()
    }
    for j in Swift.stride(from: 0, to: stride, by: lanes) {
      var least = none
      for row in 0..<n {
        let reduced = DoubleVector(costs + row * stride + j) - DoubleVector(repeating: u[row])
        least.replace(with: reduced, where: reduced .< least)
      }
      least.store(v + j)
    }
  }

  deinit { for memory in [costs, u, v, open, distance, fullness, before] { memory.deallocate() } }

  /// Solves it: the mean cost of the best plan.
  func solve() -> Double {
    let mass = supply[0] * n
    for row in 0..<n {
      while supply[row] > 0 { augment(from: row) }
    }
    var sum = 0.0
    for column in 0..<m {
      for filling in fillings[column] { sum += Double(filling.mass) * costs[filling.row * stride + column] }
    }
    return sum / Double(mass)
  }

  /// Sends mass of a row along a shortest path to a column that takes more.
  private func augment(from row: Int) {
    open.update(from: v, count: stride)
    distance.update(repeating: .infinity, count: stride)
    reachedColumns.removeAll(keepingCapacity: true)
    reachedRows.removeAll(keepingCapacity: true)
    reach(row, at: 0, by: -1)
    var (column, length) = nearest()
    while demand[column] == 0 {
      open[column] = -.infinity
      distance[column] = .infinity
      reachedColumns.append((column, length))
      for filling in fillings[column] where way[filling.row] == nil { reach(filling.row, at: length, by: column) }
      (column, length) = nearest()
    }
    for reached in reachedRows { u[reached.row] += length - reached.distance }
    for reached in reachedColumns { v[reached.column] -= length - reached.distance }
    move(to: column, from: row)
    if demand[column] == 0 { fullness[column] = .infinity }
    for reached in reachedRows { way[reached.row] = nil }
  }

  /// Goes on from a row to all columns.
  private func reach(_ row: Int, at length: Double, by column: Int) {
    way[row] = column
    reachedRows.append((row, length))
    let costs = costs + row * stride, base = DoubleVector(repeating: length - u[row])
    let number = DoubleVector(repeating: Double(row))
    for j in Swift.stride(from: 0, to: stride, by: DoubleVector.lanes) {
      let new = (DoubleVector(costs + j) - DoubleVector(open + j)) + base, old = DoubleVector(distance + j)
      let isShorter = new .< old
      old.replacing(with: new, where: isShorter).store(distance + j)
      DoubleVector(before + j).replacing(with: number, where: isShorter).store(before + j)
    }
  }

  /// The nearest column that has not been reached, one that takes more if there is a choice.
  private func nearest() -> (column: Int, distance: Double) {
    let none = DoubleVector(repeating: .infinity)
    var best = none, bestFree = none, place = DoubleVector.zero, placeFree = DoubleVector.zero
    var j = 0
    while j < stride {
      let value = DoubleVector(distance + j), free = value + DoubleVector(fullness + j)
      let number = DoubleVector(repeating: Double(j)), isNearer = value .< best, isFreeNearer = free .< bestFree
      best.replace(with: value, where: isNearer)
      place.replace(with: number, where: isNearer)
      bestFree.replace(with: free, where: isFreeNearer)
      placeFree.replace(with: number, where: isFreeNearer)
      j += DoubleVector.lanes
    }
    let least = best.min(), leastFree = bestFree.min()
    let (values, places) = leastFree <= least ? (bestFree, placeFree) : (best, place)
    var column = stride
    for lane in 0..<DoubleVector.lanes where values[lane] == min(least, leastFree) {
      column = min(column, Int(places[lane]) + lane)
    }
    return (column, least)
  }

  /// Moves what the narrowest place of the path to a column allows.
  private func move(to end: Int, from start: Int) {
    var mass = min(supply[start], demand[end]), column = end
    while let (row, from) = step(before: column) {
      mass = min(mass, fillings[from].first { $0.row == row }?.mass ?? 0)
      column = from
    }
    column = end
    while true {
      add(mass, to: column, of: Int(before[column]))
      guard let (row, from) = step(before: column) else { break }
      add(-mass, to: from, of: row)
      column = from
    }
    supply[start] -= mass
    demand[end] -= mass
  }

  /// The row before a column on the path, and the column before that; nil where the path begins with the row.
  private func step(before column: Int) -> (row: Int, from: Int)? {
    let row = Int(before[column])
    guard let from = way[row], from >= 0 else { return nil }
    return (row, from)
  }

  private func add(_ mass: Int, to column: Int, of row: Int) {
    guard let place = fillings[column].firstIndex(where: { $0.row == row }) else {
      return fillings[column].append(Filling(row: row, mass: mass))
    }
    fillings[column][place].mass += mass
    if fillings[column][place].mass == 0 { fillings[column].remove(at: place) }
  }
}
