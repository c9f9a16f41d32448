#include "cli/studies.h"

#include <algorithm>

#include <fmt/format.h>

namespace barometer::cli {
namespace {

std::string what_of(const PublishedFigure& row) {
  std::string out = row.kind;
  if (!row.item.empty()) out += " " + row.item;
  if (!row.answer.empty()) out += " = " + row.answer;
  if (!row.since.empty()) out += " since " + row.since;
  return out;
}

void print_check(const LedgerCheck& check, const Io& io) {
  const PublishedFigure& row = *check.published;
  io.out << fmt::format("  {:6} {:<62} {:>6} {:>7}  {}{}\n", row.id, what_of(row), row.value.text(),
                        check.computed.empty() ? "-" : check.computed,
                        check.reproduced ? "ok" : "DIFFERS", row.derived ? " (derived)" : "");
  if (!check.reproduced) io.out << fmt::format("         {}\n", check.why);
}

// Errors are the Error; without any, warnings are told.
Status tell(Diagnostics& problems, const Io& io) {
  problems.sort();
  TRY_DONE(problems.status());
  for (const Diagnostic& item : problems.items()) {
    if (item.severity == Severity::kWarning) io.err << item.text() << "\n";
  }
  return {};
}

}  // namespace

Result<Study> read_sound_study(const std::filesystem::path& folder, const Io& io) {
  Diagnostics problems;
  Study study = read_study(folder, problems, false);
  TRY_DONE(tell(problems, io));
  return study;
}

Result<Study> read_study_of_fieldwork(const std::filesystem::path& folder, const Io& io) {
  Diagnostics all;
  Study study = read_study(folder, all, false);
  Diagnostics problems;
  for (Diagnostic item : all.items()) {
    if (item.code.starts_with("outcomes-")) item.severity = Severity::kWarning;
    problems.add(std::move(item));
  }
  TRY_DONE(tell(problems, io));
  return study;
}

bool lies_in(const std::filesystem::path& inner, const std::filesystem::path& outer) {
  std::error_code ignored;
  const auto real = [&](const std::filesystem::path& path) {
    auto found = std::filesystem::weakly_canonical(std::filesystem::absolute(path), ignored);
    return found.has_filename() ? found : found.parent_path();
  };
  const auto whole = real(outer);
  const auto part = real(inner);
  return std::mismatch(whole.begin(), whole.end(), part.begin(), part.end()).first == whole.end();
}

Tally print_checks(const Study& study, const Ledger& ledger, const Io& io) {
  Tally tally;
  for (const Wave& wave : study.waves) {
    if (wave.published.empty()) continue;
    io.out << fmt::format("{}\n  {:6} {:<62} {:>6} {:>7}\n", wave.title, "id", "figure", "print",
                          "ours");
    for (const LedgerCheck& check : check_ledger(ledger, wave)) {
      print_check(check, io);
      ++tally.figures;
      if (check.reproduced) ++tally.reproduced;
    }
  }
  return tally;
}

}  // namespace barometer::cli
