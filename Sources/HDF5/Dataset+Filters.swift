import CHDF5

extension Dataset {
  /// The filters of its chunks that the library cannot undo, such as "lzf (number 32000)".
  func missingFilters() throws -> [String] {
    let what = "cannot read the filters of the dataset '\(name)'"
    let list = try properties(), id = list.id
    let count = Int(try file.check(what, H5Pget_nfilters(id)))
    var missing: [String] = []
    for index in 0..<max(count, 0) {
      var flags: UInt32 = 0, configuration: UInt32 = 0, parameters = 0
      var text = [CChar](repeating: 0, count: 257)
      let number = try file.check(
        what, H5Pget_filter2(id, UInt32(index), &flags, &parameters, nil, 256, &text, &configuration))
      guard Library.call({ H5Zfilter_avail(number) }).result <= 0 else { continue }
      let own = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      let known = Self.filterNames[Int(number)] ?? own.split(separator: ";").first.map { String($0) } ?? ""
      missing.append(known.isEmpty ? "number \(number)" : "\(known) (number \(number))")
    }
    return missing
  }

  /// Names by the numbers that The HDF Group registers.
  private static let filterNames = [
    4: "szip", 305: "LZO", 307: "bzip2", 32000: "LZF", 32001: "Blosc", 32002: "MAFISC", 32003: "Snappy", 32004: "LZ4",
    32006: "APAX", 32007: "CBF", 32008: "bitshuffle", 32009: "SPDP", 32010: "LPC-Rice", 32013: "ZFP", 32014: "fpzip",
    32015: "Zstandard", 32016: "B3D", 32017: "SZ", 32018: "FCIDECOMP", 32019: "JPEG", 32020: "VBZ", 32021: "FAPEC",
    32022: "BitGroom", 32023: "Granular BitRound", 32024: "SZ3", 32025: "Delta-Rice", 32026: "Blosc2",
    32027: "FLAC", 32028: "H5Z-SPERR", 32030: "BPC",
  ]
}
