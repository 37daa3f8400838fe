import Samples

/// Which rows a transform is for.
package enum Side: String, CaseIterable, Sendable {
  case source, target, both

  /// Whether rows of this role are meant; generated ones go with those of the source.
  func includes(_ role: SampleSource.Role) -> Bool {
    switch self {
    case .source: role != .target
    case .target: role == .target
    case .both: true
    }
  }
}
