#!/bin/bash
# One node, a rank for each core asked for: sbatch jobs/slurm/one-node.sh DECK
# Ends COMPLETED where the run is over, and FAILED with exit code 4 where the time ended first; submitted again, it goes on.
#SBATCH --job-name=gpa-mpi
#SBATCH --nodes=1
#SBATCH --ntasks-per-node=2
#SBATCH --time=1:00:00
set -euo pipefail

# -K1: where a rank dies, the others are ended too.
srun --mpi=pmix -K1 "${GPA_MPI:-gpa-mpi}" run "$@" --restart --set stop.wall_time=auto
