#pragma once
#define H5_USE_110_API
#include <hdf5.h>

// Declared by the C library for GNU programs only.
extern int fallocate(int descriptor, int mode, off_t offset, off_t bytes);
static inline int gpa_allocate(int descriptor, off_t end, off_t bytes) {
  return fallocate(descriptor, 0, end, bytes);
}

// HDF5's types, classes and flags are macros around function calls that Swift cannot import.
static inline hid_t gpa_h5_native_float(void) { return H5T_NATIVE_FLOAT; }
static inline hid_t gpa_h5_native_double(void) { return H5T_NATIVE_DOUBLE; }
static inline hid_t gpa_h5_native_int64(void) { return H5T_NATIVE_INT64; }
static inline hid_t gpa_h5_native_uint8(void) { return H5T_NATIVE_UINT8; }
static inline hid_t gpa_h5_native_b8(void) { return H5T_NATIVE_B8; }
static inline hid_t gpa_h5_c_string(void) { return H5T_C_S1; }
static inline size_t gpa_h5_variable_length(void) { return H5T_VARIABLE; }
static inline hid_t gpa_h5_file_access(void) { return H5P_FILE_ACCESS; }
static inline hid_t gpa_h5_dataset_creation(void) { return H5P_DATASET_CREATE; }
static inline hid_t gpa_h5_link_creation(void) { return H5P_LINK_CREATE; }
static inline hid_t gpa_h5_default(void) { return H5P_DEFAULT; }
static inline hid_t gpa_h5_all(void) { return H5S_ALL; }
static inline hsize_t gpa_h5_unlimited(void) { return H5S_UNLIMITED; }
static inline unsigned gpa_h5_read_only(void) { return H5F_ACC_RDONLY; }
static inline unsigned gpa_h5_read_write(void) { return H5F_ACC_RDWR; }
static inline unsigned gpa_h5_truncate(void) { return H5F_ACC_TRUNC; }
static inline hid_t gpa_h5_error_stack(void) { return H5E_DEFAULT; }
static inline MPI_Info gpa_h5_info_null(void) { return MPI_INFO_NULL; }

// Versions before 1.10.7 and 1.12.1 can only be told by the environment not to lock files.
static inline herr_t gpa_h5_lock_no_files(hid_t access) {
#if H5_VERSION_GE(1, 12, 1) || (H5_VERSION_GE(1, 10, 7) && !H5_VERSION_GE(1, 12, 0))
  return H5Pset_file_locking(access, 0, 1);
#else
  return access < 0 ? -1 : 0;
#endif
}

// The type of an object's description differs between versions of HDF5.
typedef herr_t (*gpa_h5_visitor)(hid_t, const char *, const void *, void *);
static inline herr_t gpa_h5_visit(hid_t file, gpa_h5_visitor visitor, void *context) {
  return H5Ovisit2(file, H5_INDEX_NAME, H5_ITER_INC, (H5O_iterate_t)visitor, context, H5O_INFO_BASIC);
}
static inline int gpa_h5_is_dataset(const void *info) { return ((const H5O_info_t *)info)->type == H5O_TYPE_DATASET; }

// So do that of a link's description, and the way to ask for an object's place in its file.
typedef herr_t (*gpa_h5_link_visitor)(hid_t, const char *, const void *, void *);
static inline herr_t gpa_h5_visit_links(hid_t group, gpa_h5_link_visitor visitor, void *context) {
  return H5Lvisit(group, H5_INDEX_NAME, H5_ITER_INC, (H5L_iterate_t)visitor, context);
}
static inline H5L_type_t gpa_h5_link_type(const void *info) { return ((const H5L_info_t *)info)->type; }
// The type of a link, and the bytes of its value.
static inline herr_t gpa_h5_link(hid_t file, const char *name, H5L_type_t *type, size_t *bytes) {
  H5L_info_t info;
  herr_t result = H5Lget_info(file, name, &info, H5P_DEFAULT);
  if (result < 0) return result;
  *type = info.type;
  *bytes = info.type == H5L_TYPE_HARD ? 0 : info.u.val_size;
  return result;
}
// The address of an object, and its type; the library may be unable to open it.
static inline herr_t gpa_h5_address(hid_t file, const char *name, haddr_t *address) {
  H5O_info_t info;
  herr_t result = H5Oget_info_by_name2(file, name, &info, H5O_INFO_BASIC, H5P_DEFAULT);
  if (result >= 0) *address = info.addr;
  return result;
}
static inline herr_t gpa_h5_object_type(hid_t file, const char *name, H5O_type_t *type) {
  H5O_info_t info;
  herr_t result = H5Oget_info_by_name2(file, name, &info, H5O_INFO_BASIC, H5P_DEFAULT);
  if (result >= 0) *type = info.type;
  return result;
}

// The number of an object's attributes.
static inline herr_t gpa_h5_attribute_count(hid_t file, const char *name, hsize_t *count) {
  H5O_info_t info;
  herr_t result = H5Oget_info_by_name2(file, name, &info, H5O_INFO_NUM_ATTRS, H5P_DEFAULT);
  if (result >= 0) *count = info.num_attrs;
  return result;
}

// The number of chunks that have a place in the file; -1 where the library has no way to tell.
static inline herr_t gpa_h5_written_chunks(hid_t dataset, hid_t space, hssize_t *count) {
  *count = -1;
#if H5_VERSION_GE(1, 10, 5)
  hsize_t written = 0;
  herr_t result = H5Dget_num_chunks(dataset, space, &written);
  if (result >= 0) *count = (hssize_t)written;
  return result;
#else
  return dataset < 0 || space < 0 ? -1 : 0;
#endif
}
// Whether the chunk that begins at an offset has a place in the file; 1 as well where the library has no way to tell.
static inline int gpa_h5_is_chunk_written(hid_t dataset, const hsize_t *offset) {
#if H5_VERSION_GE(1, 10, 5)
  unsigned mask = 0;
  haddr_t address = HADDR_UNDEF;
  hsize_t bytes = 0;
  if (H5Dget_chunk_info_by_coord(dataset, offset, &mask, &address, &bytes) < 0) return 1;
  return address != HADDR_UNDEF;
#else
  return dataset >= 0 && offset != NULL;
#endif
}
// Writes the bytes of a chunk as they are.
static inline herr_t gpa_h5_write_chunk(
    hid_t dataset, uint32_t mask, const hsize_t *offset, size_t bytes, const void *start) {
#if H5_VERSION_GE(1, 10, 3)
  return H5Dwrite_chunk(dataset, H5P_DEFAULT, mask, offset, bytes, start);
#else
  (void)dataset, (void)mask, (void)offset, (void)bytes, (void)start;
  return -1;
#endif
}
static inline const char *gpa_h5_version(void) { return H5_VERS_INFO; }
