import Glibc
import MessagePassing
import Numerics
import Runs

/// Measures whole time steps: `gpa-bench N M D WIDTH ACTIVATION STEPS [CONSTRAINT]`, on any number of ranks. Prints one line:
/// median seconds per time step, GFlop/s of all ranks, and the fraction of the sgemm rate of the same ranks, measured in
/// the same process just before, and whose kernels OpenBLAS runs. `gpa-bench kernels` compares the matrix products with sgemm, `gpa-bench replay RUN ROWS` rows
/// that are carried along a recorded flow with the passes through its network alone.

struct Workload {
  let particles: Int, targets: Int, dimension: Int, width: Int, activation: String, steps: Int
  let constraint: String

  init?(_ words: [String]) {
    guard 6...7 ~= words.count, let n = Int(words[0]), let m = Int(words[1]), let d = Int(words[2]),
      let w = Int(words[3]),
      let steps = Int(words[5]), min(n, m, d, w, steps) > 0
    else { return nil }
    (particles, targets, dimension, width, activation, self.steps) = (n, m, d, w, words[4], steps)
    constraint = words.count == 7 ? words[6] : "spectral"
  }

  var deck: String {
    """
    source: {sampler: gaussian, count: \(particles), dimension: \(dimension)}
    target: {sampler: gaussian, count: \(targets), dimension: \(dimension), mean: 2}
    discriminator: {hidden: [\(width), \(width), \(width)], activation: \(activation), constraint: \(constraint)}
    training: {iterations: 5}
    transport: {integrator: heun, schedule: constant, steps: \(steps)}
    """
  }

  /// Floating-point operations of the matrix products of one time step: two stages of five iterations, each forward and
  /// backward without the gradient of the input, and a velocity.
  var operations: Double {
    let w = Double(width), d = Double(dimension)
    let forward = 2 * (d * w + 2 * w * w + w), chain = 2 * (2 * w * w + w)
    let training = Double(particles + targets) * (2 * forward + chain)
    let velocity = Double(particles) * (forward + chain + 2 * d * w)
    return 2 * (5 * training + velocity)
  }
}

/// Floating-point operations per second of one rank's sgemm on square matrices of 512 rows.
func productRate() -> Double {
  let n = 512, a = Matrix(rows: n, columns: n), b = Matrix(rows: n, columns: n), c = Matrix(rows: n, columns: n)
  for i in 0..<a.count {
    a.elements[i] = Float(i % 7)
    b.elements[i] = Float(i % 5)
  }
  var best = Double.infinity
  for _ in 0..<12 {
    let start = monotonicSeconds()
    BLAS.multiply(a.elements, b.elements, into: c.elements, m: n, n: n, k: n)
    best = min(best, monotonicSeconds() - start)
  }
  return 2 * Double(n * n * n) / best
}

func measure(_ workload: Workload, on world: Communicator) throws {
  let deck = try Deck.read(workload.deck, file: "bench")
  let flow = try Setup(deck, folder: "", on: world).flows[0]
  let peak = try world.allReduce(productRate(), .sum)
  var seconds: [Double] = []
  for step in 0...workload.steps {
    try world.barrier()
    let start = monotonicSeconds()
    try flow.propose(step + 1)
    flow.move()
    let elapsed = try world.allReduce(monotonicSeconds() - start, .maximum)
    if step > 0 { seconds.append(elapsed) }
  }
  let median = seconds.sorted()[seconds.count / 2], rate = workload.operations / median
  guard world.isRoot else { return }
  let line =
    "seconds_per_step \(Float(median)) gflops \(Float(rate / 1e9)) peak_gflops \(Float(peak / 1e9)) "
    + "fraction \(Float(rate / peak)) kernels \(BLAS.kernels)\n"
  StandardStream.output.write(line)
}

do {
  if Array(CommandLine.arguments.dropFirst()) == ["kernels"] {
    BLAS.useOneThread()
    Kernels.measure()
    exit(0)
  }
  let words = Array(CommandLine.arguments.dropFirst())
  if words == ["pairs"] {
    Pairs.measure()
    exit(0)
  }
  if words.first == "replay", words.count == 3, let rows = Int(words[2]), rows > 0 {
    let environment = try Environment.start()
    BLAS.useOneThread()
    try Replay.measure(words[1], rows: rows, on: environment.world)
    try environment.finish()
    exit(0)
  }
  guard let workload = Workload(Array(CommandLine.arguments.dropFirst())) else {
    StandardStream.error.write(
      "usage: gpa-bench kernels | replay RUN ROWS | PARTICLES TARGETS DIMENSION WIDTH ACTIVATION STEPS [CONSTRAINT]\n")
    exit(2)
  }
  let environment = try Environment.start()
  BLAS.useOneThread()
  try measure(workload, on: environment.world)
  try environment.finish()
} catch {
  StandardStream.error.write("gpa-bench: \(error)\n")
  exit(1)
}
