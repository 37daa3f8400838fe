import Glibc
import Parameters
import Storage

/// What keeps a report from being drawn.
package enum ReportError: InputError {
  /// There is no gnuplot, or it cannot be started.
  case noGnuplot(reason: String)
  /// gnuplot ended with an error, or made nothing.
  case notDrawn(what: String)
  /// There is no run in a folder, or none that can be read.
  case noRun(folder: String, reason: String)

  /// One sentence for people.
  package var description: String {
    switch self {
    case .noGnuplot(let reason):
      "gnuplot cannot be started (\(reason)); install it (gnuplot-nox), or take the run folder to a machine that has it"
    case .notDrawn(let what): "gnuplot has not drawn a figure: \(what)"
    case .noRun(let folder, let reason): "'\(folder)' has no run to report (\(reason))"
    }
  }
}

/// Draws by gnuplot, a process of its own for each figure, in a folder that is removed again.
enum Gnuplot {
  /// The SVG that a script draws after its terminal was set. Throws a ``ReportError``.
  static func draw(_ script: String, width: Int, height: Int) throws -> [UInt8] {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array((base + "/gpa-mpi-report-XXXXXX").utf8CString)
    guard mkdtemp(&template) != nil else {
      throw ReportError.notDrawn(what: "no temporary folder in \(base): \(String(cString: strerror(errno)))")
    }
    let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let files = ["script", "figure.svg", "errors"].map { folder + "/" + $0 }
    defer {
      for file in files { unlink(file) }
      rmdir(folder)
    }
    let head = """
      set terminal svg size \(width),\(height) dynamic font "sans-serif,13" background "#ffffff"
      set output "\(files[1])"

      """
    try ByteFile.replace(files[0], with: Array((head + script).utf8))
    try start(files[0], errors: files[2])
    guard let figure = try? ByteFile.contents(of: files[1]), !figure.isEmpty else {
      throw ReportError.notDrawn(what: said(in: files[2]))
    }
    return figure
  }

  private static func start(_ script: String, errors: String) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors, O_WRONLY | O_CREAT, 0o600)
    var words: [UnsafeMutablePointer<CChar>?] = [strdup("gnuplot"), strdup(script), nil]
    defer { words.forEach { free($0) } }
    var process: pid_t = 0
    let code = posix_spawnp(&process, "gnuplot", &actions, nil, &words, environ)
    guard code == 0 else { throw ReportError.noGnuplot(reason: String(cString: strerror(code))) }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 { guard errno == EINTR else { break } }
    guard status == 0 else {
      throw ReportError.notDrawn(what: said(in: errors))
    }
  }

  private static func said(in file: String) -> String {
    String(decoding: (try? ByteFile.contents(of: file))?.prefix(500) ?? [], as: UTF8.self)
  }
}
