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
    guard try open.typeClass() == H5T_STRING else { throw failure(what, "it does not hold texts") }
    let count = open.shape.reduce(1, *)
    guard open.shape.count == 1, try count <= max(size(), Self.freeBytes) / 8 else {
      throw failure(what, "its shape is \(open.shape)")
    }
    let type = Handle(try check(what, H5Dget_type(openID)), H5Tclose), typeID = type.id
    guard count > 0 else { return [] }
    guard try check(what, H5Tis_variable_str(typeID)) > 0 else {
      let length = Library.locked { H5Tget_size(typeID) }
      guard length > 0, try length <= max(size(), Self.freeBytes) / count else {
        throw failure(what, "it claims texts of \(length) bytes")
      }
      var bytes = [UInt8](repeating: 0, count: count * length)
      _ = try check(what, H5Dread(openID, typeID, gpa_h5_all(), gpa_h5_all(), gpa_h5_default(), &bytes))
      return (0..<count).map { i in
        String(decoding: bytes[i * length..<(i + 1) * length].prefix { $0 != 0 }, as: UTF8.self)
      }
    }
    var starts = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
    _ = try check(what, H5Dread(openID, typeID, gpa_h5_all(), gpa_h5_all(), gpa_h5_default(), &starts))
    defer { for start in starts { Library.locked { _ = H5free_memory(start) } } }
    return starts.map { $0.map { String(cString: $0) } ?? "" }
  }
}
