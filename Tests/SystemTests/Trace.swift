import Foundation
import Support
import Testing

/// A run of the oracle: its settings, from cases.json, and the file with all that it made.
struct Trace: Sendable, CustomTestStringConvertible {
  /// The settings by the oracle's names.
  struct Settings: Decodable, Sendable {
    let hidden: [Int]
    let activation: String
    let f: String
    let form: String
    let alpha: Double?
    // The oracle's name of the Lipschitz constant; null lifts the constraint.
    // swift-format-ignore: AlwaysUseLowerCamelCase
    let L: Double?
    let lr: Double
    let inner: Int
    let dt: Double
    let steps: Int
    let integrator: String
    let norm: String?
    let eps: Double?
    let reverse: Bool?
    let reset: Bool?
    let schedule: String?
    /// Of convolutional networks.
    let image: [Int]?
    let channels: [Int]?
    let kernel: Int?
    let stride: Int?
    /// The number of outputs.
    let labels: Int?
  }

  let name: String
  let settings: Settings
  let path: String
  /// What labels the rows of the source, and of the target.
  private func labels(_ set: String) -> String {
    (settings.labels ?? 1) > 1 ? ", labels: {file: \(path), array: \(set)_label}" : ""
  }

  var testDescription: String { name }

  /// Kinks make float32 and float64 part sooner.
  var tolerance: Double { ["relu", "leaky_relu"].contains(settings.activation) ? 5e-2 : 2e-3 }

  /// The trace as a deck.
  var deck: String {
    let s = settings
    let f = ["KL": "kl", "alpha": "alpha", "reverse_KL": "reverse_kl", "JS": "jensen_shannon"][s.f] ?? s.f
    let formulation = ["DV": "donsker_varadhan", "LT": "legendre"][s.form] ?? s.form
    return """
      source: {file: \(path), array: source\(labels("source"))}
      target: {file: \(path), array: target\(labels("target"))}
      \((s.labels ?? 1) > 1 ? "classes: conditional" : "# no classes")
      divergence:
        f: \(f)
        formulation: \(formulation)
        direction: \(s.reverse == true ? "reverse" : "forward")
        lipschitz: \(s.L.map { "\($0)" } ?? ".inf")
      \(f == "alpha" ? "  alpha: \(s.alpha ?? 2)" : "  # no order")
      discriminator:
      \(convolutions)
        hidden: \(s.hidden)
        activation: \(s.activation)
      \(s.activation.hasPrefix("smooth_") ? "  smoothing: \(s.eps ?? 0.5)" : "  # not smoothed")
        constraint: \(s.norm ?? "spectral")
        initial_weights: \(path)
      training:
        optimizer: adam
        learning_rate: \(s.lr)
        iterations: \(s.inner)
        reset_moments: \(s.reset ?? true)
      transport:
        integrator: \(s.integrator)
        time_step: \(s.dt)
        schedule: \(s.schedule ?? "constant")
        steps: \(s.steps)
      output: {frames_every: 1}
      """
  }

  private var convolutions: String {
    guard let image = settings.image, let channels = settings.channels else { return "  # dense" }
    return "  network: convolutional\n  image: \(image)\n  channels: \(channels)\n  kernel: \(settings.kernel ?? 5)\n"
      + "  stride: \(settings.stride ?? 2)"
  }

  /// All traces of the reference material; none where it is absent.
  static let all = traces(in: "traces") + traces(in: "traces-images")

  private static func traces(in name: String) -> [Trace] {
    guard let folder = sharedFolder(named: "oracle")?.appendingPathComponent(name) else { return [] }
    do {
      let data = try Data(contentsOf: folder.appendingPathComponent("cases.json"))
      return try JSONDecoder().decode([String: Settings].self, from: data).sorted { $0.key < $1.key }.map {
        Trace(name: $0, settings: $1, path: folder.appendingPathComponent("\($0).npz").path)
      }
    } catch {
      return []
    }
  }
}
