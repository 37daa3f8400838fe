import Parameters

/// A parameter that is one number for all coordinates or a list with one number for each.
package struct Coordinates: Codable, Sendable, Equatable {
  private let numbers: [Double]
  private let isList: Bool

  /// The same number for all coordinates.
  package init(_ number: Double) {
    numbers = [number]
    isList = false
  }

  /// One number for each coordinate, at least one.
  package init(_ list: [Double]) {
    numbers = list
    isList = true
  }

  /// Reads a finite number or a list of finite numbers.
  package init(from decoder: any Decoder) throws {
    if var list = try? decoder.unkeyedContainer() {
      var numbers: [Double] = []
      while !list.isAtEnd { numbers.append(try list.decode(Double.self)) }
      self.init(numbers)
    } else if let number = try? decoder.singleValueContainer().decode(Double.self) {
      self.init(number)
    } else {
      throw Self.error(decoder, "must be a number or a list of numbers")
    }
    if numbers.isEmpty { throw Self.error(decoder, "must be a number or a list of at least one number") }
    // Rows are float32: a parameter beyond its range can only give infinities.
    if let bad = numbers.first(where: { !Float($0).isFinite }) {
      throw Self.error(decoder, "must hold finite numbers of at most 3.4e38, not \(bad)")
    }
  }

  /// Writes what was read: a number or a list.
  package func encode(to encoder: any Encoder) throws {
    var value = encoder.singleValueContainer()
    if isList { try value.encode(numbers) } else { try value.encode(numbers[0]) }
  }

  /// How many coordinates a list has; nil for one number, which goes with any dimension.
  package var listed: Int? { isList ? numbers.count : nil }

  /// Whether a condition holds for all numbers.
  package func allSatisfy(_ condition: (Double) -> Bool) -> Bool { numbers.allSatisfy(condition) }

  /// The number of a coordinate.
  @inline(__always)
  package subscript(index: Int) -> Double { isList ? numbers[index] : numbers[0] }

  private static func error(_ decoder: any Decoder, _ text: String) -> DecodingError {
    .dataCorrupted(DecodingError.Context(codingPath: decoder.codingPath, debugDescription: text))
  }
}

extension KeyedDecodingContainer {
  /// A number or list, every number of which a condition allows; `allowed` says the condition in words.
  func coordinates(
    _ key: Key, default fallback: Double? = nil, allowed: String = "finite",
    where condition: (Double) -> Bool = { _ in true }
  ) throws -> Coordinates {
    let found: Coordinates
    if let fallback {
      found = try decodeIfPresent(Coordinates.self, forKey: key) ?? Coordinates(fallback)
    } else {
      found = try decode(Coordinates.self, forKey: key)
    }
    guard found.allSatisfy(condition) else { throw error(key, "must be \(allowed)") }
    return found
  }

  /// A number or list of numbers above zero.
  func positiveCoordinates(_ key: Key, default fallback: Double? = nil) throws -> Coordinates {
    // The bound is float32's: a smaller number would become zero.
    try coordinates(key, default: fallback, allowed: "above 0, in every coordinate") { Float($0) > 0 }
  }

  /// The dimension that a key and the lists among the parameters agree on.
  func dimension(_ key: Key, with parameters: [(key: Key, value: Coordinates)]) throws -> Int {
    let given = contains(key) ? try count(key) : nil
    guard let dimension = given ?? parameters.lazy.compactMap(\.value.listed).first else {
      throw error(key, "is missing: give it, or a list with one number a coordinate for one of the parameters")
    }
    for (other, value) in parameters {
      if let listed = value.listed, listed != dimension {
        throw error(other, "has \(listed) numbers where the dimension is \(dimension)")
      }
    }
    return dimension
  }
}
