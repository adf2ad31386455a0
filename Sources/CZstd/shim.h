// zstd for Swift: the public header, and the macros Swift cannot see as functions.
#ifndef STERNA_CZSTD_SHIM_H
#define STERNA_CZSTD_SHIM_H

#include <zstd.h>

static inline int sterna_zstd_content_size_is_known(unsigned long long size) {
  return size != ZSTD_CONTENTSIZE_UNKNOWN && size != ZSTD_CONTENTSIZE_ERROR;
}

#endif
