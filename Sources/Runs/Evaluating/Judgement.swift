import Evaluation

extension Assessment {
  /// What the figures of a set say, in a sentence for people; `name` is what the set is called there.
  package func judgement(of set: String, called name: String) -> String {
    let parts = [copying(set), memory(set), distance(set), support(set), width(set)].compactMap { $0 }
    guard let first = parts.first else { return "\(name) cannot be judged: no metric that was taken has a value" }
    return name + " " + ([first] + parts.dropFirst()).joined(separator: "; it ")
  }

  private func figure(_ quantity: String, _ set: String) -> Figure? {
    rows.first { $0.name == quantity }?.figures[set].flatMap { $0.value == nil ? nil : $0 }
  }

  /// A figure beside that of real rows.
  private struct Comparison {
    let value: Double, floor: Double
    /// How far they may differ by chance: two standard errors, and not less than a margin.
    let noise: Double

    var above: Bool { value - floor > noise }
    var below: Bool { floor - value > noise }
  }

  private func compare(_ quantity: String, _ set: String, margin: Double) -> Comparison? {
    guard let found = figure(quantity, set), let value = found.value, let real = figure(quantity, Self.floor),
      let floor = real.value
    else { return nil }
    let errors = [found, real].compactMap(\.standardError)
    return Comparison(
      value: value, floor: floor, noise: max(2 * errors.reduce(0) { $0 + $1 * $1 }.squareRoot(), margin))
  }

  private func copying(_ set: String) -> String? {
    guard let exact = compare("exact_copies", set, margin: 0), let near = compare("near_copies", set, margin: 0) else {
      return nil
    }
    let share = exact.value + near.value
    // Where no real row repeats another one exactly, a single one that does is no chance.
    if exact.above || near.above || exact.floor == 0 && exact.value > 0 {
      return "copies: \(percent(share)) of its rows are exact or near copies of rows of B (real rows: "
        + "\(percent(exact.floor + near.floor)))"
    }
    return share > 0 ? "holds no more copies of rows of B than real rows do" : "holds no copies of rows of B"
  }

  private func memory(_ set: String) -> String? {
    guard let nearer = compare("nearer_to_training", set, margin: 0.05), let copies = figure("copies", set)?.value
    else {
      return rows.contains { $0.name == "nearer_to_training" } ? "may remember B or not: only held-out rows tell" : nil
    }
    let close = "\(percent(copies)) of its rows are nearer to B than 95% of the held-out rows are"
    if nearer.above {
      return "remembers B: \(percent(nearer.value)) of its rows are nearer to a row of B than to a held-out one (fresh "
        + "rows: 50%), \(close)"
    }
    return copies > 0.1 ? "is close to B: \(close)" : "is no nearer to B than to held-out rows"
  }

  /// By the first distance that has a value and one of real rows; from the held-out rows, where there are any, as being near
  /// to B is what copies are.
  private func distance(_ set: String) -> String? {
    let distances = rows.filter { $0.metric.isDistance && !$0.name.contains("_squared") }
    let ordered = distances.filter { $0.name.hasSuffix(Self.heldOutSuffix) } + distances
    for row in ordered {
      guard let found = compare(row.name, set, margin: 0) else { continue }
      let isHeldOut = row.name.hasSuffix(Self.heldOutSuffix), other = isHeldOut ? "held-out rows" : "B"
      let figures = "\(row.name) \(Text.short(found.value)), real rows \(Text.short(found.floor))"
      let far = max(abs(found.floor) * 1.1, found.floor)
      var text =
        found.above && found.value > far
        ? "is further from \(other) than real rows are" : "is as near to \(other) as real rows are"
      text += " (\(figures))"
      let simple = [("mean_shift", "mean shift"), ("gaussian_map", "Gaussian map")].filter { baseline, _ in
        figure(row.name, baseline)?.value.map { $0 <= found.value } ?? false
      }
      if !simple.isEmpty {
        text += ", and no nearer than a \(simple.map(\.1).joined(separator: " or a ")) of the source"
      }
      return text
    }
    return nil
  }

  private func support(_ set: String) -> String? {
    let parts: [String] = [
      ("precision", "of its rows lie among real ones"), ("recall", "of real rows lie among its own"),
    ]
    .compactMap { quantity, words in
      guard let found = compare(quantity, set, margin: 0.05), found.below else { return nil }
      return "\(percent(found.value)) \(words) (real rows: \(percent(found.floor)))"
    }
    return parts.isEmpty ? nil : "covers another region: " + parts.joined(separator: ", ")
  }

  private func width(_ set: String) -> String? {
    guard let ratio = figure("variance_ratio", set)?.value else { return nil }
    if ratio < 0.8 { return "is narrower than B (\(percent(ratio)) of its variance)" }
    return ratio > 1.25 ? "is wider than B (\(Text.short(ratio)) times its variance)" : nil
  }

  private func percent(_ share: Double) -> String { "\((1000 * share).rounded() / 10)%" }
}
