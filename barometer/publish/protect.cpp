#include "barometer/publish/protect.h"

#include <algorithm>

#include <fmt/format.h>

#include "barometer/attack/attack.h"
#include "barometer/book/hide.h"
#include "barometer/disclosure/suppress.h"
#include "barometer/ledger/ledger.h"
#include "barometer/publish/books.h"
#include "barometer/publish/disclosure_note.h"

namespace barometer {
namespace {

// Carries out what the attack asks for.
class Protector {
 public:
  Protector(std::vector<WaveTables>& waves, std::vector<WaveBook>& books)
      : waves_(waves), books_(books) {}

  // Whether anything was hidden that was not before.
  bool apply(const HideAction& action) {
    const size_t before = hidden_ + withheld_ + dropped_;
    for (WaveTables& wave : waves_) {
      for (ItemTable& table : wave.items) apply(action, wave, table);
    }
    for (WaveBook& book : books_) apply(action, book);
    return hidden_ + withheld_ + dropped_ > before;
  }

  [[nodiscard]] size_t hidden() const { return hidden_; }

 private:
  using Cells = std::vector<Cell>;

  void apply(const HideAction& action, const WaveTables& wave, ItemTable& table) {
    const size_t changes = table.changes.size();
    std::erase_if(table.changes,
                  [&](const Change& change) { return change_id(wave, change) == action.figure; });
    dropped_ += changes - table.changes.size();
    Cells* const units[] = {&table.respondents, &table.organisations, &table.organisations_by_size};
    for (Cells* cells : units) {
      const auto found = std::ranges::find_if(
          *cells, [&](const Cell& cell) { return figure_id(wave, cell) == action.figure; });
      if (found == cells->end()) continue;
      const std::string answer = found->answer;
      if (action.what == HideAction::What::kMissing) {
        if (!found->missing_withheld) ++withheld_;
        for (Cells* of_unit : units) withhold_missing(*of_unit);
        return;
      }
      for (Cell& cell : *cells) {
        if (action.what == HideAction::What::kBase || cell.answer == answer) hide(cell);
      }
      // What is hidden of people is hidden of their organisations.
      if (cells == units[0]) hide_in_organisations(action, answer, table);
      drop_changes_of_hidden(table);
      return;
    }
  }

  void hide_in_organisations(const HideAction& action, const std::string& answer,
                             ItemTable& table) {
    for (Cells* cells : {&table.organisations, &table.organisations_by_size}) {
      for (Cell& cell : *cells) {
        if (action.what == HideAction::What::kBase || cell.answer == answer) hide(cell);
      }
    }
  }

  // Of a base: every cell of the column.
  void apply(const HideAction& action, WaveBook& book) {
    const auto at = find_group_cell(book, action.figure);
    if (!at) return;
    BookTable& table = book.book.tables[at->table];
    for (size_t row = 0; row < table.rows.size(); ++row) {
      const bool asked = row == at->row || action.what != HideAction::What::kFigure;
      if (!asked || table.at(row, at->column).suppressed) continue;
      hide_cell(table, row, at->column);
      ++hidden_;
    }
  }

  void hide(Cell& cell) {
    if (!cell.estimate.value) return;
    hide_cell(cell);
    ++hidden_;
  }

  std::vector<WaveTables>& waves_;
  std::vector<WaveBook>& books_;
  size_t hidden_ = 0, withheld_ = 0, dropped_ = 0;
};

Result<BundleAttack> attack_tables(const Study& study, const std::vector<WaveTables>& waves,
                                   const std::vector<WaveBook>& books, const Progress& progress) {
  BundleText bundle;
  bundle.name = study.id;
  bundle.files["ledger.json"] = make_ledger(study, waves, books).json();
  bundle.files["disclosure.json"] = disclosure_note(study, waves, books);
  return attack_bundles({bundle}, {}, progress);
}

}  // namespace

Result<size_t> protect_waves(const Study& study, std::vector<WaveTables>& waves,
                             std::vector<WaveBook>& books, const Progress& progress) {
  Protector protector(waves, books);
  while (true) {
    const BundleAttack attack = TRY(attack_tables(study, waves, books, progress));
    bool changed = false;
    for (const Leak& leak : attack.leaks) {
      for (const HideAction& action : leak.hide) changed = protector.apply(action) || changed;
    }
    for (WaveBook& book : books) {
      const auto tables = std::ranges::find(waves, book.wave, &WaveTables::wave);
      changed = mirror_totals(*tables, book) > 0 || changed;
      changed = hide_columns_of_hidden(*tables, book) > 0 || changed;
      print_again(study, book);
    }
    if (!changed) return protector.hidden();
  }
}

}  // namespace barometer
