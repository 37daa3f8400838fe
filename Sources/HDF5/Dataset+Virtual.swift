import CHDF5

/// A part of a virtual dataset as the library tells it.
struct Mapping: ~Copyable {
  let file: String
  let dataset: String
  /// Where in the virtual dataset.
  let target: Handle
  /// Where in the source.
  let source: Handle
}

extension Dataset {
  /// Looks at the sources of a virtual dataset. The library gives fill values in the place of what it does not find.
  func lookAtSources(in list: hid_t, _ storage: inout Storage, depth: Int) throws {
    let what = "cannot read the parts of the virtual dataset '\(name)'"
    guard depth < 8 else { throw file.failure(what, "it leads to virtual datasets without end") }
    var count = 0
    _ = try file.check(what, H5Pget_virtual_count(list, &count))
    var union = try Coverage(shape: shape, parts: count, file: file)
    var seen: [String: [Int]] = [:], newer: Set<String> = []
    for index in 0..<count {
      let mapping = try mapping(index, in: list, what)
      try union.add(mapping.target.id)
      let blocks = try union.blocks(of: mapping.target.id)
      for place in try sources((mapping.file, mapping.dataset), blocks: blocks) {
        let key = place.file + "\0" + place.dataset
        if seen[key] == nil {
          let (found, lengths, isNewer) = try source(place, depth: depth)
          if isNewer { newer.insert(key) }
          storage.files.merge(found.files) { $1 }
          storage.isFiltered = storage.isFiltered || found.isFiltered
          for filter in found.missingFilters where !storage.missingFilters.contains(filter) {
            storage.missingFilters.append(filter)
          }
          if let gap = found.gap {
            storage.gap = gap
            return
          }
          seen[key] = lengths
        }
        if let lengths = seen[key], try !Self.isInside(mapping, lengths) {
          storage.gap = "its source '\(place.dataset)' in '\(place.file)' is smaller than the part that it fills"
          return
        }
      }
    }
    if try !union.isWhole() { storage.gap = "the parts of this virtual dataset leave numbers missing" }
    guard storage.gap == nil, !newer.isEmpty else { return }
    // The library would give fill values in the place of sources that it cannot open.
    guard let copy = try copy(with: newer, in: list, what) else {
      throw file.failure(what, "some are written by a newer HDF5; write them again with libver='earliest'")
    }
    copy.storage = storage
    file.rewritten[name] = copy
  }

  func mapping(_ index: Int, in list: hid_t, _ what: String) throws -> Mapping {
    func text(_ read: (UnsafeMutablePointer<CChar>?, Int) -> Int) throws -> String {
      let length = try file.check(what, read(nil, 0))
      var bytes = [CChar](repeating: 0, count: min(length, 1 << 16) + 1)
      _ = try file.check(what, read(&bytes, bytes.count))
      return String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
    return Mapping(
      file: try text { H5Pget_virtual_filename(list, index, $0, $1) },
      dataset: try text { H5Pget_virtual_dsetname(list, index, $0, $1) },
      target: Handle(try file.check(what, H5Pget_virtual_vspace(list, index)), H5Sclose),
      source: Handle(try file.check(what, H5Pget_virtual_srcspace(list, index)), H5Sclose))
  }

  /// What is known of a source, and its shape.
  private func source(_ place: (file: String, dataset: String), depth: Int) throws -> (Storage, [Int], isNewer: Bool) {
    var lost = Storage()
    lost.gap = "its source '\(place.dataset)' in the file '\(place.file)' is missing"
    var other = file
    if place.file != "." {
      guard let found = try found(place.file) else {
        lost.gap = "its source file '\(place.file)' is missing"
        return (lost, [], false)
      }
      other = try HDF5File(reading: found)
    }
    guard try other.place(of: place.dataset) == .dataset else { return (lost, [], false) }
    let dataset = try Dataset(place.dataset, of: other)
    var storage = try dataset.storage(depth: depth + 1)
    if let gap = storage.gap { storage.gap = "its source '\(place.dataset)' in '\(place.file)': \(gap)" }
    return (storage, dataset.shape, other.rewritten[place.dataset] != nil)
  }

  /// The sources that a pair of names stands for: one, or one for each block where a name holds %b. The library ends such a
  /// series at the first source that is missing, so those that follow are looked for.
  private func sources(_ named: (file: String, dataset: String), blocks: Int) throws
    -> [(file: String, dataset: String)]
  {
    let isSeries = "\(named.file)/\(named.dataset)".replacing("%%", with: "").contains("%b")
    func source(_ block: Int) -> (file: String, dataset: String) {
      (Self.filled(named.file, block), Self.filled(named.dataset, block))
    }
    guard isSeries else { return [source(0)] }
    var result: [(file: String, dataset: String)] = [], block = 0
    while block < blocks, try isThere(source(block)) {
      result.append(source(block))
      block += 1
    }
    let following = try (block + 1...block + 100).contains { try isThere(source($0)) }
    // The one that is missing is among them for whoever looks closer.
    return block < blocks || following ? result + [source(block)] : result
  }

  private func isThere(_ place: (file: String, dataset: String)) throws -> Bool {
    guard place.file != "." else { return try file.place(of: place.dataset) == .dataset }
    return try found(place.file) != nil
  }

  /// Where a source file is.
  func found(_ name: String) throws -> String? {
    OtherFile.find(name, besides: HDF5File.folder(of: try path()), variable: "HDF5_VDS_PREFIX")
  }

  /// A name with the number of a block in the place of %b.
  private static func filled(_ name: String, _ block: Int) -> String {
    var result = "", rest = Substring(name)
    while let sign = rest.firstIndex(of: "%") {
      result += rest[..<sign]
      let next = rest.index(after: sign)
      guard next < rest.endIndex else { return result }
      result += rest[next] == "b" ? "\(block)" : "\(rest[next])"
      rest = rest[rest.index(after: next)...]
    }
    return result + rest
  }

  /// Whether the part that a mapping shows lies inside of the source's shape; one without end does, as it ends where the
  /// source does.
  private static func isInside(_ mapping: borrowing Mapping, _ shape: [Int]) throws -> Bool {
    let space = mapping.source.id, target = mapping.target.id
    let (kind, wanted) = Library.locked { (H5Sget_select_type(space), H5Sget_select_npoints(target)) }
    guard kind != H5S_SEL_NONE else { return true }
    guard kind != H5S_SEL_ALL else {
      let all = shape.reduce(UInt64(1)) { $0.multipliedReportingOverflow(by: UInt64($1)).partialValue }
      return wanted < 0 || UInt64(wanted) <= all
    }
    let rank = Library.locked { Int(H5Sget_simple_extent_ndims(space)) }
    guard rank == shape.count else { return false }
    var start = [hsize_t](repeating: 0, count: Int(H5S_MAX_RANK)), end = start
    guard Library.call({ H5Sget_select_bounds(space, &start, &end) }).result >= 0 else { return true }
    return zip(end, shape).allSatisfy { $0 < hsize_t($1) || $0 >= hsize_t(Int.max) }
  }
}
