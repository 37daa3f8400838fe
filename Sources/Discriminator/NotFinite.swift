import Parameters

/// A quantity that stopped being finite. It is found in reduced numbers, so every rank throws it from the same call.
public struct NotFinite: Error, ExitCoded, CustomStringConvertible {
  /// What is not finite.
  public let quantity: String
  /// 3, diverged.
  public var exitCode: Int32 { 3 }
  /// In words.
  public var description: String { "\(quantity) is not finite" }

  /// Names the quantity.
  public init(quantity: String) { self.quantity = quantity }
}
