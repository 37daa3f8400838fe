import Deck
import Discriminator
import Parameters
import Testing

/// The error of a diameter that nobody may ask for.
private struct NotAsked: Error {}

/// L and the time step under `auto`.
@Suite struct ScalesTests {
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
    let scales = try deck().scales { diameter }
    #expect(abs(scales.lipschitz * diameter / Scales.lipschitzTimesDiameter - 1) < 0.01)
    #expect(abs(scales.lipschitz * scales.timeStep / diameter / Scales.diametersPerStep - 1) < 0.02)
    let resolved = try deck().resolved(scales)
    #expect(!resolved.isAutomatic)
    let again = try Deck.read(resolved.text(), file: "deck.yaml").scales { throw NotAsked() }
    #expect(again == scales, "the deck's text does not give back the numbers")
  }

  @Test func threeDigits() throws {
    let scales = try deck([("divergence.lipschitz", "1")]).scales { 12.3456 }
    #expect(scales.timeStep == (Scales.diametersPerStep == 0.1 ? 1.23 : scales.timeStep))
    #expect("\(scales.timeStep)".count <= 6)
  }

  @Test func numbersAreKept() throws {
    let sets = [
      ("divergence.lipschitz", "3.25"), ("transport.time_step", "0.1"), ("discriminator.smoothing", "0.2"),
    ]
    let scales = try deck(sets).scales { throw NotAsked() }
    #expect(scales.lipschitz == 3.25 && scales.timeStep == 0.1 && scales.smoothing == 0.2)
  }

  @Test func smoothingNeedsNoDiameterWhereNothingIsSmooth() throws {
    let sets = [("divergence.lipschitz", "1"), ("transport.time_step", "1"), ("discriminator.activation", "relu")]
    #expect(try !deck(sets).isAutomatic)
    #expect(try deck(sets).scales { throw NotAsked() }.smoothing == 0.5)
    let smooth = try deck([sets[0], sets[1]])
    #expect(try smooth.isAutomatic && smooth.scales { 10 }.smoothing == 10 * Scales.smoothingInDiameters)
    #expect(try smooth.scales { 0 }.smoothing == 0.5)
    let resolved = try smooth.resolved(smooth.scales { 10 })
    #expect((resolved.discriminator.activation as? SmoothMaxMin)?.smoothing == 10 * Scales.smoothingInDiameters)
  }

  @Test func withoutABoundTheStepIsThatOfASteepDiscriminator() throws {
    let free = try deck([("divergence.lipschitz", ".inf")]).scales { 4 }
    #expect(free.lipschitz == .infinity)
    #expect(free.timeStep == Scales.diametersPerStep * 16 / Scales.unboundedLipschitzTimesDiameter)
  }

  @Test func theWordStaysInTheText() throws {
    let text = try deck().text()
    #expect(text.contains("lipschitz: auto\n") && text.contains("time_step: auto\n"))
    #expect(try Deck.read(text, file: "deck.yaml").isAutomatic)
  }

  @Test(arguments: [0.0, .nan, .infinity, 1e-40])
  func noDiameter(diameter: Double) throws {
    let error = #expect(throws: ScaleError.self) { try deck().scales { diameter } }
    #expect(error?.description.contains("give divergence.lipschitz and transport.time_step as numbers") == true)
  }

  @Test(arguments: ["automatic", "-1", "0", "[1]"])
  func refusals(value: String) throws {
    for key in ["divergence.lipschitz", "transport.time_step"] {
      let error = #expect(throws: DeckError.self) { try deck([(key, value)]) }
      #expect(error?.description.contains("auto") == true && error?.description.contains(key) == true)
    }
  }
}
