import Numerics
import Synchronization
import Testing

@Suite struct ThreadTeamTests {
  /// Every thread is called once a time, and all have returned when the call does.
  @Test(arguments: [1, 2, 5])
  func everyThreadEveryTime(size: Int) {
    let team = ThreadTeam(size: size)
    #expect(team.size == size)
    let calls = (0..<size).map { _ in Counter() }
    for round in 1...500 {
      team.run { calls[$0].value.add(1, ordering: .relaxed) }
      #expect(calls.allSatisfy { $0.value.load(ordering: .relaxed) == round })
    }
  }

  /// No thread holds the body when the call returns, of which the language warns on standard error.
  @Test func bodiesAreLetGoOf() async {
    let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      let team = ThreadTeam(size: 2), calls = Counter()
      for _ in 1...50_000 { team.run { _ in calls.value.add(1, ordering: .relaxed) } }
    }
    let errors = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(errors.isEmpty)
  }

  private final class Counter: Sendable {
    let value = Atomic<Int>(0)
  }
}
