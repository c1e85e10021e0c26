// What can be wrong with a model's reply, each code registered once. The sentence is written so
// that it can be told back to the model as it stands; the detail of an Error says where. Values
// only.
#pragma once

#include <array>

#include "libs/chassis/result.hpp"

namespace podium::codegen {

namespace reply_errors {

inline constexpr ErrorCode kReplyEmpty{
    "REPLY_EMPTY", Disposition::reject, 422,
    "The reply was empty: answer with a short plan and then one Python program in a code block."};
inline constexpr ErrorCode kReplyTooLarge{
    "REPLY_TOO_LARGE", Disposition::reject, 422,
    "The reply is larger than the limit that the message names: write a shorter program."};
inline constexpr ErrorCode kReplyNoCode{
    "REPLY_NO_CODE", Disposition::reject, 422,
    "The reply holds no program: answer with one complete Python program in one code block that "
    "begins with ```python."};
inline constexpr ErrorCode kReplyInParts{
    "REPLY_IN_PARTS", Disposition::reject, 422,
    "The program is spread over several code blocks: write it as one complete program in one "
    "block."};
inline constexpr ErrorCode kReplyTruncated{
    "REPLY_TRUNCATED", Disposition::reject, 422,
    "The program breaks off before its end: write it again, complete and shorter."};
inline constexpr ErrorCode kReplyRepeats{
    "REPLY_REPEATS", Disposition::reject, 422,
    "The reply repeats the same lines again and again: write the program once and stop after it."};
inline constexpr ErrorCode kReplyRefused{
    "REPLY_REFUSED", Disposition::reject, 422,
    "The model declined to answer: ask another model, or ask in other words."};
inline constexpr ErrorCode kReplyWrongLanguage{
    "REPLY_WRONG_LANGUAGE", Disposition::reject, 422,
    "The program is not in Python: write it in Python 3, in a code block that begins with "
    "```python."};
inline constexpr ErrorCode kReplyHiddenCharacters{
    "REPLY_HIDDEN_CHARACTERS", Disposition::reject, 422,
    "The code holds characters that cannot be seen or that turn the direction of writing: write "
    "it without them, or as escapes such as \\u200b inside of strings."};
inline constexpr ErrorCode kReplyUnsafe{
    "REPLY_UNSAFE", Disposition::reject, 422,
    "The program cannot run as it stands; each line of the message says what to write instead."};
inline constexpr ErrorCode kReplyNoFunction{
    "REPLY_NO_FUNCTION", Disposition::reject, 422,
    "The reply does not hold the function that was asked for: answer with one code block that "
    "holds fit_predict as a whole, its imports and helpers beside it."};
inline constexpr ErrorCode kPatchMissing{
    "PATCH_MISSING", Disposition::reject, 422,
    "The reply holds no change: answer with blocks of <<<<<<< SEARCH, =======, >>>>>>> REPLACE."};
inline constexpr ErrorCode kPatchUnfinished{
    "PATCH_UNFINISHED", Disposition::reject, 422,
    "A change breaks off before its end: write each block whole, up to >>>>>>> REPLACE."};
inline constexpr ErrorCode kPatchDoesNotApply{
    "PATCH_DOES_NOT_APPLY", Disposition::reject, 422,
    "A change does not fit the program: copy the lines to search for exactly as they stand there, "
    "enough of them to be found only once."};
inline constexpr ErrorCode kPatchChangesNothing{
    "PATCH_CHANGES_NOTHING", Disposition::reject, 422,
    "The program is the same after the change: change something that can make the score better."};

}  // namespace reply_errors

/// Every code above.
inline constexpr std::array kReplyErrors{
    &reply_errors::kReplyEmpty,
    &reply_errors::kReplyTooLarge,
    &reply_errors::kReplyNoCode,
    &reply_errors::kReplyInParts,
    &reply_errors::kReplyTruncated,
    &reply_errors::kReplyRepeats,
    &reply_errors::kReplyRefused,
    &reply_errors::kReplyWrongLanguage,
    &reply_errors::kReplyHiddenCharacters,
    &reply_errors::kReplyUnsafe,
    &reply_errors::kReplyNoFunction,
    &reply_errors::kPatchMissing,
    &reply_errors::kPatchUnfinished,
    &reply_errors::kPatchDoesNotApply,
    &reply_errors::kPatchChangesNothing,
};

}  // namespace podium::codegen
