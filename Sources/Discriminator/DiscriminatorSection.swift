import Parameters

/// In which scale the network sees coordinates.
package enum ScaleChoice: String, CaseIterable, Sendable {
  /// In a common one of target and source.
  case auto
  /// As they are.
  case none
}

/// The `discriminator` section of a deck: phi, an L-Lipschitz network R^d -> R.
package struct DiscriminatorSection: Section {
  /// The kind of network.
  package var network = Dense.name
  /// Height, width and channels of an image; of convolutional networks alone, as are the next three.
  package var image: [Int]?
  /// The channels of the convolutions.
  package var channels: [Int]?
  /// The side of their kernels.
  package var kernel: Int?
  /// The pixels from one of their patches to the next.
  package var stride: Int?
  /// The widths of the hidden layers.
  package var hidden = [32, 32, 32]
  /// Whether the deck says them.
  private var hasOwnWidths = false
  /// The activation of the hidden layers.
  package var activation: any Activation = SmoothMaxMin()
  /// What bounds the Lipschitz constant.
  package var constraint: any Constraint = Orthonormal()
  /// An .npz file with the weights to start from.
  package var initialWeights: String?
  /// The scale of the network's input.
  package var scale = ScaleChoice.auto

  package init() {}

  /// The architecture that the keys describe.
  package var architecture: any Architecture {
    guard let image, let channels, let kernel, let stride else { return Dense(hidden: hidden, activation: activation) }
    return Convolutional(
      image: image, channels: channels, kernel: kernel, stride: stride, hidden: hidden, activation: activation)
  }

  package static let keys: [Key<DiscriminatorSection>] = keys(activations: activations, constraints: constraints)

  /// The keys for lists of activations and of constraints.
  package static func keys(
    activations: [any Activation.Type], constraints: [any Constraint.Type]
  ) -> [Key<DiscriminatorSection>] {
    [
      .choice("network", \.network, "the kind of network", among: architectures.map { $0.name }) { $0 },
      .value(
        "image", optional: \.image,
        "of network: convolutional: height, width and channels of a row, which is row-major with the channel last",
        allowed: "three whole numbers from 1 to 65536, such as [28, 28, 1]"
      ) { $0.count == 3 && $0.allSatisfy { (1...65536).contains($0) } && $0.reduce(1, *) < 1 << 31 },
      .value(
        "channels", optional: \.channels,
        "of network: convolutional: the channels of the convolutions, each with zero padding and an activation after it",
        allowed: "a list of widths, each from 1 to 65536, such as [32, 64]", otherwise: "[16, 32] for images"
      ) { $0.allSatisfy { (1...65536).contains($0) } && (1...100).contains($0.count) },
      .value(
        "kernel", optional: \.kernel, "of network: convolutional: the side of the kernels, in pixels",
        allowed: "a whole number from 1 to 1000", otherwise: "5 for images"
      ) { (1...1000).contains($0) },
      .value(
        "stride", optional: \.stride, "of network: convolutional: the pixels from one patch to the next",
        allowed: "a whole number from 1 to 1000", otherwise: "2 for images"
      ) { (1...1000).contains($0) },
      .value(
        "hidden", \.hidden, "the widths of the hidden layers; of a convolutional network, those after the convolutions",
        allowed: "a list of widths, each from 1 to 65536, such as [32, 32, 32]",
        otherwise: "[32, 32, 32]; [64, 64, 64] for the rows of a file; [128] for images"
      ) { $0.allSatisfy { (1...65536).contains($0) } && $0.count <= 1000 },
      .variant(
        "activation", \.activation, "the activation of the hidden layers", among: activations,
        otherwise: "smooth_max_min; relu with constraint spectral or frobenius or an odd width"
      ) { section, entries in
        // The pair of docs/defaults.md, orthonormal with smooth_max_min, where nothing speaks for the paper's, spectral with
        // relu. Odd widths do, as pairs need even ones.
        let isPapers = [Spectral.name, Frobenius.name].contains(entries.word("constraint"))
        return (section.hidden + (section.channels ?? [])).allSatisfy { $0 % 2 == 0 } && !isPapers
          ? SmoothMaxMin.self : ReLU.self
      },
      .variant(
        "constraint", \.constraint,
        "what bounds the Lipschitz constant: spectral, frobenius: weights rescaled after every optimizer step; normalized: "
          + "inside the network; orthonormal: weights on the Stiefel manifold; gradient_penalty: none, slopes beyond L are "
          + "charged to the objective", among: constraints,
        otherwise: "orthonormal; spectral with an activation that is not of pairs"
      ) { section, _ in type(of: section.activation).isPaired ? Orthonormal.self : Spectral.self },
      .value(
        "initial_weights", optional: \.initialWeights, "an .npz with weight_0 (in, out), bias_0, weight_1, ...",
        allowed: "the path of a file", where: isPath),
      .choice(
        "scale", \.scale,
        "auto: the network sees coordinates in a common scale, centre and unit of target and source; L, time_step, smoothing "
          + "and all results stay in the data's units; none: as they are", otherwise: "auto; none with initial_weights"),
    ]
  }

  private mutating func completeImage(_ given: Set<String>) throws {
    guard network == Convolutional.name else {
      if let key = ["image", "channels", "kernel", "stride"].first(where: given.contains) {
        throw KeyError(key, "belongs to network: \(Convolutional.name); choose that, or leave it out")
      }
      return
    }
    guard image != nil else {
      throw KeyError("network", "\(Convolutional.name) needs the image that a row is: image: [height, width, channels]")
    }
    channels = channels ?? [16, 32]
    kernel = kernel ?? 5
    stride = stride ?? 2
    if !given.contains("hidden") { hidden = [128] }
  }

  /// Takes these widths where the deck says none.
  package mutating func preferWidths(_ widths: [Int]) {
    if !hasOwnWidths { hidden = widths }
  }

  package mutating func complete(given: Set<String>) throws {
    try completeImage(given)
    hasOwnWidths = given.contains("hidden") || initialWeights != nil || image != nil
    let kind = type(of: activation)
    if kind.isPaired, let odd = channels?.first(where: { $0 % 2 != 0 }) {
      throw KeyError("channels", "activation \(kind.name) works on pairs, so each must be even, not \(odd)")
    }
    if kind.isPaired, let odd = hidden.first(where: { $0 % 2 != 0 }) {
      throw KeyError("hidden", "activation \(kind.name) works on pairs, so each width must be even, not \(odd)")
    }
    if !given.contains("scale") { scale = initialWeights == nil ? .auto : .none }
    // Who chooses an activation for data as they are means one with the number of the literature.
    if scale == .none, given.contains("activation"), !given.contains("smoothing") {
      activation = activation.smoothed(0.5)
    }
  }
}
