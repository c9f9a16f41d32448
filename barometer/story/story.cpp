#include "barometer/story/story.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/story/passage_internal.h"

namespace barometer {
namespace {

// What a story must say of its survey unless {{ method }} says it: after the rules of disclosure of
// the British Polling Council, with organisations and coverage added.
constexpr auto kMethodParts = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"sponsor", "client"},
    {"dates", "dates of fieldwork"},
    {"mode", "method"},
    {"population", "population"},
    {"n", "number of respondents"},
    {"organisations", "number of organisations"},
    {"coverage", "coverage"},
    {"weighting", "weighting"},
    {"questionnaire", "where the wording stands"},
});

class StoryWriter {
 public:
  StoryWriter(const StorySources& sources, const StoryTemplate& source,
              const wording::HouseStyle& style, Diagnostics& problems, Story& out)
      : sources_(sources), source_(source), style_(style), problems_(problems), out_(out) {}

  void write() {
    for (const TemplateBlock& block : source_.blocks) write_block(block);
    find_title();
    // What a reference that is never closed has swallowed is not known.
    if (source_.all_closed) check_method();
    check_typed_quotes();
    out_.reconstruction = std::ranges::any_of(out_.claims, [&](const StoryClaim& claim) {
      return std::ranges::any_of(claim.figures, [&](const std::string& id) {
        return sources_.ledger.find(id)->source.starts_with("reconstruction");
      });
    });
    out_.notes = notes_of(sources_, out_);
  }

 private:
  struct Pending {
    size_t byte = 0;  // of the passage
    size_t at = 0;    // of the source
    Untrue untrue;
  };

  void report(size_t at, const StoryProblem& found) {
    problems_.error(found.code, source_.place(at), source_.marked(at, found.message), found.hint);
  }

  void write_block(const TemplateBlock& block) {
    passage_ = {};
    passage_.heading = block.kind == StoryBlockKind::kHeading;
    passage_.quotation = block.kind == StoryBlockKind::kQuotation;
    stated_.clear();
    pending_.clear();
    const size_t first_claim = out_.claims.size();
    StoryBlock written;
    written.kind = block.kind;
    written.level = block.level;
    for (const TemplatePiece& piece : block.pieces) write_piece(piece, written);
    passage_.sentences = sentences_in(passage_.text);
    out_.blocks.push_back(std::move(written));
    report_untrue();
    read_passage(sources_, source_, passage_, problems_);
    check_words_round_figures(sources_, source_, passage_, problems_);
    check_bases_in_words(sources_, source_, passage_, problems_);
    check_groups(sources_, source_, passage_, problems_);
    check_meaning(sources_, source_, passage_, problems_);
    check_times(sources_, source_, passage_, problems_);
    check_kinds(sources_, source_, passage_, problems_);
    check_judgements(sources_, source_, passage_, problems_);
    check_singled_out(sources_, source_, passage_, problems_);
    number_sentences(first_claim);
  }

  void write_piece(const TemplatePiece& piece, StoryBlock& block) {
    switch (piece.kind) {
      case TemplatePiece::Kind::kText:
        add({.kind = Segment::Kind::kPlain, .at = piece.at}, piece.text, block);
        return;
      case TemplatePiece::Kind::kReference:
        write_reference_at(source_.references.at(piece.reference), block);
        return;
      case TemplatePiece::Kind::kBreak:
        add({.kind = Segment::Kind::kJoined, .at = piece.at}, "\n", block);
        block.pieces.back().kind = StoryPiece::Kind::kBreak;
        return;
      case TemplatePiece::Kind::kOpen:
      case TemplatePiece::Kind::kClose:
        block.pieces.push_back({piece.kind == TemplatePiece::Kind::kOpen ? StoryPiece::Kind::kOpen
                                                                         : StoryPiece::Kind::kClose,
                                piece.text, piece.target, kNoClaim});
    }
  }

  void add(Segment segment, const std::string& text, StoryBlock& block) {
    segment.begin = passage_.text.size();
    passage_.text += text;
    segment.end = passage_.text.size();
    block.pieces.push_back({StoryPiece::Kind::kText, text, {}, segment.claim});
    passage_.segments.push_back(std::move(segment));
  }

  void write_reference_at(const TemplateReference& source, StoryBlock& block) {
    if (!source.sound) return add_gap(source, block);
    Writing how{sources_, style_, wording::Place::kInside, stated_};
    if (begins_sentence(passage_.text)) how.place = wording::Place::kSentenceStart;
    auto written = write_reference(how, source.reference);
    if (!written) {
      report(source.inner + written.error().at, written.error());
      return add_gap(source, block);
    }
    for (const StoryProblem& remark : written->remarks) {
      const size_t at = source.inner + remark.at;
      problems_.note(remark.code, source_.place(at), source_.marked(at, remark.message));
    }
    if (written->untrue) {
      pending_.push_back(
          {passage_.text.size(), source.inner + written->untrue->problem.at, *written->untrue});
    }
    add_written(*written, source, block);
    if (written->states) stated_.push_back(*written->states);
    verbs_used_.insert(source.reference.verb + waves_word(source.reference));
  }

  // For what could not be written: its neighbours are read, and reported, all the same.
  void add_gap(const TemplateReference& source, StoryBlock& block) {
    const auto quiet = StoryClaimKind::kQuoted;
    add({.kind = Segment::Kind::kClaim, .at = source.at, .said = quiet}, "…", block);
  }

  // A method of another wave is not the story's own.
  [[nodiscard]] std::string waves_word(const Reference& reference) const {
    const auto& wave = reference.cell.wave;
    return wave && wave->text != sources_.wave.id ? " in " + wave->text : "";
  }

  void add_written(const Written& written, const TemplateReference& source, StoryBlock& block) {
    for (const WrittenPiece& piece : written.pieces) {
      Segment segment{.kind = Segment::Kind::kJoined, .at = source.at};
      if (piece.bound) {
        segment.kind = Segment::Kind::kClaim;
        segment.claim = out_.claims.size();
        segment.said = piece.kind;
        segment.figures = piece.figures;
        segment.verb = source.reference.verb;
        segment.verbatim = piece.verbatim;
        if (written.states) {
          segment.item = written.states->item;
          segment.codes = written.states->codes;
        }
        add_claim(piece, source);
      }
      add(std::move(segment), piece.text, block);
    }
  }

  void add_claim(const WrittenPiece& piece, const TemplateReference& source) {
    StoryClaim claim;
    claim.kind = piece.kind;
    claim.text = piece.text;
    claim.reference = source.source;
    claim.place = source_.place(source.at);
    for (const Figure* figure : piece.figures) claim.figures.push_back(figure->id);
    claim.truth = piece.truth;
    claim.source = piece.source;
    out_.claims.push_back(std::move(claim));
  }

  void report_untrue() {
    for (const Pending& found : pending_) {
      StoryProblem problem = found.untrue.problem;
      const std::string sentence = found.untrue.sentence.empty()
                                       ? passage_.sentence_text(passage_.sentence_of(found.byte))
                                       : found.untrue.sentence;
      problem.hint = "true would be: " + sentence;
      report(found.at, problem);
    }
  }

  void number_sentences(size_t first_claim) {
    std::map<size_t, size_t> place_of;  // begin of the sentence -> place in out_.sentences
    for (const Segment& segment : passage_.segments) {
      if (segment.claim == kNoClaim || segment.claim < first_claim) continue;
      const SentenceRange range = passage_.sentence_of(segment.begin);
      const auto [at, fresh] = place_of.try_emplace(range.begin, out_.sentences.size());
      if (fresh) out_.sentences.push_back(passage_.sentence_text(range));
      out_.claims[segment.claim].sentence = at->second;
    }
  }

  void find_title() {
    const auto heading = std::ranges::find_if(out_.blocks, [](const StoryBlock& block) {
      return block.kind == StoryBlockKind::kHeading && block.level == 1;
    });
    if (heading == out_.blocks.end()) {
      problems_.error("story-title", {source_.file, 1, 1}, "the story has no headline",
                      "a line '# Headline'");
      out_.title = out_.name;
      return;
    }
    out_.title = heading->text();
  }

  [[nodiscard]] bool is_known(std::string_view part) const {
    if (part != "n" && part != "organisations" && part != "coverage") return true;
    return find_wave_figure(sources_, sources_.wave, part, 0).has_value();
  }

  void check_method() {
    if (verbs_used_.contains("method")) return;
    std::vector<std::string> missing;
    for (const auto& [verb, what] : kMethodParts) {
      const bool month = verb == "dates" && verbs_used_.contains("when");
      if (!month && !verbs_used_.contains(std::string(verb)) && is_known(verb)) {
        missing.emplace_back(what);
      }
    }
    if (missing.empty()) return;
    problems_.error("story-method", {source_.file, 0, 0},
                    fmt::format("the story does not say of its survey: {}", join(missing, ", ")),
                    "{{ method }} says all of it");
  }

  // The words of a verbatim that may not be quoted, typed into the story.
  void check_typed_quotes() {
    std::string said;
    for (const StoryBlock& block : out_.blocks) said += words_alone(block.text()) + " ";
    for (const Wave& wave : sources_.study.waves) {
      for (const Verbatim& verbatim : wave.verbatims) {
        const bool refused = is_refused(sources_.study, wave, verbatim);
        const std::string words = words_alone(verbatim.text);
        if (!refused || std::ranges::count(words, ' ') + 1 < kWordsOfAQuote) continue;
        if ((" " + said).find(" " + words + " ") == std::string::npos) continue;
        problems_.error(
            "story-quote", {source_.file, 0, 0},
            fmt::format("the story has the words of verbatim '{}' of wave {}, which may "
                        "not be quoted",
                        printable(verbatim.id), wave.id),
            "take them out; {{ quote ID }} says why");
      }
    }
  }

  const StorySources& sources_;
  const StoryTemplate& source_;
  const wording::HouseStyle& style_;
  Diagnostics& problems_;
  Story& out_;
  Passage passage_;
  std::vector<CellFigure> stated_;
  std::vector<Pending> pending_;
  std::set<std::string> verbs_used_;
};

const wording::HouseStyle& style_for(const StoryTemplate& source, const StoryOptions& options) {
  const std::string& asked = !options.style.empty() ? options.style : source.style;
  const wording::HouseStyle* style = wording::find_house_style(asked.empty() ? "HSJ" : asked);
  CHECK(style != nullptr, "a house style was checked where it was named");
  return *style;
}

}  // namespace

std::string_view name_of(StoryClaimKind kind) {
  switch (kind) {
    case StoryClaimKind::kFigure:
      return "figure";
    case StoryClaimKind::kGuarded:
      return "guarded";
    case StoryClaimKind::kOutside:
      return "outside";
    case StoryClaimKind::kQuoted:
      return "quoted";
    case StoryClaimKind::kStudy:
      return "study";
    case StoryClaimKind::kPlain:
      return "plain";
  }
  return "";
}

std::string StoryBlock::text() const {
  std::string out;
  for (const StoryPiece& piece : pieces) {
    if (piece.kind == StoryPiece::Kind::kText || piece.kind == StoryPiece::Kind::kBreak)
      out += piece.text;
  }
  return out;
}

namespace {

Story write_with(const StorySources& given, const StoryFile& file, const StoryOptions& options,
                 Diagnostics& problems) {
  StorySources sources = given;
  const auto frame = given.study.frames.find(given.wave.frame_version);
  std::optional<FrameNames> parties;
  if (frame != given.study.frames.end()) {
    parties.emplace(frame->second, FrameNames::Of::kParties);
    sources.parties = &*parties;
  }
  Story out;
  out.name = file.name;
  out.wave = sources.wave.id;
  const StoryTemplate source = read_template(file.file, file.text, problems);
  const wording::HouseStyle& style = style_for(source, options);
  out.style = style.name;
  StoryWriter(sources, source, style, problems, out).write();
  return out;
}

}  // namespace

Story write_story(const Study& study, const Ledger& ledger, const Wave& wave, const StoryFile& file,
                  const StoryOptions& options, Diagnostics& problems) {
  Stemmer stemmer;
  const LedgerIndex index(ledger, stemmer);
  return write_with({study, ledger, wave, &index}, file, options, problems);
}

void check_story(const StoryFile& file, Diagnostics& problems) {
  const StoryTemplate source = read_template(file.file, file.text, problems);
  for (const TemplateReference& reference : source.references) {
    if (!reference.sound) continue;
    const auto rule = check_shape(reference.reference);
    if (rule) continue;
    const size_t at = reference.inner + rule.error().at;
    problems.error(rule.error().code, source.place(at), source.marked(at, rule.error().message),
                   rule.error().hint);
  }
}

std::vector<Story> write_stories(const Study& study, const Ledger& ledger,
                                 const StoryOptions& options, Diagnostics& problems) {
  std::vector<Story> out;
  std::map<std::string, std::string> files;
  Stemmer stemmer;
  const LedgerIndex index(ledger, stemmer);
  for (const Wave& wave : study.waves) {
    for (const StoryFile& file : wave.stories) {
      const auto [first, fresh] = files.try_emplace(file.name, file.file);
      if (!fresh) {
        problems.error("story-name", {file.file, 0, 0},
                       fmt::format("'{}' has the same name", first->second),
                       "stories of a study are published side by side");
        continue;
      }
      out.push_back(write_with({study, ledger, wave, &index}, file, options, problems));
    }
  }
  return out;
}

}  // namespace barometer
