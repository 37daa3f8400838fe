import Discriminator
import MessagePassing
import Numerics

/// How fast the particles move: the Fisher information (eq. 33), mean |v|^2 of the effective velocity, and the maximum
/// speed; and, in the same reduction, the latest of the ranks' clocks and what any rank was asked to stop by.
final class Motion {
  /// What all ranks agree on after a step.
  struct Reading {
    var fisherInformation: Double
    var maximumSpeed: Double
    var elapsed: Double
    /// The seconds that the slowest rank keeps for one more step and the files of a stop.
    var reserve: Double
    /// Whether a rank was asked to stop, and how.
    var request: StopRequest?
  }

  private let run: BlockRun
  private let communicator: Communicator
  /// The sum of the squared speeds, and a zero that stays one while positions are finite; its limits go from step to step.
  let squares = ExactSum(groupSizes: [1, 1])

  init(particles: BlockRun, communicator: Communicator) {
    run = particles
    self.communicator = communicator
  }

  /// Collective. Throws ``NonFinite`` on every rank where a velocity is not finite, or a position that it leads to.
  func read(
    _ velocity: Matrix, leadsToFinite: Bool, elapsed: Double, reserve: Double, request: StopRequest?
  ) throws -> Reading {
    var largest = 0.0
    while true {
      squares.clear()
      var own = 0.0
      run.forEach { _, first, rows in
        var sum = 0.0
        for row in first..<first + rows {
          let v = velocity.row(row)
          var square = 0.0
          for i in 0..<velocity.columns { square += Double(v[i]) * Double(v[i]) }
          largest = max(largest, square)
          sum += square
        }
        squares.add(sum, to: 0)
        own += sum
      }
      if !leadsToFinite { squares.add(.nan, to: 1) }
      try communicator.allReduce(squares.buffer, .sum)
      switch squares.finish() {
      case .again: continue
      case .notFinite(let group):
        let isOwn = group == 0 ? !own.isFinite : !leadsToFinite
        throw try NonFinite.located(
          NotFinite(quantity: group == 0 ? "a particle's velocity" : "a particle's position"), isOwn: isOwn,
          on: communicator)
      case .exact: break
      }
      break
    }
    var most = [largest, elapsed, reserve, request?.number ?? 0]
    try most.withUnsafeMutableBufferPointer { try communicator.allReduce($0, .maximum) }
    return Reading(
      fisherInformation: squares.numbers(0)[0] / Double(run.blocks.rows), maximumSpeed: most[0].squareRoot(),
      elapsed: most[1], reserve: most[2], request: StopRequest(number: most[3]))
  }
}
