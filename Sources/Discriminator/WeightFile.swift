import MessagePassing
import Parameters
import Samples

/// The parameters of a network in an `.npz` file, an array of its name and shape for every tensor.
package enum WeightFile {
  /// Reads a file on the root and gives every rank the stored parameters; ``Network/constrain()`` is the caller's. Collective;
  /// throws a ``WeightShape`` or what reading throws, on every rank alike.
  package static func load(_ path: String, into network: Network, on communicator: Communicator) throws {
    try communicator.together {
      if communicator.isRoot { try read(path, into: network) }
    }
    let bytes = network.layout.count * MemoryLayout<Float>.stride
    try communicator.broadcast(UnsafeMutableRawBufferPointer(start: network.stored, count: bytes), from: 0)
  }

  /// The same in one process without MPI.
  package static func read(_ path: String, into network: Network) throws {
    for tensor in network.layout.tensors {
      let array = try WeightArchive.read(tensor.name, from: path)
      let rows = tensor.shape[0], columns = tensor.count / rows
      guard array.rows == rows, array.columns == columns else {
        throw WeightShape(
          file: path, array: tensor.name, found: [array.rows, array.columns], needed: [rows, columns])
      }
      for (i, value) in array.values.enumerated() { network.stored[tensor.offset + i] = value }
    }
  }
}

/// An array of a weight file has another shape than the network's tensor.
package struct WeightShape: InputError {
  let file: String
  let array: String
  let found: [Int]
  let needed: [Int]

  /// One sentence for people.
  package var description: String {
    "'\(file)': \(array) has the shape \(found), the network of this deck needs \(needed) "
      + "(change discriminator.hidden or the file)"
  }
}
