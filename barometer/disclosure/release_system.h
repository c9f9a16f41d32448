// A release as one system of whole numbers: what stands in it, and what follows from what it is.
//
// An atom is a number of people of one undivided group in one slot of one question. Slots of a
// question with one answer each: its options and the kinds of missing, which sum to the group.
// Where any number of answers is allowed, the base and the kinds of missing do, and options and
// NETs keep within the base, below their NETs, and above nothing. Everything else is a sum of
// atoms.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "barometer/disclosure/release.h"
#include "barometer/protection/count_system.h"

namespace barometer {

class ReleaseSystem {
 public:
  // Of what follows without a figure: all of it, or without the rows that figures make needless.
  // Both say the same; the second falls into smaller parts, the first still holds when figures are
  // taken away.
  enum class Rows { kAll, kNeeded };

  // kInvalid: a figure of a group, question or answer that the release does not have; a group that
  // is a part of itself.
  static Result<ReleaseSystem> make(const Release& release, Rows rows = Rows::kAll);

  [[nodiscard]] const CountSystem& system() const& { return system_; }
  // Of the statement: its place in Release::figures, kNowhere for what follows without a figure.
  [[nodiscard]] size_t figure_of(size_t statement) const { return figure_of_.at(statement); }
  // kNowhere for the size of a group.
  [[nodiscard]] size_t question_of(size_t atom) const { return question_of_.at(atom); }
  // Questions that some figure of the group, or of one it is tied to, speaks of.
  [[nodiscard]] const std::vector<size_t>& questions_of(size_t group) const {
    return used_.at(group);
  }

  [[nodiscard]] LinearSum size(size_t group) const;
  [[nodiscard]] LinearSum base(size_t group, size_t question) const;
  [[nodiscard]] LinearSum missing(size_t group, size_t question, std::string_view kind) const;
  // The same with the options that say "don't know".
  [[nodiscard]] LinearSum kind_of_missing(size_t group, size_t question,
                                          std::string_view kind) const;
  // Code as text or NET id; empty when the question has no such answer.
  [[nodiscard]] LinearSum answer(size_t group, size_t question, std::string_view answer) const;
  [[nodiscard]] LinearSum score_sum(size_t group, size_t question) const;

 private:
  ReleaseSystem(const Release& release, Rows rows) : release_(&release), rows_(rows) {}

  Status find_leaves();
  void find_used();
  void find_said();
  void make_atoms();
  [[nodiscard]] LinearSum slot(size_t group, size_t question, size_t slot) const;
  [[nodiscard]] size_t option_slot(size_t question, size_t option) const;
  [[nodiscard]] size_t missing_slot(size_t question, std::string_view kind) const;
  [[nodiscard]] size_t slots(size_t question) const;

  void state(LinearSum sum, int64_t least, int64_t most, size_t figure);
  void relate_groups();
  void relate_partition(size_t group, const std::vector<size_t>& parts);
  void relate_slots(size_t group, size_t question);
  void relate_nets(size_t group, size_t question);
  void relate_people(size_t group, size_t question);
  void relate_given(size_t group);
  Status add_figure(size_t figure);
  void add_count(const ReleasedFigure& figure, size_t at);
  void add_percent(const ReleasedFigure& figure, size_t at);
  void add_mean(const ReleasedFigure& figure, size_t at);
  void add_change(const ReleasedFigure& figure, size_t at);

  const Release* release_;
  Rows rows_;
  CountSystem system_;
  std::vector<size_t> figure_of_;
  std::vector<std::vector<size_t>> leaves_;  // of each group, ascending
  std::vector<std::vector<size_t>> used_;    // questions of each group, ascending
  std::vector<uint8_t> sized_;               // of each group: see relate_slots
  // Figures that say how many people of (group, question) are in a slot.
  std::map<std::pair<size_t, size_t>, std::map<size_t, size_t>> said_;
  std::map<std::pair<size_t, size_t>, size_t> first_;  // (leaf, question) -> atom of slot 0
  std::vector<size_t> size_atom_;                      // of each leaf
  std::vector<size_t> question_of_;                    // of each atom
};

// a + factor * b
LinearSum added(const LinearSum& a, const LinearSum& b, int64_t factor = 1);

}  // namespace barometer
