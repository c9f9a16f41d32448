#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <map>
#include <set>
#include <system_error>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/io/column_ids_internal.h"
#include "barometer/io/sav.h"
#include "barometer/io/sav_internal.h"

namespace barometer {
namespace {

namespace fs = std::filesystem;

// The bytes of a file, mapped as long as this lives.
class MappedFile {
 public:
  static Result<MappedFile> open(const fs::path& file) {
    const auto failure = [&](int number) {
      return fail(ErrorCode::kIo, fmt::format("cannot read '{}': {}", file.string(),
                                              std::generic_category().message(number)));
    };
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return failure(errno);
    struct stat status{};
    int number = ::fstat(descriptor, &status) == 0 ? 0 : errno;
    if (number == 0 && S_ISDIR(status.st_mode)) number = EISDIR;
    if (number == 0 && !S_ISREG(status.st_mode)) number = ESPIPE;
    MappedFile mapped;
    if (number == 0 && status.st_size > 0) {
      mapped.size_ = static_cast<size_t>(status.st_size);
      void* bytes = ::mmap(nullptr, mapped.size_, PROT_READ, MAP_PRIVATE, descriptor, 0);
      if (bytes == MAP_FAILED) number = errno;
      if (bytes != MAP_FAILED) mapped.bytes_ = static_cast<const char*>(bytes);
    }
    ::close(descriptor);
    if (number != 0) return failure(number);
    return mapped;
  }
  MappedFile(MappedFile&& other) noexcept
      : bytes_(std::exchange(other.bytes_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  MappedFile& operator=(MappedFile&&) = delete;
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile() {
    if (bytes_ != nullptr) ::munmap(const_cast<char*>(bytes_), size_);
  }
  [[nodiscard]] std::string_view bytes() const& { return {bytes_, bytes_ == nullptr ? 0 : size_}; }

 private:
  MappedFile() = default;
  const char* bytes_ = nullptr;
  size_t size_ = 0;
};

// One variable of what is read, with what its attribute says of it.
struct Draft {
  std::vector<Variable> variables;
  std::vector<SavMeta> metas;
};

std::optional<int> code_of(double value) {
  if (!(value >= 0 && value <= kMaxCode) || value != std::floor(value)) return std::nullopt;
  return static_cast<int>(value);
}

// A single variable when its labelled values can be codes, else a number.
void take_labels(const SavDictionary& dictionary, const SavVariable& source, Variable& variable) {
  variable.kind = VariableKind::kNumber;
  if (!source.labels) return;
  const SavMissingRule rule(dictionary, source);
  std::set<int> codes;
  for (const SavLabel& label : dictionary.labels[*source.labels]) {
    if (rule.kind_of(label.value) != Missing::kNone) continue;
    const auto code = code_of(label.value);
    if (!code) {
      variable.categories.clear();
      return;
    }
    if (codes.insert(*code).second) {
      variable.categories.push_back({.code = *code, .label = label.label});
    }
  }
  if (!codes.empty()) variable.kind = VariableKind::kSingle;
}

Draft draft_of(const SavDictionary& dictionary) {
  Draft draft;
  for (const SavVariable& source : dictionary.variables) {
    Variable variable;
    variable.label = source.label.empty() ? source.name : source.label;
    variable.kind = VariableKind::kSingle;  // of strings: to be decided by their number
    if (source.width == 0) take_labels(dictionary, source, variable);
    const Variable plain = variable;
    SavMeta meta;
    if (!source.attribute.empty()) meta = apply_sav_meta(source.attribute, variable);
    const bool is_text = variable.kind == VariableKind::kText;
    if (is_text != (source.width > 0) && (is_text || variable.kind == VariableKind::kScale)) {
      variable = plain;
    }
    // A label that was changed in another program since is the one that counts.
    if (meta.label && sav_label(*meta.label, kSavVariableLabel) == source.label) {
      variable.label = *meta.label;
    }
    draft.variables.push_back(std::move(variable));
    draft.metas.push_back(std::move(meta));
  }
  return draft;
}

// Codes of missing kinds and 0 and 1, or nothing when a column holds anything else.
std::optional<std::vector<uint8_t>> as_flags(const Column& column) {
  std::vector<uint8_t> flags(length_of(column));
  const auto flags_of = [&](const auto& codes) {
    for (size_t row = 0; row < codes.size(); ++row) {
      const Missing kind = missing_of(codes[row]);
      if (kind == Missing::kNone && codes[row] > 1) return false;
      flags[row] = kind == Missing::kNone ? uint8_t(codes[row]) : missing_code<uint8_t>(kind);
    }
    return true;
  };
  bool fits = false;
  if (const auto* narrow = std::get_if<NarrowCodes>(&column)) fits = flags_of(*narrow);
  if (const auto* numbers = std::get_if<Numbers>(&column)) {
    fits = true;
    for (size_t row = 0; row < flags.size() && fits; ++row) {
      const Missing kind = numbers->missing[row];
      const double value = numbers->values[row];
      fits = kind != Missing::kNone || value == 0 || value == 1;
      flags[row] = kind == Missing::kNone ? (value == 1 ? 1 : 0) : missing_code<uint8_t>(kind);
    }
  }
  return fits ? std::optional(std::move(flags)) : std::nullopt;
}

// The column of a multi variable, or why there is none.
Result<OptionSets> combined(const SavSet& set, const std::vector<Column>& columns) {
  OptionSets sets;
  for (size_t option = 0; option < set.members.size(); ++option) {
    const auto flags = as_flags(columns[set.members[option]]);
    if (!flags) return fail(ErrorCode::kInvalid, "its columns hold more than 0 and 1");
    if (option == 0) {
      sets.bits.resize(flags->size());
      sets.missing.resize(flags->size());
    }
    for (size_t row = 0; row < flags->size(); ++row) {
      const uint8_t flag = (*flags)[row];
      const Missing kind = missing_of(flag);
      if (option == 0) sets.missing[row] = kind;
      if (sets.missing[row] != kind) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("case {} has a value in some columns only", row + 1));
      }
      if (kind == Missing::kNone) sets.bits[row] |= uint64_t{flag} << option;
    }
  }
  return sets;
}

std::optional<int> number_after(const std::string& name, const std::string& start) {
  if (!name.starts_with(start)) return std::nullopt;
  int number = 0;
  const char* first = name.data() + start.size();
  const char* last = name.data() + name.size();
  const auto [end, problem] = std::from_chars(first, last, number);
  const bool fine = problem == std::errc() && end == last && number >= 0 && number <= kMaxCode;
  return fine ? std::optional(number) : std::nullopt;
}

// Columns of the file into variables, sets into one each.
class Assembler {
 public:
  Assembler(const SavDictionary& dictionary, Draft draft, std::vector<Column> columns, SavData& out)
      : dictionary_(dictionary), draft_(std::move(draft)), columns_(std::move(columns)), out_(out) {
    set_of_.resize(columns_.size());
  }
  void combine(const SavOptions& options);
  Status finish();

 private:
  void add_remembered_sets();
  Status take(const SavSet& set);
  [[nodiscard]] std::vector<int> option_codes(const SavSet& set) const;
  [[nodiscard]] Variable variable_of(const SavSet& set) const;

  const SavDictionary& dictionary_;
  Draft draft_;
  std::vector<Column> columns_;
  SavData& out_;
  std::vector<SavSet> sets_;
  std::vector<std::optional<size_t>> set_of_;  // by column: an index of multis_
  std::vector<std::pair<Variable, OptionSets>> multis_;
  std::vector<SavMeta> multi_metas_;
  std::vector<std::string> multi_names_;
};

// Sets that SPSS does not take as such (of one option) are known by our attribute alone.
void Assembler::add_remembered_sets() {
  std::set<size_t> members;
  std::map<std::string, size_t> places;
  for (const SavSet& set : dictionary_.sets) members.insert(set.members.begin(), set.members.end());
  for (size_t i = 0; i < draft_.metas.size(); ++i) {
    const std::string& name = draft_.metas[i].option_of;
    if (name.empty() || members.contains(i)) continue;
    const auto [place, is_new] = places.try_emplace(name, sets_.size());
    if (is_new) sets_.push_back({.name = name, .dichotomy = true, .counted = "1"});
    sets_[place->second].members.push_back(i);
  }
}

void Assembler::combine(const SavOptions& options) {
  if (!options.combine_sets) return;
  sets_ = dictionary_.sets;
  add_remembered_sets();
  for (const SavSet& set : sets_) {
    if (const Status taken = take(set); !taken) {
      out_.notes.push_back(fmt::format("the set ${} stays separate columns: {}",
                                       printable(set.name), taken.error().message));
    }
  }
}

Status Assembler::take(const SavSet& set) {
  if (!set.dichotomy) return fail(ErrorCode::kInvalid, "it is one of categories");
  if (trimmed(set.counted) != "1") {
    return fail(ErrorCode::kInvalid, fmt::format("it counts '{}', not 1", printable(set.counted)));
  }
  const std::set<size_t> distinct(set.members.begin(), set.members.end());
  if (set.members.empty() || set.members.size() > 64 || distinct.size() != set.members.size()) {
    return fail(ErrorCode::kInvalid,
                fmt::format("it has {} columns, not 1 to 64", set.members.size()));
  }
  for (const size_t member : set.members) {
    if (set_of_[member]) {
      return fail(ErrorCode::kInvalid, fmt::format("'{}' is in another set too",
                                                   printable(dictionary_.variables[member].name)));
    }
  }
  OptionSets sets = TRY(combined(set, columns_));
  for (const size_t member : set.members) {
    set_of_[member] = multis_.size();
    columns_[member] = {};
  }
  const SavMeta& first = draft_.metas[set.members[0]];
  Variable variable = variable_of(set);
  SavMeta meta;
  if (!first.whole.empty()) meta = apply_sav_meta(first.whole, variable);
  variable.kind = VariableKind::kMulti;
  if (meta.label && (set.label.empty() || sav_set_label(*meta.label) == set.label)) {
    variable.label = *meta.label;
  }
  multis_.emplace_back(std::move(variable), std::move(sets));
  multi_metas_.push_back(std::move(meta));
  multi_names_.push_back(set.name);
  return {};
}

std::vector<int> Assembler::option_codes(const SavSet& set) const {
  std::vector<int> remembered, numbered, counted;
  for (const size_t member : set.members) {
    const SavMeta& meta = draft_.metas[member];
    counted.push_back(static_cast<int>(counted.size()) + 1);
    if (!meta.option_of.empty()) remembered.push_back(meta.option_code);
    const auto number = number_after(dictionary_.variables[member].name, set.name + "_");
    if (number) numbered.push_back(*number);
  }
  for (const auto& codes : {remembered, numbered}) {
    if (codes.size() == set.members.size() &&
        std::set<int>(codes.begin(), codes.end()).size() == codes.size()) {
      return codes;
    }
  }
  return counted;
}

Variable Assembler::variable_of(const SavSet& set) const {
  Variable variable;
  variable.kind = VariableKind::kMulti;
  variable.label = set.label.empty() ? set.name : set.label;
  const std::vector<int> codes = option_codes(set);
  for (size_t i = 0; i < set.members.size(); ++i) {
    variable.categories.push_back(
        {.code = codes[i], .label = draft_.variables[set.members[i]].label});
  }
  return variable;
}

// NETs of codes that are there.
void drop_wrong_nets(Variable& variable) {
  std::set<int> codes;
  for (const Category& category : variable.categories) codes.insert(category.code);
  std::erase_if(variable.nets, [&](const Net& net) {
    return std::ranges::any_of(net.codes, [&](int code) {
      const bool on_scale = variable.kind == VariableKind::kScale && variable.has_code(code);
      return !codes.contains(code) && !on_scale;
    });
  });
}

Status Assembler::finish() {
  std::vector<Variable> variables;
  std::vector<Column> columns;
  std::vector<std::string> wanted;
  std::vector<bool> placed(multis_.size(), false);
  for (size_t i = 0; i < columns_.size(); ++i) {
    const auto multi = set_of_[i];
    if (multi && placed[*multi]) continue;
    if (multi) placed[*multi] = true;
    const std::string& name = multi ? multi_names_[*multi] : dictionary_.variables[i].name;
    const SavMeta& meta = multi ? multi_metas_[*multi] : draft_.metas[i];
    out_.names.push_back(name);
    wanted.push_back(is_variable_id(meta.id) ? meta.id : name);
    variables.push_back(std::move(multi ? multis_[*multi].first : draft_.variables[i]));
    columns.push_back(multi ? Column(std::move(multis_[*multi].second)) : std::move(columns_[i]));
  }
  const std::vector<std::string> ids = column_ids(wanted);
  Codebook codebook;
  for (size_t i = 0; i < variables.size(); ++i) {
    variables[i].id = ids[i];
    drop_wrong_nets(variables[i]);
    TRY_DONE(codebook.add(std::move(variables[i])));
  }
  out_.data = TRY(Dataset::make(std::move(codebook), std::move(columns)));
  return {};
}

// Formats of dates and of dates with times; their values are seconds since October 1582.
bool is_date(int format) {
  constexpr std::array<int, 10> kDates = {20, 22, 23, 24, 28, 29, 30, 38, 39, 41};
  return std::ranges::find(kDates, format) != kDates.end();
}

void note_formats(const SavDictionary& dictionary, std::vector<std::string>& notes) {
  for (const SavVariable& variable : dictionary.variables) {
    if (variable.width > 0 || !is_date(variable.format)) continue;
    notes.push_back(fmt::format("{}: dates are numbers, seconds since 14 October 1582",
                                printable(variable.name)));
  }
  if (dictionary.weight) {
    notes.push_back(fmt::format("{}: the file names this variable as its weight",
                                printable(dictionary.variables[*dictionary.weight].name)));
  }
}

}  // namespace

bool is_sav_name(const fs::path& file) {
  const std::string ending = lowered(file.extension().string());
  return ending == ".sav" || ending == ".zsav";
}

Result<SavData> read_sav_bytes(std::string_view bytes, const std::string& name,
                               const SavOptions& options) {
  const SavDictionary dictionary = TRY(read_sav_dictionary(bytes, name));
  const SavCases cases = TRY(SavCases::of(dictionary, bytes, name, options.threads));
  SavData out;
  note_formats(dictionary, out.notes);
  Draft draft = draft_of(dictionary);
  std::vector<Column> columns =
      TRY(read_sav_columns(dictionary, cases, name, options, draft.variables, out.notes));
  Assembler assembler(dictionary, std::move(draft), std::move(columns), out);
  assembler.combine(options);
  TRY_DONE(assembler.finish());
  return out;
}

Result<SavData> read_sav(const fs::path& file, const SavOptions& options) {
  const MappedFile mapped = TRY(MappedFile::open(file));
  return read_sav_bytes(mapped.bytes(), file.string(), options);
}

}  // namespace barometer
