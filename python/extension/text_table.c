// Which texts of a column are equal: each row gets the code of its text, 0, 1, 2, ... by first appearance.
//
//   table    [ key, code, how many ]                          open addressing, at most half full
//   kinds    [ row of the first such text, how many ]
//
// A text that was seen before costs a read from anywhere in the table, whose entry has a short text itself. So rows are
// looked up in batches: all their keys are made and all their entries asked for before the first is read. Of a longer
// text the key has a hash, and the bytes of its first row are compared.
#define _DEFAULT_SOURCE
#include "text_table.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define BATCH_SIZE 64
#define ENTRY_COUNT_MIN 4096
// Whether texts repeat shows when so many entries are used up; of a million ids hardly one does before.
#define TRIAL_ENTRY_COUNT (1 << 19)
// With more entries the table would be larger than what it saves; texts behind these get objects of their own.
#define ENTRY_COUNT_MAX (1 << 22)

// Smaller tables come from malloc.
#define MAPPED_SIZE_MIN (4 << 20)

// Texts of up to so many bytes are compared without a look at their bytes.
#define SHORT_SIZE_MAX 16

// Of a short text all bytes, and zeros behind them. Of another a hash, and its row.
struct key {
  uint64_t first, last;
  uint32_t size;
};

// Half a line of the processor's cache.
struct entry {
  struct key key;
  // A code plus 1; 0 in an empty entry.
  uint32_t number;
  uint32_t count;
};

static uint64_t word_at(const char *bytes) {
  uint64_t word;
  memcpy(&word, bytes, 8);
  return word;
}

// Both halves of the product: each bit of the word counts in each bit of the result (as in wyhash).
static uint64_t mixed(uint64_t hash, uint64_t word) {
  unsigned __int128 product = (unsigned __int128)(hash ^ word) * 0xFF51AFD7ED558CCDu;
  return (uint64_t)product ^ (uint64_t)(product >> 64);
}

#define SEED 0x9E3779B97F4A7C15u

static uint64_t hash_of_bytes(const char *bytes, size_t size) {
  uint64_t hash = SEED ^ size;
  for (size_t position = 0; position + 8 < size; position += 8) hash = mixed(hash, word_at(bytes + position));
  return mixed(hash, word_at(bytes + size - 8));
}

// Lengths change from text to text: nothing here branches on them but whether the text is short.
static struct key key_of(const struct texts *texts, long long row) {
  const char *bytes = bytes_at(texts, row);
  size_t size = size_at(texts, row);
  if (size > SHORT_SIZE_MAX)
    return (struct key){hash_of_bytes(bytes, size), (uint64_t)row, size < UINT32_MAX ? (uint32_t)size : UINT32_MAX};
  char copy[SHORT_SIZE_MAX] = {0};
  if (texts->bounds[texts->count] - texts->bounds[row] < SHORT_SIZE_MAX) bytes = memcpy(copy, bytes, size);
  uint64_t first_mask = size < 8 ? ((uint64_t)1 << (size * 8)) - 1 : UINT64_MAX;
  uint64_t last_mask = size < 16 ? ((uint64_t)1 << ((size < 8 ? 0 : size - 8) * 8)) - 1 : UINT64_MAX;
  return (struct key){word_at(bytes) & first_mask, word_at(bytes + 8) & last_mask, (uint32_t)size};
}

static size_t hash_of(const struct key *key) {
  return key->size > SHORT_SIZE_MAX ? key->first : mixed(mixed(SEED ^ key->size, key->first), key->last);
}

// ---- The table

// Empty entries; on huge pages where they are many, for they are read all over the place. Those go back to the system
// at once: kept for the next read they would come on top of the objects.
static struct entry *empty_entries(size_t count) {
  size_t size = count * sizeof(struct entry);
  if (size < MAPPED_SIZE_MIN) return calloc(count, sizeof(struct entry));
  void *entries = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (entries == MAP_FAILED) return NULL;
#ifdef MADV_HUGEPAGE
  // A refusal costs speed only.
  (void)madvise(entries, size, MADV_HUGEPAGE);
#endif
  return entries;
}

void free_entries(struct table *table) {
  size_t size = (table->mask + 1) * sizeof(struct entry);
  if (size < MAPPED_SIZE_MIN) free(table->entries);
  else munmap(table->entries, size);
  table->entries = NULL;
}

static int resize(struct table *table, size_t entry_count) {
  struct entry *entries = empty_entries(entry_count);
  if (!entries) return -1;
  size_t mask = entry_count - 1;
  for (size_t i = 0; table->entries && i <= table->mask; i++) {
    if (!table->entries[i].number) continue;
    size_t place = hash_of(&table->entries[i].key) & mask;
    while (entries[place].number) place = (place + 1) & mask;
    entries[place] = table->entries[i];
  }
  if (table->entries) free_entries(table);
  table->entries = entries;
  table->mask = mask;
  return 0;
}

// Makes room after a text was added as row `row`; where hardly any text came twice, none is remembered any more.
static void grow(struct table *table, long long row) {
  size_t size = table->mask + 1;
  if (table->count * 2 <= size) return;
  int is_useful = size < TRIAL_ENTRY_COUNT || table->count < (size_t)row / 16 * 15;
  // Small tables grow fast: they are copied often otherwise.
  size_t larger = size < TRIAL_ENTRY_COUNT ? size * 8 : size * 2;
  table->grows = is_useful && larger <= ENTRY_COUNT_MAX && resize(table, larger) == 0;
}

static int is_key_of(const struct key *known, const struct key *key, const struct texts *texts, long long row) {
  if (known->first != key->first || known->size != key->size) return 0;
  if (key->size <= SHORT_SIZE_MAX) return known->last == key->last;
  size_t size = size_at(texts, row);
  long long first = (long long)known->last;
  return size_at(texts, first) == size && memcmp(bytes_at(texts, first), bytes_at(texts, row), size) == 0;
}

// The entry of a text, or the empty one where it belongs.
static struct entry *find(const struct table *table, const struct texts *texts, long long row,
                          const struct key *key, size_t hash) {
  for (size_t place = hash;; place++) {
    struct entry *entry = &table->entries[place & table->mask];
    if (!entry->number || is_key_of(&entry->key, key, texts, row)) return entry;
  }
}

// The code of a new kind, or NULL_CODE when there is no memory for it.
static uint32_t add_kind(struct table *table, long long row) {
  if (table->kind_count == table->kind_capacity) {
    size_t capacity = table->kind_capacity ? table->kind_capacity * 2 : 1024;
    struct kind *larger = realloc(table->kinds, capacity * sizeof *larger);
    if (!larger) return NULL_CODE;
    table->kinds = larger;
    table->kind_capacity = capacity;
  }
  table->kinds[table->kind_count] = (struct kind){(uint32_t)row, 1};
  return (uint32_t)table->kind_count++;
}

static uint32_t code_of(struct table *table, const struct texts *texts, long long row, const struct key *key,
                        size_t hash) {
  struct entry *entry = find(table, texts, row, key, hash);
  if (entry->number) {
    entry->count++;
    return entry->number - 1;
  }
  uint32_t code = add_kind(table, row);
  if (code != NULL_CODE && table->grows) {
    *entry = (struct entry){*key, code + 1, 1};
    table->count++;
    grow(table, row + 1);
  }
  return code;
}

// ---- Codes of rows

// The row of a longer text that is probably the same, `other` where there is none.
static long long probable_row(const struct table *table, const struct key *key, long long other) {
  for (size_t place = hash_of(key);; place++) {
    const struct entry *entry = &table->entries[place & table->mask];
    if (!entry->number) return other;
    if (entry->key.first == key->first && entry->key.size == key->size) return (long long)entry->key.last;
  }
}

static void prepare(const struct table *table, const struct texts *texts, long long first, int count,
                    struct key *keys, size_t *hashes) {
  int has_long = 0;
  for (int i = 0; i < count; i++) {
    keys[i] = key_of(texts, first + i);
    hashes[i] = hash_of(&keys[i]);
    has_long |= keys[i].size > SHORT_SIZE_MAX;
    __builtin_prefetch(&table->entries[hashes[i] & table->mask], 1);
  }
  if (!has_long) return;
  // Where the text that is probably the same begins, and then its bytes.
  long long rows[BATCH_SIZE];
  for (int i = 0; i < count; i++) {
    rows[i] = keys[i].size > SHORT_SIZE_MAX ? probable_row(table, &keys[i], first) : first;
    __builtin_prefetch(&texts->bounds[rows[i]]);
  }
  for (int i = 0; i < count; i++) {
    __builtin_prefetch(bytes_at(texts, rows[i]));
    __builtin_prefetch(bytes_at(texts, rows[i] + 1));
  }
}

// Texts that were not remembered have one row each; of the others the table knows how many.
static void count_kinds(struct table *table) {
  for (size_t i = 0; i <= table->mask; i++) {
    const struct entry *entry = &table->entries[i];
    if (entry->number) table->kinds[entry->number - 1].count = entry->count;
  }
}

long long number_rows(struct table *table, const struct texts *texts, const uint8_t *validity,
                      long long validity_offset, uintptr_t *slots) {
  long long null_count = 0;
  if (resize(table, ENTRY_COUNT_MIN) != 0) return -1;
  for (long long row = 0; row < texts->count;) {
    struct key keys[BATCH_SIZE];
    size_t hashes[BATCH_SIZE];
    long long end = row + BATCH_SIZE < texts->count ? row + BATCH_SIZE : texts->count;
    prepare(table, texts, row, (int)(end - row), keys, hashes);
    for (long long first = row; row < end; row++) {
      long long bit = validity_offset + row;
      if (validity && !(validity[bit >> 3] >> (bit & 7) & 1)) {
        slots[row] = NULL_CODE;
        null_count++;
        continue;
      }
      uint32_t code = code_of(table, texts, row, &keys[row - first], hashes[row - first]);
      if (code == NULL_CODE) return -1;
      slots[row] = code;
    }
  }
  count_kinds(table);
  return null_count;
}
