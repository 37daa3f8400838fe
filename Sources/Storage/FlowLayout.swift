/// What of a field a replay of one stage needs.
package struct RecordedStage: Sendable {
  /// By what a field of the reverse direction is weighted: exp(phi - shift) times the factor, or f*'(phi - nu).
  package struct Weighting: Sendable, Equatable {
    package var shift = 0.0, nu = 0.0, factor = 1.0

    /// These numbers.
    package init(shift: Double, nu: Double, factor: Double) {
      self.shift = shift
      self.nu = nu
      self.factor = factor
    }
  }

  /// The parameters that phi is computed with, in the network's scale.
  package let parameters: [Float]
  /// All parameters of phi as a function of the data's coordinates; empty where that is the network's scale.
  package let inData: [Double]
  /// The weights; nil for the forward direction.
  package let weighting: Weighting?

  /// A stage of these parts.
  package init(parameters: [Float], inData: [Double] = [], weighting: Weighting? = nil) {
    self.parameters = parameters
    self.inData = inData
    self.weighting = weighting
  }
}

/// A time step that was made, and the field of each of its stages; nil: that of the stage before is used again.
package struct RecordedStep: Sendable {
  /// Its length in the network's scale.
  package let timeStep: Double
  /// Its length in the data's unit of time.
  package let duration: Double
  /// The stages in the order of evaluation.
  package let stages: [RecordedStage?]

  /// A step of these parts.
  package init(timeStep: Double, duration: Double, stages: [RecordedStage?]) {
    self.timeStep = timeStep
    self.duration = duration
    self.stages = stages
  }
}

/// The shape of a recorded flow.
package struct FlowLayout: Sendable, Equatable {
  /// A tensor of the network.
  package struct Tensor: Sendable, Equatable {
    let name: String, shape: [Int], offset: Int, isScaled: Bool

    /// A tensor whose elements begin at a place among the parameters; whether the scale of the data changes them.
    package init(name: String, shape: [Int], offset: Int, isScaled: Bool) {
      self.name = name
      self.shape = shape
      self.offset = offset
      self.isScaled = isScaled
    }

    var count: Int { shape.reduce(1, *) }
    var range: Range<Int> { offset..<offset + count }
  }

  package let tensors: [Tensor]
  /// The stages of a time step.
  package let stages: Int
  /// The steps that another method makes first, and its stages.
  package let firstSteps: Int, firstStages: Int
  /// Whether velocities are weighted.
  package let isWeighted: Bool
  /// Whether float32 is too coarse for phi as a function of the data's coordinates.
  package let isDouble: Bool

  /// A layout of these parts.
  package init(
    tensors: [Tensor], stages: Int, firstSteps: Int = 0, firstStages: Int = 0, isWeighted: Bool = false,
    isDouble: Bool = false
  ) {
    self.tensors = tensors
    self.stages = stages
    self.firstSteps = firstSteps
    self.firstStages = firstStages
    self.isWeighted = isWeighted
    self.isDouble = isDouble
  }

  /// The evaluations of the field in so many steps.
  package func evaluations(of steps: Int) -> Int {
    let first = min(steps, firstSteps)
    return first * firstStages + (steps - first) * stages
  }

  /// The number of parameters.
  package var parameters: Int { tensors.last?.range.upperBound ?? 0 }

  /// The outputs of the network: the numbers of its last bias.
  package var outputs: Int { tensors.last?.count ?? 1 }

  /// Whether the network is in another scale than the data.
  var isScaled: Bool { tensors.contains(where: \.isScaled) }

  /// The bytes of one field in the file.
  private var fieldBytes: Int {
    (isDouble ? 8 : 4) * parameters + tensors.reduce(0) { $0 + ($1.isScaled ? 4 * $1.count : 0) }
      + (isWeighted ? 32 : 0)
  }

  /// The most bytes that so many steps take in the file, without its notes.
  package func bytes(steps: Int) -> Int {
    let evaluations = evaluations(of: steps)
    return evaluations * (fieldBytes + 8) + 16 * steps
  }

  /// The rows of a chunk of rows of so many bytes.
  static func chunkRows(rowBytes: Int) -> Int { max(1, min(1024, (1 << 16) / max(rowBytes, 1))) }

  /// A bound of what the file grows by with so many fields and steps: their bytes, and a chunk more of every dataset.
  func growth(fields: Int, steps: Int) -> Int {
    let rows = tensors.flatMap { [(isDouble ? 8 : 4) * $0.count, $0.isScaled ? 4 * $0.count : 0] } + [24, 8, 8, 8, 8]
    return fields * fieldBytes + steps * (16 + 8 * max(stages, firstStages))
      + rows.reduce(0) { $0 + Self.chunkRows(rowBytes: $1) * $1 }
  }
}
