#include "barometer/audit/ledger_value_internal.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "barometer/audit/hedges_internal.h"
#include "barometer/base/text.h"

namespace barometer {
namespace {

// The exact share where the figure is one of whole cases, not weighted.
std::optional<Ratio> exact_percent(const Figure& figure) {
  if (figure.kind != FigureKind::kPercent || !figure.count || !figure.n || *figure.n == 0) {
    return std::nullopt;
  }
  constexpr size_t kMost = size_t{1} << 40U;
  if (*figure.n > kMost || *figure.count > *figure.n) return std::nullopt;
  const Ratio share{100 * static_cast<int64_t>(*figure.count), static_cast<int64_t>(*figure.n)};
  if (!figure.value || std::abs(share.value() - *figure.value) > 1e-6) return std::nullopt;
  return share;
}

}  // namespace

bool is_shown(const Figure& figure) {
  return figure.value && figure.marker != Marker::kSuppressed &&
         figure.marker != Marker::kNotAvailable && figure.marker != Marker::kNotApplicable;
}

bool is_as_printed(const Page& page, const Claim& claim, const Figure& figure) {
  if (!is_shown(figure)) return false;
  if (claim.kind == ClaimKind::kPercent || claim.kind == ClaimKind::kMean ||
      claim.kind == ClaimKind::kChange) {
    if (!claim.value || !is_testable(*claim.value)) return false;
    const std::optional<Ratio> exact = exact_percent(figure);
    if (exact) return page.rounding().interval(*claim.value).contains(*exact);
    Decimal printed = *claim.value;
    if (claim.kind == ClaimKind::kChange && claim.number.direction < 0 && printed.digits > 0) {
      printed.digits = -printed.digits;
    }
    return round(*figure.value, printed.places) == printed;
  }
  if (!can_be_judged(claim)) return true;
  const Decimal value = round(*figure.value, 4);
  const std::optional<Ratio> exact = exact_percent(figure);
  return is_true(claim.number, exact ? *exact : value.ratio()) != wording::Truth::kFalse;
}

std::string recomputed(const Claim& claim, const Figure& figure) {
  const int places = claim.value ? std::clamp(claim.value->places, 0, 6) : 0;
  if (const std::optional<Ratio> exact = exact_percent(figure)) {
    return fmt::format("{}/{} = {}, prints as {}", *figure.count, *figure.n,
                       round(*exact, places + 2).text(), round(*exact, places).text());
  }
  if (!figure.value) return fmt::format("the ledger has {}", printable(figure.printed));
  return fmt::format("{}, prints as {}", round(*figure.value, std::min(places + 2, 6)).text(),
                     round(*figure.value, places).text());
}

std::string impossible(const Claim& claim, const LedgerIndex::Question& question,
                       const LedgerIndex::Answer& meant, std::string_view group) {
  if (claim.kind != ClaimKind::kPercent || !claim.value || !is_testable(*claim.value)) return "";
  if (meant.pole.scale == 0 || meant.pole.sign == 0) return "";
  constexpr double kRounding = 1.0;  // of two printed figures
  const double value = claim.value->value();
  for (const LedgerIndex::Answer& answer : question.answers) {
    const Figure* figure = answer.of_group(group);
    if (figure == nullptr || !is_shown(*figure) || answer.pole.scale != meant.pole.scale) continue;
    if (answer.kind != FigureKind::kPercent) continue;
    const bool contrary = answer.pole.sign == -meant.pole.sign;
    if (contrary && value + *figure->value > 100 + kRounding) {
      return fmt::format("{} + {} is over 100", claim.value->text(), printable(figure->printed));
    }
    const bool whole = !contrary && (answer.is_net || answer.parts[0].size() == 1) &&
                       meant.parts.size() == 1 && meant.parts[0].size() > 1;
    if (whole && value > *figure->value + kRounding) {
      return fmt::format("{} is over {}, of which it is a part", claim.value->text(),
                         printable(figure->printed));
    }
  }
  return "";
}

}  // namespace barometer
