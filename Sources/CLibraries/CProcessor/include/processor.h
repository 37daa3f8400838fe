#pragma once

// Data alone, as code of this module would be compiled for the processor that it tells of.

// The instructions beyond the baseline that the compiler was free to use, by name; the last name is empty.
extern const char gpa_instructions[][16];
// The compiler, and the commit that was built, empty where there is none.
extern const char gpa_compiler[];
extern const char gpa_commit[];

// Swift cannot import arrays of unknown length.
static inline const char *gpa_instruction(int i) { return gpa_instructions[i]; }
static inline const char *gpa_compiler_text(void) { return gpa_compiler; }
static inline const char *gpa_commit_text(void) { return gpa_commit; }
