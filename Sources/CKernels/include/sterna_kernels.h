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

// The SHA-256 of two messages at once, 32 bytes each: half again as fast as one after the other. Returns 0,
// and writes nothing, where the processor has no instructions for it.
int sterna_sha256_pair(
    const void *first, size_t first_count, const void *second, size_t second_count, uint8_t *first_digest,
    uint8_t *second_digest);

#endif
