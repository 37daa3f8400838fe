import Samples

/// What a look at the target says of a deck's L and time step, as comment lines of a deck.
package enum Advice {
  /// L times the diameter with which the default network reached all targets in the study of docs/defaults.md.
  static let usualLipschitz = 0.15...2.0
  /// The same for L times the time step, in diameters.
  static let usualStep = 0.02...0.2
  /// The diameters of that study's data. The network's biases start at zero and learn in the data's unit.
  static let usualDiameters = 1.0...50.0
  /// A larger target is not looked at.
  private static let mostNumbers = 1 << 27

  /// The lines for a deck whose relative paths start in `folder`; a target that cannot be read is said and is no error.
  package static func lines(_ deck: Deck, folder: String) -> [String] {
    // Messages quote paths, and a comment ends with its line.
    advice(deck, folder: folder).map { line in
      String(String.UnicodeScalarView(line.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
    }
  }

  private static func advice(_ deck: Deck, folder: String) -> [String] {
    do {
      let seed = UInt64(deck.seed)
      let table = try target(deck, seed: seed, folder: folder)
      guard table.count <= mostNumbers / table.dimension else {
        return ["the target is too large to be looked at here: no advice on L and the time step"]
      }
      let rows = try table.local()
      let diameter = SampleLengths(rows).diameter
      let scales: AutomaticNumbers
      do { scales = try deck.numbers { diameter } } catch { return ["\(error)"] }
      guard diameter > 0 else { return ["the target has no diameter: no advice on L and the time step"] }
      return lines(scales, deck, diameter: diameter, spacing: SampleLengths.spacing(of: rows))
    } catch {
      return ["no advice on L and the time step: \(error)"]
    }
  }

  /// The target with the columns that a run takes of it.
  private static func target(_ deck: Deck, seed: UInt64, folder: String) throws -> SharedTable {
    var tables = [(set: "target", table: try deck.target.open(role: .target, seed: seed, folder: folder))]
    guard tables[0].table.columnNames != nil else { return tables[0].table }
    tables.append(("source", try deck.source.open(role: .source, seed: seed, folder: folder)))
    if let generated = try deck.generated?.open(role: .generated, seed: seed, folder: folder) {
      tables.append(("generated", generated))
    }
    _ = try ColumnMatch.match(&tables)
    return tables[0].table
  }

  private static func lines(_ scales: AutomaticNumbers, _ deck: Deck, diameter: Double, spacing: Double?) -> [String] {
    var lines = [
      "the target's diameter is \(Text.short(diameter)) (the 90th percentile of the distances between its samples)"
    ]
    if !usualDiameters.contains(diameter) {
      lines.append(
        "the network learns best on data with a diameter of \(Text.short(usualDiameters.lowerBound)) to "
          + "\(Text.short(usualDiameters.upperBound)): scale these, or try other values of training.learning_rate")
    }
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
