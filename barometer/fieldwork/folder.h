// The data directory of fieldwork: one folder, or one folder with keys and a PostgreSQL.
//
//   DIR/fieldwork.sqlite   people, organisations, tokens (hashes), contact events, mail, team,
//   audit DIR/answers.sqlite     the journal and what is made from it, by pseudonym DIR/keys/NAME
//   32 random bytes in hexadecimal, for the owner alone (0600)
//
// With a store address the two sets of tables are the schemas barometer_fieldwork and
// barometer_answers. Keys always stay in the folder; two servers need a copy of it each.
#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/journal/database.h"

namespace barometer {

// 32 bytes that are wiped when they go out of scope.
class SecretKey {
 public:
  explicit SecretKey(const std::array<unsigned char, 32>& bytes) : bytes_(bytes) {}
  SecretKey(const SecretKey&) = delete;
  SecretKey& operator=(const SecretKey&) = delete;
  SecretKey(SecretKey&& other) noexcept;
  SecretKey& operator=(SecretKey&& other) noexcept;
  ~SecretKey();

  // BLAKE2b of `size` (16 to 64) bytes under this key, over the fields with their lengths, in
  // lower-case hexadecimal.
  [[nodiscard]] std::string hash(std::initializer_list<std::string_view> fields,
                                 size_t size = 32) const;

 private:
  std::array<unsigned char, 32> bytes_;
};

class FieldFolder {
 public:
  // Makes the folder (0700) when it is not there. `store`: "" for SQLite in the folder, or
  // postgresql://... kInvalid when others than the owner may read a key.
  static Result<FieldFolder> open(const std::filesystem::path& folder,
                                  const std::string& store = {});
  // The same where fieldwork has begun, and nothing is made. kNotFound where it has not, with the
  // folders near by in which it has: the name may be misspelt.
  static Result<FieldFolder> open_begun(const std::filesystem::path& folder,
                                        const std::string& store = {});
  // Whether it holds people, answers or keys.
  static bool has_begun(const std::filesystem::path& folder);
  // Folders beside and in this one where it has begun; the one of the nearest name first.
  static std::vector<std::string> begun_near(const std::filesystem::path& folder);

  [[nodiscard]] const std::filesystem::path& path() const& { return folder_; }
  [[nodiscard]] DatabaseAddress identity() const;
  [[nodiscard]] DatabaseAddress answers() const;

  // The key of this name, made when it is not there. kNotFound once it was destroyed.
  [[nodiscard]] Result<SecretKey> key(std::string_view name) const;
  // "pseudonym-WAVE": joins people and answers of a wave.
  [[nodiscard]] Result<SecretKey> pseudonym_key(const std::string& wave) const;
  // For good: overwritten and removed, with a marker in its place. Copies in backups are not ours.
  [[nodiscard]] Status destroy_key(std::string_view name) const;

 private:
  FieldFolder(std::filesystem::path folder, std::string store)
      : folder_(std::move(folder)), store_(std::move(store)) {}

  std::filesystem::path folder_;
  std::string store_;
};

// 32 hexadecimal digits that stand for the person in the wave's answers.
std::string pseudonym(const SecretKey& key, std::string_view wave, std::string_view person);
// The same in an unlinked wave, from the link alone: whoever does not hold the link, ourselves
// included, cannot tell whose answers these are.
std::string unlinked_subject(std::string_view wave, std::string_view token);

}  // namespace barometer
