#include "barometer/sample/given_replicates.h"

#include <cmath>
#include <string>

#include <fmt/format.h>

#include "barometer/base/text.h"

namespace barometer {
namespace {

struct Word {
  std::string_view word;
  ReplicateType type;
};
constexpr Word kWords[] = {
    {"BRR", ReplicateType::kBrr},
    {"Fay", ReplicateType::kFay},
    {"JK1", ReplicateType::kJk1},
    {"JKn", ReplicateType::kJkn},
    {"JK2", ReplicateType::kJkn},
    {"bootstrap", ReplicateType::kBootstrap},
    {"subbootstrap", ReplicateType::kSubbootstrap},
    {"mrbbootstrap", ReplicateType::kMrbBootstrap},
    {"ACS", ReplicateType::kSdr},
    {"successive-difference", ReplicateType::kSdr},
    {"SDR", ReplicateType::kSdr},
    {"other", ReplicateType::kOther},
};

// The scale that a type implies.
std::optional<double> implied(const Replicates& replicates) {
  const auto count = static_cast<double>(replicates.count());
  switch (replicates.type) {
    case ReplicateType::kBrr:
      return 1 / count;
    case ReplicateType::kFay:
      return 1 / (count * (1 - replicates.fay_rho) * (1 - replicates.fay_rho));
    case ReplicateType::kSdr:
      return 4 / count;
    case ReplicateType::kJk1:
      return (count - 1) / count;
    case ReplicateType::kJkn:
      return 1.0;
    case ReplicateType::kBootstrap:
    case ReplicateType::kSubbootstrap:
    case ReplicateType::kMrbBootstrap:
      return 1 / (count - 1);
    case ReplicateType::kOther:
      break;
  }
  return std::nullopt;
}

Status check_rho(const Replicates& replicates) {
  const double rho = replicates.fay_rho;
  if (replicates.type != ReplicateType::kFay && rho != 0) {
    return fail(ErrorCode::kInvalid, fmt::format("{} replicates have no rho ({} was given)",
                                                 name_of(replicates.type), rho));
  }
  if (rho >= 0 && rho < 1) return {};
  return fail(ErrorCode::kInvalid, fmt::format("Fay's rho is {}; it lies from 0 to below 1", rho));
}

Result<double> scale_of(const Replicates& replicates, const std::optional<double>& given) {
  if (!given) {
    if (const auto scale = implied(replicates)) return *scale;
    return fail(ErrorCode::kInvalid, "replicates of the type 'other' need their scale");
  }
  if (!(*given >= 0) || std::isinf(*given)) {
    return fail(ErrorCode::kInvalid, fmt::format("the scale {} is not at least 0", *given));
  }
  return *given;
}

Result<std::vector<double>> rscales_of(const Replicates& replicates,
                                       const std::vector<double>& given) {
  if (given.empty() && replicates.type == ReplicateType::kJkn) {
    return fail(ErrorCode::kInvalid, "JKn replicates need their rscales");
  }
  for (const double rscale : given) {
    if (rscale >= 0 && !std::isinf(rscale)) continue;
    return fail(ErrorCode::kInvalid, fmt::format("the rscale {} is not at least 0", rscale));
  }
  if (given.size() <= 1) {
    return std::vector<double>(replicates.count(), given.empty() ? 1.0 : given.front());
  }
  if (given.size() == replicates.count()) return given;
  return fail(ErrorCode::kInvalid,
              fmt::format("{} rscales for {} replicates", given.size(), replicates.count()));
}

}  // namespace

Status complete(Replicates& replicates, const GivenScales& given) {
  if (replicates.count() < 2) {
    return fail(ErrorCode::kInvalid,
                fmt::format("{} replicates show no variance", replicates.count()));
  }
  TRY_DONE(check_rho(replicates));
  const double scale = TRY(scale_of(replicates, given.scale));
  replicates.rscales = TRY(rscales_of(replicates, given.rscales));
  replicates.scale = scale;
  return {};
}

Result<ReplicateType> parse_replicate_type(std::string_view word) {
  std::vector<std::string> known;
  for (const Word& each : kWords) {
    if (lowered(each.word) == lowered(word)) return each.type;
    known.emplace_back(each.word);
  }
  return fail(ErrorCode::kInvalid, fmt::format("'{}' is no type of replicate weights; {}",
                                               printable(word), suggestion(word, known)));
}

}  // namespace barometer
