// Dates between which a survey was in the field.
#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include <fmt/format.h>

#include "barometer/audit/page_internal.h"
#include "barometer/base/text.h"
#include "barometer/printed/fieldwork_dates.h"

namespace barometer {
namespace {

constexpr auto kMonths =
    std::to_array<std::string_view>({"january", "february", "march", "april", "may", "june", "july",
                                     "august", "september", "october", "november", "december"});

constexpr auto kFieldwork = std::to_array<std::string_view>(
    {"survey", "surveyed", "fieldwork", "in the field", "interviewed", "interviews", "poll",
     "polled", "carried out", "conducted", "responses", "responded", "respondents", "online",
     "questionnaire", "replied", "replies"});

// A date, or a part of one, at bytes of a sentence.
struct FoundDate {
  size_t begin = 0;
  size_t end = 0;
  unsigned day = 0;
  unsigned month = 0;
  int year = 0;  // 0: not said
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

int number_in(std::string_view digits) {
  int out = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), out);
  return read.ec == std::errc() ? out : 0;
}

// The month's name at byte `at`, as 1 … 12; short forms count.
unsigned month_at(std::string_view text, size_t at, size_t& end) {
  for (size_t m = 0; m < kMonths.size(); ++m) {
    for (const size_t length : {kMonths[m].size(), size_t{3}}) {
      const std::string_view name = kMonths[m].substr(0, length);
      if (!text.substr(at).starts_with(name)) continue;
      end = at + length;
      if (end < text.size() && text[end] >= 'a' && text[end] <= 'z') continue;
      return static_cast<unsigned>(m) + 1;
    }
  }
  return 0;
}

// Digits that end before byte `at`, behind their "th" and one space.
std::optional<std::pair<size_t, unsigned>> day_before(std::string_view text, size_t at) {
  if (at == 0 || text[at - 1] != ' ') return std::nullopt;
  size_t end = at - 1;
  if (end >= 3 && text.substr(end - 3, 3) == " of") end -= 3;
  for (const std::string_view ending : {"st", "nd", "rd", "th"}) {
    if (end >= 3 && text.substr(0, end).ends_with(ending) && is_digit(text[end - 3])) end -= 2;
  }
  size_t begin = end;
  while (begin > 0 && is_digit(text[begin - 1])) --begin;
  if (begin == end || end - begin > 2) return std::nullopt;
  return std::pair{begin, static_cast<unsigned>(number_in(text.substr(begin, end - begin)))};
}

// A year of four digits behind byte `at`.
int year_behind(std::string_view text, size_t& at) {
  size_t begin = at;
  if (begin < text.size() && text[begin] == ',') ++begin;
  if (begin >= text.size() || text[begin] != ' ') return 0;
  ++begin;
  size_t end = begin;
  while (end < text.size() && is_digit(text[end])) ++end;
  if (end - begin != 4) return 0;
  const int year = number_in(text.substr(begin, 4));
  if (year < 1900 || year > 2100) return 0;
  at = end;
  return year;
}

// "10 March 2014", "24 February": day before month.
std::vector<FoundDate> dates_in(std::string_view text) {
  std::vector<FoundDate> out;
  for (size_t at = 0; at < text.size(); ++at) {
    if (at > 0 && text[at - 1] != ' ') continue;
    FoundDate date;
    date.month = month_at(text, at, date.end);
    if (date.month == 0) continue;
    const auto day = day_before(text, at);
    if (!day || day->second < 1 || day->second > 31) continue;
    date.begin = day->first;
    date.day = day->second;
    date.year = year_behind(text, date.end);
    out.push_back(date);
    at = date.end - 1;
  }
  return out;
}

// "5 May to 7 June", "between 5 May and 7 June"; with "and" alone they are two dates.
bool joins(std::string_view words, std::string_view before) {
  constexpr auto kJoints = std::to_array<std::string_view>(
      {"to", "until", "till", "through", "-", "--", "up to", "up until"});
  const std::string_view word = trimmed(words);
  if (word == "and") return before.ends_with("between ") || before.ends_with("between the ");
  return std::ranges::find(kJoints, word) != kJoints.end();
}

// The first day of "between 20 and 12 November 2026", "20-12 November 2026": in the month of the
// second.
std::optional<FoundDate> first_day(std::string_view text, const FoundDate& second) {
  std::string_view before = text.substr(0, second.begin);
  size_t end = before.find_last_not_of(" -");
  if (end == std::string_view::npos) return std::nullopt;
  const bool dash = before.find('-', end) != std::string_view::npos;
  before = before.substr(0, end + 1);
  bool joint = dash;
  for (const std::string_view word : {" to", " and", " until", " till", " through"}) {
    if (dash || !before.ends_with(word)) continue;
    before.remove_suffix(word.size());
    joint = true;
    const size_t space = before.find_last_of(' ');
    const std::string_view opening =
        space == std::string_view::npos ? std::string_view() : before.substr(0, space + 1);
    if (word == " and" && !joins("and", opening)) return std::nullopt;
  }
  if (!joint) return std::nullopt;
  const std::string padded = std::string(before) + " ";
  const auto day = day_before(padded, padded.size());
  if (!day || day->second < 1 || day->second > 31) return std::nullopt;
  const bool alone = day->first == 0 || text[day->first - 1] == ' ';
  if (!alone) return std::nullopt;
  FoundDate first = second;
  first.begin = day->first;
  first.day = day->second;
  return first;
}

Date as_date(const FoundDate& found, int year) {
  return std::chrono::year(year) / std::chrono::month(found.month) / std::chrono::day(found.day);
}

void check_window(Page& page, size_t sentence, const FoundDate& from, const FoundDate& to) {
  const Date end = as_date(to, to.year);
  Date start = as_date(from, from.year != 0 ? from.year : to.year);
  // Without a year of its own the first date is the last one before the second: over New Year.
  if (from.year == 0 && start.ok() && end.ok() && start > end) start = as_date(from, to.year - 1);
  if (!start.ok() || !end.ok()) return;
  const Verdict verdict = fieldwork_verdict(start, end);
  page.check("fieldwork-dates", {}, verdict);
  if (!verdict.fails()) return;
  // A long window that no wrong year explains may be a survey that runs all year.
  const bool reversed = start > end;
  page.find({.rule = "fieldwork-dates",
             .grade = reversed || !verdict.mend.empty() ? Grade::kError : Grade::kNote,
             .claims = {},
             .span = page.span_in(sentence, from.begin, to.end),
             .message = reversed ? "fieldwork ends before it starts"
                                 : "fieldwork is longer than such surveys last",
             .arithmetic = verdict.arithmetic,
             .fix = verdict.mend});
}

// "31 June"
void check_day(Page& page, size_t sentence, const FoundDate& found) {
  constexpr int kLeapYear = 2000;
  if (as_date(found, found.year != 0 ? found.year : kLeapYear).ok()) return;
  page.find({.rule = "fieldwork-dates",
             .claims = {},
             .span = page.span_in(sentence, found.begin, found.end),
             .message = "there is no such day",
             .arithmetic = fmt::format("{} of month {}", found.day, found.month),
             .fix = "the date meant"});
}

}  // namespace

void check_fieldwork(Page& page) {
  const std::vector<Sentence>& sentences = page.article().document.sentences;
  for (size_t s = 0; s < sentences.size(); ++s) {
    const std::string_view text = page.sentence(s);
    if (!has_words(text, kFieldwork)) continue;
    const std::vector<FoundDate> dates = dates_in(text);
    for (const FoundDate& date : dates) check_day(page, s, date);
    for (const FoundDate& date : dates) {
      if (date.year == 0) continue;
      if (const auto first = first_day(text, date)) check_window(page, s, *first, date);
    }
    for (size_t k = 1; k < dates.size(); ++k) {
      const std::string_view words =
          text.substr(dates[k - 1].end, dates[k].begin - dates[k - 1].end);
      const std::string_view before = text.substr(0, dates[k - 1].begin);
      if (dates[k].year != 0 && joins(words, before)) check_window(page, s, dates[k - 1], dates[k]);
    }
  }
}

}  // namespace barometer
