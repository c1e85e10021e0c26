#include "cli/client.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <charconv>

#include "cli/arguments.hpp"
#include "cli/console.hpp"
#include "cli/interrupts.hpp"
#include "cli/verbs.hpp"
#include "libs/chassis/environment.hpp"

namespace podium::cli {
namespace {

/// Width of a terminal that does not tell its own.
constexpr int kColumnsDefault = 100;

int columns_of_terminal(Environment& environment) {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  const std::string text = environment.text("COLUMNS", "");
  int columns = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), columns);
  return status == std::errc{} && columns > 0 ? columns : kColumnsDefault;
}

Console make_console(const Arguments& arguments, Environment& environment, std::ostream& out,
                     std::ostream& talk) {
  const ColorSettings settings{.flag = arguments.color,
                               .no_color = environment.text("NO_COLOR", ""),
                               .force_color = environment.text("FORCE_COLOR", ""),
                               .term = environment.text("TERM", "")};
  const bool out_is_terminal = isatty(STDOUT_FILENO) == 1;
  const bool talk_is_terminal = isatty(STDERR_FILENO) == 1;
  return {.out = out,
          .talk = talk,
          .out_is_terminal = out_is_terminal,
          .talk_is_terminal = talk_is_terminal && settings.term != "dumb",
          .out_has_color = wants_color(settings, out_is_terminal),
          .talk_has_color = wants_color(settings, talk_is_terminal),
          .columns = out_is_terminal ? columns_of_terminal(environment) : 0,
          .quiet = arguments.quiet,
          .command = environment.text("PODIUM_COMMAND", "./podium")};
}

GatewayAddress read_address(const Arguments& arguments, Environment& environment,
                            const std::string& command) {
  GatewayAddress address;
  address.url = arguments.url.empty() ? environment.text("PODIUM_URL", address.url) : arguments.url;
  while (address.url.ends_with('/')) address.url.pop_back();
  address.api_key = environment.secret("PODIUM_API_KEY");
  address.command = command;
  return address;
}

Exit run_in_world(const Arguments& arguments, Environment& environment, std::ostream& out,
                  std::ostream& talk) {
  Interrupts interrupts;  // first: the threads that follow must not be hit by Ctrl-C
  const Console console = make_console(arguments, environment, out, talk);
  const GatewayClient gateway{read_address(arguments, environment, console.command),
                              interrupts.token()};
  const auto ended = run_verb(arguments, {.gateway = gateway,
                                          .console = console,
                                          .interrupts = interrupts,
                                          .environment = environment});
  if (ended) return *ended;
  if (!ended.error().what.empty()) console.complain(ended.error());
  return ended.error().exit;
}

}  // namespace

int run_client(const std::vector<std::string>& words, std::ostream& out, std::ostream& talk) {
  Environment environment;
  const std::string command = environment.text("PODIUM_COMMAND", "./podium");
  const ParsedArguments parsed = parse_arguments(words, command);
  if (!parsed.arguments) {
    (parsed.exit == Exit::ok ? out : talk) << parsed.text << std::flush;
    return static_cast<int>(parsed.exit);
  }
  return static_cast<int>(run_in_world(*parsed.arguments, environment, out, talk));
}

}  // namespace podium::cli
