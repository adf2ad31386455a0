// Finds the engine: the one linked into this extension, or in a forked child a fresh copy of it.
//
// The engine runs on a pool of threads, and fork() copies none of them: in a child every call into the parent's engine
// would wait for ever. The whole engine, its runtime included, is static in this one shared object. So the child loads
// a second image of the same file, which has memory and threads of its own.
#define _GNU_SOURCE
#include "engine.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

static atomic_long generation = 0;

static struct engine engine = {
#define ENGINE_FUNCTION(result, name, parameters) .name = name,
#include "engine_functions.def"
#undef ENGINE_FUNCTION
    .generation = 0,
};

// What a fresh image shows to the child that loaded it.
__attribute__((visibility("default"))) const struct engine *sterna_engine_image(void) { return &engine; }

static void child_after_fork(void) { atomic_fetch_add(&generation, 1); }

int init_functions(void) {
  static int is_registered = 0;
  if (!is_registered) is_registered = pthread_atfork(NULL, NULL, child_after_fork) == 0;
  return is_registered ? 0 : -1;
}

long engine_generation(void) { return atomic_load(&generation); }

// The same path would give the loaded image again; a copy in anonymous memory is another file.
static int copy_of_this_file(void) {
  Dl_info info;
  if (!dladdr((void *)sterna_engine_image, &info) || !info.dli_fname) return -1;
  int source = open(info.dli_fname, O_RDONLY | O_CLOEXEC);
  if (source < 0) return -1;
  struct stat status;
  int copy = memfd_create("sterna", MFD_CLOEXEC);
  if (copy >= 0 && fstat(source, &status) == 0) {
    off_t position = 0;
    while (position < status.st_size && sendfile(copy, source, &position, status.st_size - position) > 0) {}
    if (position == status.st_size) {
      close(source);
      return copy;
    }
  }
  if (copy >= 0) close(copy);
  close(source);
  return -1;
}

static int load_fresh_image(long wanted) {
  char path[64];
  int copy = copy_of_this_file();
  if (copy < 0) return -1;
  snprintf(path, sizeof path, "/proc/self/fd/%d", copy);
  void *image = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  close(copy);
  if (!image) return -1;
  const struct engine *(*fresh)(void) = (const struct engine *(*)(void))dlsym(image, "sterna_engine_image");
  if (!fresh) return -1;
  engine = *fresh();
  engine.generation = wanted;
  return 0;
}

const struct engine *current_engine(void) {
  // The interpreter's lock is held here, so no other thread loads at the same time.
  long wanted = engine_generation();
  if (engine.generation != wanted && load_fresh_image(wanted) != 0) {
    PyErr_SetString(PyExc_RuntimeError, "the engine could not be loaded again in this forked process; "
                                        "start workers with the 'spawn' or 'forkserver' method instead");
    return NULL;
  }
  return &engine;
}
