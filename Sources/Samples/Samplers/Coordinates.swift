import Parameters

/// A parameter that is one number for all coordinates or a list with one number for each.
package struct Coordinates: KeyValue {
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

  package static var wanted: String { "a number, or a list with one for each coordinate" }

  package static func read(_ entry: Entry, wanted: String) throws -> Coordinates {
    let found: Coordinates
    if case .list = entry.tree.content {
      found = Coordinates(try [Double].read(entry, wanted: wanted))
    } else {
      found = Coordinates(try Double.read(entry, wanted: wanted))
    }
    guard !found.numbers.isEmpty else { throw entry.error("must be a number or a list of at least one number") }
    // Rows are float32: a parameter beyond its range can only give infinities.
    if let bad = found.numbers.first(where: { !Float($0).isFinite }) {
      throw entry.error("must hold finite numbers of at most 3.4e38, not \(bad)")
    }
    return found
  }

  package var tree: Tree { isList ? numbers.tree : numbers[0].tree }

  /// How many coordinates a list has; nil for one number, which goes with any dimension.
  package var listed: Int? { isList ? numbers.count : nil }

  /// Whether a condition holds for all numbers.
  package func allSatisfy(_ condition: (Double) -> Bool) -> Bool { numbers.allSatisfy(condition) }

  /// The number of a coordinate.
  @inline(__always)
  package subscript(index: Int) -> Double { isList ? numbers[index] : numbers[0] }
}

extension Key where Root: Sampler {
  /// The number of coordinates, which lists among the parameters can tell.
  static func dimension(_ path: WritableKeyPath<Root, Int> & Sendable) -> Key {
    .value(
      "dimension", path, "the number of coordinates", allowed: "a whole number above 0",
      otherwise: "that of a list among the parameters"
    ) { $0 > 0 }
  }

  /// Numbers above zero. The bound is float32's: a smaller number would become zero.
  static func positive(
    _ name: String, _ path: WritableKeyPath<Root, Coordinates> & Sendable, _ meaning: String
  ) -> Key {
    .value(name, path, meaning, allowed: "a number above 0, or a list with one for each coordinate") {
      $0.allSatisfy { Float($0) > 0 }
    }
  }

  /// A finite number above zero.
  static func positive(
    _ name: String, _ path: WritableKeyPath<Root, Double> & Sendable, _ meaning: String, isRequired: Bool = false
  ) -> Key {
    .value(name, path, meaning, allowed: "a finite number above 0", isRequired: isRequired) { $0 > 0 && $0.isFinite }
  }
}

extension Sampler {
  /// The dimension that the deck gives or the lists among the parameters tell. Throws a `KeyError` where they do not agree.
  func agreed(_ given: Int?, with parameters: [(key: String, value: Coordinates)]) throws -> Int {
    guard let dimension = given ?? parameters.lazy.compactMap(\.value.listed).first else {
      throw KeyError(
        "dimension", "is missing: give it, or a list with one number a coordinate for one of the parameters")
    }
    for (other, value) in parameters {
      if let listed = value.listed, listed != dimension {
        throw KeyError(other, "has \(listed) numbers where the dimension is \(dimension)")
      }
    }
    return dimension
  }
}
