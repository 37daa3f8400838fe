#!/bin/bash
# Several nodes, a rank a core; each node holds the target set once: sbatch jobs/slurm/several-nodes.sh DECK
# Ends COMPLETED where the run is over, and FAILED with exit code 4 where the time ended first; submitted again, it goes on, on any
# number of nodes.
#SBATCH --job-name=gpa-mpi
#SBATCH --nodes=2
#SBATCH --ntasks-per-node=1
#SBATCH --time=1:00:00
set -euo pipefail

srun --mpi=pmix -K1 --distribution=block "${GPA_MPI:-gpa-mpi}" run "$@" --restart --set stop.wall_time=auto
