// Who we are to Kaggle, found where Kaggle's own client (2.2) looks: KAGGLE_API_TOKEN (a token or
// the file that holds it), ~/.kaggle/access_token(.txt), KAGGLE_USERNAME with KAGGLE_KEY, and
// kaggle.json in KAGGLE_CONFIG_DIR, ~/.kaggle or $XDG_CONFIG_HOME/kaggle. Beyond that
// KAGGLE_JSON is the content of such a file, and it, KAGGLE_KEY and KAGGLE_API_TOKEN may be given
// as NAME_FILE. Values only.
#pragma once

#include <string>
#include <vector>

#include "libs/chassis/environment.hpp"

namespace podium::scraper {

struct KaggleCredentials {
  /// Sent as a bearer token when there is one, else user name and key are sent.
  Secret token;
  std::string user;
  Secret key;
  /// Sentences about files that others on this machine can read.
  std::vector<std::string> warnings;

  bool empty() const { return token.empty() && (user.empty() || key.empty()); }
  /// Value of the header Authorization; empty without credentials.
  Secret authorization() const;
};

/// A file that is no JSON, or a user name without a key, is a problem of `environment`. A key that
/// begins with KGAT_ is a token, wherever it was pasted.
KaggleCredentials read_kaggle_credentials(Environment& environment);

}  // namespace podium::scraper
