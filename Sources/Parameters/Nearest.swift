/// The candidate that a mistyped word most likely meant: the one with the fewest edits (insertions, deletions, substitutions
/// and exchanges of neighbours), if they are at most a third of its letters, but always at least one; one that differs in
/// case, hyphens and underscores alone comes first.
package func nearest(to word: String, among candidates: [String]) -> String? {
  let folded = folded(word)
  if let same = candidates.first(where: { Parameters.folded($0) == folded }) { return same }
  let scored = candidates.map { (candidate: $0, edits: editDistance(word, $0)) }
  guard let best = scored.min(by: { $0.edits < $1.edits }) else { return nil }
  return best.edits <= max(1, max(best.candidate.count, word.count) / 3) ? best.candidate : nil
}

private func folded(_ word: String) -> String { word.lowercased().filter { !"-_ ".contains($0) } }

/// Damerau-Levenshtein distance with exchanges of adjacent letters (optimal string alignment).
func editDistance(_ first: String, _ second: String) -> Int {
  let a = Array(first), b = Array(second)
  var rows = [Array(0...b.count)]
  for i in a.indices {
    var row = [i + 1]
    for j in b.indices {
      var edits = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { edits = min(edits, rows[i - 1][j - 1] + 1) }
      row.append(edits)
    }
    rows.append(row)
  }
  return rows[a.count][b.count]
}
