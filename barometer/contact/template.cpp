#include "barometer/contact/template.h"

#include <algorithm>

#include <fmt/format.h>

#include "barometer/base/text.h"

namespace barometer {
namespace {

constexpr size_t kTemplateMax = 100'000;
constexpr std::string_view kSubject = "Subject:";
constexpr std::string_view kFooter =
    "\n--\nIf you do not want to hear from us about this survey: {{stop_link}}\n";

Place moved(Place place, std::string_view passed) {
  for (const char c : passed) {
    if (c == '\n') {
      ++place.line;
      place.column = 1;
    } else if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) {
      ++place.column;
    }
  }
  return place;
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(
      text, [](char c) { return static_cast<unsigned char>(c) < ' ' && c != '\t' && c != '\n'; });
}

}  // namespace

const std::vector<std::string>& merge_fields() {
  static const std::vector<std::string> kFields = {
      "study",          // the study's title
      "wave",           // the wave's title
      "sponsor",        // for whom
      "name",           // of the person
      "role",           // of the person
      "organisation",   // the name of the person's first organisation
      "organisations",  // the names of all of them, with commas
      "colleague",      // the name of who passed the survey on
      "link",           // the personal link
      "code",           // the same to type, at {{site}}
      "site",           // the address of the survey
      "stop_link",      // a page that stops mail
      "opens",          // "5 October 2012"
      "closes",         // "19 October 2012"
      "from_name",      // who writes
      "help_email",    "help_telephone", "privacy_notice",
      "privacy",  // what becomes of the answers, in the words of the wave's privacy mode
  };
  return kFields;
}

MailTemplate::Pieces MailTemplate::read(std::string_view text, Place place, Diagnostics& problems) {
  Pieces pieces;
  while (!text.empty()) {
    const size_t open = text.find("{{");
    if (open > 0) {
      Piece words;
      words.text = std::string(text.substr(0, open));
      pieces.push_back(std::move(words));
    }
    if (open == std::string_view::npos) break;
    const Place at = moved(place, text.substr(0, open));
    const size_t close = text.find("}}", open);
    const size_t line_end = text.find('\n', open);
    if (close == std::string_view::npos || line_end < close) {
      problems.error("open-field", at, "a field starts with {{ and has no }} on its line");
      break;
    }
    const std::string_view inside = text.substr(open + 2, close - open - 2);
    const size_t bar = inside.find('|');
    Piece field{.is_field = true, .text = std::string(trimmed(inside.substr(0, bar)))};
    field.has_otherwise = bar != std::string_view::npos;
    if (field.has_otherwise) field.otherwise = std::string(trimmed(inside.substr(bar + 1)));
    field.place = at;
    if (std::ranges::count(merge_fields(), field.text) == 0) {
      problems.error("unknown-field", at,
                     fmt::format("there is no field '{}'", printable(field.text)),
                     suggestion(field.text, merge_fields()));
    }
    pieces.push_back(std::move(field));
    place = moved(place, text.substr(0, close + 2));
    text.remove_prefix(close + 2);
  }
  return pieces;
}

MailTemplate MailTemplate::parse(std::string_view bytes, const std::string& file, bool needs_link,
                                 Diagnostics& problems) {
  MailTemplate made;
  const Place start{file, 1, 1};
  if (bytes.size() > kTemplateMax || !is_utf8(bytes)) {
    problems.error("not-text", {file, 0, 0}, "a mail is a text in UTF-8 of at most 100,000 bytes");
    return made;
  }
  const std::string text = replaced(replaced(std::string(bytes), "\r\n", "\n"), "\r", "\n");
  if (has_control(text)) {
    problems.error("not-text", {file, 0, 0}, "a mail holds no control characters");
    return made;
  }
  const size_t line_end = std::min(text.find('\n'), text.size());
  const std::string_view first = std::string_view(text).substr(0, line_end);
  if (!first.starts_with(kSubject) || trimmed(first.substr(kSubject.size())).empty()) {
    problems.error("no-subject", start, "the first line of a mail is 'Subject: …'");
    return made;
  }
  const std::string_view subject = first.substr(kSubject.size());
  const size_t blanks = subject.find_first_not_of(" \t");
  made.subject_ = read(trimmed(subject), {file, 1, kSubject.size() + blanks + 1}, problems);
  std::string body = text.substr(std::min(line_end + 1, text.size()));
  size_t line = 2;
  while (body.starts_with('\n')) {
    body.erase(0, 1);
    ++line;
  }
  const auto has = [&](std::string_view field) {
    return std::ranges::any_of(
        made.body_, [&](const Piece& piece) { return piece.is_field && piece.text == field; });
  };
  made.body_ = read(body, {file, line, 1}, problems);
  if (needs_link && !has("link")) {
    problems.error("no-link", {file, 0, 0}, "the mail has no {{link}}, so nobody can answer");
  }
  if (!has("stop_link")) {
    for (Piece& piece : read(kFooter, {file, 0, 0}, problems)) made.body_.push_back(piece);
  }
  return made;
}

Result<std::string> MailTemplate::fill(const Pieces& pieces, const MergeValues& values) {
  std::string out;
  for (const Piece& piece : pieces) {
    if (!piece.is_field) {
      out += piece.text;
      continue;
    }
    const auto found = values.find(piece.text);
    if (found != values.end() && !found->second.empty()) {
      out += found->second;
    } else if (piece.has_otherwise) {
      out += piece.otherwise;
    } else {
      return fail(ErrorCode::kInvalid,
                  fmt::format("{}: there is no {} here; write {{{{{}|…}}}} with the words for that "
                              "case",
                              piece.place.text(), piece.text, piece.text));
    }
  }
  return out;
}

Result<MailText> MailTemplate::fill(const MergeValues& values) const {
  MailText text;
  text.subject = TRY(fill(subject_, values));
  // A line end in a name would start another header.
  std::ranges::replace_if(
      text.subject, [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  text.body = TRY(fill(body_, values));
  return text;
}

}  // namespace barometer
