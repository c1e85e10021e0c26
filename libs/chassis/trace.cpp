#include "libs/chassis/trace.hpp"

#include <opentelemetry/trace/propagation/http_trace_context.h>
#include <opentelemetry/trace/span_startoptions.h>
#include <opentelemetry/trace/tracer.h>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>
#include <type_traits>
#include <variant>
#include <vector>

#include "libs/chassis/ids.hpp"
#include "libs/chassis/tracing_sdk.hpp"
#include "libs/chassis/utf8.hpp"

namespace podium {

namespace otel = opentelemetry;

namespace {

// version-traceid-parentid-flags, each part lower-case hex.
constexpr std::size_t kTraceparentLength = 55;
constexpr std::size_t kTraceIdAt = 3;
constexpr std::size_t kTraceIdLength = 32;
constexpr std::size_t kSpanIdAt = 36;
constexpr std::size_t kSpanIdLength = 16;
constexpr std::size_t kFlagsAt = 53;

otel::nostd::string_view view(std::string_view text) {
  return {text.data(), text.size()};
}

bool is_lower_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_zero(std::string_view hex) {
  return hex.find_first_not_of('0') == std::string_view::npos;
}

unsigned flags_of(std::string_view traceparent) {
  const auto digit = [](char c) {
    return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10);
  };
  return digit(traceparent[kFlagsAt]) * 16 + digit(traceparent[kFlagsAt + 1]);
}

// An invalid context for anything but a well-formed traceparent.
otel::trace::SpanContext context_of(std::string_view traceparent) {
  using Propagator = otel::trace::propagation::HttpTraceContext;
  if (!is_traceparent(traceparent)) return otel::trace::SpanContext::GetInvalid();
  const auto flags = static_cast<std::uint8_t>(flags_of(traceparent));
  return {Propagator::TraceIdFromHex(view(traceparent.substr(kTraceIdAt, kTraceIdLength))),
          Propagator::SpanIdFromHex(view(traceparent.substr(kSpanIdAt, kSpanIdLength))),
          otel::trace::TraceFlags{flags}, /*is_remote=*/true};
}

std::string text_of(const otel::trace::SpanContext& context) {
  std::string text(kTraceparentLength, '-');
  text[0] = text[1] = '0';
  context.trace_id().ToLowerBase16(
      otel::nostd::span<char, kTraceIdLength>{&text[kTraceIdAt], kTraceIdLength});
  context.span_id().ToLowerBase16(
      otel::nostd::span<char, kSpanIdLength>{&text[kSpanIdAt], kSpanIdLength});
  context.trace_flags().ToLowerBase16(otel::nostd::span<char, 2>{&text[kFlagsAt], 2});
  return text;
}

// Attributes as the SDK takes them. Text that is not UTF-8 is mended, because a collector refuses
// the whole batch for it. The views point into the values given and into this object.
class AttributeViews {
 public:
  using View = std::pair<otel::nostd::string_view, otel::common::AttributeValue>;

  explicit AttributeViews(Attributes attributes) {
    views_.reserve(attributes.size());
    for (const auto& [name, value] : attributes) views_.emplace_back(view(name), value_of(value));
  }

  const std::vector<View>& views() const { return views_; }

 private:
  otel::common::AttributeValue value_of(const LogValue& value) {
    return std::visit(
        [this](const auto& held) -> otel::common::AttributeValue {
          using Held = std::remove_cvref_t<decltype(held)>;
          if constexpr (std::is_same_v<Held, std::string>) {
            return view(is_utf8(held) ? held : mended_.emplace_back(with_replacements(held)));
          } else if constexpr (std::is_same_v<Held, long long>) {
            return static_cast<std::int64_t>(held);
          } else {
            return held;
          }
        },
        value.value());
  }

  std::vector<View> views_;
  std::deque<std::string> mended_;
};

otel::trace::SpanKind kind_of(SpanKind kind) {
  switch (kind) {
    case SpanKind::internal:
      return otel::trace::SpanKind::kInternal;
    case SpanKind::server:
      return otel::trace::SpanKind::kServer;
    case SpanKind::client:
      return otel::trace::SpanKind::kClient;
    case SpanKind::producer:
      return otel::trace::SpanKind::kProducer;
    case SpanKind::consumer:
      return otel::trace::SpanKind::kConsumer;
  }
  return otel::trace::SpanKind::kInternal;
}

}  // namespace

struct Span::State {
  otel::nostd::shared_ptr<otel::trace::Span> span;
  std::string traceparent;
};

Span::Span() = default;
Span::~Span() = default;
Span::Span(Span&&) noexcept = default;
Span& Span::operator=(Span&&) noexcept = default;

void Span::set(std::string_view name, const LogValue& value) {
  if (!state_) return;
  // Named, because the views point into it.
  const Attributes one{{name, value}};
  const AttributeViews views{one};
  state_->span->SetAttribute(view(name), views.views().front().second);
}

void Span::event(std::string_view name, Attributes attributes) {
  if (state_) state_->span->AddEvent(view(name), AttributeViews{attributes}.views());
}

void Span::fail(std::string_view code, std::string_view description) {
  if (!state_) return;
  state_->span->SetStatus(otel::trace::StatusCode::kError, with_replacements(description));
  state_->span->SetAttribute("error.type", view(code));
}

void Span::end() {
  if (state_) state_->span->End();
}

std::string Span::traceparent() const {
  return state_ ? state_->traceparent : std::string{};
}

std::string Span::trace_id() const {
  return trace_id_of(traceparent());
}

std::string Span::span_id() const {
  return state_ ? state_->traceparent.substr(kSpanIdAt, kSpanIdLength) : std::string{};
}

Span start_span(std::string_view name, SpanKind kind, std::string_view parent,
                Attributes attributes, std::string_view link) {
  otel::trace::StartSpanOptions options;
  options.kind = kind_of(kind);
  options.parent = context_of(parent);
  using Link = std::pair<otel::trace::SpanContext, std::map<std::string, std::string>>;
  std::vector<Link> links;
  // A link to the parent says nothing new, and Jaeger would show it in the parent's place.
  if (is_traceparent(link) && link != parent) {
    links.emplace_back(context_of(link), Link::second_type{});
  }

  Span span;
  span.state_ = std::make_unique<Span::State>();
  span.state_->span =
      detail::tracer()->StartSpan(view(name), AttributeViews{attributes}.views(), links, options);
  span.state_->traceparent = text_of(span.state_->span->GetContext());
  return span;
}

std::string unsampled_traceparent() {
  std::string id = new_uuid_v7(std::chrono::system_clock::now());
  std::erase(id, '-');
  return "00-" + id + "-" + id.substr(kTraceIdLength - kSpanIdLength) + "-00";
}

bool is_sampled(std::string_view traceparent) {
  return is_traceparent(traceparent) && (flags_of(traceparent) & 1U) != 0;
}

bool is_traceparent(std::string_view text) {
  return text.size() == kTraceparentLength && text.starts_with("00-") &&
         text[kSpanIdAt - 1] == '-' && text[kFlagsAt - 1] == '-' &&
         is_lower_hex(text.substr(kTraceIdAt, kTraceIdLength)) &&
         is_lower_hex(text.substr(kSpanIdAt, kSpanIdLength)) &&
         is_lower_hex(text.substr(kFlagsAt)) && !is_zero(text.substr(kTraceIdAt, kTraceIdLength)) &&
         !is_zero(text.substr(kSpanIdAt, kSpanIdLength));
}

std::string trace_id_of(std::string_view traceparent) {
  if (!is_traceparent(traceparent)) return {};
  return std::string{traceparent.substr(kTraceIdAt, kTraceIdLength)};
}

}  // namespace podium
