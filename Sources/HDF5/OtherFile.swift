import Glibc
import Parameters

/// Files that an HDF5 file names: targets of external links, sources of virtual datasets, raw numbers.
enum OtherFile {
  /// Where the library finds such a file: under its absolute name, or else in the folders that the environment gives, in that
  /// of the file that names it, in the working directory. Nil where no regular file is there.
  static func find(_ name: String, besides folder: String, variable: String) -> String? {
    var candidates: [String] = []
    var rest = name
    if name.hasPrefix("/") {
      candidates.append(name)
      rest = name.split(separator: "/").last.map { String($0) } ?? name
    }
    if let list = getenv(variable).map({ String(cString: $0) }) {
      for prefix in list.split(separator: ":") { candidates.append("\(prefix)/\(rest)") }
    }
    candidates += [folder + "/" + rest, rest]
    return candidates.first { isRegular($0) }
  }

  /// The bytes of a file; nil where it is none.
  static func bytes(of path: String) -> Int? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
  }

  /// What tells a file from all others, whatever its name.
  static func identity(of path: String) -> [UInt64]? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return [UInt64(status.st_dev), UInt64(status.st_ino)]
  }

  private static func isRegular(_ path: String) -> Bool { bytes(of: path) != nil }
}
