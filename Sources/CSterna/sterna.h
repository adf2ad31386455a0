// Sterna's C interface.
//
//   sterna_operation *opening = sterna_store_open("memory://example", NULL);
//   sterna_operation_wait(opening, -1);
//   if (sterna_operation_error(opening)) { ... }
//   sterna_store *store = sterna_operation_take_store(opening);
//   sterna_operation_free(opening);
//
// Every call that may take time starts an operation and returns at once. The caller waits for it, for as
// long as it likes, then asks for the error or the answer. Nothing fails at the start: a wrong argument is
// the error of its operation.
//
//   start ──► sterna_operation * ──► wait ──┬─► error      code, message, advice, key ...
//                        │                  ├─► json       versions, names, metadata
//                        └──► cancel        └─► take_...   a store, a library, an Arrow stream: once
//
// Rules
// - Texts are UTF-8, ended by a zero byte, and need to live only during the call that takes them.
// - `options` is a JSON object as text, or NULL for none; unknown members are refused. Each function lists
//   its members.
// - All functions that take a symbol and options also take in_waiting_thread: true lets the thread that
//   waits do the work, which makes small calls quicker. Nothing happens then between the start and the
//   first wait: for callers that wait at once.
// - Handles may be used by any number of threads. Each is freed once, when no call uses it any more; a
//   library outlives its store's handle, and columns outlive everything. An operation that is freed before
//   its end is cancelled.
// - A dictionary field whose metadata has "sterna:type" with the value "utf8" is stored as plain texts:
//   codes are then only how the producer has them, and the fastest way to hand over texts that repeat.
// - Columns travel by Arrow's C stream interface. A stream that is passed in is taken over in every case:
//   its `release` is NULL afterwards. Threads of the engine's ask it, one at a time, and release it before
//   the operation ends. What breaks the interface is an error, as far as it can be seen: sizes of buffers
//   are not in it.
// - A child made by fork() cannot use any handle of its parent: it opens its own.
// - Times are nanoseconds since 1970-01-01 UTC. In a range of them one may also be [seconds, nanoseconds],
//   for years that 64 bits of nanoseconds do not reach, or null for an open end.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// From Arrow's C stream interface (arrow_c_data.h, or any Arrow library's own header).
struct ArrowArrayStream;

typedef struct sterna_store sterna_store;
typedef struct sterna_library sterna_library;
typedef struct sterna_operation sterna_operation;
typedef struct sterna_memory sterna_memory;

// What went wrong. All texts live as long as the operation; those that do not apply are NULL.
typedef struct sterna_error {
  // Stable, for programs: "symbolNotFound", "conflict", "cancelled", ...
  const char *code;
  // Lowercase, for people: what was wrong.
  const char *message;
  // A sentence on what to do.
  const char *advice;
  // The object that the failing request named, the server's request id, and the provider's own error code.
  const char *key;
  const char *request_id;
  const char *provider_code;
  // 0 when there was no answer.
  int32_t http_status;
  int32_t attempts;
  // Whether trying the same again can help, and whether the operation may have taken effect although it
  // failed.
  int32_t is_transient;
  int32_t may_have_been_applied;
  // Of the code "commitStateUnknown": names the commit for sterna_library_resolve, else NULL.
  const char *commit_token;
} sterna_error;

// The version of this interface; it rises when something that existed changes.
#define STERNA_ABI_VERSION 1
int32_t sterna_abi_version(void);

// ---- Messages

// Takes the oldest message of the engine that nobody took, of all stores of the process: writes it into
// `text`, cut to `size` bytes with its zero byte. Returns 0 when there is none, or how grave it is: 30
// for a warning, 40 for an error. The engine never calls back: a program that does not ask hears nothing.
int32_t sterna_take_message(char *text, size_t size);

// ---- Memory

// Memory for what a consumer makes of large columns, as the engine has it for these: on huge pages where
// there are some, and kept from one use to the next. The first touch of the system's fresh memory is
// several times slower. It is not cleared. NULL when there is none. Any thread may free it.
sterna_memory *sterna_memory_new(size_t size);
void *sterna_memory_address(sterna_memory *memory);
void sterna_memory_free(sterna_memory *memory);

// ---- Operations

// Waits for the end; negative: without limit. Returns 1 when the operation has ended, 0 when time ran out.
int32_t sterna_operation_wait(sterna_operation *operation, int64_t timeout_milliseconds);
// Asks it to stop; it then ends soon, with the error "cancelled" or, when it was faster, with its answer.
void sterna_operation_cancel(sterna_operation *operation);
// After the end, NULL for success. Before it, NULL too.
const sterna_error *sterna_operation_error(const sterna_operation *operation);
// The answer as JSON, NULL when there is none. Lives as long as the operation.
const char *sterna_operation_json(const sterna_operation *operation);
// Moves a result out. NULL, or 0, when there is none of this kind (any more).
sterna_store *sterna_operation_take_store(sterna_operation *operation);
sterna_library *sterna_operation_take_library(sterna_operation *operation);
int32_t sterna_operation_take_stream(sterna_operation *operation, struct ArrowArrayStream *out);
void sterna_operation_free(sterna_operation *operation);

// ---- Stores

// uri: s3://bucket/prefix, file:///path, a path, memory://name.
// options: endpoint, region, profile, access_key_id, secret_access_key, session_token, ca_bundle: texts;
//   addressing: "auto", "path" or "virtual"; allow_http, single_writer: booleans;
//   max_in_flight, rows_per_segment: numbers; prefer: what is written is encoded for "speed" of reads from
//   near, "balanced", or "size".
// -> a store
sterna_operation *sterna_store_open(const char *uri, const char *options);
void sterna_store_free(sterna_store *store);

// options: create: make the library when it is not there; otherwise one that is missing is the error
//   libraryNotFound; options, of a new library: {"dynamicSchema": boolean, "rowsPerSegment": number,
//   "columnsPerSegment": number}; other members are kept with it.
// -> {"is_new": boolean, "options": the library's}, and a library
sterna_operation *sterna_store_library(sterna_store *store, const char *name, const char *options);
// -> true when it was made, false when it was there
sterna_operation *sterna_store_create_library(sterna_store *store, const char *name);
// options: options: members to set, or to remove where they are null.
// -> the library's options
sterna_operation *sterna_store_change_library(sterna_store *store, const char *name, const char *options);
sterna_operation *sterna_store_delete_library(sterna_store *store, const char *name);
// -> true or false
sterna_operation *sterna_store_has_library(sterna_store *store, const char *name);
// -> [name, ...]
sterna_operation *sterna_store_libraries(sterna_store *store);

// ---- Libraries

void sterna_library_free(sterna_library *library);

// Versions are described by {"symbol", "version", "time", "row_count", "byte_count", "slice_count",
// "operation", "is_deleted"}.

// Functions that make a version from data, from metadata or by deleting rows also take these options:
//   prune_previous: true: all earlier versions are deleted in the same request;
//   expect: {"version": number}: it must be the latest, null: there must be none; or
//   {"member": [name, value]}: the latest version's metadata must have this member, null: must not have it.
//   Otherwise the error is "conflict".

// Writes or appends the batches of a stream as one version. In a library of dynamic schema what is
// appended, or put in the place of rows, may have other columns: what one side lacks is null.
// options: metadata: any JSON value; index: the name of the index column, or true for the first column.
// -> the version
sterna_operation *sterna_library_write(
    sterna_library *library, const char *symbol, struct ArrowArrayStream *data, const char *options);
sterna_operation *sterna_library_append(
    sterna_library *library, const char *symbol, struct ArrowArrayStream *data, const char *options);

// Replaces the rows between the data's first and last index value, or those of a range, in a new version.
// options: metadata, index; time: [from, to], both included: replaces these rows instead, and the data must
//   lie in it; create: begin a symbol that does not exist.
// -> the version
sterna_operation *sterna_library_update(
    sterna_library *library, const char *symbol, struct ArrowArrayStream *data, const char *options);

// These make a version from the latest one.
// options: time: [from, to], both included; metadata. -> the version
sterna_operation *sterna_library_delete_rows(
    sterna_library *library, const char *symbol, const char *options);
// options: metadata. -> the version
sterna_operation *sterna_library_write_metadata(
    sterna_library *library, const char *symbol, const char *options);
// options: as_of: which becomes the latest again; one that only a snapshot holds is copied. -> the version
sterna_operation *sterna_library_restore(sterna_library *library, const char *symbol, const char *options);

// options: versions: [number, ...]
sterna_operation *sterna_library_delete_versions(
    sterna_library *library, const char *symbol, const char *options);
// Deletes the versions that no rule keeps, in one commit. The newest stays always; without a rule it alone.
// options, numbers of 1 or more: keep_last (or keep): the newest so many; keep_days: those that were the
//   newest at some time in the last so many days; keep_daily: the last of each of so many days (UTC), today
//   counted; dry_run: true deletes nothing.
// -> [number, ...]: what was deleted, or would be, ascending
sterna_operation *sterna_library_prune(sterna_library *library, const char *symbol, const char *options);
sterna_operation *sterna_library_delete_symbol(sterna_library *library, const char *symbol);

// Copies a version, or all of them, as new versions of another symbol, library or store. Data travels as
// stored, and what the destination has is not copied again: a copy that was interrupted is repeated.
// destination: NULL for the same library.
// options: to: the new name, the same unless given; as_of: the latest unless given; all_versions: true: all
//   live ones, oldest first.
// -> [version, ...]: those that were written
sterna_operation *sterna_library_copy(
    sterna_library *library, const char *symbol, sterna_library *destination, const char *options);
// Gives a symbol another name: all live versions are copied, then the old symbol is deleted. One that was
// interrupted is completed by another. Errors: alreadyExists; conflict while rows are staged for it.
// options: to: the new name, which must be given.
sterna_operation *sterna_library_rename(sterna_library *library, const char *symbol, const char *options);

// Keeps versions under a name, readable whatever becomes of their symbols.
// options: versions: {symbol: as_of, ...}, the latest of all symbols unless given; metadata.
sterna_operation *sterna_library_snapshot(sterna_library *library, const char *name, const char *options);
sterna_operation *sterna_library_delete_snapshot(sterna_library *library, const char *name);
// -> [{"name", "time", "symbol_count", "metadata"}, ...], sorted by name
sterna_operation *sterna_library_snapshots(sterna_library *library);
// -> [version, ...], sorted by symbol
sterna_operation *sterna_library_snapshot_versions(sterna_library *library, const char *name);

// Uploads the batches of a stream for a later commit, by this process or another: many workers stage, one
// commits. No version is made.
// options: index; sort: true puts the rows in the order of the index, which must be named, first (they are
//   then held in memory).
//   metadata: any JSON value to keep with the rows until they are committed.
// -> {"token", "symbol", "time", "row_count", "byte_count", "index_range": [first, last] or null,
//   "metadata"}. The token is short text without secrets.
sterna_operation *sterna_library_stage(
    sterna_library *library, const char *symbol, struct ArrowArrayStream *data, const char *options);
// Makes one version of staged rows, of all or of none. Errors: stagedPieceNotFound (one is not there any
//   more, or nothing is staged), alreadyExists (a version has one already), unsortedIndex (pieces overlap).
// options: tokens: [token, ...], all that wait unless given; mode: "replace", the default, or "append";
//   merge: true puts rows of pieces that lie across one another in the order of the index; metadata.
// -> the version
sterna_operation *sterna_library_commit_staged(
    sterna_library *library, const char *symbol, const char *options);
// What waits for a commit. symbol: NULL for all symbols. -> [as stage answers, ...], by symbol and time
sterna_operation *sterna_library_staged(sterna_library *library, const char *symbol);
// Gives staged rows up. options: tokens: [token, ...], all of the symbol unless given.
// -> how many there were
sterna_operation *sterna_library_abandon_staged(
    sterna_library *library, const char *symbol, const char *options);

// Settles a commit that ended with the error commitStateUnknown, by its commit_token. The operation that it
// was of must be over, whether in this process or another. A commit that did not happen yet never will.
// -> {"outcome": "committed" | "not_committed" | "unknown", "version": the version or null}
sterna_operation *sterna_library_resolve(sterna_library *library, const char *commit_token);

// as_of, wherever it is an option: a version number, negative ones counting back from the newest, -1; or
//   {"time": t} for the newest version that was committed at t or before; or {"snapshot": name}.

// options: as_of; columns: [name, ...], the index comes always and first; time: [from, to], both included;
// rows: [from, to],
//   the second excluded; head, tail: a number of rows. One of time, rows, head and tail.
// text_layout: "values" (the default) or "dictionaries": read may then give texts that repeat, or that
//   differ in a number only, as a dictionary, in which a text may occur more than once, or be of no row.
//   Not with scan.
// -> {"version", "metadata", "index": name of the index column or null, "row_count": of the whole version},
// and a stream
sterna_operation *sterna_library_read(sterna_library *library, const char *symbol, const char *options);
// As read, but the rows arrive while the stream is consumed, in bounded memory. Not with head and tail.
sterna_operation *sterna_library_scan(sterna_library *library, const char *symbol, const char *options);
// options: as_of. -> {"version", "metadata", "columns": [{"name", "type", "nullable"}], "index",
// "index_range"}
sterna_operation *sterna_library_describe(sterna_library *library, const char *symbol, const char *options);
// What changed between two versions; what both share is not read. Rows of one index value are compared as a
// whole; without an index, rows are told apart by their number.
// options: from: as as_of, must be given; to: as as_of, the latest unless given; symbol: whose version `to`
//   is, the same unless given.
// -> {"old": version, "new": version, "index": {"name", "type"} or null,
//   "columns": [{"name", "old_type": text or null, "new_type": text or null}, ...],
//   "rows": [{"kind": "removed" | "added" | "changed", "first", "last": index values or row numbers,
//   "old_row_count", "new_row_count"}, ...], "read_slice_count"}
sterna_operation *sterna_library_difference(
    sterna_library *library, const char *symbol, const char *options);
// -> [version, ...], newest first, deleted ones included
sterna_operation *sterna_library_versions(sterna_library *library, const char *symbol);
// -> [name, ...], sorted
sterna_operation *sterna_library_symbols(sterna_library *library);
// -> {"symbols": {symbol: {kind: [objects, bytes]}}, "rest": {kind: [objects, bytes]}}. Kinds: ref, node,
//   segment, history, metadata, staged, snapshot, other. The rest: snapshots, what deleted symbols left.
sterna_operation *sterna_library_sizes(sterna_library *library);
// Deletes the data that no version and no snapshot leads to any more. Writers may go on meanwhile.
// options: symbol: only this one; dry_run: true: only count; resume_after: where one that was interrupted
//   stopped, from its answer.
// -> {"symbol_count", "kept_block_count", "kept_byte_count", "deleted_block_count", "deleted_byte_count",
//   "withdrawn_snapshots": [name, ...], "failures": [{"symbol", "code", "message"}, ...], "resume_after":
//   text or null}
sterna_operation *sterna_library_collect(sterna_library *library, const char *options);
// Reads a library, or a symbol, and says what in it is not as it should be; that is no error.
// options: symbol; thoroughness: "references": are the objects there, with their sizes; "hashes", the
//   default: every object is read and hashed; "data": every column is decoded too.
// -> {"problems": [{"kind", "key", "what", "location"}, ...], "symbol_count", "snapshot_count",
//   "version_count", "block_count", "byte_count", "unreferenced_block_count", "unreferenced_byte_count"}
sterna_operation *sterna_library_verify(sterna_library *library, const char *options);
// -> true or false
sterna_operation *sterna_library_has_symbol(sterna_library *library, const char *symbol);

#ifdef __cplusplus
}
#endif
