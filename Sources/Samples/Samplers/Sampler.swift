import Numerics
import Parameters

/// A probability distribution from which rows are drawn; its properties are its parameters in the deck.
///
/// A row must depend on the parameters and the stream alone, so that every rank can draw any row.
package protocol Sampler: Variant {
  /// The number of coordinates of a row.
  var dimension: Int { get }

  /// Draws one row of ``dimension`` numbers into memory that the caller owns.
  func draw(into row: UnsafeMutablePointer<Double>, stream: inout RandomStream)
}

/// All samplers: the registry from which the deck, its error messages and `--list` are made.
package let samplers: [any Sampler.Type] = [
  Gaussian.self,
  GaussianMixture.self,
  Uniform.self,
  Logistic.self,
  StudentT.self,
  GeneralizedGaussian.self,
  SwissRoll.self,
  SierpinskiCarpet.self,
]
