#include "barometer/story/template_internal.h"

#include <algorithm>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/base/yaml.h"
#include "barometer/wording/write.h"

namespace barometer {
namespace {

constexpr size_t kMostBytes = size_t{1} << 20;
constexpr size_t kMostReferences = 2'000;

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 && c != '\n' && c != '\r' && c != '\t';
}

// ---- front matter ----------------------------------------------------------------------------

// Blanks "---\n…\n---\n" at the beginning, and reads it.
void take_front_matter(StoryTemplate& out, std::string& masked, Diagnostics& problems) {
  constexpr std::string_view kFence = "---\n";
  if (!masked.starts_with(kFence)) return;
  const size_t end = masked.find("\n---\n", kFence.size() - 1);
  if (end == std::string::npos) {
    problems.error("story-front-matter", {out.file, 1, 1}, "the settings after '---' never end",
                   "close them by a line '---'");
    return;
  }
  // The fence becomes an empty line, so that places are those of the file.
  const std::string yaml = "\n" + masked.substr(kFence.size(), end + 1 - kFence.size());
  const YamlNode root = load_yaml(yaml, out.file, problems);
  root.only_keys({"style"});
  out.style = root.optional_text("style").value_or("");
  std::vector<std::string> known;
  for (const wording::HouseStyle& style : wording::house_styles()) known.emplace_back(style.name);
  if (!out.style.empty() && wording::find_house_style(out.style) == nullptr) {
    root.child("style").error("story-style",
                              fmt::format("there is no house style '{}'", printable(out.style)),
                              suggestion(out.style, known));
    out.style.clear();
  }
  for (size_t i = 0; i < end + 5; ++i) {
    if (masked[i] != '\n') masked[i] = ' ';
  }
}

// ---- references ------------------------------------------------------------------------------

void add_reference(size_t open, size_t close, StoryTemplate& out, Diagnostics& problems) {
  const std::string_view inside = std::string_view(out.source).substr(open + 2, close - open - 2);
  const std::string_view body = trimmed(inside);
  TemplateReference found;
  found.source = std::string(body);
  found.at = open;
  found.inner = body.empty() ? open + 2 : static_cast<size_t>(body.data() - out.source.data());
  ReferenceError error;
  if (auto reference = parse_reference(body, error)) {
    found.reference = *std::move(reference);
    found.sound = true;
  } else {
    const size_t at = found.inner + error.at;
    problems.error("story-syntax", out.place(at), out.marked(at, error.message),
                   "docs/stories.md lists the references");
  }
  out.references.push_back(std::move(found));
}

// A quoted text may hold braces.
size_t end_of_reference(const std::string& source, size_t open) {
  bool quoted = false;
  for (size_t at = open + 2; at + 1 < source.size(); ++at) {
    if (source[at] == '"') quoted = !quoted;
    if (!quoted && source[at] == '}' && source[at + 1] == '}') return at;
    if (source[at] == '\n' && source[at + 1] == '\n') break;
  }
  const size_t plain = source.find("}}", open);
  const size_t paragraph = source.find("\n\n", open);
  return plain < paragraph ? plain : std::string::npos;
}

void take_references(StoryTemplate& out, std::string& masked, Diagnostics& problems) {
  size_t at = masked.find("{{");
  while (at != std::string::npos && out.references.size() < kMostReferences) {
    const size_t close = end_of_reference(masked, at);
    if (close == std::string::npos) {
      out.all_closed = false;
      problems.error("story-syntax", out.place(at), out.marked(at, "this '{{' is never closed"),
                     "'}}' ends a reference, in the same paragraph");
      return;
    }
    add_reference(at, close, out, problems);
    masked[at] = kReferenceFirst;
    std::fill(masked.begin() + static_cast<std::ptrdiff_t>(at + 1),
              masked.begin() + static_cast<std::ptrdiff_t>(close + 2), kReferenceInner);
    at = masked.find("{{", close);
  }
  if (at != std::string::npos) {
    problems.error("story-limit", out.place(at),
                   fmt::format("a story has at most {} references", kMostReferences));
  }
}

bool is_sound(const StoryTemplate& story, Diagnostics& problems) {
  if (story.source.size() > kMostBytes) {
    problems.error(
        "story-limit", {story.file, 0, 0},
        fmt::format("the story has {} bytes, more than {}", story.source.size(), kMostBytes));
    return false;
  }
  if (!is_utf8(story.source)) {
    problems.error("story-text", {story.file, 0, 0}, "the story is not UTF-8");
    return false;
  }
  const auto control = std::ranges::find_if(story.source, is_control);
  if (control == story.source.end()) return true;
  problems.error("story-text", story.place(static_cast<size_t>(control - story.source.begin())),
                 fmt::format("a control character, {}", printable(std::string(1, *control))));
  return false;
}

}  // namespace

Place StoryTemplate::place(size_t at) const {
  const std::string_view before = std::string_view(source).substr(0, std::min(at, source.size()));
  const size_t start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  const auto line = static_cast<size_t>(std::ranges::count(before, '\n'));
  const auto letters = std::ranges::count_if(
      before.substr(start), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
  return {file, line + 1, static_cast<size_t>(letters) + 1};
}

std::string StoryTemplate::marked(size_t at, const std::string& message) const {
  const size_t byte = std::min(at, source.size());
  const size_t before = byte == 0 ? std::string::npos : source.rfind('\n', byte - 1);
  const size_t start = before == std::string::npos ? 0 : before + 1;
  const std::string_view line =
      std::string_view(source).substr(start, source.find('\n', start) - start);
  return message + "\n" + caret_under(line, byte - start);
}

StoryTemplate read_template(const std::string& file, std::string_view source,
                            Diagnostics& problems) {
  StoryTemplate out;
  out.file = file;
  out.source = replaced(std::string(source), "\r\n", "\n");
  if (!is_sound(out, problems)) return out;
  std::string masked = out.source;
  take_front_matter(out, masked, problems);
  take_references(out, masked, problems);
  read_markdown(out, masked, problems);
  return out;
}

}  // namespace barometer
