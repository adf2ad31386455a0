#include "sterna_kernels.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>
#include <string.h>

// The rounds of one message wait for each other: the processor could begin twice as many. Those of a second
// message fill the gaps. (FIPS 180-4; the order of words in the registers is that of the instructions.)
#define SHA __attribute__((target("sha,sse4.1,ssse3")))
#define SHA_INLINE SHA static inline __attribute__((always_inline))

enum { BLOCK = 64, MESSAGES = 2 };

static const uint32_t constants[64] __attribute__((aligned(16))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

// A, B, E, F of a state, and C, D, G, H; in each the first in the highest lane.
typedef struct {
  __m128i abef, cdgh;
} state;

SHA_INLINE state first_state(void) {
  state s;
  s.abef = _mm_set_epi32(0x6a09e667, (int)0xbb67ae85, 0x510e527f, (int)0x9b05688c);
  s.cdgh = _mm_set_epi32(0x3c6ef372, (int)0xa54ff53a, 0x1f83d9ab, 0x5be0cd19);
  return s;
}

SHA_INLINE void store_digest(state s, uint8_t *digest) {
  const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
  __m128i abcd = _mm_unpackhi_epi64(s.cdgh, s.abef), efgh = _mm_unpacklo_epi64(s.cdgh, s.abef);
  _mm_storeu_si128((__m128i *)digest, _mm_shuffle_epi8(_mm_shuffle_epi32(abcd, 0x1b), big_endian));
  _mm_storeu_si128((__m128i *)(digest + 16), _mm_shuffle_epi8(_mm_shuffle_epi32(efgh, 0x1b), big_endian));
}

// Takes `blocks` blocks of each of the first `messages` messages; a constant, so that its loops unroll.
SHA_INLINE void absorb(state *states, const uint8_t **data, size_t blocks, int messages) {
  const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
  while (blocks-- > 0) {
    state begin[MESSAGES];
    __m128i words[MESSAGES][4];
#pragma GCC unroll 2
    for (int m = 0; m < messages; m++) {
      begin[m] = states[m];
#pragma GCC unroll 4
      for (int i = 0; i < 4; i++)
        words[m][i] =
            _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(data[m] + 16 * i)), big_endian);
    }
#pragma GCC unroll 16
    for (int round = 0; round < 16; round++) {
      __m128i constant = _mm_load_si128((const __m128i *)(constants + 4 * round));
#pragma GCC unroll 2
      for (int m = 0; m < messages; m++) {
        __m128i *w = words[m];
        __m128i next = _mm_add_epi32(w[round & 3], constant);
        states[m].cdgh = _mm_sha256rnds2_epu32(states[m].cdgh, states[m].abef, next);
        next = _mm_shuffle_epi32(next, 0x0e);
        states[m].abef = _mm_sha256rnds2_epu32(states[m].abef, states[m].cdgh, next);
        if (round < 12) {
          __m128i sum = _mm_sha256msg1_epu32(w[round & 3], w[(round + 1) & 3]);
          sum = _mm_add_epi32(sum, _mm_alignr_epi8(w[(round + 3) & 3], w[(round + 2) & 3], 4));
          w[round & 3] = _mm_sha256msg2_epu32(sum, w[(round + 3) & 3]);
        }
      }
    }
#pragma GCC unroll 2
    for (int m = 0; m < messages; m++) {
      states[m].abef = _mm_add_epi32(states[m].abef, begin[m].abef);
      states[m].cdgh = _mm_add_epi32(states[m].cdgh, begin[m].cdgh);
      data[m] += BLOCK;
    }
  }
}

// The rest of a message of `count` bytes behind its whole blocks, and what the standard puts behind that.
SHA_INLINE void finish(state *s, const uint8_t *rest, size_t count, uint8_t *digest) {
  uint8_t last[2 * BLOCK] = {0};
  size_t left = count % BLOCK, blocks = left < BLOCK - 8 ? 1 : 2;
  if (left > 0) memcpy(last, rest, left);
  last[left] = 0x80;
  uint64_t bits = __builtin_bswap64((uint64_t)count * 8);
  memcpy(last + blocks * BLOCK - 8, &bits, 8);
  const uint8_t *data[1] = {last};
  absorb(s, data, blocks, 1);
  store_digest(*s, digest);
}

SHA static void hash_pair(
    const uint8_t *const data[MESSAGES], const size_t counts[MESSAGES], uint8_t *const digests[MESSAGES]) {
  state states[MESSAGES] = {first_state(), first_state()};
  const uint8_t *places[MESSAGES] = {data[0], data[1]};
  size_t blocks[MESSAGES] = {counts[0] / BLOCK, counts[1] / BLOCK};
  size_t common = blocks[0] < blocks[1] ? blocks[0] : blocks[1];
  absorb(states, places, common, MESSAGES);
  for (int m = 0; m < MESSAGES; m++) {
    absorb(&states[m], &places[m], blocks[m] - common, 1);
    finish(&states[m], places[m], counts[m], digests[m]);
  }
}

static int has_sha(void) {
  unsigned a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSE4_1) || !(c & bit_SSSE3)) return 0;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_SHA);
}

int sterna_sha256_pair(
    const void *first, size_t first_count, const void *second, size_t second_count, uint8_t *first_digest,
    uint8_t *second_digest) {
  static int known;  // 0 not yet, 1 no, 2 yes; whoever asks first finds the same.
  int has = __atomic_load_n(&known, __ATOMIC_RELAXED);
  if (has == 0) {
    has = has_sha() ? 2 : 1;
    __atomic_store_n(&known, has, __ATOMIC_RELAXED);
  }
  if (has == 1) return 0;
  const uint8_t *const data[MESSAGES] = {first, second};
  const size_t counts[MESSAGES] = {first_count, second_count};
  uint8_t *const digests[MESSAGES] = {first_digest, second_digest};
  hash_pair(data, counts, digests);
  return 1;
}

#else

int sterna_sha256_pair(
    const void *first, size_t first_count, const void *second, size_t second_count, uint8_t *first_digest,
    uint8_t *second_digest) {
  (void)first, (void)first_count, (void)second, (void)second_count;
  (void)first_digest, (void)second_digest;
  return 0;
}

#endif
