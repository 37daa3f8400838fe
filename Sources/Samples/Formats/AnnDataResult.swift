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
    rows = try Self.length(of: "obs", in: file, of: original)
    columns = try Self.length(of: "var", in: file, of: original)
    let names = try AnnDataNames(source: file, file: original).index(of: "var", count: columns) ?? []
    places = Dictionary(zip(names, names.indices)) { first, _ in first }
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

  /// The number of rows of a frame.
  private static func length(of frame: String, in file: HDF5File, of original: String) throws -> Int {
    if try file.place(of: "/" + frame) == .dataset, let count = try file.shape(of: "/" + frame).first { return count }
    let index = (try? file.text(attribute: "_index", of: "/" + frame)) ?? "_index"
    for path in ["\(frame)/\(index)", "\(frame)/\(index)/codes", "\(frame)/\(index)/values", "\(frame)/index"]
    where try file.place(of: "/" + path) == .dataset {
      if let count = try file.shape(of: "/" + path).first { return count }
    }
    throw SampleError.malformed(file: original, reason: "has no \(frame) with an index")
  }

  /// The places in `var` of columns of these names, nil where there is none; without names, of as many columns in order.
  package func columnPlaces(_ names: [String]?, count: Int) -> [Int?] {
    if let names, !places.isEmpty { return names.map { places[$0] } }
    return (0..<count).map { count == columns ? $0 : nil }
  }

  /// Adds a matrix of NaN, in the place of an older one.
  package func add(_ matrix: Matrix, isDouble: Bool) throws {
    let width = width(of: matrix), group = matrix == .layer ? "layers" : "obsm"
    try makeDictionary(group)
    try file.remove(matrix.path)
    if isDouble {
      try file.create(matrix.path, shape: [rows, width], of: Double.self)
    } else {
      try file.create(matrix.path, shape: [rows, width], of: Float.self)
    }
    try file.write(attribute: "encoding-type", text: "array", of: matrix.path)
    try file.write(attribute: "encoding-version", text: "0.2.0", of: matrix.path)
    let chunk = max(1, 1 << 20 / max(width, 1))
    for first in stride(from: 0, to: rows, by: chunk) {
      let last = min(first + chunk, rows)
      try write([Double](repeating: .nan, count: (last - first) * width), first..<last, to: matrix)
    }
  }

  /// Writes rows, one after the other from a place in `numbers` on, at these places of `obs`. `columns` says where in the
  /// matrix their numbers go; nil: one after the other.
  package func write(_ numbers: [Double], at places: ArraySlice<Int>, columns: [Int?]? = nil, to matrix: Matrix) throws
  {
    let width = width(of: matrix), given = columns?.count ?? width
    precondition(numbers.count == places.count * given, "\(numbers.count) numbers for \(places.count) rows of \(given)")
    guard let columns else {
      for (index, row) in places.enumerated() {
        try write(Array(numbers[index * given..<(index + 1) * given]), row..<row + 1, to: matrix)
      }
      return
    }
    var whole = [Double](repeating: .nan, count: width)
    for (index, row) in places.enumerated() {
      for (place, column) in columns.enumerated() {
        if let column { whole[column] = numbers[index * given + place] }
      }
      try write(whole, row..<row + 1, to: matrix)
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

  private func write(_ numbers: [Double], _ rows: Range<Int>, to matrix: Matrix) throws {
    try numbers.withUnsafeBufferPointer {
      if let start = $0.baseAddress { try file.write(start, to: matrix.path, rows: rows) }
    }
  }
}
