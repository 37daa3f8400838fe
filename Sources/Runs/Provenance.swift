import CProcessor
import Glibc
import HDF5
import MessagePassing
import Numerics

/// What a result was made with: the program's build, its libraries, the machine and the time.
package enum Provenance {
  /// The program's version with its commit, where it was built from one.
  package static var program: String {
    let commit = String(cString: gpa_commit_text())
    return "gpa-mpi \(version)" + (commit.isEmpty ? "" : " (\(commit))")
  }

  /// The compiler, and the most that it asks of a processor.
  package static var build: String {
    var instructions: [String] = []
    while true {
      let name = gpa_instruction(Int32(instructions.count)).map { String(cString: $0) } ?? ""
      guard !name.isEmpty else { break }
      instructions.append(name)
    }
    let kernels = ["avx512f", "avx2"].first(where: instructions.contains) ?? "baseline"
    let compiler = String(cString: gpa_compiler_text()).prefix { $0 != "(" }.split(separator: " ").joined(
      separator: " ")
    return "\(compiler), \(kernels) kernels"
  }

  /// The libraries with their versions.
  package static var libraries: String { "\(Environment.library), \(BLAS.library), \(HDF5File.library)" }

  /// The time now, in UTC, as ISO 8601 has it.
  package static var now: String {
    var seconds = time(nil), parts = tm()
    gmtime_r(&seconds, &parts)
    return Text.format(
      "%04d-%02d-%02dT%02d:%02d:%02dZ", Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday),
      Int(parts.tm_hour), Int(parts.tm_min), Int(parts.tm_sec))
  }

  /// The name of this machine.
  package static var host: String {
    var parts = utsname()
    guard uname(&parts) == 0 else { return "" }
    return withUnsafeBytes(of: &parts.nodename) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }

  /// What is written into results, by name.
  static var attributes: [(name: String, text: String)] {
    [("program", program), ("build", build), ("libraries", libraries), ("host", host), ("started", now)]
  }
}
