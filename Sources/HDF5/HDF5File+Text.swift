import CHDF5
import Glibc

extension HDF5File {
  /// Makes a dataset of texts, (texts), with the groups it lies in. Stored as UTF-8 strings of variable length, which h5py
  /// reads as such; a text ends at a NUL character, if it has one. For one process.
  package func write(texts: [String], to dataset: String) throws {
    let what = "cannot write the dataset '\(dataset)'"
    let type = try variableText(what), extent = [hsize_t(texts.count)]
    let space = Handle(try check(what, H5Screate_simple(1, extent, nil)), H5Sclose)
    let links = Handle(try check(what, H5Pcreate(gpa_h5_link_creation())), H5Pclose)
    let ids = (type: type.id, space: space.id, links: links.id), none = gpa_h5_default()
    _ = try check(what, H5Pset_create_intermediate_group(ids.links, 1))
    _ = try check(what, H5Pset_char_encoding(ids.links, H5T_CSET_UTF8))
    let made = Handle(try check(what, H5Dcreate2(id, dataset, ids.type, ids.space, ids.links, none, none)), H5Dclose)
    let madeID = made.id
    guard !texts.isEmpty else { return }
    let copies = texts.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    _ = try check(what, H5Dwrite(madeID, ids.type, gpa_h5_all(), gpa_h5_all(), none, copies))
  }

  /// The texts of a dataset of one dimension, of strings of fixed or variable length. Throws where it is not there, holds no
  /// texts, or claims more of them than its file can hold.
  package func texts(of dataset: String) throws -> [String] {
    let what = "cannot read the dataset '\(dataset)'"
    let open = try Dataset(dataset, of: self), openID = open.handle.id
    let type = Handle(try check(what, H5Dget_type(openID)), H5Tclose)
    return try texts(of: open, type.id, memory: type.id, what)
  }

  /// The texts of one field of a dataset of records.
  package func texts(of dataset: String, field: String) throws -> [String] {
    let what = "cannot read the field '\(field)' of the dataset '\(dataset)'"
    let open = try Dataset(dataset, of: self), openID = open.handle.id
    let type = Handle(try check(what, H5Dget_type(openID)), H5Tclose), typeID = type.id
    let index = try check(what, H5Tget_member_index(typeID, field))
    let member = Handle(try check(what, H5Tget_member_type(typeID, UInt32(index))), H5Tclose), memberID = member.id
    let bytes = Library.locked { H5Tget_size(memberID) }
    // The library fills those fields of memory that have a name in the file.
    let memory = Handle(try check(what, H5Tcreate(H5T_COMPOUND, max(bytes, 1))), H5Tclose), memoryID = memory.id
    _ = try check(what, H5Tinsert(memoryID, field, 0, memberID))
    return try texts(of: open, memberID, memory: memoryID, what)
  }

  /// The numbers of one field of a dataset of records. Throws where they are none.
  package func numbers(of dataset: String, field: String) throws -> [Double] {
    let what = "cannot read the field '\(field)' of the dataset '\(dataset)'"
    let open = try Dataset(dataset, of: self), openID = open.handle.id
    guard open.shape.count == 1, let count = open.shape.first, try count <= max(size(), Self.freeBytes) / 8 else {
      throw failure(what, "its shape is \(open.shape)")
    }
    let memory = Handle(try check(what, H5Tcreate(H5T_COMPOUND, 8)), H5Tclose), memoryID = memory.id
    _ = try check(what, H5Tinsert(memoryID, field, 0, Double.nativeType))
    var values = [Double](repeating: 0, count: count)
    guard count > 0 else { return [] }
    _ = try check(what, H5Dread(openID, memoryID, gpa_h5_all(), gpa_h5_all(), gpa_h5_default(), &values))
    return values
  }

  /// The texts of a type, read into memory of a type of the same size.
  private func texts(of open: borrowing Dataset, _ type: hid_t, memory: hid_t, _ what: String) throws -> [String] {
    guard Library.locked({ H5Tget_class(type) }) == H5T_STRING else { throw failure(what, "it does not hold texts") }
    let openID = open.handle.id
    guard open.shape.count == 1, let count = open.shape.first, try count <= max(size(), Self.freeBytes) / 8 else {
      throw failure(what, "its shape is \(open.shape)")
    }
    guard count > 0 else { return [] }
    guard try check(what, H5Tis_variable_str(type)) > 0 else {
      let length = Library.locked { H5Tget_size(type) }
      guard length > 0, try length <= max(size(), Self.freeBytes) / count else {
        throw failure(what, "it claims texts of \(length) bytes")
      }
      var bytes = [UInt8](repeating: 0, count: count * length)
      _ = try check(what, H5Dread(openID, memory, gpa_h5_all(), gpa_h5_all(), gpa_h5_default(), &bytes))
      return (0..<count).map { i in
        String(decoding: bytes[i * length..<(i + 1) * length].prefix { $0 != 0 }, as: UTF8.self)
      }
    }
    var starts = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
    _ = try check(what, H5Dread(openID, memory, gpa_h5_all(), gpa_h5_all(), gpa_h5_default(), &starts))
    defer { for start in starts { Library.locked { _ = H5free_memory(start) } } }
    return starts.map { $0.map { String(cString: $0) } ?? "" }
  }
}
