import Flows
import MessagePassing
import Numerics
import Runs
import Testing
import Transport

/// Fresh samples, copies, and particles that have not arrived.
@Suite(.serialized) struct MemoryTests {
  private nonisolated(unsafe) static let world: Communicator? = try? Environment.start().world

  private func rows(_ count: Int, key: Int, shift: Double = 0) -> Matrix {
    var stream = RandomNumbers(seed: 5, purpose: .test).stream(key)
    let matrix = Matrix(rows: count, columns: 3)
    for i in 0..<matrix.count { matrix.elements[i] = Float(stream.normal() + shift) }
    return matrix
  }

  private func memory(_ particles: Matrix, _ targets: Matrix) throws -> Double {
    let blocks = Blocks(rows: particles.rows, atMost: 256)
    let set = ParticleSet(
      name: "particles", positions: particles, rows: OwnRows(blocks: blocks, own: 0..<blocks.count))
    return try Memory(of: set, targets: targets).look(at: set, on: try #require(Self.world))
  }

  @Test func freshSamplesAreFresh() throws {
    #expect(abs(try memory(rows(2000, key: 1), rows(300, key: 2)) - 0.5) < 0.05)
  }

  /// However far off they are.
  @Test func particlesThatHaveNotArrivedAreNoCopies() throws {
    #expect(try memory(rows(500, key: 1, shift: 30), rows(300, key: 2)) < 0.5)
  }

  @Test func copiesAreTold() throws {
    let targets = rows(300, key: 2), copies = rows(900, key: 3)
    for i in 0..<900 {
      for j in 0..<3 { copies[i, j] = targets[i % 300, j] + 0.01 * copies[i, j] }
    }
    #expect(try memory(copies, targets) > 0.95)
    #expect(Memory.limit(targets: 300) > 0.5 && Memory.limit(targets: 300) < 0.55)
  }
}
