#include <fmt/format.h>

#include "barometer/sample/hadamard.h"
#include "barometer/sample/replicate_factors_internal.h"

namespace barometer {
namespace {

// What a half-sample makes of a unit: it stands on one side of a pair, or on both.
enum class Side { kFirst, kSecond, kBoth };
struct Membership {
  size_t pair = 0;
  Side side = Side::kBoth;
};

class Pairing {
 public:
  Pairing(const StageUnits& units, const ReplicateRequest& request)
      : units_(units), request_(request), members_(units.unit_count) {}

  Status make() {
    std::vector<uint32_t> lonely;
    for (const UnitStratum& stratum : units_.strata) {
      if (stratum.units.size() == 1) {
        lonely.push_back(stratum.units.front());
      } else if (stratum.units.size() == 2) {
        pair_up(stratum.units);
      } else {
        TRY_DONE(add_large(stratum.units));
      }
    }
    return lonely.empty() ? Status() : add_small(lonely);
  }

  [[nodiscard]] const std::vector<Membership>& members() const { return members_; }
  [[nodiscard]] size_t pairs() const { return pairs_; }

 private:
  [[nodiscard]] std::string place(uint32_t unit) const {
    size_t row = 0;
    while (units_.unit_of_case[row] != unit) ++row;
    return fmt::format("the stratum of row {}", row + 1);
  }

  // Two units a pair, one after another; a third unit left over joins the last pair.
  void pair_up(const std::vector<uint32_t>& of) {
    for (size_t i = 0; i < of.size(); ++i) {
      const bool left_over = i + 1 == of.size() && i % 2 == 0;
      if (i % 2 == 0 && !left_over) ++pairs_;
      members_[of[i]] = {pairs_ - 1, i % 2 == 0 ? Side::kFirst : Side::kSecond};
    }
  }

  Status add_large(const std::vector<uint32_t>& of) {
    if (request_.large == HalfSampleRule::kFail) {
      return fail(ErrorCode::kInvalid, fmt::format("{} has {} PSUs; half-samples need 2 in each",
                                                   place(of.front()), of.size()));
    }
    if (request_.large == HalfSampleRule::kSplit) {
      if (of.size() % 2 == 0) {
        pair_up(of);
        return {};
      }
      return fail(ErrorCode::kInvalid,
                  fmt::format("{} has {} PSUs, an odd number that cannot be split into pairs; "
                              "merging them into two halves is possible",
                              place(of.front()), of.size()));
    }
    for (size_t i = 0; i < of.size(); ++i) {
      members_[of[i]] = {pairs_, i < of.size() / 2 ? Side::kFirst : Side::kSecond};
    }
    ++pairs_;
    return {};
  }

  Status add_small(const std::vector<uint32_t>& lonely) {
    if (request_.small == HalfSampleRule::kSplit) return {};  // on both sides already
    if (request_.small == HalfSampleRule::kFail) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("{} has only one PSU; half-samples need 2 in each: split it, or "
                              "merge such strata",
                              place(lonely.front())));
    }
    if (lonely.size() == 1) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("{} is the only one with one PSU, so there is none to merge it with",
                              place(lonely.front())));
    }
    pair_up(lonely);
    return {};
  }

  const StageUnits& units_;
  const ReplicateRequest& request_;
  std::vector<Membership> members_;
  size_t pairs_ = 0;
};

}  // namespace

Result<ReplicateFactors> half_sample_factors(const Design& design,
                                             const ReplicateRequest& request) {
  const StageUnits units = units_of_stage(design, 0);
  Pairing pairing(units, request);
  TRY_DONE(pairing.make());
  if (pairing.pairs() == 0) {
    return fail(ErrorCode::kInvalid, "half-samples: no stratum has two PSUs, so nothing varies");
  }
  const double rho = request.fay_rho;
  // Row 0 is all 1: leaving it out gives full balance, each unit being in half of the replicates.
  const Hadamard h = TRY(hadamard(pairing.pairs() + 1));
  ReplicateFactors made = TRY(factors_of_one(units, h.order));
  for (size_t u = 0; u < units.unit_count; ++u) {
    const Membership member = pairing.members()[u];
    if (member.side == Side::kBoth) continue;
    for (size_t r = 0; r < h.order; ++r) {
      const bool taken = (h.at(member.pair + 1, r) == 1) == (member.side == Side::kFirst);
      made.factors(static_cast<Eigen::Index>(u), static_cast<Eigen::Index>(r)) =
          taken ? 2 - rho : rho;
    }
  }
  made.scale = 1 / (static_cast<double>(h.order) * (1 - rho) * (1 - rho));
  return made;
}

}  // namespace barometer
