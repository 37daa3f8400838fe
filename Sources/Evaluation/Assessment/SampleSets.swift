import MessagePassing
import Numerics

/// The sets of an assessment, whole on every rank and in one scale.
package struct SampleSets {
  /// A set that is judged, or held beside those, with its name in tables and JSON.
  package struct Named {
    /// Such as `a` or `mean_shift`.
    package let name: String
    /// The rows, (rows, dimension).
    package let rows: Matrix
    /// The rows before they were moved, in their order; nil where they are not known.
    package let origin: Matrix?
    /// The labels of the rows, as numbers that are the same for all sets; nil where they have none.
    package let labels: [Int32]?

    /// A set with its name.
    package init(_ name: String, _ rows: Matrix, origin: Matrix? = nil, labels: [Int32]? = nil) {
      self.name = name
      self.rows = rows
      self.origin = origin
      self.labels = labels
    }
  }

  /// What is judged; the first is A.
  package let judged: [Named]
  /// What is judged beside them for comparison.
  package let baselines: [Named]
  /// B.
  package let reference: Matrix
  /// The labels of B's rows, where they have some.
  package let referenceLabels: [Int32]?
  /// C.
  package let heldOut: Matrix?
  /// The unit of length, in the data's.
  package let unit: Double
  /// The ranks that share the work.
  package let communicator: Communicator

  /// Sets of one scale and dimension.
  package init(
    judged: [Named], baselines: [Named] = [], reference: Matrix, referenceLabels: [Int32]? = nil,
    heldOut: Matrix? = nil,
    unit: Double = 1, on communicator: Communicator
  ) {
    self.referenceLabels = referenceLabels
    self.judged = judged
    self.baselines = baselines
    self.reference = reference
    self.heldOut = heldOut
    self.unit = unit
    self.communicator = communicator
  }

  /// The rows of `set` against those of `reference`.
  func pair(_ set: Matrix, _ reference: Matrix, _ heldOut: Matrix?) -> SamplePair {
    SamplePair(a: set, b: reference, heldOut: heldOut, unit: unit, on: communicator)
  }

  /// A named set against B.
  func pair(_ set: Named) -> SamplePair {
    SamplePair(
      a: set.rows, b: reference, heldOut: heldOut, origin: set.origin,
      labels: set.labels.flatMap { own in referenceLabels.map { (own, $0) } }, unit: unit, on: communicator)
  }

  /// Real rows against real rows: held-out ones against B; for what needs held-out rows beside these, one half of them with
  /// the other half held out. Without any, one half of B against the other.
  func floor(splittingHeldOut: Bool) -> SamplePair {
    guard let heldOut else {
      let (first, second) = halves(reference, index: 10)
      return pair(first, second, nil)
    }
    guard splittingHeldOut else { return pair(heldOut, reference, nil) }
    let (first, second) = halves(heldOut, index: 11)
    return pair(first, reference, second)
  }

  /// A fixed random half of a set, and the rest.
  private func halves(_ rows: Matrix, index: Int) -> (Matrix, Matrix) {
    let numbers = RandomNumbers(seed: 0, purpose: .evaluation)
    let chosen = numbers.choice(of: rows.rows / 2, from: rows.rows, index: index), isChosen = Set(chosen)
    return (rows.rows(chosen), rows.rows((0..<rows.rows).filter { !isChosen.contains($0) }))
  }
}
