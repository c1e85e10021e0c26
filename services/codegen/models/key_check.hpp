// Whether a provider takes the key that is set: what costs nothing is asked for, its list of
// models where that wants a key. Thread-safe.
#pragma once

#include <stop_token>

#include "libs/chassis/http/credential.hpp"
#include "services/codegen/models/roster_settings.hpp"

namespace podium::codegen::models {

CredentialFinding check_key(const ProviderSettings& provider, const std::stop_token& stop);

/// What is said where no provider is set up.
CredentialFinding no_models();

}  // namespace podium::codegen::models
