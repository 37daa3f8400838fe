/// What `gpa-mpi generate` is asked for.
package struct GenerationOptions: Sendable {
  /// The number of rows; nil: all of a file.
  package var count: Int?
  /// The file whose rows are taken, and an array of it.
  package var source: (file: String, array: String?)?
  /// The flow of a run of several, such as a class.
  package var label: String?
  /// Whether the run's own source is carried again.
  package var replays = false
  /// What new draws follow from; nil: the run's seed.
  package var seed: Int?
  /// The file that is made; nil: generated.npy in the run folder.
  package var output: String?
  /// The picture of the first rows of a run of images, a PNG; nil: none.
  package var images: String?
  /// The rows that a rank carries at a time; nil: as many as suit its cache.
  package var batch: Int?
  /// The step after which the flow ends; nil: the last.
  package var until: Int?
  /// The threads of every rank.
  package var threads = 1
  /// Whether an output that is there may be replaced.
  package var overwrites = false
  /// Whether only errors are printed.
  package var isQuiet = false
  /// The command that continues the work, for people.
  package var command = "gpa-mpi generate"

  /// Nothing yet.
  package init() {}
}
