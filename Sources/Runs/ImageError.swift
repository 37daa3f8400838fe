import Parameters

/// Rows that are not the images of the deck.
struct ImageError: InputError {
  let image: [Int]
  let columns: Int

  var description: String {
    "discriminator.image: [\(image.map(String.init).joined(separator: ", "))] is \(image.reduce(1, *)) numbers, and a row has "
      + "\(columns): give height, width and channels of the rows as they flow, or leave out what changes their number"
  }

  /// Throws one where rows of so many numbers are no images of the deck.
  static func require(_ deck: Deck, dimension: Int) throws {
    guard let image = deck.discriminator.image, image.reduce(1, *) != dimension else { return }
    throw ImageError(image: image, columns: dimension)
  }
}
