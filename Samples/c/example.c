// Sterna from C: write three prices, read them back, meet an error.
//
//   cc -ISources/CSterna -ISources/CArrow Samples/c/example.c ... and link libSternaC.a with `swiftc -static-stdlib`.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arrow_c_data.h"
#include "sterna.h"

// ---- One column of doubles as an Arrow stream. Any Arrow library does this for you.

static double prices[] = {167.41, 167.42, 167.40};
static const void *buffers[] = {NULL, prices};
static const void *batch_buffers[] = {NULL};

static void release_schema(struct ArrowSchema *schema) { schema->release = NULL; }
static void release_array(struct ArrowArray *array) { array->release = NULL; }
static void release_stream(struct ArrowArrayStream *stream) { stream->release = NULL; }
static const char *last_error(struct ArrowArrayStream *stream) { return (void)stream, NULL; }

static struct ArrowSchema column_schema;
static struct ArrowSchema *schema_children[] = {&column_schema};
static struct ArrowArray column;
static struct ArrowArray *array_children[] = {&column};

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out) {
  (void)stream;
  column_schema = (struct ArrowSchema){.format = "g", .name = "price", .release = release_schema};
  *out = (struct ArrowSchema){
      .format = "+s", .name = "", .n_children = 1, .children = schema_children, .release = release_schema};
  return 0;
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out) {
  int *is_over = stream->private_data;
  memset(out, 0, sizeof *out);
  if ((*is_over)++) return 0;
  column = (struct ArrowArray){.length = 3, .n_buffers = 2, .buffers = buffers, .release = release_array};
  *out = (struct ArrowArray){.length = 3, .n_buffers = 1, .buffers = batch_buffers, .n_children = 1,
                             .children = array_children, .release = release_array};
  return 0;
}

// ---- The engine

// Waits for an operation, and says what went wrong.
static int succeeded(sterna_operation *operation, const char *what) {
  sterna_operation_wait(operation, -1);
  const sterna_error *error = sterna_operation_error(operation);
  if (!error) return 1;
  printf("%s: %s: %s. %s\n", what, error->code, error->message, error->advice ? error->advice : "");
  return 0;
}

static double sum_of_prices(sterna_operation *reading) {
  struct ArrowArrayStream stream;
  struct ArrowSchema schema;
  struct ArrowArray batch;
  double sum = 0;
  if (!sterna_operation_take_stream(reading, &stream)) return -1;
  if (stream.get_schema(&stream, &schema) == 0) schema.release(&schema);
  while (stream.get_next(&stream, &batch) == 0 && batch.release) {
    const double *values = batch.children[0]->buffers[1];
    for (int64_t row = 0; row < batch.children[0]->length; row++) sum += values[row];
    batch.release(&batch);
  }
  stream.release(&stream);
  return sum;
}

static int write_and_read(sterna_library *library) {
  int is_over = 0;
  struct ArrowArrayStream data = {get_schema, get_next, last_error, release_stream, &is_over};
  sterna_operation *writing = sterna_library_write(library, "SPY", &data, "{\"metadata\": {\"source\": \"sip\"}}");
  int is_good = succeeded(writing, "write");
  if (is_good) printf("wrote %s\n", sterna_operation_json(writing));
  sterna_operation_free(writing);

  sterna_operation *reading = sterna_library_read(library, "SPY", NULL);
  is_good = is_good && succeeded(reading, "read");
  if (is_good) {
    double sum = sum_of_prices(reading);
    printf("the prices add up to %.2f\n", sum);
    is_good = sum > 502.22 && sum < 502.24;
  }
  sterna_operation_free(reading);

  // Nothing traps: a mistake is an error of its operation.
  sterna_operation *mistaken = sterna_library_read(library, "AAPL", "{\"colums\": []}");
  is_good = is_good && !succeeded(mistaken, "a mistake on purpose");
  sterna_operation_free(mistaken);
  return is_good;
}

int main(int argc, char **argv) {
  const char *uri = argc > 1 ? argv[1] : "memory://example";
  int is_good = 0;
  sterna_store *store = NULL;
  sterna_library *library = NULL;

  sterna_operation *opening = sterna_store_open(uri, NULL);
  if (succeeded(opening, "open")) store = sterna_operation_take_store(opening);
  sterna_operation_free(opening);
  if (store) {
    sterna_operation *making = sterna_store_library(store, "ticks", "{\"create\": true}");
    if (succeeded(making, "library")) library = sterna_operation_take_library(making);
    sterna_operation_free(making);
  }
  if (library) is_good = write_and_read(library);

  sterna_library_free(library);
  sterna_store_free(store);
  return is_good ? EXIT_SUCCESS : EXIT_FAILURE;
}
