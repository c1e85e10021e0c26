// The errors that only the executor can say; SANDBOX_UNAVAILABLE stands with the domain's reasons.
#pragma once

#include "libs/chassis/result.hpp"
#include "libs/competition/reasons.hpp"

namespace podium::executor {

using competition::reasons::kSandboxUnavailable;

inline constexpr ErrorCode kSandboxRefused{
    "SANDBOX_REFUSED", Disposition::reject, 500,
    "The engine will not make a sandbox as it was asked to: the executor's log has its words; run "
    "`podium doctor`."};
inline constexpr ErrorCode kDataUnsafe{
    "DATA_UNSAFE", Disposition::reject, 422,
    "The stored data holds more than plain files and folders, or is not what its hash says: start "
    "the job again so that the data is fetched anew."};
inline constexpr ErrorCode kCheckFailed{
    "CHECK_FAILED", Disposition::retry, 500,
    "The program that checks submissions could not do its work: the executor's log says why."};

}  // namespace podium::executor
