import CHDF5

extension NewerDataset {
  /// Makes the dataset in a file in memory; false where it has something that the library cannot do.
  func write(to memory: hid_t, as name: String, of file: HDF5File, _ raw: RawFile) throws -> Bool {
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
      try file.check(what, H5Dcreate2(memory, name, ids.type, ids.space, none, ids.list, none)), H5Dclose)
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
