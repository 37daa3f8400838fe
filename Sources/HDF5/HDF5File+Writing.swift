import CHDF5

extension HDF5File {
  /// Makes a dataset, with the groups it lies in. Its space is allocated at once, so that ranks can write parts of it
  /// without a word to each other; unwritten parts hold any numbers.
  ///
  /// - Parameters:
  ///   - dataset: the path in the file.
  ///   - shape: the lengths of its dimensions; empty for a single number.
  ///   - type: the type of its elements.
  ///   - chunk: the shape of its chunks; given, the first dimension can be extended later.
  package func create<T: HDF5Number>(_ dataset: String, shape: [Int], of type: T.Type, chunk: [Int]? = nil) throws {
    let what = "cannot create the dataset '\(dataset)'"
    let extent = shape.map { hsize_t(max($0, 0)) }
    var largest = extent
    if chunk != nil, !largest.isEmpty { largest[0] = gpa_h5_unlimited() }
    let space = Handle(try check(what, H5Screate_simple(Int32(extent.count), extent, largest)), H5Sclose)
    let properties = Handle(try check(what, H5Pcreate(gpa_h5_dataset_creation())), H5Pclose)
    let links = Handle(try check(what, H5Pcreate(gpa_h5_link_creation())), H5Pclose)
    let spaceID = space.id, list = properties.id, linkList = links.id
    _ = try check(what, H5Pset_alloc_time(list, H5D_ALLOC_TIME_EARLY))
    _ = try check(what, H5Pset_fill_time(list, H5D_FILL_TIME_NEVER))
    _ = try check(what, H5Pset_obj_track_times(list, false))
    if let chunk {
      let lengths = chunk.map { hsize_t(max($0, 1)) }
      _ = try check(what, H5Pset_chunk(list, Int32(lengths.count), lengths))
    }
    _ = try check(what, H5Pset_create_intermediate_group(linkList, 1))
    _ = try check(what, H5Pset_char_encoding(linkList, H5T_CSET_UTF8))
    let made = Handle(
      try check(what, H5Dcreate2(id, dataset, T.nativeType, spaceID, linkList, list, gpa_h5_default())), H5Dclose)
    _ = consume made
  }

  /// Makes a dataset of this shape that holds these values, in row order. For one process.
  package func write<T: HDF5Number>(_ values: [T], to dataset: String, shape: [Int]) throws {
    let count = shape.reduce(1, *)
    precondition(count == values.count, "\(values.count) values do not fill a dataset of shape \(shape)")
    try create(dataset, shape: shape, of: T.self)
    if let rows = shape.first {
      try values.withUnsafeBufferPointer {
        if let start = $0.baseAddress { try write(start, to: dataset, rows: 0..<rows) }
      }
    } else {
      let open = try Dataset(dataset, of: self)
      let id = open.handle.id, all = gpa_h5_all()
      _ = try check("cannot write '\(dataset)'", H5Dwrite(id, T.nativeType, all, all, gpa_h5_default(), values))
    }
  }

  /// Gives an extendible dataset this many rows, more or fewer than it has.
  package func extend(_ dataset: String, rows: Int) throws {
    let open = try Dataset(dataset, of: self)
    guard !open.shape.isEmpty else { throw failure("cannot extend the dataset '\(dataset)'", "it is a single number") }
    let id = open.handle.id
    var extent = open.shape.map { hsize_t($0) }
    extent[0] = hsize_t(max(rows, 0))
    _ = try check("cannot extend the dataset '\(dataset)'", H5Dset_extent(id, extent))
  }

  /// Adds rows at the end of an extendible dataset. For one process.
  package func append<T: HDF5Number>(_ values: [T], to dataset: String) throws {
    let shape = try shape(of: dataset)
    let rowLength = shape.dropFirst().reduce(1, *)
    guard !values.isEmpty, rowLength > 0, let old = shape.first else { return }
    precondition(values.count % rowLength == 0, "\(values.count) values are no whole rows of \(rowLength)")
    let new = old + values.count / rowLength
    try extend(dataset, rows: new)
    try values.withUnsafeBufferPointer {
      if let start = $0.baseAddress { try write(start, to: dataset, rows: old..<new) }
    }
  }

  /// Writes rows of a dataset, or rows of one frame, an index of the first dimension of two or more; the values lie in
  /// row order from `values` on. No rows write nothing.
  ///
  /// Not collective: ranks that have opened the file together each write rows of their own.
  package func write<T: HDF5Number>(
    _ values: UnsafePointer<T>, to dataset: String, rows: Range<Int>, frame: Int? = nil
  ) throws {
    let open = try Dataset(dataset, of: self)
    let id = open.handle.id
    try open.forEachPart(of: rows, frame: frame, elementBytes: MemoryLayout<T>.size) { part, slab, offset in
      do {
        _ = try check(
          "cannot write the dataset '\(dataset)'",
          H5Dwrite(id, T.nativeType, part, slab, gpa_h5_default(), values + offset))
      } catch let error as HDF5Error {
        throw DiskRoom.explained(error)
      }
    }
  }
}
