#!/bin/bash
# A run for each seed of an array, each in a folder of its own, runs/NAME-seed-S: sbatch jobs/slurm/seeds.sh DECK
# Every task ends COMPLETED where its run is over, and FAILED with exit code 4 where the time ended first.
#SBATCH --job-name=gpa-mpi-seeds
#SBATCH --array=0-3
#SBATCH --nodes=1
#SBATCH --ntasks-per-node=1
#SBATCH --time=1:00:00
set -euo pipefail

deck=${1:?sbatch jobs/slurm/seeds.sh DECK}
name=$(basename "${deck%.y*ml}")-seed-$SLURM_ARRAY_TASK_ID
srun --mpi=pmix -K1 "${GPA_MPI:-gpa-mpi}" run "$@" --restart --set seed="$SLURM_ARRAY_TASK_ID" --output "runs/$name" \
  --set stop.wall_time=auto
