import CHDF5
import Synchronization

/// The C library: all calls into it pass here, one at a time, as it is not safe for threads.
enum Library {
  private static let lock = Mutex(())

  /// Makes the library ready, with the printing of errors off; once a process. Files are closed by us, and not once more
  /// at the end of the process, which the library does not survive where one could not be closed.
  private static let isStarted: Bool = {
    H5dont_atexit() >= 0 && H5open() >= 0 && H5Eset_auto2(gpa_h5_error_stack(), nil, nil) >= 0
  }()

  /// Runs a body that calls the library.
  static func locked<T>(_ body: () -> T) -> T {
    lock.withLock { _ in
      _ = isStarted
      return body()
    }
  }

  /// The result of a call that reports failure by a negative number, and then the library's text.
  static func call<T: SignedInteger>(_ body: () -> T) -> (result: T, text: String) {
    locked {
      let result = body()
      return (result, result < 0 ? errorText() : "")
    }
  }

  /// The innermost entry of the error stack: the reason.
  private static func errorText() -> String {
    var text = ""
    withUnsafeMutablePointer(to: &text) { text in
      _ = H5Ewalk2(
        gpa_h5_error_stack(), H5E_WALK_UPWARD,
        { depth, entry, context in
          guard depth == 0, let entry, let context else { return 0 }
          let function = entry.pointee.func_name.map { String(cString: $0) } ?? "HDF5"
          let reason = entry.pointee.desc.map { String(cString: $0) } ?? "unknown error"
          context.assumingMemoryBound(to: String.self).pointee = "\(function): \(reason)"
          return 0
        }, text)
    }
    _ = H5Eclear2(gpa_h5_error_stack())
    return text.isEmpty ? "HDF5 gives no reason" : systemText(in: text) ?? newerFormat(text) ?? text
  }

  /// The way out, where a file has a part of a version that the library does not know.
  private static func newerFormat(_ text: String) -> String? {
    let words = ["bad", "wrong", "unknown"]
    guard
      text.contains("version") && words.contains(where: { text.contains($0) })
        || text.contains("unknown datatype class")
    else { return nil }
    let version = String(cString: gpa_h5_version()).split(separator: " ").last.map { String($0) } ?? ""
    return "\(text): it is \(newer) than \(version), or damaged; write it again with "
      + "h5py.File(..., libver='earliest'), or convert it: h5repack --low=0 --high=2 OLD NEW"
  }

  private static let newer = "written by a newer HDF5"

  /// Whether a text says that the library does not know the version of something.
  static func isNewer(_ text: String) -> Bool { text.contains(newer) }

  /// What the system said, where the library quotes it among much else.
  private static func systemText(in text: String) -> String? {
    let parts = text.split(separator: "error message = '", maxSplits: 1)
    return parts.count == 2 ? parts[1].split(separator: "'").first.map { String($0) } : nil
  }
}

/// An open object of the library, closed at the end of its scope.
struct Handle: ~Copyable {
  let id: hid_t
  private let closing: @Sendable (hid_t) -> herr_t

  init(_ id: hid_t, _ closing: @escaping @Sendable (hid_t) -> herr_t) {
    self.id = id
    self.closing = closing
  }

  deinit {
    let id = id, closing = closing
    Library.locked { _ = closing(id) }
  }
}

extension HDF5File {
  /// The library and its version.
  package static var library: String {
    var major: UInt32 = 0, minor: UInt32 = 0, release: UInt32 = 0
    guard Library.locked({ H5get_libversion(&major, &minor, &release) }) >= 0 else { return "HDF5" }
    return "HDF5 \(major).\(minor).\(release)"
  }
}
