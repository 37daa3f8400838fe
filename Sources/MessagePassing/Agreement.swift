import Glibc
import Parameters

/// A failure that all ranks know of: each throws one of these from the same call, so none is left waiting in a
/// communication, and all can end in the same way.
package struct AgreedError: Error, CustomStringConvertible {
  /// What happened, on the one rank that reports it; nil on the others.
  package let cause: (any Error)?
  /// The exit code of the job, the same on every rank.
  package let exitCode: Int32

  /// The cause in words.
  package var description: String { cause.map { "\($0)" } ?? "another rank failed" }
}

/// Ranks that should hold the same and do not.
package struct Disagreement: Error, CustomStringConvertible {
  /// What they should agree on, such as "the deck".
  package let what: String
  /// The ranks that differ from most.
  package let ranks: [Int]
  /// The machines they run on.
  package let hosts: [String]
  /// In words.
  package var description: String {
    "\(rankList(ranks)) (on \(hosts.joined(separator: ", "))) and the other ranks do not agree on \(what)"
  }

  /// The ranks whose value is not that of most, or else of the lowest rank; none where all agree.
  package static func minority(of values: [UInt64]) -> [Int] {
    let counts = Dictionary(values.map { ($0, 1) }, uniquingKeysWith: +)
    let most = counts.values.max() ?? 0
    guard let common = values.first(where: { counts[$0] == most }) else { return [] }
    return values.indices.filter { values[$0] != common }
  }
}

extension Communicator {
  /// Throws an ``AgreedError`` on all ranks, caused by a ``Disagreement``, unless all hold the same number. Collective.
  package func requireSame(_ number: UInt64, _ what: String) throws {
    guard size > 1 else { return }
    let ranks = Disagreement.minority(of: try gather(number))
    guard !ranks.isEmpty else { return }
    let names = try hostNames()
    var hosts: [String] = []
    for rank in ranks where !hosts.contains(names[rank]) { hosts.append(names[rank]) }
    try onRoot { () throws -> Void in throw Disagreement(what: what, ranks: ranks, hosts: hosts) }
  }

  /// The names of the machines that the ranks run on, in the order of the ranks. Collective.
  package func hostNames() throws -> [String] {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    var short = SIMD64<UInt8>()
    for (i, character) in name.prefix(64).enumerated() { short[i] = UInt8(bitPattern: character) }
    return try gather(short).map { bytes in
      String(decoding: (0..<64).map { bytes[$0] }.prefix { $0 != 0 }, as: UTF8.self)
    }
  }

  /// The exit code of an error: its own where it has one, else 1.
  private func exitCode(of error: any Error) -> Int32 {
    (error as? any ExitCoded)?.exitCode ?? (error as? AgreedError)?.exitCode ?? 1
  }

  /// Runs a body on every rank; where it throws on any, all throw an ``AgreedError``, and the lowest such rank holds the
  /// cause. Collective; the body itself must communicate only in ways that no error of another rank can block.
  package func together<T>(_ body: () throws -> T) throws -> T {
    var outcome: Result<T, any Error>
    do { outcome = .success(try body()) } catch { outcome = .failure(error) }
    var code: Int32 = 0
    if case .failure(let error) = outcome { code = exitCode(of: error) }
    let codes = size == 1 ? [code] : try gather(code)
    guard let first = codes.firstIndex(where: { $0 != 0 }) else { return try outcome.get() }
    guard first == rank, case .failure(let error) = outcome else {
      throw AgreedError(cause: nil, exitCode: codes[first])
    }
    throw AgreedError(cause: (error as? AgreedError)?.cause ?? error, exitCode: codes[first])
  }

  /// Runs a body on the root alone and gives its value to all; where it throws, all throw an ``AgreedError``. Collective.
  package func onRoot<T: BitwiseCopyable>(_ body: () throws -> T) throws -> T {
    let value = try together { isRoot ? try body() : nil }
    guard size > 1 else { return try require(value) }
    // A rank without the value lends the broadcast memory of the right size.
    return try withUnsafeTemporaryAllocation(of: T.self, capacity: 1) { memory in
      if let value { memory.initializeElement(at: 0, to: value) }
      try broadcast(UnsafeMutableRawBufferPointer(memory), from: 0)
      return memory[0]
    }
  }

  /// Runs a body without a value on the root alone; where it throws, all throw an ``AgreedError``. Collective.
  package func onRoot(_ body: () throws -> Void) throws {
    try together { if isRoot { try body() } }
  }

  /// Runs a body on the root alone and gives its text to all; where it throws, all throw an ``AgreedError``. Collective.
  package func onRoot(_ body: () throws -> String) throws -> String {
    let text = try together { isRoot ? try body() : "" }
    return try broadcast(text, from: 0)
  }

  private func require<T>(_ value: T?) throws -> T {
    guard let value else { throw MPIError(function: "onRoot", text: "the root has no value") }
    return value
  }
}
