#include "barometer/fieldwork/people.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <fmt/format.h>

#include "barometer/base/hash.h"
#include "barometer/base/text.h"
#include "barometer/fieldwork/store_internal.h"

namespace barometer {
namespace {

constexpr std::array<std::string_view, 4> kStates = {"active", "pending", "transferred", "erased"};
constexpr int64_t kSharesMax = 3;
constexpr size_t kNameMax = 400;  // bytes
constexpr std::string_view kPersonColumns =
    "id, name, email, phone, role, language, state, shared_by, is_transfer, opted_out";

std::string_view state_name(PersonState state) { return kStates.at(static_cast<size_t>(state)); }

FieldPerson read_person(const DbRow& row) {
  const auto* const state = std::ranges::find(kStates, row.text(6));
  return {.id = std::string(row.text(0)),
          .name = std::string(row.text(1)),
          .email = std::string(row.text(2)),
          .phone = std::string(row.text(3)),
          .role = std::string(row.text(4)),
          .language = std::string(row.text(5)),
          .organisations = {},
          .state = static_cast<PersonState>(state - kStates.begin()),
          .shared_by = std::string(row.text(7)),
          .is_transfer = row.whole(8) != 0,
          .opted_out = row.whole(9) != 0};
}

// The salt keeps lists of hashes of different studies from being compared.
std::string address_hash(std::string_view salt, const std::string& email) {
  return blake2b_hex({"address", salt, lowered(email)});
}

Status add_person(Database& database, const std::string& wave, const FieldPerson& person,
                  int64_t at_ms) {
  TRY(database.run(
      "INSERT INTO person (wave, id, name, email, phone, role, language, state, shared_by, "
      "is_transfer, opted_out, token_generation, made_at_ms) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)",
      {wave, person.id, person.name, person.email, person.phone, person.role, person.language,
       std::string(state_name(person.state)), person.shared_by, int64_t{person.is_transfer ? 1 : 0},
       int64_t{person.opted_out ? 1 : 0}, at_ms}));
  return {};
}

Status add_link(Database& database, const std::string& wave, const std::string& person,
                const std::string& organisation, int64_t at_ms) {
  TRY(
      database.run("INSERT INTO person_organisation (wave, person, organisation, since_ms) "
                   "VALUES (?, ?, ?, ?) ON CONFLICT (wave, person, organisation, since_ms) "
                   "DO UPDATE SET until_ms = NULL",
                   {wave, person, organisation, at_ms}));
  return {};
}

Status end_link(Database& database, const std::string& wave, const std::string& person,
                const std::string& organisation, int64_t at_ms) {
  TRY(
      database.run("UPDATE person_organisation SET until_ms = ? WHERE wave = ? AND person = ? AND "
                   "organisation = ? AND until_ms IS NULL",
                   {at_ms, wave, person, organisation}));
  return {};
}

// The random salt of this database, made when it is first asked for.
Result<std::string> salt_of(Database& database) {
  TRY(
      database.run("INSERT INTO wave_setting (wave, name, value) VALUES ('', 'salt', ?) "
                   "ON CONFLICT (wave, name) DO NOTHING",
                   {random_hex()}));
  const auto salt =
      TRY(database.ask_text("SELECT value FROM wave_setting WHERE wave = '' AND name = 'salt'"));
  return salt.value_or("");
}

Result<bool> is_stopped(Database& database, const std::string& email) {
  if (email.empty()) return false;
  const std::string hash = address_hash(TRY(salt_of(database)), email);
  return TRY(database.ask_whole("SELECT 1 FROM opt_out_address WHERE hash = ?", {hash}))
      .has_value();
}

Status stop_address(Database& database, const std::string& email, int64_t at_ms) {
  if (email.empty()) return {};
  const std::string hash = address_hash(TRY(salt_of(database)), email);
  TRY(
      database.run("INSERT INTO opt_out_address (hash, at_ms) VALUES (?, ?) "
                   "ON CONFLICT (hash) DO NOTHING",
                   {hash, at_ms}));
  TRY(database.run("UPDATE person SET opted_out = 1 WHERE lower(email) = ?", {lowered(email)}));
  return {};
}

// Takes what was removed out of the files of the database.
Status purge_personal(Database& database) {
  for (const std::string_view table : {"person", "contact_event", "token", "mail"}) {
    TRY_DONE(database.purge(table));
  }
  return {};
}

// What an import may change of a person who is there.
bool is_same(const FieldPerson& known, const FieldPerson& given) {
  return known.name == given.name && known.email == given.email && known.phone == given.phone &&
         known.role == given.role && known.language == given.language &&
         std::ranges::is_permutation(known.organisations, given.organisations);
}

class Import {
 public:
  Import(Database& database, const std::string& wave, int64_t at_ms)
      : database_(database), wave_(wave), at_ms_(at_ms) {}

  Status take(FieldPerson person, const FieldPerson* known) {
    if (known == nullptr) {
      person.opted_out = TRY(is_stopped(database_, person.email));
      TRY_DONE(add_person(database_, wave_, person, at_ms_));
      for (const std::string& id : person.organisations) {
        TRY_DONE(add_link(database_, wave_, person.id, id, at_ms_));
      }
      ++counts.added;
      return add_event(database_, {.wave = wave_,
                                   .person = person.id,
                                   .at_ms = at_ms_,
                                   .kind = ContactKind::kImported,
                                   .channel = "team"});
    }
    if (known->state == PersonState::kErased || is_same(*known, person)) {
      ++counts.same;
      return {};
    }
    ++counts.changed;
    return change(person, *known);
  }

  PeopleImport counts;

 private:
  Status change(const FieldPerson& person, const FieldPerson& known) {
    const bool stopped =
        known.email == person.email ? known.opted_out : TRY(is_stopped(database_, person.email));
    TRY(
        database_.run("UPDATE person SET name = ?, email = ?, phone = ?, role = ?, language = ?, "
                      "opted_out = ? WHERE wave = ? AND id = ?",
                      {person.name, person.email, person.phone, person.role, person.language,
                       int64_t{stopped || known.opted_out ? 1 : 0}, wave_, person.id}));
    // Another address starts afresh, whatever came back from the old one.
    if (known.email != person.email && !person.email.empty()) {
      TRY_DONE(add_event(database_, {.wave = wave_,
                                     .person = person.id,
                                     .at_ms = at_ms_,
                                     .kind = ContactKind::kImported,
                                     .channel = "team"}));
    }
    for (const std::string& id : known.organisations) {
      if (std::ranges::count(person.organisations, id) == 0) {
        TRY_DONE(end_link(database_, wave_, person.id, id, at_ms_));
      }
    }
    for (const std::string& id : person.organisations) {
      if (std::ranges::count(known.organisations, id) == 0) {
        TRY_DONE(add_link(database_, wave_, person.id, id, at_ms_));
      }
    }
    return {};
  }

  Database& database_;
  const std::string& wave_;
  int64_t at_ms_;
};

}  // namespace

Status add_event(Database& database, const ContactEvent& event) {
  TRY(database.run(
      "INSERT INTO contact_event (wave, person, at_ms, kind, step, channel, made_by, note, form) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      {event.wave, event.person, event.at_ms, std::string(contact_kind_name(event.kind)),
       int64_t{event.step}, event.channel, event.by, event.note, event.form}));
  return {};
}

Result<PeopleImport> People::import(const std::vector<FieldPerson>& people, int64_t at_ms) {
  Import import(*database_, wave_, at_ms);
  const auto body = [&]() -> Status {
    std::map<std::string, FieldPerson> known;
    for (FieldPerson& person : TRY(all())) known.emplace(person.id, person);
    import.counts = {};
    std::set<std::string> given;
    for (const FieldPerson& person : people) {
      const auto found = known.find(person.id);
      TRY_DONE(import.take(person, found == known.end() ? nullptr : &found->second));
      given.insert(person.id);
    }
    import.counts.gone = static_cast<size_t>(std::ranges::count_if(known, [&](const auto& one) {
      return !given.contains(one.first) && one.second.shared_by.empty();
    }));
    return {};
  };
  TRY_DONE(database_->transaction(body));
  return import.counts;
}

Result<std::vector<FieldPerson>> People::all() {
  std::map<std::string, FieldPerson> found;
  TRY_DONE(database_->ask(fmt::format("SELECT {} FROM person WHERE wave = ?", kPersonColumns),
                          {wave_}, [&](const DbRow& row) -> Status {
                            found.emplace(row.text(0), read_person(row));
                            return {};
                          }));
  TRY_DONE(database_->ask(
      "SELECT person, organisation FROM person_organisation WHERE wave = ? AND until_ms IS NULL "
      "ORDER BY organisation",
      {wave_}, [&](const DbRow& row) -> Status {
        const auto one = found.find(std::string(row.text(0)));
        if (one != found.end()) one->second.organisations.emplace_back(row.text(1));
        return {};
      }));
  std::vector<FieldPerson> people;
  people.reserve(found.size());
  for (auto& [id, person] : found) people.push_back(std::move(person));
  return people;
}

Result<std::optional<FieldPerson>> People::find(const std::string& id) {
  std::optional<FieldPerson> found;
  TRY_DONE(
      database_->ask(fmt::format("SELECT {} FROM person WHERE wave = ? AND id = ?", kPersonColumns),
                     {wave_, id}, [&](const DbRow& row) -> Status {
                       found = read_person(row);
                       return {};
                     }));
  if (!found) return found;
  TRY_DONE(database_->ask(
      "SELECT organisation FROM person_organisation WHERE wave = ? AND person = ? AND "
      "until_ms IS NULL ORDER BY organisation",
      {wave_, id}, [&](const DbRow& row) -> Status {
        found->organisations.emplace_back(row.text(0));
        return {};
      }));
  return found;
}

Status People::record(ContactEvent event) {
  event.wave = wave_;
  return add_event(*database_, event);
}

Result<bool> People::is_last_of_form(const ContactEvent& event) {
  CHECK(!event.form.empty(), "a form has a key");
  bool same = false;
  TRY_DONE(database_->ask(
      "SELECT kind, channel, note FROM contact_event WHERE wave = ? AND person = ? AND form = ? "
      "ORDER BY id DESC LIMIT 1",
      {wave_, event.person, event.form}, [&](const DbRow& row) -> Status {
        same = row.text(0) == contact_kind_name(event.kind) && row.text(1) == event.channel &&
               row.text(2) == event.note;
        return {};
      }));
  return same;
}

Result<std::vector<ContactEvent>> People::events(const std::string& person) {
  std::vector<ContactEvent> found;
  const auto take = [&](const DbRow& row) -> Status {
    const auto kind = contact_kind_named(row.text(3));
    if (!kind) {
      return fail(
          ErrorCode::kUnsupported,
          fmt::format("an event of the kind '{}' is of a newer program", printable(row.text(3))));
    }
    found.push_back({row.whole(0), wave_, std::string(row.text(1)), row.whole(2), *kind,
                     static_cast<int>(row.whole(4)), std::string(row.text(5)),
                     std::string(row.text(6)), std::string(row.text(7)), std::string(row.text(8))});
    return {};
  };
  constexpr std::string_view kColumns =
      "SELECT id, person, at_ms, kind, step, channel, made_by, note, form FROM contact_event ";
  if (person.empty()) {
    TRY_DONE(database_->ask(fmt::format("{}WHERE wave = ? ORDER BY id", kColumns), {wave_}, take));
  } else {
    TRY_DONE(database_->ask(fmt::format("{}WHERE wave = ? AND person = ? ORDER BY id", kColumns),
                            {wave_, person}, take));
  }
  std::ranges::stable_sort(found, {}, &ContactEvent::person);
  return found;
}

Status People::opt_out(const std::string& person, bool everywhere, int64_t at_ms,
                       const std::string& by) {
  return database_->transaction([&]() -> Status {
    const FieldPerson known = TRY(existing(person));
    if (everywhere) TRY_DONE(stop_address(*database_, known.email, at_ms));
    TRY(database_->run("UPDATE person SET opted_out = 1 WHERE wave = ? AND id = ?",
                       {wave_, person}));
    return note(person, ContactKind::kOptedOut, at_ms, by);
  });
}

Status People::withdraw_opt_out(const std::string& person, int64_t at_ms, const std::string& by) {
  return database_->transaction([&]() -> Status {
    const FieldPerson known = TRY(existing(person));
    const std::string hash = address_hash(TRY(salt_of(*database_)), known.email);
    TRY(database_->run("DELETE FROM opt_out_address WHERE hash = ?", {hash}));
    TRY(database_->run("UPDATE person SET opted_out = 0 WHERE wave = ? AND id = ?",
                       {wave_, person}));
    return note(person, ContactKind::kOptOutWithdrawn, at_ms, by);
  });
}

Result<std::string> People::share(const std::string& person, const std::string& name,
                                  const std::string& email, bool is_transfer, int64_t at_ms) {
  if (!is_mail_address(email)) {
    return fail(ErrorCode::kInvalid, fmt::format("'{}' is not a mail address", printable(email)));
  }
  const bool is_line = std::ranges::all_of(
      name, [](char c) { return static_cast<unsigned char>(c) >= ' ' && c != '\x7f'; });
  if (!is_line || !is_utf8(name) || name.size() > kNameMax) {
    return fail(ErrorCode::kInvalid, "a name is one line of at most 200 letters");
  }
  std::string id;
  const auto body = [&]() -> Status {
    const FieldPerson from = TRY(existing(person));
    const int64_t shares = TRY(shares_before(from, email));
    id = fmt::format("{}+{}", person, shares + 1);
    FieldPerson colleague{.id = id, .name = name, .email = email};  // nobody said their role
    colleague.language = from.language;
    colleague.state = PersonState::kPending;
    colleague.shared_by = person;
    colleague.is_transfer = is_transfer;
    TRY_DONE(add_person(*database_, wave_, colleague, at_ms));
    for (const std::string& place : from.organisations) {
      TRY_DONE(add_link(*database_, wave_, id, place, at_ms));
    }
    ContactEvent event{.wave = wave_, .person = person, .at_ms = at_ms};
    event.kind = ContactKind::kShared;
    event.channel = "web";
    event.note = id;
    return add_event(*database_, event);
  };
  TRY_DONE(database_->transaction(body));
  return id;
}

// How many colleagues the person has named; refuses one more who may not be written to.
Result<int64_t> People::shares_before(const FieldPerson& from, const std::string& email) {
  if (from.state != PersonState::kActive) {
    return fail(ErrorCode::kInvalid, "only someone who is asked can name a colleague");
  }
  int64_t shares = 0;
  for (const FieldPerson& one : TRY(all())) {
    if (one.shared_by == from.id) ++shares;
    // Whatever their organisation: a second link would lead to the same mailbox.
    if (lowered(one.email) == lowered(email)) {
      return fail(ErrorCode::kInvalid, "that address is asked already");
    }
  }
  if (shares >= kSharesMax) {
    return fail(ErrorCode::kLimit, fmt::format("at most {} colleagues can be named", kSharesMax));
  }
  if (TRY(is_stopped(*database_, email))) {
    return fail(ErrorCode::kInvalid, "nobody may write to that address any more");
  }
  return shares;
}

Status People::accept_share(const std::string& colleague, int64_t at_ms) {
  return database_->transaction([&]() -> Status {
    const FieldPerson person = TRY(existing(colleague));
    if (person.state != PersonState::kPending) return {};
    TRY(database_->run("UPDATE person SET state = 'active' WHERE wave = ? AND id = ?",
                       {wave_, colleague}));
    if (!person.is_transfer) return {};
    const FieldPerson from = TRY(existing(person.shared_by));
    if (from.state != PersonState::kActive) return {};
    TRY(database_->run("UPDATE person SET state = 'transferred' WHERE wave = ? AND id = ?",
                       {wave_, from.id}));
    for (const std::string& place : from.organisations) {
      TRY_DONE(end_link(*database_, wave_, from.id, place, at_ms));
    }
    TRY_DONE(end_tokens(*database_, wave_, from.id, at_ms));
    return note(from.id, ContactKind::kTransferred, at_ms, "");
  });
}

Status People::erase(const std::string& person, int64_t at_ms, const std::string& by,
                     ErasedAnswers answers) {
  const auto body = [&]() -> Status {
    const FieldPerson known = TRY(existing(person));
    if (known.state == PersonState::kErased) return {};
    TRY_DONE(stop_address(*database_, known.email, at_ms));
    TRY_DONE(end_tokens(*database_, wave_, person, at_ms));
    const bool stay = answers == ErasedAnswers::kStay;
    TRY(database_->run(fmt::format("DELETE FROM token WHERE wave = ? AND person = ?{}",
                                   stay ? " AND begun = 0" : ""),
                       {wave_, person}));
    TRY(database_->run("UPDATE token SET expires_at_ms = 0 WHERE wave = ? AND person = ?",
                       {wave_, person}));
    TRY(
        database_->run("UPDATE person SET name = '', email = '', phone = '', language = '', "
                       "opted_out = 1, state = 'erased' WHERE wave = ? AND id = ?",
                       {wave_, person}));
    TRY(
        database_->run("UPDATE contact_event SET note = '', form = '' WHERE wave = ? AND "
                       "person = ?",
                       {wave_, person}));
    // What a mail server said, and the name under which the person's mailbox has the mail.
    TRY(database_->run("UPDATE mail SET said = '', message_id = '' WHERE wave = ? AND person = ?",
                       {wave_, person}));
    return note(person, ContactKind::kErased, at_ms, by);
  };
  TRY_DONE(database_->transaction(body));
  return purge_personal(*database_);
}

Result<size_t> People::expire() {
  size_t known = 0;
  const auto body = [&]() -> Status {
    known = static_cast<size_t>(
        TRY(database_->ask_whole("SELECT count(*) FROM person WHERE wave = ? AND "
                                 "name || email || phone <> ''",
                                 {wave_}))
            .value_or(0));
    TRY(
        database_->run("UPDATE person SET name = '', email = '', phone = '', language = '' "
                       "WHERE wave = ?",
                       {wave_}));
    TRY(database_->run("UPDATE contact_event SET note = '', form = '' WHERE wave = ?", {wave_}));
    TRY(database_->run("UPDATE mail SET said = '', message_id = '' WHERE wave = ?", {wave_}));
    TRY(database_->run("DELETE FROM token WHERE wave = ? AND begun = 0", {wave_}));
    TRY(database_->run("UPDATE token SET expires_at_ms = 0 WHERE wave = ?", {wave_}));
    return {};
  };
  TRY_DONE(database_->transaction(body));
  TRY_DONE(purge_personal(*database_));
  return known;
}

Result<std::optional<std::string>> People::setting(const std::string& name) {
  return database_->ask_text("SELECT value FROM wave_setting WHERE wave = ? AND name = ?",
                             {wave_, name});
}

Status People::set(const std::string& name, const std::string& value) {
  TRY(
      database_->run("INSERT INTO wave_setting (wave, name, value) VALUES (?, ?, ?) "
                     "ON CONFLICT (wave, name) DO UPDATE SET value = excluded.value",
                     {wave_, name, value}));
  return {};
}

Result<std::string> People::set_once(const std::string& name, const std::string& value) {
  TRY(
      database_->run("INSERT INTO wave_setting (wave, name, value) VALUES (?, ?, ?) "
                     "ON CONFLICT (wave, name) DO NOTHING",
                     {wave_, name, value}));
  return TRY(setting(name)).value_or("");
}

Status People::unset(const std::string& name) {
  TRY(database_->run("DELETE FROM wave_setting WHERE wave = ? AND name = ?", {wave_, name}));
  return {};
}

Result<FieldPerson> People::existing(const std::string& person) {
  auto found = TRY(find(person));
  if (!found) {
    return fail(ErrorCode::kNotFound, fmt::format("there is nobody '{}' in the wave '{}'",
                                                  printable(person), printable(wave_)));
  }
  return std::move(*found);
}

Status People::note(const std::string& person, ContactKind kind, int64_t at_ms,
                    const std::string& by) {
  ContactEvent event{.wave = wave_, .person = person, .at_ms = at_ms, .kind = kind};
  event.channel = by.empty() ? "web" : "team";
  event.by = by;
  return add_event(*database_, event);
}

}  // namespace barometer
