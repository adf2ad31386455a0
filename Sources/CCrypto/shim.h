// OpenSSL's libcrypto for Swift: message digests and HMAC only.
#ifndef STERNA_CCRYPTO_SHIM_H
#define STERNA_CCRYPTO_SHIM_H

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#endif
