#include "bits.h"
#include "clones.h"
#include "sterna_kernels.h"

#include <string.h>

// A product and a sum that were fused would be rounded once, on some processors only.
#pragma STDC FP_CONTRACT OFF

enum { LANES = 16, ROWS = 64 };

// One number of each lane.
typedef uint64_t lanes __attribute__((vector_size(LANES * 8)));
typedef uint64_t eight __attribute__((vector_size(64)));

static inline __attribute__((always_inline)) void unpack(
    const void *packed, unsigned width, uint64_t reference, uint64_t *numbers) {
  const char *source = packed;
  const uint64_t mask = width == 64 ? UINT64_MAX : ((uint64_t)1 << width) - 1;
  lanes current;
  memcpy(&current, source, sizeof current);
  unsigned used = 0;
  for (int row = 0; row < ROWS; row++) {
    lanes value = current >> used;
    used += width;
    // The last row ends exactly at the last word: there is no next one to load.
    if (used >= 64 && row < ROWS - 1) {
      used -= 64;
      source += sizeof current;
      memcpy(&current, source, sizeof current);
      if (used > 0) value |= current << (width - used);
    }
    value = (value & mask) + reference;
    memcpy(numbers + row * LANES, &value, sizeof value);
  }
}

CLONES void sterna_unpack(const void *packed, unsigned width, uint64_t reference, uint64_t *numbers) {
  unpack(packed, width, reference, numbers);
}

CLONES void sterna_unpack_32(const void *packed, unsigned width, uint64_t reference, uint32_t *numbers) {
  uint64_t wide[ROWS * LANES];
  unpack(packed, width, reference, wide);
  for (int i = 0; i < ROWS * LANES; i++) numbers[i] = (uint32_t)wide[i];
}

#define SHIFTED(X, A, B, C, D, E, F, G, H) __builtin_shufflevector((eight){0}, X, A, B, C, D, E, F, G, H)

CLONES uint64_t sterna_prefix_sum(uint64_t *numbers, size_t count, uint64_t start) {
  eight before = {start, start, start, start, start, start, start, start};
  size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    eight sums;
    memcpy(&sums, numbers + i, sizeof sums);
    sums += SHIFTED(sums, 0, 8, 9, 10, 11, 12, 13, 14);
    sums += SHIFTED(sums, 0, 0, 8, 9, 10, 11, 12, 13);
    sums += SHIFTED(sums, 0, 0, 0, 0, 8, 9, 10, 11);
    eight all = sums + before;
    memcpy(numbers + i, &all, sizeof all);
    // Not out of `all`: so that eights wait for one addition of the eight before.
    before += __builtin_shufflevector(sums, sums, 7, 7, 7, 7, 7, 7, 7, 7);
  }
  uint64_t sum = before[0];
  for (; i < count; i++) numbers[i] = sum += numbers[i];
  return sum;
}

CLONES void sterna_scale(uint64_t *numbers, size_t count, uint64_t base, uint64_t divisor) {
  for (size_t i = 0; i < count; i++) numbers[i] = base + numbers[i] * divisor;
}

CLONES void sterna_join(uint64_t *low, const uint32_t *restrict high, size_t count, unsigned shift) {
  for (size_t i = 0; i < count; i++) low[i] |= (uint64_t)high[i] << shift;
}

CLONES int sterna_look_up(
    uint64_t *numbers, size_t count, const uint64_t *restrict values, size_t value_count) {
  uint64_t largest = 0;
  for (size_t i = 0; i < count; i++) largest = numbers[i] > largest ? numbers[i] : largest;
  if (largest >= value_count) return 0;
  for (size_t i = 0; i < count; i++) numbers[i] = values[numbers[i]];
  return 1;
}

CLONES int sterna_look_up_32(
    uint32_t *numbers, size_t count, const uint32_t *restrict values, size_t value_count) {
  uint32_t largest = 0;
  for (size_t i = 0; i < count; i++) largest = numbers[i] > largest ? numbers[i] : largest;
  if (largest >= value_count) return 0;
  for (size_t i = 0; i < count; i++) numbers[i] = values[numbers[i]];
  return 1;
}

CLONES void sterna_first_plane(const uint8_t *bytes, size_t count, uint64_t base, uint64_t *restrict numbers) {
  for (size_t i = 0; i < count; i++) numbers[i] = base + bytes[i];
}

CLONES void sterna_next_plane(
    const uint8_t *bytes, size_t count, unsigned shift, uint64_t *restrict numbers) {
  for (size_t i = 0; i < count; i++) numbers[i] += (uint64_t)bytes[i] << shift;
}

CLONES void sterna_decimals(uint64_t *numbers, size_t count, double up, double down) {
  // Its low bits take up an integer within +-2^51.
  const double shifter = 0x1.8p52;
  for (size_t i = 0; i < count; i++) {
    double integer = double_of(numbers[i] + bits_of(shifter)) - shifter;
    numbers[i] = bits_of(integer * up * down);
  }
}

CLONES void sterna_dyadics(uint64_t *numbers, size_t count, double factor) {
  for (size_t i = 0; i < count; i++) numbers[i] = bits_of((double)(int64_t)numbers[i] * factor);
}
