// An article as words: what the rules of this module look at.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/claim/claim.h"
#include "barometer/claim/words_internal.h"
#include "barometer/wording/read.h"

namespace barometer::claims {

// A word, or a mark that stands between words.
struct Word {
  size_t begin = 0;  // bytes of the plain text
  size_t end = 0;
  std::string_view text;  // lower case
  uint64_t classes = 0;
  wording::Counted noun = wording::Counted::kUnknown;  // what it counts
  bool capital = false;
  size_t number = SIZE_MAX;  // the phrase it belongs to

  [[nodiscard]] bool is(uint64_t any) const { return (classes & any) != 0; }
  [[nodiscard]] bool is(std::string_view word) const { return text == word; }
  [[nodiscard]] bool is_number() const { return number != SIZE_MAX; }
  [[nodiscard]] bool names_group() const;  // people, organisations or respondents
};

// Words begin … end.
struct WordRange {
  size_t begin = 0;
  size_t end = 0;
  [[nodiscard]] bool empty() const { return begin >= end; }
};

// A number phrase and its place among the words.
struct Mention {
  const wording::NumberPhrase* phrase = nullptr;
  WordRange words;
  size_t sentence = 0;
  size_t block = 0;
};

// "the CCG leaders", with what may follow it: "who answered".
struct NounPhrase {
  WordRange words;        // without its determiners
  size_t head = 0;        // the last word that names a group, else the last word
  bool named = false;     // the head names a group
  bool all = false;       // "all", "every"
  bool narrowed = false;  // "those who …", "with …": some of them only
  bool pronoun = false;   // them, those
};

class Prose {
 public:
  explicit Prose(const Document& document);
  Prose(const Prose&) = delete;
  Prose& operator=(const Prose&) = delete;

  [[nodiscard]] const Document& document() const { return document_; }
  [[nodiscard]] const std::vector<Mention>& mentions() const { return mentions_; }
  [[nodiscard]] const wording::NormalText& normal() const { return reading_.normal; }
  [[nodiscard]] const WordRange& sentence(size_t index) const { return sentences_[index]; }
  [[nodiscard]] WordRange block(size_t index) const;

  // Any place; one outside the sentences has no classes.
  [[nodiscard]] const Word& at(size_t word) const;
  [[nodiscard]] const Word& before(size_t word) const { return at(word - 1); }
  // The word `back` places before a mention; one outside its sentence has no classes.
  [[nodiscard]] const Word& before(const Mention& m, size_t back) const;
  // Within the sentence of a mention: the first word at or after `from` that is one of `classes`,
  // at most `count` words on; SIZE_MAX when there is none. Stops at ; and brackets.
  [[nodiscard]] size_t find(const Mention& m, size_t from, uint64_t classes, size_t count) const;
  [[nodiscard]] size_t find_back(const Mention& m, size_t from, uint64_t classes,
                                 size_t count) const;
  [[nodiscard]] bool sentence_has(size_t sentence, uint64_t classes) const;
  [[nodiscard]] bool block_has(size_t block, uint64_t classes) const;
  [[nodiscard]] bool in_quotation(size_t word) const;
  // Is a word the first or the last of a line?
  [[nodiscard]] bool starts_line(size_t word) const;
  [[nodiscard]] bool ends_line(size_t word) const;
  // 6 of a text on "the sixth CCG Barometer"; 0 where no survey has a number.
  [[nodiscard]] size_t survey_number() const { return survey_number_; }
  // The latest 20xx that the text names; empty where it names none.
  [[nodiscard]] std::string_view latest_year() const { return latest_year_; }
  [[nodiscard]] std::string_view earliest_year() const { return earliest_year_; }
  [[nodiscard]] size_t sentence_of(size_t word) const;
  // Does it set England, Scotland, Wales and Northern Ireland side by side?
  [[nodiscard]] bool compares_nations() const { return compares_nations_; }
  // The original words from … to.
  [[nodiscard]] std::string text(WordRange words) const;
  [[nodiscard]] std::string lower(WordRange words) const;

  // The noun phrase that begins at `from`, before `end`.
  [[nodiscard]] NounPhrase noun_phrase(size_t from, size_t end) const;
  // Is there a verb of people's answers within a few words from here?
  [[nodiscard]] bool has_predicate(size_t from, size_t end, size_t reach = 4) const;

 private:
  void cut_words();
  void number_survey();
  void note_places_and_years();
  void tell_verbs();
  void learn_groups();
  [[nodiscard]] bool may_name_group(size_t at) const;
  [[nodiscard]] bool acts_as_group(size_t at) const;
  void place_mentions();
  [[nodiscard]] bool list_goes_on(size_t at, size_t end) const;
  [[nodiscard]] bool is_placed(size_t at, size_t end) const;
  [[nodiscard]] bool narrows(size_t at, size_t end) const;

  const Document& document_;
  wording::Reading reading_;
  std::string lower_;
  std::vector<Word> words_;
  std::vector<WordRange> sentences_;
  std::vector<uint64_t> block_classes_;
  std::vector<uint64_t> sentence_classes_;  // of all its words
  std::vector<Mention> mentions_;
  size_t survey_number_ = 0;
  std::string_view latest_year_;
  std::string_view earliest_year_;
  bool compares_nations_ = false;
  Word none_;
};

}  // namespace barometer::claims
