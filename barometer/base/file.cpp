#include "barometer/base/file.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <optional>
#include <system_error>

#include <fmt/format.h>

namespace barometer {
namespace {

namespace fs = std::filesystem;

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

Status sync_folder(const fs::path& folder) {
  const Descriptor descriptor(folder, O_RDONLY | O_DIRECTORY);
  if (!descriptor.open() || ::fsync(descriptor.fd()) != 0) {
    return system_failure("cannot sync folder", folder, errno);
  }
  return {};
}

Status write_and_sync(const fs::path& path, std::string_view bytes) {
  const Descriptor descriptor(path, O_WRONLY | O_CREAT | O_TRUNC);
  if (!descriptor.open()) return system_failure("cannot write", path, errno);
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor.fd(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return system_failure("cannot write", path, errno);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  if (::fsync(descriptor.fd()) != 0) return system_failure("cannot sync", path, errno);
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
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder_of(target), ignored)) {
    const auto owner = partial_owner(entry.path().filename().string(), prefix);
    if (owner && ::kill(*owner, 0) != 0 && errno == ESRCH) fs::remove_all(entry.path(), ignored);
  }
}

Status check_replaceable(const fs::path& target, const std::string& marker) {
  std::error_code problem;
  if (!fs::exists(target, problem)) return {};
  if (!fs::is_directory(target, problem)) {
    return fail(ErrorCode::kInvalid, fmt::format("'{}' is a file, not a folder", target.string()));
  }
  if (fs::is_empty(target, problem) || fs::exists(target / marker, problem)) return {};
  return fail(
      ErrorCode::kInvalid,
      fmt::format("'{}' holds other files and would be replaced; give an empty or new folder",
                  target.string()));
}

}  // namespace

Result<std::string> read_file(const fs::path& path, size_t limit) {
  std::error_code problem;
  if (fs::is_directory(path, problem)) {
    return fail(ErrorCode::kIo, fmt::format("'{}' is a folder, not a file", path.string()));
  }
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    const int number = errno;
    return fail(number == ENOENT ? ErrorCode::kNotFound : ErrorCode::kIo,
                fmt::format("cannot read '{}': {}", path.string(),
                            std::generic_category().message(number)));
  }
  const uintmax_t size = fs::file_size(path, problem);
  if (!problem && size > limit) {
    return fail(ErrorCode::kLimit,
                fmt::format("'{}' has {} bytes, more than {}", path.string(), size, limit));
  }
  std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (in.bad()) return system_failure("cannot read", path, EIO);
  return bytes;
}

Status write_file(const fs::path& path, std::string_view bytes) {
  fs::path temporary = path;
  temporary += fmt::format(".partial-{}", ::getpid());
  std::error_code ignored;
  if (auto written = write_and_sync(temporary, bytes); !written) {
    fs::remove(temporary, ignored);
    return written;
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    const int number = errno;
    fs::remove(temporary, ignored);
    return system_failure("cannot replace", path, number);
  }
  return sync_folder(folder_of(path));
}

Result<StagedFolder> StagedFolder::make(const fs::path& target, std::string marker) {
  fs::path clean = fs::absolute(target).lexically_normal();
  if (!clean.has_filename()) clean = clean.parent_path();
  TRY_DONE(check_replaceable(clean, marker));
  std::error_code problem;
  fs::create_directories(folder_of(clean), problem);
  if (problem) return system_failure("cannot create folder", folder_of(clean), problem.value());
  remove_abandoned(clean);
  fs::path staging = clean;
  staging += fmt::format(".partial-{}", ::getpid());
  fs::remove_all(staging, problem);
  if (!fs::create_directory(staging, problem)) {
    return system_failure("cannot create folder", staging, problem.value());
  }
  return StagedFolder(std::move(clean), std::move(staging));
}

StagedFolder::StagedFolder(StagedFolder&& other) noexcept
    : target_(std::move(other.target_)), staging_(std::exchange(other.staging_, {})) {}

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
  if (problem) return system_failure("cannot create folder", path.parent_path(), problem.value());
  return write_and_sync(path, bytes);
}

Status StagedFolder::commit() {
  CHECK(!staging_.empty(), "a folder is committed once");
  for (const auto& entry : fs::recursive_directory_iterator(staging_)) {
    if (entry.is_directory()) TRY_DONE(sync_folder(entry.path()));
  }
  TRY_DONE(sync_folder(staging_));
  std::error_code problem;
  const bool replaces = fs::exists(target_, problem);
  const unsigned flags = replaces ? RENAME_EXCHANGE : 0;
  if (::syscall(SYS_renameat2, AT_FDCWD, staging_.c_str(), AT_FDCWD, target_.c_str(), flags) != 0) {
    return system_failure("cannot put in place", target_, errno);
  }
  const fs::path old = std::exchange(staging_, {});
  if (replaces) fs::remove_all(old, problem);
  return sync_folder(folder_of(target_));
}

}  // namespace barometer
