import Discriminator
import MessagePassing
import Numerics
import Samples

/// What the divergence would be if nothing but chance told the target's samples from the particles: that of the particles
/// from as many of themselves, which are aligned with all of them as the source is with the target, after the training that
/// the run makes before its first move (a parametric bootstrap; Efron and Tibshirani 1993).
enum NullDivergence {
  /// The divergence; nil where there are less than twice as many particles as targets, or the source is aligned by its centre
  /// alone, or phi has an output for each class: then spread and correlations still tell both apart, though few samples hardly show it. Collective.
  static func measure(_ setup: Setup) throws -> Double? {
    let particles = setup.sets[0], count = setup.targets.rows, communicator = setup.communicator
    guard particles.labels == nil, particles.count >= 2 * count, setup.survey.alignment.kind == .gaussian else {
      return nil
    }
    let drawn = try particles.gathered(Excerpt.choice(of: count, from: particles.count), on: communicator)
    let most = max(count, min(20_000, 20_000_000 / drawn.columns))
    let all = try particles.gathered(Excerpt.choice(of: most, from: particles.count), on: communicator)
    var fitted: Alignment?
    try communicator.onRoot { () throws -> Void in
      fitted = try Alignment(setup.survey.alignment.kind, source: Excerpt(drawn), target: Excerpt(all), isDrawn: true)
    }
    let alignment = try Alignment.ofRoot(fitted, dimension: drawn.columns, on: communicator)
    alignment.map?.apply(to: drawn)
    let trainer = try setup.trainer(for: drawn)
    do {
      try trainer.warmUp(setup.deck.training.warmUp ?? .number(0), on: particles.positions)
      // Samples that are particles themselves are nearer to them than others would be: 1/M - 1/N in the place of 1/M + 1/N.
      let n = Double(particles.count), m = Double(count)
      return try trainer.train(on: particles.positions) * (n + m) / (n - m)
    } catch is NotFinite {
      return nil
    }
  }
}
