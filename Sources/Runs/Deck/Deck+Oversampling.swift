import Samples

extension Deck {
  /// More particles than the source has rows, as the deck says it; or where the field is used beside its particles and there
  /// are less than five of them a target: ten for each row of a file, and five for each target of a sampler.
  func oversampling(rows: Int, targets: Int) -> Oversampling? {
    if let given = source.oversample { return given.times > 1 ? given : nil }
    guard discriminator.initialWeights == nil, generated != nil || flow.record, rows < 5 * targets else { return nil }
    var oversampling = Oversampling()
    if source.isDrawn { oversampling.times = (5 * targets + rows - 1) / rows }
    return oversampling
  }
}
