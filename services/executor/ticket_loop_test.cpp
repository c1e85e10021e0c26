#include "services/executor/ticket_loop.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "libs/chassis/event.hpp"
#include "services/executor/testing/fakes.hpp"

namespace podium::executor {
namespace {

std::string subject(const v1::Event& event) {
  return subject_of(event).value();
}

TEST(ReadTicket, AGoodTicketIsRead) {
  const auto ticket = fakes::make_ticket();
  const auto read = read_ticket(subject(ticket), ticket.SerializeAsString());
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->run_ticket().run_id(), ticket.run_ticket().run_id());
}

TEST(ReadTicket, BytesThatAreNoEventAreInvalid) {
  EXPECT_TRUE(read_ticket("podium.runs.cpu.1.x", "garbage").error().is(errors::kInvalid));
}

TEST(ReadTicket, AnotherEventIsInvalid) {
  v1::Event event = fakes::make_ticket();
  event.mutable_cancel_requested();
  EXPECT_FALSE(read_ticket("podium.runs.cpu.1.x", event.SerializeAsString()).has_value());
}

TEST(ReadTicket, ATicketUnderAnotherRunsSubjectIsInvalid) {
  const auto ticket = fakes::make_ticket();
  EXPECT_FALSE(read_ticket("podium.runs.cpu.1.other", ticket.SerializeAsString()).has_value());
}

TEST(ReadTicket, NamesThatAreNoIdsAreInvalid) {
  for (const auto* name : {"", "../x", "a b", "UPPER", "a.b"}) {
    auto ticket = fakes::make_ticket();
    const auto where = subject(ticket);
    ticket.mutable_run_ticket()->set_candidate_id(name);
    EXPECT_FALSE(read_ticket(where, ticket.SerializeAsString()).has_value()) << name;
  }
}

}  // namespace
}  // namespace podium::executor
