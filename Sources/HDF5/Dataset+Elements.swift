import CHDF5

/// What the elements of a dataset are.
package enum Elements: Equatable {
  /// Floating-point numbers or integers of so many bytes.
  case floats(bytes: Int)
  case integers(bytes: Int)
  /// Booleans: an enumeration of FALSE and TRUE, perhaps with NA, or bits.
  case booleans(bits: Bool)
  case texts
  /// Records of named fields.
  case records([String])
  /// An enumeration of names that are no booleans.
  case enumeration([String])
  /// Anything else, in words.
  case others(String)
  /// The dataset has no elements at all (h5py.Empty).
  case none

  /// Whether they are read as numbers.
  package var areNumbers: Bool {
    switch self {
    case .floats, .integers, .booleans: true
    case .texts, .records, .enumeration, .others, .none: false
    }
  }

  /// The elements in words, such as "texts".
  package var inWords: String {
    switch self {
    case .floats, .integers: "numbers"
    case .booleans: "booleans"
    case .texts: "texts"
    case .records(let fields): "records of the fields \(shown(fields))"
    case .enumeration(let names): "an enumeration of \(shown(names))"
    case .others(let words): words
    case .none: "nothing"
    }
  }

  private func shown(_ names: [String]) -> String {
    names.prefix(12).joined(separator: ", ") + (names.count > 12 ? ", ..." : "")
  }
}

extension HDF5File {
  /// What the elements of a dataset are.
  package func elements(of dataset: String) throws -> Elements {
    let what = "cannot read the type of the dataset '\(dataset)'", opened = try open(dataset: dataset)
    let openedID = opened.id
    let space = Handle(try check(what, H5Dget_space(openedID)), H5Sclose), spaceID = space.id
    guard Library.locked({ H5Sget_simple_extent_type(spaceID) }) != H5S_NULL else { return .none }
    return try elements(ofObject: openedID, what)
  }

  func elements(ofObject dataset: hid_t, _ what: String) throws -> Elements {
    let type = Handle(try check(what, H5Dget_type(dataset)), H5Tclose), typeID = type.id
    let (kind, bytes) = Library.locked { (H5Tget_class(typeID), max(1, H5Tget_size(typeID))) }
    switch kind {
    case H5T_FLOAT: return .floats(bytes: bytes)
    case H5T_INTEGER: return .integers(bytes: bytes)
    case H5T_BITFIELD: return bytes == 1 ? .booleans(bits: true) : .others("bit fields of \(bytes) bytes")
    case H5T_STRING: return .texts
    case H5T_COMPOUND:
      let names = try memberNames(of: typeID, what)
      return [["r", "i"], ["real", "imag"]].contains(names) ? .others("complex numbers") : .records(names)
    case H5T_ENUM:
      let names = try memberNames(of: typeID, what)
      // h5py writes FALSE and TRUE, hdf5r NA as well; the values must be those of numbers.
      let words = names.map { $0.uppercased() }
      for (word, value) in [("FALSE", 0), ("TRUE", 1)] {
        guard let index = words.firstIndex(of: word), try enumerator(index, of: typeID, what) == value else {
          return .enumeration(names)
        }
      }
      return Set(words).isSubset(of: ["FALSE", "TRUE", "NA"]) ? .booleans(bits: false) : .enumeration(names)
    case H5T_REFERENCE: return .others("references to other objects")
    case H5T_VLEN: return .others("lists of different lengths")
    case H5T_ARRAY: return .others("small arrays as elements")
    case H5T_OPAQUE: return .others("opaque bytes")
    default: return .others("elements of an unknown type")
    }
  }

  private func memberNames(of type: hid_t, _ what: String) throws -> [String] {
    let count = try check(what, H5Tget_nmembers(type))
    return (0..<max(count, 0)).map { index in
      Library.locked {
        let name = H5Tget_member_name(type, UInt32(index))
        defer { _ = H5free_memory(name) }
        return name.map { String(cString: $0) } ?? ""
      }
    }
  }

  /// The value of a member of an enumeration.
  private func enumerator(_ index: Int, of type: hid_t, _ what: String) throws -> Int {
    let base = Handle(try check(what, H5Tget_super(type)), H5Tclose), baseID = base.id
    let bytes = Library.locked { H5Tget_size(baseID) }
    guard bytes > 0, bytes <= 8 else { return -1 }
    // The library converts in place, from the file's bytes to 8 of this machine.
    var value: Int64 = 0
    _ = try check(what, H5Tget_member_value(type, UInt32(index), &value))
    let native = gpa_h5_native_int64()
    _ = try check(what, H5Tconvert(baseID, native, 1, &value, nil, gpa_h5_default()))
    return Int(value)
  }
}
