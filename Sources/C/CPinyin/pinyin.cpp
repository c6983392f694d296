#include "linli_pinyin.h"

#include <googlepinyin/pinyinime.h>

using namespace ime_pinyin;

static_assert(sizeof(char16) == sizeof(uint16_t), "candidates are UTF-16");

bool linli_pinyin_open(const char *path) {
    // Without a file for it the engine keeps no user's dictionary, not even in memory.
    if (!im_open_decoder(path, "")) return false;
    return true;
}

void linli_pinyin_close(void) { im_close_decoder(); }

int32_t linli_pinyin_search(const char *letters, int32_t count) {
    if (count < 0 || count > LINLI_PINYIN_LETTERS) return 0;
    // Going on from the last search reads freed memory after a choice: each search begins anew.
    im_reset_search();
    return static_cast<int32_t>(im_search(letters, static_cast<size_t>(count)));
}

int32_t linli_pinyin_candidate(int32_t index, uint16_t units[LINLI_PINYIN_UNITS + 1]) {
    units[0] = 0;
    if (index < 0) return 0;
    if (im_get_candidate(static_cast<size_t>(index), units, LINLI_PINYIN_UNITS + 1) == nullptr) return 0;
    int32_t length = 0;
    while (length < LINLI_PINYIN_UNITS && units[length] != 0) length++;
    return length;
}

int32_t linli_pinyin_choose(int32_t index) {
    if (index < 0) return 0;
    return static_cast<int32_t>(im_choose(static_cast<size_t>(index)));
}

int32_t linli_pinyin_fixed(int32_t *next_letter, int32_t *total) {
    const uint16 *starts = nullptr;
    size_t count = im_get_spl_start_pos(starts);
    size_t fixed = im_get_fixed_len();
    *total = static_cast<int32_t>(count);
    *next_letter = starts != nullptr && fixed <= count ? starts[fixed] : 0;
    return static_cast<int32_t>(fixed);
}

void linli_pinyin_forget(void) {
    static const char blank[LINLI_PINYIN_LETTERS + 1] = "aaaaaaaaaaaa";
    linli_pinyin_search(blank, LINLI_PINYIN_LETTERS);
    im_reset_search();
}
