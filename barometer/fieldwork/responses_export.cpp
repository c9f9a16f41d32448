#include "barometer/fieldwork/responses_export.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <set>

#include <fmt/format.h>

#include "barometer/base/csv.h"
#include "barometer/base/hash.h"
#include "barometer/base/text.h"
#include "barometer/frame/frame_names.h"

namespace barometer {
namespace {

// What readers of data files take for a missing value (io/io.h).
bool reads_as_missing(std::string_view text) {
  constexpr std::array<std::string_view, 6> kCodes{"NA", "-1", "-2", "-7", "-8", "-9"};
  return std::ranges::find(kCodes, trimmed(text)) != kCodes.end();
}

struct ExportCase {
  const ProjectedCase* projected = nullptr;
  std::vector<std::string> organisations;  // answered for, after the rule on duplicates
  std::string place;                       // decides the order
  std::string respondent;
};

std::string place_of(uint64_t seed, std::string_view what, std::string_view subject) {
  return sha256_hex(fmt::format("{:016x}|{}|{}", seed, what, subject));
}

// Cases of the data, in the order of their subjects.
std::vector<ExportCase> counted_cases(const Projection& projection,
                                      const FieldworkSettings& settings, ExportCounts& counts) {
  std::vector<ExportCase> out;
  for (const auto& [subject, projected] : projection.cases()) {
    if (projected.erased) {
      ++counts.erased;
      continue;
    }
    const InterviewStatus status = projection.interview().count(projected.state).status;
    if (status == InterviewStatus::kNew) continue;
    ++counts.cases;
    if (status == InterviewStatus::kStarted) ++counts.break_off;
    if (status == InterviewStatus::kPartial) ++counts.partial;
    if (status == InterviewStatus::kComplete) ++counts.complete;
    const bool in = status == InterviewStatus::kComplete ||
                    (status == InterviewStatus::kPartial && settings.partials_in_data);
    if (!in) continue;
    ExportCase row{.projected = &projected, .organisations = {}, .place = {}, .respondent = {}};
    if (settings.privacy == PrivacyMode::kConfidential) {
      row.organisations = projected.state.facts.organisations;
    }
    out.push_back(std::move(row));
  }
  return out;
}

size_t organisations_twice(const std::vector<ExportCase>& cases) {
  std::map<std::string_view, size_t> answers;
  for (const ExportCase& row : cases) {
    for (const std::string& organisation : row.organisations) ++answers[organisation];
  }
  return static_cast<size_t>(
      std::ranges::count_if(answers, [](const auto& entry) { return entry.second > 1; }));
}

// One answer an organisation: of the most senior role, then of who answered first. Who answers for
// several organisations speaks for those that are left.
void keep_senior(const FieldworkSettings& settings, std::vector<ExportCase>& cases,
                 ExportCounts& counts) {
  const auto rank = [&](const ExportCase& row) {
    const auto& roles = settings.senior_roles;
    return std::ranges::find(roles, row.projected->state.facts.role) - roles.begin();
  };
  std::ranges::stable_sort(cases, [&](const ExportCase& a, const ExportCase& b) {
    return std::pair(rank(a), a.projected->first_ms) < std::pair(rank(b), b.projected->first_ms);
  });
  std::set<std::string> taken;
  std::vector<ExportCase> kept;
  for (ExportCase& row : cases) {
    if (!row.organisations.empty()) {
      std::erase_if(row.organisations,
                    [&](const std::string& id) { return !taken.insert(id).second; });
      if (row.organisations.empty()) {
        ++counts.left_out_as_duplicates;
        continue;
      }
    }
    kept.push_back(std::move(row));
  }
  cases = std::move(kept);
}

// The columns of all cases, one case after another.
class ExportColumns {
 public:
  explicit ExportColumns(const Questionnaire& questionnaire) : questionnaire_(questionnaire) {
    for (const Item& item : questionnaire.items) {
      if (item.kind() == VariableKind::kMulti) {
        sets_[&item];
      } else if (item.kind() == VariableKind::kNumber) {
        numbers_[&item];
      } else if (item.kind() == VariableKind::kText) {
        texts_[&item];
      } else {
        codes_[&item];
      }
    }
  }

  void add(const Interview& interview, const ExportCase& row) {
    add_text(respondents_, row.respondent);
    add_text(organisations_, join(row.organisations, ";"));
    const InterviewState& state = row.projected->state;
    const std::vector<uint8_t> asked = interview.asked(state);
    for (size_t i = 0; i < questionnaire_.items.size(); ++i) {
      const Item& item = questionnaire_.items[i];
      const auto found = state.answers.find(item.id);
      const GivenAnswer blank{.missing = asked[i] != 0 ? Missing::kSystem : Missing::kNotAsked};
      const bool given = asked[i] != 0 && found != state.answers.end();
      add(item, given ? found->second : blank);
    }
  }

  Result<Dataset> dataset() && {
    Codebook codebook;
    std::vector<Column> columns;
    for (const char* id : {"respondent", "organisation"}) {
      Variable variable;
      variable.id = id;
      variable.kind = VariableKind::kText;
      variable.label = id;
      TRY_DONE(codebook.add(std::move(variable)));
    }
    columns.emplace_back(std::move(respondents_));
    columns.emplace_back(std::move(organisations_));
    const Codebook items = TRY(questionnaire_.codebook());
    for (const Variable& variable : items.variables()) TRY_DONE(codebook.add(variable));
    for (const Item& item : questionnaire_.items) columns.push_back(column_of(item));
    return Dataset::make(std::move(codebook), std::move(columns));
  }

  [[nodiscard]] size_t texts_like_codes() const { return texts_like_codes_; }

 private:
  static void add_text(Texts& texts, std::string text) {
    texts.missing.push_back(text.empty() ? Missing::kSystem : Missing::kNone);
    texts.values.push_back(std::move(text));
  }

  void add(const Item& item, const GivenAnswer& answer) {
    const bool there = answer.missing == Missing::kNone;
    switch (item.kind()) {
      case VariableKind::kSingle:
      case VariableKind::kScale:
        codes_[&item].push_back(there ? answer.codes.at(0) : file_code(answer.missing));
        return;
      case VariableKind::kMulti:
        sets_[&item].bits.push_back(there ? bits_of(item, answer.codes) : 0);
        sets_[&item].missing.push_back(answer.missing);
        return;
      case VariableKind::kNumber:
        numbers_[&item].values.push_back(there ? number_of(answer.text) : 0);
        numbers_[&item].missing.push_back(answer.missing);
        return;
      case VariableKind::kText:
        add_words(item, answer);
        return;
    }
  }

  void add_words(const Item& item, const GivenAnswer& answer) {
    Texts& texts = texts_[&item];
    const bool lost = answer.missing == Missing::kNone && reads_as_missing(answer.text);
    texts_like_codes_ += lost ? 1U : 0U;
    const Missing missing = lost ? Missing::kSystem : answer.missing;
    texts.values.push_back(missing == Missing::kNone ? answer.text : std::string());
    texts.missing.push_back(missing);
  }

  static uint64_t bits_of(const Item& item, const std::vector<int>& codes) {
    uint64_t bits = 0;
    for (size_t i = 0; i < item.options.size(); ++i) {
      if (std::ranges::binary_search(codes, item.options[i].code)) bits |= uint64_t{1} << i;
    }
    return bits;
  }

  static double number_of(const std::string& text) {
    double value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
  }

  Column column_of(const Item& item) {
    switch (item.kind()) {
      case VariableKind::kMulti:
        return std::move(sets_[&item]);
      case VariableKind::kNumber:
        return std::move(numbers_[&item]);
      case VariableKind::kText:
        return std::move(texts_[&item]);
      case VariableKind::kSingle:
      case VariableKind::kScale:
        break;
    }
    return make_codes(codes_[&item]);
  }

  const Questionnaire& questionnaire_;
  Texts respondents_, organisations_;
  std::map<const Item*, std::vector<int>> codes_;
  std::map<const Item*, OptionSets> sets_;
  std::map<const Item*, Numbers> numbers_;
  std::map<const Item*, Texts> texts_;
  size_t texts_like_codes_ = 0;
};

bool is_prose(const Item& item) {
  return item.kind() == VariableKind::kText && item.asking.format != TextFormat::kDate;
}

void add_verbatims(const Interview& interview, const ExportCase& row, const FrameNames& names,
                   std::vector<ExportedVerbatim>& out) {
  const InterviewState& state = row.projected->state;
  const std::vector<uint8_t> asked = interview.asked(state);
  const auto& items = interview.questionnaire().items;
  for (size_t i = 0; i < items.size(); ++i) {
    const auto found = state.answers.find(items[i].id);
    if (asked[i] == 0 || found == state.answers.end()) continue;
    const GivenAnswer& answer = found->second;
    const auto add = [&](int option, const std::string& text) {
      out.push_back({.respondent = row.respondent,
                     .item = items[i].id,
                     .option = option,
                     .text = text,
                     .quoting = answer.quoting,
                     .flagged = names.found_in(text)});
    };
    if (answer.missing == Missing::kNone && is_prose(items[i])) add(0, answer.text);
    for (const auto& [code, words] : answer.specified) add(code, words);
  }
}

bool same_wording(const Questionnaire& a, const Questionnaire& b) {
  return std::ranges::equal(a.items, b.items, [](const Item& x, const Item& y) {
    return x.id == y.id && x.wording_hash == y.wording_hash && x.ask_if == y.ask_if;
  });
}

std::vector<ExportedVerbatim> verbatims_of(const Projection& projection, const Frame& frame,
                                           bool unlinked, uint64_t seed,
                                           const std::vector<ExportCase>& cases) {
  const FrameNames names(frame);
  std::vector<ExportedVerbatim> out;
  for (const ExportCase& row : cases) add_verbatims(projection.interview(), row, names, out);
  if (!unlinked) return out;
  // No row may say that two texts are of one person, nor stand where the person's answers do.
  for (ExportedVerbatim& verbatim : out) verbatim.respondent.clear();
  std::ranges::sort(out, {}, [&](const ExportedVerbatim& verbatim) {
    return std::tuple(verbatim.item, place_of(seed, "verbatims", verbatim.text), verbatim.text);
  });
  return out;
}

// Each row's cells in the columns that both tables have, but for the respondents' numbers.
std::multiset<std::string> rows_without_names(const CsvTable& table, const CsvTable& other) {
  std::multiset<std::string> rows;
  for (size_t row = 0; row < table.row_count(); ++row) {
    std::string cells;
    for (const CsvCell& column : table.header()) {
      if (column.text == "respondent" || !other.column(column.text)) continue;
      cells += fmt::format("{}={}\n", column.text, csv_quoted(table.cell(row, column.text).text));
    }
    rows.insert(std::move(cells));
  }
  return rows;
}

}  // namespace

std::optional<std::string> lost_by_replacing(std::string_view earlier, std::string_view fresh) {
  constexpr size_t kAllChangedIsUnlikely = 10;
  Diagnostics unused;  // a file that is no table of answers holds none
  const CsvTable before = CsvTable::parse(earlier, "responses.csv", unused);
  const CsvTable after = CsvTable::parse(fresh, "responses.csv", unused);
  const size_t had = before.row_count();
  const size_t has = after.row_count();
  if (had == 0) return std::nullopt;
  if (has * 2 < had) {
    return fmt::format("it holds {} answers, and this export has {}", had,
                       has == 0 ? "none" : fmt::format("only {}", has));
  }
  if (had < kAllChangedIsUnlikely) return std::nullopt;
  const auto old_rows = rows_without_names(before, after);
  const auto new_rows = rows_without_names(after, before);
  if (std::ranges::any_of(old_rows, [&](const auto& row) { return new_rows.contains(row); })) {
    return std::nullopt;
  }
  return fmt::format("none of the {} answers it holds is among the {} of this export", had, has);
}

Result<ExportedResponses> export_responses(const Study& study, const Wave& wave,
                                           const Projection& projection,
                                           const ExportOptions& options) {
  const Interview& interview = projection.interview();
  if (!same_wording(wave.questionnaire, interview.questionnaire())) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the answers are not to the questionnaire of the wave '{}'", wave.id));
  }
  const FieldworkSettings& settings = wave.fieldwork;
  const bool unlinked = settings.privacy == PrivacyMode::kUnlinked;
  ExportCounts counts;
  std::vector<ExportCase> cases = counted_cases(projection, settings, counts);
  counts.organisations_twice = organisations_twice(cases);
  if (settings.duplicates == DuplicateRule::kSeniorFirst) keep_senior(settings, cases, counts);
  for (ExportCase& row : cases) {
    row.place = place_of(options.seed, "responses", row.projected->subject);
  }
  std::ranges::sort(cases, {}, &ExportCase::place);
  ExportColumns columns(interview.questionnaire());
  for (size_t i = 0; i < cases.size(); ++i) {
    cases[i].respondent = fmt::format("R{:04}", i + 1);
    columns.add(interview, cases[i]);
  }
  counts.texts_like_codes = columns.texts_like_codes();
  Dataset data = TRY(std::move(columns).dataset());
  return ExportedResponses{
      .data = std::move(data),
      .verbatims = verbatims_of(projection, study.frame_of(wave), unlinked, options.seed, cases),
      .counts = counts};
}

std::string verbatims_csv(const ExportedResponses& responses) {
  std::string out = "respondent,item,option,quoting,flagged,text\n";
  for (const ExportedVerbatim& verbatim : responses.verbatims) {
    const std::string option = verbatim.option == 0 ? "" : fmt::format("{}", verbatim.option);
    const auto consent = verbatim.quoting == Quoting::kNotAsked ? std::string_view("not asked")
                                                                : name_of(verbatim.quoting);
    out += fmt::format("{},{},{},{},{},{}\n", verbatim.respondent, verbatim.item, option, consent,
                       csv_spreadsheet_safe(join(verbatim.flagged, "; ")),
                       csv_spreadsheet_safe(verbatim.text));
  }
  return out;
}

std::string export_note(const Wave& wave, const ExportedResponses& responses) {
  const FieldworkSettings& settings = wave.fieldwork;
  const ExportCounts& counts = responses.counts;
  std::string out = fmt::format(
      "Interviews with answers: {}. Complete (at least {} per cent of what was asked{}): {}; "
      "partial (at least {} per cent): {}, {} the data; broken off: {}, not in the data. Erased on "
      "request: {}.\n",
      counts.cases, settings.complete_percent, settings.submit_to_complete ? ", and sent" : "",
      counts.complete, settings.partial_percent, counts.partial,
      settings.partials_in_data ? "in" : "not in", counts.break_off, counts.erased);
  if (settings.privacy == PrivacyMode::kUnlinked) {
    out += "Unlinked: no key joins answers and people, and organisations are not known.\n";
  } else {
    out += fmt::format(
        "Confidential: respondents by numbers drawn for this file. Organisations with several "
        "answers: {}; rule: {}; answers left out by it: {}.\n",
        counts.organisations_twice, name_of(settings.duplicates), counts.left_out_as_duplicates);
  }
  if (counts.texts_like_codes > 0) {
    out += fmt::format(
        "Open answers that a data file would take for a code of missing (\"NA\", \"-1\"): {}, "
        "given as no answer.\n",
        counts.texts_like_codes);
  }
  return out;
}

}  // namespace barometer
