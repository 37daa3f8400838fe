import Discriminator
import Numerics
import Parameters
import Runs
import Testing

/// Data of a diameter, in a unit.
private func data(_ diameter: Double, unit: Double? = nil) -> Survey {
  Survey(diameter: diameter, scale: CommonScale(centre: [0, 0], unit: unit ?? (diameter > 0 ? diameter : 1)))
}

/// L and the time step under `auto`.
@Suite struct AutomaticNumbersTests {
  private func deck(_ sets: [(path: String, value: String)] = []) throws -> Deck {
    let text = """
      source: {sampler: gaussian, count: 10, dimension: 2}
      target: {sampler: gaussian, count: 10, dimension: 2}
      divergence: {lipschitz: auto}
      transport: {time_step: auto}
      """
    return try Deck.read(text, file: "deck.yaml", overrides: sets)
  }

  @Test(arguments: [1e-3, 0.7, 5.9, 2.5e4])
  func followTheDiameter(diameter: Double) throws {
    let numbers = try deck().numbers(data(diameter)).inData
    #expect(abs(numbers.lipschitz * diameter / AutomaticNumbers.lipschitzTimesDiameter - 1) < 0.01)
    #expect(abs(numbers.lipschitz * numbers.timeStep / diameter / AutomaticNumbers.diametersPerStep - 1) < 0.02)
    let resolved = try deck().resolved(numbers)
    #expect(!resolved.isAutomatic)
    let again = try Deck.read(resolved.text, file: "deck.yaml").numbers(data(.nan)).inData
    #expect(again == numbers, "the deck's text does not give back the numbers")
  }

  @Test func threeDigits() throws {
    let numbers = try deck([("divergence.lipschitz", "1")]).numbers(data(12.3456)).inData
    #expect(numbers.timeStep == (AutomaticNumbers.diametersPerStep == 0.1 ? 1.23 : numbers.timeStep))
    #expect("\(numbers.timeStep)".count <= 6)
  }

  @Test func numbersAreKept() throws {
    let sets = [
      ("divergence.lipschitz", "3.25"), ("transport.time_step", "0.1"), ("discriminator.smoothing", "0.2"),
    ]
    let numbers = try deck(sets).numbers(data(.nan)).inData
    #expect(numbers.lipschitz == 3.25 && numbers.timeStep == 0.1 && numbers.smoothing == 0.2)
  }

  @Test func smoothingNeedsNoDiameterWhereNothingIsSmooth() throws {
    let sets = [("divergence.lipschitz", "1"), ("transport.time_step", "1"), ("discriminator.activation", "relu")]
    #expect(try !deck(sets).isAutomatic)
    #expect(try deck(sets).numbers(data(.nan)).inData.smoothing == nil)
    let smooth = try deck([sets[0], sets[1]])
    #expect(
      try smooth.isAutomatic && smooth.numbers(data(10)).inData.smoothing == 10 * AutomaticNumbers.smoothingInDiameters)
    #expect(try smooth.numbers(data(0, unit: 2)).inData.smoothing == 2 * AutomaticNumbers.smoothingInDiameters)
    let plain = try deck([sets[0], sets[1], ("discriminator.scale", "none")])
    #expect(try plain.numbers(data(0)).inData.smoothing == 0.5)
    let resolved = try smooth.resolved(smooth.numbers(data(10)).inData)
    #expect(
      (resolved.discriminator.activation as? SmoothMaxMin)?.smoothing
        == .number(10 * AutomaticNumbers.smoothingInDiameters))
  }

  @Test func withoutABoundTheStepIsThatOfASteepDiscriminator() throws {
    let free = try deck([("divergence.lipschitz", ".inf")]).numbers(data(4)).inData
    #expect(free.lipschitz == .infinity)
    #expect(free.timeStep == AutomaticNumbers.diametersPerStep * 16 / AutomaticNumbers.unboundedLipschitzTimesDiameter)
  }

  @Test func theWordStaysInTheText() throws {
    let text = try deck().text
    #expect(text.contains("lipschitz: auto\n") && text.contains("time_step: auto\n"))
    #expect(try Deck.read(text, file: "deck.yaml").isAutomatic)
  }

  @Test(arguments: [0.0, .nan, .infinity, 1e-6])
  func noDiameter(diameter: Double) throws {
    let error = #expect(throws: ScaleError.self) { try deck().numbers(data(diameter, unit: 1)) }
    #expect(error?.description.contains("give divergence.lipschitz and transport.time_step as numbers") == true)
  }

  /// In the network's unit the numbers are those of the same flow; the unit of time is the square of that of length.
  @Test(arguments: [1e-90, 1e-12, 0.5, 1, 3e7, 1e90])
  func anotherUnit(unit: Double) throws {
    let scaled = try deck().numbers(data(3 * unit, unit: unit)).inScale
    #expect(abs(scaled.lipschitz * 3 / AutomaticNumbers.lipschitzTimesDiameter - 1) < 0.01)
    #expect(abs(scaled.lipschitz * scaled.timeStep / 3 / AutomaticNumbers.diametersPerStep - 1) < 0.02)
    #expect(abs((scaled.smoothing ?? 0) / 3 / AutomaticNumbers.smoothingInDiameters - 1) < 0.01)
  }

  @Test(arguments: [
    ("divergence.lipschitz", "1e-40"), ("transport.time_step", "1e-300"), ("transport.time_step", "1e200"),
    ("transport.time_step", "1e-12"), ("discriminator.smoothing", "1e-40"),
  ])
  func numbersThatFloat32CannotHold(key: String, value: String) throws {
    do {
      _ = try deck([(key, value)]).numbers(data(1))
      Issue.record("accepted")
    } catch let error as any InputError {
      #expect(error.description.contains("float32") && error.description.contains(key))
    }
  }

  @Test(arguments: ["automatic", "-1", "0", "[1]"])
  func refusals(value: String) throws {
    for key in ["divergence.lipschitz", "transport.time_step"] {
      let error = #expect(throws: DeckError.self) { try deck([(key, value)]) }
      #expect(error?.description.contains("auto") == true && error?.description.contains(key) == true)
    }
  }
}
