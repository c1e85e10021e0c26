// The process's OpenTelemetry tracer, for trace.cpp alone: everybody else includes trace.hpp.
// Thread-safe.
#pragma once

#include <opentelemetry/nostd/shared_ptr.h>
#include <opentelemetry/trace/tracer.h>

namespace podium::detail {

/// The tracer that start_tracing() set up; before it and after stop_tracing() one that makes spans
/// with ids and exports nothing. Never null.
opentelemetry::nostd::shared_ptr<opentelemetry::trace::Tracer> tracer();

}  // namespace podium::detail
