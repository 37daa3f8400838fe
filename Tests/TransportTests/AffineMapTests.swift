import Numerics
import Testing
import Transport

/// x A + b, in each of its forms, in every scale.
@Suite struct AffineMapTests {
  private static let maps: [AffineMap] = [
    AffineMap(.identity, shift: [1, -2, 3]), AffineMap(.diagonal([2, 0.5, -1]), shift: [1, -2, 3]),
    AffineMap(.full([1, 2, 0, 0, 1, -1, 0.5, 0, 3]), shift: [1, -2, 3]),
  ]
  private static let images: [[Double]] = [[2, 0, 6], [3, -1, 0], [3.5, 2, 10]]

  @Test(arguments: zip(maps, images)) func mapsAPoint(map: AffineMap, image: [Double]) {
    var point: [Double] = [1, 2, 3]
    map.apply(to: &point)
    #expect(point == image)
    let rows = Matrix(rows: 2, columns: 3)
    for i in 0..<6 { rows.elements[i] = Float(i % 3 + 1) }
    map.apply(to: rows)
    #expect((0..<6).allSatisfy { Double(rows.elements[$0]) == image[$0 % 3] })
  }

  /// Mapping in a scale is mapping in the data's unit.
  @Test(arguments: maps) func commutesWithTheScale(map: AffineMap) {
    let scale = CommonScale(centre: [10, 0, -4], unit: 2.5), point: [Double] = [7, -3, 0.25]
    var outside = point
    map.apply(to: &outside)
    var inside = zip(point, scale.centre).map { ($0 - $1) / scale.unit }
    map.inScale(scale).apply(to: &inside)
    for i in 0..<3 { #expect(abs(inside[i] * scale.unit + scale.centre[i] - outside[i]) < 1e-12) }
  }
}
