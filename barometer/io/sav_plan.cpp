#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_set>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/io/sav_internal.h"

namespace barometer {
namespace {

constexpr std::array<Missing, 4> kKinds = {Missing::kNotAsked, Missing::kSystem, Missing::kRefused,
                                           Missing::kDontKnow};
constexpr size_t kMaxShortName = 8;
constexpr int kFormatNumber = 5;
constexpr int kFormatText = 1;

int format_of(int type, int width, int decimals) { return type << 16 | width << 8 | decimals; }

size_t number_of(Missing kind) { return static_cast<size_t>(kind); }

// Names that SPSS takes: a name of its own for each column of the file, and one of eight bytes.
class Names {
 public:
  explicit Names(const Codebook& codebook) {
    for (const Variable& variable : codebook.variables()) {
      if (variable.kind != VariableKind::kMulti && !is_reserved(variable.id)) {
        taken_.insert(lowered(variable.id));
      }
    }
  }
  // The id, unless SPSS uses the word itself.
  std::string of(const Variable& variable) {
    return is_reserved(variable.id) ? unused(variable.id + "_") : variable.id;
  }
  std::string of_option(const Variable& variable, int code) {
    return unused(fmt::format("{}_{}", variable.id, code));
  }
  // Called when all long names are given: a short name is no other variable's long name.
  std::string short_of(const std::string& name) {
    if (name.size() <= kMaxShortName) return upper(name);
    return made();
  }
  std::string made() {
    for (;;) {
      std::string name = fmt::format("V{}", ++made_);
      if (!taken_.contains(lowered(name))) return name;
    }
  }

 private:
  static bool is_reserved(const std::string& name) {
    constexpr std::array<std::string_view, 13> kWords = {
        "all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"};
    return std::ranges::find(kWords, lowered(name)) != kWords.end();
  }
  static std::string upper(std::string name) {
    for (char& c : name) {
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return name;
  }
  std::string unused(const std::string& name) {
    std::string out = name;
    for (int number = 2; !taken_.insert(lowered(out)).second; ++number) {
      out = fmt::format("{}_{}", name, number);
    }
    return out;
  }

  std::unordered_set<std::string> taken_;  // in lower case
  size_t made_ = 0;
};

// What the values of a column need in the file.
struct Needs {
  std::array<bool, 5> kinds{};
  bool whole = true;
  double largest = 0;  // number: the largest absolute value
  size_t width = 0;    // text: the longest
};

auto invalid(const Variable& variable, size_t row, const std::string& what) {
  return fail(ErrorCode::kInvalid,
              fmt::format("variable '{}', case {}: {}", variable.id, row + 1, what));
}

Result<Needs> needs_of(const Variable& variable, const Numbers& numbers) {
  Needs needs;
  for (size_t row = 0; row < numbers.values.size(); ++row) {
    needs.kinds[number_of(numbers.missing[row])] = true;
    const double value = numbers.values[row];
    if (value == kSavSystemMissing) {
      return invalid(variable, row,
                     fmt::format("{} is how SPSS marks a missing value, not a number", value));
    }
    needs.whole = needs.whole && value == std::trunc(value);
    needs.largest = std::max(needs.largest, std::abs(value));
  }
  return needs;
}

Result<Needs> needs_of(const Variable& variable, const Texts& texts) {
  Needs needs;
  for (size_t row = 0; row < texts.values.size(); ++row) {
    needs.kinds[number_of(texts.missing[row])] = true;
    needs.width = std::max(needs.width, texts.values[row].size());
    if (texts.values[row].size() > static_cast<size_t>(kSavMaxString)) {
      return fail(
          ErrorCode::kLimit,
          fmt::format("variable '{}', case {}: a text of {} bytes, more than the {} of SPSS",
                      variable.id, row + 1, texts.values[row].size(), kSavMaxString));
    }
  }
  return needs;
}

// The first of -1, -91, -991, … (or -7, -97, …) that is none of the values.
template <class IsValue>
std::optional<int> free_code(Missing kind, const IsValue& is_value) {
  for (const int less : {0, 90, 990, 9990, 99990, 999990, 9999990}) {
    if (!is_value(file_code(kind) - less)) return file_code(kind) - less;
  }
  return std::nullopt;
}

void declare_kinds(SavField& field) {
  for (const Missing kind : kKinds) {
    field.numbers[number_of(kind)] = file_code(kind);
    field.labels.push_back(
        {.value = static_cast<double>(file_code(kind)), .label = std::string(name_of(kind))});
  }
  field.variable.missing_range = {-9, -1};
}

Status plan_numbers(const Variable& variable, const Numbers& numbers, SavField& field) {
  const Needs needs = TRY(needs_of(variable, numbers));
  const int digits = static_cast<int>(std::log10(std::max(needs.largest, 1.0))) + 2;
  const int width = std::clamp(digits + (needs.whole ? 0 : 3), 8, 40);
  field.variable.format = format_of(kFormatNumber, width, needs.whole ? 0 : 2);
  field.measure = 3;
  field.numbers[number_of(Missing::kSystem)] = kSavSystemMissing;
  for (const Missing kind : kKinds) {
    if (kind == Missing::kSystem || !needs.kinds[number_of(kind)]) continue;
    const auto code = free_code(kind, [&](int candidate) {
      for (size_t row = 0; row < numbers.values.size(); ++row) {
        if (numbers.values[row] == candidate && numbers.missing[row] == Missing::kNone) return true;
      }
      return false;
    });
    if (!code) return invalid(variable, 0, "no number is left to mark a missing value");
    field.numbers[number_of(kind)] = *code;
    field.variable.missing_values.push_back(*code);
    field.labels.push_back(
        {.value = static_cast<double>(*code), .label = std::string(name_of(kind))});
  }
  return {};
}

Status plan_texts(const Variable& variable, const Texts& texts, SavField& field) {
  const Needs needs = TRY(needs_of(variable, texts));
  size_t width = std::max<size_t>(needs.width, 1);
  for (const Missing kind : kKinds) {
    if (kind == Missing::kSystem || !needs.kinds[number_of(kind)]) continue;
    const auto code = free_code(kind, [&](int candidate) {
      const std::string text = std::to_string(candidate);
      return std::ranges::any_of(
          texts.values, [&](const std::string& value) { return without_blanks(value) == text; });
    });
    if (!code) return invalid(variable, 0, "no text is left to mark a missing value");
    const std::string text = std::to_string(*code);
    field.texts[number_of(kind)] = text;
    field.variable.missing_texts.push_back(text);
    field.labels.push_back({.text = text, .label = std::string(name_of(kind))});
    width = std::max(width, text.size());
  }
  field.variable.width = static_cast<int>(width);
  field.variable.format = format_of(kFormatText, std::min<int>(field.variable.width, 255), 0);
  return {};
}

// Labels of categories and of the ends of a scale; returns the codes of the latter.
std::vector<int> plan_codes(const Variable& variable, SavField& field) {
  std::vector<int> added;
  int highest = variable.scale_high.value_or(1);
  const auto add = [&](int code, const std::string& label) {
    field.labels.push_back(
        {.value = static_cast<double>(code), .label = sav_label(label, kSavValueLabel)});
  };
  for (const Category& category : variable.categories) {
    add(category.code, category.label);
    highest = std::max(highest, category.code);
  }
  if (variable.kind == VariableKind::kScale) {
    field.measure = 2;
    const std::array<std::pair<int, const std::string*>, 2> ends = {
        {{*variable.scale_low, &variable.scale_low_label},
         {*variable.scale_high, &variable.scale_high_label}}};
    for (const auto& [code, label] : ends) {
      if (label->empty() || variable.category(code) != nullptr) continue;
      add(code, *label);
      added.push_back(code);
    }
  }
  declare_kinds(field);
  const int width = static_cast<int>(std::to_string(highest).size());
  field.variable.format = format_of(kFormatNumber, std::max(width, 2), 0);
  return added;
}

// The label of a column, and what of it has to be remembered: without one it is read as the name.
void plan_label(const std::string& label, SavField& field, SavMeta& meta) {
  const std::string cut = sav_label(label, kSavVariableLabel);
  if (cut != field.variable.name) field.variable.label = cut;
  if ((cut.empty() ? field.variable.name : cut) != label) meta.label = label;
}

class Planner {
 public:
  explicit Planner(const Dataset& data) : data_(data), names_(data.codebook()) {}
  Result<SavPlan> plan(unsigned threads);

 private:
  void add(const Variable& variable, const Column& column);
  void add_options(const Variable& variable, const Column& column);
  void place();

  const Dataset& data_;
  Names names_;
  SavPlan plan_;
  std::vector<const Variable*> of_;  // by field
  std::vector<SavMeta> metas_;
};

void Planner::add(const Variable& variable, const Column& column) {
  SavField field{.column = &column};
  SavMeta meta;
  field.variable.name = names_.of(variable);
  if (field.variable.name != variable.id) meta.id = variable.id;
  plan_label(variable.label, field, meta);
  plan_.fields.push_back(std::move(field));
  metas_.push_back(std::move(meta));
  of_.push_back(&variable);
}

void Planner::add_options(const Variable& variable, const Column& column) {
  SavSet set{.name = variable.id, .dichotomy = true, .counted = "1"};
  SavMeta whole;
  set.label = sav_set_label(variable.label);
  const bool alone = variable.categories.size() == 1;  // which is no set to other programs
  if (alone || (set.label.empty() ? set.name : set.label) != variable.label) {
    whole.label = variable.label;
  }
  for (size_t option = 0; option < variable.categories.size(); ++option) {
    const Category& category = variable.categories[option];
    SavField field{.column = &column, .option = option};
    field.variable.name = names_.of_option(variable, category.code);
    field.variable.format = format_of(kFormatNumber, 2, 0);
    SavMeta meta{.option_of = variable.id, .option_code = category.code};
    if (option == 0) meta.whole = sav_meta_text(variable, whole);
    plan_label(category.label, field, meta);
    field.labels = {{.value = 0, .label = "No"}, {.value = 1, .label = "Yes"}};
    declare_kinds(field);
    field.variable.attribute = sav_meta_text({}, meta);
    set.members.push_back(plan_.fields.size());
    plan_.fields.push_back(std::move(field));
    metas_.push_back(std::move(meta));
    of_.push_back(nullptr);
  }
  if (!alone && !set.members.empty()) plan_.sets.push_back(std::move(set));
}

void Planner::place() {
  for (SavField& field : plan_.fields) {
    field.variable.place = plan_.elements;
    for (const int width : sav_segment_widths(field.variable.width)) {
      const bool first = field.short_names.empty();
      field.short_names.push_back(first ? names_.short_of(field.variable.name) : names_.made());
      plan_.elements += sav_elements(width);
    }
  }
}

Result<SavPlan> Planner::plan(unsigned threads) {
  plan_.rows = data_.case_count();
  for (size_t i = 0; i < data_.codebook().variables().size(); ++i) {
    const Variable& variable = data_.codebook().variables()[i];
    variable.kind == VariableKind::kMulti ? add_options(variable, data_.column(i))
                                          : add(variable, data_.column(i));
  }
  std::vector<Status> done(plan_.fields.size());
  in_parallel(plan_.fields.size(), threads, [&](size_t i) {
    if (of_[i] == nullptr) return;
    SavField& field = plan_.fields[i];
    if (const auto* numbers = std::get_if<Numbers>(field.column)) {
      done[i] = plan_numbers(*of_[i], *numbers, field);
    } else if (const auto* texts = std::get_if<Texts>(field.column)) {
      done[i] = plan_texts(*of_[i], *texts, field);
    } else {
      metas_[i].added = plan_codes(*of_[i], field);
    }
    field.variable.attribute = sav_meta_text(*of_[i], metas_[i]);
  });
  for (Status& status : done) TRY_DONE(std::move(status));
  place();
  return std::move(plan_);
}

}  // namespace

Result<SavPlan> sav_plan(const Dataset& data, unsigned threads) {
  return Planner(data).plan(threads);
}

}  // namespace barometer
