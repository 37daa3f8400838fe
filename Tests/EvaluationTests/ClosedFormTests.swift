import Evaluation
import Numerics
import Testing

/// Distances that are known.
@Suite struct ClosedFormTests {
  @Test(arguments: [1, 2, 9, 40])
  func shiftedCopiesAreTheShiftApart(dimension: Int) throws {
    let a = points(97, dimension, key: 1), b = points(97, dimension, key: 1, shift: 0.5)
    let shift = 0.5 * Double(dimension).squareRoot()
    #expect(agree(try measure(ExactWasserstein(), a, b)["exact_w2"]?.value, shift))
    #expect(agree(try measure(SinkhornWasserstein(), a, b)["sinkhorn_w2"]?.value, shift, 2e-4))
    // The mean square of a coordinate of a unit vector is 1/d; 512 directions are some.
    #expect(agree(try measure(SlicedWasserstein(), a, b)["sliced_w2"]?.value, 0.5, 0.2))
  }

  @Test func lengthsAreInTheUnitOfTheData() throws {
    let a = points(30, 3, key: 1), b = points(40, 3, key: 2, shift: 1)
    for metric in sampleMetrics where metric.isDistance && metric.isUsual {
      let one = try measure(metric.init(), a, b), ten = try measure(metric.init(), a, b, unit: 10)
      for (name, quantity) in one {
        let power =
          name == "mmd" || name == "mmd_squared" ? 0 : name.hasSuffix("squared") || name.hasSuffix("loss") ? 2 : 1
        let factor = (0..<power).reduce(1.0) { product, _ in 10 * product }
        #expect(agree(ten[name]?.value, factor * (quantity.value ?? .nan), 1e-12), "\(name)")
      }
    }
  }
}
