// A real mail server as a process of a test: aiosmtpd on a free port of 127.0.0.1 with a
// certificate of its own; gone with the object. Not thread-safe.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/process.hpp"
#include "tests/support/temporary_folder.hpp"

namespace podium::testing {

class MailServerProcess {
 public:
  /// `tls`: starttls (required, as is signing in), implicit (smtps) or none. Waits until it
  /// answers.
  explicit MailServerProcess(const std::string& tls = "starttls");

  std::string url() const;
  static std::string user() { return "podium"; }
  static std::string password() { return "a password of tests"; }
  /// The certificate (PEM), which vouches for itself.
  std::string certificate() const;
  /// What it has taken so far, in order: from, to, tls, signed_in, headers, defects, text.
  std::vector<nlohmann::json> mails() const;

 private:
  TemporaryFolder folder_;
  std::string tls_;
  int port_;
  std::unique_ptr<Process> process_;
};

}  // namespace podium::testing
