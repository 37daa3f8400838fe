import Storage

/// Steps after which a run of samples would better have ended, by its own metrics: where the divergence began to fall slower
/// (``Slowing``) and much of the samples' order was lost since.
struct BetterStep {
  /// A sentence for each flow that went on for too long, for people.
  let sentences: [String]

  /// More of the order of distances than this has to have been lost since.
  private static let leastLoss = 0.03

  /// Looks at the metrics of a result file; of none that has no ``Structure``.
  init(_ reader: RunFileReader) throws {
    let names = try reader.flowNames, columns = try reader.metrics, flows = max(names.count, 1)
    guard let divergence = columns.first(where: { $0.column == Divergence.column })?.values,
      let kept = columns.first(where: { $0.column == Structure.kept })?.values, divergence.count == kept.count
    else {
      sentences = []
      return
    }
    sentences = (0..<flows).compactMap { flow in
      let own = stride(from: flow, to: divergence.count, by: flows).filter { divergence[$0].isFinite }
      return Self.sentence(
        own.map { divergence[$0] }, own.map { kept[$0] },
        called: names.count > 1 ? "Of the flow '\(names[flow])' the" : "The")
    }
  }

  /// The numbers of a step are those of the state before it.
  private static func sentence(_ divergence: [Double], _ kept: [Double], called name: String) -> String? {
    var slowing = Slowing()
    guard
      let step = divergence.indices.first(where: {
        slowing.add(divergence[$0])
        return slowing.isSlow
      }), let last = kept.last, kept[step] - last > leastLoss
    else { return nil }
    return
      "\(name)the divergence falls slower from step \(step) on, where \(Text.short(kept[step])) of the order of distances was "
      + "kept, and \(Text.short(last)) at the end: a run of \(step) steps would keep more (transport.steps)"
  }
}
