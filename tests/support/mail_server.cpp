#include "tests/support/mail_server.hpp"

#include <algorithm>
#include <filesystem>
#include <format>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "tests/support/wait_until.hpp"

namespace podium::testing {
namespace {

using namespace std::chrono_literals;

const std::string kSource = PODIUM_SOURCE_DIR;

std::string content_of(const std::filesystem::path& file) {
  std::ifstream stream{file, std::ios::binary};
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

void make_certificate(const std::filesystem::path& folder) {
  ProcessOptions options;
  options.command = {"openssl",  "req",
                     "-x509",    "-newkey",
                     "rsa:2048", "-nodes",
                     "-keyout",  (folder / "key.pem").string(),
                     "-out",     (folder / "certificate.pem").string(),
                     "-days",    "2",
                     "-subj",    "/CN=localhost",
                     "-addext",  "subjectAltName=DNS:localhost,IP:127.0.0.1"};
  options.output = folder / "openssl.log";
  Process openssl{std::move(options)};
  if (openssl.wait(30s) != 0) throw std::runtime_error{"no certificate:\n" + openssl.output()};
}

}  // namespace

MailServerProcess::MailServerProcess(const std::string& tls) : tls_{tls}, port_{free_port()} {
  make_certificate(folder_.path());
  std::filesystem::create_directory(folder_.path() / "mails");
  ProcessOptions options;
  options.command = {"python3",       kSource + "/tests/support/mail_server.py",
                     "--port",        std::to_string(port_),
                     "--folder",      (folder_.path() / "mails").string(),
                     "--tls",         tls_,
                     "--certificate", (folder_.path() / "certificate.pem").string(),
                     "--key",         (folder_.path() / "key.pem").string()};
  options.environment = {{"PYTHONDONTWRITEBYTECODE", "1"}};
  options.output = folder_.path() / "server.log";
  process_ = std::make_unique<Process>(std::move(options));
  if (!wait_until([&] { return process_->output().contains("ready"); }, 30s)) {
    throw std::runtime_error{"the mail server does not answer:\n" + process_->output()};
  }
}

std::string MailServerProcess::url() const {
  return std::format("{}://127.0.0.1:{}", tls_ == "implicit" ? "smtps" : "smtp", port_);
}

std::string MailServerProcess::certificate() const {
  return content_of(folder_.path() / "certificate.pem");
}

std::vector<nlohmann::json> MailServerProcess::mails() const {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator{folder_.path() / "mails"}) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  std::vector<nlohmann::json> mails;
  for (const auto& file : files) mails.push_back(nlohmann::json::parse(content_of(file)));
  return mails;
}

}  // namespace podium::testing
