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

/// Ends the program with a message where the system gives no memory. What a deck or a file makes large is asked for before;
/// this is left for what others have taken since.
@inline(never)
public func endForWantOfMemory(bytes: Int) -> Never {
  let text = Array("gpa-mpi: the system gives no memory for another \((bytes + 999_999) / 1_000_000) MB\n".utf8)
  write(STDERR_FILENO, text, text.count)
  // Not by exit: MPI would wait for the other ranks, which the launcher ends now.
  _exit(1)
}
