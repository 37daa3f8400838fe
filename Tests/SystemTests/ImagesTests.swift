import Foundation
import HDF5
import Support
import Testing

/// Runs of images: convolutions, an output for each class, bounds, and the gradient penalty.
@Suite struct ImagesTests {
  /// Images of 6 x 5 pixels in [0, 1] of three classes: bars at a place of the class's.
  private func place() throws -> Workplace {
    let place = try Workplace()
    func images(_ count: Int, shift: Int) -> NumPyArray {
      var values: [Double] = []
      for i in 0..<count {
        for pixel in 0..<30 {
          let isBar = pixel / 10 == i % 3
          values.append(isBar ? 0.7 + 0.01 * Double((i * 7 + pixel + shift) % 30) : 0.01 * Double((i + pixel) % 9))
        }
      }
      return NumPyArray(shape: [count, 30], values: values)
    }
    func labels(_ count: Int) -> NumPyArray {
      NumPyArray(shape: [count], values: (0..<count).map { Double([2, 10, 7][$0 % 3]) })
    }
    try NumPyFile.write(
      [
        "target": images(67, shift: 0), "label": labels(67), "source": images(101, shift: 5).noisy, "kind": labels(101),
      ],
      to: place.folder.file("images.npz"))
    return place
  }

  private func deck(_ more: String, source: String = "{sampler: logistic, count: 150, dimension: 30, scale: 0.2}")
    -> String
  {
    """
    seed: 3
    source: \(source)
    target: {file: images.npz, array: target, labels: {file: images.npz, array: label}}
    classes: conditional
    transport: {steps: 6, bounds: [0, 1]}
    stop: {automatic: false}
    flow: {record: true}
    checkpoint: {every: 2}
    output: {frames_every: 3}
    discriminator: {network: convolutional, image: [6, 5, 1], channels: [4, 6], kernel: 3, hidden: [10]\(more)}

    """
  }

  @Test(arguments: [
    "", ", constraint: spectral", ", constraint: normalized, activation: softplus", ", constraint: gradient_penalty",
  ])
  func sameBits(_ more: String) throws {
    let place = try place()
    try place.write(deck: deck(more))
    var bits: [String: [Double]]?
    for (ranks, threads) in [(1, 1), (2, 1), (3, 2), (7, 1)] {
      let outcome = try place.run(ranks: ranks, ["--overwrite", "--threads", "\(threads)"])
      try #require(outcome.exitCode == 0, "\(outcome.description)")
      let all = try place.result().reproducible()
      #expect(bits == nil || all == bits, "\(more) on \(ranks) ranks of \(threads) threads")
      bits = all
    }
    let result = try place.result(), particles = try result.doubles("particles")
    #expect(particles.allSatisfy { (0...1).contains($0) } && particles.contains { $0 > 0 && $0 < 1 })
    #expect(try result.file.shape(of: "phi/weight_1") == [3, 3, 4, 6])
    #expect(try result.file.shape(of: "phi/bias_3") == [3])
    #expect(Set(try result.file.texts(of: "labels/particles")) == ["2", "7", "10"])
    // The recorded flow has the run's bits, in batches of other sizes.
    for (ranks, batch) in [(1, 100), (2, 17)] {
      let outcome = try place.command(
        ranks: ranks,
        ["generate", "out", "--replay", "--overwrite", "--batch", "\(batch)", "--output", "again.npy"])
      try #require(outcome.exitCode == 0, "\(outcome.description)")
      expectSameBits(try NumPyFile.readArray(place.folder.file("again.npy")).values, particles, more)
    }
  }

  /// Dropout is drawn by row and iteration: on any number of ranks the same, and none where the deck has none.
  @Test(arguments: [", constraint: spectral", ", constraint: gradient_penalty"]) func dropout(_ more: String) throws {
    let place = try place(), words = ["--overwrite", "--set", "training.dropout=0.3"]
    try place.write(deck: deck(more))
    var bits: [String: [Double]]?
    for (ranks, threads) in [(1, 1), (2, 2), (3, 1), (7, 1)] {
      let outcome = try place.run(ranks: ranks, words + ["--threads", "\(threads)"])
      try #require(outcome.exitCode == 0, "\(outcome.description)")
      let all = try place.result().reproducible()
      #expect(bits == nil || all == bits, "\(ranks) ranks of \(threads) threads")
      bits = all
    }
    #expect(try place.run(ranks: 2, output: "without").exitCode == 0)
    #expect(try place.result("without").doubles("particles") != bits?["particles"])
  }

  /// A run that ended in its middle goes on to the same bits, the norms of its convolutions included.
  @Test(arguments: ["spectral", "normalized"]) func continued(_ constraint: String) throws {
    let place = try place()
    try place.write(deck: deck(", constraint: \(constraint)") + "training: {dropout: 0.2}\n")
    let first = try place.run(ranks: 2, ["--set", "stop.wall_time=0:00:01", "--set", "transport.steps=100000"])
    try #require(first.exitCode == 4, "\(first.description)")
    let made = try place.text("metrics.csv").split(separator: "\n").count - 1, steps = "transport.steps=\(made + 5)"
    let outcome = try place.run(ranks: 3, ["--restart", "--set", steps])
    #expect(outcome.exitCode == 0 && outcome.output.contains("continued after step \(made)"), "\(outcome.description)")
    #expect(try place.run(ranks: 2, output: "whole", ["--set", steps]).exitCode == 0)
    expectSameBits(
      try place.result().floats("particles"), try place.result("whole").floats("particles"), constraint)
  }

  /// Images of one class onto those of another, chosen by an array of numbers.
  @Test func oneClassToAnother() throws {
    let place = try place()
    func side(_ set: String, _ label: String, _ value: String) -> String {
      "{file: images.npz, array: \(set), where: {file: images.npz, array: \(label), equals: \(value)}}"
    }
    let plain = deck("", source: side("source", "kind", "2")).replacing("classes: conditional\n", with: "")
      .replacing(
        "{file: images.npz, array: target, labels: {file: images.npz, array: label}}",
        with: side("target", "label", "7"))
    try place.write(deck: plain)
    let outcome = try place.run(ranks: 2)
    try #require(outcome.exitCode == 0, "\(outcome.description)")
    let result = try place.result()
    #expect(try result.file.shape(of: "particles") == [34, 30] && result.file.shape(of: "target") == [22, 30])
    try place.write(deck: plain.replacing("equals: 7", with: "equals: 8"))
    let refused = try place.run(ranks: 2, ["--overwrite"])
    #expect(
      refused.exitCode == 2 && refused.errors.contains("there are 2, 10, 7"),
      "\(refused.description)")
  }

  /// One network moves each class towards its own targets, from noise and from labelled rows; new rows of a class likewise.
  @Test(arguments: [false, true]) func classesGoTheirWay(isLabelled: Bool) throws {
    let place = try place()
    let source =
      isLabelled
      ? "{file: images.npz, array: source, labels: {file: images.npz, array: kind}}"
      : "{sampler: logistic, count: 150, dimension: 30, scale: 0.2}"
    try place.write(deck: deck("", source: source) + (isLabelled ? "" : "generated: \(source)\n"))
    let outcome = try place.run(ranks: 2, ["--set", "transport.steps=60"])
    try #require(outcome.exitCode == 0, "\(outcome.description)")
    let result = try place.result(), labels = try result.file.texts(of: "labels/particles")
    /// The third of the pixels that is brightest in the mean.
    func brightest(_ rows: [ArraySlice<Double>]) -> Int {
      let sums = (0..<3).map { third in
        rows.reduce(0.0) { sum, row in
          sum + row[(row.startIndex + 10 * third)..<(row.startIndex + 10 * third + 10)].reduce(0, +)
        }
      }
      return sums.indices.max { sums[$0] < sums[$1] } ?? 0
    }
    func rows(_ values: [Double]) -> [ArraySlice<Double>] {
      stride(from: 0, to: values.count, by: 30).map { values[$0..<$0 + 30] }
    }
    let particles = rows(try result.doubles("particles"))
    for (label, third) in [("2", 0), ("10", 1), ("7", 2)] {
      let own = labels.indices.filter { labels[$0] == label }.map { particles[$0] }
      #expect(own.count > 30 && brightest(own) == third, "class \(label)")
      guard !isLabelled else { continue }
      let carriedLabels = try result.file.texts(of: "labels/generated"), carried = rows(try result.doubles("generated"))
      let carriedOwn = carriedLabels.indices.filter { carriedLabels[$0] == label }.map { carried[$0] }
      #expect(carriedOwn.count > 30 && brightest(carriedOwn) == third, "those of class \(label) that are carried along")
      let made = try place.command(
        ranks: 2,
        [
          "generate", "out", "--count", "40", "--label", label, "--output", "new.npy", "--images", "new.png",
          "--overwrite",
        ])
      try #require(made.exitCode == 0, "\(made.description)")
      let new = rows(try NumPyFile.readArray(place.folder.file("new.npy")).values)
      #expect(new.count == 40 && brightest(new) == third, "new rows of class \(label)")
      let picture = try Data(contentsOf: URL(fileURLWithPath: place.folder.file("new.png")))
      // Ten images of 5 x 6 pixels, twice as large, beside and four below each other, with gaps of two.
      #expect(picture.prefix(8).elementsEqual([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
      #expect(picture[16..<24].elementsEqual([0, 0, 0, 122, 0, 0, 0, UInt8(4 * 14 + 2)]))
    }
  }

  @Test(arguments: [
    ("discriminator.image=[5,5,1]", "is 25 numbers, and a row has 30"),
    ("discriminator.channels=[]", "a list of widths"),
    ("discriminator.network=dense", "belongs to network: convolutional"),
    ("transport.bounds=[1,0]", "the lower first"),
    ("discriminator.kernel=0", "1 to 1000"),
  ])
  func refused(_ change: String, words: String) throws {
    let place = try place()
    try place.write(deck: deck(""))
    let outcome = try place.run(ranks: 2, ["--set", change])
    #expect(outcome.exitCode == 2 && outcome.description.contains(words), "\(outcome.description)")
    #expect(!place.exists("out"))
  }

  @Test func labelsAreNeeded() throws {
    let place = try place()
    try place.write(deck: deck("", source: "{file: images.npz, array: source}"))
    let outcome = try place.run(ranks: 2)
    #expect(outcome.exitCode == 2 && outcome.description.contains("source has no labels"), "\(outcome.description)")
    try place.write(deck: deck(""))
    #expect(try place.run(ranks: 1).exitCode == 0)
    for words in [["generate", "out", "--count", "5"], ["generate", "out", "--count", "5", "--label", "3"]] {
      let outcome = try place.command(ranks: 2, words)
      #expect(outcome.exitCode == 2 && outcome.description.contains("'2', '7', '10'"), "\(outcome.description)")
    }
  }
}

extension NumPyArray {
  /// The same with what no class has in common.
  fileprivate var noisy: NumPyArray {
    NumPyArray(shape: shape, values: values.enumerated().map { 0.5 + 0.2 * sin(Double(3 * $0)) + 0 * $1 })
  }
}
