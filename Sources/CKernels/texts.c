#include "clones.h"
#include "sterna_kernels.h"

#include <string.h>

// Numbers are turned into digits a batch at a time, in loops that the compiler makes vectors of; the second
// loop only moves bytes, whose places depend on each other.
enum { BATCH = 64, WORD = 8, ROOM = 16 };

static inline __attribute__((always_inline)) uint64_t little_endian(uint64_t word) {
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  return __builtin_bswap64(word);
#else
  return word;
#endif
}

// The eight digits of a number below 10^8 as ASCII, the first in the lowest byte.
static inline __attribute__((always_inline)) uint64_t decimal(uint64_t number) {
  // 2^40 / 10^4 rounded up: exact for numbers below 10^8.
  uint64_t quotients = (uint64_t)(uint32_t)number * 109951163 >> 40;
  uint64_t parts = quotients | (number - quotients * 10000) << 32;
  // Each half, below 10^4, into two quarters below 100; each of these into two bytes below 10.
  quotients = parts * 10486 >> 20 & 0x0000007F0000007F;
  parts = quotients | (parts - quotients * 100) << 16;
  quotients = parts * 103 >> 10 & 0x000F000F000F000F;
  parts = quotients | (parts - quotients * 10) << 8;
  return parts | 0x3030303030303030;
}

// The eight lowest hexadecimal digits as ASCII.
static inline __attribute__((always_inline)) uint64_t hexadecimal(uint64_t number, uint64_t letter_gap) {
  uint64_t digits = (number & 0xFFFF0000) << 16 | (number & 0xFFFF);
  digits = (digits << 8 | digits) & 0x00FF00FF00FF00FF;
  digits = (digits << 4 | digits) & 0x0F0F0F0F0F0F0F0F;
  uint64_t letters = (digits + 0x0606060606060606) >> 4 & 0x0101010101010101;
  return __builtin_bswap64(digits + 0x3030303030303030 + letters * letter_gap);
}

static const uint64_t powers[] = {
    10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000,
    1000000000000, 10000000000000, 100000000000000, 1000000000000000,
};

typedef struct sterna_text_shape shape;

// `words` is how many words of eight digits a number has, `varies` whether leading zeros are left out:
// constants, so that each pair has loops of its own.
#define WRITE(DIGITS, WORDS, VARIES) \
  for (size_t start = 0; start < count; start += BATCH) { \
    size_t rows = count - start < BATCH ? count - start : BATCH; \
    uint64_t digits[BATCH * 2 + 2]; \
    uint64_t widths[BATCH]; \
    const uint64_t *batch = numbers + start; \
    for (size_t row = 0; row < rows; row++) { \
      uint64_t number = batch[row]; \
      DIGITS; \
      if (VARIES) { \
        uint64_t width = 1; \
        for (int power = 0; power < (WORDS) * WORD - 1; power++) width += number >= powers[power]; \
        widths[row] = width; \
      } \
    } \
    const uint8_t *ends_of_digits = (const uint8_t *)digits; \
    for (size_t row = 0; row < rows; row++) { \
      size_t width = (VARIES) ? widths[row] : shape->width; \
      ends_of_digits += (WORDS) * WORD; \
      memcpy(place, shape->before, ROOM); \
      place += shape->before_count; \
      memcpy(place, ends_of_digits - width, (WORDS) * WORD); \
      place += width; \
      if (has_after) { \
        memcpy(place, shape->after, ROOM); \
        place += shape->after_count; \
      } \
      ends[start + row] = base + (place - target); \
    } \
  }

#define ONE_WORD digits[row] = little_endian(decimal(number))
#define TWO_WORDS \
  digits[2 * row] = little_endian(decimal(number / 100000000)); \
  digits[2 * row + 1] = little_endian(decimal(number % 100000000))
#define ONE_HEXADECIMAL digits[row] = little_endian(hexadecimal(number & 0xFFFFFFFF, shape->letter_gap))
#define TWO_HEXADECIMALS \
  digits[2 * row] = little_endian(hexadecimal(number >> 32, shape->letter_gap)); \
  digits[2 * row + 1] = little_endian(hexadecimal(number & 0xFFFFFFFF, shape->letter_gap))

CLONES size_t sterna_write_texts(
    const struct sterna_text_shape *text_shape, const uint64_t *restrict numbers, size_t count,
    uint8_t *restrict target, int64_t base, int64_t *restrict ends) {
  // A copy: bytes that are stored could otherwise be part of it.
  const shape copy = *text_shape, *const shape = &copy;
  const int has_after = shape->after_count > 0;
  uint8_t *place = target;
  if (shape->letter_gap > 0) {
    if (shape->width <= WORD) {
      WRITE(ONE_HEXADECIMAL, 1, 0)
    } else {
      WRITE(TWO_HEXADECIMALS, 2, 0)
    }
  } else {
    uint64_t seen = 0;
    for (size_t row = 0; row < count; row++) seen = numbers[row] > seen ? numbers[row] : seen;
    const uint64_t limit = 100000000;
    if (seen >= limit * limit) return 0;
    if (shape->width == 0) {
      if (seen < limit) {
        WRITE(ONE_WORD, 1, 1)
      } else {
        WRITE(TWO_WORDS, 2, 1)
      }
    } else if (shape->width <= WORD && seen < limit) {
      WRITE(ONE_WORD, 1, 0)
    } else {
      WRITE(TWO_WORDS, 2, 0)
    }
  }
  return (size_t)(place - target);
}

CLONES size_t sterna_decimal_digits(const uint64_t *numbers, size_t count) {
  enum { BLOCK = 1024 };
  size_t total = count;
  for (size_t start = 0; start < count; start += BLOCK) {
    size_t rows = count - start < BLOCK ? count - start : BLOCK;
    const uint64_t *block = numbers + start;
    uint64_t largest = 0;
    for (size_t row = 0; row < rows; row++) largest = block[row] > largest ? block[row] : largest;
    uint64_t power = 10;
    for (int digits = 1; digits < 20 && largest >= power; digits++, power *= 10) {
      size_t more = 0;
      for (size_t row = 0; row < rows; row++) more += block[row] >= power;
      total += more;
    }
  }
  return total;
}

#define WRITE_CODED(BYTES) \
  for (size_t row = 0; row < count; row++) { \
    uint32_t code = codes[row]; \
    memcpy(place, texts + (size_t)code * (BYTES), BYTES); \
    place += lengths[code]; \
    ends[row] = base + (place - target); \
  }

CLONES int64_t sterna_write_coded_texts(
    const uint8_t *texts, const uint8_t *lengths, size_t room, const uint32_t *codes, size_t count,
    uint8_t *restrict target, int64_t base, int64_t *restrict ends) {
  uint8_t *place = target;
  if (room == 16) {
    WRITE_CODED(16)
  } else if (room == 32) {
    WRITE_CODED(32)
  } else {
    WRITE_CODED(64)
  }
  return place - target;
}
