import CHDF5

/// How far selections fill a shape.
struct Coverage: ~Copyable {
  private let file: HDF5File
  private let shape: [Int]
  private let space: Handle
  /// Selections are united only where there are few: the library takes quadratic time.
  private var isExact: Bool
  private var points: UInt64 = 0

  private static let what = "cannot read the parts of a virtual dataset"

  /// A regular selection: blocks in equal distances.
  private struct Slab {
    var start: [hsize_t], stride: [hsize_t], count: [hsize_t], block: [hsize_t]
    /// The axis along which it has no end, up to that of the shape.
    var endless: Int?
  }

  init(shape: [Int], parts: Int, file: HDF5File) throws {
    let extent = shape.map { hsize_t($0) }
    let made = Handle(try file.check(Self.what, H5Screate_simple(Int32(extent.count), extent, nil)), H5Sclose)
    let id = made.id
    _ = try file.check(Self.what, H5Sselect_none(id))
    self.file = file
    self.shape = shape
    isExact = parts <= 500
    space = made
  }

  private var all: UInt64 { shape.reduce(UInt64(1)) { $0 &* UInt64($1) } }

  /// Adds a selection.
  mutating func add(_ selection: hid_t) throws {
    let id = space.id, kind = Library.locked { H5Sget_select_type(selection) }
    if kind == H5S_SEL_HYPERSLABS, let slab = try regular(selection) {
      points &+= zip(slab.count, slab.block).reduce(1) { $0 &* $1.0 &* $1.1 }
      guard isExact else { return }
      _ = try file.check(
        Self.what, H5Sselect_hyperslab(id, H5S_SELECT_OR, slab.start, slab.stride, slab.count, slab.block))
      return
    }
    points &+= kind == H5S_SEL_ALL ? all : UInt64(clamping: try file.check(Self.what, H5Sget_select_npoints(selection)))
    switch kind {
    case H5S_SEL_ALL: _ = try file.check(Self.what, H5Sselect_all(id))
    case H5S_SEL_HYPERSLABS: if isExact { try addBlocks(of: selection) }
    case H5S_SEL_NONE: break
    // Single points cannot be united with blocks.
    default: isExact = false
    }
  }

  /// Whether the whole shape is filled; where parts are many or of single points, whether they are enough.
  func isWhole() throws -> Bool {
    let id = space.id
    return isExact ? UInt64(clamping: try file.check(Self.what, H5Sget_select_npoints(id))) >= all : points >= all
  }

  /// The number of blocks along the axis in which a selection has no end, inside of the shape; 1 where there is none.
  func blocks(of selection: hid_t) throws -> Int {
    guard Library.locked({ H5Sget_select_type(selection) }) == H5S_SEL_HYPERSLABS,
      let slab = try regular(selection), let axis = slab.endless
    else { return 1 }
    return Int(clamping: slab.count[axis])
  }

  private func regular(_ selection: hid_t) throws -> Slab? {
    let rank = shape.count
    guard try file.check(Self.what, H5Sis_regular_hyperslab(selection)) > 0,
      try file.check(Self.what, H5Sget_simple_extent_ndims(selection)) == rank
    else { return nil }
    let none = [hsize_t](repeating: 0, count: rank)
    var slab = Slab(start: none, stride: none, count: none, block: none)
    _ = try file.check(
      Self.what, H5Sget_regular_hyperslab(selection, &slab.start, &slab.stride, &slab.count, &slab.block))
    for axis in 0..<rank {
      let length = max(hsize_t(shape[axis]), slab.start[axis] + 1) - slab.start[axis]
      if slab.block[axis] == gpa_h5_unlimited() { slab.block[axis] = length }
      guard slab.count[axis] == gpa_h5_unlimited() else { continue }
      let step = max(slab.stride[axis], 1)
      slab.count[axis] = (length + step - 1) / step
      slab.endless = axis
    }
    return slab
  }

  private func addBlocks(of selection: hid_t) throws {
    let rank = shape.count, id = space.id
    let blocks = Int(try file.check(Self.what, H5Sget_select_hyper_nblocks(selection)))
    guard blocks <= 10_000 else { throw file.failure(Self.what, "it has \(blocks) blocks") }
    var corners = [hsize_t](repeating: 0, count: 2 * rank * blocks)
    _ = try file.check(Self.what, H5Sget_select_hyper_blocklist(selection, 0, hsize_t(blocks), &corners))
    for index in 0..<blocks {
      let start = Array(corners[2 * rank * index..<2 * rank * index + rank])
      let end = Array(corners[2 * rank * index + rank..<2 * rank * (index + 1)])
      let count = zip(start, end).map { $1 - $0 + 1 }
      _ = try file.check(Self.what, H5Sselect_hyperslab(id, H5S_SELECT_OR, start, nil, count, nil))
    }
  }
}
