import CHDF5

extension VirtualPart {
  /// Adds the part to the properties of a virtual dataset.
  func add(
    to list: hid_t, target extent: [hsize_t], _ largest: [hsize_t], of file: HDF5File, _ what: String
  ) throws {
    let target = Handle(try file.check(what, H5Screate_simple(Int32(extent.count), extent, largest)), H5Sclose)
    try self.target.select(in: target.id, of: file, what)
    let space = try file.sourceSpace(source.end, for: target.id, what)
    try source.select(in: space.id, of: file, what)
    let ids = (target: target.id, source: space.id)
    // In the file in memory, this file is another one.
    let name = self.file == "." ? file.ownName : self.file
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
        let start = block.start.map { hsize_t($0) }, count = zip(block.start, block.end).map { hsize_t($1 - $0) + 1 }
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

extension HDF5File {
  /// The name of the file in its folder.
  fileprivate var ownName: String { path.split(separator: "/").last.map { String($0) } ?? path }

  /// A space of a source of this shape, or with as many elements as are selected in its target. The library looks at the real
  /// one when it opens the source.
  fileprivate func sourceSpace(_ shape: [hsize_t]?, for target: hid_t, _ what: String) throws -> Handle {
    let points = hsize_t(clamping: Library.locked { H5Sget_select_npoints(target) })
    let end = shape ?? [points == gpa_h5_unlimited() ? 1 : points]
    return Handle(
      try check(what, H5Screate_simple(Int32(end.count), end, end.map { _ in gpa_h5_unlimited() })), H5Sclose)
  }
}

extension Dataset {
  /// A virtual dataset in memory with those of its sources that the library cannot open, given as the name of a file, a zero
  /// and that of a dataset; nil where they have something that the library cannot do, or are a series.
  func copy(with newer: Set<String>, in list: hid_t, _ what: String) throws -> Rewritten? {
    let memory = try Rewritten(besides: file), memoryFile = memory.file
    let new = Handle(try file.check(what, H5Pcopy(list)), H5Pclose), newID = new.id, id = handle.id
    // Takes away the parts, which are added anew.
    _ = try file.check(what, H5Pset_layout(newID, H5D_CONTIGUOUS))
    var names: [String: String] = [:], count = 0
    _ = try file.check(what, H5Pget_virtual_count(list, &count))
    for index in 0..<count {
      let part = try mapping(index, in: list, what), key = part.file + "\0" + part.dataset
      guard !key.contains("%") else { return nil }
      if newer.contains(key), names[key] == nil {
        guard let found = part.file == "." ? file.path : try found(part.file) else { return nil }
        let (other, path) = try HDF5File(reading: found).end(of: part.dataset), name = "source \(names.count)"
        // The sources of one that is virtual itself would have to be looked at as well.
        guard try other.rewrite(path, to: memoryFile, as: name, mayBeVirtual: false) else { return nil }
        names[key] = name
      }
      let ids = (target: part.target.id, source: part.source.id), isMemory = names[key] != nil
      let all = try file.sourceSpace(nil, for: ids.target, what), allID = all.id
      let isAll = Library.locked { H5Sget_select_type(ids.source) == H5S_SEL_ALL }
      let (inFile, dataset) = (isMemory ? "." : part.file == "." ? file.ownName : part.file, names[key] ?? part.dataset)
      _ = try file.check(what, H5Pset_virtual(newID, ids.target, inFile, dataset, isAll ? allID : ids.source))
    }
    let type = Handle(try file.check(what, H5Dget_type(id)), H5Tclose)
    let space = Handle(try file.check(what, H5Dget_space(id)), H5Sclose)
    let ids = (type: type.id, space: space.id), none = gpa_h5_default()
    let made = Handle(
      try file.check(what, H5Dcreate2(memoryFile, Rewritten.dataset, ids.type, ids.space, none, newID, none)), H5Dclose)
    _ = consume made
    return memory
  }
}
