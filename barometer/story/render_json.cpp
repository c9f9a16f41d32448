// The claims of stories: sentence -> what was written -> figures -> base.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "barometer/story/render.h"

namespace barometer {
namespace {

using Json = nlohmann::ordered_json;

Json figure_json(const Figure& figure) {
  Json out;
  out["id"] = figure.id;
  out["kind"] = name_of(figure.kind);
  if (!figure.item.empty()) out["item"] = figure.item;
  if (!figure.answer.empty()) out["answer"] = figure.answer;
  if (!figure.group.empty()) out["group"] = figure.group;
  out["unit"] = figure.unit;
  out["printed"] = figure.printed;
  if (figure.n) out["n"] = *figure.n;
  if (!figure.base.empty()) out["base"] = figure.base;
  out["source"] = figure.source;
  return out;
}

Json claim_json(const Ledger& ledger, const StoryClaim& claim) {
  Json out;
  out["text"] = claim.text;
  out["kind"] = name_of(claim.kind);
  out["reference"] = claim.reference;
  out["line"] = claim.place.line;
  out["column"] = claim.place.column;
  if (!claim.truth.empty()) out["truth"] = claim.truth;
  if (!claim.source.empty()) out["source"] = claim.source;
  out["figures"] = Json::array();
  for (const std::string& id : claim.figures) {
    const Figure* figure = ledger.find(id);
    CHECK(figure != nullptr, "a claim's figures are of the ledger");
    out["figures"].push_back(figure_json(*figure));
  }
  return out;
}

Json story_json(const Ledger& ledger, const Story& story) {
  Json out;
  out["name"] = story.name;
  out["wave"] = story.wave;
  out["title"] = story.title;
  out["style"] = story.style;
  out["reconstruction"] = story.reconstruction;
  out["sentences"] = Json::array();
  for (size_t i = 0; i < story.sentences.size(); ++i) {
    Json sentence;
    sentence["text"] = story.sentences[i];
    sentence["claims"] = Json::array();
    for (const StoryClaim& claim : story.claims) {
      if (claim.sentence == i) sentence["claims"].push_back(claim_json(ledger, claim));
    }
    out["sentences"].push_back(std::move(sentence));
  }
  out["notes"] = story.notes;
  return out;
}

}  // namespace

std::string stories_json(const Ledger& ledger, const std::vector<Story>& stories) {
  Json out;
  out["study"] = ledger.study;
  out["software"] = "barometer " + ledger.version;
  out["stories"] = Json::array();
  for (const Story& story : stories) out["stories"].push_back(story_json(ledger, story));
  return out.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace barometer
