import Glibc
import Parameters

/// The control groups in which this process runs, version 1 or 2: a container's, a batch job's.
package enum ControlGroup {
  /// The bounds of this process's group and of all above it, nearest first. `root` is in front of all paths, for tests.
  package static func memory(root: String = "") -> [MemoryBound] {
    let groups = StatusFile.text(root + "/proc/self/cgroup") ?? "",
      mounts = StatusFile.text(root + "/proc/self/mountinfo") ?? ""
    var bounds: [MemoryBound] = []
    for line in groups.split(separator: "\n") {
      // number:controllers:path
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      let isSecond = parts[1].isEmpty
      guard isSecond || parts[1].split(separator: ",").contains("memory") else { continue }
      for mount in mounts.split(separator: "\n") {
        guard let folders = folders(of: String(parts[2]), in: mount, isSecond: isSecond) else { continue }
        bounds += folders.compactMap { bound(root + $0, isSecond: isSecond) }
        break
      }
    }
    return bounds
  }

  /// The folders of a group and of all above it under a mount, `id parent device root point options ... - type source
  /// options`; nil where the mount is not the one of the groups.
  private static func folders(of path: String, in mount: Substring, isSecond: Bool) -> [String]? {
    let words = mount.split(separator: " ")
    guard let dash = words.firstIndex(of: "-"), dash >= 6, words.count > dash + 3 else { return nil }
    let isRight =
      isSecond
      ? words[dash + 1] == "cgroup2"
      : words[dash + 1] == "cgroup" && words[dash + 3].split(separator: ",").contains("memory")
    guard isRight else { return nil }
    let top = words[3] == "/" ? "" : String(words[3]), point = String(words[4])
    // A container may see its own group as the top of the mount, and its path from outside.
    var rest = path.hasPrefix(top + "/") ? String(path.dropFirst(top.utf8.count)) : ""
    if rest.contains("/..") { rest = "" }
    var folders: [String] = []
    while !rest.isEmpty, rest != "/" {
      folders.append(point + rest)
      rest = String(rest[..<(rest.lastIndex(of: "/") ?? rest.startIndex)])
    }
    return folders + [point]
  }

  private static func bound(_ folder: String, isSecond: Bool) -> MemoryBound? {
    func number(_ name: String) -> Double? {
      StatusFile.text(folder + "/" + name).flatMap { Double($0.filter { !$0.isWhitespace }) }
    }
    // Version 1 says "no limit" by a number near 2^63, version 2 by a word.
    guard let limit = number(isSecond ? "memory.max" : "memory.limit_in_bytes"), limit < 1e18,
      let used = number(isSecond ? "memory.current" : "memory.usage_in_bytes")
    else { return nil }
    // Pages of files are given back where memory is needed.
    let parts = StatusFile(folder + "/memory.stat"), mark = isSecond ? "" : "total_"
    let pages = ["inactive_file", "active_file"].reduce(0.0) { $0 + (parts.number(mark + $1) ?? 0) }
    let left = limit - max(used - pages, 0)
    return MemoryBound(
      left: left,
      words:
        "the memory of this container or job is limited to \(bytesInWords(limit)) (control group \(folder)), of which "
        + "\(bytesInWords(left)) are left")
  }
}
