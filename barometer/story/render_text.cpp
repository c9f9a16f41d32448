// Stories as Markdown and as plain text.
#include <string>
#include <vector>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/story/render.h"

namespace barometer {
namespace {

std::string markdown_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("\\`*_[]<>#").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string_view mark_of(const StoryPiece& piece) {
  return piece.text == "em" ? "*" : piece.text == "strong" ? "**" : "";
}

std::string markdown_piece(const Story& story, const StoryPiece& piece, const StoryLinks& links,
                           std::string& target) {
  switch (piece.kind) {
    case StoryPiece::Kind::kBreak:
      return "  \n";
    case StoryPiece::Kind::kOpen:
      if (piece.text == "a") target = piece.target;
      return piece.text == "a" ? "[" : std::string(mark_of(piece));
    case StoryPiece::Kind::kClose:
      return piece.text == "a" ? fmt::format("]({})", std::exchange(target, {}))
                               : std::string(mark_of(piece));
    case StoryPiece::Kind::kText:
      break;
  }
  const std::string text = markdown_escaped(piece.text);
  if (piece.claim == kNoClaim || !target.empty()) return text;
  const StoryClaim& claim = story.claims.at(piece.claim);
  if (claim.figures.empty()) return text;
  return fmt::format("[{}]({}ledger.html#{})", text, links.root, claim.figures.front());
}

std::string markdown_start(const StoryBlock& block) {
  const auto indent = static_cast<size_t>(2 * (block.level - 1));
  switch (block.kind) {
    case StoryBlockKind::kHeading:
      return std::string(static_cast<size_t>(block.level), '#') + " ";
    case StoryBlockKind::kBullet:
      return std::string(indent, ' ') + "- ";
    case StoryBlockKind::kNumbered:
      return std::string(indent, ' ') + "1. ";
    case StoryBlockKind::kQuotation:
      return "> ";
    case StoryBlockKind::kParagraph:
      break;
  }
  return {};
}

bool is_item(const StoryBlock& block) {
  return block.kind == StoryBlockKind::kBullet || block.kind == StoryBlockKind::kNumbered;
}

// A blank line between blocks, but not between the items of a list.
template <class Write>
std::string blocks_of(const Story& story, Write write) {
  std::string out;
  for (size_t i = 0; i < story.blocks.size(); ++i) {
    const bool together = i > 0 && is_item(story.blocks[i]) && is_item(story.blocks[i - 1]);
    if (i > 0) out += together ? "\n" : "\n\n";
    out += write(story.blocks[i]);
  }
  return out + "\n";
}

// Whose the numbers are that are not of this survey; and the notes.
std::vector<std::string> notes_below(const Story& story) {
  std::vector<std::string> out;
  for (const StoryClaim& claim : story.claims) {
    if (claim.kind != StoryClaimKind::kOutside) continue;
    out.push_back(fmt::format("“{}” is not of this survey: {}", claim.text, claim.source));
  }
  out.insert(out.end(), story.notes.begin(), story.notes.end());
  return out;
}

}  // namespace

std::string story_markdown(const Story& story, const StoryLinks& links) {
  std::string out = blocks_of(story, [&](const StoryBlock& block) {
    std::string text = markdown_start(block);
    std::string target;
    for (const StoryPiece& piece : block.pieces) {
      text += markdown_piece(story, piece, links, target);
    }
    return text;
  });
  if (story.reconstruction) out += fmt::format("\n*{}*\n", kStoryReconstruction);
  const std::vector<std::string> notes = notes_below(story);
  if (!notes.empty()) out += "\n## Notes on the figures\n\n";
  for (const std::string& note : notes) out += "- " + markdown_escaped(note) + "\n";
  return out;
}

std::string story_text(const Story& story) {
  std::string out = blocks_of(story, [](const StoryBlock& block) {
    const std::string bullet = is_item(block) ? "- " : "";
    return bullet + block.text();
  });
  if (story.reconstruction) out += fmt::format("\n{}\n", kStoryReconstruction);
  const std::vector<std::string> notes = notes_below(story);
  if (!notes.empty()) out += "\nNotes on the figures\n\n";
  for (const std::string& note : notes) out += "- " + note + "\n";
  return out;
}

}  // namespace barometer
