import CHDF5

extension HDF5File {
  /// Makes a group, with those above it, where it is not there yet. For one process.
  package func makeGroup(_ path: String) throws {
    guard try !exists(path) else { return }
    let what = "cannot make the group '\(path)'"
    let links = Handle(try check(what, H5Pcreate(gpa_h5_link_creation())), H5Pclose), linkID = links.id
    _ = try check(what, H5Pset_create_intermediate_group(linkID, 1))
    _ = try check(what, H5Pset_char_encoding(linkID, H5T_CSET_UTF8))
    let made = Handle(
      try check(what, H5Gcreate2(id, path, linkID, gpa_h5_default(), gpa_h5_default())), H5Gclose)
    _ = consume made
  }

  /// Removes a group with all that is in it, or a dataset, where it is there. For one process.
  package func remove(_ path: String) throws {
    guard try exists(path) else { return }
    _ = try check("cannot remove '\(path)'", H5Ldelete(id, path, gpa_h5_default()))
  }

  /// Makes a dataset of one text, with the groups it lies in. For one process.
  package func write(text: String, to dataset: String) throws {
    let what = "cannot write the dataset '\(dataset)'"
    let type = try variableText(what)
    let space = Handle(try check(what, H5Screate(H5S_SCALAR)), H5Sclose)
    let links = Handle(try check(what, H5Pcreate(gpa_h5_link_creation())), H5Pclose)
    let ids = (type: type.id, space: space.id, links: links.id), none = gpa_h5_default()
    _ = try check(what, H5Pset_create_intermediate_group(ids.links, 1))
    let made = Handle(try check(what, H5Dcreate2(id, dataset, ids.type, ids.space, ids.links, none, none)), H5Dclose)
    let madeID = made.id
    try text.withCString { start in
      var start: UnsafePointer<CChar>? = start
      _ = try check(what, H5Dwrite(madeID, ids.type, gpa_h5_all(), gpa_h5_all(), none, &start))
    }
  }
}
