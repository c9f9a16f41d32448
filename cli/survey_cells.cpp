// A survey from the sums of an engine: one row a cell in place of one a case.
#include <algorithm>
#include <set>
#include <span>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/engine/memory_engine.h"
#include "cli/survey_internal.h"

namespace barometer::cli {
namespace {

// So many entries are no burden, however few the cases.
constexpr size_t kFewEntries = size_t{1} << 16;

bool is_name_character(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return std::isalnum(byte) != 0 || c == '_' || c == '.' || byte >= 0x80;
}

// The name stands in the text, and is no part of a longer one.
bool mentions(const std::string& text, const std::string& name) {
  for (size_t at = text.find(name); at != std::string::npos && !name.empty();
       at = text.find(name, at + 1)) {
    const size_t end = at + name.size();
    const bool starts = at == 0 || !is_name_character(text[at - 1]);
    const bool ends = end == text.size() || !is_name_character(text[end]);
    if (starts && ends) return true;
  }
  return false;
}

// Names as people write them: what index_of_written understands.
std::set<std::string> words_of(const std::vector<std::string>& texts) {
  std::set<std::string> words;
  for (const std::string& text : texts) {
    std::string word;
    for (const char c : text + " ") {
      if (is_name_character(c)) {
        word += c;
      } else if (!word.empty()) {
        words.insert(std::exchange(word, ""));
      }
    }
  }
  return words;
}

// Variables that one of the texts names; one too many is no harm.
std::set<size_t> mentioned(const Codebook& codebook, const std::vector<std::string>& texts) {
  std::set<size_t> found;
  for (const std::string& word : words_of(texts)) {
    if (const auto index = codebook.index_of_written(word)) found.insert(*index);
  }
  for (size_t v = 0; v < codebook.variables().size(); ++v) {
    const Variable& variable = codebook.variables()[v];
    const bool named = std::ranges::any_of(texts, [&](const std::string& text) {
      return mentions(text, variable.id) || mentions(text, variable.label);
    });
    if (named) found.insert(v);
  }
  return found;
}

template <class T>
void keep(std::vector<T>& values, std::span<const uint8_t> kept) {
  size_t next = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    if (kept[i] != 0) values[next++] = values[i];
  }
  values.resize(next);
}

// Combinations that no case has are no cells: nobody is in a domain of them.
Cells without_empty(Cells cells) {
  CellSums& sums = cells.sums;
  std::vector<uint8_t> kept(sums.cell_count);
  std::vector<uint32_t> place(sums.cell_count);
  uint32_t count = 0;
  for (size_t c = 0; c < kept.size(); ++c) {
    kept[c] = sums.n[c] > 0 ? 1 : 0;
    place[c] = count;
    count += kept[c];
  }
  if (count == sums.cell_count || count == 0) return cells;
  std::vector<uint8_t> entries;
  std::vector<uint32_t> cell_of_entry;
  std::vector<size_t> begins = {0};
  for (size_t row = 0; row < sums.row_count; ++row) {
    for (size_t at = sums.row_begin[row]; at < sums.row_begin[row + 1]; ++at) {
      const uint32_t cell = sums.cell_of(row, at);
      entries.push_back(kept[cell]);
      if (kept[cell] != 0) cell_of_entry.push_back(place[cell]);
    }
    begins.push_back(cell_of_entry.size());
  }
  keep(sums.row_n, entries);
  keep(sums.row_w, entries);
  if (!sums.row_live.empty()) keep(sums.row_live, entries);
  if (!sums.row_w2.empty()) keep(sums.row_w2, entries);
  for (auto* totals : {&sums.n, &sums.live}) keep(*totals, kept);
  for (auto* totals : {&sums.w, &sums.w2}) keep(*totals, kept);
  if (!cells.inside.empty()) keep(cells.inside, kept);
  sums.row_begin = std::move(begins);
  sums.cell = std::move(cell_of_entry);
  sums.cell_count = count;
  cells.data = cells.data.where(kept);
  return cells;
}

}  // namespace

CellQuery query_of(const Codebook& codebook, const Asked& asked, bool sums_of_numbers) {
  CellQuery query;
  query.where = asked.where;
  query.outside = asked.where.has_value();
  // The bare name of a number is the number; in anything else it is looked at value by value.
  std::vector<std::string> texts = asked.texts;
  std::set<size_t> by_sum = mentioned(codebook, asked.labels);
  for (const std::string& text : asked.linear) {
    const auto index = codebook.index_of_written(trimmed(text));
    if (index && sums_of_numbers) {
      by_sum.insert(*index);
    } else {
      texts.push_back(text);
    }
  }
  if (!sums_of_numbers) texts.insert(texts.end(), asked.labels.begin(), asked.labels.end());
  const std::set<size_t> by_value = mentioned(codebook, texts);
  for (size_t v = 0; v < codebook.variables().size(); ++v) {
    const Variable& variable = codebook.variables()[v];
    if (variable.kind == VariableKind::kText) continue;
    if (by_value.contains(v)) {
      query.keys.push_back(variable.id);
    } else if (by_sum.contains(v)) {
      const bool number = variable.kind == VariableKind::kNumber;
      (number ? query.numbers : query.keys).push_back(variable.id);
    }
  }
  return query;
}

OpenSurvey survey_of(const Engine& engine, std::shared_ptr<const Design> design, Cells cells,
                     bool representatives) {
  auto sums = std::make_shared<const CellSums>(std::move(cells.sums));
  CHECK(sums->row_count == engine.design().row_count(), "sums by the rows of the design");
  return {std::make_shared<const Dataset>(std::move(cells.data)),
          Sample::of_cells(std::move(design), std::move(sums)),
          {},
          std::move(cells.inside),
          representatives};
}

Result<OpenSurvey> survey_in_memory(const std::shared_ptr<const Dataset>& data,
                                    const SurveyOptions& options, const Asked& asked,
                                    const Io& io) {
  const auto design =
      std::make_shared<const Design>(TRY(Design::make(TRY(drawn_design(*data, options)))));
  MemoryEngineOptions engine_options;
  engine_options.threads = std::max(1U, std::thread::hardware_concurrency());
  const auto engine = TRY(MemoryEngine::make(data, design, engine_options));
  CellQuery query = query_of(data->codebook(), asked, false);
  if (query.keys.empty()) return fail(ErrorCode::kLimit, "no variable is named");
  query.most_entries = std::max(kFewEntries, data->case_count() / 2);
  return survey_of(*engine, design, without_empty(TRY(engine->cells(query, io.progress))),
                   !query.numbers.empty());
}

}  // namespace barometer::cli
