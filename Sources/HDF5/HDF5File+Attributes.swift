import CHDF5
import Glibc

extension HDF5File {
  /// Whether a group or a dataset, by default the root group, has an attribute of this name.
  package func hasAttribute(_ name: String, of object: String = "/") throws -> Bool {
    try check(
      "cannot look for the attribute '\(name)' of '\(object)'", H5Aexists_by_name(id, object, name, gpa_h5_default()))
      > 0
  }

  /// Removes an attribute; nothing happens where there is none.
  package func delete(attribute name: String, of object: String = "/") throws {
    guard try hasAttribute(name, of: object) else { return }
    _ = try check(
      "cannot delete the attribute '\(name)' of '\(object)'", H5Adelete_by_name(id, object, name, gpa_h5_default()))
  }

  /// Writes a text of any length as an attribute, in the place of an older one. Stored as a UTF-8 string of variable
  /// length, which h5py reads as `str`; such a string ends at a NUL character, if it has one.
  package func write(attribute name: String, text: String, of object: String = "/") throws {
    let what = "cannot write the attribute '\(name)' of '\(object)'"
    let type = try variableText(what)
    let space = Handle(try check(what, H5Screate(H5S_SCALAR)), H5Sclose)
    let attribute = try replace(name, of: object, type: type.id, space: space.id)
    let typeID = type.id, attributeID = attribute.id
    try text.withCString { start in
      var start: UnsafePointer<CChar>? = start
      _ = try check(what, H5Awrite(attributeID, typeID, &start))
    }
  }

  /// Writes a number as an attribute, in the place of an older one.
  package func write<T: HDF5Number>(attribute name: String, value: T, of object: String = "/") throws {
    let space = Handle(try check("cannot write the attribute '\(name)'", H5Screate(H5S_SCALAR)), H5Sclose)
    try write(attribute: name, values: [value], space: space.id, of: object)
  }

  /// Writes a vector of numbers, at most 64 kB, as an attribute, in the place of an older one.
  package func write<T: HDF5Number>(attribute name: String, values: [T], of object: String = "/") throws {
    let extent = [hsize_t(values.count)]
    let space = Handle(
      try check("cannot write the attribute '\(name)'", H5Screate_simple(1, extent, nil)), H5Sclose)
    try write(attribute: name, values: values, space: space.id, of: object)
  }

  /// The text of an attribute of one string, of fixed or variable length.
  package func text(attribute name: String, of object: String = "/") throws -> String {
    let what = "cannot read the attribute '\(name)' of '\(object)'"
    let attribute = try open(name, of: object)
    let attributeID = attribute.id
    let type = Handle(try check(what, H5Aget_type(attributeID)), H5Tclose)
    let typeID = type.id
    guard Library.locked({ H5Tget_class(typeID) }) == H5T_STRING else { throw failure(what, "it is not a text") }
    guard try count(of: attribute, what) == 1 else { throw failure(what, "it is not one text") }
    if try check(what, H5Tis_variable_str(typeID)) > 0 {
      let memory = Handle(try check(what, H5Tcopy(typeID)), H5Tclose)
      let memoryID = memory.id
      var start: UnsafeMutablePointer<CChar>?
      _ = try check(what, H5Aread(attributeID, memoryID, &start))
      defer { Library.locked { _ = H5free_memory(start) } }
      return start.map { String(cString: $0) } ?? ""
    }
    let length = Library.locked { H5Tget_size(typeID) }
    guard try length <= max(size(), Self.freeBytes) else { throw failure(what, "it claims \(length) bytes") }
    var bytes = [UInt8](repeating: 0, count: length)
    _ = try check(what, H5Aread(attributeID, typeID, &bytes))
    while bytes.last == 0 { bytes.removeLast() }
    return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }

  /// The numbers of an attribute, one or many, in row order.
  package func values<T: HDF5Number>(attribute name: String, of object: String = "/", as type: T.Type = T.self) throws
    -> [T]
  {
    let what = "cannot read the attribute '\(name)' of '\(object)'"
    let attribute = try open(name, of: object)
    let attributeID = attribute.id
    let type = Handle(try check(what, H5Aget_type(attributeID)), H5Tclose)
    let typeID = type.id
    let kind = Library.locked { H5Tget_class(typeID) }
    guard kind == H5T_INTEGER || kind == H5T_FLOAT else { throw failure(what, "it does not hold numbers") }
    let count = try count(of: attribute, what)
    guard try count <= max(size(), Self.freeBytes) else { throw failure(what, "it claims \(count) numbers") }
    var values = [T](repeating: .zero, count: count)
    _ = try check(what, H5Aread(attributeID, T.nativeType, &values))
    return values
  }

  private func write<T: HDF5Number>(attribute name: String, values: [T], space: hid_t, of object: String) throws {
    let type = Library.locked { T.nativeType }
    let attribute = try replace(name, of: object, type: type, space: space)
    let attributeID = attribute.id
    _ = try check("cannot write the attribute '\(name)' of '\(object)'", H5Awrite(attributeID, type, values))
  }

  func variableText(_ what: String) throws -> Handle {
    let type = Handle(try check(what, H5Tcopy(gpa_h5_c_string())), H5Tclose)
    let typeID = type.id
    _ = try check(what, H5Tset_size(typeID, gpa_h5_variable_length()))
    _ = try check(what, H5Tset_cset(typeID, H5T_CSET_UTF8))
    return type
  }

  /// An attribute to be written: the old one where it has this type and shape, as then little of the file changes, or else
  /// a new one in its place.
  private func replace(_ name: String, of object: String, type: hid_t, space: hid_t) throws -> Handle {
    if try hasAttribute(name, of: object) {
      let old = try open(name, of: object), oldID = old.id
      let what = "cannot look at the attribute '\(name)' of '\(object)'"
      let oldType = Handle(try check(what, H5Aget_type(oldID)), H5Tclose)
      let oldSpace = Handle(try check(what, H5Aget_space(oldID)), H5Sclose)
      let types = (oldType.id, oldSpace.id)
      if try check(what, H5Tequal(types.0, type)) > 0, try check(what, H5Sextent_equal(types.1, space)) > 0 {
        return old
      }
    }
    try delete(attribute: name, of: object)
    let none = gpa_h5_default()
    return Handle(
      try check(
        "cannot write the attribute '\(name)' of '\(object)'",
        H5Acreate_by_name(id, object, name, type, space, none, none, none)), H5Aclose)
  }

  private func open(_ name: String, of object: String) throws -> Handle {
    let none = gpa_h5_default()
    return Handle(
      try check(
        "cannot open the attribute '\(name)' of '\(object)'", H5Aopen_by_name(id, object, name, none, none)), H5Aclose)
  }

  private func count(of attribute: borrowing Handle, _ what: String) throws -> Int {
    let attributeID = attribute.id
    let space = Handle(try check(what, H5Aget_space(attributeID)), H5Sclose)
    let spaceID = space.id
    return Int(try check(what, H5Sget_simple_extent_npoints(spaceID)))
  }
}
