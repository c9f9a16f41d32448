// What `barometer table` was asked, and the plan made of it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "barometer/book/book.h"
#include "barometer/book/plan.h"
#include "barometer/engine/engine.h"
#include "cli/survey.h"

namespace barometer::cli {

struct TableArguments {
  SurveyOptions survey;
  std::string plan;  // a file
  std::string title, rows, banner, filter;
  std::string weights;             // several, a book for each
  std::vector<std::string> multi;  // "media=m1..m3"
  std::string show;                // percent,n,weighted,se,interval,letters
  std::string percent;             // column, row, table
  bool no_total = false, effective_base = false;
  // tests
  std::string level, convention, adjust, against;
  std::optional<int> test_base;
  bool rao_scott = false;
  // print
  std::optional<int> note_base, bracket_base, percent_base, suppress_base, suppress_count,
      suppress_uniform;
  std::optional<int> places, mean_places;
  std::optional<int> round_counts;
  bool recode = false;
  std::optional<double> confidence;
  // output
  std::string format, out, colour = "auto";
  std::optional<size_t> width;
};

// The plan of the file, or an empty one, with what is said of weights and sets on the command line:
// engines are opened for these.
Result<BookPlan> plan_of(const TableArguments& arguments);
// With all the other options, which go before the file's.
Status set_options(const TableArguments& arguments, const Codebook& codebook, BookPlan& plan);
// An engine for each weight of the plan over the same cases, with the plan's multi-response sets.
struct OpenEngines {
  std::vector<std::shared_ptr<const Engine>> engines{};
  std::string source{};  // of the data, for readers; without a password

  [[nodiscard]] std::vector<const Engine*> all() const;
};
Result<OpenEngines> open_engines(const SurveyOptions& options, const BookPlan& plan, const Io& io);
// Hides, rounds or merges what the rules of the book and the options ask for, and says on io.err
// what is lost.
Status protect(const TableArguments& arguments, const Io& io, Book& book);
// text, csv, json, xlsx, ods, html, md or latex: as asked, or by the ending of --out.
Result<std::string> format_of(const TableArguments& arguments);

}  // namespace barometer::cli
