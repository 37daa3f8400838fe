/// After every optimizer step each weight is rescaled to the Frobenius norm L^(1/layers).
public struct Frobenius: Constraint {
  public static let name = "frobenius"

  public func begin(_ network: Network) { project(network) }

  public func project(_ network: Network) {
    network.rescale { weight, rows, columns in
      var sum = 0.0
      for i in 0..<rows * columns { sum += Double(weight[i]) * Double(weight[i]) }
      return sum.squareRoot()
    }
  }
}
