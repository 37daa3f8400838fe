import Numerics
import Testing

/// Spectra against what they are made of.
@Suite struct SymmetricMatrixTests {
  /// R diag(1, 4) R' for a rotation by t.
  private let c = 0.6, s = 0.8
  private var known: SymmetricMatrix {
    SymmetricMatrix(
      size: 2, elements: [c * c + 4 * s * s, c * s - 4 * c * s, c * s - 4 * c * s, s * s + 4 * c * c])
  }

  @Test func knownSpectrum() throws {
    let (values, vectors) = try #require(known.eigen())
    #expect(abs(values[0] - 1) < 1e-14 && abs(values[1] - 4) < 1e-14)
    #expect(abs(abs(vectors[0] * c + vectors[1] * s) - 1) < 1e-14)
  }

  @Test func rootTimesRootIsTheMatrix() throws {
    let root = try #require(known.mapped { $0.squareRoot() })
    for (found, wanted) in zip(root.times(root), known.elements) { #expect(abs(found - wanted) < 1e-14) }
    let inverse = try #require(known.mapped { 1 / $0 })
    for (found, wanted) in zip(root.around(inverse).elements, [1.0, 0, 0, 1]) { #expect(abs(found - wanted) < 1e-14) }
  }

  @Test func noSpectrumOfNoNumbers() {
    #expect(SymmetricMatrix(size: 1, elements: [.nan]).eigen() == nil)
  }
}
