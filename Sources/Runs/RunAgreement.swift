import Glibc
import MessagePassing

extension Run {
  /// Throws on all ranks, naming those that differ, unless all were started with the same words and are the same program
  /// to the byte: ranks of different builds or decks would communicate past each other. Collective.
  package static func requireSameStart(words: [String], on communicator: Communicator) throws {
    guard communicator.size > 1 else { return }
    try communicator.requireSame(
      Checksum.of(programBytes()), "the program, which must be the same file on all machines")
    let text = words.joined(separator: "\0") + "\0" + version
    try communicator.requireSame(Checksum.of(Array(text.utf8)), "the command line")
  }

  private static func programBytes() -> [UInt8] {
    guard let file = fopen("/proc/self/exe", "rb") else { return [] }
    defer { fclose(file) }
    var all: [UInt8] = [], part = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = fread(&part, 1, part.count, file)
      if count == 0 { return all }
      all += part.prefix(count)
    }
  }
}

extension RunAssembly {
  /// Throws on all ranks, naming those that differ, unless all have the same deck and the same target samples. Collective.
  func requireSameData(deckText: String) throws {
    guard communicator.size > 1 else { return }
    try communicator.requireSame(Checksum.of(Array(deckText.utf8)), "the deck")
    let rows = targetSet.rows
    try communicator.requireSame(Checksum.of(rows.elements, count: rows.count), "the target samples")
  }

  /// The same for where the run stands: the step and the network, of which every rank has a copy. Collective.
  func requireSameState(step: Int) throws {
    guard communicator.size > 1 else { return }
    try communicator.requireSame(UInt64(bitPattern: Int64(step)), "the step")
    try communicator.requireSame(
      Checksum.of(network.stored, count: network.parameterCount),
      "the network; on machines with different processors, OPENBLAS_CORETYPE makes them compute alike")
  }
}

/// An error after the first step began, with the way on.
package struct RunFault: Error, CustomStringConvertible {
  /// What happened.
  package let cause: any Error
  /// The command that continues the run.
  package let restartCommand: String
  /// Both, for people.
  package var description: String { "\(cause)\nto continue: \(restartCommand)" }
}
