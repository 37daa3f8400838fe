import Foundation
import Support
import Testing

/// Processors that lack what the program was built with, played by qemu's user mode.
@Suite struct ProcessorTests {
  private static let emulator = "/usr/bin/qemu-x86_64"
  private static let isHere = FileManager.default.isExecutableFile(atPath: emulator)

  /// A sentence and exit code 2, and no illegal instruction, whatever is asked.
  @Test(.enabled(if: isHere, "qemu-user is not installed"), arguments: ["--version", "--help", "run"])
  func olderProcessor(_ word: String) throws {
    let process = Process(), errors = Pipe()
    process.executableURL = URL(fileURLWithPath: Self.emulator)
    process.arguments = ["-cpu", "Nehalem", try product(named: "gpa-mpi"), word]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    try process.run()
    let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 2, "\(said)")
    #expect(said.contains("instructions, which this one lacks; build it here (make build)"), "\(said)")
  }
}
