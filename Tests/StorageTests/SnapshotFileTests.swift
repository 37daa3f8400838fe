import Foundation
import MessagePassing
import Numerics
import Storage
import Support
import Testing

@Suite(.serialized) struct SnapshotFileTests {
  let folder: TemporaryFolder
  let world: Communicator
  private var path: String { folder.file("checkpoint.gpa") }

  init() throws {
    folder = try TemporaryFolder()
    world = try Environment.start().world
  }

  /// A snapshot with arrays of both types and two matrices whose elements follow from a seed.
  private func snapshot(seed: Float, rows: Int = 7) -> Snapshot {
    func matrix(_ rows: Int, _ columns: Int) -> Matrix {
      let matrix = Matrix(rows: rows, columns: columns)
      for i in 0..<matrix.count { matrix.elements[i] = seed + Float(i) / 7 }
      return matrix
    }
    var snapshot = Snapshot()
    snapshot.add("parameters", [seed, 1.5, -0])
    snapshot.add("limits", [Double(seed), .infinity])
    snapshot.add("empty", [Double]())
    snapshot.add("metrics", (0..<5).map { Double(seed) / Double($0 + 1) })
    snapshot.add("particles", matrix(rows, 3), own: 0..<rows, of: rows)
    snapshot.add("generated", matrix(2, 3), own: 0..<2, of: 2)
    return snapshot
  }

  private func write(_ snapshot: Snapshot) throws {
    try SnapshotFile.write(snapshot, fields: [("deck", "a: 1\nb: ä\n"), ("version", "x")], to: path, on: world)
  }

  @Test func everythingComesBack() throws {
    let written = snapshot(seed: 3), template = snapshot(seed: 0)
    try write(written)
    let file = try SnapshotFile.open(path, on: world)
    #expect(file.field("deck") == "a: 1\nb: ä\n" && file.field("version") == "x" && file.field("none") == nil)
    #expect(file.rows(of: "particles") == 7 && file.rows(of: "parameters") == nil)
    let found = try file.read(into: template)
    #expect(found.arrays.map(\.name) == written.arrays.map(\.name))
    for (a, b) in zip(found.arrays, written.arrays) { #expect(a.values == b.values, "\(a.name)") }
    for (a, b) in zip(template.rows, written.rows) {
      for i in 0..<a.matrix.count { #expect(a.matrix.elements[i] == b.matrix.elements[i]) }
    }
  }

  /// No changed byte and no cut goes unnoticed, and what is damaged is named.
  @Test func everyByteCounts() throws {
    try write(snapshot(seed: 3))
    let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    func damage(_ bytes: [UInt8]) throws -> String? {
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      do {
        _ = try SnapshotFile.open(path, on: world).read(into: snapshot(seed: 0))
        return nil
      } catch let damage as SnapshotDamage { return damage.description }
    }
    #expect(try damage(whole) == nil)
    for i in whole.indices {
      for bit in [0, 3, 7] {
        var bytes = whole
        bytes[i] ^= 1 << UInt8(bit)
        #expect(try damage(bytes) != nil, "byte \(i), bit \(bit)")
      }
    }
    for count in 0..<whole.count { #expect(try damage(Array(whole.prefix(count))) != nil, "cut to \(count)") }
    #expect(try damage(whole + [0])?.contains("end is damaged") == true)
    var bytes = whole
    bytes[whole.count - 1] ^= 1
    #expect(try damage(bytes)?.contains("the array 'generated' is damaged") == true)
  }

  /// A head that was made to pass its checksum still cannot ask for more than the file holds.
  @Test(arguments: [
    "float64 parameters 9223372036854775807 1\n", "float64 parameters 18446744073709551615 1\n",
    "float64 parameters -1 1\n", "rows particles 4611686018427387904 4 1\n", "rows particles 1 0 1\n",
    "field deck 99999999999\n", "field deck\n", "float64 a\n", "no line feed", "float32 a 1000000000 1\n",
    "float32 a 1 1\nfloat32 a 1 1\n",
  ])
  func hostileHeads(text: String) throws {
    let bytes = Array(text.utf8)
    let numbers: [UInt64] = [0x7061_6e73_2d61_7067, 1, UInt64(bytes.count), Checksum.of(bytes)]
    let file = numbers.flatMap { number in withUnsafeBytes(of: number.littleEndian) { Array($0) } } + bytes
    try Data(file + [UInt8](repeating: 0, count: 4096)).write(to: URL(fileURLWithPath: path))
    #expect(throws: SnapshotDamage.self) { try SnapshotFile.open(path, on: world) }
  }

  /// A whole file whose arrays are as many as the run's, but not the run's.
  @Test func everyArrayIsRead() throws {
    let sum = Checksum.of([Float](repeating: 0, count: 2))
    let text = Array("float32 a 2 \(sum)\nrows b 1 2 \(sum)\n".utf8)
    let numbers: [UInt64] = [0x7061_6e73_2d61_7067, 1, UInt64(text.count), Checksum.of(text)]
    var file = numbers.flatMap { number in withUnsafeBytes(of: number.littleEndian) { Array($0) } } + text
    file += [UInt8](repeating: 0, count: (file.count + 63) / 64 * 64 + 72 - file.count)
    try Data(file).write(to: URL(fileURLWithPath: path))
    var template = Snapshot()
    template.add("a", [Float](repeating: 1, count: 2))
    template.add("b", [Float](repeating: 1, count: 2))
    let opened = try SnapshotFile.open(path, on: world)
    #expect { try opened.read(into: template) } throws: { "\($0)".contains("lacks an array") }
  }

  @Test func anotherRunsSizesAreNamed() throws {
    try write(snapshot(seed: 3))
    let file = try SnapshotFile.open(path, on: world)
    #expect { try file.read(into: snapshot(seed: 0, rows: 8)) } throws: { "\($0)".contains("'particles'") }
    var more = snapshot(seed: 0)
    more.add("velocity", [1.0])
    #expect { try file.read(into: more) } throws: { "\($0)".contains("lacks an array") }
    #expect { try SnapshotFile.open(folder.file("absent"), on: world) } throws: { "\($0)".contains("absent") }
  }
}
