// The identity side of a wave: who is asked, for which organisations, what happened with them.
//
// Kept in fieldwork.sqlite (or the schema barometer_fieldwork), apart from the answers. What joins
// the two is the pseudonym (fieldwork/folder.h), which needs a key that no export holds.
//
// A person may stand for several organisations and an organisation have several people, each link
// with the time it began and ended (after the register of the British ONS). Sharing adds a
// colleague; a transfer also ends the first person's part.
//
// People is one wave seen through one Database, with its rules on threads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "barometer/base/diagnostic.h"
#include "barometer/fieldwork/contact_event.h"
#include "barometer/frame/frame.h"
#include "barometer/journal/database.h"

namespace barometer {

enum class PersonState {
  kActive,
  kPending,      // named by a colleague, has not accepted yet
  kTransferred,  // a colleague answers instead
  kErased,       // name, addresses and notes are gone
};

struct FieldPerson {
  std::string id{};  // of the frame; a colleague's is "<id of who shared>+<n>"
  std::string name{};
  std::string email{};  // "" when there is none
  std::string phone{};
  std::string role{};
  std::string language{};  // "" the first of the wave
  std::vector<std::string> organisations{};
  PersonState state = PersonState::kActive;
  std::string shared_by{};  // the id of the colleague who named this person
  bool is_transfer = false;
  bool opted_out = false;  // of this wave, or of all surveys by address
};

// Reads a CSV of contacts: id,email[,name,phone,language,organisation,role]. Rows of people in the
// frame add addresses; others need an organisation of the frame (ids separated by ';'). Reports
// doubled ids, one address for two people (a warning: shared mailboxes exist), addresses that are
// none, unknown organisations. People of the frame who are not in the file come too, without an
// address; an empty csv means the frame alone.
std::vector<FieldPerson> read_people(std::string_view csv, const std::string& file,
                                     const Frame& frame, Diagnostics& problems);

// True for what can be put into an SMTP envelope: one @, no spaces, controls or quotes, at most 254
// bytes.
bool is_mail_address(std::string_view text);

struct PeopleImport {
  size_t added = 0;
  size_t changed = 0;  // name, address, role or links differ
  size_t same = 0;
  size_t gone = 0;  // in the wave but not in the import; they stay
};

enum class ErasedAnswers { kGone, kStay };  // what becomes of the answers of who is erased

class People {
 public:
  People(Database& database, std::string wave) : database_(&database), wave_(std::move(wave)) {}

  // Makes or upgrades the tables of this header, of tokens, of the team and of settings.
  static Status prepare(Database& database);

  // All or nothing; running it again changes nothing. An erased person is not brought back.
  Result<PeopleImport> import(const std::vector<FieldPerson>& people, int64_t at_ms);
  Result<std::vector<FieldPerson>> all();  // by id
  Result<std::optional<FieldPerson>> find(const std::string& id);

  Status record(ContactEvent event);  // wave is ours
  // Of what was entered on a form, which may be sent again: the last event from it said the same.
  Result<bool> is_last_of_form(const ContactEvent& event);
  // By person and id; of one person with `person`.
  Result<std::vector<ContactEvent>> events(const std::string& person = {});

  // Takes effect for every later mail. `everywhere`: for other waves as well; the address is kept
  // as a salted hash so that it outlives an erasure (the salt is in the same database).
  Status opt_out(const std::string& person, bool everywhere, int64_t at_ms, const std::string& by);
  Status withdraw_opt_out(const std::string& person, int64_t at_ms, const std::string& by);

  // Names a colleague: a pending person with the same organisations and no role, since nobody said
  // theirs, whose id is returned. kLimit after three; kInvalid when the address is none, is on the
  // list already, or has opted out.
  Result<std::string> share(const std::string& person, const std::string& name,
                            const std::string& email, bool is_transfer, int64_t at_ms);
  // The colleague accepted: active from now on; after a transfer the first person no longer is and
  // their tokens are revoked. Again: nothing more happens.
  Status accept_share(const std::string& colleague, int64_t at_ms);

  // Removes name, addresses, notes and tokens; the row, its organisations and event kinds stay for
  // the outcome rates, and the address can no longer be written to (mail under way included: it
  // holds no address of its own). The answers are the journal's business (Journal::erase). Where
  // they stay, as nobody knows which they are, so does the mark that the person has begun: they are
  // counted once, as answers, and not again as a refusal.
  Status erase(const std::string& person, int64_t at_ms, const std::string& by,
               ErasedAnswers answers = ErasedAnswers::kGone);

  // The end of the time for which personal data is kept: names, addresses, notes and links of
  // everybody go; organisations, roles and kinds of events stay. How many had any.
  Result<size_t> expire();

  // Settings of the wave: "privacy", "closed_at_ms", ...
  Result<std::optional<std::string>> setting(const std::string& name);
  Status set(const std::string& name, const std::string& value);
  // Only when there is none yet; the one that holds from now on.
  Result<std::string> set_once(const std::string& name, const std::string& value);
  Status unset(const std::string& name);

 private:
  // kNotFound in words.
  Result<FieldPerson> existing(const std::string& person);
  Result<int64_t> shares_before(const FieldPerson& from, const std::string& email);
  Status note(const std::string& person, ContactKind kind, int64_t at_ms, const std::string& by);

  Database* database_;
  std::string wave_;
};

}  // namespace barometer
