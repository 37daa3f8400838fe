import CHDF5
import Glibc
import Parameters

/// An HDF5 file, opened by one process or, over an MPI communicator, by all of its ranks together.
///
/// In a file opened by many ranks everything but ``write(_:to:rows:frame:)`` and the reading functions is collective.
/// Files are never locked, so whoever looks into one while it is written disturbs nobody. A row is an index of a
/// dataset's first dimension; rows are stored one after the other.
package final class HDF5File {
  /// Where the file is.
  package let path: String
  /// Bytes of the file when it was opened; 0 for a new one.
  private let sizeAtOpening: Int
  let isWritable: Bool
  private(set) var id: hid_t = -1
  /// What stands in memory for datasets that the library cannot open, by their paths.
  var rewritten: [String: Rewritten] = [:]
  private let place: ParallelPath

  /// Opens an existing file that is only read.
  package init(reading path: String) throws {
    self.path = path
    isWritable = false
    place = ParallelPath(path, isShared: false)
    sizeAtOpening = try Self.size(of: path, exitCode: 2)
    let access = try access(on: nil)
    id = try check("cannot open it as an HDF5 file", H5Fopen(path.system, gpa_h5_read_only(), access.id))
  }

  /// Makes a new file, or replaces one. Collective over the communicator, an `MPI_Comm`; nil for one process.
  package init(creating path: String, on communicator: OpaquePointer? = nil) throws {
    self.path = path
    isWritable = true
    place = ParallelPath(path, isShared: communicator != nil)
    sizeAtOpening = 0
    let access = try access(on: communicator)
    id = try check(
      "cannot create the file", H5Fcreate(place.path.system, gpa_h5_truncate(), gpa_h5_default(), access.id))
  }

  /// Opens an existing file for reading and writing. Collective over the communicator, an `MPI_Comm`; nil for one process.
  package init(appending path: String, on communicator: OpaquePointer? = nil) throws {
    self.path = path
    isWritable = true
    place = ParallelPath(path, isShared: communicator != nil)
    sizeAtOpening = try Self.size(of: path, exitCode: 1)
    let access = try access(on: communicator)
    id = try check("cannot open the file for writing", H5Fopen(place.path.system, gpa_h5_read_write(), access.id))
  }

  deinit { try? close() }

  /// Writes everything to the file and closes it; every later call on it throws. Closing twice does nothing.
  package func close() throws {
    guard id >= 0 else { return }
    let closing = id
    id = -1
    rewritten = [:]
    _ = try check("cannot close the file", H5Fclose(closing))
  }

  /// Whether a group or a dataset of this path is there.
  package func exists(_ object: String) throws -> Bool {
    var prefix = ""
    for part in object.split(separator: "/") {
      prefix += "/" + part
      let name = prefix
      guard try check("cannot look for '\(name)'", H5Lexists(id, name, gpa_h5_default())) > 0 else { return false }
    }
    return id >= 0
  }

  /// The paths of all datasets, without a slash in front, in alphabetical order within each group. A dataset under several
  /// names is listed once; soft and external links are not followed.
  package func datasets() throws -> [String] { try datasets(below: id) }

  /// The paths of all datasets below a group, from it on.
  func datasets(below group: hid_t) throws -> [String] {
    let names = Names()
    let context = Unmanaged.passUnretained(names).toOpaque()
    _ = try check(
      "cannot list the datasets",
      gpa_h5_visit(
        group,
        { _, name, info, context in
          guard let name, let context, let info, gpa_h5_is_dataset(info) != 0 else { return 0 }
          Unmanaged<Names>.fromOpaque(context).takeUnretainedValue().all.append(String(cString: name))
          return 0
        }, context))
    return withExtendedLifetime(names) { names.all }
  }

  /// The folder of a file.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The bytes of the file at present.
  func size() throws -> Int {
    guard isWritable else { return sizeAtOpening }
    var size: hsize_t = 0
    _ = try check("cannot tell the file's size", H5Fget_filesize(id, &size))
    return Int(clamping: size)
  }

  /// Throws the library's text where a call returns a negative number: the one place where return codes are looked at.
  func check<T: SignedInteger>(_ what: @autoclosure () -> String, _ body: @autoclosure () -> T) throws -> T {
    let (result, text) = Library.call(body)
    guard result < 0 else { return result }
    throw failure(what(), text)
  }

  /// An error of this file.
  func failure(_ what: String, _ text: String) -> HDF5Error {
    HDF5Error(path: path, what: what, text: text, exitCode: isWritable ? 1 : 2)
  }

  /// The properties with which the file is opened: no locks, objects closed with it, serial or over MPI.
  private func access(on communicator: OpaquePointer?) throws -> Handle {
    let what = "cannot set the file's access properties"
    let list = Handle(try check(what, H5Pcreate(gpa_h5_file_access())), H5Pclose)
    let id = list.id
    _ = try check(what, H5Pset_fclose_degree(id, H5F_CLOSE_STRONG))
    _ = try check(what, gpa_h5_lock_no_files(id))
    // Nothing is reserved in blocks, so that the length of a file is known before it is closed.
    _ = try check(what, H5Pset_meta_block_size(id, 0))
    _ = try check(what, H5Pset_small_data_block_size(id, 0))
    if let communicator { _ = try check(what, H5Pset_fapl_mpio(id, communicator, gpa_h5_info_null())) }
    return list
  }

  private static func size(of path: String, exitCode: Int32) throws -> Int {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw HDF5Error(path: path, what: "cannot open", text: String(cString: strerror(errno)), exitCode: exitCode)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw HDF5Error(path: path, what: "is not a file", text: "", exitCode: exitCode)
    }
    return Int(status.st_size)
  }
}

/// Names that a walk of the library collects.
final class Names {
  var all: [String] = []
}
