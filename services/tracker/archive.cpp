#include "services/tracker/archive.hpp"

#include "libs/chassis/event.hpp"

namespace podium::tracker {
namespace {

using TextArray = std::vector<std::optional<std::string>>;

constexpr std::string_view kAdd = R"(
  INSERT INTO podium.events
    (stream_created, sequence, subject, event_id, job_id, name, time, raw)
  SELECT * FROM unnest($1::timestamptz[], $2::bigint[], $3::text[], $4::text[], $5::text[],
                       $6::text[], $7::timestamptz[], $8::bytea[])
  ON CONFLICT DO NOTHING)";

constexpr std::string_view kRead = R"(
  SELECT stream_created, sequence, subject, time, raw FROM podium.events
  WHERE (stream_created, sequence) > ($1::timestamptz, $2::bigint)
    AND (stream_created, sequence) <= ($3::timestamptz, $4::bigint)
  ORDER BY stream_created, sequence LIMIT $5)";

constexpr std::string_view kCount = R"(
  SELECT count(*) AS messages FROM podium.events
  WHERE stream_created = $1 AND sequence BETWEEN $2 AND $3)";

// Before everything: PostgreSQL's own least time, and a sequence that no stream has.
constexpr std::string_view kBeginning = "-infinity";

template <typename Get>
SqlValue column(const std::vector<Recorded>& batch, Get get) {
  TextArray cells;
  cells.reserve(batch.size());
  for (const Recorded& message : batch) cells.push_back(get(message));
  return SqlValue::array(cells);
}

// A column that only a decoded event has.
template <typename Get>
SqlValue event_column(const std::vector<Recorded>& batch, Get get) {
  return column(batch, [&](const Recorded& message) -> std::optional<std::string> {
    if (!message.event) return std::nullopt;
    return storable(get(*message.event));
  });
}

Result<Recorded> recorded_in(const Rows& rows, std::size_t row) {
  const auto created = parse_moment(rows.text(row, "stream_created"));
  const auto time = parse_moment(rows.text(row, "time"));
  if (!created || !time) return fail(errors::kInternal, "a time in the archive cannot be read");
  return replay({.stream_created = *created, .sequence = rows.integer(row, "sequence")},
                rows.text(row, "subject"), rows.bytes(row, "raw"), *time);
}

}  // namespace

Result<std::int64_t> add_to_archive(Session& session, const std::vector<Recorded>& batch) {
  using Text = std::optional<std::string>;
  const auto added = PODIUM_TRY(session.run(
      kAdd, {column(batch, [](const auto& m) -> Text { return to_sql(m.at.stream_created); }),
             column(batch, [](const auto& m) -> Text { return std::to_string(m.at.sequence); }),
             column(batch, [](const auto& m) -> Text { return m.subject; }),
             event_column(batch, [](const v1::Event& event) { return event.id(); }),
             event_column(batch, [](const v1::Event& event) { return event.job_id(); }),
             event_column(batch, [](const v1::Event& event) { return event_name(event); }),
             column(batch, [](const auto& m) -> Text { return to_sql(m.time); }),
             column(batch, [](const auto& m) -> Text { return SqlValue::bytes(m.raw).text(); })}));
  return added->affected();
}

Result<std::vector<Recorded>> read_archive(Session& session, const std::optional<Position>& after,
                                           Position upto, int count) {
  const std::string from = after ? to_sql(after->stream_created) : std::string{kBeginning};
  const auto rows =
      PODIUM_TRY(session.run(kRead, {from, after ? after->sequence : 0, to_sql(upto.stream_created),
                                     upto.sequence, count}));
  std::vector<Recorded> messages;
  messages.reserve(rows->size());
  for (std::size_t row = 0; row < rows->size(); ++row) {
    messages.push_back(PODIUM_TRY(recorded_in(*rows, row)));
  }
  return messages;
}

Result<std::int64_t> count_in_archive(Session& session, Moment stream_created, std::int64_t first,
                                      std::int64_t last) {
  const auto rows = PODIUM_TRY(session.run(kCount, {to_sql(stream_created), first, last}));
  return rows->integer(0, "messages");
}

}  // namespace podium::tracker
