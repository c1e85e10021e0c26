#include "services/gateway/answers.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "services/gateway/errors.hpp"

namespace podium::gateway {

HttpResponse answer(int status, std::string body, std::string_view content_type) {
  HttpResponse response;
  response.status = status;
  response.content_type = content_type;
  response.body = std::move(body);
  return response;
}

HttpResponse wrong_fields(const FieldErrors& errors) {
  std::string detail;
  auto listed = nlohmann::ordered_json::array();
  for (const FieldError& error : errors) {
    listed.push_back({{"pointer", error.pointer}, {"detail", error.detail}});
    if (!detail.empty()) detail += "; ";
    detail += error.pointer.empty() ? error.detail : error.pointer + " " + error.detail;
  }
  HttpResponse response = problem(Error{&errors::kRequestInvalid, std::move(detail)});
  auto body = nlohmann::ordered_json::parse(response.body);
  body["errors"] = std::move(listed);
  response.body = body.dump() + "\n";
  return response;
}

HttpResponse wrong_query(std::string_view name, std::string detail) {
  return wrong_fields({{"?" + std::string{name}, std::move(detail)}});
}

}  // namespace podium::gateway
