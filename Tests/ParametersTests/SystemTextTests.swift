import Foundation
import Parameters
import Testing

/// Bytes that are no UTF-8 come back as they were.
@Suite struct SystemTextTests {
  private func bytes(_ text: String) -> [UInt8] { text.system.map { UInt8(bitPattern: $0) } }

  @Test(
    arguments: [
      [], Array("deck.yaml".utf8), Array("dé𝄞ck \u{10FFFD} \u{10FF80}".utf8), [0x64, 0xE9, 0x63], [0xFF, 0xFE, 0x80],
      [0xC3], [0xC3, 0xA9, 0xC3], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF4, 0x8F, 0xBF, 0xBF], [0xC0, 0x80],
      Array(0x80...0xFF),
    ] as [[UInt8]])
  func bytesComeBack(_ given: [UInt8]) {
    let text = String(system: given)
    #expect(bytes(text) == given + [0])
    #expect(
      (given + [0]).map { CChar(bitPattern: $0) }.withUnsafeBufferPointer { $0.baseAddress.map { String(system: $0) } }
        == text)
  }

  @Test func plainTextIsItself() {
    for text in ["", "run", "Größe/数.npy"] { #expect(String(system: Array(text.utf8)) == text) }
  }

  /// Different bytes are different texts, so that decks and folders are told apart.
  @Test func namesDiffer() {
    let names = (0x80...0xFF).map { String(system: [0x61, UInt8($0)]) }
    #expect(Set(names).count == 128)
  }

  @Test func filesAreFoundByTheirBytes() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/gpa-mpi-\(UUID().uuidString)"
    let name = folder + "/" + String(system: [0x61, 0xE9]), other = folder + "/" + String(system: [0xFF])
    #expect(mkdir(folder, 0o777) == 0)
    let file = open(name, O_WRONLY | O_CREAT, 0o666)
    close(file)
    var status = stat()
    #expect(file >= 0 && access(name, F_OK) == 0 && stat(name, &status) == 0 && rename(name, other) == 0)
    #expect(stat(name, &status) != 0 && lstat(other, &status) == 0 && unlink(other) == 0 && rmdir(folder) == 0)
  }
}
