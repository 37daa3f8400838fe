import HDF5

/// The names of cells and genes in a file of AnnData, the index of `obs` or `var`, and the texts of their columns, in all ways
/// in which versions store them.
struct AnnDataNames {
  let source: HDF5File
  let file: String

  /// The index of a data frame; nil where the file has no such frame, or one without an index.
  func index(of frame: String, count: Int) throws -> [String]? {
    // A damaged heap of texts can make the library search forever.
    SampleProbe.goOn(seconds: 5 + count / 20_000)
    switch try source.place(of: "/" + frame) {
    case .dataset:
      // Before version 0.7: one table of records.
      guard case .records(let fields) = try source.elements(of: "/" + frame) else { throw unreadable(frame) }
      guard let field = ["index", "_index"].first(where: fields.contains) else { throw unreadable(frame) }
      return try checked(try source.texts(of: "/" + frame, field: field), frame, count)
    case .group: break
    case .other, .absent, .lost: return nil
    }
    let named = try? source.text(attribute: "_index", of: "/" + frame)
    for name in [named, "_index", "index"].compactMap({ $0 }) {
      let path = "\(frame)/\(name)"
      switch try source.place(of: "/" + path) {
      case .dataset: return try texts(path, count)
      case .group: return try checked(try parts(path, count), path, count)
      case .other, .absent, .lost: if name == named { throw unreadable(path) }
      }
    }
    return nil
  }

  /// The texts of a column of a data frame, such as a batch or a cell type; `nan` where none is stored.
  func column(_ name: String, of frame: String, count: Int) throws -> [String] {
    let available = try columns(of: frame)
    guard available.contains(name) else {
      throw SampleError.unknownColumn(file: "\(file), \(frame)", column: name, available: available)
    }
    if try source.place(of: "/" + frame) == .dataset {
      let texts = try fieldTexts(of: frame, name)
      return try checked(try categories("uns/\(name)_categories", of: texts) ?? texts, "\(frame)/\(name)", count)
    }
    let path = "\(frame)/\(name)"
    guard try source.place(of: "/" + path) == .dataset else { return try checked(try parts(path, count), path, count) }
    let texts = try texts(path, count)
    // Versions before 0.8 keep the categories of all columns in a group of their own.
    return try categories("\(frame)/__categories/\(name)", of: texts) ?? texts
  }

  /// The number of rows of a frame. Throws a ``SampleError`` where it has no index.
  func length(of frame: String) throws -> Int {
    if try source.place(of: "/" + frame) == .dataset, let count = try source.shape(of: "/" + frame).first {
      return count
    }
    let index = (try? source.text(attribute: "_index", of: "/" + frame)) ?? "_index"
    for path in ["\(frame)/\(index)", "\(frame)/\(index)/codes", "\(frame)/\(index)/values", "\(frame)/index"]
    where try source.place(of: "/" + path) == .dataset {
      if let count = try source.shape(of: "/" + path).first { return count }
    }
    throw SampleError.malformed(file: file, reason: "has no \(frame) with an index")
  }

  /// The texts of codes that stand for them in a list; nil where there is no such list.
  private func categories(_ list: String, of codes: [String]) throws -> [String]? {
    guard try source.place(of: "/" + list) == .dataset, let length = try source.shape(of: "/" + list).first else {
      return nil
    }
    let names = try texts(list, length)
    return try codes.map { text in
      guard let code = Int(text), code >= -1, code < names.count else { throw unreadable(list) }
      return code < 0 ? "nan" : names[code]
    }
  }

  /// The names of a frame's columns.
  private func columns(of frame: String) throws -> [String] {
    if try source.place(of: "/" + frame) == .dataset {
      guard case .records(let fields) = try source.elements(of: "/" + frame) else { return [] }
      return fields
    }
    guard try source.place(of: "/" + frame) == .group else { return [] }
    var names: [String] = []
    for path in try source.datasets(in: frame) {
      // A path within the frame, or from the root on.
      let parts = path.split(separator: "/").map(String.init).drop { $0 == frame }
      if let name = parts.first, name != "__categories", !names.contains(name) { names.append(name) }
    }
    return names
  }

  /// A field of records: texts, or numbers as such.
  private func fieldTexts(of frame: String, _ field: String) throws -> [String] {
    do { return try source.texts(of: "/" + frame, field: field) } catch is HDF5Error {
      return try source.numbers(of: "/" + frame, field: field).map { Int(exactly: $0).map { "\($0)" } ?? "\($0)" }
    }
  }

  /// Texts, or numbers as such.
  private func texts(_ path: String, _ count: Int) throws -> [String] {
    switch try source.elements(of: "/" + path) {
    case .texts:
      try check(source.shape(of: "/" + path), path, count)
      return try source.texts(of: "/" + path)
    case .integers:
      try check(source.shape(of: "/" + path), path, count)
      return try source.values(of: "/" + path, as: Int64.self).map { "\($0)" }
    case .floats:
      try check(source.shape(of: "/" + path), path, count)
      return try source.values(of: "/" + path, as: Double.self).map { "\($0)" }
    case .booleans:
      try check(source.shape(of: "/" + path), path, count)
      return try source.values(of: "/" + path, as: Int64.self).map { $0 == 0 ? "False" : $0 == 1 ? "True" : "nan" }
    default: throw unreadable(path)
    }
  }

  /// Names that are stored as categories with codes, or as texts with a mask of those that are missing.
  private func parts(_ path: String, _ count: Int) throws -> [String] {
    if try source.place(of: "/\(path)/categories") == .dataset, try source.place(of: "/\(path)/codes") == .dataset {
      try check(source.shape(of: "/\(path)/codes"), path, count)
      let shape = try source.shape(of: "/\(path)/categories")
      guard shape.count == 1 else { throw unreadable(path) }
      let categories = try texts("\(path)/categories", shape[0])
      return try source.values(of: "/\(path)/codes", as: Int64.self).map { code in
        guard code >= -1, code < categories.count else { throw unreadable(path) }
        return code < 0 ? "nan" : categories[Int(code)]
      }
    }
    guard try source.place(of: "/\(path)/values") == .dataset, try source.place(of: "/\(path)/mask") == .dataset else {
      throw unreadable(path)
    }
    let names = try texts("\(path)/values", count)
    let mask: [UInt8] = try source.values(of: "/\(path)/mask")
    guard mask.count == names.count else { throw unreadable(path) }
    return zip(names, mask).map { $1 == 0 ? $0 : "nan" }
  }

  private func checked(_ names: [String], _ path: String, _ count: Int) throws -> [String] {
    try check([names.count], path, count)
    return names
  }

  private func check(_ shape: [Int], _ path: String, _ count: Int) throws {
    guard shape == [count] else {
      throw SampleError.malformed(file: file, reason: "\(path) has the shape \(shape) where \(count) names are needed")
    }
  }

  private func unreadable(_ path: String) -> SampleError {
    .malformed(
      file: file, reason: "\(path) holds no names that can be read; write the file again with a new version of anndata")
  }
}
