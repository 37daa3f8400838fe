#pragma once
#include <hdf5.h>

// HDF5's type names are macros around function calls that Swift cannot import.
static inline hid_t gpa_h5_native_float(void) { return H5T_NATIVE_FLOAT; }
