// barometer people import STUDY --wave W --data DIR [--contacts FILE]: who is asked.
// barometer people list: who they are and what happened.
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <nlohmann/json.hpp>

#include "barometer/base/file.h"
#include "barometer/base/text.h"
#include "barometer/fieldwork/wave_end.h"
#include "cli/field.h"

namespace barometer::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kHelp =
    R"(Puts people on the list of a wave, and shows the list.

  barometer people import STUDY --wave 2026-11 --data DIR --contacts contacts.csv
  barometer people list   STUDY --wave 2026-11 --data DIR
  barometer people link   STUDY --wave 2026-11 --data DIR --person ID     their link, for a help desk or a test

contacts.csv has the columns id and email, and may have name, phone, language, organisation and role.
An id of the frame's people.csv gets that person's organisation and role; other ids name an
organisation (several with ';' between them). People of the frame who are not in the file are put on
the list without an address: they can be asked by telephone or on paper.

Running it again changes what has changed, and nobody is asked twice. Someone who was erased is not
brought back. Addresses stay in DIR; they are never part of the study's folder.)";

struct Options {
  FieldOptions field;
  std::string contacts;
  std::string person;
};

Result<int> run_import(const Options& options, const Io& io) {
  const auto field = TRY(open_field(options.field, io, FieldStart::kMayBegin));
  const std::string csv =
      options.contacts.empty() ? std::string() : TRY(read_file(options.contacts, 1U << 26U));
  Diagnostics problems;
  const auto people =
      read_people(csv, options.contacts, field->study.frame_of(*field->wave), problems);
  problems.sort();
  TRY_DONE(problems.status());
  for (const Diagnostic& item : problems.items()) io.err << item.text() << "\n";
  People store(*field->identity, field->wave->id);
  const PeopleImport done = TRY(store.import(people, clock_ms()));
  TRY_DONE(field->record("people import", fmt::format("{} added, {} changed, {} the same",
                                                      done.added, done.changed, done.same)));
  size_t addresses = 0;
  for (const FieldPerson& person : people) addresses += person.email.empty() ? 0U : 1U;
  if (options.field.format == "json") {
    const Json json{{"added", done.added},
                    {"changed", done.changed},
                    {"same", done.same},
                    {"not_in_import", done.gone},
                    {"with_address", addresses}};
    fmt::print(io.out, "{}\n", json.dump(2));
    return kFine;
  }
  fmt::print(io.out, "{} people added, {} changed, {} as they were; {} have an address\n",
             done.added, done.changed, done.same, addresses);
  if (done.gone > 0) {
    fmt::print(io.out, "{} on the list are not in this import; they stay on it\n", done.gone);
  }
  return kFine;
}

std::string_view state_of(const FieldPerson& person) {
  switch (person.state) {
    case PersonState::kErased:
      return "erased";
    case PersonState::kTransferred:
      return "transferred";
    case PersonState::kPending:
      return "named by a colleague";
    case PersonState::kActive:
      return person.opted_out ? "opted out" : "asked";
  }
  return "";
}

// None once the key that joined people and answers was destroyed.
Result<std::optional<ProgressOf>> progress_while_known(const OpenField& field) {
  auto progress = interview_progress(field);
  if (progress) return std::optional(std::move(*progress));
  if (progress.error().code == ErrorCode::kNotFound) return std::optional<ProgressOf>();
  return tl::unexpected(progress.error());
}

// "sent"; of an unlinked wave no more is known than who has begun.
std::string_view interview_of(const OpenField& field, const std::optional<ProgressOf>& progress,
                              const std::string& person) {
  if (!progress) return "not known";
  const CaseProgress found = (*progress)(person);
  const bool unlinked = field.wave->fieldwork.privacy == PrivacyMode::kUnlinked;
  return name_of(unlinked && found == CaseProgress::kSent ? CaseProgress::kBegun : found);
}

Result<int> run_list(const Options& options, const Io& io) {
  const auto field = TRY(open_field(options.field, io));
  People store(*field->identity, field->wave->id);
  const std::optional<ProgressOf> progress = TRY(progress_while_known(*field));
  std::map<std::string, std::string> last;
  for (const ContactEvent& event : TRY(store.events())) {
    last[event.person] = contact_kind_name(event.kind);
  }
  Json rows = Json::array();
  const bool json = options.field.format == "json";
  if (!json) {
    fmt::print(io.out, "{:<16} {:<22} {:<22} {:<10} {:<16} {}\n", "id", "role", "state",
               "interview", "last event", "organisations");
  }
  for (const FieldPerson& person : TRY(store.all())) {
    const std::string places = join(person.organisations, ";");
    const std::string_view interview = interview_of(*field, progress, person.id);
    if (json) {
      rows.push_back({{"id", person.id},
                      {"role", person.role},
                      {"state", state_of(person)},
                      {"interview", interview},
                      {"last_event", last[person.id]},
                      {"has_address", !person.email.empty()},
                      {"organisations", person.organisations}});
    } else {
      fmt::print(io.out, "{:<16} {:<22} {:<22} {:<10} {:<16} {}\n", printable(person.id),
                 printable(person.role), state_of(person), interview, last[person.id],
                 printable(places, 200));
    }
  }
  if (json) fmt::print(io.out, "{}\n", rows.dump(2, ' ', false, Json::error_handler_t::replace));
  return kFine;
}

Result<int> run_link(const Options& options, const Io& io) {
  const auto field = TRY(open_field(options.field, io));
  const Wave& wave = *field->wave;
  Tokens tokens(*field->identity, field->token_key);
  const std::string token = TRY(tokens.issue_answer(wave.fieldwork.privacy, wave.id, options.person,
                                                    links_end_ms(wave.fieldwork, clock_ms())));
  TRY_DONE(field->record("link", options.person));
  fmt::print(io.out, "{}/i/{}\n", wave.fieldwork.contact.address, token);
  return kFine;
}

}  // namespace

void add_people(CLI::App& app, Action& chosen) {
  CLI::App* verb = app.add_subcommand("people", "Put people on the list of a wave, and show it");
  verb->footer(kHelp);
  verb->require_subcommand(1);
  auto options = std::make_shared<Options>();
  CLI::App* import = verb->add_subcommand("import", "From the frame and a file of contacts");
  add_field_options(*import, options->field);
  import->add_option("--contacts", options->contacts, "CSV: id,email[,name,phone,language,...]")
      ->check(CLI::ExistingFile);
  import->callback([options, &chosen] {
    chosen = [options](const Io& io) { return run_import(*options, io); };
  });
  CLI::App* list = verb->add_subcommand("list", "Who is on it, and what happened last");
  add_field_options(*list, options->field);
  list->callback(
      [options, &chosen] { chosen = [options](const Io& io) { return run_list(*options, io); }; });
  CLI::App* link = verb->add_subcommand("link", "One person's link; noted in the audit log");
  add_field_options(*link, options->field);
  link->add_option("--person", options->person, "The person's id")->required();
  link->callback(
      [options, &chosen] { chosen = [options](const Io& io) { return run_link(*options, io); }; });
}

}  // namespace barometer::cli
