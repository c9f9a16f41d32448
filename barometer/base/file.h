// Files: read whole, written whole or not at all.
//
// A write goes to a temporary beside its target, is synced to disk, then renamed over it: a crash
// or kill -9 at any moment leaves either the old bytes or the new ones. A folder is published the
// same way (StagedFolder): readers of the old folder never see a mixture. A target that is a
// symbolic link stays one: what it points to is replaced.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "barometer/base/result.h"

namespace barometer {

// The bytes of a file or pipe. Errors name it and the system's reason; kLimit over `limit` bytes.
Result<std::string> read_file(const std::filesystem::path& path, size_t limit = size_t{1} << 31);

// Atomic and durable.
Status write_file(const std::filesystem::path& path, std::string_view bytes);

// By what an earlier folder is known that may be replaced.
enum class Replace {
  kMarked,  // it holds the file named `marker`
  kListed,  // the same, and `marker` lists every other file there, as sha256sum writes
};

// A folder being written beside its final place. Write files into path(), then commit(). Without
// a commit the destructor removes what was written and the target is untouched.
class StagedFolder {
 public:
  // Creates "<target>.partial-<pid>". Removes partial folders whose process is gone. An existing
  // target is replaced only when it is empty or known by its marker, so that a mistyped --out never
  // swallows someone's folder, nor a file someone put there; this is asked again by commit().
  static Result<StagedFolder> make(const std::filesystem::path& target, std::string marker,
                                   Replace rule = Replace::kMarked);

  StagedFolder(StagedFolder&& other) noexcept;
  StagedFolder& operator=(StagedFolder&&) = delete;
  StagedFolder(const StagedFolder&) = delete;
  StagedFolder& operator=(const StagedFolder&) = delete;
  ~StagedFolder();

  [[nodiscard]] const std::filesystem::path& path() const& { return staging_; }
  // Writes one file below path(), creating folders on the way. `name` is relative, without "..".
  [[nodiscard]] Status write(const std::filesystem::path& name, std::string_view bytes) const;
  // Syncs everything, then swaps the folder with the target in one system call and removes the old.
  Status commit();

 private:
  StagedFolder(std::filesystem::path target, std::filesystem::path staging, std::string marker,
               Replace rule)
      : target_(std::move(target)),
        staging_(std::move(staging)),
        marker_(std::move(marker)),
        rule_(rule) {}

  std::filesystem::path target_;
  std::filesystem::path staging_;  // empty once committed or moved from
  std::string marker_;
  Replace rule_;
};

}  // namespace barometer
