// The errors that the HTTP server itself can say, beside those of result.hpp. Constants.
#pragma once

#include "libs/chassis/result.hpp"

namespace podium::errors {

inline constexpr ErrorCode kBadRequest{"BAD_REQUEST", Disposition::reject, 400,
                                       "The request is not well-formed; the detail says where."};
inline constexpr ErrorCode kMethodNotAllowed{
    "METHOD_NOT_ALLOWED", Disposition::reject, 405,
    "This address does not take that method; the header Allow names those it takes."};
inline constexpr ErrorCode kRequestTimeout{
    "REQUEST_TIMEOUT", Disposition::retry, 408,
    "The request did not arrive in time; send it again, and faster."};
inline constexpr ErrorCode kLengthRequired{
    "LENGTH_REQUIRED", Disposition::reject, 411,
    "Send the body with Content-Length; transfer encodings are not taken."};
inline constexpr ErrorCode kUriTooLong{"URI_TOO_LONG", Disposition::reject, 414,
                                       "The address is too long; send what is long in the body."};
inline constexpr ErrorCode kUnsupportedEncoding{"UNSUPPORTED_ENCODING", Disposition::reject, 415,
                                                "Send the body as it is, without compression."};
inline constexpr ErrorCode kRangeNotSatisfiable{
    "RANGE_NOT_SATISFIABLE", Disposition::reject, 416,
    "The file has no such range; ask for one inside its length."};
inline constexpr ErrorCode kHeadersTooLarge{"HEADERS_TOO_LARGE", Disposition::reject, 431,
                                            "The request has too many or too long headers."};
inline constexpr ErrorCode kHttpVersion{"HTTP_VERSION", Disposition::reject, 505,
                                        "Speak HTTP/1.1 or HTTP/1.0."};
/// Answered with Retry-After.
inline constexpr ErrorCode kBusy{"BUSY", Disposition::retry, 503,
                                 "The server has all it can do; try again in a moment."};

}  // namespace podium::errors
