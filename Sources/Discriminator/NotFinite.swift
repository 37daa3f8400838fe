import Parameters

/// A quantity that stopped being finite. It is found in reduced numbers, so every rank throws it from the same call.
package struct NotFinite: Error, ExitCoded, CustomStringConvertible {
  /// What is not finite.
  package let quantity: String
  /// 3, diverged.
  package var exitCode: Int32 { 3 }
  /// In words.
  package var description: String { "\(quantity) is not finite" }

  /// Names the quantity.
  package init(quantity: String) { self.quantity = quantity }
}
