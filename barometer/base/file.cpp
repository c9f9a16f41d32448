#include "barometer/base/file.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>
#include <set>
#include <system_error>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/base/written_file.h"

namespace barometer {
namespace {

namespace fs = std::filesystem;

constexpr size_t kReadStep = size_t{1} << 16;

auto system_failure(const char* act, const fs::path& path, int number) {
  return fail(ErrorCode::kIo, fmt::format("{} '{}': {}", act, path.string(),
                                          std::generic_category().message(number)));
}

// A file descriptor that is closed once.
class Descriptor {
 public:
  Descriptor(const fs::path& path, int flags)
      : fd_(::open(path.c_str(), flags | O_CLOEXEC, 0666)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] bool open() const { return fd_ >= 0; }
  [[nodiscard]] int fd() const { return fd_; }

 private:
  int fd_;
};

Status sync(const fs::path& path) {
  const Descriptor descriptor(path, O_RDONLY);
  if (!descriptor.open() || ::fsync(descriptor.fd()) != 0) {
    return system_failure("cannot sync", path, errno);
  }
  return {};
}

// What a person asked for is called `path`; the temporary beside it is nothing to them.
Status told_of(const fs::path& path, const fs::path& temporary, Status done) {
  if (done) return done;
  Error error = std::move(done).error();
  error.message = replaced(std::move(error.message), temporary.string(), path.string());
  return tl::unexpected(std::move(error));
}

Status write_all(const fs::path& path, std::string_view bytes) {
  const Descriptor descriptor(path, O_WRONLY | O_CREAT | O_TRUNC);
  if (!descriptor.open()) return system_failure("cannot write", path, errno);
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor.fd(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return system_failure("cannot write", path, errno);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return {};
}

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

// "report.partial-1234" -> 1234 for siblings that an earlier run may have left.
std::optional<pid_t> partial_owner(const std::string& name, const std::string& prefix) {
  if (!name.starts_with(prefix)) return std::nullopt;
  pid_t pid = 0;
  const auto [end, problem] =
      std::from_chars(name.data() + prefix.size(), name.data() + name.size(), pid);
  if (problem != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return pid;
}

void remove_abandoned(const fs::path& target) {
  const std::string prefix = target.filename().string() + ".partial-";
  std::error_code problem;
  std::error_code ignored;
  for (fs::directory_iterator at(folder_of(target), problem), end; !problem && at != end;
       at.increment(problem)) {
    const auto owner = partial_owner(at->path().filename().string(), prefix);
    if (!owner || !at->is_directory(ignored)) continue;
    if (::kill(*owner, 0) != 0 && errno == ESRCH) fs::remove_all(at->path(), ignored);
  }
}

// The file or folder that is really written: what a symbolic link points to.
Result<fs::path> behind_links(const fs::path& path) {
  std::error_code problem;
  if (!fs::is_symlink(path, problem)) return path;
  fs::path real = fs::canonical(path, problem);
  if (problem) return system_failure("cannot follow the link", path, problem.value());
  return real;
}

// Files a caller put there itself (workbooks) may not be on disk yet; folders never are.
Status sync_below(const fs::path& folder) {
  std::error_code problem;
  for (fs::recursive_directory_iterator at(folder, problem), end; !problem && at != end;
       at.increment(problem)) {
    if (!at->is_symlink(problem)) TRY_DONE(sync(at->path()));
  }
  if (problem) return system_failure("cannot list", folder, problem.value());
  return sync(folder);
}

// The names in a list as sha256sum writes it: "<64 digits>  name".
std::set<std::string, std::less<>> listed_names(std::string_view list) {
  constexpr size_t kBeforeName = 64 + 2;
  std::set<std::string, std::less<>> names;
  for (const std::string& line : split(list, '\n')) {
    if (line.size() > kBeforeName) names.insert(line.substr(kBeforeName));
  }
  return names;
}

// The first file below `target`, by name, that neither is the list nor stands in it.
Result<std::optional<std::string>> first_unlisted(const fs::path& target,
                                                  const std::string& marker) {
  const auto listed = listed_names(TRY(read_file(target / marker)));
  std::set<std::string> unlisted;
  std::error_code problem;
  for (fs::recursive_directory_iterator at(target, problem), end; !problem && at != end;
       at.increment(problem)) {
    if (at->is_directory(problem) && !at->is_symlink(problem)) continue;
    const std::string name = at->path().lexically_relative(target).generic_string();
    if (name != marker && !listed.contains(name)) unlisted.insert(name);
  }
  if (problem) return system_failure("cannot list", target, problem.value());
  if (unlisted.empty()) return std::optional<std::string>();
  return std::optional<std::string>(*unlisted.begin());
}

Status check_replaceable(const fs::path& target, const std::string& marker, Replace rule) {
  std::error_code problem;
  if (!fs::exists(target, problem)) return {};
  if (!fs::is_directory(target, problem)) {
    return fail(ErrorCode::kInvalid, fmt::format("'{}' is a file, not a folder", target.string()));
  }
  if (fs::is_empty(target, problem)) return {};
  if (!fs::exists(target / marker, problem)) {
    return fail(
        ErrorCode::kInvalid,
        fmt::format("'{}' holds other files and would be replaced; give an empty or new folder",
                    target.string()));
  }
  if (rule == Replace::kMarked) return {};
  const auto foreign = TRY(first_unlisted(target, marker));
  if (!foreign) return {};
  return fail(ErrorCode::kInvalid,
              fmt::format("'{}' would be replaced, but '{}' in it is not listed in its {}; move it "
                          "away, or give an empty or new folder",
                          target.string(), *foreign, marker));
}

}  // namespace

Result<std::string> read_file(const fs::path& path, size_t limit) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) {
    return fail(ErrorCode::kIo, fmt::format("'{}' is a folder, not a file", path.string()));
  }
  const Descriptor descriptor(path, O_RDONLY);
  if (!descriptor.open()) {
    const int number = errno;
    return fail(number == ENOENT ? ErrorCode::kNotFound : ErrorCode::kIo,
                fmt::format("cannot read '{}': {}", path.string(),
                            std::generic_category().message(number)));
  }
  // The size is a hint only: a pipe has none, and a file may grow while it is read.
  std::string bytes;
  const uintmax_t size = fs::file_size(path, ignored);
  size_t filled = 0;
  bytes.resize(ignored ? kReadStep : std::min<uintmax_t>(size, limit) + 1);
  while (true) {
    const ssize_t got = ::read(descriptor.fd(), bytes.data() + filled, bytes.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_failure("cannot read", path, errno);
    filled += static_cast<size_t>(got);
    if (filled > limit) {
      return fail(ErrorCode::kLimit,
                  fmt::format("'{}' has more than {} bytes", path.string(), limit));
    }
    if (got == 0) break;
    if (filled == bytes.size()) bytes.resize(bytes.size() + kReadStep);
  }
  bytes.resize(filled);
  return bytes;
}

Status write_file_by(const fs::path& path,
                     const std::function<Status(const fs::path& temporary)>& write) {
  const fs::path target = TRY(behind_links(path));
  fs::path temporary = target;
  temporary += fmt::format(".partial-{}", ::getpid());
  Status done = write(temporary);
  if (done) done = sync(temporary);
  if (done && ::rename(temporary.c_str(), target.c_str()) != 0) {
    done = system_failure("cannot replace", path, errno);
  }
  if (done) return sync(folder_of(target));
  std::error_code ignored;
  fs::remove(temporary, ignored);
  return told_of(path, temporary, std::move(done));
}

Status write_file(const fs::path& path, std::string_view bytes) {
  return write_file_by(path,
                       [bytes](const fs::path& temporary) { return write_all(temporary, bytes); });
}

Result<StagedFolder> StagedFolder::make(const fs::path& target, std::string marker, Replace rule) {
  if (target.empty()) return fail(ErrorCode::kInvalid, "the folder to write has no name");
  fs::path clean = fs::absolute(target).lexically_normal();
  if (!clean.has_filename()) clean = clean.parent_path();
  clean = TRY(behind_links(clean));
  TRY_DONE(check_replaceable(clean, marker, rule));
  std::error_code problem;
  fs::create_directories(folder_of(clean), problem);
  if (problem) return system_failure("cannot create folder", folder_of(clean), problem.value());
  remove_abandoned(clean);
  fs::path staging = clean;
  staging += fmt::format(".partial-{}", ::getpid());
  fs::remove_all(staging, problem);
  if (!fs::create_directory(staging, problem)) {
    return system_failure("cannot create folder", clean, problem.value());
  }
  return StagedFolder(std::move(clean), std::move(staging), std::move(marker), rule);
}

StagedFolder::StagedFolder(StagedFolder&& other) noexcept
    : target_(std::move(other.target_)),
      staging_(std::exchange(other.staging_, {})),
      marker_(std::move(other.marker_)),
      rule_(other.rule_) {}

StagedFolder::~StagedFolder() {
  std::error_code ignored;
  if (!staging_.empty()) fs::remove_all(staging_, ignored);
}

Status StagedFolder::write(const fs::path& name, std::string_view bytes) const {
  CHECK(!name.empty() && name.is_relative() && name.lexically_normal().begin()->string() != "..",
        "a staged file stays inside its folder");
  const fs::path path = staging_ / name;
  std::error_code problem;
  fs::create_directories(path.parent_path(), problem);
  Status done;
  if (problem) done = system_failure("cannot create folder", path.parent_path(), problem.value());
  if (done) done = write_all(path, bytes);
  if (done) done = sync(path);
  return told_of(target_, staging_, std::move(done));
}

Status StagedFolder::commit() {
  CHECK(!staging_.empty(), "a folder is committed once");
  TRY_DONE(check_replaceable(target_, marker_, rule_));  // someone may have filled it meanwhile
  TRY_DONE(told_of(target_, staging_, sync_below(staging_)));
  std::error_code problem;
  const bool replaces = fs::exists(target_, problem);
  const unsigned flags = replaces ? RENAME_EXCHANGE : RENAME_NOREPLACE;
  if (::syscall(SYS_renameat2, AT_FDCWD, staging_.c_str(), AT_FDCWD, target_.c_str(), flags) != 0) {
    return system_failure("cannot put in place", target_, errno);
  }
  const fs::path old = std::exchange(staging_, {});
  if (replaces) fs::remove_all(old, problem);
  return sync(folder_of(target_));
}

}  // namespace barometer
