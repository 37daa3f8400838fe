import Parameters

/// How particles are aligned with the target before the first time step.
package enum FlowStart: String, CaseIterable, Sendable {
  /// What suits the source.
  case auto
  case none
  /// The means.
  case shift
  /// Mean and standard deviation of every coordinate.
  case meanAndDeviation = "mean_std"
  /// Mean and covariance: the optimal map between Gaussians.
  case gaussian
}

/// The `flow` section of a deck: the map that a run makes of the source.
package struct FlowSection: Section {
  /// The alignment before the first step; nil until it is known what the default is.
  package var start: FlowStart?
  /// Whether the field of every stage is stored.
  package var record = false
  /// Whether a recorded flow is no longer recorded as its run goes on.
  package var isGivenUp = false
  /// Stages whose field differs by less than this share of the velocity are left out of a recorded flow.
  package var tolerance = 0.0

  package init() {}

  package static let keys: [Key<FlowSection>] = [
    .value(
      "start", optional: \.start,
      "an alignment before the first step, part of the map: shift: of the means; mean_std: of means and standard deviations; "
        + "gaussian: the optimal map between Gaussians; auto: gaussian for a sampler's rows, shift for those of a file",
      allowed: FlowStart.wanted, otherwise: "auto; none with initial_weights"),
    .value("record", \.record, "store every stage's field in flow.h5, for gpa-mpi generate"),
    .value(
      "tolerance", \.tolerance, "leave out stages that change the velocity by less than this share",
      allowed: "a number of 0 or above and below 1"
    ) { (0..<1).contains($0) },
  ]

  package func complete(given: Set<String>) throws {
    if given.contains("tolerance"), tolerance > 0, !record {
      throw KeyError("tolerance", "belongs to a recorded flow; add record: true")
    }
  }
}

extension FlowStart: KeyValue {
  package static var wanted: String { allCases.map(\.rawValue).joined(separator: ", ") }

  package static func read(_ entry: Entry, wanted: String) throws -> FlowStart {
    guard let start = FlowStart(rawValue: try String.read(entry, wanted: wanted)) else { throw entry.mustBe(wanted) }
    return start
  }

  package var tree: Tree { rawValue.tree }
}
