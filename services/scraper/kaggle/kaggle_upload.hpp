// Puts a file where Kaggle keeps submissions: a resumable session of Google's storage, which is
// sent none of our headers, and after a cut is asked how much it has. Thread-safe.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "libs/chassis/result.hpp"
#include "services/scraper/kaggle/kaggle_client.hpp"
#include "services/scraper/submit_ports.hpp"

namespace podium::scraper {

struct UploadPlace {
  std::string slug;
  /// See is_storage_address(): empty for Kaggle's own.
  std::vector<std::string> storage_hosts;
};

/// The token that names the bytes. What Kaggle refuses is as submit_reason_of() says; UNAVAILABLE
/// when it could not be put there within the bounds; STOPPED. Repeating begins a new session, which
/// is no submission.
Result<std::string> upload_file(KaggleClient& kaggle, const UploadPlace& place,
                                const SubmissionFile& file, const std::stop_token& stop);

}  // namespace podium::scraper
