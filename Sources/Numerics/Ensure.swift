import Glibc

/// Ends the program with a message where something does not hold that only a defect of the program can break. Unlike a
/// precondition it is checked in every build, so it may stand at the borders of code that is compiled without checks.
@inline(__always)
public func ensure(_ condition: Bool, _ message: StaticString) {
  if !condition { endProgram(message) }
}

@inline(never) @usableFromInline
func endProgram(_ message: StaticString) -> Never {
  for text in ["gpa-mpi: a defect of the program: " as StaticString, message, "\n"] {
    write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
  }
  abort()
}
