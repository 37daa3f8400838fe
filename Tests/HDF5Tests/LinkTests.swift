import Foundation
import HDF5
import Support
import Testing

@Suite struct LinkTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A file with links of all kinds, and one that they lead to.
  private func linked() throws -> HDF5File? {
    let script = """
      import h5py, os, sys
      folder = os.path.dirname(sys.argv[1])
      os.mkdir(folder + "/sub")
      with h5py.File(folder + "/sub/other.h5", "w") as f:
        f["g/far"] = [1.0, 2.0, 3.0]
      os.mkfifo(folder + "/pipe.h5")
      with h5py.File(sys.argv[1], "w") as f:
        f["g/near"] = [4.0, 5.0]
        f["hard"] = f["g/near"]
        f["soft"] = h5py.SoftLink("/g/near")
        f["g/beside"] = h5py.SoftLink("near")
        f["alias"] = h5py.SoftLink("/g")
        f["away"] = h5py.ExternalLink("sub/other.h5", "/g/far")
        f["group"] = h5py.ExternalLink("sub/other.h5", "/g")
        f["through"] = h5py.SoftLink("/group/far")
        f["loop"] = h5py.SoftLink("/loop")
        f["nowhere"] = h5py.SoftLink("/g/none")
        f["gone"] = h5py.ExternalLink("gone.h5", "/x")
        f["pipe"] = h5py.ExternalLink("pipe.h5", "/x")
        f["absent"] = h5py.ExternalLink("sub/other.h5", "/x")
      """
    guard try python(script, folder.file("links.h5")) == "" else { return nil }
    return try HDF5File(reading: folder.file("links.h5"))
  }

  @Test func linksLeadToTheirTargets() throws {
    guard let file = try linked() else { return }
    for path in ["hard", "/soft", "g/beside", "alias/near", "g//near"] {
      #expect(try file.place(of: path) == .dataset && file.values(of: path) == [4, 5] as [Float], "\(path)")
    }
    for path in ["away", "group/far", "through"] {
      #expect(try file.place(of: path) == .dataset && file.values(of: path) == [1, 2, 3] as [Float], "\(path)")
      #expect(try file.end(of: path).file.path.hasSuffix("sub/other.h5"))
    }
    #expect(try file.place(of: "alias") == .group && file.place(of: "group") == .group && file.place(of: "/") == .group)
    #expect(try file.place(of: "g/none") == .absent && file.place(of: "soft/none") == .absent)
  }

  @Test(arguments: [
    ("loop", "'/loop' is a soft link to '/loop'"), ("nowhere", "to '/g/none', which is not there"),
    ("gone", "to '/x' in the file 'gone.h5', which is not there"),
    ("pipe", "in the file 'pipe.h5', which is not there"),
    ("absent", "to '/x' in the file 'sub/other.h5', which is not there"), ("gone/x", "'gone.h5'"),
  ])
  func linksThatLeadNowhere(path: String, part: String) throws {
    guard let file = try linked() else { return }
    guard case .lost(let reason) = try file.place(of: path) else {
      Issue.record("\(path) leads somewhere")
      return
    }
    #expect(reason.contains(part), "\(reason)")
  }

  @Test func datasetsAreListedOnce() throws {
    guard let file = try linked() else { return }
    #expect(try file.datasets() == ["g/near"])
    let (paths, lost) = try file.allDatasets()
    #expect(paths == ["g/near", "away"] && lost.count == 5)
  }
}
