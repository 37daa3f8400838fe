import Parameters

/// The `source.oversample` section: more particles to train the field on than the source has rows, so that the field holds
/// beside these. The source's own rows come first and are what is reported.
package struct Oversampling: Section, Equatable {
  /// How many particles there are for each row.
  package var times = 10
  /// By how many of the source's standard deviations, coordinate by coordinate, copies are moved; a sampler draws more rows
  /// instead.
  package var noise = 1.0

  package init() {}

  package static let keys: [Key<Oversampling>] = [
    .value(
      "times", \.times, "how many particles there are for each row; 1: the rows alone",
      allowed: "a whole number from 1 to 1000000"
    ) { (1...1_000_000).contains($0) },
    .value(
      "noise", \.noise, "by how many standard deviations of the source copies of a file's rows are moved",
      allowed: "a finite number of 0 or above"
    ) { $0 >= 0 && Float($0).isFinite },
  ]
}
