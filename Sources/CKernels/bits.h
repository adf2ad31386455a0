// The bits of a double, and the double of bits.
#ifndef STERNA_BITS_H
#define STERNA_BITS_H

#include <stdint.h>
#include <string.h>

static inline __attribute__((always_inline)) double double_of(uint64_t bits) {
  double value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static inline __attribute__((always_inline)) uint64_t bits_of(double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

#endif
