import Numerics

/// A kind of network: which parameters it has, and how a block of rows goes through it.
package protocol Architecture: Sendable {
  /// The word that chooses it in a deck.
  static var name: String { get }
  /// The parameters of a network R^dimension -> R^outputs.
  func layout(of dimension: Int, outputs: Int) -> ParameterLayout
  /// A pass of blocks of up to `height` rows through a network of this architecture, with memory of its own.
  func makePass(of network: Network, height: Int) -> any BlockPass
  /// The bytes of such a pass.
  func passBytes(dimension: Int, outputs: Int, height: Int) -> Int
  /// Changes parameters of phi as it is computed in a scale, `layout.count` numbers, into those of the same function of the
  /// data's coordinates.
  func takeScale(_ scale: CommonScale, into parameters: inout [Double], of layout: ParameterLayout)
  /// Whether a scale may have a centre: whether some bias can make up for it.
  var takesCentre: Bool { get }
  /// The greatest height of a block for a total number of rows (particles and targets).
  func blockHeight(totalRows: Int) -> Int
  /// The names of the tensors that it changes.
  var scaledTensors: [String] { get }
  /// The layers in a few words.
  func summary(dimension: Int, outputs: Int) -> String
}

/// All architectures.
package let architectures: [any Architecture.Type] = [Dense.self, Convolutional.self]
