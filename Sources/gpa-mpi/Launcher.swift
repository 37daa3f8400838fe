import Glibc

/// What started the ranks of this job.
enum Launcher {
  /// The words before the program's by which as many ranks are started again; none for one that nobody started.
  static func words(ranks: Int) -> [String] {
    func word(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
    if word("OMPI_COMM_WORLD_SIZE") != nil { return ["mpirun", "-q", "-n", "\(ranks)"] }
    guard word("SLURM_PROCID") != nil, word("PMIX_RANK") != nil || word("PMI_RANK") != nil else { return [] }
    return ["srun", "-n", "\(ranks)"] + (word("SLURM_MPI_TYPE").map { ["--mpi=\($0)"] } ?? [])
  }
}
