// Figures of bundles as a release.
#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "barometer/attack/disclosure_note_internal.h"
#include "barometer/attack/files_internal.h"
#include "barometer/base/text.h"
#include "barometer/ledger/read.h"

namespace barometer {
namespace {

constexpr const char* kOrganisations = " organisations";

bool same_definition(const ReleasedQuestion& a, const ReleasedQuestion& b) {
  const auto options = [](const ReleasedOption& x, const ReleasedOption& y) {
    return x.code == y.code && x.dont_know == y.dont_know && x.outside == y.outside;
  };
  const auto nets = [](const ReleasedNet& x, const ReleasedNet& y) {
    return x.id == y.id && x.codes == y.codes;
  };
  return a.multi == b.multi && a.dont_know_in_base == b.dont_know_in_base &&
         a.unscored == b.unscored && std::ranges::equal(a.options, b.options, options) &&
         std::ranges::equal(a.nets, b.nets, nets);
}

// What no survey has counted says nothing.
std::optional<int64_t> whole(const std::optional<size_t>& count) {
  constexpr size_t kMost = 1'000'000'000;
  if (!count || *count > kMost) return std::nullopt;
  return static_cast<int64_t>(*count);
}

std::optional<int64_t> missing_of(const Figure& figure, std::string_view kind) {
  if (kind == "not_asked") return whole(figure.not_asked);
  if (kind == "no_answer") return whole(figure.no_answer);
  return whole(kind == "refused" ? figure.refused : figure.dont_know);
}

// A bundle's waves: their groups in the release.
struct Edition {
  std::string wave;
  std::string data_hash;
  size_t group = kNowhere;
};

class ReleaseMaker {
 public:
  explicit ReleaseMaker(const BundleOptions& options) : options_(options) {}

  Status add(const BundleText& bundle, bool newest) {
    file_ = newest ? "ledger.json" : bundle.name + "/ledger.json";
    note_ = {};
    const auto note = bundle.files.find("disclosure.json");
    if (note != bundle.files.end()) {
      note_ = TRY(read_disclosure_note(note->second, bundle.name + "/disclosure.json"));
    } else {
      out_.notes.push_back(fmt::format(
          "'{}' has no disclosure.json: its questions are made of the options that figures name, "
          "NETs are left out{}.",
          printable(bundle.name), newest ? ", and no rule but the base of ten is known" : ""));
    }
    if (newest) out_.release.rules = note_.rules;
    const auto ledger = bundle.files.find("ledger.json");
    CHECK(ledger != bundle.files.end(), "a bundle has a ledger");
    const Ledger figures = TRY(ledger_from_json(ledger->second, file_));
    groups_.clear();
    for (const Figure& entry : figures.figures) find_groups(entry, bundle, newest);
    for (const Figure& entry : figures.figures) note_options(entry);
    for (const Figure& entry : figures.figures) add_entry(entry);
    for (const Figure& entry : figures.figures) {
      if (entry.kind == FigureKind::kChange) add_change(entry);
    }
    for (const auto& [wave, said] : note_.waves) {
      add_given(wave, said);
      add_partitions(wave, said);
    }
    return {};
  }

  Result<BundleReading> finish() {
    if (options_.nest_editions) nest_editions();
    for (const auto& [larger, smaller] : options_.contains) {
      TRY_DONE(add_contained(larger, smaller));
    }
    return std::move(out_);
  }

 private:
  Release& release() { return out_.release; }

  static std::string group_name(const Figure& entry) {
    std::string name = entry.wave;
    if (!entry.group.empty()) name += " " + entry.group;
    if (entry.unit == "organisations") name += kOrganisations;
    return name;
  }

  size_t new_group(const std::string& id) {
    ReleasedGroup group;
    group.id = id;
    release().groups.push_back(std::move(group));
    return release().groups.size() - 1;
  }

  // The same wave on the same data is the same group, whichever bundle says it.
  void find_groups(const Figure& entry, const BundleText& bundle, bool newest) {
    const std::string wave = entry.wave;
    if (wave.empty()) return;
    if (!groups_.contains(wave)) {
      const std::string hash = entry.data_hash;
      const auto known = std::ranges::find_if(editions_, [&](const Edition& edition) {
        return edition.wave == wave && edition.data_hash == hash && !hash.empty();
      });
      if (known != editions_.end()) {
        groups_[wave] = known->group;
      } else {
        groups_[wave] = new_group(newest ? wave : fmt::format("{} in {}", wave, bundle.name));
        release().groups[groups_[wave]].size_is_public = true;
        editions_.push_back({wave, hash, groups_[wave]});
      }
    }
    const std::string name = group_name(entry);
    if (entry.item.empty() || groups_.contains(name)) return;
    const std::string id = release().groups[groups_[wave]].id + name.substr(wave.size());
    const size_t known = release().group(id);
    groups_[name] = known == kNowhere ? new_group(id) : known;
    if (known != kNowhere) return;
    ReleasedGroup& group = release().groups[groups_[name]];
    group.named = !entry.group.empty();
    if (entry.unit == "organisations") {
      const std::string people = name.substr(0, name.size() - std::string(kOrganisations).size());
      group.people = groups_.contains(people) ? groups_[people] : groups_[wave];
      group.size_is_public = !group.named;
    }
  }

  // Without a note a question's options are those that figures name.
  void note_options(const Figure& entry) {
    const std::string item = entry.item;
    const std::string wave = entry.wave;
    if (item.empty() || entry.kind != FigureKind::kPercent || note_.waves.contains(wave)) return;
    ReleasedQuestion& question = guessed_[wave][item];
    question.id = item;
    const auto code = parse_decimal(entry.answer);
    if (!code || code->places != 0 || code->digits < 0 || code->digits > 65'000) return;
    const int number = static_cast<int>(code->digits);
    const bool known = std::ranges::any_of(
        question.options, [&](const ReleasedOption& option) { return option.code == number; });
    if (!known) question.options.push_back({number, false, false});
  }

  size_t question_of(const std::string& wave, const std::string& item) {
    const auto said = note_.waves.find(wave);
    const auto& items = said != note_.waves.end() ? said->second.items : guessed_[wave];
    const auto found = items.find(item);
    if (found == items.end() || found->second.options.empty()) return kNowhere;
    ReleasedQuestion question = found->second;
    for (size_t i = 0; i < release().questions.size(); ++i) {
      const ReleasedQuestion& known = release().questions[i];
      const bool alike = known.id == item || known.id.starts_with(item + " of ");
      if (alike && same_definition(known, question)) return i;
    }
    if (release().question(item) != kNowhere) question.id = item + " of " + wave;
    release().questions.push_back(std::move(question));
    return release().questions.size() - 1;
  }

  ReleasedFigure figure_of(const Figure& entry, FigureRole role, size_t group,
                           size_t question) const {
    ReleasedFigure figure;
    figure.role = role;
    figure.group = group;
    figure.question = question;
    figure.id = entry.id;
    figure.file = file_;
    figure.rounding = note_.rounding;
    return figure;
  }

  void add_size(const Figure& entry) {
    const std::string wave = entry.wave;
    const bool people = entry.id == wave + ".wave.n";
    const bool organisations = entry.id == wave + ".wave.organisations";
    const auto count = whole(entry.count);
    const std::string name = people ? wave : wave + kOrganisations;
    if ((!people && !organisations) || !count || !groups_.contains(name)) return;
    ReleasedFigure figure = figure_of(entry, FigureRole::kSize, groups_[name], kNowhere);
    figure.count = count;
    release().figures.push_back(std::move(figure));
  }

  void add_entry(const Figure& entry) {
    const bool percent = entry.kind == FigureKind::kPercent;
    const bool mean = entry.kind == FigureKind::kMean;
    if (entry.kind == FigureKind::kCount) return add_size(entry);
    if ((!percent && !mean) || entry.item.empty()) return;
    const std::string unit = entry.unit;
    if (unit != "respondents" && unit != "organisations") return;
    const size_t question = question_of(entry.wave, entry.item);
    const auto found = groups_.find(group_name(entry));
    if (question == kNowhere || found == groups_.end()) return;  // a figure of no wave
    const size_t group = found->second;
    const std::string answer = entry.answer;
    if (percent && !has_answer(question, answer)) return;
    if (is_suppressed(entry)) {
      ReleasedFigure hidden = figure_of(entry, FigureRole::kHidden, group, question);
      hidden.answer = answer;
      release().figures.push_back(std::move(hidden));
      return;
    }
    add_around(entry, group, question);
    if (percent) add_percent(entry, group, question);
    if (mean) add_mean(entry, group, question);
  }

  [[nodiscard]] bool has_answer(size_t question, const std::string& answer) {
    const ReleasedQuestion& q = release().questions[question];
    return q.net(answer) != nullptr || std::ranges::any_of(q.options, [&](const auto& option) {
             return std::to_string(option.code) == answer;
           });
  }

  // Base and kinds of missing, which every figure of a question carries alike.
  void add_around(const Figure& entry, size_t group, size_t question) {
    const auto n = whole(entry.n);
    if (n && entry.kind == FigureKind::kPercent && !bases_.contains({group, question})) {
      bases_[{group, question}] = *n;
      ReleasedFigure base = figure_of(entry, FigureRole::kBase, group, question);
      base.count = n;
      release().figures.push_back(std::move(base));
    }
    if (is_weighted(entry)) weighted_.insert(group);
    if (entry.unit != "respondents") return;
    for (const std::string_view kind : kMissingKinds) {
      const auto count = missing_of(entry, kind);
      if (!count || !missing_.insert({group, question, std::string(kind)}).second) continue;
      ReleasedFigure figure = figure_of(entry, FigureRole::kMissing, group, question);
      figure.answer = kind;
      figure.count = count;
      release().figures.push_back(std::move(figure));
    }
    const std::string of = entry.wave + kOrganisations;
    const auto organisations = whole(entry.organisations);
    if (!organisations || !entry.group.empty() || !groups_.contains(of)) return;
    if (bases_.contains({groups_[of], question})) return;
    bases_[{groups_[of], question}] = *organisations;
    ReleasedFigure base = figure_of(entry, FigureRole::kBase, groups_[of], question);
    base.count = organisations;
    release().figures.push_back(std::move(base));
  }

  static bool is_weighted(const Figure& entry) {
    const auto differs = [&](const std::optional<double>& base) {
      return entry.n && base && std::abs(*base - static_cast<double>(*entry.n)) > 1e-6;
    };
    return differs(entry.weighted_base) || differs(entry.effective_base);
  }

  static std::optional<Decimal> printed_of(const Figure& entry) {
    std::string text = entry.printed;
    if (text.size() > 2 && text.front() == '[' && text.back() == ']') {
      text = text.substr(1, text.size() - 2);
    }
    const auto number = parse_decimal(text);
    if (!number) return std::nullopt;
    return *number;
  }

  static bool is_collected(const Figure& entry) { return entry.source == "collected"; }

  void add_percent(const Figure& entry, size_t group, size_t question) {
    const auto n = whole(entry.n);
    const auto count = whole(entry.count);
    ReleasedFigure figure = figure_of(entry, FigureRole::kCount, group, question);
    figure.answer = entry.answer;
    if (is_collected(entry) && count) {
      figure.count = count;
    } else if (is_weighted(entry) || entry.unit == "organisations") {
      // A weighted share says nothing of counts, but none and all.
      const auto& value = entry.value;
      if (!n || !value || (*value != 0 && *value != 100)) return;
      figure.count = *value == 0 ? 0 : *n;
    } else {
      figure.role = FigureRole::kPercent;
      figure.printed = printed_of(entry);
      figure.base = n;
      if (!figure.printed || n == 0) return;
    }
    release().figures.push_back(std::move(figure));
  }

  void add_mean(const Figure& entry, size_t group, size_t question) {
    const auto n = whole(entry.n);
    const auto& value = entry.value;
    if (entry.unit != "respondents" || is_weighted(entry) || n == 0) return;
    ReleasedFigure figure = figure_of(entry, FigureRole::kMean, group, question);
    figure.answer = "mean";
    figure.base = n;
    figure.printed = printed_of(entry);
    if (n && value && is_collected(entry)) {
      const double sum = *value * static_cast<double>(*n);
      if (std::abs(sum - std::round(sum)) < 1e-6) figure.count = std::llround(sum);
    }
    if (figure.printed || figure.count) release().figures.push_back(std::move(figure));
  }

  void add_change(const Figure& entry) {
    const std::string marker = ".change.";
    const std::string id = entry.id;
    const size_t at = id.rfind(marker);
    const std::string wave = entry.wave;
    if (at == std::string::npos) return;
    const std::string since = id.substr(at + marker.size());
    if (!groups_.contains(wave) || !groups_.contains(since)) return;
    const size_t question = question_of(wave, entry.item);
    if (question == kNowhere || question != question_of(since, entry.item)) return;
    const auto base = bases_.find({groups_[wave], question});
    const auto since_base = bases_.find({groups_[since], question});
    if (base == bases_.end() || since_base == bases_.end()) return;
    if (weighted_.contains(groups_[wave]) || weighted_.contains(groups_[since])) return;
    ReleasedFigure figure = figure_of(entry, FigureRole::kChange, groups_[wave], question);
    figure.answer = entry.answer;
    if (figure.answer == "mean") return;  // its base is that of the scored, which is not at hand
    figure.since = groups_[since];
    figure.base = base->second;
    figure.since_base = since_base->second;
    figure.printed = printed_of(entry);
    const auto& value = entry.value;
    if (value && is_collected(entry) && entry.note == "from unrounded estimates") {
      const double both =
          static_cast<double>(base->second) * static_cast<double>(since_base->second);
      const double whole = *value / 100 * both;
      if (std::abs(whole - std::round(whole)) < 1e-3) figure.count = std::llround(whole);
    }
    if (figure.printed || figure.count) release().figures.push_back(std::move(figure));
  }

  // Bundles whose notes do not say it yet name such groups "ITEM-CODE".
  std::vector<DisclosureNote::Given> named_given(const std::string& wave,
                                                 const DisclosureNote::Wave& said) const {
    std::vector<DisclosureNote::Given> out;
    for (const auto& [name, group] : groups_) {
      const size_t dash = name.rfind('-');
      if (!name.starts_with(wave + " ") || dash == std::string::npos) continue;
      const std::string word = name.substr(wave.size() + 1);
      const std::string item = name.substr(wave.size() + 1, dash - std::min(dash, wave.size() + 1));
      const auto code = parse_decimal(name.substr(dash + 1));
      if (!said.items.contains(item) || !code || code->places != 0) continue;
      out.push_back({word, item, {static_cast<int>(code->digits)}, true});
    }
    return out;
  }

  void add_given(const std::string& wave, const DisclosureNote::Wave& said) {
    for (const auto& given : said.given.empty() ? named_given(wave, said) : said.given) {
      const auto group = groups_.find(wave + " " + given.group);
      if (group == groups_.end()) continue;
      const size_t question = question_of(wave, given.item);
      if (question == kNowhere) continue;
      release().groups[group->second].gave.push_back({question, given.codes});
      if (given.alone) alone_.insert(group->second);
    }
  }

  // Who is in none of the columns gave none of their answers.
  void leave_out(const std::vector<size_t>& parts, size_t rest) {
    for (const size_t part : parts) {
      if (!alone_.contains(part)) continue;
      for (const AnswerOfGroup& given : release().groups[part].gave) {
        release().groups[rest].gave_none.push_back(given);
      }
    }
  }

  void add_partitions(const std::string& wave, const DisclosureNote::Wave& said) {
    if (!groups_.contains(wave)) return;
    const auto group_of = [&](const std::string& part) {
      const auto found = groups_.find(part.empty() ? wave : wave + " " + part);
      return found == groups_.end() ? kNowhere : found->second;
    };
    for (const auto& partition : said.partitions) {
      const size_t of = group_of(partition.of);
      std::vector<size_t> parts;
      for (const std::string& part : partition.parts) {
        if (group_of(part) != kNowhere) parts.push_back(group_of(part));
      }
      if (of == kNowhere || parts.empty()) continue;
      if (partition.complete && parts.size() == partition.parts.size()) {
        release().groups[of].partitions.push_back(std::move(parts));
      } else {
        leave_out(parts, add_rest(release(), of, parts,
                                  fmt::format("the others of {}", release().groups[of].id)));
      }
    }
    for (const std::string& smaller : said.contains) {
      if (groups_.contains(smaller)) nest(groups_[wave], groups_[smaller]);
    }
  }

  void nest(size_t larger, size_t smaller) {
    add_rest(release(), larger, {smaller},
             fmt::format("those of {} who are not in {}", release().groups[larger].id,
                         release().groups[smaller].id));
  }

  [[nodiscard]] std::optional<int64_t> size_of(size_t group) {
    for (const ReleasedFigure& figure : release().figures) {
      if (figure.role == FigureRole::kSize && figure.group == group) return figure.count;
    }
    return std::nullopt;
  }

  void nest_editions() {
    std::map<std::string, std::vector<std::pair<int64_t, size_t>>> by_wave;
    for (const Edition& edition : editions_) {
      if (const auto size = size_of(edition.group)) {
        by_wave[edition.wave].emplace_back(*size, edition.group);
      }
    }
    for (auto& [wave, sizes] : by_wave) {
      std::ranges::sort(sizes);
      for (size_t i = 0; i + 1 < sizes.size(); ++i) {
        if (sizes[i].first == sizes[i + 1].first) continue;
        nest(sizes[i + 1].second, sizes[i].second);
        out_.nested_editions = true;
        out_.notes.push_back(
            fmt::format("Two editions of wave {} have {} and {} respondents: the larger is taken "
                        "to hold everyone of the smaller.",
                        printable(wave), sizes[i].first, sizes[i + 1].first));
      }
    }
  }

  Status add_contained(const std::string& larger, const std::string& smaller) {
    const auto group_of = [&](const std::string& wave) {
      const auto found = std::ranges::find(editions_, wave, &Edition::wave);
      return found == editions_.end() ? kNowhere : found->group;
    };
    for (const std::string& wave : {larger, smaller}) {
      if (group_of(wave) == kNowhere) {
        return fail(ErrorCode::kNotFound,
                    fmt::format("no bundle has a wave '{}'", printable(wave)));
      }
    }
    nest(group_of(larger), group_of(smaller));
    return {};
  }

  const BundleOptions& options_;
  BundleReading out_;
  std::vector<Edition> editions_;
  std::string file_;
  DisclosureNote note_;
  std::map<std::string, size_t> groups_;  // of the bundle being read, by wave, group and unit
  std::map<std::string, std::map<std::string, ReleasedQuestion>> guessed_;
  std::map<std::pair<size_t, size_t>, int64_t> bases_;
  std::set<std::tuple<size_t, size_t, std::string>> missing_;
  std::set<size_t> weighted_;
  std::set<size_t> alone_;  // groups made by the answers to one question
};

}  // namespace

Result<BundleReading> release_of(const std::vector<BundleText>& bundles,
                                 const BundleOptions& options) {
  ReleaseMaker maker(options);
  for (size_t i = 0; i < bundles.size(); ++i) TRY_DONE(maker.add(bundles[i], i == 0));
  return maker.finish();
}

}  // namespace barometer
