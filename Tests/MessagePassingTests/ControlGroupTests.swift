import Foundation
import MessagePassing
import Support
import Testing

/// The bounds of control groups, read from a tree as the system shows it.
@Suite struct ControlGroupTests {
  private let root: TemporaryFolder

  init() throws { root = try TemporaryFolder() }

  private func write(_ files: [String: String]) throws {
    for (name, text) in files {
      var folder = root.url
      for part in name.split(separator: "/").dropLast() { folder.appendPathComponent(String(part)) }
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      _ = try root.write(text, to: name)
    }
  }

  private var bounds: [MemoryBound] { ControlGroup.memory(root: root.path) }

  @Test func secondVersion() throws {
    try write([
      "proc/self/cgroup": "0::/job/step\n",
      "proc/self/mountinfo": "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw\n",
      "sys/fs/cgroup/job/step/memory.max": "max\n", "sys/fs/cgroup/job/step/memory.current": "5\n",
      "sys/fs/cgroup/job/memory.max": "600000000\n", "sys/fs/cgroup/job/memory.current": "250000000\n",
      "sys/fs/cgroup/job/memory.stat": "anon 1\ninactive_file 90000000\nactive_file 10000000\n",
    ])
    // The nearest has no limit, the top has no file: the one between counts, and pages of files are given back.
    #expect(bounds.map(\.left) == [450e6])
    #expect(bounds[0].words.contains("limited to 600 MB") && bounds[0].words.contains("450 MB are left"))
  }

  @Test func firstVersionBesideTheSecond() throws {
    try write([
      "proc/self/cgroup": "4:cpu,cpuacct:/x\n7:memory:/slurm/job_1\n0::/x\n",
      "proc/self/mountinfo": "31 23 0:27 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n",
      "sys/fs/cgroup/memory/slurm/job_1/memory.limit_in_bytes": "300000000\n",
      "sys/fs/cgroup/memory/slurm/job_1/memory.usage_in_bytes": "100000000\n",
      "sys/fs/cgroup/memory/slurm/memory.limit_in_bytes": "9223372036854771712\n",
      "sys/fs/cgroup/memory/slurm/memory.usage_in_bytes": "100000000\n",
    ])
    #expect(bounds.map(\.left) == [200e6])
  }

  /// A container sees its own group as the top of the mount.
  @Test func container() throws {
    try write([
      "proc/self/cgroup": "0::/docker/abc\n",
      "proc/self/mountinfo": "30 23 0:26 /docker/abc /sys/fs/cgroup ro - cgroup2 cgroup2 rw\n",
      "sys/fs/cgroup/memory.max": "1000000000\n", "sys/fs/cgroup/memory.current": "400000000\n",
    ])
    #expect(bounds.map(\.left) == [600e6])
  }

  @Test func nothingThere() { #expect(bounds.isEmpty) }
}
