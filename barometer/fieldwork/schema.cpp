#include <array>

#include "barometer/fieldwork/people.h"

namespace barometer {
namespace {

constexpr std::array<Migration, 3> kSteps = {{
    {1,
     "CREATE TABLE person (wave TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, "
     "email TEXT NOT NULL, phone TEXT NOT NULL, role TEXT NOT NULL, language TEXT NOT NULL, "
     "state TEXT NOT NULL, shared_by TEXT NOT NULL, is_transfer BIGINT NOT NULL, "
     "opted_out BIGINT NOT NULL, token_generation BIGINT NOT NULL, made_at_ms BIGINT NOT NULL, "
     "PRIMARY KEY (wave, id));"
     "CREATE TABLE person_organisation (wave TEXT NOT NULL, person TEXT NOT NULL, "
     "organisation TEXT NOT NULL, since_ms BIGINT NOT NULL, until_ms BIGINT, "
     "PRIMARY KEY (wave, person, organisation, since_ms));"
     "CREATE TABLE contact_event (id IDENTITY_KEY, wave TEXT NOT NULL, person TEXT NOT NULL, "
     "at_ms BIGINT NOT NULL, kind TEXT NOT NULL, step BIGINT NOT NULL, channel TEXT NOT NULL, "
     "made_by TEXT NOT NULL, note TEXT NOT NULL);"
     "CREATE INDEX contact_event_of_person ON contact_event (wave, person);"
     "CREATE TABLE token (hash TEXT NOT NULL PRIMARY KEY, wave TEXT NOT NULL, "
     "person TEXT NOT NULL, expires_at_ms BIGINT NOT NULL, revoked_at_ms BIGINT);"
     "CREATE INDEX token_of_person ON token (wave, person);"
     "CREATE TABLE opt_out_address (hash TEXT NOT NULL PRIMARY KEY, at_ms BIGINT NOT NULL);"
     "CREATE TABLE wave_setting (wave TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, "
     "PRIMARY KEY (wave, name));"
     "CREATE TABLE team_member (id TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, "
     "email TEXT NOT NULL, role TEXT NOT NULL, password_hash TEXT NOT NULL, "
     "totp_secret TEXT NOT NULL, totp_last_step BIGINT NOT NULL, disabled BIGINT NOT NULL);"
     "CREATE TABLE sign_in (hash TEXT NOT NULL PRIMARY KEY, member TEXT NOT NULL, "
     "made_at_ms BIGINT NOT NULL, seen_at_ms BIGINT NOT NULL, expires_at_ms BIGINT NOT NULL, "
     "device TEXT NOT NULL)"},
    {2, "ALTER TABLE token ADD COLUMN begun BIGINT NOT NULL DEFAULT 0"},
    {3, "ALTER TABLE contact_event ADD COLUMN form TEXT NOT NULL DEFAULT ''"},
}};

// Of contact/outbox.h; here, so that what an erasure has to empty stands in one file.
constexpr std::array<Migration, 1> kMailSteps = {{
    {1,
     "CREATE TABLE mail (wave TEXT NOT NULL, person TEXT NOT NULL, step TEXT NOT NULL, "
     "number BIGINT NOT NULL, state TEXT NOT NULL, attempts BIGINT NOT NULL, "
     "next_at_ms BIGINT NOT NULL, changed_at_ms BIGINT NOT NULL, message_id TEXT NOT NULL, "
     "claim TEXT NOT NULL, said TEXT NOT NULL, PRIMARY KEY (wave, person, step));"
     "CREATE INDEX mail_due ON mail (wave, state, next_at_ms);"
     "CREATE INDEX mail_by_message ON mail (message_id)"},
}};

}  // namespace

Status People::prepare(Database& database) {
  TRY_DONE(migrate(database, "fieldwork", kSteps));
  return migrate(database, "contact", kMailSteps);
}

}  // namespace barometer
