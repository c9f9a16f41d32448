// Respondents who carry the solved counts, drawn by lot from the frame.
//
// The lot is splitmix64 (Steele, Lea and Flood 2014), seeded from study, wave and item, so that the
// same study gives the same file on every machine. Each item is dealt out by itself.
#include <algorithm>
#include <numeric>
#include <set>

#include <fmt/format.h>

#include "barometer/base/hash.h"
#include "barometer/base/text.h"
#include "barometer/reconstruct/wave_figures_internal.h"

namespace barometer {
namespace {

// Groups of people beside the codes of the role item.
constexpr int kOtherRole = -1;    // a frame role that no option names
constexpr int kUnknownRole = -2;  // a respondent who gave no role: anyone will do
constexpr std::string_view kRoleItem = "role";

class Lot {
 public:
  explicit Lot(const std::string& name) {
    const std::string hash = sha256_hex(name);
    for (const char c : hash.substr(0, 16)) {
      state_ = state_ * 16 + static_cast<uint64_t>(c <= '9' ? c - '0' : c - 'a' + 10);
    }
  }

  size_t below(size_t limit) {
    __extension__ using Wide = unsigned __int128;
    return static_cast<size_t>(Wide{next()} * limit >> 64U);
  }

  template <class T>
  void shuffle(std::vector<T>& items) {
    for (size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
  }

 private:
  uint64_t next() {
    state_ += 0x9e3779b97f4a7c15U;
    uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
  }

  uint64_t state_ = 0;
};

std::vector<size_t> numbered(size_t count) {
  std::vector<size_t> out(count);
  std::iota(out.begin(), out.end(), size_t{0});
  return out;
}

// The frame role that each option of the role item names: the same words, else one within the
// other. Options that name none take the people whose role no option names.
class Roles {
 public:
  Roles(const Frame& frame, const Variable* role_item) {
    if (role_item == nullptr) return;
    for (const Person& person : frame.people()) {
      if (!person.role.empty() && !option_of_.contains(person.role)) {
        option_of_[person.role] = option_named(lowered(person.role), *role_item);
        any_named_ |= option_of_[person.role] != kOtherRole;
      }
    }
    for (const auto& [role, option] : option_of_) named_.insert(option);
  }

  // The option that a frame role stands for.
  [[nodiscard]] int option_of(const std::string& frame_role) const {
    const auto found = option_of_.find(frame_role);
    return found == option_of_.end() ? kOtherRole : found->second;
  }
  // What people of the frame a respondent who gave this option may be.
  [[nodiscard]] int group_of(int option) const {
    if (option < 0) return kUnknownRole;
    return named_.contains(option) ? option : kOtherRole;
  }
  [[nodiscard]] bool useful() const { return any_named_; }

 private:
  static int option_named(const std::string& role, const Variable& item) {
    int best = kOtherRole;
    size_t best_length = 0;
    for (const Category& option : item.categories) {
      const std::string label = lowered(option.label);
      if (label == role) return option.code;
      const bool within =
          label.find(role) != std::string::npos || role.find(label) != std::string::npos;
      if (within && std::min(label.size(), role.size()) > best_length) {
        best = option.code;
        best_length = std::min(label.size(), role.size());
      }
    }
    return best;
  }

  std::map<std::string, int> option_of_;
  std::set<int> named_;
  bool any_named_ = false;
};

// Who answers for which organisation: `wanted` distinct ones, roles as in the frame where it can.
class Seating {
 public:
  Seating(const Frame& frame, const Roles& roles, std::vector<int> groups, Lot& lot)
      : groups_(std::move(groups)), lot_(lot), match_roles_(roles.useful()) {
    organisations_ = frame.organisations().size();
    seats_.resize(organisations_);
    std::map<std::string, size_t> index;
    for (size_t i = 0; i < organisations_; ++i) index[frame.organisations()[i].id] = i;
    for (const Person& person : frame.people()) {
      if (person.organisations.empty()) continue;
      const auto at = index.find(person.organisations.front());
      if (at == index.end()) continue;
      ++seats_[at->second][roles.option_of(person.role)];
      any_people_ = true;
    }
    order_ = numbered(organisations_);
    lot_.shuffle(order_);
    taken_by_.assign(organisations_, kNobody);
    place_of_.assign(groups_.size(), kNobody);
  }

  // One list of organisations (indices in the frame) for each respondent.
  std::vector<std::vector<size_t>> seat(size_t wanted) {
    const size_t first = std::min(wanted, groups_.size());
    seat_distinct(first);
    seat_the_rest(first);
    std::vector<std::vector<size_t>> out;
    for (const size_t place : place_of_) out.push_back({place});
    for (size_t extra = 0; extra + first < wanted; ++extra) {
      const size_t place = free_place();
      taken_by_[place] = extra % out.size();
      out[extra % out.size()].push_back(place);
    }
    return out;
  }

  // Respondents whose organisation has no such person in the frame.
  [[nodiscard]] size_t without_person() const { return without_person_; }

 private:
  static constexpr size_t kNobody = static_cast<size_t>(-1);

  // People left in the organisation whom the respondent may be; nullptr when there are none.
  size_t* seat_at(size_t place, size_t respondent) {
    for (auto& [group, people] : seats_[place]) {
      const bool fits =
          !match_roles_ || groups_[respondent] == kUnknownRole || groups_[respondent] == group;
      if (fits && people > 0) return &people;
    }
    return nullptr;
  }

  bool has_seat(size_t place, size_t respondent) {
    return !any_people_ || seat_at(place, respondent) != nullptr;
  }

  void take(size_t place, size_t respondent) {
    place_of_[respondent] = place;
    if (taken_by_[place] == kNobody) taken_by_[place] = respondent;
    if (!any_people_) return;
    if (size_t* people = seat_at(place, respondent)) {
      --*people;
    } else {
      ++without_person_;
    }
  }

  // Kuhn's augmenting paths: one respondent an organisation, each with a person of the right role.
  bool augment(size_t respondent, std::vector<bool>& visited) {
    for (const size_t place : order_) {
      if (visited[place] || !has_seat(place, respondent)) continue;
      visited[place] = true;
      if (taken_by_[place] != kNobody && !augment(taken_by_[place], visited)) continue;
      taken_by_[place] = respondent;
      place_of_[respondent] = place;
      return true;
    }
    return false;
  }

  bool seat_free(size_t respondent) {
    for (const size_t place : order_) {
      if (taken_by_[place] != kNobody || !has_seat(place, respondent)) continue;
      taken_by_[place] = respondent;
      place_of_[respondent] = place;
      return true;
    }
    return false;
  }

  void seat_distinct(size_t wanted) {
    size_t seated = 0;
    for (size_t respondent = 0; respondent < groups_.size() && seated < wanted; ++respondent) {
      std::vector<bool> visited(organisations_, false);
      if (seat_free(respondent) || augment(respondent, visited)) ++seated;
    }
    for (size_t respondent = 0; respondent < groups_.size(); ++respondent) {
      if (place_of_[respondent] != kNobody) take(place_of_[respondent], respondent);
    }
    for (size_t respondent = 0; respondent < groups_.size() && seated < wanted; ++respondent) {
      if (place_of_[respondent] != kNobody) continue;
      take(free_place(), respondent);
      ++seated;
    }
  }

  size_t free_place() {
    for (const size_t place : order_) {
      if (taken_by_[place] == kNobody) return place;
    }
    CHECK(false, "no more organisations answer than the frame has");
    return 0;
  }

  void seat_the_rest(size_t distinct) {
    std::vector<size_t> answering;
    for (const size_t place : order_) {
      if (taken_by_[place] != kNobody) answering.push_back(place);
    }
    CHECK(answering.size() == distinct, "as many organisations answer as were wanted");
    for (size_t respondent = 0; respondent < groups_.size(); ++respondent) {
      if (place_of_[respondent] != kNobody) continue;
      std::vector<size_t> open;
      for (const size_t place : answering) {
        if (has_seat(place, respondent)) open.push_back(place);
      }
      const std::vector<size_t>& choice = open.empty() ? answering : open;
      take(choice[lot_.below(choice.size())], respondent);
    }
  }

  std::vector<int> groups_;  // of each respondent
  Lot& lot_;
  bool match_roles_;
  bool any_people_ = false;
  size_t organisations_ = 0;
  std::vector<std::map<int, size_t>> seats_;  // people left, by organisation and role option
  std::vector<size_t> order_;                 // organisations as the lot has them
  std::vector<size_t> taken_by_;              // an organisation's first respondent
  std::vector<size_t> place_of_;              // a respondent's organisation
  size_t without_person_ = 0;
};

// File codes of a single or score item in random order; those out of its base have no answer.
std::vector<int> dealt_codes(const SolvedItem& item, size_t n, Lot& lot) {
  std::vector<int> codes;
  if (item.solution != nullptr) {
    for (size_t i = 0; i < item.figures->codes.size(); ++i) {
      codes.insert(codes.end(), static_cast<size_t>(item.solution->counts[i]),
                   item.figures->codes[i]);
    }
  }
  codes.resize(n, file_code(Missing::kSystem));
  lot.shuffle(codes);
  return codes;
}

Column dealt_sets(const SolvedItem& item, size_t n, Lot& lot) {
  OptionSets sets{std::vector<uint64_t>(n, 0), std::vector<Missing>(n, Missing::kSystem)};
  if (item.solution == nullptr) return sets;
  std::vector<size_t> order = numbered(n);
  lot.shuffle(order);
  order.resize(static_cast<size_t>(item.solution->base));
  for (const size_t row : order) sets.missing[row] = Missing::kNone;
  const std::vector<Category>& categories = item.figures->variable->categories;
  for (size_t i = 0; i < item.figures->codes.size(); ++i) {
    lot.shuffle(order);
    const auto bit = std::find_if(categories.begin(), categories.end(), [&](const Category& c) {
      return c.code == item.figures->codes[i];
    });
    for (size_t k = 0; k < static_cast<size_t>(item.solution->counts[i]); ++k) {
      sets.bits[order[k]] |= uint64_t{1} << static_cast<size_t>(bit - categories.begin());
    }
  }
  return sets;
}

Column column_of(const Variable& variable, const SolvedItem& item, size_t n, Lot& lot) {
  const std::vector<Missing> none(n, Missing::kSystem);
  switch (variable.kind) {
    case VariableKind::kMulti:
      return dealt_sets(item, n, lot);
    case VariableKind::kNumber:
      return Numbers{std::vector<double>(n, 0.0), none};
    case VariableKind::kText:
      return Texts{std::vector<std::string>(n), none};
    case VariableKind::kSingle:
    case VariableKind::kScale:
      return make_codes(dealt_codes(item, n, lot));
  }
  return Texts{std::vector<std::string>(n), none};
}

Variable text_variable(const std::string& id, const std::string& label) {
  Variable variable;
  variable.id = id;
  variable.kind = VariableKind::kText;
  variable.label = label;
  return variable;
}

Column texts(std::vector<std::string> values) {
  std::vector<Missing> missing(values.size(), Missing::kNone);
  return Texts{std::move(values), std::move(missing)};
}

void note_seating(const Seating& seating, bool by_role, size_t n, size_t organisations,
                  std::vector<std::string>& notes) {
  notes.push_back(fmt::format(
      "Which organisations answered is made up: {} respondents were drawn by lot from {} "
      "organisations of the frame{}.",
      n, organisations, by_role ? ", with people of the roles they gave" : ""));
  if (seating.without_person() > 0) {
    notes.push_back(
        fmt::format("{} of the respondents sit in an organisation for which the frame lists no "
                    "further person of their role.",
                    seating.without_person()));
  }
  if (organisations > n) {
    notes.push_back(fmt::format(
        "{} organisations answered through {} respondents: which of them spoke for more than one "
        "organisation is made up.",
        organisations, n));
  }
}

}  // namespace

Result<Dataset> draw_responses(const Study& study, const Wave& wave, const Codebook& codebook,
                               const std::map<std::string, SolvedItem>& items, int64_t n,
                               int64_t organisations, std::vector<std::string>& notes) {
  const auto lot_of = [&](std::string_view item) {
    return Lot(fmt::format("{}/{}/{}", study.id, wave.id, item));
  };
  const auto item_of = [&](const std::string& id) {
    const auto found = items.find(id);
    return found == items.end() ? SolvedItem{} : found->second;
  };
  const auto count = static_cast<size_t>(n);
  const Frame& frame = study.frame_of(wave);
  const bool role_solved = items.contains(std::string(kRoleItem));
  const Roles roles(frame, role_solved ? codebook.find(kRoleItem) : nullptr);
  std::vector<int> role_codes;
  if (role_solved) {
    Lot lot = lot_of(kRoleItem);
    role_codes = dealt_codes(item_of(std::string(kRoleItem)), count, lot);
  }
  std::vector<int> groups(count, kUnknownRole);
  for (size_t i = 0; i < role_codes.size(); ++i) groups[i] = roles.group_of(role_codes[i]);

  Lot seating_lot = lot_of("organisation");
  Seating seating(frame, roles, groups, seating_lot);
  std::vector<std::string> respondents;
  std::vector<std::string> organisation_ids;
  for (const std::vector<size_t>& places : seating.seat(static_cast<size_t>(organisations))) {
    std::vector<std::string> ids;
    for (const size_t place : places) ids.push_back(frame.organisations()[place].id);
    organisation_ids.push_back(join(ids, ";"));
    respondents.push_back(fmt::format("r{:0{}}", respondents.size() + 1, count > 999 ? 5 : 3));
  }
  note_seating(seating, roles.useful(), count, static_cast<size_t>(organisations), notes);

  Codebook out;
  std::vector<Column> columns;
  TRY_DONE(out.add(text_variable("respondent", "Respondent (made up)")));
  columns.push_back(texts(std::move(respondents)));
  TRY_DONE(out.add(text_variable("organisation", "Organisation (made up)")));
  columns.push_back(texts(std::move(organisation_ids)));
  for (const Variable& variable : codebook.variables()) {
    Lot lot = lot_of(variable.id);
    columns.push_back(column_of(variable, item_of(variable.id), count, lot));
    TRY_DONE(out.add(variable));
  }
  return Dataset::make(std::move(out), std::move(columns));
}

}  // namespace barometer
