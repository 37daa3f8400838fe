import Runs
import Samples
import Testing

@Suite struct ColumnSpreadsTests {
  private func excerpt(_ columns: [(Int) -> Double], rows: Int = 50) -> Excerpt {
    Excerpt(dimension: columns.count, numbers: (0..<rows).flatMap { row in columns.map { $0(row) } })
  }

  private let narrow: (Int) -> Double = { Double($0 % 7) }

  @Test func wideColumnIsNamed() throws {
    let wide = excerpt([narrow, { 700 * Double($0 % 7) }, narrow, { _ in 5 }])
    let found = ColumnSpreads([excerpt([narrow, narrow, narrow, narrow]), wide], names: ["a", "b", "c", "d"]).warnings
    #expect(found.count == 1 && found[0].contains("unlike spread: 'b' spreads up to 700 times"), "\(found)")
    #expect(ColumnSpreads([wide], names: nil).warnings.first?.contains("spread: 2 spreads") == true)
  }

  @Test func usualColumnsAreNotNamed() {
    let sets = [excerpt([narrow, { 50 * Double($0 % 7) }, { _ in 0 }]), excerpt([narrow, narrow, narrow])]
    #expect(ColumnSpreads(sets, names: nil).warnings.isEmpty)
    #expect(ColumnSpreads([excerpt([{ 1e9 * Double($0) }])], names: nil).warnings.isEmpty, "one column is not unlike")
    #expect(
      ColumnSpreads([excerpt([narrow, narrow], rows: 1), excerpt([narrow, narrow], rows: 0)], names: nil).warnings == []
    )
  }

  /// 1e8 in float32 is in steps of 8; in float64 it is not, and whole numbers below 2^24 are what they are.
  @Test func numbersRoundedToFloat32() {
    let around: (Int) -> Double = { 1e8 + 3.5 * Double($0 % 7) }
    let rounded = excerpt([narrow, { Double(Float(around($0))) }])
    let found = ColumnSpreads([rounded], names: nil).warnings
    #expect(found.count == 1 && found[0].contains("column 2: numbers around 1e+08 are in steps of 8"), "\(found)")
    #expect(ColumnSpreads([excerpt([narrow, around])], names: nil).warnings.isEmpty)
    #expect(ColumnSpreads([excerpt([{ 16_000_000 + Double($0) }])], names: nil).warnings.isEmpty)
  }
}
