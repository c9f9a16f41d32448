// A printed number beside a figure of a ledger.
#pragma once

#include <string>
#include <string_view>

#include "barometer/audit/page_internal.h"
#include "barometer/meaning/ledger_index.h"

namespace barometer {

// The ledger gives its value.
bool is_shown(const Figure& figure);
// The figure is as the claim says: its number, or true of its words ("more than half").
bool is_as_printed(const Page& page, const Claim& claim, const Figure& figure);
// "59/94 = 62.77, prints as 63", with as many decimals as the claim has.
std::string recomputed(const Claim& claim, const Figure& figure);
// Why a share cannot be that of an answer without a figure: more than the answers at the other end
// leave, or than the NET it is part of; empty where nothing says so.
std::string impossible(const Claim& claim, const LedgerIndex::Question& question,
                       const LedgerIndex::Answer& meant, std::string_view group);

}  // namespace barometer
