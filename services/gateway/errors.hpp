// The error codes that only the gateway says, each once. Values only.
#pragma once

#include "libs/chassis/result.hpp"

namespace podium::gateway::errors {

inline constexpr ErrorCode kRequestInvalid{
    "REQUEST_INVALID", Disposition::reject, 400,
    "The request is not valid; errors[] names each field and what it may be."};
inline constexpr ErrorCode kHostRefused{
    "HOST_REFUSED", Disposition::reject, 400,
    "This gateway does not answer to that host name; add it to PODIUM_HTTP_HOSTS if it is yours."};
inline constexpr ErrorCode kApiKeyRefused{
    "API_KEY_REFUSED", Disposition::reject, 401,
    "An API key is needed; send it as `Authorization: Bearer KEY`."};
inline constexpr ErrorCode kCrossSite{
    "CROSS_SITE", Disposition::reject, 403,
    "A page of another site may not use this gateway; call it from its own pages or a program."};
inline constexpr ErrorCode kLinkRefused{
    "LINK_REFUSED", Disposition::reject, 403,
    "The link has expired or is not whole; ask the gateway for the file by the job's id instead."};
inline constexpr ErrorCode kJobUnknown{"JOB_UNKNOWN", Disposition::reject, 404,
                                       "There is no job with this id; GET /jobs lists them."};
inline constexpr ErrorCode kArtifactUnknown{
    "ARTIFACT_UNKNOWN", Disposition::reject, 404,
    "The job has no such file; GET /jobs/{id} lists its artifacts."};
inline constexpr ErrorCode kJobNotFinished{
    "JOB_NOT_FINISHED", Disposition::reject, 409,
    "The job has no result yet; ask GET /status/{id}?wait=30s until it has ended."};
inline constexpr ErrorCode kJobWithoutResult{
    "JOB_WITHOUT_RESULT", Disposition::reject, 409,
    "The job ended without a submission; GET /status/{id} says why and what to do next."};
inline constexpr ErrorCode kJobEnded{"JOB_ENDED", Disposition::reject, 409,
                                     "The job has ended already: nothing is left to cancel or to "
                                     "steer. POST /jobs/{id}/retry starts it anew."};
inline constexpr ErrorCode kIdempotencyKeyReused{
    "IDEMPOTENCY_KEY_REUSED", Disposition::reject, 422,
    "This key was used for another request before; take a new key for a new job."};
inline constexpr ErrorCode kTooManyJobs{
    "TOO_MANY_JOBS", Disposition::retry, 429,
    "As many jobs are open as the limit allows; try again when one has ended."};

}  // namespace podium::gateway::errors
