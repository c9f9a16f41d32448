#include <algorithm>

#include "barometer/printed/sample_search_internal.h"

namespace barometer {

std::optional<std::vector<int64_t>> SampleSearch::find(int64_t n, int64_t sum, int64_t squares) {
  counts_.assign(static_cast<size_t>(top_) + 1, 0);
  if (sum % 2 != squares % 2 || !place(top_, n, sum, squares)) return std::nullopt;
  return counts_;
}

bool SampleSearch::place(int64_t score, int64_t n, int64_t sum, int64_t squares) {
  if (score <= 1) {  // ones are as many as their sum, and their squares are too
    if (squares != sum || sum > n * score) return false;
    if (score == 1) counts_[1] = sum;
    counts_[0] = n - sum;
    return true;
  }
  if (n == 0) {
    std::fill_n(counts_.begin(), score + 1, 0);  // what a branch left before it failed
    return sum == 0 && squares == 0;
  }
  if (sum > n * score || squares < least_squares(sum, n) || squares > most_squares(sum, score)) {
    return false;
  }
  const std::array<int64_t, 4> state{score, n, sum, squares};
  if (dead_.contains(state)) return false;
  const int64_t most = std::min({n, sum / score, squares / (score * score)});
  for (int64_t people = most; people >= 0; --people) {
    counts_[static_cast<size_t>(score)] = people;
    if (place(score - 1, n - people, sum - people * score, squares - people * score * score)) {
      return true;
    }
  }
  dead_.insert(state);
  return false;
}

}  // namespace barometer
