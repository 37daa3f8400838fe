import HDF5

/// The datasets of flow.h5. R is the number of recorded fields, E that of evaluations, S that of time steps.
enum FlowSchema {
  /// (S) float64, in the data's unit of time.
  static let timeStep = "time_step"
  /// (E) int64: the row of the field that an evaluation uses.
  static let field = "field"
  /// (R) float64: what the weights subtract from phi.
  static let nu = "nu"
  /// (R, ...): the parameters of phi as a function of the data's coordinates.
  static let phi = "phi/"
  /// What the scale changes as the network has it: (R, ...) float32, and (S) float64.
  static let network = "network/"
  static let exactTimeStep = "network/time_step"
  /// (R, 3) float64: shift, nu and factor of the weights.
  static let weighting = "network/weighting"
  static let centre = "scale/centre"
  static let unit = "scale/unit"
  static let startLinear = "start/linear"
  static let startShift = "start/shift"

  /// The attribute `status` of a flow that is being recorded, and of one that is over.
  static let recording = "recording", whole = "whole"

  /// The datasets with a row for each field.
  static func fieldDatasets(_ layout: FlowLayout) -> [String] {
    layout.tensors.flatMap { $0.isScaled ? [phi + $0.name, network + $0.name] : [phi + $0.name] }
      + (layout.isWeighted ? [nu, weighting] : [])
  }
}

extension HDF5File {
  /// Makes the datasets that grow, without rows.
  func createSteps(_ layout: FlowLayout) throws {
    func make<T: HDF5Number>(_ path: String, _ row: [Int], _ type: T.Type) throws {
      let chunk = FlowLayout.chunkRows(rowBytes: row.reduce(MemoryLayout<T>.size, *))
      // Extending a dataset once allocates its chunk index, so that later rows change only what is there.
      try create(path, shape: [1] + row, of: type, chunk: [chunk] + row)
      try extend(path, rows: 0)
    }
    try make(FlowSchema.timeStep, [], Double.self)
    try make(FlowSchema.field, [], Int64.self)
    if layout.isScaled { try make(FlowSchema.exactTimeStep, [], Double.self) }
    for tensor in layout.tensors {
      if layout.isDouble {
        try make(FlowSchema.phi + tensor.name, tensor.shape, Double.self)
      } else {
        try make(FlowSchema.phi + tensor.name, tensor.shape, Float.self)
      }
      if tensor.isScaled { try make(FlowSchema.network + tensor.name, tensor.shape, Float.self) }
    }
    guard layout.isWeighted else { return }
    try make(FlowSchema.nu, [], Double.self)
    try make(FlowSchema.weighting, [3], Double.self)
  }

  /// Adds fields.
  func append(_ stages: [RecordedStage], _ layout: FlowLayout) throws {
    for tensor in layout.tensors {
      let plain = stages.flatMap { $0.parameters[tensor.range] }
      if tensor.isScaled {
        let inData = stages.flatMap { $0.inData[tensor.range] }
        if layout.isDouble {
          try append(inData, to: FlowSchema.phi + tensor.name)
        } else {
          try append(inData.map(Float.init), to: FlowSchema.phi + tensor.name)
        }
        try append(plain, to: FlowSchema.network + tensor.name)
      } else {
        try append(plain, to: FlowSchema.phi + tensor.name)
      }
    }
    guard layout.isWeighted else { return }
    let weightings = stages.map { $0.weighting ?? .init(shift: 0, nu: 0, factor: 1) }
    try append(weightings.flatMap { [$0.shift, $0.nu, $0.factor] }, to: FlowSchema.weighting)
    try append(weightings.map(\.subtrahend), to: FlowSchema.nu)
  }
}

extension FlowFile.Description {
  func write(to file: HDF5File, _ layout: FlowLayout) throws {
    try write(attributesTo: file, layout)
    if layout.isScaled {
      try file.write(scale.centre, to: FlowSchema.centre, shape: [scale.centre.count])
      try file.write([scale.unit], to: FlowSchema.unit, shape: [1])
    }
    guard let start else { return }
    try file.write(start.shift, to: FlowSchema.startShift, shape: [start.shift.count])
    if !start.linear.isEmpty { try file.write(start.linear, to: FlowSchema.startLinear, shape: start.shape) }
  }

  func write(attributesTo file: HDF5File, _ layout: FlowLayout) throws {
    try file.write(attribute: "deck", text: deck)
    try file.write(attribute: "deck_in_scale", text: scaledDeck)
    try file.write(attribute: "version", text: version)
    try file.write(attribute: "integrator", text: integrator)
    try file.write(attribute: "stages", value: Int64(layout.stages))
    try file.write(attribute: "first_steps", value: Int64(layout.firstSteps))
    try file.write(attribute: "first_stages", value: Int64(layout.firstStages))
    try file.write(attribute: "tensors", text: layout.tensors.map(\.name).joined(separator: " "))
    try file.write(attribute: "folder", text: folder)
    try file.write(attribute: "class", text: label)
    try file.write(attribute: "particles", value: Int64(particles))
    try file.write(attribute: "rows", value: Int64(rows))
    try file.write(attribute: "dimension", value: Int64(dimension))
    try file.write(attribute: "status", text: FlowSchema.recording)
  }
}
