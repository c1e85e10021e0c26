// Spans, over the OpenTelemetry SDK, which only trace.cpp and tracing_sdk.cpp include. The exporter
// is OTLP/HTTP and is configured by the standard OTEL_* variables; without an endpoint spans are
// made (so that trace ids exist) but not exported. Thread-safe.
#pragma once

#include <chrono>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "libs/chassis/log.hpp"
#include "libs/chassis/result.hpp"

namespace podium {

enum class SpanKind { internal, server, client, producer, consumer };

using Attributes = std::initializer_list<std::pair<std::string_view, LogValue>>;

/// One span; ends when it is destroyed, or by end(). Moving hands it over. Not thread-safe.
class Span {
 public:
  Span();
  ~Span();
  Span(Span&&) noexcept;
  Span& operator=(Span&&) noexcept;

  /// Sets an attribute; the last value of a name counts.
  void set(std::string_view name, const LogValue& value);
  void event(std::string_view name, Attributes attributes = {});
  /// Marks the span as failed with `error.type` = the code.
  void fail(std::string_view code, std::string_view description);
  void end();

  /// W3C `traceparent` of this span, to hand on. Valid after end() as well; empty for a span that
  /// start_span() did not make.
  std::string traceparent() const;
  std::string trace_id() const;
  std::string span_id() const;

 private:
  friend Span start_span(std::string_view, SpanKind, std::string_view, Attributes,
                         std::string_view);
  struct State;
  std::unique_ptr<State> state_;
};

/// Starts a span. `parent` is a W3C traceparent; empty or malformed starts a new trace. `link` is a
/// traceparent that the span points to without being its child; one that is the parent already is
/// left out.
Span start_span(std::string_view name, SpanKind kind, std::string_view parent,
                Attributes attributes = {}, std::string_view link = {});

/// True for a well-formed version-00 traceparent with non-zero ids (W3C Trace Context,
/// section 3.2).
bool is_traceparent(std::string_view text);
/// True for a well-formed traceparent whose flag says that its trace is recorded.
bool is_sampled(std::string_view traceparent);
/// A new trace that is not recorded: spans below it have ids, for log lines and answers, and are
/// not exported.
std::string unsampled_traceparent();
/// The 32 hex digits of the trace; empty when malformed.
std::string trace_id_of(std::string_view traceparent);

/// Sets up the SDK for this process. Reads OTEL_* itself. Call once. CONFIGURATION when a variable
/// is wrong: tracing then works with the default in its place.
Result<void> start_tracing(std::string_view service, std::string_view version,
                           std::string_view instance);
/// Exports what is waiting and shuts the SDK down, at most `timeout`; false when that was not
/// enough. Spans that end later are dropped. Success does not mean that a collector took them: the
/// SDK says a refused export only in the log.
bool stop_tracing(std::chrono::milliseconds timeout);

}  // namespace podium
