// libFuzzer's entry for programs that have a main of their own (LLVM docs/LibFuzzer.rst, "Using libFuzzer as a
// library"). The library ships no header.
#ifndef LINLI_FUZZER_H
#define LINLI_FUZZER_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*callback)(const uint8_t *bytes, size_t count));

#endif
