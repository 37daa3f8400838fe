import Evaluation

/// Whether samples that were moved onto others were moved too little or too far.
extension Assessment {
  /// A sentence for people; nil where the figures that it needs were not taken.
  ///
  /// Nearness is judged by the unbiased energy distance, from the held-out rows where there are any, as it does not reward clouds
  /// that shrink; what it cost by the distances and neighbours kept. The yardstick is the Gaussian map, which has a closed form.
  package var integration: String? {
    guard let near = nearness, let kept = value("distances_kept", "a"), let neighbours = value("neighbours_kept", "a")
    else {
      return nil
    }
    let cost =
      "\(Text.short(kept)) of the order of distances and \(Text.short(neighbours)) of the nearest neighbours are kept"
    if let shift = near.others["mean_shift"], near.own > shift.value + max(near.noise, shift.noise) {
      return "As an integration it is under-corrected: a mean shift alone comes nearer (energy distance "
        + "\(Text.short(shift.value)) against \(Text.short(near.own))); \(cost)."
    }
    if near.own > near.floor + 2 * near.noise, let map = near.others["gaussian_map"],
      near.own > map.value + 2 * near.noise
    {
      return "As an integration it is under-corrected: energy distance \(Text.short(near.own)), real rows "
        + "\(Text.short(near.floor)), a Gaussian map \(Text.short(map.value)); \(cost)."
    }
    var faults: [String] = []
    if let map = near.others["gaussian_map"], let theirs = value("distances_kept", "gaussian_map"),
      kept < theirs - 0.02, near.own > map.value - near.noise
    {
      faults.append(
        "a Gaussian map comes as near (energy distance \(Text.short(map.value)) against \(Text.short(near.own))) and keeps "
          + "\(Text.short(theirs)) of the order of distances")
    }
    if let wrong = value("wrong_neighbours", "a"), let before = value("wrong_neighbours", "mean_shift"),
      wrong > before + 0.02
    {
      faults.append(
        "\(percentage(wrong)) of the nearest rows of B have another label (after a mean shift: \(percentage(before)))")
    }
    if let width = value("variance_ratio", "a"), width < 0.5 {
      faults.append("its variance is \(percentage(width)) of that of B")
    }
    if neighbours < 0.3 { faults.append("less than a third of each sample's neighbours are still its neighbours") }
    return faults.isEmpty
      ? "As an integration it is fine: energy distance \(Text.short(near.own)) (real rows \(Text.short(near.floor))), \(cost)."
      : "As an integration it is over-corrected: \(faults.joined(separator: "; ")); \(cost)."
  }

  /// The energy distance of A, of real rows and of the baselines, with the noise of A's.
  private var nearness: (own: Double, noise: Double, floor: Double, others: [String: (value: Double, noise: Double)])? {
    let names = ["energy_distance" + Self.heldOutSuffix, "energy_distance"]
    guard let row = names.lazy.compactMap({ name in rows.first { $0.name == name } }).first,
      let own = row.figures["a"], let value = own.value, let floor = row.figures[Self.floor]?.value
    else { return nil }
    let others = row.figures.compactMapValues { figure in
      figure.value.map { (value: $0, noise: 2 * (figure.standardError ?? 0)) }
    }
    return (value, 2 * (own.standardError ?? 0), floor, others)
  }

  private func value(_ quantity: String, _ set: String) -> Double? {
    rows.first { $0.name == quantity }?.figures[set]?.value
  }

  private func percentage(_ share: Double) -> String { "\((1000 * share).rounded() / 10)%" }
}
