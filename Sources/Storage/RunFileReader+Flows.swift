import HDF5
import MessagePassing

/// What a run of several flows takes from the files of its flows.
extension RunFileReader {
  /// What the flows are called; none where there is one alone.
  package var flowNames: [String] {
    get throws {
      let path = RunSchema.flowNames.path
      return try file.exists(path) ? file.texts(of: path) : []
    }
  }

  /// The time steps of the frames.
  package var frameSteps: [Int] {
    get throws { try file.values(of: RunSchema.frameSteps.path, as: Int64.self).map { Int($0) } }
  }

  /// The particles of a frame, row after row.
  package func frame(_ index: Int) throws -> [Double] {
    try file.doubles(of: RunSchema.frames.path, from: index, rows: 1)
  }

  /// The rows of a dataset, one after the other.
  package func rows(of dataset: String) throws -> [Double] { try file.values(of: dataset) }

  /// The numbers of all steps: the columns beside the step, and of each the values.
  package var metrics: [(column: String, values: [Double])] {
    get throws {
      let group = RunSchema.metrics.path
      return try file.datasets().filter { $0.hasPrefix(group) && $0 != RunSchema.metricsSteps.path }.map {
        (String($0.dropFirst(group.count)), try file.values(of: $0))
      }
    }
  }

  /// The arrays of the network, as the optimizer moves them, and those of phi.
  package var network: (weights: NamedArrays, phi: NamedArrays) {
    get throws { (try arrays(of: RunSchema.discriminator), try arrays(of: RunSchema.phi)) }
  }

  /// What was learnt for the transforms, by whole paths.
  package var transform: NamedArrays {
    get throws { try arrays(of: RunSchema.transform).map { (RunSchema.transform.path + $0.name, $0.shape, $0.values) } }
  }

  private func arrays(of group: RunSchema.Dataset) throws -> NamedArrays {
    try file.datasets().filter { $0.hasPrefix(group.path) }.map {
      (String($0.dropFirst(group.path.count)), try file.shape(of: $0), try file.values(of: $0))
    }
  }

  /// The seconds of the phases.
  package var timing: [Timings.Summary] {
    get throws {
      let group = RunSchema.timing.path
      return try file.datasets().filter { $0.hasPrefix(group) }.compactMap {
        let seconds: [Double] = try file.values(of: $0)
        guard seconds.count == 3 else { return nil }
        return Timings.Summary(
          name: String($0.dropFirst(group.count)), minimum: seconds[0], mean: seconds[1], maximum: seconds[2])
      }
    }
  }
}

extension RunFile {
  /// Writes the numbers of all steps of several flows, (S, C), in the place of earlier ones; those of the root count.
  package func write(metrics columns: [(column: String, values: [Double])], flows: Int) throws {
    let steps = (columns.first?.values.count ?? 0) / max(flows, 1)
    try onRoot(adding: 8 * steps * (flows * columns.count + 1)) { file in
      try file.extend(RunSchema.metricsSteps.path, rows: 0)
      try file.append((0..<steps).map { Int64($0 + 1) }, to: RunSchema.metricsSteps.path)
      for (column, values) in columns {
        let path = RunSchema.metrics.path + column
        guard try file.exists(path) else {
          try file.write(values, to: path, shape: [steps, flows])
          continue
        }
        try values.withUnsafeBufferPointer { buffer in
          if let start = buffer.baseAddress { try file.write(start, to: path, rows: 0..<steps) }
        }
      }
    }
  }
}
