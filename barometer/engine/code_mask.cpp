#include "barometer/engine/code_mask_internal.h"

#include <algorithm>

#include "barometer/engine/kernels.h"

namespace barometer {
namespace {

constexpr size_t kBlock = 4096;

using Keys = std::function<std::shared_ptr<const KeyColumn>(size_t)>;

// Of the value of a code, in Kleene's order (bound_expression.h).
uint8_t truth_of(const BoundCondition& condition, uint8_t code) {
  const Missing kind = missing_of(code);
  if (kind != Missing::kNone) return condition.by_missing[static_cast<size_t>(kind)];
  return code < condition.by_code.size() ? condition.by_code[code] : uint8_t{kUnknown};
}

// A condition with the truth of each stored byte in the place of codes.
class Truths {
 public:
  // False: not of codes of one byte alone.
  bool read(const BoundCondition& condition, const Keys& keys) {
    kind_ = condition.kind;
    if (kind_ == BoundCondition::Kind::kCodes) return read_codes(condition, keys);
    if (kind_ != BoundCondition::Kind::kAll && kind_ != BoundCondition::Kind::kAny &&
        kind_ != BoundCondition::Kind::kNot) {
      return false;
    }
    parts_.resize(condition.parts.size());
    for (size_t k = 0; k < parts_.size(); ++k) {
      if (!parts_[k].read(condition.parts[k], keys)) return false;
    }
    return !parts_.empty();
  }

  void evaluate(size_t first, std::span<uint8_t> out) const {
    if (kind_ == BoundCondition::Kind::kCodes) {
      look_up_codes(first, out);
      return;
    }
    parts_[0].evaluate(first, out);
    uint8_t* to = out.data();
    if (kind_ == BoundCondition::Kind::kNot) {
      for (size_t i = 0; i < out.size(); ++i) to[i] = static_cast<uint8_t>(kTrue - to[i]);
      return;
    }
    std::array<uint8_t, kBlock> next;
    for (size_t k = 1; k < parts_.size(); ++k) {
      parts_[k].evaluate(first, std::span(next).first(out.size()));
      const uint8_t* other = next.data();
      if (kind_ == BoundCondition::Kind::kAll) {
        for (size_t i = 0; i < out.size(); ++i) to[i] = std::min(to[i], other[i]);
      } else {
        for (size_t i = 0; i < out.size(); ++i) to[i] = std::max(to[i], other[i]);
      }
    }
  }

 private:
  bool read_codes(const BoundCondition& condition, const Keys& keys) {
    key_ = keys(condition.column);
    const auto* values = std::get_if<NarrowCodes>(&key_->values);
    if (values == nullptr || !std::holds_alternative<std::span<const uint8_t>>(key_->codes)) {
      return false;
    }
    const size_t stored = key_->index.empty() ? values->size() : table_.size();
    for (size_t byte = 0; byte < std::min(stored, table_.size()); ++byte) {
      const size_t at = key_->index.empty() ? byte : key_->index[byte];
      if (at < values->size()) table_[byte] = truth_of(condition, (*values)[at]);
    }
    by_nibbles_ = key_->by_nibbles || (key_->index.empty() && values->size() <= 16);
    return true;
  }

  void look_up_codes(size_t first, std::span<uint8_t> out) const {
    const auto codes = std::get<std::span<const uint8_t>>(key_->codes).subspan(first, out.size());
    if (by_nibbles_) {
      look_up(codes, table_, out);
      return;
    }
    for (size_t i = 0; i < out.size(); ++i) out[i] = static_cast<uint8_t>(table_[codes[i]]);
  }

  BoundCondition::Kind kind_ = BoundCondition::Kind::kAll;
  std::vector<Truths> parts_;
  std::shared_ptr<const KeyColumn> key_;
  std::array<uint16_t, 256> table_{};
  bool by_nibbles_ = false;
};

}  // namespace

std::optional<std::vector<uint8_t>> code_mask(const BoundCondition& condition, size_t places,
                                              const Keys& key) {
  Truths truths;
  if (!truths.read(condition, key)) return std::nullopt;
  std::vector<uint8_t> mask(places);
  for (size_t first = 0; first < places; first += kBlock) {
    const auto block = std::span(mask).subspan(first, std::min(kBlock, places - first));
    truths.evaluate(first, block);
    uint8_t* to = block.data();
    for (size_t i = 0; i < block.size(); ++i) to[i] = to[i] == kTrue ? 1 : 0;
  }
  return mask;
}

}  // namespace barometer
