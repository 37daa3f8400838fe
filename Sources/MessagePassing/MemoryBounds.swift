import Glibc
import Parameters

/// Something needs more memory than there is.
package struct MemoryError: InputError, Equatable {
  /// What needs it, in the plural.
  package let what: String
  /// How many bytes.
  package let needed: Double
  /// What bounds it, in words.
  package let bound: String
  /// What can be done, in words; empty where the bound says it all.
  package var advice = ""
  /// One sentence for people.
  package var description: String {
    "\(what) need \(bytesInWords(needed)), and \(bound)" + (advice.isEmpty ? "" : "; \(advice)")
  }

  package init(what: String, needed: Double, bound: String, advice: String = "") {
    self.what = what
    self.needed = needed
    self.bound = bound
    self.advice = advice
  }
}

/// A bound on memory.
package struct MemoryBound: Sendable, Equatable {
  /// The bytes that can be had beside those in use.
  package let left: Double
  /// The bound in words.
  package let words: String
}

/// The memory that can be had, looked at before anything large is allocated or read: where an allocation fails, or the
/// system ends a process for want of memory, there is no message of ours any more.
package enum MemoryBounds {
  /// The least of what all processes of a machine, a container or a job share: memory of the machine, of which what the
  /// `others` of this job hold is taken off, control groups, strict accounting.
  package static func shared(besides others: Double = 0) -> MemoryBound? {
    (ControlGroup.memory() + [machine(besides: others), commitment].compactMap { $0 }).min { $0.left < $1.left }
  }

  /// The least of what this process alone can have.
  package static func own() -> MemoryBound? { [addressSpace, data].compactMap { $0 }.min { $0.left < $1.left } }

  /// The limit on this process's address space, all that is mapped.
  static var addressSpace: MemoryBound? { limit(RLIMIT_AS, "address space", "-v", used: "VmSize") }

  /// The limit on this process's data, the memory of its own that it can write to.
  static var data: MemoryBound? { limit(RLIMIT_DATA, "data", "-d", used: "VmData") }

  /// Bytes for which nobody looks, as a look takes some tenths of a millisecond.
  private static let little = 1e6

  /// Throws a ``MemoryError`` where this process cannot have so many bytes more.
  package static func require(_ bytes: Double, for what: @autoclosure () -> String, advice: String = "") throws {
    guard bytes > little else { return }
    for bound in [shared(), own()].compactMap({ $0 }) where bytes > bound.left {
      throw MemoryError(what: what(), needed: bytes, bound: bound.words, advice: advice)
    }
  }

  /// Throws a ``MemoryError`` where a limit leaves less than MPI and OpenBLAS take of themselves, whatever they are used for.
  /// Open MPI ends by a signal where it gets only a part.
  static func requireForStart() throws {
    for case (let bytes, let bound?) in [(360e6, addressSpace), (200e6, data)] where bytes > bound.left {
      throw MemoryError(
        what: "MPI and OpenBLAS", needed: bytes, bound: bound.words, advice: "raise the limit to 1 GB or more")
    }
  }

  /// The machine's memory; what other processes use of it changes and is not taken off, what this one uses is.
  private static func machine(besides others: Double) -> MemoryBound? {
    let present = Double(sysconf(Int32(_SC_PHYS_PAGES))) * Double(sysconf(Int32(_SC_PAGESIZE)))
    guard present > 0 else { return nil }
    return MemoryBound(
      left: present - resident - others, words: "this machine has \(bytesInWords(present)) of memory")
  }

  /// Bytes of this process's own that are in memory now.
  package static var resident: Double { StatusFile("/proc/self/status").kilobytes("RssAnon") ?? 0 }

  /// What the kernel promises in all where it promises no more than it has.
  private static var commitment: MemoryBound? {
    guard StatusFile.text("/proc/sys/vm/overcommit_memory")?.hasPrefix("2") == true else { return nil }
    let memory = StatusFile("/proc/meminfo")
    guard let all = memory.kilobytes("CommitLimit"), let used = memory.kilobytes("Committed_AS") else { return nil }
    return MemoryBound(
      left: all - used,
      words: "this machine promises \(bytesInWords(all)) in all (vm.overcommit_memory is 2), of which "
        + "\(bytesInWords(all - used)) are left")
  }

  private static func limit(_ resource: __rlimit_resource, _ name: String, _ option: String, used field: String)
    -> MemoryBound?
  {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0, limit.rlim_cur != rlim_t.max,
      let used = StatusFile("/proc/self/status").kilobytes(field)
    else { return nil }
    let bytes = Double(limit.rlim_cur)
    return MemoryBound(
      left: bytes - used,
      words: "the \(name) of a process is limited to \(bytesInWords(bytes)) (ulimit \(option)), of which "
        + "\(bytesInWords(bytes - used)) are left")
  }
}
