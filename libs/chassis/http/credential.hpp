// Whether a vendor takes a credential, found out by one harmless call. Values and pure functions.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "libs/chassis/http/client.hpp"
#include "libs/chassis/result.hpp"

namespace podium {

/// One call that checks a credential, answers and waits in sum: a person waits for it.
inline constexpr std::chrono::milliseconds kCredentialCheckMax{5'000};

enum class CredentialState {
  /// There is none to check: a note, no fault.
  not_configured,
  accepted,
  refused,
  /// The vendor gave no answer that says anything about the credential.
  unreachable,
};

struct CredentialFinding {
  CredentialState state = CredentialState::not_configured;
  /// Who was asked and what came. Never the credential and never words of the answer, which may
  /// repeat it.
  std::string detail{};
  /// What a person does next; empty when nothing is to be done.
  std::string next_step{};
};

/// "accepted", "refused" ...
std::string_view to_string(CredentialState state);

/// A vendor's words without the credential that they may repeat; an empty secret changes nothing.
std::string without_secret(std::string words, std::string_view secret);

/// What an answer says of the credential that was sent: 2xx accepted; 401 and 403 refused, with
/// `mend` as the next step; everything else, and no answer, unreachable. Of `url` only the host is
/// told.
CredentialFinding finding_of(std::string_view url, const Result<HttpAnswer>& answer,
                             std::string mend);

}  // namespace podium
