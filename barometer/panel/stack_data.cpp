// The waves' variables, one under another.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/panel/stack_internal.h"

namespace barometer {
namespace {

constexpr const char* kWaveId = "wave";

// One variable of one wave beside that of the first wave.
struct Pair {
  const std::string& first_wave;
  const std::string& wave;
  const Variable& model;
  const Variable& here;

  [[nodiscard]] tl::unexpected<Error> differs(const std::string& what) const {
    return fail(ErrorCode::kInvalid, fmt::format("variable '{}': {}", model.id, what));
  }
};

bool on_scale(const Variable& variable, int code) {
  return variable.kind == VariableKind::kScale && code >= *variable.scale_low &&
         code <= *variable.scale_high;
}

Status check_labels(const Variable& variable, const std::string& wave) {
  std::set<std::string_view> seen;
  for (const Category& category : variable.categories) {
    if (seen.insert(category.label).second) continue;
    return fail(ErrorCode::kInvalid,
                fmt::format("variable '{}' of wave '{}' has two categories '{}', so they cannot be "
                            "matched by label",
                            variable.id, wave, printable(category.label)));
  }
  return {};
}

Status check_kind(const Pair& pair) {
  const auto& [first_wave, wave, model, here] = pair;
  if (model.kind != here.kind) {
    return pair.differs(
        fmt::format("it is of one kind in wave '{}' and of another in '{}'", first_wave, wave));
  }
  if (model.scale_low != here.scale_low || model.scale_high != here.scale_high) {
    return pair.differs(fmt::format("its scale is {} to {} in wave '{}' and {} to {} in '{}'",
                                    *model.scale_low, *model.scale_high, first_wave,
                                    *here.scale_low, *here.scale_high, wave));
  }
  if (model.kind == VariableKind::kNumber && model.label != here.label) {
    return pair.differs(fmt::format("it is '{}' in wave '{}' and '{}' in '{}'",
                                    printable(model.label), first_wave, printable(here.label),
                                    wave));
  }
  if (model.dont_know_in_base != here.dont_know_in_base) {
    return pair.differs(fmt::format("\"don't know\" is in its base in wave '{}' and not in '{}'",
                                    model.dont_know_in_base ? first_wave : wave,
                                    model.dont_know_in_base ? wave : first_wave));
  }
  return {};
}

Status check_categories(const Pair& pair) {
  const auto& [first_wave, wave, model, here] = pair;
  const auto only_in = [&](const Category& category, const std::string& where) {
    return pair.differs(
        fmt::format("its category '{}' is in wave '{}' only ('{}' and '{}' are "
                    "compared)",
                    printable(category.label), where, first_wave, wave));
  };
  for (const Category& category : here.categories) {
    const Category* same = model.category_labelled(category.label);
    if (same == nullptr) return only_in(category, wave);
    if (same->dont_know != category.dont_know) {
      return pair.differs(fmt::format("its category '{}' is a \"don't know\" in one wave only",
                                      printable(category.label)));
    }
    if ((on_scale(model, same->code) || on_scale(here, category.code)) &&
        same->code != category.code) {
      return pair.differs(
          fmt::format("the point '{}' of its scale is {} in wave '{}' and {} in "
                      "'{}'",
                      printable(category.label), same->code, first_wave, category.code, wave));
    }
  }
  for (const Category& category : model.categories) {
    if (here.category_labelled(category.label) == nullptr) return only_in(category, first_wave);
  }
  return {};
}

Result<const Variable*> variable_of(const SurveyWave& wave, const std::string& id) {
  const Variable* variable = wave.data->codebook().find(id);
  if (variable != nullptr) return variable;
  const std::string hint = suggestion(id, wave.data->codebook().ids());
  return fail(ErrorCode::kInvalid, fmt::format("wave '{}' has no variable '{}'{}{}", wave.name,
                                               printable(id), hint.empty() ? "" : "; ", hint));
}

// The category codes of `here`, as codes of `model`; codes on a scale stay.
std::map<int, int> recoding(const Variable& model, const Variable& here) {
  std::map<int, int> codes;
  for (const Category& category : here.categories) {
    codes[category.code] = model.category_labelled(category.label)->code;
  }
  return codes;
}

uint64_t recoded(uint64_t bits, const Variable& model, const Variable& here) {
  uint64_t out = 0;
  for (size_t i = 0; i < here.categories.size(); ++i) {
    if ((bits >> i & 1) == 0) continue;
    const Category* same = model.category_labelled(here.categories[i].label);
    out |= uint64_t{1} << (same - model.categories.data());
  }
  return out;
}

template <class T>
void append(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

// A column that grows wave by wave.
class Growing {
 public:
  explicit Growing(const Variable& model) : model_(model) {
    if (model.kind == VariableKind::kMulti) other_ = OptionSets{};
    if (model.kind == VariableKind::kNumber) other_ = Numbers{};
    if (model.kind == VariableKind::kText) other_ = Texts{};
  }

  void add(const Variable& here, const Column& column) {
    if (const auto* sets = std::get_if<OptionSets>(&column)) {
      auto& to = std::get<OptionSets>(other_);
      for (const uint64_t bits : sets->bits) to.bits.push_back(recoded(bits, model_, here));
      append(to.missing, sets->missing);
    } else if (const auto* numbers = std::get_if<Numbers>(&column)) {
      append(std::get<Numbers>(other_).values, numbers->values);
      append(std::get<Numbers>(other_).missing, numbers->missing);
    } else if (const auto* texts = std::get_if<Texts>(&column)) {
      append(std::get<Texts>(other_).values, texts->values);
      append(std::get<Texts>(other_).missing, texts->missing);
    } else {
      add_codes(here, column);
    }
  }

  [[nodiscard]] Column take() && {
    const bool codes = model_.kind == VariableKind::kSingle || model_.kind == VariableKind::kScale;
    return codes ? make_codes(codes_) : std::move(other_);
  }

 private:
  void add_codes(const Variable& here, const Column& column) {
    const std::map<int, int> codes = recoding(model_, here);
    for (size_t row = 0; row < length_of(column); ++row) {
      const Missing missing = missing_at(column, row);
      if (missing != Missing::kNone) {
        codes_.push_back(file_code(missing));
        continue;
      }
      const int code = code_at(column, row);
      const auto found = codes.find(code);
      codes_.push_back(found == codes.end() ? code : found->second);
    }
  }

  const Variable& model_;
  std::vector<int> codes_;
  Column other_;
};

Result<Column> stacked_column(std::span<const SurveyWave> waves, const std::string& id,
                              bool& reworded) {
  const Variable* model = TRY(variable_of(waves[0], id));
  Growing column(*model);
  for (const SurveyWave& wave : waves) {
    const Variable* here = TRY(variable_of(wave, id));
    const Pair pair{waves[0].name, wave.name, *model, *here};
    TRY_DONE(check_labels(*here, wave.name));
    TRY_DONE(check_kind(pair));
    TRY_DONE(check_categories(pair));
    if (here->wording_hash != model->wording_hash) reworded = true;
    column.add(*here, *TRY(wave.data->find(id)));
  }
  return std::move(column).take();
}

std::pair<Variable, Column> wave_column(std::span<const SurveyWave> waves) {
  Variable variable;
  variable.id = kWaveId;
  variable.label = "Wave";
  std::vector<int> codes;
  for (size_t w = 0; w < waves.size(); ++w) {
    const int code = static_cast<int>(w) + 1;
    variable.categories.push_back({code, waves[w].name, false});
    codes.insert(codes.end(), waves[w].data->case_count(), code);
  }
  return {std::move(variable), make_codes(codes)};
}

}  // namespace

Result<StackedData> stack_data(std::span<const SurveyWave> waves,
                               std::span<const std::string> variables) {
  Codebook codebook;
  std::vector<Column> columns;
  auto [wave, codes] = wave_column(waves);
  TRY_DONE(codebook.add(std::move(wave)));
  columns.push_back(std::move(codes));
  std::vector<std::string> reworded_ids;
  for (const std::string& id : variables) {
    bool reworded = false;
    columns.push_back(TRY(stacked_column(waves, id, reworded)));
    TRY_DONE(codebook.add(*waves[0].data->codebook().find(id)));
    if (reworded) reworded_ids.push_back(id);
  }
  return StackedData{TRY(Dataset::make(std::move(codebook), std::move(columns))),
                     std::move(reworded_ids)};
}

}  // namespace barometer
