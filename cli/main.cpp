// barometer: one program, one verb at a time. The only place that prints, and, with
// base/yaml.cpp, the only one that catches.
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/base/version.h"
#include "cli/verb.h"

namespace barometer::cli {
namespace {

constexpr const char* kDescription =
    "Surveys of the leaders of a known set of organisations: from the frame to the printed "
    "figure.\n"
    "\n"
    "  barometer new my-survey            a study folder to start from\n"
    "  barometer check my-survey          everything that is wrong with it, at once\n"
    "  barometer publish my-survey --out site\n"
    "\n"
    "Exit codes: 0 fine, 1 findings, 2 usage or input, 70 a fault of ours.";

void add_verbs(CLI::App& app, Action& chosen) {
  add_demo(app, chosen);
  add_new(app, chosen);
  add_check(app, chosen);
  add_frame(app, chosen);
  add_people(app, chosen);
  add_invite(app, chosen);
  add_bounces(app, chosen);
  add_close(app, chosen);
  add_export(app, chosen);
  add_erase(app, chosen);
  add_backup(app, chosen);
  add_restore(app, chosen);
  add_verify(app, chosen);
  add_convert(app, chosen);
  add_load(app, chosen);
  add_reconstruct(app, chosen);
  add_estimate(app, chosen);
  add_table(app, chosen);
  add_weight(app, chosen);
  add_trend(app, chosen);
  add_chart(app, chosen);
  add_publish(app, chosen);
  add_write(app, chosen);
  add_ledger(app, chosen);
  add_attack(app, chosen);
  add_audit(app, chosen);
  add_serve(app, chosen);
  add_team(app, chosen);
}

// Signals set a flag, which the running action sees through its Progress. One that is far from its
// next look is ended by the second signal, or after kPatience.
constexpr unsigned kPatience = 10;         // seconds
Progress* interrupted_progress = nullptr;  // the one global: a signal handler has no other way in

extern "C" void on_interrupt(int signal) {
  if (interrupted_progress != nullptr) interrupted_progress->stop();
  ::signal(signal, SIG_DFL);
  ::signal(SIGALRM, SIG_DFL);
  ::alarm(kPatience);
}

Progress::Listener listener_for(std::ostream& err) {
  if (::isatty(STDERR_FILENO) == 0) return {};
  return [&err](const std::string& what, size_t done, size_t total) {
    err << fmt::format("\r\x1b[K{} {}/{}", what, done, total);
    if (done >= total) err << "\r\x1b[K";
    err.flush();
  };
}

// NO_COLOR (no-color.org) asks for none, and so does a terminal that has none.
bool asks_for_no_colours(char** environment) {
  for (char** at = environment; at != nullptr && *at != nullptr; ++at) {
    const std::string_view variable(*at);
    if (variable == "TERM=dumb") return true;
    if (variable.starts_with("NO_COLOR=") && variable != "NO_COLOR=") return true;
  }
  return false;
}

size_t terminal_width() {
  constexpr size_t kUsual = 100;
  winsize size{};
  const bool known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : kUsual;
}

int run(const CLI::App& app, const Action& action) {
  Progress progress(listener_for(std::cerr));
  interrupted_progress = &progress;
  ::signal(SIGINT, on_interrupt);
  ::signal(SIGTERM, on_interrupt);
  const bool colours = ::isatty(STDOUT_FILENO) != 0 && !asks_for_no_colours(::environ);
  const auto result = action({std::cout, std::cerr, progress, colours, terminal_width()});
  interrupted_progress = nullptr;
  if (result) return *result;
  const std::string verb =
      app.get_subcommands().empty() ? "" : app.get_subcommands()[0]->get_name();
  std::cerr << fmt::format("barometer {}: {}\n", verb, result.error().message);
  return kUsage;
}

// "barometer help table" is "barometer table --help".
std::vector<const char*> with_help_as_option(int argc, char** argv) {
  std::vector<const char*> words;
  const bool help = argc > 1 && std::string_view(argv[1]) == "help";
  for (int i = 0; i < argc && !(help && i > 2); ++i) {
    if (!help || i != 1) words.push_back(argv[i]);
  }
  if (help) words.push_back("--help");
  return words;
}

int parse_and_run(int argc, char** argv) {
  CLI::App app(kDescription, "barometer");
  app.set_version_flag("--version", fmt::format("barometer {}", kVersion));
  app.require_subcommand(1);
  Action chosen;
  add_verbs(app, chosen);
  std::vector<std::string> verbs;
  for (const CLI::App* verb : app.get_subcommands({})) verbs.push_back(verb->get_name());
  const std::vector<const char*> words = with_help_as_option(argc, argv);
  if (words.size() > 1 && words[1][0] != '-' && std::ranges::count(verbs, words[1]) == 0) {
    const std::string near = suggestion(words[1], verbs);
    std::cerr << fmt::format("barometer: there is no verb '{}'{}; 'barometer --help' lists all\n",
                             printable(words[1]), near.empty() ? "" : "; " + near);
    return kUsage;
  }
  try {
    app.parse(static_cast<int>(words.size()), words.data());
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error, std::cout, std::cerr);
    return code == 0 ? kFine : kUsage;
  }
  return run(app, chosen);
}

// What was to be printed may be lost: a full disk, a closed pipe.
int flushed(int code) {
  std::cout.flush();
  if (std::cout) return code;
  std::cerr << "barometer: cannot write the output\n";
  return kUsage;
}

}  // namespace
}  // namespace barometer::cli

int main(int argc, char** argv) {
  try {
    return barometer::cli::flushed(barometer::cli::parse_and_run(argc, argv));
  } catch (const std::exception& fault) {
    std::cerr << fmt::format(
        "barometer: a fault of ours, not of your input: {}\nPlease report it with the command you "
        "ran.\n",
        fault.what());
    return barometer::cli::kOurFault;
  }
}
