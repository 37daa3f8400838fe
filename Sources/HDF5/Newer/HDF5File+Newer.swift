import CHDF5

/// A file in memory with a dataset that the library can open, in the place of one that it cannot.
final class Rewritten {
  /// The file, of which nothing is ever stored.
  let file: hid_t
  /// The dataset in it.
  static let dataset = "x"
  /// How the name of such a file ends, behind the path of the one whose dataset it has and before a number.
  private static let ending = " (in memory) "

  init(besides file: HDF5File, number: Int) throws {
    let what = "cannot make a file in memory"
    let list = Handle(try file.check(what, H5Pcreate(gpa_h5_file_access())), H5Pclose), listID = list.id
    _ = try file.check(what, H5Pset_fapl_core(listID, 1 << 20, false))
    _ = try file.check(what, H5Pset_fclose_degree(listID, H5F_CLOSE_STRONG))
    // Its name has the folder of the file, in which sources of virtual datasets are looked for.
    let name = file.path + Self.ending + "\(number)"
    self.file = try file.check(what, H5Fcreate(name, gpa_h5_truncate(), gpa_h5_default(), listID))
  }

  deinit { Library.locked { _ = H5Fclose(file) } }

  /// The path of the file whose dataset a file of this name has; the name itself where it is no such file.
  static func origin(of name: String) -> String {
    let parts = name.split(separator: ending, omittingEmptySubsequences: false)
    guard parts.count > 1, let number = parts.last, Int(number) != nil else { return name }
    return String(name.dropLast(ending.count + number.count))
  }
}

extension HDF5File {
  /// Opens a dataset. One of a version that the library does not know is read as far as its header, index and parts go, and
  /// given to the library in a form that it knows, in memory, with its chunks as they are.
  func open(dataset: String) throws -> Handle {
    let what = "cannot open the dataset '\(dataset)'", fileID = id, none = gpa_h5_default()
    if let copy = rewritten[dataset]?.file {
      return Handle(try check(what, H5Dopen2(copy, Rewritten.dataset, none)), H5Dclose)
    }
    let (opened, text) = Library.call { H5Dopen2(fileID, dataset, none) }
    if opened >= 0 { return Handle(opened, H5Dclose) }
    guard !isWritable, Library.isNewer(text) else { throw failure(what, text) }
    let (file, path) = try end(of: dataset)
    guard let copy = try file.rewrite(path, number: rewritten.count) else { throw failure(what, text) }
    rewritten[dataset] = copy
    return try open(dataset: dataset)
  }

  private func rewrite(_ path: String, number: Int) throws -> Rewritten? {
    var address: haddr_t = 0
    let what = "cannot find the dataset '\(path)'", fileID = id
    _ = try check(what, gpa_h5_address(fileID, path, &address))
    guard let raw = RawFile(self.path), let place = Int(exactly: address), let old = NewerDataset(at: place, of: raw)
    else { return nil }
    let memory = try Rewritten(besides: self, number: number)
    return try old.write(to: memory.file, of: self, raw) ? memory : nil
  }
}

extension NewerDataset {
  /// Makes the dataset in a file in memory; false where it has something that the library cannot do.
  func write(to memory: hid_t, of file: HDF5File, _ raw: RawFile) throws -> Bool {
    let what = "cannot read a dataset of a newer HDF5"
    // The library's own encoding of a type: the message with its number and a version in front.
    let encoded: [UInt8] = [3, 0] + type + [UInt8](repeating: 0, count: 16)
    let type = Handle(try file.check(what, H5Tdecode(encoded)), H5Tclose)
    let extent = shape.map { hsize_t($0) }, largest = largestShape.map { $0.map { hsize_t($0) } ?? gpa_h5_unlimited() }
    let space = Handle(try file.check(what, H5Screate_simple(Int32(extent.count), extent, largest)), H5Sclose)
    let list = Handle(try file.check(what, H5Pcreate(gpa_h5_dataset_creation())), H5Pclose)
    let ids = (type: type.id, space: space.id, list: list.id), none = gpa_h5_default()
    if let fill {
      guard Library.locked({ H5Tget_size(ids.type) }) == fill.count else { return false }
      _ = try file.check(what, H5Pset_fill_value(ids.list, ids.type, fill))
    }
    switch layout {
    case .chunks: guard try describeChunks(ids.list, of: file, what) else { return false }
    case .virtual(let parts): for part in parts { try part.add(to: ids.list, target: extent, largest, of: file, what) }
    }
    let made = Handle(
      try file.check(what, H5Dcreate2(memory, Rewritten.dataset, ids.type, ids.space, none, ids.list, none)), H5Dclose)
    let madeID = made.id
    guard case .chunks(let index) = layout else { return true }
    var left = raw.size
    for chunk in index.chunks {
      // Chunks do not overlap, so together they are no larger than the file.
      left -= chunk.bytes
      guard left >= 0, let bytes = raw.bytes(at: chunk.address, count: chunk.bytes) else { return false }
      let offset = chunk.offset.map { hsize_t($0) }
      _ = try file.check(what, gpa_h5_write_chunk(madeID, chunk.mask, offset, bytes.count, bytes))
    }
    return true
  }

  /// Chunks and filters; false for filters whose values the library would set anew.
  private func describeChunks(_ list: hid_t, of file: HDF5File, _ what: String) throws -> Bool {
    let lengths = chunk.map { hsize_t($0) }
    _ = try file.check(what, H5Pset_chunk(list, Int32(lengths.count), lengths))
    for filter in filters {
      // Deflate, shuffle, Fletcher's checksum and those of others.
      guard (1...3).contains(filter.number) || filter.number >= 256 else { return false }
      // One that is missing here must not hinder the making of a dataset; whoever reads a chunk learns of it.
      let flags = filter.number >= 256 ? UInt32(H5Z_FLAG_OPTIONAL) : UInt32(filter.flags)
      _ = try file.check(
        what, H5Pset_filter(list, H5Z_filter_t(filter.number), flags, filter.values.count, filter.values))
    }
    return true
  }
}

extension VirtualPart {
  /// Adds the part to the properties of a virtual dataset.
  fileprivate func add(
    to list: hid_t, target extent: [hsize_t], _ largest: [hsize_t], of file: HDF5File, _ what: String
  ) throws {
    let target = Handle(try file.check(what, H5Screate_simple(Int32(extent.count), extent, largest)), H5Sclose)
    try self.target.select(in: target.id, of: file, what)
    // The library looks at the extent of a source only when it opens it: here it is as large as the selection.
    let targetID = target.id
    let points = hsize_t(clamping: Library.locked { H5Sget_select_npoints(targetID) })
    let end = source.end ?? [points == gpa_h5_unlimited() ? 1 : points]
    let space = Handle(
      try file.check(what, H5Screate_simple(Int32(end.count), end, end.map { _ in gpa_h5_unlimited() })), H5Sclose)
    try source.select(in: space.id, of: file, what)
    let ids = (target: target.id, source: space.id)
    // In the file in memory, this file is another one.
    let name = self.file == "." ? file.path.split(separator: "/").last.map { String($0) } ?? file.path : self.file
    _ = try file.check(what, H5Pset_virtual(list, ids.target, name, dataset, ids.source))
  }
}

extension VirtualPart.Selection {
  /// Selects in a space; all of it where nothing is said.
  fileprivate func select(in space: hid_t, of file: HDF5File, _ what: String) throws {
    switch self {
    case .all: _ = try file.check(what, H5Sselect_all(space))
    case .regular(let start, let stride, let count, let block):
      let none = gpa_h5_unlimited()
      let (starts, strides) = (start.map { hsize_t($0) }, stride.map { hsize_t($0) })
      let (counts, blocks) = (
        count.map { $0.map { hsize_t($0) } ?? none }, block.map { $0.map { hsize_t($0) } ?? none }
      )
      _ = try file.check(what, H5Sselect_hyperslab(space, H5S_SELECT_SET, starts, strides, counts, blocks))
    case .blocks(let blocks):
      _ = try file.check(what, H5Sselect_none(space))
      for block in blocks {
        let start = block.start.map { hsize_t($0) }, count = zip(block.start, block.end).map { hsize_t($1 - $0 + 1) }
        _ = try file.check(what, H5Sselect_hyperslab(space, H5S_SELECT_OR, start, nil, count, nil))
      }
    }
  }

  /// A shape in which it lies; nil for all of a shape that is not known.
  fileprivate var end: [hsize_t]? {
    switch self {
    case .all: nil
    case .regular(let start, let stride, let count, let block):
      start.indices.map { axis in
        guard let times = count[axis], let length = block[axis] else { return hsize_t(start[axis]) + 1 }
        let (steps, overflow) = max(times - 1, 0).multipliedReportingOverflow(by: stride[axis])
        return overflow ? 1 : hsize_t(start[axis]) &+ hsize_t(steps) &+ hsize_t(length)
      }
    case .blocks(let blocks):
      blocks.first.map { first in
        first.end.indices.map { axis in hsize_t(blocks.map { $0.end[axis] }.max() ?? 0) + 1 }
      } ?? nil
    }
  }
}
