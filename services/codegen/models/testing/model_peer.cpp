#include "services/codegen/models/testing/model_peer.hpp"

#include <format>

namespace podium::codegen::models::testing {

ModelPeer::ModelPeer(std::vector<std::string> answers)
    : thread_{[this, answers = std::move(answers)] {
        for (const std::string& answer : answers) {
          auto connection = listener_.accept();
          requests_.push_back(connection.read_http_message());
          connection.send(answer);
        }
      }} {}

ModelPeer::ModelPeer(Talk talk)
    : thread_{[this, talk = std::move(talk)] {
        auto connection = listener_.accept();
        requests_.push_back(connection.read_http_message());
        talk(connection);
      }} {}

std::string ModelPeer::url() const {
  return "http://127.0.0.1:" + std::to_string(listener_.port());
}

nlohmann::json ModelPeer::body(std::size_t request) const {
  const std::string& text = requests_.at(request);
  return nlohmann::json::parse(text.substr(text.find("\r\n\r\n") + 4));
}

std::string http_answer(int status, std::string_view content_type, std::string_view body,
                        std::string_view headers) {
  return std::format("HTTP/1.1 {} Scripted\r\nContent-Type: {}\r\nConnection: close\r\n{}\r\n{}",
                     status, content_type, headers, body);
}

std::string stream_answer(std::string_view body, std::string_view headers) {
  return http_answer(200, "text/event-stream; charset=utf-8", body, headers);
}

std::string json_answer(int status, std::string_view body, std::string_view headers) {
  return http_answer(status, "application/json", body, headers);
}

}  // namespace podium::codegen::models::testing
