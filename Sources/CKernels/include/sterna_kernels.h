// Loops over numbers that gain several times from instructions which not every processor has. Each is
// plain C: the compiler makes one version for each level of x86-64 (or the only one elsewhere), and the
// right one is picked when the program is loaded. Integer arithmetic wraps. Nothing here fails,
// allocates or keeps state.
#ifndef STERNA_KERNELS_H
#define STERNA_KERNELS_H

#include <stddef.h>
#include <stdint.h>

// The smallest and the largest of at least one number.
void sterna_bounds(const int64_t *numbers, size_t count, int64_t *smallest, int64_t *largest);

// The same of numbers[i] - numbers[i - 1], for at least two numbers.
void sterna_difference_bounds(
    const int64_t *numbers, size_t count, int64_t *smallest, int64_t *largest);

// The smallest and the largest double that is not NaN; infinity and -infinity when there is none.
void sterna_double_bounds(const double *doubles, size_t count, double *smallest, double *largest);

// Packs `numbers[i] - smallest` of 1,024 numbers, each below 2^width, in 16 lanes: 128 * width bytes, of
// any alignment.
void sterna_pack_distances(const int64_t *numbers, int64_t smallest, unsigned width, void *packed);

// The same with `numbers[i] - numbers[i - 1] - smallest`, and 0 for the first number.
void sterna_pack_differences(const int64_t *numbers, int64_t smallest, unsigned width, void *packed);

// Unpacks 1,024 numbers of a width of 1 to 64 bits that lie in 16 lanes, 128 * width bytes of any
// alignment, and adds `reference` to each.
void sterna_unpack(const void *packed, unsigned width, uint64_t reference, uint64_t *numbers);

// The same for the low 32 bits of the numbers.
void sterna_unpack_32(const void *packed, unsigned width, uint64_t reference, uint32_t *numbers);

// numbers[i] = start + numbers[0] + ... + numbers[i]. Returns the last of them, `start` when there is
// none.
uint64_t sterna_prefix_sum(uint64_t *numbers, size_t count, uint64_t start);

// numbers[i] = base + numbers[i] * divisor.
void sterna_scale(uint64_t *numbers, size_t count, uint64_t base, uint64_t divisor);

// low[i] |= high[i] << shift.
void sterna_join(uint64_t *low, const uint32_t *high, size_t count, unsigned shift);

// numbers[i] = values[numbers[i]]. Returns 0, and changes nothing, when a number is no index of `values`.
int sterna_look_up(uint64_t *numbers, size_t count, const uint64_t *values, size_t value_count);
int sterna_look_up_32(uint32_t *numbers, size_t count, const uint32_t *values, size_t value_count);

// numbers[i] = base + bytes[i].
void sterna_first_plane(const uint8_t *bytes, size_t count, uint64_t base, uint64_t *numbers);

// numbers[i] += bytes[i] << shift.
void sterna_next_plane(const uint8_t *bytes, size_t count, unsigned shift, uint64_t *numbers);

// Integers become doubles where they are: integer * up * down, rounded twice, of integers within +-2^51.
void sterna_decimals(uint64_t *numbers, size_t count, double up, double down);

// Integers become doubles where they are: integer * factor.
void sterna_dyadics(uint64_t *numbers, size_t count, double factor);

// bytes[i] = the byte of `numbers[i] - base` that begins at bit `shift`.
void sterna_plane(
    const int64_t *numbers, size_t count, int64_t base, unsigned shift, uint8_t *bytes);

// quotients[i] = (numbers[i] - base) / (odd << zeros), where `inverse` is that of `odd` modulo 2^64.
// Returns whether each is exact: within lowest...highest, the quotients of the smallest and the largest
// number.
int sterna_divide(
    const int64_t *numbers, size_t count, int64_t base, uint64_t inverse, unsigned zeros,
    int64_t lowest, int64_t highest, int64_t *quotients);

// integers[i] = double[i] * up * down, rounded. Returns how many integers are not the double bit for bit
// when they are multiplied by `back_up` and then by `back_down`; those lie anywhere, the others within
// +-2^51.
size_t sterna_decimal_integers(
    const int64_t *bits, size_t count, double up, double down, double back_up, double back_down,
    int64_t *integers);

// integers[i] = double[i] * scale. Returns how many are not the double bit for bit when they are
// multiplied by `back`; those lie anywhere, the others within +-2^53.
size_t sterna_dyadic_integers(
    const int64_t *bits, size_t count, double scale, double back, int64_t *integers);

// Texts of one number each: bytes before it, its digits, bytes behind it.
struct sterna_text_shape {
  uint8_t before[16], after[16];
  uint32_t before_count, after_count;
  // How many digits, 1 to 16; 0 for as many as the number has.
  uint32_t width;
  // For hexadecimal digits, of which a width must be given: how far "a" or "A" is behind the byte after "9".
  // 0 for decimal digits.
  uint32_t letter_gap;
};

// Writes the texts of numbers one behind the other, of each the last `width` digits, and where they
// end: ends[i] = base + bytes so far. Each text is written with up to 48 bytes from its first on, so as
// much room must be there. Returns the bytes of all texts, or 0, and nothing is written, when a decimal
// number is not below 10^16.
size_t sterna_write_texts(
    const struct sterna_text_shape *shape, const uint64_t *numbers, size_t count, uint8_t *target,
    int64_t base, int64_t *ends);

// Writes the texts of codes one behind the other, and where they end: ends[i] = base + bytes so far.
// Each of the texts lies in `room` bytes of its own, 16, 32 or 64, and is written with all of these: so
// much room must be there. Returns the bytes of all texts that were written.
int64_t sterna_write_coded_texts(
    const uint8_t *texts, const uint8_t *lengths, size_t room, const uint32_t *codes, size_t count,
    uint8_t *target, int64_t base, int64_t *ends);

// How many decimal digits all numbers have together; 0 has one.
size_t sterna_decimal_digits(const uint64_t *numbers, size_t count);

// The SHA-256 of two messages at once, 32 bytes each: half again as fast as one after the other.
// Returns 0, and writes nothing, where the processor has no instructions for it.
int sterna_sha256_pair(
    const void *first, size_t first_count, const void *second, size_t second_count, uint8_t *first_digest,
    uint8_t *second_digest);

#endif
