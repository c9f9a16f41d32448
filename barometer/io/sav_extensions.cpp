#include <algorithm>
#include <charconv>
#include <unordered_map>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/io/sav_internal.h"

namespace barometer {
namespace {

enum Kind {
  kIntegers = 3,
  kFloats = 4,
  kSets = 7,
  kLongNames = 13,
  kLongStrings = 14,
  kCaseCount = 16,
  kVariableAttributes = 18,
  kMoreSets = 19,
  kEncoding = 20,
  kLongLabels = 21,
  kLongMissing = 22,
};

// A text cut into parts; what is malformed ends the reading of it.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}
  [[nodiscard]] bool done() const { return text_.empty(); }
  // What stands before `mark`, which is skipped; nothing when there is none.
  std::optional<std::string_view> until(std::string_view mark) {
    const size_t at = text_.find(mark);
    if (at == std::string_view::npos) return std::nullopt;
    const std::string_view part = text_.substr(0, at);
    text_.remove_prefix(at + mark.size());
    return part;
  }
  bool skip(std::string_view mark) {
    if (!text_.starts_with(mark)) return false;
    text_.remove_prefix(mark.size());
    return true;
  }
  // "5 Hello": a number of bytes, a blank, the bytes.
  std::optional<std::string_view> counted() {
    size_t size = 0;
    const auto [end, problem] = std::from_chars(text_.data(), text_.data() + text_.size(), size);
    if (problem != std::errc()) return std::nullopt;
    text_.remove_prefix(static_cast<size_t>(end - text_.data()));
    if (!skip(" ") || size > text_.size()) return std::nullopt;
    const std::string_view part = text_.substr(0, size);
    text_.remove_prefix(size);
    return part;
  }
  [[nodiscard]] std::string_view rest() const { return text_; }

 private:
  std::string_view text_;
};

class Extender {
 public:
  Extender(const SavCursor& cursor, SavDecoder decoder, SavDictionary& dictionary)
      : cursor_(cursor), decoder_(std::move(decoder)), dictionary_(dictionary) {}
  Status apply(const std::vector<SavExtension>& extensions);

 private:
  [[nodiscard]] std::string text(std::string_view bytes) const {
    return decoder_.decoded(without_blanks(bytes), ignored_);
  }
  [[nodiscard]] SavCursor cursor_in(const SavExtension& extension) const {
    SavCursor cursor(extension.bytes, cursor_.file(), extension.offset);
    cursor.set_swapped(cursor_.swapped());
    return cursor;
  }
  void index_names(bool long_names);
  [[nodiscard]] std::optional<size_t> find(std::string_view name) const;
  Status one(const SavExtension& extension);
  Status long_strings(const SavExtension& extension);
  Status join_segments(size_t first, int width, size_t at);
  void long_names(std::string_view bytes);
  void sets(std::string_view bytes);
  std::optional<SavSet> set_in(std::string_view line);
  void attributes(std::string_view bytes);
  Status long_labels(SavCursor cursor);
  Status long_missing(SavCursor cursor);

  const SavCursor& cursor_;
  SavDecoder decoder_;
  SavDictionary& dictionary_;
  mutable size_t ignored_ = 0;
  std::unordered_map<std::string, size_t> short_names_, long_names_;  // in lower case
  std::vector<bool> joined_;  // segments that belong to another variable
};

void Extender::index_names(bool long_names) {
  auto& index = long_names ? long_names_ : short_names_;
  index.clear();
  for (size_t i = 0; i < dictionary_.variables.size(); ++i) {
    const SavVariable& variable = dictionary_.variables[i];
    index.emplace(lowered(long_names ? variable.name : variable.short_name), i);
  }
}

std::optional<size_t> Extender::find(std::string_view name) const {
  const std::string key = lowered(name);
  for (const auto* index : {&long_names_, &short_names_}) {
    if (const auto found = index->find(key); found != index->end()) return found->second;
  }
  return std::nullopt;
}

// The variable `first` and those after it are one string of `width` bytes.
Status Extender::join_segments(size_t first, int width, size_t at) {
  std::vector<SavVariable>& variables = dictionary_.variables;
  SavVariable& whole = variables[first];
  const std::vector<int> widths = sav_segment_widths(width);
  size_t place = whole.place;
  for (size_t i = 0; i < widths.size(); ++i) {
    const bool there = first + i < variables.size() && variables[first + i].place == place &&
                       variables[first + i].width > 0 && !joined_[first + i] &&
                       sav_elements(variables[first + i].width) == sav_elements(widths[i]);
    if (!there) {
      return cursor_.wrong(at,
                           fmt::format("'{}' is a string of {} bytes, but its segment {} of {} "
                                       "is not there",
                                       printable(whole.short_name), width, i + 1, widths.size()));
    }
    place += sav_elements(widths[i]);
    if (i > 0) joined_[first + i] = true;
  }
  whole.width = width;
  return {};
}

Status Extender::long_strings(const SavExtension& extension) {
  std::vector<SavVariable>& variables = dictionary_.variables;
  joined_.assign(variables.size(), false);
  Scanner scanner(extension.bytes);
  while (const auto name = scanner.until("=")) {
    const auto written = scanner.until("\t").value_or(scanner.rest());
    const std::string_view digits = without_blanks(written);
    int width = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), width);
    const auto found = short_names_.find(lowered(text(*name)));
    if (found == short_names_.end() || width <= kSavMaxShortString) continue;
    if (width > kSavMaxString) {
      return cursor_.wrong(extension.offset, fmt::format("'{}' is a string of {} bytes, over {}",
                                                         printable(*name), width, kSavMaxString));
    }
    TRY_DONE(join_segments(found->second, width, extension.offset));
  }
  std::vector<SavVariable> kept;
  for (size_t i = 0; i < variables.size(); ++i) {
    if (dictionary_.weight == i) dictionary_.weight = kept.size();
    if (!joined_[i]) kept.push_back(std::move(variables[i]));
  }
  variables = std::move(kept);
  index_names(false);
  return {};
}

void Extender::long_names(std::string_view bytes) {
  Scanner scanner(bytes);
  while (const auto short_name = scanner.until("=")) {
    const auto next = scanner.until("\t");
    const std::string name = text(next.value_or(scanner.rest()));
    const auto found = short_names_.find(lowered(text(*short_name)));
    if (found != short_names_.end() && !name.empty()) {
      dictionary_.variables[found->second].name = name;
    }
    if (!next) break;
  }
  index_names(true);
}

// "$name=D1 1 5 Label a b c", "$name=E 11 1 1 5 Label a b c" or "$name=C 5 Label a b c"; members
// are short names.
std::optional<SavSet> Extender::set_in(std::string_view line) {
  Scanner scanner(line);
  SavSet set;
  const auto name = scanner.until("=");
  if (!name || !name->starts_with("$")) return std::nullopt;
  set.name = text(name->substr(1));
  set.dichotomy = !scanner.skip("C");
  if (set.dichotomy) {
    if (scanner.skip("E "))
      scanner.until(" ");
    else if (!scanner.skip("D"))
      return std::nullopt;
    const auto counted = scanner.counted();
    if (!counted) return std::nullopt;
    set.counted = text(*counted);
  }
  if (!scanner.skip(" ")) return std::nullopt;
  const auto label = scanner.counted();
  if (!label) return std::nullopt;
  set.label = text(*label);
  for (const std::string& member : split(scanner.rest(), ' ')) {
    if (member.empty()) continue;
    const std::string key = lowered(text(member));
    const auto found = short_names_.find(key);
    const auto index = found != short_names_.end() ? std::optional(found->second) : find(key);
    if (!index) return std::nullopt;
    set.members.push_back(*index);
  }
  return set;
}

void Extender::sets(std::string_view bytes) {
  for (const std::string& line : split(bytes, '\n')) {
    if (auto set = set_in(line)) dictionary_.sets.push_back(std::move(*set));
  }
}

// "NAME:attribute('value'\n'value'\n)attribute(…)/NAME:…"; only our own attribute is kept.
void Extender::attributes(std::string_view bytes) {
  Scanner scanner(bytes);
  while (const auto name = scanner.until(":")) {
    const auto variable = find(text(*name));
    while (!scanner.done() && !scanner.skip("/")) {
      const auto attribute = scanner.until("(");
      if (!attribute) return;
      while (scanner.skip("'")) {
        const auto value = scanner.until("'\n");
        if (!value) return;
        if (variable && *attribute == kSavAttribute) {
          dictionary_.variables[*variable].attribute = *value;
        }
      }
      if (!scanner.skip(")")) return;
    }
  }
}

Status Extender::long_labels(SavCursor cursor) {
  constexpr const char* kRecord = "record 7/21 (labels of long strings)";
  const auto counted = [&]() -> Result<std::string_view> {
    const size_t at = cursor.offset();
    const int32_t size = TRY(cursor.int32(kRecord));
    if (size < 0) return cursor.wrong(at, fmt::format("a text of {} bytes in {}", size, kRecord));
    return cursor.take(static_cast<uint64_t>(size), kRecord);
  };
  while (cursor.left() > 0) {
    const std::string name = text(TRY(counted()));
    TRY(cursor.int32(kRecord));  // the width
    const int32_t count = TRY(cursor.int32(kRecord));
    SavLabels labels;
    for (int32_t i = 0; i < count; ++i) {
      SavLabel label;
      label.text = without_blanks(TRY(counted()));
      label.label = text(TRY(counted()));
      labels.push_back(std::move(label));
    }
    const auto variable = find(name);
    if (!variable || dictionary_.variables[*variable].width == 0) continue;
    dictionary_.variables[*variable].labels = dictionary_.labels.size();
    dictionary_.labels.push_back(std::move(labels));
  }
  return {};
}

Status Extender::long_missing(SavCursor cursor) {
  constexpr const char* kRecord = "record 7/22 (missing values of long strings)";
  while (cursor.left() > 0) {
    const size_t at = cursor.offset();
    const int32_t size = TRY(cursor.int32(kRecord));
    if (size < 0) return cursor.wrong(at, fmt::format("a name of {} bytes in {}", size, kRecord));
    const std::string name = text(TRY(cursor.take(static_cast<uint64_t>(size), kRecord)));
    const auto count = static_cast<uint8_t>(TRY(cursor.take(1, kRecord))[0]);
    const int32_t length = TRY(cursor.int32(kRecord));
    if (count > 3 || length < 0) {
      return cursor.wrong(
          at, fmt::format("{} missing values of {} bytes in {}", count, length, kRecord));
    }
    const auto variable = find(name);
    for (int i = 0; i < count; ++i) {
      const auto value = TRY(cursor.take(static_cast<uint64_t>(length), kRecord));
      if (!variable || dictionary_.variables[*variable].width == 0) continue;
      dictionary_.variables[*variable].missing_texts.emplace_back(without_blanks(value));
    }
  }
  return {};
}

Status Extender::one(const SavExtension& extension) {
  SavCursor cursor = cursor_in(extension);
  switch (extension.kind) {
    case kFloats:
      dictionary_.system_missing = TRY(cursor.number("record 7/4"));
      return {};
    case kCaseCount: {
      TRY(cursor.int64("record 7/16"));
      const int64_t count = TRY(cursor.int64("record 7/16"));
      if (count >= 0) dictionary_.case_count = count;
      return {};
    }
    case kLongStrings:
      return long_strings(extension);
    case kLongNames:
      long_names(extension.bytes);
      return {};
    case kSets:
    case kMoreSets:
      sets(extension.bytes);
      return {};
    case kVariableAttributes:
      attributes(extension.bytes);
      return {};
    case kLongLabels:
      return long_labels(cursor);
    case kLongMissing:
      return long_missing(cursor);
    default:
      return {};
  }
}

Status Extender::apply(const std::vector<SavExtension>& extensions) {
  index_names(false);
  // Segments are joined before anything is said of the whole, and long names are what others use.
  for (const int kind : {kFloats, kCaseCount, kLongStrings, kLongNames, kSets, kMoreSets,
                         kVariableAttributes, kLongLabels, kLongMissing}) {
    for (const SavExtension& extension : extensions) {
      if (extension.kind == kind) TRY_DONE(one(extension));
    }
  }
  return {};
}

bool all_utf8(const SavDictionary& dictionary) {
  return std::ranges::all_of(dictionary.variables,
                             [](const SavVariable& variable) {
                               return is_utf8(variable.label) && is_utf8(variable.short_name);
                             }) &&
         std::ranges::all_of(dictionary.labels, [](const SavLabels& labels) {
           return std::ranges::all_of(labels,
                                      [](const SavLabel& label) { return is_utf8(label.label); });
         });
}

}  // namespace

Status apply_sav_extensions(const std::vector<SavExtension>& extensions, const SavCursor& cursor,
                            SavDictionary& dictionary) {
  return Extender(cursor, TRY(SavDecoder::of(dictionary.encoding)), dictionary).apply(extensions);
}

std::string sav_encoding(const std::vector<SavExtension>& extensions, const SavCursor& cursor,
                         const SavDictionary& dictionary) {
  for (const SavExtension& extension : extensions) {
    if (extension.kind == kEncoding) return std::string(without_blanks(extension.bytes));
  }
  constexpr size_t kCharacterCode = 7;
  for (const SavExtension& extension : extensions) {
    if (extension.kind != kIntegers || extension.bytes.size() < 4 * (kCharacterCode + 1)) continue;
    SavCursor integers(extension.bytes.substr(4 * kCharacterCode), cursor.file());
    integers.set_swapped(cursor.swapped());
    const int32_t code = integers.int32("record 7/3").value_or(0);
    if (code == 65001) return "UTF-8";
    if (code == 28591) return "ISO-8859-1";
    if (code >= 1250 && code <= 1258) return fmt::format("windows-{}", code);
    if (code >= 437 && code <= 1149) return fmt::format("CP{}", code);
  }
  return all_utf8(dictionary) ? "UTF-8" : "windows-1252";
}

}  // namespace barometer
