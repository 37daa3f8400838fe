import Glibc

/// The job of a batch system that this process runs in.
package enum BatchJob {
  /// The seconds until Slurm ends the job; nil where there is none, or its end is not known. Asks `squeue` where the environment
  /// does not say it, as Slurm before version 22.05 does not.
  static func secondsLeft() -> Double? {
    func word(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
    if let end = word("SLURM_JOB_END_TIME").flatMap(Double.init) { return max(0, end - Double(time(nil))) }
    guard let job = word("SLURM_JOB_ID"), !job.isEmpty, job.utf8.allSatisfy({ (48...57).contains($0) }),
      let answer = popen("squeue -h -j \(job) -o %L 2>/dev/null", "r")
    else { return nil }
    defer { pclose(answer) }
    var line = [CChar](repeating: 0, count: 64)
    guard fgets(&line, Int32(line.count), answer) != nil else { return nil }
    return seconds(String(decoding: line.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
  }

  /// A time as Slurm writes it: [days-][[hours:]minutes:]seconds; nil where it is none, such as UNLIMITED.
  package static func seconds(_ text: String) -> Double? {
    let days = text.split(separator: "-", omittingEmptySubsequences: false)
    let parts = days.last?.split(separator: ":", omittingEmptySubsequences: false).map { Double($0) } ?? []
    guard (1...2).contains(days.count), (1...3).contains(parts.count), !parts.contains(nil) else { return nil }
    let time = parts.reduce(0) { $0 * 60 + ($1 ?? 0) }
    guard days.count == 2 else { return time }
    return Double(days[0]).map { 86400 * $0 + time }
  }
}
