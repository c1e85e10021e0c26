// How every call in the house says that it failed. An error code is registered once, as a constexpr
// ErrorCode, with what the runner does about it, its HTTP status and the sentence that tells a
// person what to do. Values only; safe to share between threads.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace podium {

/// What the stage runner does with an event whose handling failed.
enum class Disposition {
  retry,   ///< A broken world: hand the event back and try again with growing delay.
  reject,  ///< Broken input: terminate the event; the job fails with the reason.
  fatal,   ///< A broken process: exit, be restarted.
};

/// One registered error. `name` is UPPER_SNAKE and never changes once released.
struct ErrorCode {
  std::string_view name;
  Disposition disposition;
  int http_status;
  /// A whole sentence for a person: what it means and what to do next.
  std::string_view sentence;
};

/// An error code with the facts of this occurrence. `detail` is for people and never holds secrets.
struct Error {
  const ErrorCode* code;
  std::string detail;

  bool is(const ErrorCode& other) const { return code == &other; }
  /// "NAME: detail".
  std::string text() const { return std::string{code->name} + ": " + detail; }
};

template <typename T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(const ErrorCode& code, std::string detail) {
  return std::unexpected<Error>{Error{&code, std::move(detail)}};
}

/// The errors that the chassis itself can say. Services add their own beside their domain.
namespace errors {
inline constexpr ErrorCode kUnavailable{
    "UNAVAILABLE", Disposition::retry, 503,
    "A part that Podium stands on does not answer; try again in a moment."};
inline constexpr ErrorCode kTimeout{"TIMEOUT", Disposition::retry, 504,
                                    "A part did not answer in time; try again in a moment."};
inline constexpr ErrorCode kNotFound{"NOT_FOUND", Disposition::reject, 404,
                                     "There is no such thing; check the id."};
inline constexpr ErrorCode kInvalid{"INVALID", Disposition::reject, 400,
                                    "The input is not valid; the detail says where."};
inline constexpr ErrorCode kConflict{"CONFLICT", Disposition::retry, 409,
                                     "Somebody else changed it first; read again and repeat."};
/// The broker refused a publish because its subject already holds a message (JetStream 10071).
inline constexpr ErrorCode kDoneAlready{"DONE_ALREADY", Disposition::retry, 409,
                                        "The effect has happened already; nothing is to be done."};
/// The broker refused a publish because the stream is full (JetStream 10077).
inline constexpr ErrorCode kFull{"FULL", Disposition::retry, 429,
                                 "A limit is reached; try again later or raise the limit."};
inline constexpr ErrorCode kPermission{"PERMISSION", Disposition::fatal, 500,
                                       "The service may not do this; its permissions are wrong."};
inline constexpr ErrorCode kConfiguration{"CONFIGURATION", Disposition::fatal, 500,
                                          "A setting is missing or wrong; the detail names it."};
inline constexpr ErrorCode kTooLarge{"TOO_LARGE", Disposition::reject, 413,
                                     "The input is larger than the limit that the detail names."};
inline constexpr ErrorCode kStopped{"STOPPED", Disposition::retry, 503,
                                    "The service is stopping; the work is handed back."};
inline constexpr ErrorCode kInternal{"INTERNAL", Disposition::retry, 500,
                                     "Something went wrong inside Podium; the log has the rest."};
}  // namespace errors

/// The value of a Result<T>, or return its error from the enclosing function.
// NOLINTBEGIN(bugprone-macro-parentheses)
#define PODIUM_TRY(expression)                                                           \
  __extension__({                                                                        \
    auto podium_try_result = (expression);                                               \
    if (!podium_try_result) {                                                            \
      return ::std::unexpected<::podium::Error>{::std::move(podium_try_result).error()}; \
    }                                                                                    \
    ::podium::detail::value_of(::std::move(podium_try_result));                          \
  })
// NOLINTEND(bugprone-macro-parentheses)

namespace detail {
template <typename T>
T value_of(Result<T>&& result) {
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}
}  // namespace detail

}  // namespace podium
