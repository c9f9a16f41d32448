#include "barometer/fieldwork/folder.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <fmt/format.h>

#include "barometer/base/file.h"
#include "barometer/base/hash.h"
#include "barometer/base/text.h"

namespace barometer {
namespace {

namespace fs = std::filesystem;

constexpr size_t kKeyBytes = 32;
constexpr unsigned kOthers = 077;

auto system_failure(const char* act, const fs::path& path) {
  return fail(ErrorCode::kIo, fmt::format("{} '{}': {}", act, path.string(),
                                          std::generic_category().message(errno)));
}

Status make_private_folder(const fs::path& path) {
  std::error_code failed;
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), failed);
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    return system_failure("cannot make the folder", path);
  }
  return {};
}

bool is_key_name(std::string_view name) {
  return !name.empty() && name.size() <= 100 && name.front() != '.' &&
         std::ranges::all_of(name, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_' || c == '.';
         });
}

// Written beside its place and linked there: of two processes that make the key at once, one wins
// and both read the same.
Status make_key(const fs::path& file) {
  std::array<unsigned char, kKeyBytes> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  std::array<char, 2 * kKeyBytes + 1> hex{};
  sodium_bin2hex(hex.data(), hex.size(), bytes.data(), bytes.size());
  hex.back() = '\n';
  const fs::path made = fmt::format("{}.{}.new", file.string(), ::getpid());
  const int out = ::open(made.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
  if (out < 0) return system_failure("cannot write", made);
  const bool written =
      ::write(out, hex.data(), hex.size()) == static_cast<ssize_t>(hex.size()) && ::fsync(out) == 0;
  ::close(out);
  sodium_memzero(bytes.data(), bytes.size());
  sodium_memzero(hex.data(), hex.size());
  const bool linked = written && (::link(made.c_str(), file.c_str()) == 0 || errno == EEXIST);
  Status made_it;
  if (!linked) made_it = system_failure("cannot write", file);
  ::unlink(made.c_str());
  return made_it;
}

Result<SecretKey> read_key(const fs::path& file) {
  struct stat found{};
  if (::stat(file.c_str(), &found) != 0) return system_failure("cannot read", file);
  if ((found.st_mode & kOthers) != 0) {
    return fail(ErrorCode::kInvalid,
                fmt::format("others than its owner may read '{}': chmod 600 it", file.string()));
  }
  std::string hex = TRY(read_file(file, 1'000));
  std::array<unsigned char, kKeyBytes> bytes{};
  size_t size = 0;
  const std::string_view digits = trimmed(hex);
  const int read = sodium_hex2bin(bytes.data(), bytes.size(), digits.data(), digits.size(), nullptr,
                                  &size, nullptr);
  if (read != 0 || size != kKeyBytes || digits.size() != 2 * kKeyBytes) {
    return fail(ErrorCode::kInvalid,
                fmt::format("'{}' is not a key: 64 hexadecimal digits", file.string()));
  }
  sodium_memzero(hex.data(), hex.size());
  return SecretKey(bytes);
}

// Names of sub-folders of `folder` in which fieldwork has begun, after `prefix`.
void gather_begun(const fs::path& folder, const fs::path& prefix, std::vector<std::string>& found) {
  std::error_code failed;
  for (fs::directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed)) {
    if (FieldFolder::has_begun(at->path())) {
      found.push_back((prefix / at->path().filename()).string());
    }
  }
}

// "; fieldwork has begun in 'field'", or what begins it.
std::string where_begun(const std::vector<std::string>& near) {
  constexpr size_t kShown = 4;
  if (near.empty()) return "; 'barometer people import' and 'barometer serve' begin it";
  std::string out = "; fieldwork has begun in ";
  for (size_t i = 0; i < std::min(near.size(), kShown); ++i) {
    out += fmt::format("{}'{}'", i == 0 ? "" : ", ", printable(near[i], 200));
  }
  if (near.size() > kShown) out += fmt::format(" and {} more", near.size() - kShown);
  return out;
}

}  // namespace

SecretKey::SecretKey(SecretKey&& other) noexcept : bytes_(other.bytes_) {
  sodium_memzero(other.bytes_.data(), other.bytes_.size());
}
SecretKey& SecretKey::operator=(SecretKey&& other) noexcept {
  if (this != &other) {
    bytes_ = other.bytes_;
    sodium_memzero(other.bytes_.data(), other.bytes_.size());
  }
  return *this;
}
SecretKey::~SecretKey() { sodium_memzero(bytes_.data(), bytes_.size()); }

std::string SecretKey::hash(std::initializer_list<std::string_view> fields, size_t size) const {
  return blake2b_hex(fields, size, bytes_);
}

Result<FieldFolder> FieldFolder::open(const fs::path& folder, const std::string& store) {
  if (!store.empty() && !DatabaseAddress{.text = store}.is_postgresql()) {
    return fail(ErrorCode::kInvalid,
                "a store is postgresql://user:password@host:port/database; without one the answers "
                "are kept in the folder");
  }
  TRY_DONE(make_private_folder(folder));
  TRY_DONE(make_private_folder(folder / "keys"));
  return FieldFolder(folder, store);
}

bool FieldFolder::has_begun(const fs::path& folder) {
  std::error_code failed;
  for (const char* file : {"fieldwork.sqlite", "answers.sqlite"}) {
    if (fs::is_regular_file(folder / file, failed)) return true;
  }
  fs::directory_iterator keys(folder / "keys", failed);  // of answers that are in PostgreSQL
  return !failed && keys != fs::directory_iterator();
}

std::vector<std::string> FieldFolder::begun_near(const fs::path& folder) {
  const fs::path asked = folder.has_filename() ? folder : folder.parent_path();
  std::vector<std::string> beside;
  gather_begun(asked.has_parent_path() ? asked.parent_path() : fs::path("."), asked.parent_path(),
               beside);
  std::ranges::sort(beside);
  if (const auto meant = nearest(asked.string(), beside)) {
    std::ranges::rotate(beside, std::ranges::find(beside, *meant));
    std::sort(beside.begin() + 1, beside.end());
  }
  std::erase(beside, asked.string());
  std::vector<std::string> within;
  gather_begun(asked, asked, within);
  std::ranges::sort(within);
  beside.insert(beside.end(), within.begin(), within.end());
  return beside;
}

Result<FieldFolder> FieldFolder::open_begun(const fs::path& folder, const std::string& store) {
  std::error_code failed;
  if (has_begun(folder) || (!store.empty() && fs::is_directory(folder, failed))) {
    return open(folder, store);
  }
  return fail(ErrorCode::kNotFound,
              fmt::format("{} '{}'{}",
                          fs::is_directory(folder, failed) ? "nothing has begun in the folder"
                                                           : "there is no folder",
                          printable(folder.string(), 300), where_begun(begun_near(folder))));
}

DatabaseAddress FieldFolder::identity() const {
  if (!store_.empty()) return {store_, "barometer_fieldwork"};
  return {(folder_ / "fieldwork.sqlite").string()};
}

DatabaseAddress FieldFolder::answers() const {
  if (!store_.empty()) return {store_, "barometer_answers"};
  return {(folder_ / "answers.sqlite").string()};
}

Result<SecretKey> FieldFolder::key(std::string_view name) const {
  if (!is_key_name(name)) {
    return fail(ErrorCode::kInvalid, fmt::format("'{}' cannot name a key", printable(name)));
  }
  const fs::path file = folder_ / "keys" / name;
  if (fs::exists(file.string() + ".destroyed")) {
    return fail(ErrorCode::kNotFound, fmt::format("the key '{}' was destroyed", name));
  }
  if (!fs::exists(file)) TRY_DONE(make_key(file));
  return read_key(file);
}

Result<SecretKey> FieldFolder::pseudonym_key(const std::string& wave) const {
  return key("pseudonym-" + wave);
}

Status FieldFolder::destroy_key(std::string_view name) const {
  TRY(key(name));  // there is such a key, or there is one to make unusable
  const fs::path file = folder_ / "keys" / name;
  TRY_DONE(write_file(file.string() + ".destroyed", "destroyed\n"));
  const int out = ::open(file.c_str(), O_WRONLY | O_CLOEXEC);
  if (out < 0) return system_failure("cannot overwrite", file);
  const std::string zeros(2 * kKeyBytes + 1, '0');
  const bool done =
      ::write(out, zeros.data(), zeros.size()) == static_cast<ssize_t>(zeros.size()) &&
      ::fsync(out) == 0;
  ::close(out);
  if (!done || ::unlink(file.c_str()) != 0) return system_failure("cannot remove", file);
  return {};
}

std::string pseudonym(const SecretKey& key, std::string_view wave, std::string_view person) {
  return key.hash({"pseudonym", wave, person}, 16);
}

std::string unlinked_subject(std::string_view wave, std::string_view token) {
  return blake2b_hex({"unlinked", wave, token}).substr(0, 32);
}

}  // namespace barometer
