import Foundation
import HDF5
import Support
import Testing

/// Moved rows in the form in which the source came.
@Suite struct ResultTablesTests {
  private static let settings = """
    discriminator: {hidden: [8]}
    transport: {steps: 8}
    stop: {automatic: false}
    """

  /// A file of AnnData: 60 cells of 5 genes, an embedding of 2 columns, and something else.
  private func annData(_ path: String) throws {
    let file = try HDF5File(creating: path)
    try file.write(attribute: "encoding-type", text: "anndata")
    func frame(_ name: String, _ index: [String]) throws {
      try file.write(texts: index, to: "\(name)/_index")
      try file.write(attribute: "_index", text: "_index", of: name)
      try file.write(attribute: "encoding-type", text: "dataframe", of: name)
    }
    try frame("obs", (0..<60).map { "c\($0)" })
    try frame("var", (0..<5).map { "g\($0)" })
    try file.write((0..<300).map { Float($0 * 7 % 23) }, to: "X", shape: [60, 5])
    try file.write((0..<120).map { Float($0 * 5 % 17) + Float($0 / 60) }, to: "obsm/X_pca", shape: [60, 2])
    try file.write([1.5, 2], to: "uns/kept", shape: [2])
    try file.close()
  }

  private func place(_ deck: String) throws -> Workplace {
    let place = try Workplace()
    try annData(place.folder.file("cells.h5ad"))
    let batches = (0..<60).map { $0 % 3 == 0 ? "a" : "b" }.joined(separator: "\n")
    _ = try place.folder.write("batch\n" + batches + "\n", to: "batches.csv")
    try place.write(deck: deck + Self.settings)
    return place
  }

  private static func side(_ batch: String, _ more: String = "") -> String {
    "{file: cells.h5ad, where: {file: batches.csv, column: batch, equals: \(batch)}\(more)}"
  }

  @Test(arguments: [1, 3]) func columnsThroughTransforms(ranks: Int) throws {
    let place = try place(
      """
      source: \(Self.side("a", ", columns: [g3, g0, g1]"))
      target: \(Self.side("b"))
      transform: [standardize, {pca: {components: 2}}]

      """)
    let outcome = try place.run(ranks: ranks)
    #expect(outcome.exitCode == 0, "\(outcome.description)")
    let run = try place.result(), file = try HDF5File(reading: place.folder.file("out/result.h5ad"))
    let names = try run.file.texts(of: "names/columns"), moved = try run.floats("decoded/particles")
    let layer: [Float] = try file.values(of: "layers/gpa"), before: [Float] = try file.values(of: "X")
    #expect(try file.shape(of: "layers/gpa") == [60, 5])
    for cell in 0..<60 {
      for gene in 0..<5 {
        let value = layer[cell * 5 + gene]
        guard let column = names.firstIndex(of: "g\(gene)") else {
          #expect(value.isNaN)
          continue
        }
        #expect(value == (cell % 3 == 0 ? moved[cell / 3 * 3 + column] : before[cell * 5 + gene]))
      }
    }
    let latent: [Float] = try file.values(of: "obsm/X_gpa")
    let (particles, target) = try (run.floats("particles"), run.floats("target"))
    let own = (0..<60).filter { $0 % 3 == 0 }, others = (0..<60).filter { $0 % 3 != 0 }
    expectSameBits(own.flatMap { latent[2 * $0..<2 * $0 + 2] }, particles)
    expectSameBits(others.flatMap { latent[2 * $0..<2 * $0 + 2] }, target)
    #expect(try file.values(of: "uns/kept") == [1.5, 2.0])
    #expect(try file.text(attribute: "encoding-type", of: "uns/gpa") == "dict")
    #expect(try file.exists("uns/gpa/deck"))
  }

  /// An embedding; the run that comes over the finished one makes a lost file anew, and takes a file that it made itself.
  @Test func embedding() throws {
    let place = try place(
      "source: \(Self.side("a", ", array: X_pca"))\ntarget: \(Self.side("b", ", array: X_pca"))\n")
    #expect(try place.run(ranks: 2).exitCode == 0)
    let path = place.folder.file("out/result.h5ad"), first = try Data(contentsOf: URL(fileURLWithPath: path))
    #expect(try !HDF5File(reading: path).exists("layers/gpa"))
    try FileManager.default.removeItem(atPath: path)
    let over = try place.run(["--restart"])
    #expect(over.exitCode == 0 && over.output.contains("result.h5ad"), "\(over.description)")
    #expect(try HDF5File(reading: path).values(of: "obsm/X_gpa", as: Float.self).count == 120)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)).count == first.count)
    try FileManager.default.copyItem(atPath: path, toPath: place.folder.file("cells2.h5ad"))
    try place.write(
      deck: "source: {file: cells2.h5ad, array: X_gpa}\ntarget: {file: cells.h5ad, array: X_pca}\n" + Self.settings)
    let again = try place.run(["--overwrite"])
    #expect(again.exitCode == 0, "\(again.description)")
    expectSameBits(
      try HDF5File(reading: path).values(of: "obsm/X_gpa", as: Float.self), try place.result().floats("particles"))
  }

  @Test func tableWithNames() throws {
    let place = try Workplace()
    let rows = (0..<40).map { "\"p, \($0)\",\($0 * 7 % 13),\(Double($0 * 5 % 11) / 4)" }
    _ = try place.folder.write((["id,x,y"] + rows).joined(separator: "\n") + "\n", to: "a.csv")
    try place.write(
      deck: "source: {file: a.csv}\ntarget: {sampler: gaussian, count: 50, mean: [9, 9]}\n" + Self.settings)
    #expect(try place.run(ranks: 2).exitCode == 0)
    let lines = try place.text("result.csv").split(separator: "\n"), particles = try place.result().floats("particles")
    #expect(lines.count == 41 && lines[0] == "name,x,y")
    #expect(lines[3] == "\"p, 2\",\(particles[4]),\(particles[5])")
    try place.write(
      deck: "source: {file: out/result.csv}\ntarget: {sampler: gaussian, count: 50, mean: [9, 9]}\n" + Self.settings,
      to: "next.yaml")
    let next = try place.run(deck: "next.yaml", output: "next")
    #expect(next.exitCode == 0, "\(next.description)")
  }
}
