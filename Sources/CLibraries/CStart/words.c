#include "start.h"

static int count;
static char **words;

// The C library hands main's arguments to what runs before it.
__attribute__((constructor)) static void keep(int argc, char **argv) {
  count = argc;
  words = argv;
}

int gpa_word_count(void) { return count; }
const char *gpa_word(int i) { return words[i]; }
