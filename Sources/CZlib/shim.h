// zlib for Swift: `inflateInit2` is a macro, so it needs a function to stand in for it.
#ifndef STERNA_CZLIB_SHIM_H
#define STERNA_CZLIB_SHIM_H

#include <zlib.h>

// 15 window bits + 16: a gzip wrapper is required, a raw or zlib stream is refused.
static inline int sterna_zlib_gzip_inflate_init(z_stream *stream) {
  return inflateInit2(stream, 15 + 16);
}

#endif
