// System calls that answer at once or not at all: from what the kernel has in memory, never after a disk or
// a server. C, because Swift can name neither of them: one is only a number, the flag of the other a cast.
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/types.h>
#include <unistd.h>

#if defined(__linux__)
#include <linux/fs.h>
#include <linux/magic.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#if __has_include(<linux/openat2.h>)
#include <linux/openat2.h>
#endif
#endif

// Opens a file for reading; -1 with EAGAIN where that might wait, and where the system cannot tell (before
// Linux 5.12, or where a sandbox forbids the call). A pipe without a writer does not wait either.
static inline int sterna_open_cached(int folder, const char *path, int flags) {
#if defined(SYS_openat2) && defined(RESOLVE_CACHED)
  struct open_how how = {
      .flags = (unsigned long long)(unsigned)(flags | O_CLOEXEC | O_NONBLOCK), .resolve = RESOLVE_CACHED};
  int file = (int)syscall(SYS_openat2, folder, path, &how, sizeof how);
  if (file < 0 && (errno == ENOSYS || errno == EPERM || errno == EINVAL || errno == E2BIG)) errno = EAGAIN;
  return file;
#else
  (void)folder, (void)path, (void)flags;
  errno = EAGAIN;
  return -1;
#endif
}

// Reads the bytes that are in memory, perhaps fewer than are wanted; -1 with EAGAIN where the first is not,
// and where the system cannot tell.
static inline ssize_t sterna_read_cached(int file, void *bytes, size_t count, off_t offset) {
#if defined(__linux__) && defined(RWF_NOWAIT)
  struct iovec part = {bytes, count};
  ssize_t found = preadv2(file, &part, 1, offset, RWF_NOWAIT);
  if (found >= 0 || errno != EOPNOTSUPP) return found;
  // A file system in memory does not know the flag, and has no other place to read from.
  struct statfs system;
  if (fstatfs(file, &system) == 0 && system.f_type == TMPFS_MAGIC) return pread(file, bytes, count, offset);
#else
  (void)file, (void)bytes, (void)count, (void)offset;
#endif
  errno = EAGAIN;
  return -1;
}
