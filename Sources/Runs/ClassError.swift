import Parameters

/// Classes that a run cannot move one by one.
package enum ClassError: InputError {
  /// A set has no labels.
  case noLabels(set: String, handling: ClassHandling)
  /// A class of one side has no rows on the other.
  case absent(name: String, in: String, from: String, known: [String], handling: ClassHandling)

  /// One sentence for people.
  package var description: String {
    switch self {
    case .noLabels(let set, let handling):
      "\(handling.sentence), and \(set) has no labels: name them (labels: {column: ...}), or leave classes out"
    case .absent(let name, let set, let from, let known, let handling):
      "\(handling.sentence), and '\(oneLine(name, limit: 60))' of \(from) is no class of \(set) ("
        + oneLine(known.prefix(12).map { "'\($0)'" }.joined(separator: ", "), limit: 300)
        + "): choose the rows of common classes (where: {column: ..., equals: ...}), or move all rows together (classes: "
        + "ignored)"
    }
  }
}

extension ClassHandling {
  /// What it does, as the beginning of a sentence.
  fileprivate var sentence: String {
    switch self {
    case .separate: "classes: separate moves each class by itself"
    case .conditional: "classes: conditional has a velocity for each class"
    case .ignored: "classes: ignored moves all together"
    }
  }
}
