/// The parameters of a network as named tensors, one behind the other in one piece of memory, each row-major.
package struct ParameterLayout: Sendable, Equatable {
  /// What a tensor does in its network.
  package enum Kind: Sendable, Equatable {
    /// A weight that works as a matrix of `rows` inputs and `columns` outputs, whatever its shape: what constraints hold.
    case matrix(rows: Int, columns: Int)
    /// The kernel of a convolution, as a matrix of a patch's inputs and the channels that come out.
    case kernel(Convolution)
    /// A bias, which no constraint touches.
    case bias
  }

  /// One tensor.
  package struct Tensor: Sendable, Equatable {
    /// Its name in files, such as `weight_0`.
    package let name: String
    /// The lengths of its axes.
    package let shape: [Int]
    /// What it does.
    package let kind: Kind
    /// The place of its first element.
    package let offset: Int
    /// The number of its elements.
    package var count: Int { shape.reduce(1, *) }
    /// The places of its elements.
    package var range: Range<Int> { offset..<offset + count }
  }

  /// The tensors in the order of memory.
  package private(set) var tensors: [Tensor] = []
  /// The number of parameters.
  package private(set) var count = 0

  /// No tensor yet.
  package init() {}

  /// Adds a weight, by default of the shape (rows, columns).
  package mutating func addMatrix(_ name: String, rows: Int, columns: Int, shape: [Int]? = nil) {
    add(name, shape ?? [rows, columns], .matrix(rows: rows, columns: columns))
  }

  /// Adds a kernel, of the shape (kernel, kernel, channels in, channels out).
  package mutating func addKernel(_ name: String, _ convolution: Convolution) {
    add(name, convolution.shape, .kernel(convolution))
  }

  /// Adds a bias of `count` numbers.
  package mutating func addBias(_ name: String, count: Int) { add(name, [count], .bias) }

  private mutating func add(_ name: String, _ shape: [Int], _ kind: Kind) {
    let tensor = Tensor(name: name, shape: shape, kind: kind, offset: count)
    tensors.append(tensor)
    count += tensor.count
  }
}
