#pragma once

// The words that this process was started with, which needs no /proc.
int gpa_word_count(void);
const char *gpa_word(int i);
