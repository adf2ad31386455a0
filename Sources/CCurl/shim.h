// libcurl for Swift. `curl_easy_setopt` and friends are variadic, which Swift cannot call: one typed
// function per argument kind stands in for each. No logic lives here.
#ifndef STERNA_CCURL_SHIM_H
#define STERNA_CCURL_SHIM_H

#include <curl/curl.h>

typedef size_t (*sterna_curl_data_callback)(char *data, size_t size, size_t count, void *context);
typedef int (*sterna_curl_progress_callback)(
    void *context, curl_off_t download_total, curl_off_t downloaded,
    curl_off_t upload_total, curl_off_t uploaded);

static inline CURLcode sterna_curl_set_long(CURL *handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode sterna_curl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode sterna_curl_set_string(CURL *handle, CURLoption option, const char *value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode sterna_curl_set_pointer(CURL *handle, CURLoption option, const void *value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode sterna_curl_set_data_callback(
    CURL *handle, CURLoption option, sterna_curl_data_callback callback) {
  return curl_easy_setopt(handle, option, callback);
}

static inline CURLcode sterna_curl_get_long(CURL *handle, CURLINFO info, long *value) {
  return curl_easy_getinfo(handle, info, value);
}

static inline CURLcode sterna_curl_get_pointer(CURL *handle, CURLINFO info, void **value) {
  return curl_easy_getinfo(handle, info, value);
}

static inline CURLMcode sterna_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
  return curl_multi_setopt(multi, option, value);
}

#endif
