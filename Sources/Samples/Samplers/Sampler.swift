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

  /// The same for a law whose rows differ by their place among all, 0, 1, ...; else rows are drawn alike.
  func draw(_ index: Int, into row: UnsafeMutablePointer<Double>, stream: inout RandomStream)

  /// Throws a `KeyError` where a deck cannot ask for so many rows; any number is right unless a law says otherwise.
  func check(count: Int) throws
}

extension Sampler {
  package func draw(_ index: Int, into row: UnsafeMutablePointer<Double>, stream: inout RandomStream) {
    draw(into: row, stream: &stream)
  }

  package func check(count: Int) throws {}
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
  TwoMoons.self,
  EightGaussians.self,
  Checkerboard.self,
]
