#!/bin/bash
# A run longer than a job may be: each job makes as many steps as it has time for and submits the next: sbatch jobs/slurm/chain.sh DECK
# Every job ends COMPLETED, as a stop in time is none of its faults; the last one finds the run over. It submits none after a failure.
#SBATCH --job-name=gpa-mpi-chain
#SBATCH --nodes=1
#SBATCH --ntasks-per-node=2
#SBATCH --time=1:00:00
#SBATCH --open-mode=append
set -euo pipefail

code=0
srun --mpi=pmix -K1 "${GPA_MPI:-gpa-mpi}" run "$@" --restart --set stop.wall_time=auto || code=$?
if ((code == 4)); then
  # This script as Slurm keeps it: options of sbatch belong into its head, as those of the command line are not passed on.
  sbatch "$0" "$@"
  exit 0
fi
exit "$code"
