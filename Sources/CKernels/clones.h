// One version of a function for each level of x86-64, picked when the program is loaded (by an indirect
// function, which glibc has; ThreadSanitizer crashes on them).
#ifndef STERNA_CLONES_H
#define STERNA_CLONES_H

// Any header of the C library says which library it is.
#include <string.h>

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define STERNA_PLAIN 1
#endif
#endif

#if defined(__x86_64__) && defined(__GLIBC__) && !defined(STERNA_PLAIN)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

#endif
