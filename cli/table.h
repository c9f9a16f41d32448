// What `barometer table` was asked, and the plan made of it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "barometer/book/book.h"
#include "barometer/book/plan.h"
#include "barometer/engine/engine.h"
#include "barometer/table/table.h"
#include "cli/survey.h"

namespace barometer::cli {

struct TableArguments {
  SurveyOptions survey;
  std::string plan;                // a file
  std::vector<std::string> waves;  // of a study "2012-10,2013-01", of files "2012-10=a.csv"
  std::string link;                // variable that names the same unit in the waves
  bool link_repeats = false;
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
  bool own_eyes = false;  // a filter that tells of few is no obstacle
  std::optional<double> confidence;
  // output
  std::string format, out, colour = "auto";
  std::optional<size_t> width;
};

// The plan of the file, or an empty one, with what is said of weights and sets on the command line:
// engines are opened for these.
Result<BookPlan> plan_of(const TableArguments& arguments);
// With all the other options, which go before the file's. `codebook` has the variable `wave` where
// the plan has several.
Status set_options(const TableArguments& arguments, const Codebook& codebook, BookPlan& plan);
// Waves are columns where no group of the banner speaks of them: alone, and within each group,
// each tested against the one before. kInvalid: rests of groups that waves stand in.
Status add_wave_columns(BookPlan& plan);

// The variable of the waves' names that a table of waves has.
inline constexpr const char* kWaveColumn = "wave";

// A wave of a study that is a reconstruction: what its bundle shows of it.
struct PublishedWave {
  std::string name;
  WaveTables tables{};
  std::map<std::string, std::string> own_ids{};  // of items, by what the book calls them
};
struct PublishedWaves {
  std::vector<PublishedWave> waves{};
  size_t all = 0;        // waves of the book, these and those that were collected
  PrintRules printed{};  // by which the figures were
};
// Nothing stays in the book of what a reconstruction made up: whoever is in a column with people of
// such a wave is not available. kInvalid: banners and filters that would leave nothing.
Status blank_reconstructed(const PublishedWaves& known, Book& book);
// Then what published figures fix, of everyone of such a wave.
void fill_published(const PublishedWaves& known, Book& book);

// An engine for each weight of the plan over the same cases, with the plan's multi-response sets.
struct OpenEngines {
  std::vector<std::shared_ptr<const Engine>> engines{};
  // One each, where the design alone does not make the variance (BookOptions::samples).
  std::vector<std::shared_ptr<const Sample>> samples{};
  std::string source{};  // of the data, for readers; without a password or folder
  std::map<std::string, std::vector<std::string>> notes{};  // by variable; "": of every table
  std::optional<PrintRules> print{};                        // of the study, where it is one
  // Waves that have no figures of a variable: it was not asked then, or in other words.
  std::map<std::string, std::vector<std::string>> not_in_waves{};
  std::shared_ptr<const PublishedWaves> published{};  // where some wave is a reconstruction

  [[nodiscard]] std::vector<const Engine*> all() const;
  [[nodiscard]] std::vector<const Sample*> all_samples() const;
};
// What readers are told of a file or table: its name, not the folders of whoever made the book.
std::string source_in_print(const std::string& data);
Result<OpenEngines> open_engines(const TableArguments& arguments, const BookPlan& plan,
                                 const Io& io);
// Of the waves of the plan.
Result<OpenEngines> open_waves(const TableArguments& arguments, const BookPlan& plan, const Io& io);
// The data with the plan's multi-response sets.
Result<Dataset> with_sets_of(const BookPlan& plan, Dataset data);
size_t engine_threads();
// The book that was asked for. Nothing is suppressed yet.
struct MadeBook {
  Book book{};
  std::string source{};  // of its data, for readers
  Codebook codebook{};   // of all the data
  // Of the same data by another plan. Lives as long as the Io of made_book().
  std::function<Result<Book>(const BookPlan& plan)> again{};
  std::optional<PrintRules> study_rules{};            // where it is of one, whatever the plan's are
  std::shared_ptr<const PublishedWaves> published{};  // as OpenEngines has it
};
Result<MadeBook> made_book(const TableArguments& arguments, const Io& io);
// Everything that readers may not see leaves the book, before anything is printed: it is hidden,
// rounded or merged as the rules of the book and the options ask for, in all tables together, and
// io.err says what is lost. By the rules of a study, and by suppress_count_under, whatever would
// give it away goes too; of other data a small base alone is hidden for reading. kInvalid: a filter
// by which few could be told from everyone else.
Status protect(const TableArguments& arguments, const Io& io, MadeBook& made);
// A folder, which only a study is.
bool is_study(const std::string& path);
// text, csv, json, xlsx, ods, html, md or latex: as asked, or by the ending of --out.
Result<std::string> format_of(const TableArguments& arguments);

}  // namespace barometer::cli
