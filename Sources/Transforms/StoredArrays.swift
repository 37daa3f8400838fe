import MessagePassing

/// What is stored of a fit, as one transform sees it.
package struct StoredArrays {
  /// Where it is stored, for messages.
  let file: String
  let arrays: [String: TransformArray]
  /// The path of an array of the transform.
  let path: (_ name: String) -> String

  /// The numbers of an array of this shape. Throws a ``TransformError`` where it is missing, or another.
  package func values(_ name: String, shape: [Int]) throws -> [Double] {
    let array = try array(name)
    guard array.shape == shape else { throw wrong(name, "has shape \(array.shape), not \(shape)") }
    return array.values
  }

  /// An array of any shape.
  func array(_ name: String) throws -> TransformArray {
    guard let array = arrays[path(name)] else { throw wrong(name, "is missing") }
    guard array.values.allSatisfy(\.isFinite) else { throw wrong(name, "holds a number that is not finite") }
    return array
  }

  func wrong(_ name: String, _ reason: String) -> TransformError {
    .stored(file: file, array: path(name), reason: reason)
  }
}

extension FittedTransforms {
  /// What was stored as ``arrays`` of the transforms of a deck; `file` is what messages call it. Throws a ``TransformError``.
  package init(_ list: [any Transform], arrays: [TransformArray], names: [String]?, file: String) throws {
    guard !list.isEmpty else {
      self = .none
      return
    }
    let byPath = Dictionary(arrays.map { ($0.path, $0) }) { first, _ in first }
    let whole = StoredArrays(file: file, arrays: byPath) { _ in Self.dimensionPath }
    guard let columns = Int(exactly: try whole.values("", shape: [1])[0]), columns > 0 else {
      throw whole.wrong("", "is no number of columns")
    }
    self.init([], originalDimension: columns, names: names)
    for (index, transform) in list.enumerated() {
      let name = type(of: transform).name
      let stored = StoredArrays(file: file, arrays: byPath) { Self.path(index, name, $0) }
      self = followed(by: try transform.restored(from: stored, columns: dimension), name)
    }
  }

  /// Gives what the root has to all ranks. Collective.
  package mutating func followRoot(_ list: [any Transform], on communicator: Communicator) throws {
    guard communicator.size > 1 else { return }
    let learnt = communicator.isRoot ? arrays : []
    let paths = try communicator.broadcast(learnt.map(\.path).joined(separator: "\n"), from: 0)
    var received: [TransformArray] = []
    for (index, path) in paths.split(separator: "\n").enumerated() {
      let own = communicator.isRoot ? learnt[index] : TransformArray("", shape: [], [])
      let rank = try communicator.broadcast(own.shape.count, from: 0)
      var shape = communicator.isRoot ? own.shape : [Int](repeating: 0, count: rank)
      try shape.withUnsafeMutableBytes { try communicator.broadcast($0, from: 0) }
      var values = communicator.isRoot ? own.values : [Double](repeating: 0, count: shape.reduce(1, *))
      try values.withUnsafeMutableBytes { try communicator.broadcast($0, from: 0) }
      received.append(TransformArray(String(path), shape: shape, values))
    }
    // No name holds a zero byte in any format that is read.
    let isNamed = try communicator.broadcast(originalNames != nil, from: 0)
    let names = try communicator.broadcast(originalNames?.joined(separator: "\0") ?? "", from: 0)
    let parts = isNamed ? names.split(separator: "\0", omittingEmptySubsequences: false).map(String.init) : nil
    if !communicator.isRoot { self = try FittedTransforms(list, arrays: received, names: parts, file: "the root") }
  }
}
