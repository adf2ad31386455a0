#include "bits.h"
#include "clones.h"
#include "sterna_kernels.h"

#include <string.h>

// A product and a sum that were fused would be rounded once, on some processors only.
#pragma STDC FP_CONTRACT OFF

CLONES void sterna_plane(
    const int64_t *restrict numbers, size_t count, int64_t base, unsigned shift,
    uint8_t *restrict bytes) {
  for (size_t i = 0; i < count; i++)
    bytes[i] = (uint8_t)(((uint64_t)numbers[i] - (uint64_t)base) >> shift);
}

CLONES int sterna_divide(
    const int64_t *restrict numbers, size_t count, int64_t base, uint64_t inverse, unsigned zeros,
    int64_t lowest, int64_t highest, int64_t *restrict quotients) {
  uint64_t seen = 0;
  int64_t low = highest, high = lowest;
  for (size_t i = 0; i < count; i++) {
    uint64_t distance = (uint64_t)numbers[i] - (uint64_t)base;
    seen |= distance;
    int64_t quotient = (int64_t)((uint64_t)((int64_t)distance >> zeros) * inverse);
    low = quotient < low ? quotient : low;
    high = quotient > high ? quotient : high;
    quotients[i] = quotient;
  }
  return (seen & (((uint64_t)1 << zeros) - 1)) == 0 && low >= lowest && high <= highest;
}

CLONES size_t sterna_decimal_integers(
    const int64_t *restrict bits, size_t count, double up, double down, double back_up,
    double back_down, int64_t *restrict integers) {
  // Adding it to a double within +-2^51 rounds that to an integer, and leaves the integer in the low bits.
  const double shifter = 0x1.8p52;
  size_t misfits = 0;
  for (size_t i = 0; i < count; i++) {
    double scaled = double_of((uint64_t)bits[i]) * up * down;
    double shifted = scaled + shifter;
    double restored = (shifted - shifter) * back_up * back_down;
    misfits += (bits_of(restored) != (uint64_t)bits[i]) | !(__builtin_fabs(scaled) < 0x1p51);
    integers[i] = (int64_t)(bits_of(shifted) - bits_of(shifter));
  }
  return misfits;
}

CLONES size_t sterna_dyadic_integers(
    const int64_t *restrict bits, size_t count, double scale, double back,
    int64_t *restrict integers) {
  size_t misfits = 0;
  for (size_t i = 0; i < count; i++) {
    double scaled = double_of((uint64_t)bits[i]) * scale;
    int is_in_range = __builtin_fabs(scaled) <= 0x1p53;
    int64_t integer = (int64_t)(is_in_range ? scaled : 0);
    misfits += (bits_of((double)integer * back) != (uint64_t)bits[i]) | !is_in_range;
    integers[i] = integer;
  }
  return misfits;
}
