import CZip
import Parameters

/// `.npz`: a ZIP archive of `.npy` members, stored or deflated.
enum NumPyArchive: SampleFormat {
  static let name = ".npz"
  static let hasNamedArrays = true
  static let content: FileContent? = .zip

  static func recognises(name: String) -> Bool { name.hasSuffix(".npz") }

  static func read(_ file: String, array: String?) throws -> SampleTable {
    let size = try ByteStream.size(of: file)
    var code: Int32 = 0
    guard let archive = zip_open(file.system, ZIP_RDONLY, &code) else {
      var error = zip_error_t()
      zip_error_init_with_code(&error, code)
      defer { zip_error_fini(&error) }
      throw SampleError.malformed(file: file, reason: "is not a whole .npz archive: \(text(of: &error))")
    }
    defer { zip_discard(archive) }
    let members = (0..<max(0, Int(zip_get_num_entries(archive, 0)))).compactMap { index in
      zip_get_name(archive, zip_uint64_t(index), 0).map { (index: index, name: String(cString: $0)) }
    }
    let arrays = members.filter { $0.name.hasSuffix(".npy") }.map {
      (index: $0.index, name: String($0.name.dropLast(4)))
    }
    guard !arrays.isEmpty || members.isEmpty else {
      throw SampleError.malformed(
        file: file,
        reason: "is a ZIP archive without arrays (.npy); it holds \(members[0].name); save it with numpy.savez")
    }
    let names = arrays.map(\.name), parts = SparseMatrix.parts { names.contains($0) }
    let whole = names.filter { !parts.contains($0) }
    if let part = array ?? names.first, parts.contains(part), array != nil || whole.isEmpty {
      throw SampleError.malformed(
        file: "\(file), array '\(part)'", reason: "is a part of a sparse matrix (scipy.sparse); \(SparseMatrix.wayOut)")
    }
    guard let name = array ?? (Set(whole).count == 1 ? whole[0] : nil) else {
      throw SampleError.arrayNeeded(file: file, available: whole)
    }
    // NumPy's own name of a member ends in .npy.
    let chosen = arrays.filter { $0.name == name }, ended = arrays.filter { $0.name + ".npy" == name }
    guard let member = chosen.first ?? ended.first else {
      throw SampleError.noArray(file: file, array: name, available: names)
    }
    guard max(chosen.count, chosen.isEmpty ? ended.count : 0) == 1 else {
      throw SampleError.malformed(
        file: "\(file), array '\(name)'",
        reason: "is in the archive twice, as happens where one is added to; save it anew")
    }
    return try NumPyArray.read(stream(of: member.index, named: name, in: archive, file: file, size: size))
  }

  private static func stream(
    of index: Int, named name: String, in archive: OpaquePointer, file: String, size: Int
  ) throws -> ByteStream {
    let shown = "\(file), array '\(name)'"
    guard let member = zip_fopen_index(archive, zip_uint64_t(index), 0) else {
      throw SampleError.malformed(file: shown, reason: "cannot be opened: \(text(of: zip_get_error(archive)))")
    }
    return ByteStream(file: shown, most: ByteStream.inflated(size)) { buffer in
      let got = Int(zip_fread(member, buffer.baseAddress, zip_uint64_t(buffer.count)))
      guard got >= 0 else {
        let reason = text(of: zip_file_get_error(member))
        throw SampleError.malformed(file: shown, reason: "the archive is damaged: \(reason)")
      }
      return got
    } close: {
      zip_fclose(member)
    }
  }

  private static func text(of error: UnsafeMutablePointer<zip_error_t>?) -> String {
    guard let error, let text = zip_error_strerror(error) else { return "unknown reason" }
    return String(cString: text)
  }
}

/// Arrays of an `.npz` archive, for what is not a sample set: initial weights.
package enum WeightArchive {
  /// One array, row-major; a vector of n numbers is read as (n, 1). Throws a ``SampleError``, also where a number is not
  /// finite. Not collective.
  package static func read(_ name: String, from archive: String) throws -> (rows: Int, columns: Int, values: [Float]) {
    let table = try NumPyArchive.read(archive, array: name)
    try table.checkFinite(rows: nil)
    return (table.rows, table.columns, (0..<table.count).map { Float(table[$0]) })
  }
}
