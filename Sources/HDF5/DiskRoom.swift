import CHDF5
import Glibc
import Parameters

/// Room on a disk. HDF5 does not survive a disk that fills up while it closes a file, and the file may not either, so
/// there has to be enough before a file is touched.
package enum DiskRoom {
  /// What HDF5 writes beside the data.
  package static let margin = 1 << 17

  /// Throws a ``HDF5Error`` unless this many bytes can be added to a file, which is made where it is not there yet.
  /// They are added to its end as zeros, so that the file is never shorter than HDF5's notes in it say, whenever the
  /// process is killed; HDF5 takes away what it does not need when it closes the file. Not collective.
  package static func require(_ bytes: Int, for path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw failure(path, bytes, errno) }
    defer { close(descriptor) }
    let end = lseek(descriptor, 0, SEEK_END)
    var status = statvfs()
    let isKnown = fstatvfs(descriptor, &status) == 0 && status.f_frsize > 0 && status.f_blocks > 0
    // Some file systems give all that is left before they say that it is not enough.
    if isKnown, UInt(bytes) / status.f_frsize >= status.f_bavail { throw failure(path, bytes, ENOSPC) }
    if gpa_allocate(descriptor, end, off_t(bytes)) == 0 { return }
    let reason = errno
    guard reason == EOPNOTSUPP || reason == ENOSYS || reason == EINTR else {
      ftruncate(descriptor, end)
      throw failure(path, bytes, reason)
    }
    guard isKnown else { return }
    guard ftruncate(descriptor, end + off_t(bytes)) == 0 else { throw failure(path, bytes, errno) }
  }

  /// An error of a write with the reason that MPI's layer leaves out: that the disk is full, where it is.
  static func explained(_ error: HDF5Error) -> HDF5Error {
    var status = statvfs()
    guard statvfs(error.path, &status) == 0, status.f_frsize > 0, status.f_bavail < UInt(margin) / status.f_frsize
    else {
      return error
    }
    let reason = String(cString: strerror(ENOSPC))
    guard !error.text.contains(reason) else { return error }
    return HDF5Error(path: error.path, what: error.what, text: "\(reason); \(error.text)", exitCode: error.exitCode)
  }

  private static func failure(_ path: String, _ bytes: Int, _ number: Int32) -> HDF5Error {
    let what = "cannot add \((bytes + 999) / 1000) kB to the file"
    return HDF5Error(path: path, what: what, text: String(cString: strerror(number)), exitCode: 1)
  }
}
