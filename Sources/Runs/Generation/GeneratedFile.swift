import Glibc
import HDF5
import MessagePassing
import Numerics
import Parameters
import Storage
import Transforms

/// The file of generated rows, which all ranks write, each its own bytes at their place. It is made as OUTPUT.partial, with
/// its state beside it, and renamed when it is whole. Every function is collective, and where it fails all ranks throw.
final class GeneratedFile {
  /// Where the rows are in the end.
  let path: String
  private let format: GeneratedFormat
  private let communicator: Communicator
  private let columns: Int
  private let isDouble: Bool
  private let transforms: FittedTransforms
  private var state: GenerationState
  private var encoded: [UInt8] = []
  private var numbers32: [Float] = []
  private var numbers64: [Double] = []
  private var lastState = monotonicSeconds()

  /// The seconds between two states on the disk: what a killed job does once more.
  private static let stateSeconds = 2.0

  private var part: String { path + ".partial" }
  private var statePath: String { path + ".partial.state" }

  /// The rows that are there already.
  var rows: Int { state.rows }

  /// Begins a file of so many rows, or continues what a job of the same arguments left. Throws a ``GenerationError`` where
  /// something would be lost.
  init(
    _ path: String, rows: Int, columns: Int, transforms: FittedTransforms, names: [String]?, isDouble: Bool,
    arguments: [(name: String, value: String)], overwrites: Bool, of run: RunFolder, on communicator: Communicator
  ) throws {
    self.path = path
    self.communicator = communicator
    self.transforms = transforms
    let columns = transforms.isNone ? columns : transforms.originalDimension
    self.columns = columns
    self.isDouble = isDouble
    let format = try communicator.together { try GeneratedFormat(path) }
    self.format = format
    let part = path + ".partial", statePath = part + ".state"
    var state = GenerationState(arguments)
    let found = try communicator.onRoot { () throws -> SIMD2<Int> in
      try Self.requirePlace(path, besides: run)
      guard overwrites || !RunFolder.isFile(path) else { throw GenerationError.outputExists(path) }
      do {
        if RunFolder.isFile(part) || RunFolder.isFile(statePath) {
          state = try GenerationState(statePath, of: part, expecting: arguments)
        }
      } catch let error as GenerationError {
        guard overwrites else { throw error }
      }
      if state.rows > 0, try !RunFolder.isFile(part) || ByteFile(part).size() < state.bytes { state.rows = 0 }
      if state.rows == 0 {
        state.bytes = 0
        try state.write(statePath)
        do {
          state.bytes = try format.begin(part, rows: rows, columns: columns, names: names, isDouble: isDouble)
        } catch {
          for file in [part, statePath] { unlink(file) }
          throw error
        }
      }
      return [state.rows, state.bytes]
    }
    (state.rows, state.bytes) = (found[0], found[1])
    self.state = state
  }

  /// Throws where the folder takes no file, or the name is that of a run's file.
  private static func requirePlace(_ path: String, besides run: RunFolder) throws {
    let folder = DeckFile.folder(of: path), place = folder.isEmpty ? "." : folder
    var status = stat(), own = stat()
    guard stat(place, &status) == 0, access(place, W_OK | X_OK) == 0 else {
      throw GenerationError.noPlace(folder: place, reason: String(cString: strerror(errno)))
    }
    guard stat(run.path, &own) == 0, own.st_dev == status.st_dev, own.st_ino == status.st_ino else { return }
    let name = path.split(separator: "/").last.map(String.init) ?? path
    if run.owns(name) { throw GenerationError.runFile(path) }
  }

  /// Adds rows in the network's scale, those of rank after rank, (own rows, columns).
  func append(_ own: Matrix, in scale: CommonScale) throws {
    encode(own, scale)
    let lengths = try communicator.gather(encoded.count), counts = try communicator.gather(own.rows)
    let start = state.bytes + lengths.prefix(communicator.rank).reduce(0, +)
    try communicator.together {
      try encoded.withUnsafeBytes { try ByteFile(part, writing: true).write($0, at: start) }
    }
    state.bytes += lengths.reduce(0, +)
    state.rows += counts.reduce(0, +)
    if try communicator.broadcast(monotonicSeconds() - lastState > Self.stateSeconds, from: 0) { try store() }
  }

  private func encode(_ own: Matrix, _ scale: CommonScale) {
    if !transforms.isNone {
      scale.invert(0..<own.rows, of: own, into: &numbers64)
      // As the result file has them.
      if !isDouble { for i in numbers64.indices { numbers64[i] = Double(Float(numbers64[i])) } }
      encode(decoded(own.rows))
    } else if isDouble {
      scale.invert(0..<own.rows, of: own, into: &numbers64)
      format.encode(numbers64, columns: columns, into: &encoded)
    } else {
      if scale.isNone {
        numbers32.removeAll(keepingCapacity: true)
        numbers32.append(contentsOf: UnsafeBufferPointer(start: own.elements, count: own.count))
      } else {
        scale.invert(0..<own.rows, of: own, into: &numbers32)
      }
      format.encode(numbers32, columns: columns, into: &encoded)
    }
  }

  /// The rows in `numbers64` in the original space.
  private func decoded(_ rows: Int) -> [Double] {
    var result = [Double](repeating: 0, count: rows * columns)
    numbers64.withUnsafeBufferPointer { from in
      result.withUnsafeMutableBufferPointer { to in
        if let from = from.baseAddress, let to = to.baseAddress { transforms.decode(from, rows, to) }
      }
    }
    return result
  }

  private func encode(_ numbers: [Double]) {
    if isDouble {
      format.encode(numbers, columns: columns, into: &encoded)
    } else {
      format.encode(numbers.map(Float.init), columns: columns, into: &encoded)
    }
  }

  /// Hands all rows so far to the disk, and notes how many they are.
  private func store() throws {
    try communicator.together { try ByteFile(part, writing: true).flush() }
    try communicator.onRoot { () throws -> Void in try state.write(statePath) }
    lastState = monotonicSeconds()
  }

  /// The file is whole.
  func finish() throws {
    try store()
    try communicator.onRoot { () throws -> Void in
      if format == .csv { try ByteFile(part, writing: true).resize(to: state.bytes) }
      guard rename(part, path) == 0 else {
        throw RunFolderError.failed(path: path, what: "make", reason: String(cString: strerror(errno)))
      }
      unlink(statePath)
    }
  }
}
