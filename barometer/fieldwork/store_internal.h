// Statements that several stores of the identity side share. Within a transaction of the caller.
#pragma once

#include <string>

#include "barometer/fieldwork/contact_event.h"
#include "barometer/journal/database.h"

namespace barometer {

Status add_event(Database& database, const ContactEvent& event);
// Ends a person's tokens; later ones are others.
Status end_tokens(Database& database, const std::string& wave, const std::string& person,
                  int64_t at_ms);

// 16 random bytes in hexadecimal.
std::string random_hex();

}  // namespace barometer
