// Which survey each sentence speaks of. The first survey of a text is its own; another is one that
// is said to be another, or one of another time and other people.
#include <algorithm>

#include "barometer/claim/article_internal.h"
#include "barometer/claim/clauses_internal.h"

namespace barometer::claims {
namespace {

constexpr size_t kPhraseWords = 7;
constexpr size_t kNearWords = 25;  // words from a survey's noun that may date it
constexpr size_t kMostSurveys = 32;
constexpr size_t kMostOwners = 200;

struct SurveyUse {
  size_t noun = 0;  // its word
  bool other = false;
};

class Finder {
 public:
  explicit Finder(const Prose& prose) : prose_(prose) {}

  Surveys run() {
    const Document& document = prose_.document();
    surveys_.sentences.resize(document.sentences.size());
    for (size_t block = 0; block < document.blocks.size(); ++block) {
      if (document.blocks[block].kind == BlockKind::kSource) continue;
      read_block(document.blocks[block]);
    }
    // "Home Office figures published this morning show": those who sent them in were not asked.
    if (!asked_ && surveys_.mentions.empty() && opens_counted()) surveys_.any = false;
    return std::move(surveys_);
  }

 private:
  void read_block(const Block& block) {
    SentenceContext context;
    for (size_t i = 0; i < block.sentence_count; ++i) {
      const size_t sentence = block.first_sentence + i;
      const size_t before = context.survey;
      context.from = 0;
      read_sentence(sentence, context);
      surveys_.sentences[sentence] = context;
      last_ = context.survey;
      if (context.from > 0) context.survey = before;  // only compared with
      surveys_.sentences[sentence].counted = is_counted(sentence);
      if (prose_.sentence_has(sentence, kSurveyNoun | kResponse | kRespondent))
        add_owners(prose_.sentence(sentence));
    }
  }
  [[nodiscard]] bool opens_counted() const {
    const auto& sentences = prose_.document().sentences;
    const auto& blocks = prose_.document().blocks;
    for (size_t i = 0; i < sentences.size(); ++i) {
      if (surveys_.sentences[i].counted) return true;
      if (blocks[sentences[i].block].kind == BlockKind::kParagraph) return false;
    }
    return false;
  }
  void add_owners(WordRange sentence) {
    for (size_t i = sentence.begin; i < sentence.end; ++i) {
      const Word& word = prose_.at(i);
      const bool name = word.is(kBody) || (word.capital && i > sentence.begin) ||
                        (word.capital && prose_.at(i + 1).capital) || word.text.ends_with("'s");
      if (name && surveys_.owners.size() < kMostOwners) {
        surveys_.owners.emplace_back(stem(word.text));
      }
    }
  }
  void read_sentence(size_t sentence, SentenceContext& context) {
    const WordRange range = prose_.sentence(sentence);
    for (size_t i = range.begin; i < range.end; ++i) {
      const Word& word = prose_.at(i);
      if (word.is(kRespondent) || (word.is(kSurveyed) && !word.is("consulted"))) {
        surveys_.any = true;
        asked_ = true;
        context.survey = 0;
      }
      if (somebody_was_asked(i, range)) surveys_.any = true;
      // "His own team's study": of the person who is quoted.
      if (word.is(kFindings) && is_of_person(i, range) && !surveys_.mentions.empty()) {
        context.survey = other({i - 1, i + 1});
        note_undecided(context.survey);
      }
      if (!word.is(kSurveyNoun) || word.is("census")) continue;
      surveys_.any = true;
      if (surveys_.mentions.empty() && asked_ && is_behind_opening(i) && is_dated(i, range)) {
        surveys_.mentions.emplace_back();  // "… in a 2022 survey", before the own one has its name
      } else if (surveys_.mentions.empty()) {
        add(phrase_of(i, range), true);
        continue;
      }
      if (prose_.before(i).is("same")) {  // the one just spoken of
        context.survey = last_;
        continue;
      }
      const bool is_another = is_other(i, range);
      context.from = is_another ? compared_from(i, range) : 0;
      context.survey = is_another ? other(phrase_of(i, range)) : 0;
      if (is_another && !is_certainly_other(i, range)) note_undecided(context.survey);
    }
    if (!surveys_.any) surveys_.any = people_answer(range);
  }

  // "53 per cent, an increase from 46 per cent in a 2019 poll": the word its figures begin at,
  // where another survey is only compared with; 0 where the sentence is all of it.
  [[nodiscard]] size_t compared_from(size_t noun, WordRange sentence) const {
    const auto is_share = [&](size_t at) {
      const Word& word = prose_.at(at);
      return word.is_number() && prose_.mentions()[word.number].phrase->is_share();
    };
    // "found more confidence than a similar survey taken three months ago"
    const size_t phrase = phrase_of(noun, sentence).begin;
    if (phrase > sentence.begin + 1 && prose_.before(phrase).is("than")) return phrase - 1;
    for (size_t at = noun; at > sentence.begin + 1 && noun - at < 16; --at) {
      const Word& word = prose_.at(at - 1);
      const bool compares = word.is("from") || word.is("against") || word.is("than") ||
                            (word.is("with") && (prose_.at(at - 2).is("compared") ||
                                                 prose_.at(at - 2).is("compares")));
      const bool share = is_share(at) || (prose_.at(at).is("the") && is_share(at + 1));
      if (!compares || !share) continue;
      for (size_t k = sentence.begin; k + 1 < at; ++k) {
        if (is_share(k)) return at;
      }
    }
    return 0;
  }
  // "a 2022 survey"
  [[nodiscard]] bool is_dated(size_t noun, WordRange sentence) const {
    const Word& year = prose_.before(noun);
    return noun > sentence.begin + 1 && year.is_number() && year.text.size() == 4 &&
           prose_.at(noun - 2).is("a");
  }
  [[nodiscard]] bool is_of_person(size_t noun, WordRange sentence) const {
    for (size_t at = noun; at > sentence.begin && noun - at < 4; --at) {
      const Word& word = prose_.before(at);
      if (word.is("his") || word.is("her")) return true;
    }
    return false;
  }
  // "asked 12 trusts to comment, and five replied"
  [[nodiscard]] bool in_comment(WordRange sentence) const {
    const size_t most = std::min(sentence.end, sentence.begin + 40);
    for (size_t i = sentence.begin; i < most; ++i) {
      if (prose_.at(i).is(kComment)) return true;
    }
    return false;
  }
  // "responses came from 64", "164 replied", "we asked 150 GPs"
  [[nodiscard]] bool somebody_was_asked(size_t at, WordRange sentence) const {
    const Word& word = prose_.at(at);
    if (word.is("asked") && !in_comment(sentence)) return prose_.at(at + 1).is_number();
    if (in_comment(sentence)) return false;
    const Word& next = prose_.at(at + 1);
    const Word& third = prose_.at(at + 2);
    if (word.is("sample") && ((next.is("of") && third.is_number()) || next.is("size"))) return true;
    if (word.is("interviews") && ((next.is("with") && third.is_number()) ||
                                  (next.is(kCopula) && !third.is_number() && at > sentence.begin &&
                                   prose_.before(at).is_number()))) {
      return true;
    }
    if (word.is("base") && next.is(":")) return true;
    if (word.is("questions") && next.is("to") && third.is_number()) return true;
    if (word.is("heard") && next.is("back") && third.is("from")) return true;
    if (word.is("spoke") && prose_.at(at + 1).is("to") && prose_.at(at + 2).is_number())
      return true;
    if (word.is("response") && prose_.at(at + 1).is("rate")) return true;
    const bool part = word.is("took") && prose_.at(at + 1).is("part");
    const bool answers = part || word.is("responses") || word.is("replies") ||
                         word.is("responded") || word.is("replied") || word.is("answered");
    if (!answers) return false;
    const size_t begin = std::max(sentence.begin, at < 5 ? size_t{0} : at - 5);
    for (size_t i = begin; i < std::min(sentence.end, at + 5); ++i) {
      if (prose_.at(i).is_number()) return true;
    }
    return false;
  }

  // The words of the survey's name: back to a verb or preposition.
  [[nodiscard]] WordRange phrase_of(size_t noun, WordRange sentence) const {
    size_t begin = noun;
    while (begin > sentence.begin && noun - begin < kPhraseWords) {
      const Word& word = prose_.at(begin - 1);
      const bool joins = word.is("and") || word.is("/") || word.is("of");
      if (word.is(kFunction | kCopula | kAuxiliary | kOpinion | kShows) && !joins) break;
      if (!joins && (word.text[0] < 'a' || word.text[0] > 'z') && word.text.size() == 1) break;
      --begin;
      if (word.is("a") || word.is("an") || word.is("the") || word.is("its")) break;
    }
    while (begin < noun && (prose_.at(begin).is("and") || prose_.at(begin).is("of"))) ++begin;
    return {begin, noun + 1};
  }
  void add(WordRange phrase, bool own) {
    SurveyMention mention;
    mention.phrase = prose_.text(phrase);
    mention.own = own;
    surveys_.mentions.push_back(std::move(mention));
  }
  size_t other(WordRange phrase) {
    const std::string words = prose_.text(phrase);
    const auto same = std::ranges::find(surveys_.mentions, words, &SurveyMention::phrase);
    if (same != surveys_.mentions.end() && same != surveys_.mentions.begin()) {
      return static_cast<size_t>(same - surveys_.mentions.begin());
    }
    if (surveys_.mentions.size() < kMostSurveys) add(phrase, false);
    return surveys_.mentions.size() - 1;
  }
  // "another survey", "whose poll of members": and not only "a questionnaire last month"
  [[nodiscard]] bool is_certainly_other(size_t noun, WordRange sentence) const {
    const WordRange phrase = phrase_of(noun, sentence);
    if (is_owned_by_another(noun, phrase, sentence) || is_of_another_house(phrase)) return true;
    for (size_t i = phrase.begin; i < noun; ++i) {
      if (prose_.at(i).is(kOther | kPast)) return true;
    }
    return false;
  }
  void note_undecided(size_t survey) {
    auto& undecided = surveys_.undecided;
    if (std::ranges::find(undecided, survey) == undecided.end()) undecided.push_back(survey);
  }
  // "another survey", "a separate poll", "an HSJ Barometer of hospital chief executives last year".
  [[nodiscard]] bool is_other(size_t noun, WordRange sentence) const {
    const WordRange phrase = phrase_of(noun, sentence);
    if (is_owned_by_another(noun, phrase, sentence)) return true;
    bool indefinite = false;
    for (size_t i = phrase.begin; i < noun; ++i) {
      const Word& word = prose_.at(i);
      if (word.is(kOther)) return true;
      indefinite = indefinite || word.is("a") || word.is("an");
    }
    if (phrase.begin > sentence.begin) {
      const Word& before = prose_.before(phrase.begin);
      indefinite = indefinite || before.is("a") || before.is("an");
    }
    if (!indefinite) return false;
    if (is_behind_opening(noun) && is_of_another_house(phrase)) return true;
    const size_t begin = noun - std::min(noun - sentence.begin, kNearWords);
    for (size_t i = begin; i < std::min(sentence.end, noun + kNearWords); ++i) {
      const Word& word = prose_.at(i);
      const bool past = word.is("last") || word.is("earlier") || word.is("previous") ||
                        word.is("ago") || word.is("recent");
      const bool year = word.is_number() && word.text.size() == 4 && word.text.starts_with("20");
      if (past || year) return true;
    }
    return false;
  }

  // "the Royal College of Nursing, whose poll of 3,406 members"
  [[nodiscard]] bool is_owned_by_another(size_t noun, WordRange phrase, WordRange sentence) const {
    if (!is_behind_opening(noun)) return false;
    const auto is_foreign = [&](const Word& word) {
      const auto& owners = surveys_.owners;
      return word.capital && std::ranges::find(owners, stem(word.text)) == owners.end();
    };
    size_t whose = phrase.begin;
    if (!prose_.at(whose).is("whose")) --whose;
    if (whose <= sentence.begin + 1 || !prose_.at(whose).is("whose")) return false;
    size_t name = whose - (prose_.before(whose).is(",") ? 2U : 1U);
    for (; name > sentence.begin; --name) {
      const Word& word = prose_.at(name);
      if (!word.capital && !word.is("of") && !word.is("and")) return false;
      if (is_foreign(word)) return true;
    }
    return false;
  }

  // Past the headline and the first paragraph, which may name the survey twice.
  [[nodiscard]] bool is_behind_opening(size_t at) const {
    const auto& blocks = prose_.document().blocks;
    const auto first = std::ranges::find(blocks, BlockKind::kParagraph, &Block::kind);
    if (first == blocks.end()) return false;
    const auto index = static_cast<size_t>(first - blocks.begin());
    return at >= prose_.block(index).end;
  }
  // "A YouGov poll" in a report of the association's own survey
  [[nodiscard]] bool is_of_another_house(WordRange phrase) const {
    for (size_t i = phrase.begin; i < phrase.end; ++i) {
      const Word& word = prose_.at(i);
      const bool name = word.capital && word.classes == 0 && i > phrase.begin;
      if (!name || word.noun != wording::Counted::kUnknown) continue;
      const auto& owners = surveys_.owners;
      return std::ranges::find(owners, stem(word.text)) == owners.end();
    }
    return false;
  }

  // "Official figures show …", "according to NHS England data"
  [[nodiscard]] bool is_counted(size_t sentence) const {
    const WordRange range = prose_.sentence(sentence);
    bool source = false;
    for (size_t i = range.begin; i < range.end; ++i) {
      const Word& word = prose_.at(i);
      if (word.is(kSurveyNoun | kRespondent)) return false;
      if (!word.is(kSource)) continue;
      const Word& before = prose_.before(i);
      const Word& next = prose_.at(i + 1);
      const bool official = before.is("official") || before.is("government") ||
                            before.is("national") || before.is("latest") ||
                            before.is("published") || before.is("performance") ||
                            before.is("hospital") || before.is("monthly") || before.is("annual") ||
                            before.is("england");
      for (size_t back = 2; back < 7 && i >= range.begin + back; ++back) {
        if (prose_.at(i - back).is("according") && prose_.at(i - back + 1).is("to")) return true;
      }
      const bool shows = next.is("show") || next.is("showed") || next.is("shows") ||
                         next.is("suggest") || next.is("from") || next.is("published") ||
                         next.is("reveal") || next.is("released");
      const bool own = before.is("new") && surveys_.any;  // "new figures from the federation show"
      source = source || official || (shows && !word.is("accounts") && !own);
    }
    return source;
  }

  // "42 per cent of chairs said": somebody asked them.
  [[nodiscard]] bool people_answer(WordRange range) const {
    const auto& all = prose_.mentions();
    const auto first = std::ranges::lower_bound(all, range.begin, {},
                                                [](const Mention& m) { return m.words.begin; });
    for (auto at = first; at != all.end() && at->words.end <= range.end; ++at) {
      const Mention& m = *at;
      if (m.phrase->form != wording::Form::kPercent || m.phrase->quoted) continue;
      if (!prose_.at(m.words.end).is("of")) continue;
      const NounPhrase of = prose_.noun_phrase(m.words.end + 1, range.end);
      const size_t verb = past_asides(prose_, of.words.end, range.end);
      for (const size_t from : {of.words.end, verb}) {
        for (size_t i = from; of.named && i < std::min(range.end, from + 3); ++i) {
          if (prose_.at(i).is(kOpinion)) return true;
        }
      }
    }
    return false;
  }

  const Prose& prose_;
  Surveys surveys_;
  size_t last_ = 0;     // the survey of the sentence before
  bool asked_ = false;  // somebody was surveyed, whatever the survey's name
};

}  // namespace

namespace {

// Is the word before `verb` somebody who speaks for himself, and owns no survey of the article?
bool is_another(const Prose& prose, size_t verb, size_t begin, const Surveys& surveys) {
  size_t subject = verb;
  while (subject > begin && prose.before(subject).is(kAuxiliary | kAdverb | kCopula)) --subject;
  if (subject > begin + 2 && prose.before(subject).is(")")) {  // "Marion Dacre (Con, Priory) said"
    size_t open = subject - 1;
    while (open > begin && subject - open < 10 && !prose.at(open).is("(")) --open;
    if (prose.at(open).is("(") && open > begin) subject = open;
  }
  if (subject == begin) return false;
  const Word& speaker = prose.before(subject);
  const bool owner = std::ranges::find(surveys.owners, stem(speaker.text)) != surveys.owners.end();
  if (speaker.is_number() || owner) return false;
  for (size_t at = subject; at > begin && subject - at < 6;
       --at) {  // "a spokesman for the employers"
    if (prose.before(at).text.starts_with("spokes")) return true;
  }
  if (speaker.is(kBody) || speaker.is("he") || speaker.is("she")) return true;
  size_t title = subject - 1;  // "the Archbishops' Council"
  while (title > begin && prose.before(title).is("'")) --title;
  const bool titled = title > begin && prose.before(title).capital;
  const bool name = speaker.capital && (titled || !speaker.names_group()) && subject - 1 > begin;
  return name && !speaker.is(kFunction | kDeterminer | kMonth);
}

// "the inspectorate said 60 per cent"
bool is_said_before(const Prose& prose, const Mention& m, const Surveys& surveys) {
  constexpr size_t kBetween = 4;  // words between the verb and its number
  const size_t begin = prose.sentence(m.sentence).begin;
  // "said that giving had risen and that 88 per cent paid"
  const size_t first = m.words.begin;
  const bool joined =
      first > begin + 2 && prose.before(first).is("that") && prose.at(first - 2).is("and");
  constexpr size_t kJoined = 40;
  for (size_t at = first; joined && at > begin + 1 && first - at < kJoined; --at) {
    const Word& holds = prose.at(at);
    const bool clause = holds.is("that") || holds.is("it") || holds.is("he") || holds.is("she");
    if (!prose.before(at).is(kSays) || !clause) continue;
    return is_another(prose, at - 1, begin, surveys);
  }
  size_t verb = m.words.begin;
  while (verb > begin && m.words.begin - verb <= kBetween && !prose.before(verb).is(kSays)) {
    const Word& word = prose.before(verb);
    if (word.is_number() || !(word.is(kDeterminer | kFunction | kAdverb) || word.capital)) {
      return false;
    }
    --verb;
  }
  return verb > begin && prose.before(verb).is(kSays) &&
         is_another(prose, verb - 1, begin, surveys);
}

// "60 per cent …, the ministry said in April", "…, according to the Treasury"
bool is_said_behind(const Prose& prose, const Mention& m, const Surveys& surveys) {
  constexpr size_t kBehind = 80;  // words that are looked at
  const WordRange sentence = prose.sentence(m.sentence);
  const size_t most = std::min(sentence.end, m.words.end + kBehind);
  for (size_t at = m.words.end; at + 2 < most; ++at) {
    if (prose.at(at).is("according") && prose.at(at + 1).is("to")) {
      const size_t first = at + 2 + (prose.at(at + 2).is(kDeterminer) ? 1U : 0U);
      return is_another(prose, first + 1, at, surveys);
    }
    if (!prose.at(at).is(",")) continue;
    for (size_t verb = at + 2; verb < std::min(sentence.end, at + 6); ++verb) {
      const Word& word = prose.at(verb);
      if (word.is_number() || word.is(",")) break;
      if (!word.is(kSays)) continue;
      const Word& next = prose.at(verb + 1);
      const bool ends = next.text.empty() || next.is(".") || next.is("in") || next.is("on") ||
                        next.is("last") || next.is("this");
      if (ends) return is_another(prose, verb, at, surveys);
      break;
    }
  }
  return false;
}

}  // namespace

bool is_said_by_another(const Prose& prose, const Mention& mention, const Surveys& surveys) {
  constexpr size_t kFar = 60;
  const size_t near = mention.words.begin - std::min(mention.words.begin, kFar);
  const size_t begin = std::max(prose.sentence(mention.sentence).begin, near);
  bool survey = false;  // "the society said 60 per cent of homes were good and that its poll …"
  for (size_t at = begin; at < mention.words.begin; ++at) {
    survey = survey || prose.at(at).is(kSurveyNoun | kRespondent);
  }
  if (survey) return false;
  if (is_said_before(prose, mention, surveys)) return true;
  return !prose.sentence_has(mention.sentence, kSurveyNoun | kRespondent) &&
         is_said_behind(prose, mention, surveys);
}

Surveys find_surveys(const Prose& prose) { return Finder(prose).run(); }

}  // namespace barometer::claims
