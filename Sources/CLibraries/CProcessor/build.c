#include "processor.h"

const char gpa_instructions[][16] = {
#ifdef __AVX2__
  "avx2",
#endif
#ifdef __FMA__
  "fma",
#endif
#ifdef __BMI2__
  "bmi2",
#endif
#ifdef __AVX512F__
  "avx512f",
#endif
#ifdef __AVX512BW__
  "avx512bw",
#endif
#ifdef __AVX512DQ__
  "avx512dq",
#endif
#ifdef __AVX512VL__
  "avx512vl",
#endif
#ifdef __AVX512VBMI__
  "avx512vbmi",
#endif
#ifdef __AVX512VBMI2__
  "avx512vbmi2",
#endif
#ifdef __AVX512VNNI__
  "avx512vnni",
#endif
#ifdef __AVX512BITALG__
  "avx512bitalg",
#endif
#ifdef __AVX512VPOPCNTDQ__
  "avx512vpopcntdq",
#endif
#ifdef __AVX512BF16__
  "avx512bf16",
#endif
#ifdef __AVX512FP16__
  "avx512fp16",
#endif
  ""};

#ifndef GPA_COMMIT
#define GPA_COMMIT ""
#endif

const char gpa_commit[] = GPA_COMMIT;
const char gpa_compiler[] = "clang " __clang_version__;
