import HDF5

/// The datasets of run.h5: the one table that its writer and its readers follow. Matrices are in row order.
package enum RunSchema {
  /// The length of an axis.
  package enum Axis: Sendable, Equatable {
    /// N particles, G particles carried along, M target samples, H kept back, d dimensions, F frames, S time steps.
    case particles, generated, targets, heldOut, dimension, frames, steps
    /// D dimensions of the original space.
    case original
    /// A fixed length.
    case length(Int)
    /// As the caller has it.
    case any
  }

  /// The type of elements.
  package enum Element: Sendable, Equatable {
    case float32, float64, int64, text
    /// float32, or float64 where the run's scale is so fine that float32 does not hold the data's coordinates.
    case coordinate
  }

  /// A dataset, or all those of a group.
  package struct Dataset: Sendable {
    /// The path; that of a group ends with a slash, and the caller names its datasets.
    package let path: String
    package let element: Element
    /// The axes; those of a group's datasets where all are alike.
    package let shape: [Axis]
    /// What it holds.
    package let meaning: String

    init(_ path: String, _ element: Element, _ shape: [Axis], _ meaning: String) {
      self.path = path
      self.element = element
      self.shape = shape
      self.meaning = meaning
    }

    /// Whether a dataset of this path is meant.
    package func covers(_ other: String) -> Bool { path.hasSuffix("/") ? other.hasPrefix(path) : other == path }
  }

  /// The attribute with the step after which the final state was, where a run ended with an earlier one.
  package static let bestStep = "best_step"
  static let heldOut = Dataset(
    "held_out", .coordinate, [.heldOut, .dimension], "the targets that were kept back, where asked for")
  static let particles = Dataset(
    "particles", .coordinate, [.particles, .dimension], "the moved particles at the end, in source order")
  static let generated = Dataset(
    "generated", .coordinate, [.generated, .dimension], "the particles carried along, where asked for")
  static let target = Dataset("target", .coordinate, [.targets, .dimension], "the target set as used")
  static let decodedParticles = Dataset(
    "decoded/particles", .float32, [.particles, .original], "the moved particles in the original space, with transforms"
  )
  static let decodedGenerated = Dataset(
    "decoded/generated", .float32, [.generated, .original], "the particles carried along in the original space")
  static let transform = Dataset("transform/", .float64, [.any], "what was learnt for the transforms")
  static let columnNames = Dataset("names/columns", .text, [.original], "the columns' names, where the input has them")
  static let particleNames = Dataset(
    "names/particles", .text, [.particles], "the particles' names, where the source has them")
  static let flowNames = Dataset(
    "names/flows", .text, [.any], "what the flows of a run of several are called, such as classes")
  static let particleLabels = Dataset("labels/particles", .text, [.particles], "the particles' labels, where given")
  static let targetLabels = Dataset("labels/target", .text, [.targets], "the target samples' labels, where given")
  static let generatedLabels = Dataset("labels/generated", .text, [.generated], "the labels of those carried along")
  static let frameSteps = Dataset("frames/step", .int64, [.frames], "the time steps of the frames; 0: the start")
  static let frames = Dataset(
    "frames/particles", .coordinate, [.frames, .particles, .dimension], "the particles after these steps")
  static let metricsSteps = Dataset("metrics/step", .int64, [.steps], "the time steps 1, 2, ...")
  static let metrics = Dataset(
    "metrics/", .float64, [.steps], "time, the sum of time steps, and each observable; of C flows (S, C)")
  static let discriminator = Dataset(
    "discriminator/", .float32, [.any], "the parameters as the optimizer moves them, in the network's scale")
  static let phi = Dataset(
    "phi/", .coordinate, [.any],
    "the parameters of phi as a function of the data's coordinates: weight_0 (in, out), bias_0")
  static let centre = Dataset("scale/centre", .float64, [.dimension], "the origin of the scale that the network sees")
  static let unit = Dataset("scale/unit", .float64, [.length(1)], "its unit, in the data's")
  static let timing = Dataset(
    "timing/", .float64, [.length(3)], "seconds of a phase: minimum, mean and maximum over ranks")

  /// All datasets; the first that covers a path is meant.
  package static let all = [
    particles, generated, target, heldOut, decodedParticles, decodedGenerated, transform, columnNames, particleNames,
    flowNames, particleLabels, targetLabels, generatedLabels, frameSteps, frames, metricsSteps, metrics, discriminator,
    phi, centre, unit, timing,
  ]

  /// The paths of the numbers of steps.
  static func metrics(_ columns: [String]) -> [String] { columns.map { metrics.path + $0 } }
}

/// Arrays of a network by the names of their tensors.
package typealias NamedArrays = [(name: String, shape: [Int], values: [Double])]

/// What a run's matrices belong to, where the input says so; on the root.
package struct RunNames: Sendable {
  package var columns: [String]?
  package var particles: [String]?
  package var particleLabels: [String]?
  package var targetLabels: [String]?
  package var generatedLabels: [String]?
  package var flows: [String]?

  /// No names.
  package init() {}

  /// The texts by dataset.
  var texts: [(dataset: String, texts: [String])] {
    [
      (RunSchema.columnNames, columns), (RunSchema.particleNames, particles),
      (RunSchema.particleLabels, particleLabels), (RunSchema.targetLabels, targetLabels),
      (RunSchema.generatedLabels, generatedLabels), (RunSchema.flowNames, flows),
    ].compactMap { dataset, texts in texts.map { (dataset.path, $0) } }
  }
}
