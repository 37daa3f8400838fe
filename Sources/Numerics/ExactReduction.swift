extension ExactSum {
  /// Sums the parts of one reduction until all of them are exact: each pass clears the parts, calls `add`, which adds the
  /// same addends in every pass, and `reduce`, which adds the buffers up over the ranks, and judges the parts. A part that
  /// is exact keeps its grid in the passes that another part still needs, and so its bits and its limits: what else is
  /// reduced along with it changes neither.
  ///
  /// Collective where `reduce` is. Returns nil once all sums are exact, or the part and the group with an addend that is
  /// not finite, on every rank alike; throws what `add` and `reduce` throw.
  public static func untilExact(
    _ parts: [ExactSum], add: () throws -> Void, reduce: () throws -> Void
  ) rethrows -> (part: Int, group: Int)? {
    while true {
      for part in parts { part.clear() }
      try add()
      try reduce()
      var isExact = true
      for (i, part) in parts.enumerated() {
        switch part.verdict() {
        case .exact: continue
        case .again: isExact = false
        case .notFinite(let group): return (i, group)
        }
      }
      for part in parts where isExact || part.verdict() == .again { part.adaptLimits() }
      if isExact { return nil }
    }
  }
}
