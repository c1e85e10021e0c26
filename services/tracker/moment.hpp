// Points in time as the projection's rows hold them: microseconds, UTC, as PostgreSQL does. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include <google/protobuf/timestamp.pb.h>

namespace podium::tracker {

using Moment = std::chrono::sys_time<std::chrono::microseconds>;

/// nullopt outside the years 1 to 9999, which protobuf's Timestamp does not allow either, and for
/// the zero Timestamp, which stands for "not set".
std::optional<Moment> moment_of(const google::protobuf::Timestamp& time);

/// "2026-11-22 08:30:51.123456+00": what PostgreSQL reads, and writes in sessions of this house but
/// for trailing zeros.
std::string to_sql(Moment moment);

/// Reads PostgreSQL's ISO form in UTC and RFC 3339 in UTC ("2026-11-22T08:30:51.123456789Z");
/// digits after the microseconds are cut off. nullopt for anything else.
std::optional<Moment> parse_moment(std::string_view text);

}  // namespace podium::tracker
