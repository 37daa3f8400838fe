import CHDF5
import Synchronization

/// A file in memory with a dataset that the library can open, in the place of one that it cannot.
final class Rewritten {
  /// The file, of which nothing is ever stored.
  let file: hid_t
  /// The dataset in it.
  static let dataset = "x"
  /// What is known of its numbers, where that is known.
  var storage: Storage?
  /// How the name of such a file ends, behind the path of the one whose dataset it has and before a number.
  private static let ending = " (in memory) "
  /// How many there were: each has a name of its own, as the library takes files of one name for the same.
  private static let count = Atomic(0)

  init(besides file: HDF5File) throws {
    let what = "cannot make a file in memory"
    let list = Handle(try file.check(what, H5Pcreate(gpa_h5_file_access())), H5Pclose), listID = list.id
    _ = try file.check(what, H5Pset_fapl_core(listID, 1 << 20, false))
    _ = try file.check(what, H5Pset_fclose_degree(listID, H5F_CLOSE_STRONG))
    // Its name has the folder of the file, in which sources of virtual datasets are looked for.
    let name = file.path + Self.ending + "\(Self.count.add(1, ordering: .relaxed).newValue)"
    self.file = try file.check(what, H5Fcreate(name, gpa_h5_truncate(), gpa_h5_default(), listID))
  }

  deinit { Library.locked { _ = H5Fclose(file) } }

  /// The path of the file whose dataset a file of this name has; the name itself where it is no such file.
  static func origin(of name: String) -> String {
    let parts = name.split(separator: ending, omittingEmptySubsequences: false)
    guard parts.count > 1, let number = parts.last, Int(number) != nil else { return name }
    return String(name.dropLast(ending.count + number.count))
  }
}

extension HDF5File {
  /// Opens a dataset. One of a version that the library does not know is read as far as its header, index and parts go, and
  /// given to the library in a form that it knows, in memory, with its chunks as they are.
  func open(dataset: String) throws -> Handle {
    let what = "cannot open the dataset '\(dataset)'", fileID = id, none = gpa_h5_default()
    if let copy = rewritten[dataset]?.file {
      return Handle(try check(what, H5Dopen2(copy, Rewritten.dataset, none)), H5Dclose)
    }
    let (opened, text) = Library.call { H5Dopen2(fileID, dataset, none) }
    if opened >= 0 { return Handle(opened, H5Dclose) }
    guard !isWritable, Library.isNewer(text) else { throw failure(what, text) }
    let (file, path) = try end(of: dataset)
    guard let copy = try file.rewrite(path) else { throw failure(what, text) }
    rewritten[dataset] = copy
    return try open(dataset: dataset)
  }

  private func rewrite(_ path: String) throws -> Rewritten? {
    let memory = try Rewritten(besides: self)
    return try rewrite(path, to: memory.file, as: Rewritten.dataset) ? memory : nil
  }

  /// Makes a dataset of a newer version in a file in memory; false where it has something that the library cannot do.
  func rewrite(_ path: String, to memory: hid_t, as name: String, mayBeVirtual: Bool = true) throws -> Bool {
    var address: haddr_t = 0
    let fileID = id
    _ = try check("cannot find the dataset '\(path)'", gpa_h5_address(fileID, path, &address))
    guard let raw = RawFile(self.path), let place = Int(exactly: address), let old = NewerDataset(at: place, of: raw)
    else { return false }
    if case .virtual = old.layout, !mayBeVirtual { return false }
    return try old.write(to: memory, as: name, of: self, raw)
  }
}
