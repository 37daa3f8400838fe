#!/bin/bash
# Few ranks of several threads each, with the same bits: sbatch jobs/slurm/threads.sh DECK
# Ends COMPLETED where the run is over, and FAILED with exit code 4 where the time ended first; submitted again, it goes on.
#SBATCH --job-name=gpa-mpi
#SBATCH --nodes=1
#SBATCH --ntasks-per-node=1
#SBATCH --cpus-per-task=2
#SBATCH --time=1:00:00
set -euo pipefail

# srun does not take over the cores of a task from sbatch by itself.
srun --mpi=pmix -K1 --cpus-per-task="$SLURM_CPUS_PER_TASK" "${GPA_MPI:-gpa-mpi}" run "$@" --restart \
  --threads "$SLURM_CPUS_PER_TASK" --set stop.wall_time=auto
