#include "tests/contract/golden_event.hpp"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "libs/chassis/event.hpp"

namespace podium {
namespace {

using google::protobuf::TextFormat;
using google::protobuf::util::MessageDifferencer;
using ::testing::IsEmpty;

const std::filesystem::path kFolder = PODIUM_SOURCE_DIR "/tests/contract/golden";

std::string bytes_in(const std::filesystem::path& golden) {
  return testing::bytes_of_hex(testing::read_text(golden.string() + ".hex"));
}

v1::Event event_told_by(const std::filesystem::path& golden) {
  v1::Event event;
  EXPECT_TRUE(TextFormat::ParseFromString(testing::read_text(golden.string() + ".txtpb"), &event))
      << golden;
  return event;
}

/// One test per payload, so that a failure names the event.
class GoldenEvent : public ::testing::TestWithParam<std::string> {
 protected:
  std::vector<std::filesystem::path> goldens() const {
    return testing::goldens_of(kFolder, GetParam());
  }
};

TEST_P(GoldenEvent, ThereIsOne) {
  EXPECT_FALSE(goldens().empty()) << "make it: make_golden_event " << GetParam();
}

TEST_P(GoldenEvent, StillParsesAndSaysTheSame) {
  for (const auto& golden : goldens()) {
    const auto event = parse_event(bytes_in(golden));
    ASSERT_TRUE(event.has_value()) << golden << ": " << event.error().text();
    EXPECT_EQ(event_name(*event), GetParam()) << golden;
    const auto told = event_told_by(golden);
    std::string differences;
    MessageDifferencer differencer;
    differencer.ReportDifferencesToString(&differences);
    EXPECT_TRUE(differencer.Compare(told, *event)) << golden << "\n" << differences;
    EXPECT_TRUE(event->GetReflection()->GetUnknownFields(*event).empty()) << golden;
  }
}

TEST_P(GoldenEvent, IsWrittenWithTheSameBytes) {
  for (const auto& golden : goldens()) {
    EXPECT_EQ(testing::hex_of(testing::bytes_of(event_told_by(golden))),
              testing::read_text(golden.string() + ".hex"))
        << golden;
  }
}

TEST_P(GoldenEvent, EveryFieldStandsInOne) {
  std::set<std::string> known;
  for (const auto& golden : goldens()) known.merge(testing::fields_set_in(event_told_by(golden)));
  std::vector<std::string> missing;
  std::ranges::set_difference(testing::fields_set_in(testing::full_event(GetParam())), known,
                              std::back_inserter(missing));
  EXPECT_THAT(missing, IsEmpty()) << "new fields need the next golden: make_golden_event "
                                  << GetParam();
}

INSTANTIATE_TEST_SUITE_P(Payload, GoldenEvent, ::testing::ValuesIn(testing::payload_names()),
                         [](const auto& named) { return named.param; });

TEST(GoldenEvents, EachBelongsToAPayload) {
  const auto names = testing::payload_names();
  for (const auto& file : std::filesystem::directory_iterator{kFolder}) {
    const auto name = file.path().filename().string();
    if (name == "README.md") continue;
    const auto payload = name.substr(0, name.find('.'));
    EXPECT_TRUE(std::ranges::contains(names, payload)) << name;
  }
}

TEST(GoldenEvents, HexadecimalIsReadStrictly) {
  EXPECT_EQ(testing::bytes_of_hex("0a4f\nff\n"), "\x0a\x4f\xff");
  EXPECT_EQ(testing::hex_of("\x0a\x4f\xff"), "0a4fff\n");
  EXPECT_THROW(testing::bytes_of_hex("0a4"), std::invalid_argument);
  EXPECT_THROW(testing::bytes_of_hex("0x"), std::invalid_argument);
}

}  // namespace
}  // namespace podium
