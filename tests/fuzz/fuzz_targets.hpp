// What is fuzzed: a function for each parser of what strangers send. It takes any bytes, must not
// crash, hang or break a sanitizer's rule, and holds the parser to what its header promises. The
// same functions are driven by libFuzzer (preset `fuzz`) and, a little, by the quick tests. One
// thread.
#pragma once

#include <array>
#include <string_view>

namespace podium::fuzz {

void fuzz_addresses(std::string_view bytes);
void fuzz_archive(std::string_view bytes);
void fuzz_competition_url(std::string_view bytes);
void fuzz_csv(std::string_view bytes);
void fuzz_header_values(std::string_view bytes);
void fuzz_ids(std::string_view bytes);
void fuzz_json_table(std::string_view bytes);
void fuzz_kaggle_answers(std::string_view bytes);
void fuzz_model_reply(std::string_view bytes);
void fuzz_page_html(std::string_view bytes);
void fuzz_parquet(std::string_view bytes);
void fuzz_s3_answers(std::string_view bytes);
void fuzz_score_line(std::string_view bytes);
void fuzz_signed_link(std::string_view bytes);

struct FuzzTarget {
  /// Of its folder in corpus/ as well.
  std::string_view name;
  void (*run)(std::string_view bytes);
};

inline constexpr std::array kFuzzTargets{
    FuzzTarget{"addresses", fuzz_addresses},
    FuzzTarget{"archive", fuzz_archive},
    FuzzTarget{"competition_url", fuzz_competition_url},
    FuzzTarget{"csv", fuzz_csv},
    FuzzTarget{"header_values", fuzz_header_values},
    FuzzTarget{"ids", fuzz_ids},
    FuzzTarget{"json_table", fuzz_json_table},
    FuzzTarget{"kaggle_answers", fuzz_kaggle_answers},
    FuzzTarget{"model_reply", fuzz_model_reply},
    FuzzTarget{"page_html", fuzz_page_html},
    FuzzTarget{"parquet", fuzz_parquet},
    FuzzTarget{"s3_answers", fuzz_s3_answers},
    FuzzTarget{"score_line", fuzz_score_line},
    FuzzTarget{"signed_link", fuzz_signed_link},
};

/// Ends the program when a promise does not hold, so that the fuzzer keeps the input.
void demand(bool holds, const char* promise);

}  // namespace podium::fuzz
