import Numerics

/// phi: R^d -> R, or a phi for each label, R^d -> R^outputs, a network of some architecture, as its parameters.
///
/// All parameters lie in one piece of memory, see ``ParameterLayout``. `stored` is what the optimizer moves; `effective` is
/// what phi is computed with: the same numbers, save where the constraint puts a function between them.
package final class Network: Stateful {
  /// The kind of network.
  package let architecture: any Architecture
  /// The dimension d of its input.
  package let dimension: Int
  /// The number of outputs, one for each label.
  package let outputs: Int
  /// The tensors of the parameters.
  package let layout: ParameterLayout
  /// The constraint that bounds the Lipschitz constant.
  package let constraint: any Constraint
  /// The Lipschitz constant; infinity lifts the constraint.
  package let lipschitz: Double
  /// The parameters that the optimizer moves.
  package let stored: UnsafeMutablePointer<Float>
  /// The parameters that phi is computed with.
  package let effective: UnsafeMutablePointer<Float>
  /// Counts the changes of `effective`, so that copies of it know when they are old.
  package private(set) var generation = 0

  private let matrices: [WeightMatrix]
  private let holder: any MatrixConstraint

  /// A network whose parameters are zero; fill `stored`, then call ``constrain()``.
  package init(
    dimension: Int, outputs: Int = 1, architecture: any Architecture, constraint: any Constraint, lipschitz: Double
  ) {
    let constraint = lipschitz.isFinite ? constraint : Unconstrained()
    let layout = architecture.layout(of: dimension, outputs: outputs)
    self.architecture = architecture
    self.dimension = dimension
    self.outputs = outputs
    self.layout = layout
    self.constraint = constraint
    self.lipschitz = lipschitz
    stored = alignedMemory(of: Float.self, count: layout.count)
    effective = alignedMemory(of: Float.self, count: layout.count)
    matrices = WeightMatrix.all(of: layout, stored: stored, effective: effective, lipschitz: lipschitz)
    holder = constraint.hold(matrices)
  }

  deinit {
    stored.deallocate()
    effective.deallocate()
  }

  /// The layers, the activation and the constraint in a few words.
  package var summary: String {
    "\(architecture.summary(dimension: dimension, outputs: outputs)), \(type(of: constraint).name)"
  }

  /// Starts as He et al. 2015 for rectifiers: weights normal with variance 2/in, biases zero.
  package func initialise(from numbers: RandomNumbers) {
    for (i, matrix) in matrices.enumerated() {
      let deviation = (2 / Double(matrix.rows)).squareRoot()
      var stream = numbers.stream(i)
      for k in 0..<matrix.count { matrix.stored[k] = Float(deviation * stream.normal()) }
    }
    for bias in layout.tensors where bias.kind == .bias { for i in bias.range { stored[i] = 0 } }
  }

  /// Puts the start onto the constraint.
  package func constrain() {
    for matrix in matrices { holder.begin(matrix) }
    refresh()
  }

  /// Makes `effective` what `stored` says.
  private func refresh() {
    effective.update(from: stored, count: layout.count)
    for matrix in matrices { holder.fillEffective(matrix) }
    effectiveChanged()
  }

  /// To be called after `effective` was written to.
  package func effectiveChanged() { generation += 1 }

  /// Turns a gradient with respect to `effective`, `layout.count` numbers, into one with respect to `stored`.
  func pullBack(_ gradient: UnsafeMutablePointer<Double>) {
    for matrix in matrices { holder.pullBack(gradient + matrix.offset, matrix) }
  }

  /// Adds an optimizer's step, `layout.count` numbers, to `stored` and returns to the constraint. The step is made tangent
  /// to the constraint first, in its place.
  func move(by step: UnsafeMutablePointer<Double>) {
    for matrix in matrices { holder.makeTangent(step + matrix.offset, matrix) }
    for i in 0..<layout.count { stored[i] += Float(step[i]) }
    for matrix in matrices { holder.project(matrix) }
    refresh()
  }

  /// A copy of the stored parameters.
  package var parameters: [Float] { Array(UnsafeBufferPointer(start: stored, count: layout.count)) }

  /// Records `parameters`, as stored, and what the constraint has found of them.
  package func record(into snapshot: inout Snapshot) {
    snapshot.add("parameters", parameters)
    let findings = holder.findings
    if !findings.isEmpty { snapshot.add("constraint", findings) }
  }

  /// Takes the parameters back.
  package func restore(from snapshot: Snapshot) throws {
    let parameters = try snapshot.float32("parameters")
    ensure(parameters.count == layout.count, "the parameters of the same network")
    for i in parameters.indices { stored[i] = parameters[i] }
    if !holder.findings.isEmpty { holder.take(findings: try snapshot.float64("constraint")) }
    refresh()
  }

  /// Parameters by the names of their tensors, with shapes.
  package func arrays(of parameters: [Float]) -> [(name: String, shape: [Int], values: [Double])] {
    layout.tensors.map { ($0.name, $0.shape, parameters[$0.range].map(Double.init)) }
  }

  /// The parameters that phi is computed with, by the names of their tensors: phi as a function of coordinates that this
  /// scale gives is the plain network of exactly these.
  package func phiArrays(in scale: CommonScale) -> [(name: String, shape: [Int], values: [Double])] {
    var parameters = (0..<layout.count).map { Double(effective[$0]) }
    if !scale.isNone { architecture.takeScale(scale, into: &parameters, of: layout) }
    return layout.tensors.map { ($0.name, $0.shape, Array(parameters[$0.range])) }
  }
}
