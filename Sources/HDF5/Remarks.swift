import CHDF5

/// What a dataset says of its numbers: which of them stand for no value, and whether they are packed.
package struct Remarks {
  /// Numbers that stand for no value, as the dataset's type holds them, each with what says so.
  package var missing: [(value: Double, name: String)] = []
  /// The range of valid numbers.
  package var valid = -Double.infinity...Double.infinity
  /// The attribute by which the numbers are no values yet, such as a scale that is not 1.
  package var packing: String?

  /// Whether every number is a value.
  package var areEmpty: Bool { missing.isEmpty && packing == nil && valid == -Double.infinity...Double.infinity }

  /// Why a number is no value, in words; nil where it is one.
  package func reason(against number: Double) -> String? {
    for (value, name) in missing where number == value {
      return "\(shown(number)) stands for a missing value (\(name))"
    }
    guard !valid.contains(number), !number.isNaN else { return nil }
    return "\(shown(number)) is outside of the dataset's valid range, \(valid.lowerBound) to \(valid.upperBound)"
  }

  private func shown(_ number: Double) -> String {
    Double(Float(number)) == number ? "\(Float(number))" : "\(number)"
  }
}

extension HDF5File {
  /// What a dataset says of its numbers: by its fill value and by attributes of netCDF (CF conventions), HDF-EOS and R.
  package func remarks(on dataset: String) throws -> Remarks {
    let open = try Dataset(dataset, of: self), elements = try open.elements()
    var remarks = Remarks(), range = (lower: -Double.infinity, upper: Double.infinity)
    if let fill = try open.declaredFill(), fill != 0, fill.isFinite {
      remarks.missing.append((fill, "the dataset's fill value"))
    }
    for name in try open.attributeNames() {
      let key = name.lowercased().filter { $0 != "_" }
      if key == "rhdf5-na.ok", elements == .integers(bytes: 4) {
        remarks.missing.append((Double(Int32.min), "NA in R"))
      }
      if key == "unsigned", (try? text(attribute: name, of: dataset))?.lowercased() == "true" {
        remarks.packing = "\(name) true"
      }
      guard Self.meaningful.contains(key) else { continue }
      let given = numbers(attribute: name, of: dataset), values = given.map { elements.rounded($0) }
      switch key {
      case "scalefactor": if let scale = given.first(where: { $0 != 1 }) { remarks.packing = "\(name) \(scale)" }
      case "addoffset": if let offset = given.first(where: { $0 != 0 }) { remarks.packing = "\(name) \(offset)" }
      case "validmin": if let value = values.first { range.lower = max(range.lower, value) }
      case "validmax": if let value = values.first { range.upper = min(range.upper, value) }
      case "validrange":
        if values.count == 2 { range = (max(range.lower, values[0]), min(range.upper, values[1])) }
      default: remarks.missing += values.map { ($0, "its attribute \(name)") }
      }
    }
    if range.lower <= range.upper { remarks.valid = range.lower...range.upper }
    return remarks
  }

  /// Attributes that say something of the numbers, in small letters without underscores.
  private static let meaningful: Set<String> = [
    "fillvalue", "missingvalue", "nodata", "nodatavalue", "scalefactor", "addoffset", "validmin", "validmax",
    "validrange",
  ]

  /// The numbers of an attribute, also of one that is a text; none where it holds anything else.
  private func numbers(attribute name: String, of dataset: String) -> [Double] {
    if let values = try? values(attribute: name, of: dataset, as: Double.self) { return values.filter { !$0.isNaN } }
    return [(try? text(attribute: name, of: dataset)).flatMap { Double($0) }].compactMap { $0 }.filter { !$0.isNaN }
  }
}

extension Elements {
  /// A number as elements of this type hold it.
  fileprivate func rounded(_ number: Double) -> Double {
    switch self {
    case .floats(bytes: 2): Double(Float16(number))
    case .floats(bytes: 4): Double(Float(number))
    default: number
    }
  }
}

extension Dataset {
  /// The fill value that was given on purpose; nil where there is none, or for elements of a byte, all of whose values are in
  /// use.
  fileprivate func declaredFill() throws -> Double? {
    let list = try properties(), id = list.id
    let what = "cannot read the fill value of the dataset '\(name)'"
    switch try elements() {
    case .integers(let bytes) where bytes > 1: break
    case .floats: break
    default: return nil
    }
    var status = H5D_FILL_VALUE_ERROR
    _ = try file.check(what, H5Pfill_value_defined(id, &status))
    guard status == H5D_FILL_VALUE_USER_DEFINED else { return nil }
    var value = 0.0
    _ = try file.check(what, H5Pget_fill_value(id, gpa_h5_native_double(), &value))
    return value
  }

  /// The names of its attributes.
  fileprivate func attributeNames() throws -> [String] {
    let id = file.id, path = name, none = gpa_h5_default(), what = "cannot list the attributes of the dataset '\(name)'"
    var count: hsize_t = 0
    _ = try file.check(what, gpa_h5_attribute_count(id, path, &count))
    return try (0..<count).map { index in
      var text = [CChar](repeating: 0, count: 1025)
      _ = try file.check(
        what, H5Aget_name_by_idx(id, path, H5_INDEX_NAME, H5_ITER_INC, index, &text, text.count - 1, none))
      return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }
}
