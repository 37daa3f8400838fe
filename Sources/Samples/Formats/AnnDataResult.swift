import HDF5

/// A copy of an `.h5ad` to which matrices of moved rows are added; all else stays as it is. For one process.
package final class AnnDataResult {
  /// A matrix that is added: a row for each of `obs`.
  package enum Matrix: Equatable {
    /// `layers["gpa"]`, a column for each of `var`.
    case layer
    /// `obsm["X_gpa"]`, so many columns.
    case embedding(columns: Int)

    var path: String { self == .layer ? "layers/gpa" : "obsm/X_gpa" }
  }

  /// Which matrices fit the rows of an array of a file.
  package enum ArrayKind {
    /// Its columns are those of `var`, some or all.
    case ofColumns
    /// Another matrix of rows.
    case embedding
    /// Its rows are not those of `obs`.
    case other
  }

  /// The number of rows of `obs`.
  package let rows: Int
  /// The columns of `var`: their number, and their places by name where they have names.
  private let columns: Int
  private let places: [String: Int]
  private let file: HDF5File

  /// Opens a copy of a file. Throws a ``SampleError`` for a file of versions that store frames as tables of records, which
  /// has no groups that matrices could be added to.
  package init(copy path: String, of original: String) throws {
    file = try HDF5File(appending: path)
    for group in ["layers", "obsm", "uns"] where try file.place(of: "/" + group) == .dataset {
      throw SampleError.malformed(
        file: original,
        reason: "was written by a version of anndata before 0.7, whose \(group) takes no further entries")
    }
    let names = AnnDataNames(source: file, file: original)
    rows = try names.length(of: "obs")
    columns = try names.length(of: "var")
    let index = try names.index(of: "var", count: columns) ?? []
    places = Dictionary(zip(index, index.indices)) { first, _ in first }
  }

  /// What an array that a deck names is.
  package static func kind(of array: String?) -> ArrayKind {
    let parts = HDF5Dataset.plain(array ?? "X").split(separator: "/").map(String.init)
    switch parts.first {
    case "X" where parts.count == 1, "layers", "raw": return .ofColumns
    case "obsm": return .embedding
    default: return parts.count == 1 ? .embedding : .other
    }
  }

  /// Whether a file is an `.h5ad` by its name.
  package static func isMeant(by path: String) -> Bool { AnnData.recognises(name: path) }

  /// The places in `var` of columns of these names, nil where there is none; without names, of as many columns in order.
  package func columnPlaces(_ names: [String]?, count: Int) -> [Int?] {
    if let names, !places.isEmpty { return names.map { places[$0] } }
    return (0..<count).map { count == columns ? $0 : nil }
  }

  /// Rows for some places of `obs`.
  package struct Rows {
    let places: [Int]
    let columns: [Int?]?
    let read: (Range<Int>) throws -> [Double]

    /// - Parameters:
    ///   - places: where in `obs` each row goes.
    ///   - columns: where in the matrix their numbers go; nil: one after the other.
    ///   - read: gives some of the rows, one after the other.
    package init(places: [Int], columns: [Int?]? = nil, read: @escaping (Range<Int>) throws -> [Double]) {
      self.places = places
      self.columns = columns
      self.read = read
    }
  }

  /// Adds a matrix, in the place of an older one: these rows, of which later ones come over earlier ones, and NaN elsewhere.
  package func add(_ matrix: Matrix, _ sets: [Rows], isDouble: Bool) throws {
    let width = width(of: matrix)
    try makeDictionary(matrix == .layer ? "layers" : "obsm")
    try file.remove(matrix.path)
    if isDouble {
      try file.create(matrix.path, shape: [rows, width], of: Double.self)
    } else {
      try file.create(matrix.path, shape: [rows, width], of: Float.self)
    }
    try file.write(attribute: "encoding-type", text: "array", of: matrix.path)
    try file.write(attribute: "encoding-version", text: "0.2.0", of: matrix.path)
    let height = max(1, 1 << 20 / max(width, 1))
    var block = [Double](repeating: .nan, count: min(height, rows) * width)
    for first in stride(from: 0, to: rows, by: height) {
      let own = first..<min(first + height, rows)
      for i in block.indices { block[i] = .nan }
      for set in sets { try fill(&block, own, from: set, width: width) }
      try block.withUnsafeBufferPointer {
        if let start = $0.baseAddress { try file.write(start, to: matrix.path, rows: own) }
      }
    }
  }

  /// Puts those of the rows into a block whose places lie in it, as long as they ascend in one reading.
  private func fill(_ block: inout [Double], _ own: Range<Int>, from set: Rows, width: Int) throws {
    let given = set.columns?.count ?? width
    var first = 0
    while first < set.places.count {
      guard own.contains(set.places[first]) else {
        first += 1
        continue
      }
      var last = first + 1
      while last < set.places.count, own.contains(set.places[last]) { last += 1 }
      let numbers = try set.read(first..<last)
      precondition(numbers.count == (last - first) * given, "\(numbers.count) numbers for rows of \(given)")
      for row in first..<last {
        let start = (set.places[row] - own.lowerBound) * width, from = (row - first) * given
        for column in 0..<given {
          guard let columns = set.columns else {
            block[start + column] = numbers[from + column]
            continue
          }
          if let place = columns[column] { block[start + place] = numbers[from + column] }
        }
      }
      first = last
    }
  }

  /// Says in `uns["gpa"]` what was done, in the place of what stood there.
  package func describe(_ entries: [(name: String, text: String)]) throws {
    try makeDictionary("uns")
    try file.remove("uns/gpa")
    try makeDictionary("uns/gpa")
    for (name, text) in entries {
      try file.write(text: text, to: "uns/gpa/" + name)
      try file.write(attribute: "encoding-type", text: "string", of: "uns/gpa/" + name)
      try file.write(attribute: "encoding-version", text: "0.2.0", of: "uns/gpa/" + name)
    }
  }

  /// Writes all to the file.
  package func close() throws { try file.close() }

  private func width(of matrix: Matrix) -> Int {
    switch matrix {
    case .layer: columns
    case .embedding(let columns): columns
    }
  }

  private func makeDictionary(_ group: String) throws {
    guard try !file.exists(group) else { return }
    try file.makeGroup(group)
    try file.write(attribute: "encoding-type", text: "dict", of: group)
    try file.write(attribute: "encoding-version", text: "0.1.0", of: group)
  }
}
