#include "barometer/attack/bundle.h"

#include <algorithm>

#include <fmt/format.h>

#include "barometer/base/file.h"
#include "barometer/base/text.h"

namespace barometer {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMostBytes = size_t{1} << 30;

bool is_text(const std::string& ending) {
  for (const char* known :
       {".json", ".csv", ".tsv", ".html", ".svg", ".md", ".txt", ".xlsx", ".ods"}) {
    if (ending == known) return true;
  }
  return false;
}

// Without words about the survey.
bool is_known_plain(const std::string& ending, const std::string& name) {
  return ending == ".css" || ending == ".js" || name == "SHA256SUMS";
}

}  // namespace

Result<BundleText> read_bundle(const fs::path& folder) {
  BundleText out;
  const fs::path plain = folder.lexically_normal();
  out.name = (plain.has_filename() ? plain : plain.parent_path()).filename().string();
  std::error_code problem;
  if (!fs::is_regular_file(folder / "ledger.json", problem)) {
    return fail(ErrorCode::kNotFound, fmt::format("'{}' is no bundle: it has no ledger.json",
                                                  printable(folder.string(), 200)));
  }
  size_t bytes = 0;
  for (fs::recursive_directory_iterator at(folder, problem), end; !problem && at != end;
       at.increment(problem)) {
    if (!at->is_regular_file(problem)) continue;
    const std::string name = at->path().lexically_relative(folder).generic_string();
    const std::string ending = lowered(at->path().extension().string());
    if (is_known_plain(ending, name)) continue;
    if (!is_text(ending)) {
      out.not_read.push_back(name);
      continue;
    }
    std::string text = TRY(read_file(at->path()));
    bytes += text.size();
    if (bytes > kMostBytes) {
      return fail(ErrorCode::kLimit, fmt::format("'{}' holds more than 1 GiB of text",
                                                 printable(folder.string(), 200)));
    }
    out.files[name] = std::move(text);
  }
  if (problem) {
    return fail(ErrorCode::kIo, fmt::format("cannot list '{}': {}", printable(folder.string(), 200),
                                            problem.message()));
  }
  std::ranges::sort(out.not_read);
  return out;
}

}  // namespace barometer
