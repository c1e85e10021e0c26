// Whether Kaggle takes our credentials: one call that asks who we are and changes nothing.
// Thread-safe.
#pragma once

#include <stop_token>
#include <string>

#include "libs/chassis/http/credential.hpp"
#include "services/scraper/kaggle/kaggle_credentials.hpp"

namespace podium::scraper {

/// `url` is that of KaggleEndpoint. A token is asked for with IntrospectToken, a user name and key
/// with Hello, as Kaggle's own client does.
CredentialFinding check_kaggle_credentials(const std::string& url,
                                           const KaggleCredentials& credentials,
                                           const std::stop_token& stop);

}  // namespace podium::scraper
