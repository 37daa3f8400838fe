import Evaluation
import Glibc
import MessagePassing
import Numerics

// gpa-ranks parts | sums | calls | numbers | transforms: what several ranks do for the tests of a module. Prints what is wrong, on
// any rank, and ends with 1 then. gpa-ranks distances N M D [1] prints the
// distances of two sets, bit by bit, and the seconds that they take.

/// Messages that are cut into parts of a few bytes arrive whole.
func parts(_ world: Communicator) throws -> Bool {
  var isRight = true
  for part in [8, 16, 40, 1 << 30] {
    world.largestPart = part
    for count in [0, 1, 7, 8, 9, 40, 41, 1000] {
      // Every rank adds its own numbers, element by element.
      let numbers = UnsafeMutableBufferPointer<Double>.allocate(capacity: count)
      defer { numbers.deallocate() }
      for i in 0..<count { numbers[i] = Double(i * world.size + world.rank) }
      try world.allReduce(numbers, .sum)
      let ranks = world.size * (world.size - 1) / 2
      for i in 0..<count where numbers[i] != Double(i * world.size * world.size + ranks) { isRight = false }

      let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
      defer { bytes.deallocate() }
      let last = world.size - 1
      for i in 0..<count { bytes[i] = world.rank == last ? UInt8(truncatingIfNeeded: i) : 0 }
      try world.broadcast(bytes, from: last)
      for i in 0..<count where bytes[i] != UInt8(truncatingIfNeeded: i) { isRight = false }

      // Round the ring: even ranks send first.
      let next = (world.rank + 1) % world.size, before = (world.rank + last) % world.size
      let got = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
      defer { got.deallocate() }
      for i in 0..<count {
        bytes[i] = UInt8(truncatingIfNeeded: i + world.rank)
        got[i] = 255
      }
      if world.rank == 0 {
        try world.send(UnsafeRawBufferPointer(bytes), to: next, tag: 3)
        try world.receive(got, from: before, tag: 3)
      } else {
        try world.receive(got, from: before, tag: 3)
        try world.send(UnsafeRawBufferPointer(bytes), to: next, tag: 3)
      }
      for i in 0..<count where got[i] != UInt8(truncatingIfNeeded: i + before) { isRight = false }
    }
  }
  return isRight
}

/// Sums in shared memory, whole and in pieces, again and again, with counts that no number of ranks divides.
func sums(_ world: Communicator) throws -> Bool {
  var isRight = true
  for count in [1, 7, 1000, 5003, 70_003] {
    let sum = try SharedSum(count: count, on: world)
    for round in 0..<50 {
      for i in 0..<count { sum.numbers[i] = Double(i + round * (world.rank + 1)) }
      try sum.allReduce()
      let ranks = world.size * (world.size + 1) / 2
      for i in 0..<count where sum.sums[i] != Double(world.size * i + round * ranks) { isRight = false }
    }
  }
  return isRight
}

/// The last rank makes another call than the others.
func calls(_ world: Communicator) throws -> Bool {
  if world.rank == world.size - 1 { try world.barrier() } else { _ = try world.gather(1.0) }
  return false
}

/// The second rank holds another number than the others.
func numbers(_ world: Communicator) throws -> Bool {
  try world.requireSame(7, "a number that all have")
  try world.requireSame(world.rank == 1 ? 8 : 7, "the number")
  return false
}

/// The distances of N and M normal samples of D dimensions, whose means differ by 0.1 in each.
func distances(_ sizes: [Int], _ world: Communicator) throws -> Bool {
  func normal(_ rows: Int, mean: Double, key: Int) -> Matrix {
    let matrix = Matrix(rows: rows, columns: sizes[2])
    var stream = RandomNumbers(seed: 15, purpose: .test).stream(key)
    for i in 0..<matrix.count { matrix.elements[i] = Float(mean + stream.normal()) }
    return matrix
  }
  guard 3...4 ~= sizes.count else { return false }
  BLAS.useOneThread()
  let pair = SamplePair(
    a: normal(sizes[0], mean: 0, key: 1), b: normal(sizes[1], mean: 0.1, key: 2), on: world)
  let metrics: [any SampleMetric] = [
    ExactWasserstein(), SinkhornWasserstein(), SlicedWasserstein(), MaximumMeanDiscrepancy(), EnergyDistance(),
  ]
  for metric in metrics {
    let start = monotonicSeconds(), found = try metric.measure(pair)
    guard world.isRoot else { continue }
    for quantity in found {
      print(quantity.name, quantity.value.map { "\($0) \($0.bitPattern)" } ?? "nil", quantity.remark ?? "")
    }
    if sizes.count == 4 { print("seconds", type(of: metric).name, Float(monotonicSeconds() - start)) }
  }
  return true
}

do {
  let environment = try Environment.start(), world = environment.world
  do {
    let isRight =
      switch CommandLine.arguments.dropFirst().first {
      case "parts": try parts(world)
      case "sums": try sums(world)
      case "calls": try calls(world)
      case "numbers": try numbers(world)
      case "transforms": try transforms(world)
      case "distances": try distances(CommandLine.arguments.dropFirst(2).compactMap { Int($0) }, world)
      default: false
      }
    if !isRight { print("rank \(world.rank): wrong") }
    try environment.finish()
    exit(isRight ? 0 : 1)
  } catch {
    // All ranks are told of what is looked for here, and leave together: mpirun drops what a rank says after the first exit.
    print("\(error)")
    fflush(nil)
    try environment.finish()
    exit(2)
  }
} catch {
  print("\(error)")
  exit(1)
}
