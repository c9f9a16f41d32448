#include <fmt/format.h>
#include <stdlib.h>

#include "barometer/publish/publish.h"
#include "cli/studies.h"
#include "cli/verb.h"

namespace barometer::cli {
namespace {

namespace fs = std::filesystem;

// A folder of our own that goes away with the object.
class ScratchFolder {
 public:
  static Result<ScratchFolder> make() {
    std::error_code problem;
    std::string pattern = (fs::temp_directory_path(problem) / "barometer-XXXXXX").string();
    if (problem || ::mkdtemp(pattern.data()) == nullptr) {
      return fail(ErrorCode::kIo, fmt::format("cannot make a scratch folder like '{}'", pattern));
    }
    return ScratchFolder(pattern);
  }
  ScratchFolder(ScratchFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ScratchFolder& operator=(ScratchFolder&&) = delete;
  ~ScratchFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  [[nodiscard]] const fs::path& path() const& { return path_; }

 private:
  explicit ScratchFolder(fs::path path) : path_(std::move(path)) {}
  fs::path path_;
};

Result<int> check_published(const std::string& folder, const Io& io) {
  const Study study = TRY(read_sound_study(folder, io));
  const ScratchFolder scratch = TRY(ScratchFolder::make());
  const PublishReport report = TRY(publish(study, scratch.path() / "bundle", io.progress));
  const Tally tally = print_checks(study, report.ledger, io);
  if (tally.figures == 0) {
    return fail(ErrorCode::kInvalid, fmt::format("no wave of '{}' has a published.csv", folder));
  }
  io.out << fmt::format("{} of {} published figures reproduced\n", tally.reproduced, tally.figures);
  return tally.reproduced == tally.figures ? kFine : kFindings;
}

}  // namespace

void add_ledger(CLI::App& app, Action& chosen) {
  CLI::App* verb = app.add_subcommand("ledger", "Work with the ledger of a publication's figures.");
  verb->require_subcommand(1);
  auto study = std::make_shared<std::string>();
  CLI::App* check =
      verb->add_subcommand("check",
                           "Publish to a scratch folder and set each figure printed elsewhere "
                           "(published.csv) beside ours.\n"
                           "Exit 0 when all are reproduced as printed, 1 when one differs.\n"
                           "Example: barometer ledger check --published studies/ccg-barometer");
  check->add_option("--published", *study, "study folder")->required();
  check->callback(
      [study, &chosen] { chosen = [study](const Io& io) { return check_published(*study, io); }; });
}

}  // namespace barometer::cli
