import Discriminator
import Foundation
import Numerics
import Testing

/// The formulas of the activations in float64.
enum Truth {
  /// Value and derivative by name; of activations of pairs, those of half the difference.
  static func activation(_ name: String, _ z: Double) -> (value: Double, slope: Double)? {
    let eps = Make.smoothing
    switch name {
    case "relu": return (max(z, 0), z > 0 ? 1 : 0)
    case "leaky_relu": return (z > 0 ? z : 0.2 * z, z > 0 ? 1 : 0.2)
    case "softplus": return (log1p(exp(z)), 1 / (1 + exp(-z)))
    case "elu": return (z > 0 ? z : expm1(z), z > 0 ? 1 : exp(z))
    case "max_min": return (abs(z), z > 0 ? 1 : z < 0 ? -1 : 0)
    case "smooth_max_min":
      let root = (z * z + eps * eps).squareRoot()
      return (root - eps, z / root)
    case "smooth_relu":
      if z < 0 { return (0, 0) }
      if z >= 2 * eps { return (z - eps, 1) }
      return (
        z * z / (4 * eps) + eps * (cos(.pi * z / eps) - 1) / (2 * .pi * .pi),
        z / (2 * eps) - sin(.pi * z / eps) / (2 * .pi)
      )
    default: return nil
    }
  }
}

/// Activations and their derivatives against their formulas in float64.
@Suite struct ActivationsTests {
  private func evaluate(_ activation: any Activation, _ z: Vector) throws -> (value: Vector, slope: Vector) {
    if let pointwise = activation as? any PointwiseActivation {
      let (value, saved) = pointwise.value(z)
      return (value, pointwise.slope(saved: saved))
    }
    return try #require(activation as? any PairedActivation).half(z)
  }

  @Test(arguments: activations.indices)
  func formulas(_ index: Int) throws {
    let activation = Make.activation(index), name = type(of: activation).name
    for first in stride(from: -4.0, to: 4, by: 0.003) {
      var z = Vector.zero
      for i in 0..<Vector.lanes { z[i] = Float(first + 0.0001 * Double(i)) }
      let (value, slope) = try evaluate(activation, z)
      for i in 0..<Vector.lanes {
        let (trueValue, trueSlope) = try #require(Truth.activation(name, Double(z[i])), "the formula of \(name)")
        #expect(abs(Double(value[i]) - trueValue) <= 3e-7 * max(1, abs(trueValue)), "\(name)(\(z[i]))")
        #expect(abs(Double(slope[i]) - trueSlope) <= 3e-7, "the derivative of \(name) at \(z[i])")
      }
    }
  }

  /// Small values and slopes of the smooth ReLU are right relative to themselves, but for a rounding of the argument.
  @Test func smoothReLUNearZero() throws {
    let eps = Make.smoothing
    for exponent in stride(from: -4.0, to: 0, by: 0.01) {
      let z = Float(2 * eps * pow(10, exponent)), rounding = 2e-7 * eps
      let (value, slope) = try evaluate(SmoothReLU().smoothed(eps), Vector(repeating: z))
      // For small z the formula of float64 loses digits as well: its series.
      func truth(_ z: Double) -> (value: Double, slope: Double) {
        let t = z / (2 * eps), w = 4 * .pi * .pi * t * t
        guard t < 0.05 else { return Truth.activation("smooth_relu", z) ?? (.nan, .nan) }
        let series = 1 - w / 20 * (1 - w / 42 * (1 - w / 72))
        let integral = 1 - w / 30 * (1 - w / 56 * (1 - w / 90))
        return (2 * eps * t * t * w / 24 * integral, t * w / 6 * series)
      }
      let low = truth(Double(z) - rounding), high = truth(Double(z) + rounding)
      #expect((low.value * (1 - 1e-6)...high.value * (1 + 1e-6)).contains(Double(value[0])), "smooth_relu(\(z))")
      #expect((low.slope * (1 - 1e-6)...high.slope * (1 + 1e-6)).contains(Double(slope[0])), "its slope at \(z)")
    }
  }

  /// A NaN goes through, so that it is noticed; a large argument overflows nothing.
  @Test(arguments: activations.indices)
  func extremes(_ index: Int) throws {
    let activation = Make.activation(index), name = type(of: activation).name
    let (value, _) = try evaluate(activation, Vector(repeating: .nan))
    #expect(value[0].isNaN, "\(name)")
    for z in [Float(-1e15), 1e15] {
      let (value, slope) = try evaluate(activation, Vector(repeating: z))
      let truth = try #require(Truth.activation(name, Double(z)))
      #expect(
        abs(Double(value[0]) - (truth.value.isFinite ? truth.value : Double(z))) <= 1e-6 * Double(abs(z)),
        "\(name)(\(z))")
      #expect(abs(slope[0]) <= 1, "\(name)(\(z))")
    }
  }
}
