import MessagePassing
import Runs
import Testing

/// The table of times and what it advises.
@Suite struct TimeTableTests {
  private func table(
    _ seconds: [String: (Double, Double)], blocks: Int = 100, ranks: Int = 2, onNode: Int = 2, threads: Int = 1
  ) -> TimeTable {
    TimeTable(
      ["training", "all_reduce", "optimizer", "output", "total"].map { name in
        let (least, most) = seconds[name] ?? (0, 0)
        return Timings.Summary(name: name, minimum: least, mean: (least + most) / 2, maximum: most)
      }, blocks: blocks, ranks: ranks, ranksOnNode: onNode, threads: threads, cores: 8)
  }

  private let balanced = ["training": (9.0, 9.1), "total": (10.0, 10.0)]

  @Test func sharesAndImbalance() {
    let lines = table(["training": (4, 8), "total": (10, 10)]).lines
    #expect(lines.count == 6 && lines[1].hasSuffix("4.000     6.000     8.000   60.0%        1.33"), "\(lines)")
  }

  @Test func advice() {
    #expect(table(balanced).advice == nil)
    #expect(table(balanced, blocks: 3, ranks: 2, threads: 2).advice?.contains("3 of 4 threads") == true)
    #expect(table(balanced, ranks: 9, onNode: 9).advice?.contains("share the 8 cores") == true)
    func says(_ more: [String: (Double, Double)], _ words: String) -> Bool {
      table(more.merging(["total": (10, 10)]) { $1 }).advice?.contains(words) ?? false
    }
    #expect(says(["training": (4, 8), "all_reduce": (1, 5)], "2.00 times as long as the fastest"))
    #expect(says(["training": (5, 5), "all_reduce": (4, 4)], "adding up over ranks takes 40%"))
    #expect(says(["training": (5, 5), "optimizer": (4, 4)], "the optimizer's step"))
    #expect(says(["training": (5, 5), "output": (2, 2)], "writing takes 20%"))
    // Too short to tell.
    #expect(table(["training": (0.1, 0.2), "all_reduce": (0.1, 0.2), "total": (0.4, 0.4)]).advice == nil)
  }
}
