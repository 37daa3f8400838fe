import CHDF5
import Glibc
import Parameters

extension HDF5File {
  /// Changes a file in one process such that it can be read whenever the process is killed meanwhile, `bytes` being what it
  /// may grow by. Throws before anything is changed where the disk has no room.
  ///
  /// HDF5 writes the length of a file last; until then what it has written already may point behind the end. So the file
  /// is made longer first, and its new length is noted in it before the changes, which HDF5 keeps in memory, are written.
  package static func change(_ path: String, adding bytes: Int, _ body: (HDF5File) throws -> Void) throws {
    try DiskRoom.require(bytes + DiskRoom.margin, for: path)
    let file = try HDF5File(appending: path)
    try body(file)
    try file.noteLength()
    try file.close()
  }

  /// Writes the length that the file will have into its superblock of version 0, 8 bytes at 40 (HDF5 file format
  /// specification, II.A). Does nothing where the file has another superblock or is shorter than that.
  private func noteLength() throws {
    var end: haddr_t = 0
    let what = "cannot note the length of the file"
    _ = try check(what, H5Fget_eoa(id, &end))
    let descriptor = Glibc.open(path.system, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(what, String(cString: strerror(errno))) }
    defer { Glibc.close(descriptor) }
    var head = [UInt8](repeating: 0, count: 15), status = stat()
    let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A, 0]
    guard pread(descriptor, &head, head.count, 0) == head.count, head.starts(with: signature), head[13] == 8,
      fstat(descriptor, &status) == 0, end <= UInt64(status.st_size)
    else { return }
    let bytes = withUnsafeBytes(of: end.littleEndian) { Array($0) }
    guard pwrite(descriptor, bytes, bytes.count, 40) == bytes.count else {
      throw failure(what, String(cString: strerror(errno)))
    }
  }
}
