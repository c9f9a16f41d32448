// One file of a bundle against its ledger: does it show what the ledger hides?
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "barometer/attack/bundle.h"
#include "barometer/disclosure/release_attack.h"
#include "barometer/ledger/ledger.h"

namespace barometer {

// What a reader sees of a figure that must not be seen, or of a base nobody says.
struct ShownElsewhere {
  std::string file;
  std::string figure;  // empty: a base that no figure of the ledger has
  std::string what;    // "a bar is drawn", "the column 'n' holds a number"
};

inline bool is_suppressed(const Figure& figure) { return figure.marker == Marker::kSuppressed; }

// The figures by id, and bases that they say. The ledger outlives it.
class LedgerView {
 public:
  explicit LedgerView(const Ledger& ledger);
  explicit LedgerView(const Ledger&&) = delete;

  [[nodiscard]] const Figure* find(const std::string& id) const;
  [[nodiscard]] bool is_hidden(const std::string& id) const;
  [[nodiscard]] bool has_base(int64_t n) const { return bases_.contains(n); }
  [[nodiscard]] const std::vector<std::string>& hidden() const { return hidden_; }
  // The first id of a suppressed figure in the text, "" when there is none.
  [[nodiscard]] std::string hidden_in(std::string_view text) const;

 private:
  std::map<std::string, const Figure*> figures_;
  std::vector<std::string> hidden_;
  std::set<int64_t> bases_;
};

struct FileFindings {
  std::vector<ShownElsewhere> shown;
  std::vector<std::string> problems;  // files that cannot be read as what they are
};

void check_csv(const std::string& name, const std::string& bytes, const LedgerView& ledger,
               FileFindings& out);
void check_json(const std::string& name, const std::string& bytes, const LedgerView& ledger,
                FileFindings& out);
void check_svg(const std::string& name, const std::string& bytes, const LedgerView& ledger,
               FileFindings& out);
void check_html(const std::string& name, const std::string& bytes, const LedgerView& ledger,
                FileFindings& out);
void check_lines(const std::string& name, const std::string& bytes, const LedgerView& ledger,
                 FileFindings& out);
// Against the CSV files of its tables, whose rows name the figures.
void check_workbook(const BundleText& bundle, const std::string& name, const LedgerView& ledger,
                    FileFindings& out);

// The articles, and stories.json, which says what they rest on.
void check_stories(const BundleText& bundle, const LedgerView& ledger, FileFindings& out);

FileFindings check_files(const BundleText& bundle, const Ledger& figures);

// Shared by the readers above.
bool holds_digit(std::string_view text);
void check_bases(const std::string& name, std::string_view text, const LedgerView& ledger,
                 FileFindings& out);  // "n = 94"

// Of an earlier bundle: readers have it, and nothing takes it back. The newest's ledger has no
// folder (release_of).
inline bool is_out(const ReleasedFigure& figure) { return figure.file != "ledger.json"; }
// Whether the figure is the count or share that the leak is about.
bool says_openly(const Leak& leak, const ReleasedFigure& figure);
// Whether an earlier bundle says the same.
bool is_said_before(const Release& release, const ReleasedFigure& figure);

}  // namespace barometer
