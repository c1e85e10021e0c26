#include "libs/chassis/tracing_sdk.hpp"

#include <opentelemetry/exporters/otlp/otlp_http_exporter_factory.h>
#include <opentelemetry/exporters/otlp/otlp_http_exporter_options.h>
#include <opentelemetry/sdk/common/global_log_handler.h>
#include <opentelemetry/sdk/resource/resource.h>
#include <opentelemetry/sdk/trace/batch_span_processor_factory.h>
#include <opentelemetry/sdk/trace/batch_span_processor_options.h>
#include <opentelemetry/sdk/trace/processor.h>
#include <opentelemetry/sdk/trace/random_id_generator_factory.h>
#include <opentelemetry/sdk/trace/samplers/always_off_factory.h>
#include <opentelemetry/sdk/trace/samplers/always_on_factory.h>
#include <opentelemetry/sdk/trace/samplers/parent_factory.h>
#include <opentelemetry/sdk/trace/samplers/trace_id_ratio_factory.h>
#include <opentelemetry/sdk/trace/tracer_provider.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "libs/chassis/environment.hpp"
#include "libs/chassis/trace.hpp"

namespace podium {

namespace otel = opentelemetry;
namespace sdk = opentelemetry::sdk;

namespace {

using Tracer = otel::nostd::shared_ptr<otel::trace::Tracer>;
using Processors = std::vector<std::unique_ptr<sdk::trace::SpanProcessor>>;

/// The specification's default is 5 s; a person who opens a trace right after a job wants it there.
constexpr std::chrono::milliseconds kScheduleDelay{1'000};
constexpr std::int64_t kQueueSpans = 2'048;
constexpr std::int64_t kBatchSpans = 512;

// What the SDK says about itself becomes log lines, instead of foreign text between them.
class SdkLog final : public sdk::common::internal_log::LogHandler {
 public:
  void Handle(sdk::common::internal_log::LogLevel level, const char* /*file*/, int /*line*/,
              const char* message,
              const sdk::common::AttributeMap& /*attributes*/) noexcept override {
    const std::string_view text = message == nullptr ? "" : message;
    if (level == sdk::common::internal_log::LogLevel::Error) {
      log_warning("the tracing SDK reports an error", {{"detail", text}});
    } else {
      log_debug("the tracing SDK reports", {{"detail", text}});
    }
  }
};

std::string host_name() {
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0) return "unknown";
  return name.data();
}

std::unique_ptr<sdk::trace::Sampler> root_sampler(std::string_view name, double ratio) {
  if (name == "always_off") return sdk::trace::AlwaysOffSamplerFactory::Create();
  if (name == "traceidratio") return sdk::trace::TraceIdRatioBasedSamplerFactory::Create(ratio);
  return sdk::trace::AlwaysOnSamplerFactory::Create();
}

double ratio_of(const std::string& text) {
  char* end = nullptr;
  const double ratio = std::strtod(text.c_str(), &end);
  return end == text.c_str() || !(ratio >= 0 && ratio <= 1) ? 1.0 : ratio;
}

std::unique_ptr<sdk::trace::Sampler> make_sampler(Environment& environment) {
  constexpr std::string_view kParentBased = "parentbased_";
  const std::string name = environment.text("OTEL_TRACES_SAMPLER", "parentbased_always_on");
  const double ratio = ratio_of(environment.text("OTEL_TRACES_SAMPLER_ARG", "1"));
  if (!name.starts_with(kParentBased)) return root_sampler(name, ratio);
  return sdk::trace::ParentBasedSamplerFactory::Create(
      root_sampler(std::string_view{name}.substr(kParentBased.size()), ratio));
}

bool exports(Environment& environment) {
  if (environment.boolean("OTEL_SDK_DISABLED", false)) return false;
  const std::string exporter = environment.text("OTEL_TRACES_EXPORTER", "otlp");
  if (exporter != "otlp" && exporter != "none") {
    environment.problem("OTEL_TRACES_EXPORTER", "must be otlp or none, not '" + exporter + "'");
  }
  const bool has_endpoint = !environment.text("OTEL_EXPORTER_OTLP_ENDPOINT", "").empty() ||
                            !environment.text("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "").empty();
  return exporter == "otlp" && has_endpoint;
}

// Endpoint, headers, timeout, compression and certificates are read by OtlpHttpExporterOptions.
std::unique_ptr<sdk::trace::SpanProcessor> make_processor(Environment& environment) {
  otel::exporter::otlp::OtlpHttpExporterOptions exporter;
  exporter.content_type = otel::exporter::otlp::HttpRequestContentType::kBinary;
  sdk::trace::BatchSpanProcessorOptions batch;
  batch.schedule_delay_millis = std::chrono::milliseconds{
      environment.integer("OTEL_BSP_SCHEDULE_DELAY", kScheduleDelay.count(), 1, 600'000)};
  batch.max_queue_size = static_cast<std::size_t>(
      environment.integer("OTEL_BSP_MAX_QUEUE_SIZE", kQueueSpans, 1, 1'000'000));
  batch.max_export_batch_size = static_cast<std::size_t>(environment.integer(
      "OTEL_BSP_MAX_EXPORT_BATCH_SIZE", std::min<std::int64_t>(kBatchSpans, kQueueSpans), 1,
      static_cast<std::int64_t>(batch.max_queue_size)));
  return sdk::trace::BatchSpanProcessorFactory::Create(
      otel::exporter::otlp::OtlpHttpExporterFactory::Create(exporter), batch);
}

// OTEL_RESOURCE_ATTRIBUTES are merged by Resource::Create.
sdk::resource::Resource make_resource(Environment& environment, std::string_view service,
                                      std::string_view version, std::string_view instance) {
  return sdk::resource::Resource::Create({
      {"service.name", environment.text("OTEL_SERVICE_NAME", service)},
      {"service.namespace", std::string{"podium"}},
      {"service.version", std::string{version}},
      {"service.instance.id", std::string{instance}},
      {"host.name", host_name()},
  });
}

std::shared_ptr<sdk::trace::TracerProvider> make_silent_provider() {
  return std::make_shared<sdk::trace::TracerProvider>(
      Processors{}, sdk::resource::Resource::GetDefault(),
      sdk::trace::ParentBasedSamplerFactory::Create(sdk::trace::AlwaysOnSamplerFactory::Create()));
}

struct Tracing {
  std::mutex mutex;
  // Both guarded by `mutex`.
  std::shared_ptr<sdk::trace::TracerProvider> provider = make_silent_provider();
  Tracer tracer = provider->GetTracer("podium");

  // Never destroyed: threads may end spans while the program ends.
  static Tracing& get() {
    static Tracing& tracing = *new Tracing{};
    return tracing;
  }

  std::shared_ptr<sdk::trace::TracerProvider> replace(
      std::shared_ptr<sdk::trace::TracerProvider> next) {
    const std::scoped_lock lock{mutex};
    tracer = next->GetTracer("podium");
    return std::exchange(provider, std::move(next));
  }
};

}  // namespace

Tracer detail::tracer() {
  Tracing& tracing = Tracing::get();
  const std::scoped_lock lock{tracing.mutex};
  return tracing.tracer;
}

Result<void> start_tracing(std::string_view service, std::string_view version,
                           std::string_view instance) {
  using sdk::common::internal_log::GlobalLogHandler;
  GlobalLogHandler::SetLogHandler(
      otel::nostd::shared_ptr<sdk::common::internal_log::LogHandler>{new SdkLog});
  Environment environment;
  Processors processors;
  if (exports(environment)) processors.push_back(make_processor(environment));
  Tracing::get().replace(std::make_shared<sdk::trace::TracerProvider>(
      std::move(processors), make_resource(environment, service, version, instance),
      make_sampler(environment), sdk::trace::RandomIdGeneratorFactory::Create()));
  return environment.check();
}

bool stop_tracing(std::chrono::milliseconds timeout) {
  auto provider = Tracing::get().replace(make_silent_provider());
  std::packaged_task<bool()> task{[provider = std::move(provider), timeout] {
    const bool flushed = provider->ForceFlush(timeout);
    return provider->Shutdown(timeout) && flushed;
  }};
  std::future<bool> done = task.get_future();
  // The SDK waits for an export under way however long that takes; this thread does not.
  std::thread{std::move(task)}.detach();
  return done.wait_for(timeout) == std::future_status::ready && done.get();
}

}  // namespace podium
