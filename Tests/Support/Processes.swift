import Foundation

/// Starts a program, searched on PATH, as the leader of a new process group with nothing to read, in this working
/// directory. A program that is not on PATH shows as exit code 127.
func spawn(
  _ command: [String], environment: [String: String], folder: String, output: String, errors: String
) throws -> pid_t {
  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  let writing = O_WRONLY | O_CREAT | O_TRUNC | O_APPEND
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
  posix_spawn_file_actions_addopen(&actions, 1, output, writing, 0o644)
  posix_spawn_file_actions_addopen(&actions, 2, errors, writing, 0o644)

  var attributes = posix_spawnattr_t()
  posix_spawnattr_init(&attributes)
  defer { posix_spawnattr_destroy(&attributes) }
  var none = sigset_t(), all = sigset_t()
  sigemptyset(&none)
  sigfillset(&all)
  posix_spawnattr_setsigmask(&attributes, &none)
  posix_spawnattr_setsigdefault(&attributes, &all)
  posix_spawnattr_setpgroup(&attributes, 0)
  posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

  if let program = command.first, program.contains("/"), access(program, X_OK) != 0 {
    throw SupportError("cannot start \(program): \(String(cString: strerror(errno)))")
  }
  let started = ["/usr/bin/env", "-C", folder] + command
  var arguments: [UnsafeMutablePointer<CChar>?] = started.map { strdup($0) } + [nil]
  var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
  defer { (arguments + variables).forEach { free($0) } }

  var process: pid_t = 0
  let code = posix_spawn(&process, started[0], &actions, &attributes, &arguments, &variables)
  guard code == 0 else { throw SupportError("cannot start \(started[0]): \(String(cString: strerror(code)))") }
  return process
}

/// A process's descendants at one moment, each known by number and start time, so that a number that is used again is
/// not taken for it.
struct ProcessFamily {
  private struct Member {
    let process: pid_t
    let parent: pid_t
    let state: String
    let started: String
  }

  private let members: [Member]
  private let root: pid_t

  init(of root: pid_t) {
    self.root = root
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    let processes = names.compactMap { pid_t($0) }.sorted().compactMap(Self.look)
    var family: Set<pid_t> = [root]
    var found: [Member] = []
    var grew = true
    while grew {
      grew = false
      for one in processes where family.contains(one.parent) && !family.contains(one.process) {
        family.insert(one.process)
        found.append(one)
        grew = true
      }
    }
    members = found
  }

  /// The direct children, in the order of their numbers.
  var children: [pid_t] { members.filter { $0.parent == root }.map(\.process) }

  /// Kills those that are still there and waits, two seconds at most, until none runs.
  func kill() {
    for one in members where Self.isRunning(one) { Foundation.kill(one.process, SIGKILL) }
    for _ in 0..<400 where members.contains(where: Self.isRunning) { usleep(5000) }
  }

  /// Whether there is such a process that has not ended; one that nobody has waited for yet counts as ended.
  static func isRunning(_ process: pid_t) -> Bool { look(process).map { $0.state != "Z" } ?? false }

  private static func isRunning(_ one: Member) -> Bool {
    look(one.process).map { $0.started == one.started && $0.state != "Z" } ?? false
  }

  private static func look(_ process: pid_t) -> Member? {
    guard let data = FileManager.default.contents(atPath: "/proc/\(process)/stat") else { return nil }
    // The name, in parentheses, may hold anything; the fields that count stand behind the last one.
    let text = String(decoding: data, as: UTF8.self)
    guard let end = text.lastIndex(of: ")") else { return nil }
    let fields = text[text.index(after: end)...].split(separator: " ")
    guard fields.count > 19, let parent = pid_t(fields[1]) else { return nil }
    return Member(process: process, parent: parent, state: String(fields[0]), started: String(fields[19]))
  }
}
