import Discriminator
import MessagePassing
import Samples

/// The start of the network from an `.npz` file with weight_0 (in, out), bias_0 (out), weight_1, ...
enum InitialWeights {
  /// Reads the file on the root and gives every rank the parameters. Collective.
  static func load(_ path: String, into network: Network, on communicator: Communicator) throws {
    try communicator.together {
      guard communicator.isRoot else { return }
      for layer in 0..<network.layers {
        let rows = network.widths[layer], columns = network.widths[layer + 1]
        try read("weight_\(layer)", rows, columns, from: path, into: network.stored + network.weightOffsets[layer])
        try read("bias_\(layer)", columns, 1, from: path, into: network.stored + network.biasOffsets[layer])
      }
    }
    let memory = UnsafeMutableRawBufferPointer(
      start: network.stored, count: network.parameterCount * MemoryLayout<Float>.stride)
    try communicator.broadcast(memory, from: 0)
  }

  private static func read(
    _ name: String, _ rows: Int, _ columns: Int, from path: String, into memory: UnsafeMutablePointer<Float>
  ) throws {
    let array = try NamedArrays.read(name, from: path)
    guard array.rows == rows, array.columns == columns else {
      throw RunError.weightShape(
        file: path, array: name, found: [array.rows, array.columns], needed: [rows, columns])
    }
    for i in array.values.indices { memory[i] = array.values[i] }
  }
}
