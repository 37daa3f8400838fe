/// Adams-Bashforth methods of orders 2 to 5: one stage a step (Hairer, Norsett, Wanner, "Solving Ordinary Differential
/// Equations I", 1993, Section III.1).
let adamsBashforth: [Integrator] = bashforth.map { weights in
  Integrator("adams_bashforth_\(weights.count)", order: weights.count, b: [weights[0]], older: Array(weights[1...]))
}

/// Adams-Bashforth-Moulton methods of orders 2 to 5: Adams-Bashforth of the same order predicts, Adams-Moulton corrects with
/// the velocity there; two stages a step.
let adamsMoulton: [Integrator] = zip(bashforth, moulton).map { predictor, corrector in
  Integrator(
    "adams_moulton_\(predictor.count)", order: predictor.count, a: [[predictor[0]]],
    b: [corrector[1], corrector[0]], olderStages: [Array(predictor[1...])], older: Array(corrector[2...]))
}

/// The weights of the velocities at the beginning of this step, of the one before, ...
private let bashforth: [[Double]] = [
  [3 / 2.0, -1 / 2.0],
  [23 / 12.0, -16 / 12.0, 5 / 12.0],
  [55 / 24.0, -59 / 24.0, 37 / 24.0, -9 / 24.0],
  [1901 / 720.0, -2774 / 720.0, 2616 / 720.0, -1274 / 720.0, 251 / 720.0],
]

/// The weights of the velocities at the end of this step, at its beginning, at the beginning of the one before, ...
private let moulton: [[Double]] = [
  [1 / 2.0, 1 / 2.0],
  [5 / 12.0, 8 / 12.0, -1 / 12.0],
  [9 / 24.0, 19 / 24.0, -5 / 24.0, 1 / 24.0],
  [251 / 720.0, 646 / 720.0, -264 / 720.0, 106 / 720.0, -19 / 720.0],
]
