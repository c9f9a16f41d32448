// One file a verb. add_<verb>() declares the subcommand and its help; when the verb is chosen on
// the command line its callback stores the action, which main() then runs.
//
// Exit codes: 0 fine, 1 findings, 2 usage or input, 70 our fault. An Error returned by an action
// is printed as "barometer <verb>: <message>" and exits 2.
#pragma once

#include <functional>
#include <ostream>

#include <CLI/CLI.hpp>

#include "barometer/base/progress.h"
#include "barometer/base/result.h"

namespace barometer::cli {

struct Io {
  std::ostream& out;
  std::ostream& err;
  const Progress& progress;
  bool colours = false;  // the output is a terminal, and nobody asked for none
  size_t width = 100;    // of the terminal
};

using Action = std::function<Result<int>(const Io&)>;

constexpr int kFine = 0;
constexpr int kFindings = 1;
constexpr int kUsage = 2;
constexpr int kOurFault = 70;

void add_attack(CLI::App& app, Action& chosen);
void add_backup(CLI::App& app, Action& chosen);
void add_bounces(CLI::App& app, Action& chosen);
void add_chart(CLI::App& app, Action& chosen);
void add_check(CLI::App& app, Action& chosen);
void add_close(CLI::App& app, Action& chosen);
void add_convert(CLI::App& app, Action& chosen);
void add_demo(CLI::App& app, Action& chosen);
void add_erase(CLI::App& app, Action& chosen);
void add_estimate(CLI::App& app, Action& chosen);
void add_export(CLI::App& app, Action& chosen);
void add_frame(CLI::App& app, Action& chosen);
void add_invite(CLI::App& app, Action& chosen);
void add_load(CLI::App& app, Action& chosen);
void add_ledger(CLI::App& app, Action& chosen);
void add_new(CLI::App& app, Action& chosen);
void add_people(CLI::App& app, Action& chosen);
void add_publish(CLI::App& app, Action& chosen);
void add_restore(CLI::App& app, Action& chosen);
void add_table(CLI::App& app, Action& chosen);
void add_trend(CLI::App& app, Action& chosen);
void add_verify(CLI::App& app, Action& chosen);
void add_weight(CLI::App& app, Action& chosen);
void add_reconstruct(CLI::App& app, Action& chosen);

}  // namespace barometer::cli
