#pragma once

#include <sys/syscall.h>
#include <unistd.h>

// What Swift's SIMD types compute element by element, as one instruction. The vector types are Swift's SIMD16<Float>, SIMD8<Float> and SIMD8<Double>.
typedef float gpa_float16 __attribute__((ext_vector_type(16)));
typedef float gpa_float8 __attribute__((ext_vector_type(8)));
typedef double gpa_double8 __attribute__((ext_vector_type(8)));

#define GPA_INLINE static inline __attribute__((always_inline))

GPA_INLINE gpa_float16 gpa_fma(gpa_float16 a, gpa_float16 b, gpa_float16 c) { return __builtin_elementwise_fma(a, b, c); }
GPA_INLINE gpa_double8 gpa_fma_double(gpa_double8 a, gpa_double8 b, gpa_double8 c) {
  return __builtin_elementwise_fma(a, b, c);
}
GPA_INLINE gpa_float16 gpa_abs(gpa_float16 a) { return __builtin_elementwise_abs(a); }
GPA_INLINE gpa_double8 gpa_abs_double(gpa_double8 a) { return __builtin_elementwise_abs(a); }
GPA_INLINE gpa_float16 gpa_sqrt(gpa_float16 a) { return __builtin_elementwise_sqrt(a); }
GPA_INLINE gpa_double8 gpa_sqrt_double(gpa_double8 a) { return __builtin_elementwise_sqrt(a); }
GPA_INLINE gpa_double8 gpa_widen(gpa_float8 a) { return __builtin_convertvector(a, gpa_double8); }
GPA_INLINE gpa_float8 gpa_narrow(gpa_double8 a) { return __builtin_convertvector(a, gpa_float8); }
// Whether a number of a is below, or not above, that of b in the same place.
GPA_INLINE int gpa_any_below(gpa_float16 a, gpa_float16 b) { return __builtin_reduce_or(a < b) != 0; }
GPA_INLINE int gpa_any_not_above(gpa_float16 a, gpa_float16 b) { return __builtin_reduce_or(a <= b) != 0; }
GPA_INLINE float gpa_sum(gpa_float16 a) {
  gpa_float8 b = a.lo + a.hi;
  __attribute__((ext_vector_type(4))) float c = b.lo + b.hi;
  __attribute__((ext_vector_type(2))) float d = c.lo + c.hi;
  return d.x + d.y;
}
// The sums of eight vectors, each added up in the order of gpa_sum.
GPA_INLINE gpa_float8 gpa_sums(gpa_float16 a, gpa_float16 b, gpa_float16 c, gpa_float16 d, gpa_float16 e, gpa_float16 f,
                               gpa_float16 g, gpa_float16 h) {
#define GPA_HALVES(x, y) \
  (__builtin_shufflevector(x, y, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23) + \
   __builtin_shufflevector(x, y, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31))
#define GPA_QUARTERS(x, y) \
  (__builtin_shufflevector(x, y, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27) + \
   __builtin_shufflevector(x, y, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31))
  gpa_float16 ab = GPA_HALVES(a, b), cd = GPA_HALVES(c, d), ef = GPA_HALVES(e, f), gh = GPA_HALVES(g, h);
  gpa_float16 first = GPA_QUARTERS(ab, cd), last = GPA_QUARTERS(ef, gh);
#undef GPA_HALVES
#undef GPA_QUARTERS
  gpa_float16 pairs = __builtin_shufflevector(first, last, 0, 1, 4, 5, 8, 9, 12, 13, 16, 17, 20, 21, 24, 25, 28, 29) +
                      __builtin_shufflevector(first, last, 2, 3, 6, 7, 10, 11, 14, 15, 18, 19, 22, 23, 26, 27, 30, 31);
  return pairs.even + pairs.odd;
}
GPA_INLINE double gpa_sum_double(gpa_double8 a) {
  __attribute__((ext_vector_type(4))) double c = a.lo + a.hi;
  __attribute__((ext_vector_type(2))) double d = c.lo + c.hi;
  return d.x + d.y;
}

// Transposes 16 x 16 floats; strides are distances of rows. Four times the rows i and i + 8 are interleaved.
static inline void gpa_transpose16(const float *from, long stride, float *to, long to_stride) {
  typedef gpa_float16 loose __attribute__((aligned(4)));
  gpa_float16 rows[16], next[16];
  for (int i = 0; i < 16; i++) rows[i] = *(const loose *)(from + i * stride);
#pragma clang loop unroll(full)
  for (int round = 0; round < 4; round++) {
    for (int i = 0; i < 8; i++) {
      next[2 * i] = __builtin_shufflevector(
          rows[i], rows[i + 8], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      next[2 * i + 1] = __builtin_shufflevector(
          rows[i], rows[i + 8], 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    }
    for (int i = 0; i < 16; i++) rows[i] = next[i];
  }
  for (int i = 0; i < 16; i++) *(loose *)(to + i * to_stride) = rows[i];
}

// For loops that wait for another core.
GPA_INLINE void gpa_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

// The cores that a process, 0 for this one, may use, a bit each; Swift does not see the C library's GNU extensions.
static inline long gpa_core_set(int process, unsigned char *set, long bytes) {
  return syscall(SYS_sched_getaffinity, process, bytes, set);
}

// The cores that this process may use.
static inline int gpa_cores(void) {
  unsigned char set[1024];
  long bytes = gpa_core_set(0, set, sizeof set);
  int cores = 0;
  for (long i = 0; i < bytes; i++) cores += __builtin_popcount(set[i]);
  return cores > 0 ? cores : 1;
}
