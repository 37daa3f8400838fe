#include <string.h>
#include <sys/auxv.h>
#include <sys/resource.h>
#include <unistd.h>

// While it is loaded, OpenBLAS asks for memory for a thread of each core, and where a limit on the address space or on data
// leaves too little, it asks for ever. One thread is all that is used of it, which it must be told before it is loaded:
// by the environment, so the program is started again with that. Only under such a limit.
static int is_limited(int resource) {
  struct rlimit limit;
  return getrlimit(resource, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
}

static void begin(int argc, char **argv, char **variables) {
  (void)argc;
  if (!is_limited(RLIMIT_AS) && !is_limited(RLIMIT_DATA)) return;
  static char name[] = "OPENBLAS_NUM_THREADS=", wanted[] = "OPENBLAS_NUM_THREADS=1";
  size_t count = 0, place;
  while (variables[count]) count++;
  for (place = 0; place < count && strncmp(variables[place], name, sizeof name - 1) != 0; place++) {}
  if (place < count && strcmp(variables[place], wanted) == 0) return;
  char *changed[count + 2];
  memcpy(changed, variables, count * sizeof *changed);
  changed[place] = wanted;
  changed[place == count ? count + 1 : count] = NULL;
  // Where this fails, the program goes on as it is.
  execve((const char *)getauxval(AT_EXECFN), argv, changed);
}

__attribute__((section(".preinit_array"), used)) static void (*const first)(int, char **, char **) = begin;
