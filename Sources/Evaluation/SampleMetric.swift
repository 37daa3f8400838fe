import MessagePassing
import Numerics

/// Two sample sets that a metric compares, whole on every rank: the ranks share the work and not the rows.
package struct SamplePair {
  /// What is judged, (rows, dimension), such as moved particles.
  package let a: Matrix
  /// What it is held against, (rows, dimension), such as the training targets.
  package let b: Matrix
  /// More samples of B's distribution that nothing was trained on; nil where there are none.
  package let heldOut: Matrix?
  /// The rows of A before they were moved, in A's order and scale; nil where they are not known.
  package let origin: Matrix?
  /// The labels of A's rows and of B's, as numbers; nil where they are not known of both.
  package let labels: (a: [Int32], b: [Int32])?
  /// The unit of length of the rows, in the data's: lengths are given in the data's unit.
  package let unit: Double
  /// What random directions and choices follow from.
  package let seed: UInt64
  /// The ranks that share the work.
  package let communicator: Communicator

  /// A pair in one scale.
  package init(
    a: Matrix, b: Matrix, heldOut: Matrix? = nil, origin: Matrix? = nil, labels: (a: [Int32], b: [Int32])? = nil,
    unit: Double = 1, seed: UInt64 = 0, on communicator: Communicator
  ) {
    self.a = a
    self.b = b
    self.heldOut = heldOut
    self.origin = origin
    self.labels = labels
    self.unit = unit
    self.seed = seed
    self.communicator = communicator
  }
}

/// A number that a metric gives.
package struct Quantity: Sendable, Equatable {
  /// Its name in JSON and in tables, such as `exact_w2`.
  package let name: String
  /// Its value; nil where the sets have none, which `remark` explains.
  package let value: Double?
  /// What a reader has to know of this value, such as why there is none.
  package let remark: String?

  /// A number with its name.
  package init(_ name: String, _ value: Double?, remark: String? = nil) {
    self.name = name
    self.value = value
    self.remark = remark
  }
}

/// A way to compare two sample sets. Its numbers are the same bits on any number of ranks.
package protocol SampleMetric: Sendable {
  /// The word that chooses it.
  static var name: String { get }
  /// Its definition in a sentence, with the source.
  static var meaning: String { get }
  /// Whether it is taken where no metric is asked for by name.
  static var isUsual: Bool { get }
  /// Whether its quantities are the smaller the nearer A is to what it is compared with. Where such a metric is usual, it is
  /// taken from the held-out samples as well.
  static var isDistance: Bool { get }
  /// Whether it needs held-out samples beside A and B, or takes them in B's place.
  static var usesHeldOut: Bool { get }
  /// The metric with its defaults.
  init()
  /// Compares. Collective; throws on all ranks alike.
  func measure(_ pair: SamplePair) throws -> [Quantity]
  /// About how many seconds one core takes for sets of these sizes.
  static func seconds(_ counts: SetCounts) -> Double
}

extension SampleMetric {
  package static var isUsual: Bool { true }
  package static var isDistance: Bool { true }
  package static var usesHeldOut: Bool { false }
  package static func seconds(_ counts: SetCounts) -> Double {
    counts.pairSeconds(counts.a, counts.b) + counts.pairSeconds(counts.a, counts.a)
      + counts.pairSeconds(counts.b, counts.b)
  }
}

/// The sizes of sets that are compared.
package struct SetCounts: Sendable {
  /// The rows of the sets.
  package let a: Int, b: Int, heldOut: Int?
  /// The columns.
  package let dimension: Int

  /// About how many seconds one core takes to look at all pairs of so many rows.
  package func pairSeconds(_ rows: Int, _ others: Int) -> Double {
    1e-11 * Double(rows) * Double(others) * (10 + Double(dimension))
  }
}

/// All metrics, in the order of the table.
package let sampleMetrics: [any SampleMetric.Type] = [
  ExactWasserstein.self, SinkhornWasserstein.self, SlicedWasserstein.self, MaximumMeanDiscrepancy.self,
  EnergyDistance.self,
  NearestNeighbours.self, PrecisionRecall.self, VarianceRatio.self, BatchMixing.self, Silhouettes.self,
  KeptStructure.self, DivergenceMetric.self, FrechetDistance.self,
]
