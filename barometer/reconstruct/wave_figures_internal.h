// From the rows of published.csv to problems that the solver core understands, and back to words.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "barometer/reconstruct/counts.h"
#include "barometer/reconstruct/reconstruct.h"

namespace barometer {

// A figure that cannot be tested, and why.
struct UnusedFigure {
  const PublishedFigure* figure = nullptr;
  std::string why;
};

// The figures of one item. problem.rows stand beside `figures`, problem.asked beside `answers`.
struct ItemFigures {
  const Variable* variable = nullptr;
  ItemProblem problem;
  std::vector<int> codes;                       // of problem's options
  std::vector<std::string> answers;             // option codes, NET ids, "mean"
  std::vector<const PublishedFigure*> figures;  // used
  std::vector<size_t> asked_of_row;             // which asked sum a row is about
  std::vector<UnusedFigure> unused;
};

// What the figures of the wave as a whole allow.
struct WaveNumbers {
  int64_t n = 0;
  bool n_printed = false;
  WholeRange organisations;  // distinct ones that answered
  bool organisations_printed = false;
  std::vector<FigureConflict> conflicts;
};
Result<WaveNumbers> wave_numbers(const Wave& wave, const Frame& frame, Rounding rounding);

using EarlierWaves = std::map<std::string, Reconstruction>;
Result<ItemFigures> item_figures(const Study& study, const Wave& wave, const Variable& variable,
                                 int64_t respondents, const EarlierWaves& earlier);

// The conflict in words, with the arithmetic.
FigureConflict conflict_of(const ItemFigures& item, const std::vector<size_t>& rows);
// "waves/2013-04/published.csv:14: w3-14, "42 per cent of ..." (HSJ)"
std::string named_row(const PublishedFigure& figure);

// Respondents drawn from the frame with the solved counts; `notes` gains what is made up.
struct SolvedItem {
  const ItemFigures* figures = nullptr;
  const ItemSolution* solution = nullptr;
};
Result<Dataset> draw_responses(const Study& study, const Wave& wave, const Codebook& codebook,
                               const std::map<std::string, SolvedItem>& items, int64_t n,
                               int64_t organisations, std::vector<std::string>& notes);

}  // namespace barometer
