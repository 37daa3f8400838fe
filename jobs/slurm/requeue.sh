#!/bin/bash
# A job that may be preempted: it stops with a checkpoint and waits in the queue again: sbatch jobs/slurm/requeue.sh DECK
# Ends COMPLETED where the run is over. Preemption needs a grace time (GraceTime of the partition or QOS) of two steps or more.
#SBATCH --job-name=gpa-mpi-requeue
#SBATCH --nodes=1
#SBATCH --ntasks-per-node=2
#SBATCH --time=1:00:00
#SBATCH --requeue
#SBATCH --open-mode=append
set -euo pipefail
# Preemption sends SIGTERM to the ranks, which stop after their step; the shell has to outlive them.
trap '' TERM

code=0
srun --mpi=pmix -K1 "${GPA_MPI:-gpa-mpi}" run "$@" --restart --set stop.wall_time=auto || code=$?
# A stop in the grace time would be taken for the end of the job.
if ((code == 4)); then scontrol requeue "$SLURM_JOB_ID"; fi
exit "$code"
