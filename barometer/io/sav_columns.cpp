#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cmath>
#include <memory>
#include <mutex>
#include <unordered_map>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/io/sav_internal.h"

namespace barometer {
namespace {

// A column as it grows, filled by blocks of cases from several threads at once.
class SavGrower {
 public:
  SavGrower() = default;
  SavGrower(const SavGrower&) = delete;
  SavGrower& operator=(const SavGrower&) = delete;
  virtual ~SavGrower() = default;
  virtual void allocate() = 0;
  virtual void fill(const SavBlock& block, size_t index) = 0;
  // Called once, after all blocks; may change the variable's kind and categories.
  virtual Result<Column> finish(Variable& variable, std::vector<std::string>& notes) = 0;
};

// What every grower must know of the file.
struct Source {
  const SavDictionary& dictionary;
  const SavVariable& variable;
  size_t rows = 0;
  size_t blocks = 0;
  const std::string& file;
};

uint64_t element_at(const char* raw) {
  uint64_t element = 0;
  std::memcpy(&element, raw, sizeof element);
  return element;
}

double number_at(const char* raw, bool swapped) {
  const uint64_t element = element_at(raw);
  return std::bit_cast<double>(swapped ? __builtin_bswap64(element) : element);
}

// Calls use(row, value) with each value of one number; commands go through command(row, c).
template <class OnCommand, class OnNumber>
void each_number(const SavBlock& block, const SavDictionary& dictionary, size_t place,
                 const OnCommand& on_command, const OnNumber& on_number) {
  const size_t stride = dictionary.elements;
  const bool swapped = dictionary.swapped;
  const char* raw = block.raw + place * kSavElement;
  if (block.commands == nullptr) {
    for (size_t row = 0; row < block.rows; ++row, raw += stride * kSavElement) {
      on_number(row, number_at(raw, swapped));
    }
    return;
  }
  const uint8_t* command = block.commands + place;
  for (size_t row = 0; row < block.rows; ++row, command += stride) {
    if (*command == kSavRaw) {
      on_number(row, number_at(raw + row * stride * kSavElement, swapped));
    } else {
      on_command(row, *command);
    }
  }
}

// The number a command stands for.
double number_of(uint8_t command, const SavDictionary& dictionary) {
  if (command == kSavAbsent) return kSavSystemMissing;
  return static_cast<double>(command) - dictionary.bias;
}

class NumberGrower : public SavGrower {
 public:
  explicit NumberGrower(const Source& source)
      : source_(source), rule_(source.dictionary, source.variable) {
    for (size_t command = 0; command < values_.size(); ++command) {
      const double value = number_of(static_cast<uint8_t>(command), source.dictionary);
      kinds_[command] = rule_.kind_of(value);
      values_[command] = kinds_[command] == Missing::kNone ? value : 0;
    }
    // Blanks are text: SPSS would read them as this number.
    const double blanks = std::bit_cast<double>(uint64_t{0x2020202020202020});
    values_[kSavBlanks] = blanks;
    kinds_[kSavBlanks] = Missing::kNone;
  }
  void allocate() override {
    numbers_.values.resize(source_.rows);
    numbers_.missing.resize(source_.rows);
  }
  void fill(const SavBlock& block, size_t /*index*/) override {
    double* values = numbers_.values.data() + block.first_row;
    Missing* kinds = numbers_.missing.data() + block.first_row;
    bool infinite = false;
    each_number(
        block, source_.dictionary, source_.variable.place,
        [&](size_t row, uint8_t command) {
          values[row] = values_[command];
          kinds[row] = kinds_[command];
        },
        [&](size_t row, double value) {
          const Missing kind = rule_.kind_of(value);
          kinds[row] = kind;
          values[row] = kind == Missing::kNone ? value : 0;
          infinite = infinite || (kind == Missing::kNone && std::isinf(value));
        });
    if (infinite) infinite_.store(true, std::memory_order_relaxed);
  }
  Result<Column> finish(Variable& variable, std::vector<std::string>& /*notes*/) override {
    variable.kind = VariableKind::kNumber;
    variable.categories.clear();
    if (!infinite_) return std::move(numbers_);
    const auto bad = std::ranges::find_if(numbers_.values, [](double v) { return std::isinf(v); });
    return fail(
        ErrorCode::kInvalid,
        fmt::format("'{}', case {}: variable '{}' holds {}, which is no amount", source_.file,
                    bad - numbers_.values.begin() + 1, printable(source_.variable.name), *bad));
  }
  Numbers& numbers() { return numbers_; }

 private:
  Source source_;
  SavMissingRule rule_;
  std::array<double, 256> values_{};
  std::array<Missing, 256> kinds_{};
  Numbers numbers_;
  std::atomic<bool> infinite_{false};
};

// Codes, as long as every value has a label; from the first block in which one has none the column
// is one of numbers, and the codes of other blocks are turned into numbers at the end.
template <class T>
class CodeGrower : public SavGrower {
 public:
  CodeGrower(const Source& source, const Variable& variable, int highest)
      : source_(source),
        rule_(source.dictionary, source.variable),
        by_value_(static_cast<size_t>(highest) + 1, kUnknown),
        in_numbers_(source.blocks, 0),
        as_numbers_(source) {
    for (const Category& category : variable.categories) allow(category.code);
    if (variable.kind == VariableKind::kScale) {
      for (int code = *variable.scale_low; code <= *variable.scale_high; ++code) allow(code);
    }
    for (size_t code = 0; code < by_value_.size(); ++code) {
      const Missing kind = rule_.kind_of(static_cast<double>(code));
      if (kind != Missing::kNone) by_value_[code] = missing_code<T>(kind);
    }
    for (size_t command = 0; command < by_command_.size(); ++command) {
      by_command_[command] = code_of(number_of(static_cast<uint8_t>(command), source.dictionary));
    }
    by_command_[kSavBlanks] = kUnknown;
  }
  void allocate() override { codes_.resize(source_.rows); }
  void fill(const SavBlock& block, size_t index) override {
    if (!needs_numbers_.load(std::memory_order_acquire) && fill_codes(block)) return;
    {
      const std::scoped_lock locked(lock_);
      if (as_numbers_.numbers().values.empty()) as_numbers_.allocate();
      needs_numbers_.store(true, std::memory_order_release);
    }
    as_numbers_.fill(block, index);
    in_numbers_[index] = 1;
  }
  Result<Column> finish(Variable& variable, std::vector<std::string>& notes) override {
    if (!needs_numbers_) return narrowest();
    Numbers& numbers = as_numbers_.numbers();
    for (size_t row = 0; row < source_.rows; ++row) {
      if (in_numbers_[row / rows_per_block_] != 0) continue;
      numbers.missing[row] = missing_of(codes_[row]);
      numbers.values[row] = numbers.missing[row] == Missing::kNone ? codes_[row] : 0;
    }
    return as_numbers_.finish(variable, notes);
  }
  void set_rows_per_block(size_t rows) { rows_per_block_ = rows; }

 private:
  // Between the highest code and the kinds of missing.
  static constexpr T kUnknown = missing_code<T>(Missing::kDontKnow) - 1;

  void allow(int code) { by_value_[static_cast<size_t>(code)] = static_cast<T>(code); }
  T code_of(double value) const {
    if (value >= 0 && value < static_cast<double>(by_value_.size())) {
      const auto code = static_cast<size_t>(value);
      if (static_cast<double>(code) == value) return by_value_[code];
    }
    const Missing kind = rule_.kind_of(value);
    return kind == Missing::kNone ? kUnknown : missing_code<T>(kind);
  }
  bool fill_codes(const SavBlock& block) {
    T* codes = codes_.data() + block.first_row;
    bool known = true;
    each_number(
        block, source_.dictionary, source_.variable.place,
        [&](size_t row, uint8_t command) {
          codes[row] = by_command_[command];
          known = known && codes[row] != kUnknown;
        },
        [&](size_t row, double value) {
          codes[row] = code_of(value);
          known = known && codes[row] != kUnknown;
        });
    return known;
  }
  // Codes past 250 of which none occurs are stored in a byte.
  Column narrowest() {
    if constexpr (std::is_same_v<T, uint16_t>) {
      const bool narrow = std::ranges::all_of(codes_, [](uint16_t code) {
        return code <= kMaxNarrowCode || missing_of(code) != Missing::kNone;
      });
      if (narrow) {
        // Both types count the kinds of missing down from their top, whose low bytes are the same.
        NarrowCodes codes(codes_.size());
        std::ranges::transform(codes_, codes.begin(), [](uint16_t c) { return uint8_t(c & 0xFF); });
        return codes;
      }
    }
    return std::move(codes_);
  }

  Source source_;
  SavMissingRule rule_;
  std::vector<T> by_value_;
  std::array<T, 256> by_command_{};
  std::vector<T> codes_;
  std::vector<uint8_t> in_numbers_;  // by block
  NumberGrower as_numbers_;
  std::atomic<bool> needs_numbers_{false};
  std::mutex lock_;
  size_t rows_per_block_ = 1;
};

// Texts of a block, one after another.
struct TextBlock {
  std::string bytes;
  std::vector<uint32_t> ends;  // one a case
};

class TextGrower : public SavGrower {
 public:
  TextGrower(const Source& source, size_t max_categories)
      : source_(source),
        rule_(source.dictionary, source.variable),
        pieces_(sav_pieces(source.variable.place, source.variable.width)),
        max_categories_(std::min(max_categories, size_t{kMaxCode})),
        blocks_(source.blocks) {}
  void allocate() override {}
  void fill(const SavBlock& block, size_t index) override {
    TextBlock& texts = blocks_[index];
    texts.ends.reserve(block.rows);
    for (size_t row = 0; row < block.rows; ++row) {
      const size_t start = texts.bytes.size();
      append(block, row, texts.bytes);
      const std::string_view text = std::string_view(texts.bytes).substr(start);
      texts.bytes.resize(start + without_blanks(text).size());
      texts.ends.push_back(static_cast<uint32_t>(texts.bytes.size()));
    }
  }
  Result<Column> finish(Variable& variable, std::vector<std::string>& notes) override;

 private:
  struct Distinct {
    std::unordered_map<std::string_view, uint32_t> numbers;
    std::vector<std::string_view> texts;
    std::vector<uint32_t> cases;
  };
  void append(const SavBlock& block, size_t row, std::string& out) const;
  template <class Use>
  void each_text(const Use& use) const {
    for (const TextBlock& block : blocks_) {
      uint32_t start = 0;
      for (const uint32_t end : block.ends) {
        if (!use(std::string_view(block.bytes).substr(start, end - start))) return;
        start = end;
      }
    }
  }
  std::optional<Distinct> distinct() const;
  Column categorized(const Distinct& distinct, const SavDecoder& decoder, size_t& failures,
                     Variable& variable) const;
  Column open_texts(const SavDecoder& decoder, size_t& failures) const;

  Source source_;
  SavMissingRule rule_;
  std::vector<SavPiece> pieces_;
  size_t max_categories_;
  std::vector<TextBlock> blocks_;
};

void TextGrower::append(const SavBlock& block, size_t row, std::string& out) const {
  const size_t stride = source_.dictionary.elements;
  for (const SavPiece& piece : pieces_) {
    const size_t first = row * stride + piece.place;
    if (block.commands == nullptr) {
      out.append(block.raw + first * kSavElement, piece.size);
      continue;
    }
    for (size_t at = 0; at < piece.size; at += kSavElement) {
      const size_t element = first + at / kSavElement;
      const size_t size = std::min(kSavElement, piece.size - at);
      if (block.commands[element] == kSavRaw) {
        out.append(block.raw + element * kSavElement, size);
      } else {
        out.append(size, ' ');
      }
    }
  }
}

std::optional<TextGrower::Distinct> TextGrower::distinct() const {
  Distinct found;
  found.cases.reserve(source_.rows);
  each_text([&](std::string_view text) {
    const auto [place, is_new] =
        found.numbers.try_emplace(text, static_cast<uint32_t>(found.texts.size()));
    if (is_new) found.texts.push_back(text);
    found.cases.push_back(place->second);
    // Missing texts are no categories, and there are few of them.
    return found.texts.size() <= max_categories_ + source_.variable.missing_texts.size() + 1;
  });
  if (found.cases.size() < source_.rows) return std::nullopt;
  return found;
}

// Labelled values first, in the order of their labels, then the others in byte order.
Column TextGrower::categorized(const Distinct& distinct, const SavDecoder& decoder,
                               size_t& failures, Variable& variable) const {
  std::vector<int> codes(distinct.texts.size());
  std::vector<uint32_t> order;
  std::unordered_map<std::string_view, const std::string*> label_of;
  const auto add = [&](std::string label) {
    const int code = static_cast<int>(variable.categories.size()) + 1;
    variable.categories.push_back({.code = code, .label = std::move(label)});
    return code;
  };
  const SavVariable& source = source_.variable;
  if (source.labels) {
    for (const SavLabel& label : source_.dictionary.labels[*source.labels]) {
      const std::string_view text = label.text;
      if (rule_.kind_of(text) != Missing::kNone || !label_of.emplace(text, &label.label).second) {
        continue;
      }
      const int code = add(label.label);
      const auto found = distinct.numbers.find(text);
      if (found != distinct.numbers.end()) codes[found->second] = code;
    }
  }
  for (uint32_t i = 0; i < distinct.texts.size(); ++i) {
    const Missing kind = rule_.kind_of(distinct.texts[i]);
    if (kind != Missing::kNone) codes[i] = file_code(kind);
    if (kind == Missing::kNone && codes[i] == 0) order.push_back(i);
  }
  std::vector<std::string> decoded(distinct.texts.size());
  for (const uint32_t i : order) decoded[i] = decoder.decoded(distinct.texts[i], failures);
  std::ranges::sort(order, {}, [&](uint32_t i) -> const std::string& { return decoded[i]; });
  for (const uint32_t i : order) codes[i] = add(decoded[i]);
  std::vector<int> cases;
  cases.reserve(distinct.cases.size());
  for (const uint32_t number : distinct.cases) cases.push_back(codes[number]);
  return make_codes(cases);
}

Column TextGrower::open_texts(const SavDecoder& decoder, size_t& failures) const {
  Texts texts;
  texts.values.reserve(source_.rows);
  texts.missing.reserve(source_.rows);
  each_text([&](std::string_view text) {
    const Missing kind = rule_.kind_of(text);
    texts.missing.push_back(kind);
    texts.values.push_back(kind == Missing::kNone ? decoder.decoded(text, failures) : "");
    return true;
  });
  return texts;
}

Result<Column> TextGrower::finish(Variable& variable, std::vector<std::string>& notes) {
  const SavDecoder decoder = TRY(SavDecoder::of(source_.dictionary.encoding));
  size_t failures = 0;
  Column column;
  const size_t labels =
      source_.variable.labels ? source_.dictionary.labels[*source_.variable.labels].size() : 0;
  const bool open = variable.kind == VariableKind::kText || max_categories_ == 0;
  const auto few = open ? std::nullopt : distinct();
  variable.categories.clear();
  if (few && few->texts.size() + labels <= size_t{kMaxCode}) {
    variable.kind = VariableKind::kSingle;
    column = categorized(*few, decoder, failures, variable);
  }
  if (!few || variable.categories.size() > std::max(max_categories_, labels)) {
    variable.kind = VariableKind::kText;
    variable.categories.clear();
    failures = 0;
    column = open_texts(decoder, failures);
  }
  if (failures > 0) {
    notes.push_back(fmt::format("{}: {} texts hold bytes that are not {}; they are read as \uFFFD",
                                printable(source_.variable.name), failures,
                                printable(source_.dictionary.encoding)));
  }
  blocks_ = {};
  return column;
}

// The highest code of a variable that may be read as codes; -1 when it cannot.
int highest_code(const Variable& variable) {
  int highest = variable.kind == VariableKind::kScale ? variable.scale_high.value_or(-1) : -1;
  for (const Category& category : variable.categories) highest = std::max(highest, category.code);
  return highest;
}

std::unique_ptr<SavGrower> grower_of(const Source& source, const Variable& variable,
                                     const SavOptions& options, size_t rows_per_block) {
  if (source.variable.width > 0) {
    return std::make_unique<TextGrower>(source, options.max_categories);
  }
  if (variable.kind == VariableKind::kNumber) return std::make_unique<NumberGrower>(source);
  const int highest = std::max(highest_code(variable), 0);
  const auto sized = [&](auto grower) -> std::unique_ptr<SavGrower> {
    grower->set_rows_per_block(rows_per_block);
    return grower;
  };
  if (highest <= kMaxNarrowCode) {
    return sized(std::make_unique<CodeGrower<uint8_t>>(source, variable, highest));
  }
  return sized(std::make_unique<CodeGrower<uint16_t>>(source, variable, highest));
}

}  // namespace

Result<std::vector<Column>> read_sav_columns(const SavDictionary& dictionary, const SavCases& cases,
                                             const std::string& file, const SavOptions& options,
                                             std::vector<Variable>& variables,
                                             std::vector<std::string>& notes) {
  std::vector<std::unique_ptr<SavGrower>> growers;
  for (size_t i = 0; i < variables.size(); ++i) {
    const Source source{dictionary, dictionary.variables[i], cases.rows(), cases.block_count(),
                        file};
    growers.push_back(grower_of(source, variables[i], options, cases.rows_per_block()));
  }
  // Fresh memory costs as much as filling it: that is shared out too.
  in_parallel(growers.size(), options.threads, [&](size_t i) { growers[i]->allocate(); });
  // Blocks go in runs, so that a thread has memory for one block at a time and keeps it.
  constexpr size_t kRun = 16;
  in_parallel((cases.block_count() + kRun - 1) / kRun, options.threads, [&](size_t run) {
    SavCases::Scratch scratch;
    const size_t end = std::min(cases.block_count(), (run + 1) * kRun);
    for (size_t index = run * kRun; index < end; ++index) {
      const SavBlock block = cases.block(index, scratch);
      for (const auto& grower : growers) grower->fill(block, index);
    }
  });
  std::vector<Result<Column>> columns(growers.size(), Result<Column>(Column()));
  std::vector<std::vector<std::string>> told(growers.size());
  in_parallel(growers.size(), options.threads, [&](size_t i) {
    columns[i] = growers[i]->finish(variables[i], told[i]);
    growers[i].reset();
  });
  std::vector<Column> done;
  for (size_t i = 0; i < columns.size(); ++i) {
    if (!columns[i]) return tl::unexpected(std::move(columns[i]).error());
    done.push_back(*std::move(columns[i]));
    notes.insert(notes.end(), told[i].begin(), told[i].end());
  }
  return done;
}

}  // namespace barometer
