import CMPI
import Glibc

/// What starting MPI returned: MPI can be started once in a process, whoever asks first.
private let startedOnce: Int32 = {
  setenv("OMPI_MCA_io", "romio321", 0)
  if isOneMachine { setenv("OMPI_MCA_pml", "ob1", 0) }
  if sharesCores { setenv("OMPI_MCA_mpi_yield_when_idle", "1", 0) }
  var provided: Int32 = 0
  return MPI_Init_thread(nil, nil, Int32(MPI_THREAD_FUNNELED), &provided)
}()

/// Whether mpirun has started all ranks on this machine, or nobody has started any but this one.
private var isOneMachine: Bool {
  func word(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
  guard let ranks = word("OMPI_COMM_WORLD_SIZE") else {
    return ["PMIX_RANK", "PMI_RANK", "SLURM_PROCID"].allSatisfy { word($0) == nil }
  }
  return word("OMPI_COMM_WORLD_LOCAL_SIZE") == ranks
}

/// Whether the ranks that mpirun has started on this machine outnumber the cores that it may use itself or has bound this one
/// to: then a rank that waits keeps another from arriving.
private var sharesCores: Bool {
  guard let ranks = getenv("OMPI_COMM_WORLD_LOCAL_SIZE").flatMap({ Int(String(cString: $0)) }) else { return false }
  return CoreSet().union(CoreSet(of: getppid())).isOutnumbered(by: ranks)
}

/// Asks Open MPI to yield while it waits, unless the user's environment says something of it. Once it is started only its own
/// library can be told.
private func yieldWhenIdle() {
  let name = "opal_progress_set_yield_when_idle"
  guard getenv("OMPI_MCA_mpi_yield_when_idle") == nil, let program = dlopen(nil, RTLD_LAZY),
    let function = dlsym(program, name)
  else { return }
  _ = unsafeBitCast(function, to: (@convention(c) (Bool) -> Bool).self)(true)
}

/// MPI, started. Works under `mpirun` and `srun` and, started alone, as a job of one rank.
package final class Environment {
  /// All ranks of the job.
  package let world: Communicator

  private init(world: Communicator) {
    self.world = world
  }

  /// Starts MPI, or joins it where it is started already.
  ///
  /// Open MPI's own MPI-IO layer has corrupted parallel HDF5 writes (ompi#12718), so ROMIO is asked for unless the user's
  /// environment says otherwise. So is, within one machine, the layer that needs no network card: the search for cards takes
  /// the longer part of a start.
  package static func start() throws -> Environment {
    try MemoryBounds.requireForStart()
    try check(startedOnce, "MPI_Init_thread")
    let world = try Communicator(handle: gpa_mpi_comm_world())
    if try CoreSet.ofAll(world.node()).isOutnumbered(by: world.node().size) { yieldWhenIdle() }
    return Environment(world: world)
  }

  /// Ends MPI. Collective; no communication may follow.
  package func finish() throws {
    try check(MPI_Finalize(), "MPI_Finalize")
  }

  /// Ends this process with an exit code, when all ranks are here to do the same, without ending MPI and the libraries
  /// that end with it: for after a failed write, which HDF5 does not survive for long. Collective.
  package func leave(code: Int32) -> Never {
    fflush(nil)
    try? world.barrier()
    _exit(code)
  }

  /// Ends the whole job at once from one rank, with this exit code. Not collective; for what only one rank knows.
  package func abort(code: Int32) -> Never {
    fflush(nil)
    MPI_Abort(gpa_mpi_comm_world(), code)
    exit(code)
  }
}

extension Environment {
  /// The MPI library and its version; may be asked for before MPI starts.
  package static var library: String {
    var length: Int32 = 0
    let text = withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(gpa_mpi_max_library_string())) { buffer in
      guard let start = buffer.baseAddress, MPI_Get_library_version(start, &length) == MPI_SUCCESS else {
        return "MPI"
      }
      return String(cString: start)
    }
    return String(text.prefix { $0 != "," })
  }
}
