#pragma once
#include <mpi.h>

// MPI's constants are macros that Swift cannot import.
static inline MPI_Comm gpa_mpi_comm_world(void) { return MPI_COMM_WORLD; }
