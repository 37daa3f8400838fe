import CZip
import Foundation
import MessagePassing
import Numerics
import Parameters
import Samples
import Testing
import YAML

/// All suites of the module run one after the other: they share one MPI.
@Suite(.serialized) enum SamplesSuite {}

enum Job {
  nonisolated(unsafe) static let world: Communicator? = try? Environment.start().world
}

/// A folder of its own that is removed in the end.
final class Folder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/samples-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ name: String, _ bytes: [UInt8]) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + name))
  }

  func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: path + "/" + name)))
  }

  func write(_ name: String, _ text: String) throws { try write(name, Array(text.utf8)) }

  /// Opens a source, given as the deck's mapping in JSON, and reads all its rows.
  func rows(_ json: String, role: SampleSource.Role = .source, seed: UInt64 = 1) throws -> Matrix {
    let world = try #require(Job.world)
    let source = try SampleSource.read(Tree(yaml: json, file: "deck"))
    let set = try source.open(role: role, seed: seed, folder: path, on: world)
    return try set.rows(0..<set.count, in: .none(dimension: set.dimension), on: world)
  }

  /// Opens a source, given as the deck's mapping in JSON.
  func table(_ json: String) throws -> SharedTable {
    let world = try #require(Job.world)
    let source = try SampleSource.read(Tree(yaml: json, file: "deck"))
    return try source.open(role: .source, seed: 1, folder: path, on: world)
  }

  /// What a source reads: its columns' names, its rows, and what a user is told.
  func reads(_ json: String) throws -> (names: [String]?, rows: [[Float]], notes: [String]) {
    let table = try table(json)
    return (table.columnNames, try table.excerpt(atMost: .max).array, table.notes)
  }

  /// The error that a source makes, in words.
  func message(_ json: String) -> String {
    do {
      let found = try rows(json)
      return "no error but \(found.rows) rows"
    } catch let error as AgreedError {
      return error.cause is SampleError ? "\(error)" : "not a SampleError: \(error)"
    } catch { return "not agreed: \(error)" }
  }
}

extension Matrix {
  var array: [[Float]] { (0..<rows).map { i in (0..<columns).map { self[i, $0] } } }
}

func bytes<T>(_ values: [T]) -> [UInt8] { values.withUnsafeBytes { Array($0) } }

/// A .npy file.
func npy(_ descr: String, _ shape: String, fortran: Bool = false, version: UInt8 = 1, _ payload: [UInt8]) -> [UInt8] {
  let text = "{'descr': '\(descr)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': \(shape), }"
  let header = Array((text + "\n").utf8)
  var length = [UInt8(header.count & 255), UInt8(header.count >> 8)]
  if version > 1 { length += [0, 0] }
  return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + header + payload
}

func gzip(_ content: [UInt8]) throws -> [UInt8] {
  let path = FileManager.default.temporaryDirectory.path + "/" + UUID().uuidString
  defer { try? FileManager.default.removeItem(atPath: path) }
  let file = gzopen(path, "wb")
  _ = content.withUnsafeBytes { gzwrite(file, $0.baseAddress, UInt32($0.count)) }
  gzclose(file)
  return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
}

/// A .npz file of members, stored or deflated.
func npz(_ members: [(String, [UInt8])], deflated: Bool) throws -> [UInt8] {
  let path = FileManager.default.temporaryDirectory.path + "/" + UUID().uuidString
  defer { try? FileManager.default.removeItem(atPath: path) }
  var code: Int32 = 0
  let archive = try #require(zip_open(path, ZIP_CREATE, &code))
  for (name, content) in members {
    let memory = try #require(malloc(content.count))
    content.withUnsafeBytes { if let start = $0.baseAddress { memcpy(memory, start, content.count) } }
    let source = zip_source_buffer(archive, memory, UInt64(content.count), 1)
    let index = zip_file_add(archive, name + ".npy", source, 0)
    zip_set_file_compression(archive, UInt64(index), Int32(deflated ? ZIP_CM_DEFLATE : ZIP_CM_STORE), 0)
  }
  #expect(zip_close(archive) == 0)
  return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
}

extension Excerpt {
  /// The rows as float32.
  var array: [[Float]] { (0..<count).map { row in (0..<dimension).map { Float(self[row, $0]) } } }
}
