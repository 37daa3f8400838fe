import CHDF5

extension HDF5File {
  /// What a path leads to, links of all kinds followed.
  package enum Place: Equatable {
    case dataset
    case group
    /// Neither of the two, such as a named type.
    case other
    case absent
    /// A link on the way leads nowhere; the text says which, and where to.
    case lost(String)
  }

  /// What a path leads to. A file that an external link names is opened only where it is a regular one.
  package func place(of path: String) throws -> Place {
    try place(of: path, depth: 0)
  }

  /// The paths of all datasets without a slash in front, in alphabetical order, and then those of datasets to which only
  /// soft or external links lead; and what is said of links that lead nowhere.
  package func allDatasets() throws -> (paths: [String], lost: [String]) {
    var paths = try datasets(), lost: [String] = []
    let links = try linkPaths()
    guard !links.isEmpty else { return (paths, []) }
    var known = Set(paths.compactMap { try? identity(of: $0) })
    func add(_ path: String) throws {
      if known.insert(try identity(of: path)).inserted { paths.append(path) }
    }
    for link in links {
      switch try place(of: link) {
      case .dataset: try add(link)
      case .group: for dataset in try datasets(in: link) { try add(link + "/" + dataset) }
      case .lost(let reason): lost.append(reason)
      case .other, .absent: break
      }
    }
    return (paths, lost)
  }

  /// The paths of all links that are no hard ones.
  private func linkPaths() throws -> [String] {
    let names = Names()
    let context = Unmanaged.passUnretained(names).toOpaque()
    _ = try check(
      "cannot list the links",
      gpa_h5_visit_links(
        id,
        { _, name, info, context in
          guard let name, let context, let info, gpa_h5_link_type(info) != H5L_TYPE_HARD else { return 0 }
          Unmanaged<Names>.fromOpaque(context).takeUnretainedValue().all.append(String(cString: name))
          return 0
        }, context))
    return withExtendedLifetime(names) { names.all }
  }

  /// The paths of a group's datasets, from the group on.
  package func datasets(in group: String) throws -> [String] {
    let what = "cannot open the group '\(group)'"
    let (file, path) = try end(of: group), fileID = file.id
    let opened = Handle(try file.check(what, H5Oopen(fileID, path, gpa_h5_default())), H5Oclose), openedID = opened.id
    return try file.datasets(below: openedID)
  }

  /// Which object a path leads to, the same for all paths to it.
  private func identity(of path: String) throws -> [UInt64] {
    let (file, inside) = try end(of: path), fileID = file.id
    var address: haddr_t = 0
    _ = try file.check("cannot find '\(path)'", gpa_h5_address(fileID, inside, &address))
    // A file may be known by several names.
    return (OtherFile.identity(of: file.path) ?? []) + [UInt64(address)]
  }

  /// The file in which a path ends, which is another one behind an external link, and the path in it.
  package func end(of path: String) throws -> (file: HDF5File, path: String) { try end(of: path, depth: 0) }

  private func end(of path: String, depth: Int) throws -> (file: HDF5File, path: String) {
    var prefix = ""
    let parts = path.split(separator: "/").filter { $0 != "." }
    for (index, part) in parts.enumerated() where depth < 16 {
      let parent = prefix, rest = parts[(index + 1)...].map { "/" + $0 }.joined()
      prefix += "/" + part
      switch try link(prefix) {
      case .hard: continue
      case .soft(let target):
        return try end(of: (target.hasPrefix("/") ? target : parent + "/" + target) + rest, depth: depth + 1)
      case .external(let name, let inside):
        guard let found = externalFile(name) else { return (self, prefix + rest) }
        // Not kept open, as the library follows no link to a file that is open in another way.
        return try HDF5File(reading: found).end(of: inside + rest, depth: depth + 1)
      }
    }
    return (self, prefix.isEmpty ? "/" : prefix)
  }

  /// Links are followed here and not by the library, which opens what it follows them to.
  private func place(of path: String, depth: Int) throws -> Place {
    var prefix = ""
    let parts = path.split(separator: "/").filter { $0 != "." }
    for (index, part) in parts.enumerated() {
      let parent = prefix, rest = parts[(index + 1)...].map { "/" + $0 }.joined()
      prefix += "/" + part
      let name = prefix
      guard Library.call({ H5Lexists(id, name, gpa_h5_default()) }).result > 0 else { return .absent }
      let lost: String, there: HDF5File, target: String
      switch try link(name) {
      case .hard: continue
      case .soft(let path):
        lost = "'\(name)' is a soft link to '\(path)', which is not there"
        (there, target) = (self, path.hasPrefix("/") ? path : parent + "/" + path)
      case .external(let file, let path):
        let link = "'\(name)' is an external link to '\(path)' in the file '\(file)', which"
        lost = "\(link) is not there"
        guard let found = externalFile(file) else { return .lost(lost) }
        do { there = try HDF5File(reading: found) } catch let error as HDF5Error {
          return .lost("\(link) cannot be opened (\(error.text))")
        }
        target = path
      }
      guard depth < 16 else { return .lost(lost) }
      switch try there.place(of: target, depth: depth + 1) {
      case .absent: return .lost(lost)
      case .lost(let reason): return .lost(reason + (there === self ? "" : ", in '\(there.path)'"))
      case let end: return rest.isEmpty ? end : try there.place(of: target + rest, depth: depth + 1)
      }
    }
    let name = prefix.isEmpty ? "/" : prefix
    var kind = H5O_TYPE_UNKNOWN
    _ = try check("cannot look at '\(path)'", gpa_h5_object_type(id, name, &kind))
    switch kind {
    case H5O_TYPE_DATASET: return .dataset
    case H5O_TYPE_GROUP: return .group
    default: return .other
    }
  }

  private enum Link {
    case hard
    case soft(String)
    case external(file: String, path: String)
  }

  private func externalFile(_ name: String) -> String? {
    OtherFile.find(name, besides: Self.folder(of: path), variable: "HDF5_EXT_PREFIX")
  }

  /// What a link says. Links of kinds that others define count as hard ones, which the library follows.
  private func link(_ name: String) throws -> Link {
    let what = "cannot read the link '\(name)'"
    var type = H5L_TYPE_HARD, count = 0
    _ = try check(what, gpa_h5_link(id, name, &type, &count))
    guard type == H5L_TYPE_SOFT || type == H5L_TYPE_EXTERNAL else { return .hard }
    guard count <= 1 << 16 else { throw failure(what, "it has \(count) bytes") }
    var value = [CChar](repeating: 0, count: count + 1)
    _ = try check(what, H5Lget_val(id, name, &value, count, gpa_h5_default()))
    if type == H5L_TYPE_SOFT {
      return .soft(String(decoding: value.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }
    var flags: UInt32 = 0
    var file: UnsafePointer<CChar>?, object: UnsafePointer<CChar>?
    return try value.withUnsafeBufferPointer { value in
      _ = try check(what, H5Lunpack_elink_val(value.baseAddress, count, &flags, &file, &object))
      return .external(file: file.map { String(cString: $0) } ?? "", path: object.map { String(cString: $0) } ?? "")
    }
  }
}
