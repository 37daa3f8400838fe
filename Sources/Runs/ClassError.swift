import Parameters

/// Classes that a run cannot move one by one.
package enum ClassError: InputError {
  /// A set has no labels.
  case noLabels(set: String)
  /// A class of one side has no rows on the other.
  case absent(name: String, in: String, from: String, known: [String])

  /// One sentence for people.
  package var description: String {
    switch self {
    case .noLabels(let set):
      "classes: separate moves each class by itself, and \(set) has no labels: name them (labels: {column: ...}), or leave "
        + "classes out"
    case .absent(let name, let set, let from, let known):
      "classes: separate moves each class by itself, and '\(oneLine(name, limit: 60))' of \(from) is no class of \(set) ("
        + oneLine(known.prefix(12).map { "'\($0)'" }.joined(separator: ", "), limit: 300)
        + "): choose the rows of common classes (where: {column: ..., equals: ...}), or move all rows together (classes: "
        + "ignored)"
    }
  }
}
