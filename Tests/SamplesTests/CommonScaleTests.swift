import Numerics
import Parameters
import Samples
import Testing
import YAML

/// Centre and unit of sample sets.
@Suite struct CommonScaleTests {
  /// A set of points around a centre, each coordinate 1 away from it at most.
  private func set(_ count: Int, _ centre: [Double] = [0, 0], unit: Double = 1) -> Excerpt {
    var stream = RandomNumbers(seed: 5, purpose: .test).stream(count)
    return Excerpt(
      dimension: centre.count,
      numbers: (0..<count).flatMap { _ in centre.map { unit * ($0 + 2 * stream.uniform() - 1) } })
  }

  @Test(arguments: [1e-30, 1e-6, 1, 3e5, 1e30], [0.0, 10, 1e6, 1e10])
  func unitsAndOffsetsChangeNothing(unit: Double, offset: Double) {
    let plain = CommonScale(of: [set(201), set(300, [3, 1])], radius: 3)
    let moved = CommonScale(
      of: [set(201, [offset, -offset], unit: unit), set(300, [3 + offset, 1 - offset], unit: unit)], radius: 3)
    #expect(abs(moved.unit / unit / plain.unit - 1) < 1e-5)
    for (column, sign) in [(0, 1.0), (1, -1)] {
      let point = unit * (sign * offset + 0.25)
      #expect(abs(moved.apply(point, column) - plain.apply(0.25, column)) < 1e-4)
      #expect(abs(moved.invert(moved.apply(point, column), column) - point) <= 1e-6 * moved.unit)
    }
  }

  @Test func farSamplesAndLargeSetsCountNoMore() {
    var numbers = set(100).numbers
    for i in 0..<10 { numbers[2 * i] = 1e12 }
    let scale = CommonScale(of: [Excerpt(dimension: 2, numbers: numbers), set(7000, [4, 0])], radius: 1)
    #expect(abs(scale.centre[0] - 2) < 0.3 && scale.unit > 1.5 && scale.unit < 3)
  }

  @Test func equalSamples() {
    let point = Excerpt(dimension: 2, numbers: [5, 6, 5, 6, 5, 6])
    #expect(CommonScale(of: [point, point], radius: 3) == CommonScale(centre: [5, 6], unit: 1))
    // Most samples in one point, a few elsewhere.
    let few = Excerpt(dimension: 1, numbers: [0, 0, 0, 0, 0, 0, 0, 10])
    #expect(CommonScale(of: [few, few], radius: 1).unit > 1)
  }

  @Test func whatFloat32Holds() {
    #expect(CommonScale(centre: [300], unit: 1).fitsFloat32)
    #expect(!CommonScale(centre: [1e8], unit: 1).fitsFloat32)
    #expect(!CommonScale(centre: [0], unit: 1e-40).fitsFloat32)
    #expect(CommonScale.none(dimension: 3).isNone && !CommonScale(centre: [0], unit: 2).isNone)
  }
}

/// The choice of rows on which lengths are measured.
@Suite struct ExcerptTests {
  /// A choice by random numbers meets all phases of a period alike.
  @Test(arguments: [2, 3, 4, 5, 8, 10])
  func aPeriodIsSeenWhole(period: Int) throws {
    let folder = try Folder()
    try folder.write("a.csv", (0..<20_000).map { "\($0 % period)\n" }.joined())
    let source = try SampleSource.read(Tree(yaml: "{file: a.csv}", file: "deck"))
    let rows = try source.open(role: .target, seed: 0, folder: folder.path).excerpt(atMost: 1000)
    #expect(rows.count == 1000)
    for phase in 0..<period {
      let share = Double(rows.numbers.count { $0 == Double(phase) }) * Double(period) / 1000
      #expect(abs(share - 1) < 0.35, "phase \(phase): \(share)")
    }
  }
}
