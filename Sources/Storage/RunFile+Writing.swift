import HDF5
import MessagePassing
import Numerics

extension RunFile.Lengths {
  /// The largest chunk of frames, in bytes.
  fileprivate static let chunkBytes = 4 << 20
  /// The numbers of a chunk of a column.
  private static let columnChunk = 1024

  /// The bytes that a column of `rows` numbers grows by with more of them: whole chunks, mostly none.
  static func columnBytes(adding more: Int, to rows: Int) -> Int {
    8 * columnChunk * ((rows + more + columnChunk - 1) / columnChunk - (rows + columnChunk - 1) / columnChunk)
  }

  /// The shape of the chunks of frames: one frame each, and as many rows as fit.
  private var frameChunk: [Int] {
    let width = min(max(dimension, 1), Self.chunkBytes / coordinateBytes)
    let most = max(1, Self.chunkBytes / (coordinateBytes * width))
    // All chunks of a frame are of nearly one size, as the last one takes as much space as the others.
    let chunks = max(1, (particles + most - 1) / most)
    return [1, max(1, (particles + chunks - 1) / chunks), width]
  }

  /// The bytes of a frame, filled up to whole chunks.
  var frameBytes: Int {
    let chunk = frameChunk
    let chunks = (particles + chunk[1] - 1) / chunk[1] * ((dimension + chunk[2] - 1) / chunk[2])
    return coordinateBytes * chunks * chunk[1] * chunk[2]
  }

  /// The bytes of a coordinate in the file.
  fileprivate var coordinateBytes: Int { scale.fitsFloat32 ? 4 : 8 }

  /// The shape of a dataset, with so many rows on an axis that grows.
  fileprivate func shape(_ dataset: RunSchema.Dataset, rows: Int) -> [Int] {
    dataset.shape.map { axis in
      switch axis {
      case .particles: particles
      case .generated: generated ?? 0
      case .targets: targets
      case .heldOut: heldOut ?? 0
      case .dimension: dimension
      case .original: original ?? dimension
      case .frames, .steps, .any: rows
      case .length(let length): length
      }
    }
  }

  /// The chunks of a dataset that grows; nil for one that does not.
  fileprivate func chunk(_ dataset: RunSchema.Dataset) -> [Int]? {
    guard dataset.shape.first == .frames || dataset.shape.first == .steps else { return nil }
    return dataset.shape.count == 1 ? [Self.columnChunk] : frameChunk
  }
}

extension HDF5File {
  /// Makes the dataset of a path as the schema has it.
  func create(_ path: String, _ lengths: RunFile.Lengths, rows: Int = 0) throws {
    guard let dataset = RunSchema.all.first(where: { $0.covers(path) }) else {
      preconditionFailure("\(path) is no dataset of run.h5")
    }
    let shape = lengths.shape(dataset, rows: rows), chunk = lengths.chunk(dataset)
    switch dataset.element {
    case .float32: try create(path, shape: shape, of: Float.self, chunk: chunk)
    case .coordinate where lengths.scale.fitsFloat32: try create(path, shape: shape, of: Float.self, chunk: chunk)
    case .float64, .coordinate: try create(path, shape: shape, of: Double.self, chunk: chunk)
    case .int64: try create(path, shape: shape, of: Int64.self, chunk: chunk)
    case .text: preconditionFailure("texts are written whole")
    }
  }

  func create(_ dataset: RunSchema.Dataset, _ lengths: RunFile.Lengths) throws { try create(dataset.path, lengths) }

  /// Writes an array of the network, in the place of an earlier one.
  fileprivate func put(_ array: NamedArrays.Element, in group: RunSchema.Dataset, _ lengths: RunFile.Lengths) throws {
    if group.element == .coordinate, !lengths.scale.fitsFloat32 {
      try put(array.values, in: group.path + array.name, shape: array.shape)
    } else {
      try put(array.values.map(Float.init), in: group.path + array.name, shape: array.shape)
    }
  }

  fileprivate func put<T: HDF5Number>(_ values: [T], in dataset: String, shape: [Int]) throws {
    guard try exists(dataset) else { return try write(values, to: dataset, shape: shape) }
    try values.withUnsafeBufferPointer { buffer in
      if let start = buffer.baseAddress { try write(start, to: dataset, rows: 0..<(shape.first ?? 0)) }
    }
  }
}

extension RunFile {
  /// The bytes of the target, one frame, the columns and the final state.
  func bytes(_ weights: NamedArrays, _ phi: NamedArrays) -> Int {
    let rows = lengths.targets + lengths.particles + (lengths.generated ?? 0) + (lengths.heldOut ?? 0)
    let parameters = (weights + phi).reduce(0) { $0 + $1.values.count }
    return lengths.coordinateBytes * (rows * lengths.dimension + parameters) + 8 * lengths.dimension
      + lengths.frameBytes
      + (lengths.columns.count + 2) * Lengths.columnBytes(adding: 1, to: 0)
  }

  /// Makes the datasets of the final state where they are not there yet, and fills the small ones. What is there is written
  /// over in its place, as the file then can be read at every moment.
  func placeEnd(in file: HDF5File, weights: NamedArrays, phi: NamedArrays, timing: [Timings.Summary]) throws {
    for dataset in [RunSchema.particles] + (lengths.generated ?? 0 > 0 ? [RunSchema.generated] : [])
    where try !file.exists(dataset.path) {
      try file.create(dataset, lengths)
    }
    for (group, arrays) in [(RunSchema.discriminator, weights), (RunSchema.phi, phi)] {
      for array in arrays { try file.put(array, in: group, lengths) }
    }
    for phase in lengths.phases {
      let found = timing.first { $0.name == phase }
      let seconds: [Double] = [found?.minimum ?? 0, found?.mean ?? 0, found?.maximum ?? 0]
      try file.put(seconds, in: RunSchema.timing.path + phase, shape: [3])
    }
    if try !file.hasAttribute("columns", of: "timing") {
      try file.write(attribute: "columns", text: "minimum, mean, maximum over ranks, in seconds", of: "timing")
    }
  }

  /// Writes own rows in the data's scale; they are in the scale of the particles or in another.
  func write(
    _ rows: Snapshot.Rows, to dataset: String, of file: HDF5File, from other: CommonScale? = nil, frame: Int? = nil
  ) throws {
    let scale = other ?? lengths.scale
    if scale.isNone { return try file.write(rows.matrix.elements, to: dataset, rows: rows.own, frame: frame) }
    if lengths.scale.fitsFloat32 {
      try write(rows, to: dataset, of: file, from: scale, as: Float.self, frame)
    } else {
      try write(rows, to: dataset, of: file, from: scale, as: Double.self, frame)
    }
  }

  /// Takes rows of the space of the flow to the original one: (count, dimension) to (count, original).
  package typealias Decode = (_ rows: UnsafePointer<Double>, _ count: Int, _ result: UnsafeMutablePointer<Double>) ->
    Void

  /// Writes own rows, in the scale of the particles, as they are in the original space; in chunks.
  func write(_ rows: Snapshot.Rows, to dataset: String, of file: HDF5File, by decode: Decode) throws {
    let width = lengths.original ?? lengths.dimension, height = max(1, Lengths.chunkBytes / (8 * max(width, 1)))
    var numbers: [Double] = [], decoded = [Double](repeating: 0, count: min(height, rows.own.count) * width)
    for first in stride(from: 0, to: rows.own.count, by: height) {
      let part = first..<min(first + height, rows.own.count), start = rows.own.lowerBound
      lengths.scale.invert(part, of: rows.matrix, into: &numbers)
      // What is decoded is the particles as the file has them.
      if lengths.scale.fitsFloat32 { for i in numbers.indices { numbers[i] = Double(Float(numbers[i])) } }
      numbers.withUnsafeBufferPointer { from in
        decoded.withUnsafeMutableBufferPointer { to in
          if let from = from.baseAddress, let to = to.baseAddress { decode(from, part.count, to) }
        }
      }
      try decoded.prefix(part.count * width).map(Float.init).withUnsafeBufferPointer { buffer in
        guard let elements = buffer.baseAddress else { return }
        try file.write(elements, to: dataset, rows: start + part.lowerBound..<start + part.upperBound)
      }
    }
  }

  /// The same with numbers of a type, in chunks, so that no second copy of the rows is made.
  private func write<T: HDF5Number & BinaryFloatingPoint>(
    _ rows: Snapshot.Rows, to dataset: String, of file: HDF5File, from scale: CommonScale, as type: T.Type,
    _ frame: Int?
  ) throws {
    let height = max(1, Lengths.chunkBytes / (MemoryLayout<T>.size * max(rows.matrix.columns, 1)))
    var numbers: [T] = []
    for first in stride(from: 0, to: rows.own.count, by: height) {
      let part = first..<min(first + height, rows.own.count)
      scale.invert(part, of: rows.matrix, into: &numbers)
      let start = rows.own.lowerBound
      try numbers.withUnsafeBufferPointer { buffer in
        guard let elements = buffer.baseAddress else { return }
        try file.write(elements, to: dataset, rows: start + part.lowerBound..<start + part.upperBound, frame: frame)
      }
    }
  }

  /// The root alone changes the file, after looking whether the disk has room for what is added. Collective.
  func onRoot(adding bytes: Int, _ body: (HDF5File) throws -> Void) throws {
    try communicator.onRoot { () throws -> Void in
      guard RunFolder.isFile(path) else {
        throw RunFolderError.failed(path: path, what: "find", reason: "it, or its folder, was removed during the run")
      }
      try HDF5File.change(path, adding: bytes, body)
    }
  }

  /// All ranks have the file open together, and each writes rows of its own. Opening and closing are collective, so a rank
  /// that fails in between still closes before all throw. Collective.
  func onAllRanks(_ body: (HDF5File) throws -> Void) throws {
    let handle = communicator.size > 1 ? communicator.handle : nil
    let file = try communicator.together { try HDF5File(appending: path, on: handle) }
    let written = Result { try communicator.together { try body(file) } }
    let closed = Result { try communicator.together { try file.close() } }
    try written.get()
    try closed.get()
  }
}
