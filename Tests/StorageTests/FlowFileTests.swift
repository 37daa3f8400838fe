import Foundation
import HDF5
import Numerics
import Storage
import Support
import Testing

@Suite struct FlowFileTests {
  let folder: TemporaryFolder
  private var path: String { folder.file("flow.h5") }

  init() throws { folder = try TemporaryFolder() }

  /// Two steps of another method with three stages, then two stages a step.
  private static let layout = FlowLayout(
    tensors: [
      .init(name: "weight_0", shape: [2, 3], offset: 0, isScaled: true),
      .init(name: "bias_0", shape: [3], offset: 6, isScaled: true),
      .init(name: "weight_1", shape: [3, 1], offset: 9, isScaled: false),
      .init(name: "bias_1", shape: [1], offset: 12, isScaled: false),
    ], stages: 2, firstSteps: 2, firstStages: 3, isWeighted: true)

  private static let description = FlowFile.Description(
    deck: "name: ä\n", scaledDeck: "name: b\n", version: "1.2", integrator: "some", folder: "/there", particles: 7,
    rows: 5, dimension: 2, scale: CommonScale(centre: [1, 2], unit: 0.5), start: ([1, 2, 3, 4], [2, 2], [0.25, 0.1]))

  private func parameters(_ field: Int) -> [Float] { (0..<13).map { Float(100 * field + $0) + 0.1 } }

  private func weighting(_ field: Int) -> RecordedStage.Weighting {
    .init(shift: 0.1 * Double(field), nu: 0, factor: 2)
  }

  /// A step whose stages are fields of these numbers; nil: the one before.
  private func step(_ number: Int, _ fields: [Int?]) -> RecordedStep {
    RecordedStep(
      timeStep: 0.1 / Double(number), duration: 0.025 / Double(number),
      stages: fields.map { field in
        field.map {
          RecordedStage(
            parameters: parameters($0), inData: parameters($0).map { 2 * Double($0) }, weighting: weighting($0))
        }
      })
  }

  private let fields: [[Int?]] = [[0, 1, 2], [3, nil, 4], [nil, 5], [6, 7]]

  private func write() throws -> FlowFile {
    let file = try FlowFile.create(path, Self.layout, Self.description)
    for (i, fields) in fields.enumerated() { try file.append(step(i + 1, fields)) }
    return file
  }

  private func expect(_ reader: FlowReader, steps: Int) throws {
    #expect(reader.timeSteps == (1...max(steps, 1)).prefix(steps).map { 0.1 / Double($0) })
    var last = 0
    for step in 1..<steps + 1 {
      for (stage, field) in fields[step - 1].enumerated() {
        last = field ?? last
        try reader.withField(step: step, stage: stage) { found, weighting in
          expectSameBits(Array(found), parameters(last), "step \(step), stage \(stage)")
          #expect(weighting == self.weighting(last))
        }
      }
    }
  }

  @Test func comesBack() throws {
    let file = try write()
    #expect(try FlowReader(path).steps == 0)
    try file.flush()
    do {
      let reader = try FlowReader(path)
      #expect(!reader.isWhole && reader.steps == 4 && reader.layout == Self.layout)
      #expect(reader.scale == Self.description.scale && reader.start?.linear == [1, 2, 3, 4])
      #expect(reader.deck == "name: ä\n" && reader.scaledDeck == "name: b\n" && reader.integrator == "some")
      try expect(reader, steps: 4)
    }
    try file.finish(at: 3, leftOut: nil)
    #expect(try FlowReader(path).isWhole && FlowReader(path).steps == 3)
    try expect(try FlowReader(path), steps: 4)
  }

  /// As run-file.md and the README have it, for those who read it elsewhere.
  @Test func layoutInTheFile() throws {
    try write().finish(at: 4, leftOut: nil)
    let file = try HDF5File(reading: path)
    #expect(try file.values(of: "time_step") == (1...4).map { 0.025 / Double($0) })
    #expect(try file.shape(of: "phi/weight_0") == [8, 2, 3])
    #expect(try file.shape(of: "phi/bias_1") == [8, 1])
    #expect(try file.values(of: "field", as: Int64.self) == [0, 1, 2, 3, 3, 4, 4, 5, 6, 7])
    #expect(try file.floats(of: "phi/bias_0", from: 1, rows: 1) == parameters(1)[6..<9].map { 2 * $0 })
    #expect(try file.floats(of: "network/bias_0", from: 1, rows: 1) == Array(parameters(1)[6..<9]))
    #expect(try file.floats(of: "phi/bias_1", from: 2, rows: 1) == [parameters(2)[12]])
    expectClose(try file.values(of: "nu", as: Double.self), (0..<8).map { 0.1 * Double($0) - log(2) }, absolute: 1e-15)
    #expect(try file.values(attribute: "stages", as: Int64.self) == [2])
  }

  @Test(arguments: 0...4) func cutsAndGoesOn(step: Int) throws {
    try write().finish(at: 4, leftOut: nil)
    let file = try FlowFile.resume(path, Self.layout, Self.description, after: step)
    #expect(try !FlowReader(path).isWhole)
    try expect(try FlowReader(path), steps: step)
    for i in step..<4 { try file.append(self.step(i + 1, fields[i])) }
    try file.flush()
    try expect(try FlowReader(path), steps: 4)
    #expect(try HDF5File(reading: path).shape(of: "phi/weight_0") == [8, 2, 3])
  }

  /// What a killed job wrote of a step that does not count yet is no damage, and goes at a restart.
  @Test func halfWrittenStep() throws {
    try write().flush()
    try HDF5File.change(path, adding: 0) { file in
      try file.append(parameters(9)[0..<6].map { $0 }, to: "phi/weight_0")
      try file.append([Int64(8)], to: "field")
    }
    try expect(try FlowReader(path), steps: 4)
    _ = try FlowFile.resume(path, Self.layout, Self.description, after: 4)
    #expect(try HDF5File(reading: path).shape(of: "phi/weight_0") == [8, 2, 3])
  }

  /// Much more than is kept in memory.
  @Test func memoryIsBounded() throws {
    let layout = FlowLayout(
      tensors: [.init(name: "weight_0", shape: [100, 100], offset: 0, isScaled: false)], stages: 1)
    let file = try FlowFile.create(path, layout, Self.description)
    for number in 1...60 {
      let stage = RecordedStage(parameters: [Float](repeating: Float(number), count: 10_000))
      try file.append(RecordedStep(timeStep: 1, duration: 1, stages: [stage]))
      #expect(try FlowReader(path).steps > number - 40)
    }
    try file.flush()
    let reader = try FlowReader(path)
    for step in 1...60 {
      try reader.withField(step: step, stage: 0) { fields, _ in #expect(fields[77] == Float(step)) }
    }
    let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
    #expect(size < layout.bytes(steps: 60) + 300_000 && size >= 60 * 40_000)
  }

  @Test func refusesToGoOnWithoutItsSteps() throws {
    #expect(throws: FlowFileError.self) {
      try FlowFile.resume(path, Self.layout, Self.description, after: 1)
    }
    try write().flush()
    let error = #expect(throws: FlowFileError.self) {
      try FlowFile.resume(path, Self.layout, Self.description, after: 5)
    }
    #expect("\(try #require(error))".contains("flow.record=false"))
    let other = FlowLayout(tensors: [.init(name: "weight_0", shape: [2, 3], offset: 0, isScaled: true)], stages: 2)
    #expect(throws: FlowFileError.self) { try FlowFile.resume(path, other, Self.description, after: 1) }
    try expect(try FlowReader(path), steps: 4)
  }

  @Test func damageIsTold() throws {
    try write().finish(at: 4, leftOut: nil)
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: path))
    #expect(throws: FlowFileError.self) { try FlowReader(path) }
    try Data("not HDF5".utf8).write(to: URL(fileURLWithPath: path))
    #expect(throws: FlowFileError.self) { try FlowReader(path) }
    try whole.write(to: URL(fileURLWithPath: path))
    try HDF5File.change(path, adding: 0) { try $0.extend("network/bias_0", rows: 5) }
    #expect(throws: FlowFileError.self) { try FlowReader(path) }
    try whole.write(to: URL(fileURLWithPath: path))
    try HDF5File.change(path, adding: 0) { file in
      try [Float](repeating: .nan, count: 3).withUnsafeBufferPointer {
        try file.write($0.baseAddress.unsafelyUnwrapped, to: "network/bias_0", rows: 2..<3)
      }
    }
    #expect(throws: FlowFileError.self) { try FlowReader(path).withField(step: 1, stage: 0) { _, _ in } }
  }
}
