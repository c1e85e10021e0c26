// What every use of libcurl shares: its handles with their owners, its start, its options. Thread
// rule as libcurl's: one handle belongs to one thread at a time.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <type_traits>

#include "libs/chassis/result.hpp"

namespace podium {

struct CloseEasy {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
using CurlEasy = std::unique_ptr<CURL, CloseEasy>;

struct CloseMulti {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};
using CurlMulti = std::unique_ptr<CURLM, CloseMulti>;

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using CurlList = std::unique_ptr<curl_slist, FreeList>;

/// Starts libcurl once a process; safe to repeat and from several threads. UNAVAILABLE.
inline Result<void> start_curl() {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (ready != CURLE_OK) return fail(errors::kUnavailable, curl_easy_strerror(ready));
  return {};
}

/// libcurl's untyped values go through here so that a wrong type is a compile error.
template <typename Value>
void set_option(CURL* easy, CURLoption option, Value value) {
  static_assert(std::is_pointer_v<Value> || std::is_same_v<Value, long> ||
                std::is_same_v<Value, curl_off_t>);
  curl_easy_setopt(easy, option, value);
}

}  // namespace podium
