// A wave's responses: read against its codebook, joined with the frame, checked.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "barometer/base/csv.h"
#include "barometer/base/file.h"
#include "barometer/base/text.h"
#include "barometer/data/expression.h"
#include "barometer/io/io.h"
#include "barometer/questionnaire/asked.h"
#include "barometer/study/study_internal.h"

namespace barometer {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMaxShown = 20;                   // problems shown of one kind
constexpr size_t kMaxPlacedCsv = size_t{4} << 20;  // larger files are placed by row only

struct FrameField {
  std::string_view id, label;
  std::string Organisation::* value;
};
constexpr FrameField kFrameFields[] = {{"region", "Region", &Organisation::region},
                                       {"area_team", "Area team", &Organisation::area_team}};

// Where a row's cell stands in the file. Rows of a CSV file have a line and a column; the file is
// read for them only when there is something to say.
class RowPlaces {
 public:
  RowPlaces(fs::path path, std::string file) : path_(std::move(path)), file_(std::move(file)) {}

  Place of(size_t row, std::string_view column) {
    if (!std::exchange(tried_, true) && path_.extension() == ".csv") load();
    if (!table_ || row >= table_->row_count()) return {file_, 0, 0};
    return table_->cell(row, column).place;
  }

 private:
  void load() {
    const auto bytes = read_file(path_, kMaxPlacedCsv);
    Diagnostics reported_by_the_reader;
    if (bytes) table_ = CsvTable::parse(*bytes, file_, reported_by_the_reader);
  }

  fs::path path_;
  std::string file_;
  bool tried_ = false;
  std::optional<CsvTable> table_;
};

Variable plain_variable(std::string id, VariableKind kind, std::string label) {
  Variable variable;
  variable.id = std::move(id);
  variable.kind = kind;
  variable.label = std::move(label);
  return variable;
}

// Sorted texts as categories, with codes from 1.
std::vector<Category> categories_of(const std::set<std::string>& texts) {
  std::vector<Category> categories;
  for (const std::string& text : texts) {
    categories.push_back({static_cast<int>(categories.size()) + 1, text, false});
  }
  return categories;
}

class ResponsesReader {
 public:
  ResponsesReader(const Study& study, const Wave& wave, Diagnostics& problems)
      : study_(study),
        wave_(wave),
        problems_(problems),
        file_(wave.responses.lexically_relative(study.folder).generic_string()),
        places_(wave.responses, file_) {}

  Result<Dataset> read() {
    const Codebook codebook = TRY(file_codebook());
    const Dataset table = TRY(table_of(codebook));
    take(table);
    check_respondents();
    check_organisations();
    check_weights();
    check_numbers();
    if (problems_.error_count() > errors_before_) return failure();
    code_stratum();
    for (const Variable& variable : frame_variables(study_, wave_)) add_frame_field(variable);
    Codebook whole;
    for (const Variable& variable : variables_) TRY_DONE(whole.add(variable));
    Dataset data = TRY(Dataset::make(std::move(whole), std::move(columns_)));
    TRY_DONE(check_routing(data));
    return data;
  }

 private:
  bool is_item(std::string_view id) const { return wave_.questionnaire.find(id) != nullptr; }
  static bool is_frame_field(std::string_view id) {
    return std::ranges::find(kFrameFields, id, &FrameField::id) != std::end(kFrameFields);
  }

  bool stratum_is_own_column() const {
    const std::string& stratum = wave_.design.stratum;
    return !stratum.empty() && !is_item(stratum) && !is_frame_field(stratum) &&
           stratum != wave_.design.weight;
  }

  // What the columns of the file mean.
  Result<Codebook> file_codebook() const {
    Codebook codebook;
    TRY_DONE(codebook.add(plain_variable("respondent", VariableKind::kText, "Respondent")));
    TRY_DONE(codebook.add(plain_variable("organisation", VariableKind::kText, "Organisation")));
    const DesignSettings& design = wave_.design;
    if (!design.weight.empty() && !is_item(design.weight)) {
      TRY_DONE(codebook.add(plain_variable(design.weight, VariableKind::kNumber, "Weight")));
    }
    if (stratum_is_own_column()) {
      TRY_DONE(codebook.add(plain_variable(design.stratum, VariableKind::kText, "Stratum")));
    }
    const Codebook items = TRY(wave_.questionnaire.codebook());
    for (const Variable& item : items.variables()) TRY_DONE(codebook.add(item));
    return codebook;
  }

  // Its messages name the file as people know it, relative to the study.
  Result<Dataset> table_of(const Codebook& codebook) {
    Diagnostics found;
    auto table = read_responses_table(wave_.responses, codebook, found);
    for (Diagnostic item : found.items()) {
      item.place.file = file_;
      problems_.add(std::move(item));
    }
    if (!table) problems_.error("responses", {file_, 0, 0}, table.error().message);
    return table;
  }

  void take(const Dataset& table) {
    variables_ = table.codebook().variables();
    for (size_t i = 0; i < variables_.size(); ++i) columns_.push_back(table.column(i));
    case_count_ = table.case_count();
  }

  size_t index_of(std::string_view id) const {
    const auto found = std::ranges::find(variables_, id, &Variable::id);
    CHECK(found != variables_.end(), "the file's codebook holds the column");
    return static_cast<size_t>(found - variables_.begin());
  }

  // Reports the first few of one kind; finish_kind says how many more there are.
  void error(const std::string& code, size_t row, std::string_view column,
             const std::string& message, std::string hint = {}) {
    if (++shown_[code] > kMaxShown) return;
    problems_.error(code, places_.of(row, column), fmt::format("row {}: {}", row + 1, message),
                    std::move(hint));
  }
  void finish_kind(const std::string& code) {
    if (shown_[code] <= kMaxShown) return;
    problems_.error(code, {file_, 0, 0},
                    fmt::format("{} more rows have this problem", shown_[code] - kMaxShown));
  }

  void check_respondents() {
    const auto& texts = std::get<Texts>(columns_[index_of("respondent")]);
    // A column that is not there has been reported.
    if (std::ranges::all_of(texts.missing, [](Missing m) { return m != Missing::kNone; })) return;
    std::map<std::string_view, size_t> first_row;
    for (size_t row = 0; row < case_count_; ++row) {
      if (texts.missing[row] != Missing::kNone) {
        error("respondent-missing", row, "respondent", "there is no respondent id");
        continue;
      }
      const auto [first, is_new] = first_row.try_emplace(texts.values[row], row);
      if (is_new) continue;
      error("respondent-doubled", row, "respondent",
            fmt::format("the respondent '{}' is there twice, first in row {}",
                        printable(texts.values[row]), first->second + 1),
            "one row a respondent");
    }
    finish_kind("respondent-missing");
    finish_kind("respondent-doubled");
  }

  void check_organisations() {
    const auto& texts = std::get<Texts>(columns_[index_of("organisation")]);
    const Frame& frame = study_.frame_of(wave_);
    std::vector<std::string> known;
    for (const Organisation& organisation : frame.organisations()) known.push_back(organisation.id);
    for (size_t row = 0; row < case_count_; ++row) {
      if (texts.missing[row] != Missing::kNone) continue;
      for (const std::string& part : split(texts.values[row], ';')) {
        const std::string id(trimmed(part));
        if (frame.organisation(id) != nullptr) continue;
        error("organisation-unknown", row, "organisation",
              fmt::format("the organisation '{}' is not in the frame '{}'", printable(id),
                          wave_.frame_version),
              suggestion(id, known));
      }
    }
    finish_kind("organisation-unknown");
    warn_of_blank_organisations(texts);
  }

  // All blank: a survey that does not ask for organisations. Some blank: more likely an oversight.
  void warn_of_blank_organisations(const Texts& texts) {
    std::vector<size_t> blank;
    for (size_t row = 0; row < case_count_; ++row) {
      const auto ids = split(texts.values[row], ';');
      const bool named =
          texts.missing[row] == Missing::kNone &&
          std::ranges::any_of(ids, [](const std::string& id) { return !trimmed(id).empty(); });
      if (!named) blank.push_back(row);
    }
    if (blank.empty() || blank.size() == case_count_) return;
    problems_.warning(
        "organisation-blank", places_.of(blank.front(), "organisation"),
        fmt::format(
            "row {} names no organisation{}, so there will be no tables by organisation",
            blank.front() + 1,
            blank.size() == 1 ? "" : fmt::format(" (the first of {} such rows)", blank.size())),
        "tables by organisation need one for every respondent");
  }

  // Numbers whose means could not be printed with the decimals asked for.
  void check_numbers() {
    constexpr double kMost = 1e12;
    constexpr int kDigits = 13;  // of 15 that print, two are left for sums and differences
    const double most = std::min(kMost, std::pow(10, kDigits - study_.print.mean_places));
    for (size_t i = 0; i < variables_.size(); ++i) {
      const auto* numbers = std::get_if<Numbers>(&columns_[i]);
      if (numbers == nullptr) continue;
      for (size_t row = 0; row < case_count_; ++row) {
        if (numbers->missing[row] != Missing::kNone) continue;
        if (std::abs(numbers->values[row]) <= most) continue;
        error("number-too-large", row, variables_[i].id,
              fmt::format("the number {} of '{}' is not between {:.0f} and {:.0f}",
                          numbers->values[row], variables_[i].id, -most, most),
              "use a larger unit: thousands, millions");
      }
    }
    finish_kind("number-too-large");
  }

  void check_weights() {
    if (wave_.design.weight.empty()) return;
    const std::string& id = wave_.design.weight;
    const auto* weights = std::get_if<Numbers>(&columns_[index_of(id)]);
    if (weights == nullptr) return;  // an item of another kind, reported with the design
    if (std::ranges::all_of(weights->missing, [](Missing m) { return m != Missing::kNone; }))
      return;
    for (size_t row = 0; row < case_count_; ++row) {
      if (weights->missing[row] != Missing::kNone) {
        error("weight", row, id, fmt::format("there is no weight '{}'", id));
      } else if (weights->values[row] < 0) {
        error("weight", row, id,
              fmt::format("the weight {} is less than zero", weights->values[row]));
      }
    }
    finish_kind("weight");
  }

  // A stratum column of any text becomes a variable with one answer each.
  void code_stratum() {
    if (!stratum_is_own_column()) return;
    const size_t at = index_of(wave_.design.stratum);
    const Texts texts = std::get<Texts>(columns_[at]);
    std::set<std::string> names(texts.values.begin(), texts.values.end());
    names.erase("");
    variables_[at].kind = VariableKind::kSingle;
    variables_[at].categories = categories_of(names);
    columns_[at] = code_texts(variables_[at], texts);
  }

  static Column code_texts(const Variable& variable, const Texts& texts) {
    std::map<std::string_view, int> codes;
    for (const Category& category : variable.categories) codes[category.label] = category.code;
    std::vector<int> out;
    for (size_t row = 0; row < texts.values.size(); ++row) {
      const auto code = codes.find(texts.values[row]);
      const bool has_value = texts.missing[row] == Missing::kNone && code != codes.end();
      out.push_back(has_value ? code->second : file_code(Missing::kSystem));
    }
    return make_codes(out);
  }

  // Of the first organisation each respondent answered for.
  void add_frame_field(const Variable& variable) {
    const auto* const field = std::ranges::find(kFrameFields, variable.id, &FrameField::id);
    const Frame& frame = study_.frame_of(wave_);
    const auto& organisations = std::get<Texts>(columns_[index_of("organisation")]);
    Texts texts;
    for (size_t row = 0; row < case_count_; ++row) {
      const std::string first(trimmed(split(organisations.values[row], ';').front()));
      const Organisation* organisation = frame.organisation(first);
      texts.values.push_back(organisation == nullptr ? "" : organisation->*field->value);
      texts.missing.push_back(texts.values.back().empty() ? Missing::kSystem : Missing::kNone);
    }
    columns_.push_back(code_texts(variable, texts));
    variables_.push_back(variable);
  }

  // Answers of people who were not to be asked, and "not asked" of people who were.
  Status check_routing(const Dataset& data) {
    for (const Item& item : wave_.questionnaire.items) {
      if (item.ask_if.empty()) continue;
      const Expression rule = TRY(Expression::parse(item.ask_if));
      const std::vector<uint8_t> asked = TRY(rule.evaluate(data));
      const Column& column = *TRY(data.find(item.id));
      std::vector<size_t> astray;
      for (size_t row = 0; row < case_count_; ++row) {
        const Missing missing = missing_at(column, row);
        const bool wrong =
            asked[row] != 0 ? missing == Missing::kNotAsked : missing == Missing::kNone;
        if (wrong) astray.push_back(row);
      }
      if (astray.empty()) continue;
      const std::string where = astray.size() == 1 ? fmt::format("in row {}", astray.front() + 1)
                                                   : fmt::format("in {} rows, first in row {}",
                                                                 astray.size(), astray.front() + 1);
      problems_.warning(
          "routing-not-kept", places_.of(astray.front(), item.id),
          fmt::format("'{}' does not keep to its routing “{}” {}", item.id, item.ask_if, where),
          "-1 where the question was not asked, and only there");
    }
    return {};
  }

  Result<Dataset> failure() const {
    const size_t errors = problems_.error_count() - errors_before_;
    return fail(ErrorCode::kInvalid,
                fmt::format("'{}' has {} error{}; 'barometer check' lists them", file_, errors,
                            errors == 1 ? "" : "s"));
  }

  const Study& study_;
  const Wave& wave_;
  Diagnostics& problems_;
  size_t errors_before_ = problems_.error_count();
  std::string file_;
  RowPlaces places_;
  std::vector<Variable> variables_;
  std::vector<Column> columns_;
  size_t case_count_ = 0;
  std::map<std::string, size_t> shown_;
};

}  // namespace

std::vector<Variable> frame_variables(const Study& study, const Wave& wave) {
  std::vector<Variable> out;
  for (const FrameField& field : kFrameFields) {
    if (wave.questionnaire.find(field.id) != nullptr || field.id == wave.design.weight) continue;
    std::set<std::string> names;
    for (const Organisation& one : study.frame_of(wave).organisations()) {
      names.insert(one.*field.value);
    }
    names.erase("");
    if (names.empty()) continue;
    out.push_back(
        plain_variable(std::string(field.id), VariableKind::kSingle, std::string(field.label)));
    out.back().categories = categories_of(names);
  }
  return out;
}

Result<Dataset> read_responses(const Study& study, const Wave& wave, Diagnostics& problems) {
  if (wave.responses.empty()) {
    return fail(ErrorCode::kNotFound, fmt::format("the wave '{}' has no responses", wave.id));
  }
  Diagnostics changes;
  const std::string asked = fmt::format("waves/{}/asked.csv", wave.id);
  if (const auto bytes = optional_study_file(study.folder, asked, changes)) {
    compare_asked(*bytes, asked, wave.questionnaire, {}, changes);
  }
  problems.add(changes);
  TRY_DONE(changes.status());
  return ResponsesReader(study, wave, problems).read();
}

Result<std::vector<std::vector<std::string>>> answered_organisations(const Dataset& responses) {
  const Column* column = TRY(responses.find("organisation"));
  const auto* texts = std::get_if<Texts>(column);
  if (texts == nullptr) {
    return fail(ErrorCode::kInvalid, "the column 'organisation' holds no organisation ids");
  }
  std::vector<std::vector<std::string>> answered;
  for (const std::string& cell : texts->values) {
    answered.emplace_back();
    for (const std::string& part : split(cell, ';')) {
      const std::string_view id = trimmed(part);
      if (!id.empty()) answered.back().emplace_back(id);
    }
  }
  return answered;
}

}  // namespace barometer
