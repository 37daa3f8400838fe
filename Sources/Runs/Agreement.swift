import Glibc
import MessagePassing
import Storage

/// What all ranks of a job must have alike, compared before it is relied upon.
package enum Agreement {
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

  /// Throws on all ranks, naming those that differ, unless all have the same deck and the same target samples. Collective.
  static func requireSameData(_ setup: Setup) throws {
    guard setup.communicator.size > 1 else { return }
    try setup.communicator.requireSame(Checksum.of(Array(setup.deck.text.utf8)), "the deck")
    try setup.communicator.requireSame(setup.targetChecksum, "the target samples")
  }

  /// The same for where the run stands: the step and the network, of which every rank has a copy. Collective.
  static func requireSameState(_ setup: Setup, step: Int) throws {
    let communicator = setup.communicator, network = setup.network
    guard communicator.size > 1 else { return }
    try communicator.requireSame(UInt64(bitPattern: Int64(step)), "the step")
    try communicator.requireSame(
      Checksum.of(network.stored, count: network.layout.count),
      "the network; on machines with different processors, OPENBLAS_CORETYPE makes them compute alike")
  }
}
