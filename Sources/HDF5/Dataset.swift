import CHDF5

/// An open dataset with what its header says.
struct Dataset: ~Copyable {
  let file: HDF5File
  let name: String
  let handle: Handle
  let shape: [Int]
  /// The lengths that the dimensions can grow to; nil where there is no end.
  let largestShape: [Int?]

  init(_ name: String, of file: HDF5File) throws {
    let opened = try file.open(dataset: name)
    let id = opened.id
    let what = "cannot read the shape of the dataset '\(name)'"
    let space = Handle(try file.check(what, H5Dget_space(id)), H5Sclose)
    let spaceID = space.id
    guard Library.locked({ H5Sget_simple_extent_type(spaceID) }) != H5S_NULL else {
      throw file.failure(what, "it holds nothing")
    }
    let rank = Int(try file.check(what, H5Sget_simple_extent_ndims(spaceID)))
    var extent = [hsize_t](repeating: 0, count: rank), largest = extent
    _ = try file.check(what, H5Sget_simple_extent_dims(spaceID, &extent, &largest))
    let lengths = try extent.map {
      guard let length = Int(exactly: $0) else { throw file.failure(what, "a dimension is too large") }
      return length
    }
    self.file = file
    self.name = name
    shape = lengths
    largestShape = largest.map { Int(exactly: $0) }
    handle = opened
  }

  /// What its elements are.
  func elements() throws -> Elements {
    try file.elements(ofObject: handle.id, "cannot read the type of the dataset '\(name)'")
  }

  /// The bytes of an element in the file.
  func elementBytes() throws -> Int {
    let id = handle.id
    let type = Handle(try file.check("cannot read the type of the dataset '\(name)'", H5Dget_type(id)), H5Tclose)
    let typeID = type.id
    return max(1, Library.locked { H5Tget_size(typeID) })
  }

  /// Whether it is compressed or changed in another way on its way into the file.
  func isFiltered() throws -> Bool {
    let list = try properties(), id = list.id
    return try file.check("cannot read the properties of the dataset '\(name)'", H5Pget_nfilters(id)) > 0
  }

  /// The shape of its chunks; empty where it is not stored in chunks.
  func chunk() throws -> [Int] {
    let list = try properties(), id = list.id
    guard Library.locked({ H5Pget_layout(id) }) == H5D_CHUNKED else { return [] }
    var lengths = [hsize_t](repeating: 1, count: Int(H5S_MAX_RANK))
    let rank = try file.check(
      "cannot read the properties of the dataset '\(name)'", H5Pget_chunk(id, H5S_MAX_RANK, &lengths))
    return lengths.prefix(Int(rank)).map { Int(clamping: $0) }
  }

  /// The properties with which it was made.
  func properties() throws -> Handle {
    let id = handle.id
    return Handle(
      try file.check("cannot read the properties of the dataset '\(name)'", H5Dget_create_plist(id)), H5Pclose)
  }

  /// The number of elements in `rows` rows, or in `rows` rows of one frame, after checking that they are inside; the
  /// product of all dimensions is representable.
  func count(of rows: Range<Int>, frame: Int?) throws -> Int {
    let outer = frame == nil ? 1 : 2
    let what = "cannot use rows \(rows) of the dataset '\(name)'"
    guard shape.count >= outer else { throw file.failure(what, "it has only \(shape.count) dimensions") }
    if let frame, frame < 0 || frame >= shape[0] { throw file.failure(what, "there is no frame \(frame)") }
    guard rows.lowerBound >= 0, rows.upperBound <= shape[outer - 1] else {
      throw file.failure(what, "it has \(shape[outer - 1]) rows")
    }
    var total = 1, count = rows.count
    for length in shape {
      let (product, overflow) = total.multipliedReportingOverflow(by: max(length, 1))
      guard !overflow, product <= Int.max / 16 else { throw file.failure(what, "its shape \(shape) is impossible") }
      total = product
    }
    for length in shape[outer...] { count *= length }
    return count
  }

  /// Calls the body with the spaces of memory and file for every part of the rows, and where its elements begin. No part
  /// has more than 2^30 bytes, as MPI counts are 32-bit numbers, unless a single row has.
  func forEachPart(
    of rows: Range<Int>, frame: Int?, elementBytes: Int,
    _ body: (_ memory: hid_t, _ file: hid_t, _ offset: Int) throws -> Void
  ) throws {
    let count = try count(of: rows, frame: frame)
    guard count > 0 else { return }
    let rowLength = count / rows.count
    guard rowLength <= Int(Int32.max) / elementBytes else {
      throw file.failure("cannot use the dataset '\(name)'", "a row of it has more than 2^31 bytes")
    }
    let step = max(1, (1 << 30) / (rowLength * elementBytes))
    let what = "cannot select rows of the dataset '\(name)'"
    let id = handle.id
    let space = Handle(try file.check(what, H5Dget_space(id)), H5Sclose)
    let spaceID = space.id
    let outer = frame == nil ? 0 : 1
    for first in stride(from: rows.lowerBound, to: rows.upperBound, by: step) {
      let last = min(first + step, rows.upperBound)
      var start = [hsize_t](repeating: 0, count: shape.count)
      var length = shape.map { hsize_t($0) }
      if let frame { (start[0], length[0]) = (hsize_t(frame), 1) }
      (start[outer], length[outer]) = (hsize_t(first), hsize_t(last - first))
      _ = try file.check(what, H5Sselect_hyperslab(spaceID, H5S_SELECT_SET, start, nil, length, nil))
      let elements = [hsize_t((last - first) * rowLength)]
      let memory = Handle(try file.check(what, H5Screate_simple(1, elements, nil)), H5Sclose)
      try body(memory.id, spaceID, (first - rows.lowerBound) * rowLength)
    }
  }
}
