import CHDF5

/// What is known of the numbers behind a dataset without reading them.
package struct Storage {
  /// Why some of them stand for nothing, in words; nil: all were written, as far as the file tells.
  package var gap: String?
  /// Filters that the library lacks, in words.
  package var missingFilters: [String] = []
  /// The bytes of all files that hold them, each with its path.
  package var files: [String: Int] = [:]
  /// Whether a filter changes them on their way into a file.
  var isFiltered = false

  /// The bytes of all files together.
  package var bytes: Int { files.values.reduce(0) { $0.addingReportingOverflow($1).overflow ? Int.max : $0 + $1 } }
}

extension Dataset {
  /// Looks for what was never written, and where the numbers are. Virtual datasets lead to others, to a depth of 8.
  func storage(depth: Int = 0) throws -> Storage {
    if let known = file.rewritten[name]?.storage { return known }
    var storage = Storage()
    let what = "cannot tell where the numbers of the dataset '\(name)' are"
    let list = try properties(), listID = list.id, layout = Library.locked { H5Pget_layout(listID) }
    let (path, size) = try file.place(ofObject: handle.id)
    storage.files[path] = size
    storage.isFiltered = try isFiltered()
    storage.missingFilters = try missingFilters()
    guard !shape.contains(0) else { return storage }
    switch layout {
    case H5D_CONTIGUOUS:
      let external = try file.check(what, H5Pget_external_count(listID))
      if external > 0 {
        try lookAtRawFiles(Int(external), in: listID, &storage)
      } else if try !hasSpace() {
        storage.gap = "it was made but never written"
      }
    case H5D_CHUNKED:
      storage.gap = try chunkGap()
    case H5D_VIRTUAL:
      try lookAtSources(in: listID, &storage, depth: depth)
    default: break
    }
    return storage
  }

  /// The file that it is in.
  func path() throws -> String { try file.place(ofObject: handle.id).path }

  /// The bytes of all files that hold its numbers, and whether a filter changes them.
  func sizeBehind() throws -> (bytes: Int, isFiltered: Bool) {
    let list = try properties(), id = list.id
    guard Library.locked({ H5Pget_layout(id) }) == H5D_CHUNKED else {
      let storage = try storage()
      return (storage.bytes, storage.isFiltered)
    }
    return (try file.place(ofObject: handle.id).bytes, try isFiltered())
  }

  private func hasSpace() throws -> Bool {
    var status = H5D_SPACE_STATUS_ERROR
    let id = handle.id
    _ = try file.check("cannot tell whether the dataset '\(name)' was written", H5Dget_space_status(id, &status))
    return status != H5D_SPACE_STATUS_NOT_ALLOCATED
  }

  /// Says how many chunks were never written.
  private func chunkGap() throws -> String? {
    let what = "cannot count the chunks of the dataset '\(name)'", id = handle.id
    let space = Handle(try file.check(what, H5Dget_space(id)), H5Sclose), spaceID = space.id
    var written: hssize_t = -1
    _ = try file.check(what, gpa_h5_written_chunks(id, spaceID, &written))
    let chunk = try chunk()
    guard written >= 0, chunk.count == shape.count, !chunk.contains(0) else { return nil }
    let grid = zip(shape, chunk).map { ($0 - 1) / $1 + 1 }
    let (needed, overflow) = grid.reduce((1, false)) { sum, length in
      let (product, overflow) = sum.0.multipliedReportingOverflow(by: length)
      return (product, sum.1 || overflow)
    }
    guard !overflow, Int(written) < needed else { return overflow ? "its shape \(shape) is impossible" : nil }
    guard written > 0 else { return "it was made but never written" }
    let row = firstMissingRow(grid: grid, chunk: chunk, count: needed)
    let place = row.map { ", the first from row \($0 + 1) on" } ?? ""
    return "\(needed - Int(written)) of its \(needed) chunks were never written\(place)"
  }

  /// The first row of the first chunk that was not written; nil where it would take long to find.
  private func firstMissingRow(grid: [Int], chunk: [Int], count: Int) -> Int? {
    guard count <= 4000 else { return nil }
    let id = handle.id
    for index in 0..<count {
      var rest = index
      var offset = [hsize_t](repeating: 0, count: grid.count)
      for axis in grid.indices.reversed() {
        offset[axis] = hsize_t(rest % grid[axis] * chunk[axis])
        rest /= grid[axis]
      }
      if Library.call({ gpa_h5_is_chunk_written(id, offset) }).result == 0 { return Int(offset[0]) }
    }
    return nil
  }

  /// Files of bare numbers, which the library takes for zeros where they are too short.
  private func lookAtRawFiles(_ count: Int, in list: hid_t, _ storage: inout Storage) throws {
    let what = "cannot tell where the numbers of the dataset '\(name)' are"
    var left = try elementBytes()
    for length in shape {
      let (product, overflow) = left.multipliedReportingOverflow(by: length)
      guard !overflow else { throw file.failure(what, "its shape \(shape) is impossible") }
      left = product
    }
    for index in 0..<count where left > 0 {
      var name = [CChar](repeating: 0, count: 4097)
      var offset: off_t = 0, size: hsize_t = 0
      _ = try file.check(what, H5Pget_external(list, UInt32(index), 4096, &name, &offset, &size))
      let raw = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      guard let bytes = OtherFile.bytes(of: raw) else {
        storage.gap = "its numbers are in the file '\(raw)', which is missing in the working directory"
        return
      }
      storage.files[raw] = bytes
      let wanted = min(left, Int(clamping: size))
      guard bytes - Int(offset) >= wanted else {
        storage.gap = "its numbers are in the file '\(raw)', which is too short"
        return
      }
      left -= wanted
    }
  }
}

extension HDF5File {
  /// Looks for what was never written of a dataset, and where its numbers are.
  package func storage(of dataset: String) throws -> Storage { try Dataset(dataset, of: self).storage() }

  /// The file that an object is in, which is another one where an external link leads to it, and its bytes.
  func place(ofObject object: hid_t) throws -> (path: String, bytes: Int) {
    let what = "cannot tell in which file an object is"
    let length = try check(what, H5Fget_name(object, nil, 0))
    var name = [CChar](repeating: 0, count: min(max(length, 0), 1 << 16) + 1)
    _ = try check(what, H5Fget_name(object, &name, name.count))
    let text = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let found = Rewritten.origin(of: text)
    guard found != path else { return (path, try size()) }
    return (found, OtherFile.bytes(of: found) ?? 0)
  }
}
