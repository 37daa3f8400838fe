import Discriminator
import MessagePassing
import Numerics

/// Variants and data that the suites share.
enum Make {
  static let smoothing = 0.4

  static func activation(_ index: Int) -> any Activation { activations[index].init().smoothed(smoothing) }

  static func training(_ optimizer: OptimizerKind) -> Training {
    var training = Training()
    training.optimizer = optimizer
    training.iterations = 3
    training.resetMoments = false
    return training
  }

  /// A dense network on its constraint, with biases that are not zero.
  static func network(
    _ dense: Dense, _ constraint: any Constraint, dimension: Int = 3, lipschitz: Double = 1, seed: UInt64 = 3
  ) -> Network {
    let network = Network(dimension: dimension, architecture: dense, constraint: constraint, lipschitz: lipschitz)
    network.initialise(from: RandomNumbers(seed: seed, purpose: .test))
    for bias in network.layout.tensors where bias.kind == .bias {
      for i in bias.range { network.stored[i] = 0.1 * Float((i - bias.offset) % 3) }
    }
    network.constrain()
    return network
  }

  static func points(_ rows: Int, dimension: Int = 3, scale: Double = 2, mean: Double = 0) -> Matrix {
    let points = Matrix(rows: rows, columns: dimension)
    var stream = RandomNumbers(seed: 4, purpose: .test).stream(rows)
    for i in 0..<points.count { points.elements[i] = Float(mean + scale * stream.normal()) }
    return points
  }
}

/// phi of a dense network in float64, from its tensors alone.
struct PlainNetwork {
  var tensors: [[Double]]
  let activation: any Activation
  private let convolutions: [Convolution]

  /// The network that an array of every tensor describes.
  init(
    _ arrays: [(name: String, shape: [Int], values: [Double])], _ activation: any Activation,
    _ convolutions: [Convolution] = []
  ) {
    tensors = arrays.map(\.values)
    self.activation = activation
    self.convolutions = convolutions
  }

  func phi(_ point: [Double], label: Int = 0) -> Double {
    var values = point
    for (layer, convolution) in convolutions.enumerated() {
      values = Self.convolve(values, tensors[layer], convolution, activated)
    }
    let tensors = tensors.dropFirst(convolutions.count).map { $0 }
    for layer in 0..<tensors.count / 2 {
      let weight = tensors[2 * layer], bias = tensors[2 * layer + 1]
      var z = bias
      for (row, value) in values.enumerated() {
        for column in z.indices { z[column] += value * weight[row * z.count + column] }
      }
      values = layer == tensors.count / 2 - 1 ? z : activated(z)
    }
    return values[label]
  }

  /// The convolution by its definition, and a function of the channels of every pixel that comes out.
  static func convolve(
    _ image: [Double], _ kernel: [Double], _ c: Convolution, _ function: ([Double]) -> [Double] = { $0 }
  ) -> [Double] {
    func before(_ side: Int, _ out: Int) -> Int { max((out - 1) * c.stride + c.size - side, 0) / 2 }
    let above = before(c.height, c.outHeight), left = before(c.width, c.outWidth)
    var result: [Double] = []
    for y in 0..<c.outHeight {
      for x in 0..<c.outWidth {
        var sums = [Double](repeating: 0, count: c.filters)
        for (ky, kx) in (0..<c.size).flatMap({ ky in (0..<c.size).map { (ky, $0) } }) {
          let (row, column) = (y * c.stride + ky - above, x * c.stride + kx - left)
          guard (0..<c.height).contains(row), (0..<c.width).contains(column) else { continue }
          for channel in 0..<c.channels {
            let value = image[(row * c.width + column) * c.channels + channel]
            for f in 0..<c.filters {
              sums[f] += value * kernel[((ky * c.size + kx) * c.channels + channel) * c.filters + f]
            }
          }
        }
        result += function(sums)
      }
    }
    return result
  }

  private func activated(_ z: [Double]) -> [Double] {
    let name = type(of: activation).name
    guard type(of: activation).isPaired else { return z.map { Truth.activation(name, $0)?.value ?? .nan } }
    let half = z.count / 2
    func pair(_ i: Int, _ sign: Double) -> Double {
      let up = z[i], down = z[i + half]
      return 0.5 * (up + down) + sign * (Truth.activation(name, 0.5 * (up - down))?.value ?? .nan)
    }
    return (0..<half).map { pair($0, 1) } + (0..<half).map { pair($0, -1) }
  }
}

/// One MPI for all suites.
enum Job {
  nonisolated(unsafe) static let world: Communicator? = try? Environment.start().world
}

/// The constraints of weights, which bound the slope of phi everywhere.
let hardConstraints = constraints.indices.filter { constraints[$0].init().penalty == nil }
