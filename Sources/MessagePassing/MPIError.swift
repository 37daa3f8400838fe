import CMPI

/// An MPI call that did not succeed.
package struct MPIError: Error, CustomStringConvertible {
  /// The MPI function.
  package let function: String
  /// The library's own text for the return code.
  package let text: String
  /// Both, for people.
  package var description: String { "\(function) failed: \(text)" }
}

/// Throws unless an MPI return code is MPI_SUCCESS: the one place where return codes are looked at.
func check(_ code: Int32, _ function: StaticString) throws {
  guard code != MPI_SUCCESS else { return }
  var text = [CChar](repeating: 0, count: Int(gpa_mpi_max_error_string()) + 1)
  var length: Int32 = 0
  MPI_Error_string(code, &text, &length)
  throw MPIError(
    function: "\(function)",
    text: String(decoding: text.prefix(Int(length)).map(UInt8.init(bitPattern:)), as: UTF8.self))
}
