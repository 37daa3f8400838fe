#pragma once
#include <mpi.h>

// MPI's constants are macros that Swift cannot import.
static inline MPI_Comm gpa_mpi_comm_world(void) { return MPI_COMM_WORLD; }
static inline MPI_Datatype gpa_mpi_byte(void) { return MPI_BYTE; }
static inline MPI_Datatype gpa_mpi_double(void) { return MPI_DOUBLE; }
static inline MPI_Op gpa_mpi_sum(void) { return MPI_SUM; }
static inline MPI_Op gpa_mpi_maximum(void) { return MPI_MAX; }
static inline MPI_Op gpa_mpi_minimum(void) { return MPI_MIN; }
static inline MPI_Errhandler gpa_mpi_errors_return(void) { return MPI_ERRORS_RETURN; }
static inline MPI_Info gpa_mpi_info_null(void) { return MPI_INFO_NULL; }
static inline int gpa_mpi_type_shared(void) { return MPI_COMM_TYPE_SHARED; }
static inline int gpa_mpi_undefined(void) { return MPI_UNDEFINED; }
static inline void *gpa_mpi_in_place(void) { return MPI_IN_PLACE; }
static inline int gpa_mpi_max_error_string(void) { return MPI_MAX_ERROR_STRING; }
static inline int gpa_mpi_max_library_string(void) { return MPI_MAX_LIBRARY_VERSION_STRING; }
static inline int gpa_mpi_receive(void *buffer, int bytes, int source, int tag, MPI_Comm comm) {
  return MPI_Recv(buffer, bytes, MPI_BYTE, source, tag, comm, MPI_STATUS_IGNORE);
}

// Flags in memory that ranks share; Swift's atomics cannot live there.
static inline void gpa_flag_raise(unsigned long *flag, unsigned long value) {
  __atomic_store_n(flag, value, __ATOMIC_RELEASE);
}
static inline unsigned long gpa_flag_read(const unsigned long *flag) { return __atomic_load_n(flag, __ATOMIC_ACQUIRE); }
// Orders what was written before against what is read behind, in memory that processes share.
static inline void gpa_fence(void) { __atomic_thread_fence(__ATOMIC_SEQ_CST); }
