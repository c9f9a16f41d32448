// Whatever the story: no crash, every mistake has a place in the file, and what is written without
// a mistake holds no number that no reference wrote.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "barometer/base/result.h"
#include "barometer/ledger/ledger.h"
#include "barometer/story/render.h"
#include "barometer/story/story.h"
#include "barometer/story/story_test_internal.h"
#include "barometer/study/study.h"
#include "barometer/wording/read.h"

namespace {

using barometer::Diagnostics;
using barometer::Severity;
using barometer::Story;
using barometer::story_testing::Maker;

const Maker& maker() {
  static const Maker kMaker;
  return kMaker;
}

void check_claims(const Story& story) {
  for (const barometer::StoryClaim& claim : story.claims) {
    CHECK(claim.sentence < story.sentences.size(), "a claim stands in a sentence");
    for (const std::string& id : claim.figures) {
      CHECK(maker().ledger.find(id) != nullptr, "a claim's figures are of the ledger");
    }
  }
}

// A percentage in a sound story is a claim's.
void check_numbers(const Story& story) {
  for (const barometer::StoryBlock& block : story.blocks) {
    std::string plain;
    for (const barometer::StoryPiece& piece : block.pieces) {
      const bool bound = piece.claim != barometer::kNoClaim;
      if (piece.kind == barometer::StoryPiece::Kind::kText) plain += bound ? "\n(x)\n" : piece.text;
    }
    for (const auto& phrase : barometer::wording::read_numbers(plain)) {
      CHECK(phrase.form != barometer::wording::Form::kPercent, "no percentage is unbound");
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  Diagnostics problems;
  const barometer::StoryFile file{"s", "s.md", text};
  const Story story =
      write_story(maker().study, maker().ledger, maker().study.waves[1], file, {}, problems);
  for (const barometer::Diagnostic& problem : problems.items()) {
    CHECK(problem.place.file == "s.md" && !problem.message.empty(),
          "a mistake says where and what");
  }
  check_claims(story);
  story_html(maker().ledger, story);
  story_markdown(story);
  stories_json(maker().ledger, {story});
  if (problems.ok()) check_numbers(story);
  Diagnostics syntax;
  check_story(file, syntax);
  // Not as many: a reference inside code is no part of the story, and the code is the mistake.
  CHECK(syntax.ok() || !problems.ok(), "what is wrong without figures is wrong with");
  return 0;
}
