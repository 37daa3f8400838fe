import CHDF5

/// A number that datasets and attributes can hold. HDF5 converts between a file's type and this one.
package protocol HDF5Number: BitwiseCopyable {
  /// Zero, with which memory starts.
  static var zero: Self { get }
  /// One, which stands for true.
  static var one: Self { get }
  /// The library's identifier of the type in memory.
  static var nativeType: Int64 { get }
}

extension Float: HDF5Number {
  /// One.
  package static var one: Self { 1 }
  /// 32-bit floating point.
  package static var nativeType: Int64 { gpa_h5_native_float() }
}

extension Double: HDF5Number {
  /// One.
  package static var one: Self { 1 }
  /// 64-bit floating point.
  package static var nativeType: Int64 { gpa_h5_native_double() }
}

extension Int64: HDF5Number {
  /// One.
  package static var one: Self { 1 }
  /// 64-bit signed integer.
  package static var nativeType: Int64 { gpa_h5_native_int64() }
}

extension UInt8: HDF5Number {
  /// One.
  package static var one: Self { 1 }
  /// A byte.
  package static var nativeType: Int64 { gpa_h5_native_uint8() }
}
