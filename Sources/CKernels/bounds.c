#include "clones.h"
#include "sterna_kernels.h"

#include <string.h>

CLONES void sterna_bounds(const int64_t *numbers, size_t count, int64_t *smallest, int64_t *largest) {
  int64_t low = numbers[0], high = numbers[0];
  for (size_t i = 1; i < count; i++) {
    low = numbers[i] < low ? numbers[i] : low;
    high = numbers[i] > high ? numbers[i] : high;
  }
  *smallest = low;
  *largest = high;
}

CLONES void sterna_difference_bounds(
    const int64_t *numbers, size_t count, int64_t *smallest, int64_t *largest) {
  int64_t low = INT64_MAX, high = INT64_MIN;
  for (size_t i = 1; i < count; i++) {
    int64_t difference = (int64_t)((uint64_t)numbers[i] - (uint64_t)numbers[i - 1]);
    low = difference < low ? difference : low;
    high = difference > high ? difference : high;
  }
  *smallest = low;
  *largest = high;
}

// Eight at a time by hand: the order of comparisons of doubles is part of the result (-0.0 and 0.0 are
// equal), so the compiler keeps to it.
typedef double doubles __attribute__((vector_size(64)));
typedef int64_t masks __attribute__((vector_size(64)));

#define CHOSEN(MASK, THEN, ELSE) (doubles)(((MASK) & (masks)(THEN)) | (~(MASK) & (masks)(ELSE)))

CLONES void sterna_double_bounds(const double *source, size_t count, double *smallest, double *largest) {
  doubles low, high;
  for (int lane = 0; lane < 8; lane++) low[lane] = __builtin_inf(), high[lane] = -__builtin_inf();
  size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    doubles next;
    memcpy(&next, source + i, sizeof next);
    low = CHOSEN(next < low, next, low);
    high = CHOSEN(next > high, next, high);
  }
  double lowest = __builtin_inf(), highest = -__builtin_inf();
  for (int lane = 0; lane < 8; lane++) {
    lowest = low[lane] < lowest ? low[lane] : lowest;
    highest = high[lane] > highest ? high[lane] : highest;
  }
  for (; i < count; i++) {
    lowest = source[i] < lowest ? source[i] : lowest;
    highest = source[i] > highest ? source[i] : highest;
  }
  *smallest = lowest;
  *largest = highest;
}
