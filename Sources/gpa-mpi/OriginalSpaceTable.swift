import Parameters
import Runs

/// What `evaluate` prints of a run with transforms: the distances of table 4 of the paper, by flow.
struct OriginalSpaceTable {
  let original: OriginalSpace

  private static let nameWidth = 28, column = 18

  /// A table for each flow, at most 100 letters wide.
  var text: String {
    var text = ""
    for flow in original.flows {
      text +=
        "\n"
        + wrapped(
          "squared W2 to the targets, \(flow.name.isEmpty ? "" : "flow '\(oneLine(flow.name, limit: 60))', ")\(flow.samples) samples "
            + "and \(flow.targets) targets; in percent of that before the flow", margin: "")
      text += Text.left("", Self.nameWidth) + Text.left("space of the flow", 2 * Self.column) + "original columns\n"
      let first = flow.rows.first
      for row in flow.rows {
        text += trimmed(
          Text.left(row.name, Self.nameWidth) + figure(row.latent, of: first?.latent)
            + figure(row.original, of: first?.original))
      }
      if let (distance, bound) = flow.bounded {
        text += wrapped(
          "theorem 3: W2 of the moved samples in the original columns, \(Text.short(distance)), is at most that in the space of the "
            + "flow times the Lipschitz constant of the way back plus that of the targets there and back, \(Text.short(bound)): "
            + (distance <= bound * (1 + 1e-6) ? "it holds" : "it does NOT hold"), margin: "  ", hanging: "    ")
      }
    }
    return text
      + wrapped(
        "original columns: behind the logarithms; what is moved comes back through the transforms, which take noise away from it "
          + "that the targets keep, so that even samples that are all at the mean come near: compare with the last lines. Table 4 "
          + "of the paper has half of the squares", margin: "  ", hanging: "    ")
  }

  private func figure(_ value: Double?, of whole: Double?) -> String {
    guard let value else { return Text.left("-", 2 * Self.column) }
    let percent = whole.flatMap { $0 > 0 ? Text.format("%.2f%%", 100 * value / $0) : nil } ?? ""
    return Text.left(Text.short(value), Self.column) + Text.left(percent, Self.column)
  }

  private func trimmed(_ line: String) -> String {
    var line = line
    while line.last == " " { line.removeLast() }
    return line + "\n"
  }

  /// A list with an object for each flow.
  var json: String {
    let flows = original.flows.map { flow in
      let rows = flow.rows.map {
        "\(jsonText($0.name)): {\"latent\": \(jsonNumber($0.latent)), \"original\": \(jsonNumber($0.original))}"
      }
      return "{\"flow\": \(jsonText(flow.name)), \"squared_w2\": {\(rows.joined(separator: ", "))}, \"theorem_3\": "
        + (flow.bounded.map { "{\"distance\": \(jsonNumber($0.distance)), \"bound\": \(jsonNumber($0.bound))}" }
          ?? "null") + "}"
    }
    return "[\(flows.joined(separator: ",\n    "))]"
  }
}
