// Who was counted in an article: each size with the words for those it counts, and which of them a
// noun phrase means.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "barometer/claim/article_internal.h"

namespace barometer::claims {

// A number of people or organisations, with the words for them.
struct Group {
  size_t claim = 0;  // place among the found
  int64_t size = 0;
  std::vector<std::string> words;   // stems
  std::vector<std::string> heads;   // of those that name people or organisations
  std::vector<std::string> places;  // of a part: "in the UK"
  bool narrowed = false;
  bool part = false;  // n_sub
  bool organisations = false;
};

class CountedGroups {
 public:
  CountedGroups(const Prose& prose, const std::vector<Candidate>& found);

  [[nodiscard]] const Group& at(size_t group) const { return groups_[group]; }
  // The group that a claim says the size of.
  [[nodiscard]] std::optional<size_t> of_claim(size_t claim) const;
  // The respondents of the survey.
  [[nodiscard]] std::optional<size_t> main() const { return main_; }
  // The claims that say how many there are, how many were asked, and both in text order.
  [[nodiscard]] std::optional<size_t> frame() const { return frame_; }
  [[nodiscard]] std::optional<size_t> invited() const { return invited_; }
  [[nodiscard]] const std::vector<size_t>& wholes() const { return wholes_; }

  // The only part that was counted with all of these words: "children's services".
  [[nodiscard]] std::optional<size_t> part_of_words(const NounPhrase& of) const;
  // The group whose words these are: all of the phrase's words, most of the group's.
  [[nodiscard]] std::optional<size_t> best(const NounPhrase& of) const;
  // Not the respondents as a whole: "provider respondents", "primary care trusts", one of the roles
  // that answered.
  [[nodiscard]] bool is_part(const NounPhrase& of) const;
  [[nodiscard]] std::vector<std::string> stems(const NounPhrase& of) const;

 private:
  [[nodiscard]] const Word& word(size_t at) const { return prose_.at(at); }
  void add_group(size_t i);
  // "sent to the chief executives of all 204 associations": chief executives were asked.
  void add_asked(const Candidate& f);
  // "230 responses from directors at 118 trusts": directors are who answered.
  void add_source(size_t at, Group& group) const;
  [[nodiscard]] bool is_one_of_many(size_t group, const std::vector<std::string>& words,
                                    const std::string& head) const;
  void add_place(size_t at, Group& group) const;
  [[nodiscard]] bool is_of_place(const Group& group, const NounPhrase& of) const;
  void add_word(size_t at, const NounPhrase& of, Group& group) const;
  // "senior nurses" are not the 43 "chief nurses": a part's own words must be among those said.
  [[nodiscard]] bool is_of_another_part(const Group& group, const std::vector<std::string>& words,
                                        const std::string& head) const;
  // "primary care leaders" where 28 came "from primary care"
  [[nodiscard]] bool is_named_part(const Group& group, const NounPhrase& of) const;
  [[nodiscard]] static bool contains_all(const std::vector<std::string>& words,
                                         const std::vector<std::string>& heads);
  // Before a report says who sent its "112 replies", "council finance chiefs" are all of them.
  [[nodiscard]] bool names_all_loosely(const Group& all, const NounPhrase& of,
                                       const std::vector<std::string>& words) const;
  [[nodiscard]] bool is_loosely_all(const std::string& head) const;
  [[nodiscard]] bool is_headlines(const std::string& stem_of) const;
  [[nodiscard]] bool is_in_title(const std::string& head) const;
  // "6 in 10 corn growers" where producers were asked: behind their number, a kind nobody counted.
  [[nodiscard]] bool is_unknown_kind(const NounPhrase& of) const;
  [[nodiscard]] std::string initials(const NounPhrase& of) const;
  // Words of the headline and of the survey's own name are no mark of a part.
  [[nodiscard]] bool is_title_word(size_t at) const;

  const Prose& prose_;
  const std::vector<Candidate>& found_;
  std::vector<Group> groups_;
  std::optional<size_t> main_;
  std::optional<size_t> frame_;
  std::optional<size_t> invited_;
  std::vector<size_t> wholes_;
  std::vector<std::string> asked_;  // words of those who were invited, and of all there are
};

// Of what a share of coverage is. Where several numbers were said, the one that the respondents are
// this share of.
struct CoverageWhole {
  std::optional<size_t> claim;  // of those asked, or of all there are
  bool respondents = false;     // "38 per cent of the total" of those who answered
};
CoverageWhole whole_of_coverage(const Prose& prose, const std::vector<Candidate>& found,
                                const CountedGroups& groups, size_t i);

// Of a stem: does it, or its plural, make a part of the respondents?
bool is_part_word(const std::string& word);

}  // namespace barometer::claims
