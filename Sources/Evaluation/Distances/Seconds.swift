/// How long distances take where that is not about as long as a look at all pairs of rows.
extension ExactWasserstein {
  package static func seconds(_ counts: SetCounts) -> Double {
    let pairs = Double(counts.a) * Double(counts.b)
    return pairs > Double(TransportProblem.mostPairs) ? 0 : 1e-10 * pairs * Double(max(counts.a, counts.b))
  }
}

extension SinkhornWasserstein {
  /// The soft minima over all pairs, of A with B and of each with itself, in some iterations.
  package static func seconds(_ counts: SetCounts) -> Double {
    let own = counts.pairSeconds(counts.a, counts.a) + counts.pairSeconds(counts.b, counts.b)
    return 2 * (5 * own + 16 * counts.pairSeconds(counts.a, counts.b))
  }
}

extension SlicedWasserstein {
  package static func seconds(_ counts: SetCounts) -> Double { 2e-5 * Double(counts.a + counts.b) }
}
