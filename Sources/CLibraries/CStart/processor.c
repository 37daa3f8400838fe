#include <string.h>
#include <unistd.h>

#include "processor.h"

#if defined(__x86_64__)

// Whether this processor has the instructions of a name, and the system keeps their registers.
static int has(const char *name) {
#define GPA_CASE(word) if (strcmp(name, word) == 0) return __builtin_cpu_supports(word)
  GPA_CASE("avx2");
  GPA_CASE("fma");
  GPA_CASE("bmi2");
  GPA_CASE("avx512f");
  GPA_CASE("avx512bw");
  GPA_CASE("avx512dq");
  GPA_CASE("avx512vl");
  GPA_CASE("avx512vbmi");
  GPA_CASE("avx512vbmi2");
  GPA_CASE("avx512vnni");
  GPA_CASE("avx512bitalg");
  GPA_CASE("avx512vpopcntdq");
  GPA_CASE("avx512bf16");
#undef GPA_CASE
  return 1;
}

static void say(const char *text) {
  if (write(STDERR_FILENO, text, strlen(text)) < 0) {}
}

// A sentence in the place of an illegal instruction, before any code runs that was compiled for another processor.
static void require(int argc, char **argv, char **variables) {
  (void)argc, (void)argv, (void)variables;
  __builtin_cpu_init();
  for (int i = 0; gpa_instructions[i][0]; i++) {
    if (has(gpa_instructions[i])) continue;
    say("gpa-mpi: was built for processors with ");
    say(gpa_instructions[i]);
    say(" instructions, which this one lacks; build it here (make build), or install builds for both "
        "(make install PROCESSORS=\"x86-64-v4 x86-64-v3\")\n");
    _exit(2);
  }
}

__attribute__((section(".preinit_array"), used)) static void (*const first)(int, char **, char **) = require;

#endif
