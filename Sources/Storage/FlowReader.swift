import Glibc
import HDF5
import Numerics

/// Reads a flow.h5, fields in windows of a bounded size. For one process; throws a ``FlowFileError`` where the file is none of
/// a flow, or not whole.
package final class FlowReader {
  /// Where the file is.
  package let path: String
  /// The attributes; both decks as text.
  package let deck: String, scaledDeck: String, version: String, integrator: String, folder: String
  /// The class of the rows that it moves; empty where it is that of all.
  package let label: String
  /// The number of trained particles, of those that are rows of the source, and of coordinates.
  package let particles: Int, sourceRows: Int, dimension: Int
  /// Whether the run came to its end.
  package let isWhole: Bool
  package let layout: FlowLayout
  /// The lengths of the time steps in the network's scale.
  package let timeSteps: [Double]
  /// The scale of the network; nil: that of the data.
  package let scale: CommonScale?
  /// The alignment before the first step in the network's scale.
  package let start: (linear: [Double], shape: [Int], shift: [Double])?
  private let file: HDF5File
  /// The row of the field that each evaluation uses.
  private let rows: [Int]
  private var window = 0..<0
  private var loaded: [Float] = []
  private var weightings: [Double] = []

  /// The bytes of a window.
  private static let windowBytes = 64 << 20

  /// The step with which the flow ends; later ones may be recorded as well.
  package let steps: Int

  /// Opens a file.
  package init(_ path: String) throws {
    self.path = path
    // More stages than any method has are taken for damage.
    let most = 100
    func damage(_ reason: String) -> FlowFileError { .damaged(path: path, reason: reason) }
    do {
      let file = try HDF5File(reading: path)
      func number(_ name: String) throws -> Int {
        guard let value = try file.values(attribute: name, as: Int64.self).first, value >= 0 else {
          throw damage("its attribute \(name) is no number")
        }
        return Int(value)
      }
      self.file = file
      deck = try file.text(attribute: "deck")
      scaledDeck = try file.text(attribute: "deck_in_scale")
      version = try file.text(attribute: "version")
      integrator = try file.text(attribute: "integrator")
      folder = try file.text(attribute: "folder")
      label = try file.hasAttribute("class") ? try file.text(attribute: "class") : ""
      isWhole = try file.text(attribute: "status") == FlowSchema.whole
      particles = try number("particles")
      sourceRows = try number("rows")
      dimension = try number("dimension")
      let isScaled = try file.exists(FlowSchema.unit)
      scale =
        isScaled
        ? CommonScale(
          centre: try file.values(of: FlowSchema.centre),
          unit: try file.values(of: FlowSchema.unit, as: Double.self).first ?? 1) : nil
      if try file.exists(FlowSchema.startShift) {
        let hasLinear = try file.exists(FlowSchema.startLinear)
        start = (
          hasLinear ? try file.values(of: FlowSchema.startLinear) : [],
          hasLinear ? try file.shape(of: FlowSchema.startLinear) : [], try file.values(of: FlowSchema.startShift)
        )
      } else {
        start = nil
      }
      layout = FlowLayout(
        tensors: try Self.tensors(of: file), stages: try number("stages"), firstSteps: try number("first_steps"),
        firstStages: try number("first_stages"), isWeighted: try file.exists(FlowSchema.weighting),
        isDouble: try Self.isDouble(file))
      guard !layout.tensors.isEmpty, 1...most ~= layout.stages, layout.firstSteps <= most, layout.firstStages <= most
      else {
        throw damage("it has no fields")
      }
      let lengths: [Double] = try file.values(of: isScaled ? FlowSchema.exactTimeStep : FlowSchema.timeStep)
      let count = min(lengths.count, try file.shape(of: FlowSchema.timeStep).first ?? 0)
      timeSteps = Array(lengths.prefix(count))
      steps = isWhole ? min(try number("end"), count) : count
      let fields = try FlowSchema.fieldDatasets(layout).map { try file.shape(of: $0).first ?? 0 }.min() ?? 0
      let used: [Int64] = try file.values(of: FlowSchema.field)
      rows = used.prefix(layout.evaluations(of: count)).map(Int.init)
      guard rows.count == layout.evaluations(of: count), rows.allSatisfy({ $0 >= 0 && $0 < fields }) else {
        throw damage("fields of its steps are missing")
      }
      guard timeSteps.allSatisfy(\.isFinite) else { throw damage("lengths of time steps are no numbers") }
    } catch let error as HDF5Error {
      throw damage("\(error)")
    }
  }

  /// Calls a body with the parameters of an evaluation of a step, in the network's scale, and with its weights. Reads a window
  /// of fields where it is not in memory.
  package func withField(
    step: Int, stage: Int, _ body: (UnsafeBufferPointer<Float>, RecordedStage.Weighting?) -> Void
  ) throws {
    let row = rows[layout.evaluations(of: step - 1) + stage]
    if !window.contains(row) { try load(from: row) }
    let count = layout.parameters, place = row - window.lowerBound
    let weighting =
      layout.isWeighted
      ? RecordedStage.Weighting(
        shift: weightings[3 * place], nu: weightings[3 * place + 1], factor: weightings[3 * place + 2]) : nil
    loaded.withUnsafeBufferPointer { body(.init(rebasing: $0[place * count..<(place + 1) * count]), weighting) }
  }

  /// The row of the last field that is used; -1 where there is none.
  private var lastRow: Int { rows.last ?? -1 }

  private func load(from row: Int) throws {
    let count = layout.parameters, most = max(1, Self.windowBytes / (4 * max(count, 1)))
    let rows = row..<min(row + most, lastRow + 1)
    do {
      loaded = [Float](repeating: 0, count: rows.count * count)
      for tensor in layout.tensors {
        let path = (tensor.isScaled ? FlowSchema.network : FlowSchema.phi) + tensor.name
        let values = try file.floats(of: path, from: rows.lowerBound, rows: rows.count), width = tensor.count
        guard values.count == rows.count * width, values.allSatisfy(\.isFinite) else {
          throw FlowFileError.damaged(path: self.path, reason: "'\(path)' does not hold the fields")
        }
        for i in 0..<rows.count {
          for j in 0..<width { loaded[i * count + tensor.offset + j] = values[i * width + j] }
        }
      }
      if layout.isWeighted {
        weightings = try file.doubles(of: FlowSchema.weighting, from: rows.lowerBound, rows: rows.count)
      }
      window = rows
    } catch let error as HDF5Error {
      throw FlowFileError.damaged(path: path, reason: "\(error)")
    }
  }
}

extension FlowReader {
  /// The tensors in the order in which they lie in memory.
  private static func tensors(of file: HDF5File) throws -> [FlowLayout.Tensor] {
    let order = try file.text(attribute: "tensors").split(separator: " ").map(String.init)
    var offset = 0
    return try order.map { name in
      let shape = Array(try file.shape(of: FlowSchema.phi + name).dropFirst())
      defer { offset += shape.reduce(1, *) }
      return .init(name: name, shape: shape, offset: offset, isScaled: try file.exists(FlowSchema.network + name))
    }
  }

  private static func isDouble(_ file: HDF5File) throws -> Bool {
    guard let name = try file.text(attribute: "tensors").split(separator: " ").first else { return false }
    return try file.elements(of: FlowSchema.phi + name) == .floats(bytes: 8)
  }
}

extension RecordedStage.Weighting {
  /// What the weights subtract from phi, in float64.
  var subtrahend: Double { shift != 0 || factor != 1 ? shift - log(factor) : nu }
}
