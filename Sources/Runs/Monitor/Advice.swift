import Discriminator
import Samples

/// What a look at the target says of a deck's L and time step, as comment lines of a deck.
package enum Advice {
  /// L times the diameter with which the default network reached all targets in the study of docs/defaults.md.
  static let usualLipschitz = 0.15...2.0
  /// The same for L times the time step, in diameters.
  static let usualStep = 0.02...0.2

  /// The lines for a deck whose relative paths start in `folder`. Opens all that a run reads, and throws what a run would
  /// refuse it for.
  package static func lines(_ deck: Deck, folder: String) throws -> [String] {
    let data = try OpenData(deck, folder: folder), parts = RunPart.all(of: data, deck)
    var lines = data.tables.map { "\($0.set): \($0.table.count) rows of \($0.table.dimension) columns" }
    if let columns = data.columns { lines.append(columns.description) }
    lines += data.transforms.summary
    lines += data.notes.map { "note: \($0)" }
    for part in parts {
      let own = try Self.lines(part, folder: folder)
      if parts.count > 1 {
        lines.append("flow '\(part.name)': \(part.particles.count) rows move to \(part.targetCount)")
      }
      lines += own.map { parts.count > 1 ? "  " + $0 : $0 }
    }
    // Messages quote paths, and a comment ends with its line.
    return lines.map { line in
      String(String.UnicodeScalarView(line.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
    }
  }

  private static func lines(_ part: RunPart, folder: String) throws -> [String] {
    let deck = part.deck, data = part.data
    try ImageError.require(deck, dimension: data.dimension)
    let survey = try Survey(data, deck), (numbers, scaled) = try deck.numbers(survey)
    let outputs = data.outputs?.names.count ?? 1
    if let file = deck.discriminator.initialWeights {
      let network = Network(
        dimension: data.dimension, outputs: outputs, architecture: deck.discriminator.architecture,
        constraint: deck.discriminator.constraint, lipschitz: scaled.lipschitz)
      try WeightFile.read(DeckFile.resolved(file, in: folder), into: network)
    }
    let target = try data.target.excerpt(atMost: SampleLengths.mostNeighbours)
    return [deck.flowSize(dimension: data.dimension, outputs: outputs, scale: deck.scale(survey))].compactMap { $0 }
      + survey.warnings(deck, numbers)
      + (survey.diameter > 0
        ? Self.lines(numbers, deck, diameter: survey.diameter, spacing: SampleLengths.spacing(of: target))
        : ["the target has no diameter: no advice on L and the time step"])
  }

  private static func lines(_ scales: AutomaticNumbers, _ deck: Deck, diameter: Double, spacing: Double?) -> [String] {
    var lines = [
      "the target's diameter is \(Text.short(diameter)) (the 90th percentile of the distances between its samples)"
    ]
    guard scales.lipschitz.isFinite else {
      return lines + ["L is infinite: nothing bounds the speed, and no time step is known to be small enough"]
    }
    func name(_ isAutomatic: Bool) -> String { isAutomatic ? " (auto)" : "" }
    let reach = scales.lipschitz * diameter, step = scales.lipschitz * scales.timeStep
    lines.append(
      "lipschitz \(Text.short(scales.lipschitz))\(name(deck.divergence.lipschitz == .automatic)): L x diameter = "
        + "\(Text.short(reach)), "
        + judgement(reach, in: usualLipschitz, above: "particles may stay between modes", below: "a weak discriminator")
    )
    lines.append(
      "time_step \(Text.short(scales.timeStep))\(name(deck.transport.timeStep == .automatic)): L x time_step = "
        + "\(Text.short(step)), \(Text.short(step / diameter)) diameters, "
        + judgement(
          step / diameter, in: usualStep, above: "particles may jump past the target",
          below: "many steps to get there"))
    if let spacing {
      let ratio = step / spacing
      lines.append(
        "CFL (paper, Section 6): a step of at most \(Text.short(step)) is \(Text.short(ratio)) times the spacing "
          + "\(Text.short(spacing)) of neighbouring target samples"
          + (ratio > 1 && deck.transport.schedule == .constant
            ? "; above 1, schedule: linear or a smaller time_step keeps particles from jumping to and fro" : ""))
    }
    return lines
  }

  private static func judgement(
    _ value: Double, in usual: ClosedRange<Double>, above: String, below: String
  ) -> String {
    let range = "\(Text.short(usual.lowerBound)) to \(Text.short(usual.upperBound))"
    if value > usual.upperBound * 1.001 { return "above the usual \(range): \(above)" }
    if value < usual.lowerBound * 0.999 { return "below the usual \(range): \(below)" }
    return "within the usual \(range)"
  }
}
