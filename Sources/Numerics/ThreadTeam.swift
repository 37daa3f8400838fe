import CVector
import Glibc
import Synchronization

/// Threads that do one thing together, again and again: the caller's and `size - 1` others, which wait in between.
///
/// For pieces of work of some microseconds, which waking a sleeping thread would double: a waiting thread spins for about
/// as long as a time step of a small run takes, and then sleeps in short naps.
public final class ThreadTeam {
  /// The threads, the caller's among them.
  public let size: Int
  private let shared = Shared()

  /// The cores that this process may use, as its launcher has bound it.
  public static var cores: Int { Int(gpa_cores()) }

  /// What the threads see of each other.
  private final class Shared: @unchecked Sendable {
    /// Counts the calls of ``run(_:)``; the threads read `body` after it has grown.
    let round = Atomic<Int>(0)
    /// The threads that still work.
    let working = Atomic<Int>(0)
    /// Written by the caller only while no other thread works; nil ends the threads.
    var body: ((Int) -> Void)?

    func wait(while isToWait: () -> Bool) {
      var turns = 0
      while isToWait() {
        turns += 1
        if turns < 20_000 { gpa_pause() } else { usleep(20) }
      }
    }

    func work(as index: Int) {
      var seen = 0
      while true {
        wait { round.load(ordering: .acquiring) == seen }
        seen += 1
        guard perform(index) else { return }
        working.subtract(1, ordering: .releasing)
      }
    }

    /// Calls the body, false where there is none. A call of its own, so that the body is let go of before the caller learns
    /// that this thread has done its work.
    @inline(never)
    private func perform(_ index: Int) -> Bool {
      guard let body else { return false }
      body(index)
      return true
    }
  }

  /// What a new thread is told.
  private final class Order {
    let shared: Shared
    let index: Int

    init(shared: Shared, index: Int) {
      self.shared = shared
      self.index = index
    }
  }

  /// Starts `size - 1` threads; fewer where the system refuses more.
  public init(size: Int) {
    var started = 1
    while started < size {
      let order = Unmanaged.passRetained(Order(shared: shared, index: started))
      var thread = pthread_t()
      let refusal = pthread_create(
        &thread, nil,
        { argument in
          guard let argument else { return nil }
          let order = Unmanaged<Order>.fromOpaque(argument).takeRetainedValue()
          order.shared.work(as: order.index)
          return nil
        }, order.toOpaque())
      guard refusal == 0 else {
        order.release()
        break
      }
      pthread_detach(thread)
      started += 1
    }
    self.size = started
  }

  deinit { shared.round.add(1, ordering: .releasing) }

  /// Calls a body on every thread at once with the thread's number, 0 on the caller's; returns when all have returned.
  public func run(_ body: (_ thread: Int) -> Void) {
    guard size > 1 else { return body(0) }
    withoutActuallyEscaping(body) { body in
      shared.working.store(size - 1, ordering: .relaxed)
      shared.body = body
      shared.round.add(1, ordering: .releasing)
      body(0)
      shared.wait { shared.working.load(ordering: .acquiring) > 0 }
      shared.body = nil
    }
  }
}
