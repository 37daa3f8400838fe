#pragma once
#include <Random123/philox.h>
#include <stdint.h>

/// Four random words from Philox4x32-10 (Salmon et al. 2011) for a counter and a key.
static inline void gpa_philox4x32(uint32_t c0, uint32_t c1, uint32_t c2, uint32_t c3, uint64_t key, uint32_t *words) {
  philox4x32_ctr_t counter = {{c0, c1, c2, c3}};
  philox4x32_key_t k = {{(uint32_t)key, (uint32_t)(key >> 32)}};
  philox4x32_ctr_t r = philox4x32(counter, k);
  for (int i = 0; i < 4; i++) words[i] = r.v[i];
}
