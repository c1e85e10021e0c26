// libarchive reads and writes file names in the thread's locale; services run in "C", where a name
// such as Zürich.csv is refused. While a Utf8Locale lives, names of this thread are UTF-8.
#pragma once

#include <locale.h>

namespace podium::scraper {

class Utf8Locale {
 public:
  Utf8Locale() : own_{newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)} {
    if (own_ != nullptr) previous_ = uselocale(own_);
  }
  ~Utf8Locale() {
    if (own_ == nullptr) return;
    uselocale(previous_);
    freelocale(own_);
  }
  Utf8Locale(const Utf8Locale&) = delete;
  Utf8Locale& operator=(const Utf8Locale&) = delete;

 private:
  locale_t own_;
  locale_t previous_ = nullptr;
};

}  // namespace podium::scraper
