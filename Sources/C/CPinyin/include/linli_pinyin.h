// Pinyin to Chinese by libgooglepinyin, without a user's dictionary: what one person types changes nothing for the next.
// The library keeps one state for the process; one thread at a time uses it.
#pragma once
#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Longest pinyin, in letters, and longest candidate, in UTF-16 units. The library aborts on some longer ones (found by
// trying: 14 times z, 30 times a), so that there is a limit well below what it says it takes.
enum { LINLI_PINYIN_LETTERS = 12, LINLI_PINYIN_UNITS = 16 };

// Opens the system dictionary at `path`. False if it is not there.
bool linli_pinyin_open(const char *path);
void linli_pinyin_close(void);

// Looks `letters` (a to z, ', at most LINLI_PINYIN_LETTERS) up; answers how many candidates there are.
int32_t linli_pinyin_search(const char *letters, int32_t count);

// Copies candidate `index` into `units`; answers its length, 0 if there is none.
int32_t linli_pinyin_candidate(int32_t index, uint16_t units[LINLI_PINYIN_UNITS + 1]);

// Fixes candidate `index` at the front of the pinyin; answers how many candidates there are for the rest.
int32_t linli_pinyin_choose(int32_t index);

// How many characters are fixed, and at which letter the rest begins. The pinyin has `total` syllables.
int32_t linli_pinyin_fixed(int32_t *next_letter, int32_t *total);

// Forgets what was typed, and writes over it.
void linli_pinyin_forget(void);

#ifdef __cplusplus
}
#endif
