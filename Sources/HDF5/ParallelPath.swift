import Glibc
import Parameters

/// The name by which MPI's file layer opens a file. It takes what stands before a colon for the kind of a file system; so a file
/// whose path has one is named by its open folder, as long as that is open.
struct ParallelPath: ~Copyable {
  /// The name.
  let path: String
  private let folder: Int32

  /// The name of a file; its own where it is not opened by many ranks.
  init(_ path: String, isShared: Bool) {
    guard isShared, path.contains(":") else {
      self.path = path
      folder = -1
      return
    }
    let slash = path.lastIndex(of: "/"), parent = slash.map { String(path[...$0]) } ?? "."
    folder = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    let name = slash.map { path[path.index(after: $0)...] } ?? path[...]
    self.path = folder < 0 ? path : "/proc/self/fd/\(folder)/\(name)"
  }

  deinit { if folder >= 0 { close(folder) } }
}
