// The parts of a system file (sav.h) that its reader and writer share.
//
// A case is a row of 8-byte elements: a number takes one, a string one for each 8 bytes it may
// have. A string of over 255 bytes is laid out as several strings, its segments. "Place" is an
// element's index in the case.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "barometer/base/result.h"
#include "barometer/data/dataset.h"
#include "barometer/io/sav.h"

namespace barometer {

inline constexpr size_t kSavElement = 8;
inline constexpr double kSavSystemMissing = -std::numeric_limits<double>::max();
inline constexpr int kSavMaxShortString = 255;
inline constexpr int kSavMaxString = 32767;
inline constexpr int kSavSegmentStep = 252;  // a string of W bytes has ⌈W / 252⌉ segments
inline constexpr size_t kSavZlibBlock = 0x3ff000;
inline constexpr const char* kSavAttribute = "Barometer";

// Commands of the bytecode; those between are whole numbers, less the bias.
inline constexpr uint8_t kSavSkip = 0;
inline constexpr uint8_t kSavEnd = 252;
inline constexpr uint8_t kSavRaw = 253;
inline constexpr uint8_t kSavBlanks = 254;
inline constexpr uint8_t kSavAbsent = 255;

enum class SavPacking { kNone = 0, kBytecode = 1, kZlib = 2 };

// Bytes of a string that stand together: `size` of them from the element `place` on.
struct SavPiece {
  size_t place = 0;
  size_t size = 0;
};
// The pieces of a string of `width` bytes from `place` on, and the elements it takes.
std::vector<SavPiece> sav_pieces(size_t place, int width);
std::vector<int> sav_segment_widths(int width);
inline size_t sav_elements(int segment_width) {
  return segment_width == 0 ? 1 : (static_cast<size_t>(segment_width) + 7) / kSavElement;
}

// A labelled value; of a string its bytes without the blanks at the end.
struct SavLabel {
  double value = 0;
  std::string text{};
  std::string label{};
};
using SavLabels = std::vector<SavLabel>;

struct SavVariable {
  std::string short_name{};
  std::string name{};
  std::string label{};
  int width = 0;  // 0: a number
  int format = 0;
  size_t place = 0;
  std::vector<double> missing_values{};
  std::vector<std::string> missing_texts{};
  std::optional<std::pair<double, double>> missing_range{};
  std::optional<size_t> labels{};  // of SavDictionary::labels
  std::string attribute{};         // JSON of our own
};

struct SavSet {
  std::string name{};  // without '$'
  std::string label{};
  bool dichotomy = false;
  std::string counted{};
  std::vector<size_t> members{};
};

struct SavDictionary {
  bool swapped = false;  // of the other byte order
  SavPacking packing = SavPacking::kNone;
  double bias = 100;
  int64_t case_count = -1;  // as claimed; -1: unknown
  double system_missing = kSavSystemMissing;
  size_t elements = 0;     // of a case
  size_t data_offset = 0;  // in the file
  std::string encoding{};
  std::optional<size_t> weight{};
  std::vector<SavVariable> variables{};
  std::vector<SavLabels> labels{};
  std::vector<SavSet> sets{};
};

// Bytes read one after another. Errors name the file, the byte and what stands there.
class SavCursor {
 public:
  SavCursor(std::string_view bytes, std::string file, size_t first_byte = 0)
      : bytes_(bytes), file_(std::move(file)), first_byte_(first_byte) {}
  void set_swapped(bool swapped) { swapped_ = swapped; }
  [[nodiscard]] bool swapped() const { return swapped_; }
  [[nodiscard]] size_t left() const { return bytes_.size() - at_; }
  [[nodiscard]] size_t offset() const { return first_byte_ + at_; }
  [[nodiscard]] const std::string& file() const { return file_; }
  Result<std::string_view> take(uint64_t size, std::string_view record);
  Result<int32_t> int32(std::string_view record);
  Result<int64_t> int64(std::string_view record);
  Result<double> number(std::string_view record);
  // kInvalid at byte `at`.
  [[nodiscard]] tl::unexpected<Error> wrong(size_t at, const std::string& what) const;

 private:
  std::string_view bytes_;
  std::string file_;
  size_t first_byte_;
  size_t at_ = 0;
  bool swapped_ = false;
};

// A record of type 7: a kind of information, in elements of some size.
struct SavExtension {
  int kind = 0;
  size_t size = 0;
  size_t offset = 0;
  std::string_view bytes{};
};

// Text of the file into UTF-8. Not to be shared by threads.
class SavDecoder {
 public:
  // kUnsupported when iconv does not know the encoding.
  static Result<SavDecoder> of(const std::string& encoding);
  SavDecoder(SavDecoder&& other) noexcept;
  SavDecoder& operator=(SavDecoder&&) = delete;
  SavDecoder(const SavDecoder&) = delete;
  SavDecoder& operator=(const SavDecoder&) = delete;
  ~SavDecoder();
  // What cannot be decoded becomes U+FFFD, and `failures` is counted up once.
  [[nodiscard]] std::string decoded(std::string_view bytes, size_t& failures) const;

 private:
  explicit SavDecoder(void* converter) : converter_(converter) {}
  void* converter_;  // iconv_t; nullptr: the file is UTF-8
};

std::string_view without_blanks(std::string_view text);  // at the end

// The whole dictionary; all its texts are UTF-8, but for missing_texts and SavLabel::text.
Result<SavDictionary> read_sav_dictionary(std::string_view bytes, const std::string& file);
// Applies records of type 7, which come after what they speak of.
Status apply_sav_extensions(const std::vector<SavExtension>& extensions, const SavCursor& cursor,
                            SavDictionary& dictionary);
// The encoding the file says it has; else UTF-8 when its texts are, else windows-1252.
std::string sav_encoding(const std::vector<SavExtension>& extensions, const SavCursor& cursor,
                         const SavDictionary& dictionary);

// The cases, whatever the packing: commands and elements that any thread may expand by blocks.
struct SavBlock {
  const uint8_t* commands = nullptr;  // rows × elements; nullptr: everything is raw
  const char* raw = nullptr;          // rows × elements × 8 bytes, those of commands kSavRaw filled
  size_t rows = 0;
  size_t first_row = 0;
};
class SavCases {
 public:
  static Result<SavCases> of(const SavDictionary& dictionary, std::string_view bytes,
                             const std::string& file, unsigned threads);
  [[nodiscard]] size_t rows() const { return rows_; }
  [[nodiscard]] size_t block_count() const { return places_.size(); }
  [[nodiscard]] size_t rows_per_block() const { return block_rows_; }
  struct Scratch {
    std::vector<uint8_t> commands;
    std::vector<char> raw;
  };
  [[nodiscard]] SavBlock block(size_t index, Scratch& scratch) const;

 private:
  // Where a block begins: the group of eight commands, the next of them, and the next raw element.
  struct Place {
    size_t group = 0;
    size_t next = 0;
    size_t raw = 0;
  };
  Status scan(int64_t claimed, const SavCursor& cursor);
  struct Scan {
    size_t seen = 0;     // elements
    size_t end = 0;      // the byte at which the stream ended or was cut
    bool ended = false;  // by its own mark, or where a group ends
  };
  [[nodiscard]] Scan scan_blocks(size_t wanted);
  Status count_plain(int64_t claimed, const SavCursor& cursor);

  std::vector<char> inflated_;
  std::string_view bytes_;
  bool packed_ = false;
  size_t elements_ = 0;
  size_t block_rows_ = 0;
  size_t rows_ = 0;
  std::vector<Place> places_;
};
Result<std::vector<char>> inflated_sav(SavCursor& cursor, size_t data_offset,
                                       std::string_view file_bytes, unsigned threads);

// Why a value is missing; see sav.h.
class SavMissingRule {
 public:
  SavMissingRule(const SavDictionary& dictionary, const SavVariable& variable);
  [[nodiscard]] Missing kind_of(double value) const;
  [[nodiscard]] Missing kind_of(std::string_view text) const;  // of the file's bytes
  [[nodiscard]] bool only_system() const { return only_system_; }

 private:
  const SavVariable& variable_;
  const SavLabels* labels_;
  std::map<double, Missing> labelled_;  // by the words of a label
  double system_missing_;
  bool only_system_;
};
std::optional<Missing> missing_of_label(std::string_view label);

// Reads the columns. `variables` come in as the codebook would have them; one that holds values
// without a label becomes a number, and strings become singles or open text.
Result<std::vector<Column>> read_sav_columns(const SavDictionary& dictionary, const SavCases& cases,
                                             const std::string& file, const SavOptions& options,
                                             std::vector<Variable>& variables,
                                             std::vector<std::string>& notes);

// What SPSS has no place for, as JSON; "" when there is nothing.
struct SavMeta {
  std::string id{};                    // when the name had to be another
  std::optional<std::string> label{};  // when the file's is not the whole label
  std::vector<int> added{};            // codes whose labels are no categories
  std::string option_of{};             // the multi variable of this 0/1 column
  int option_code = 0;
  std::string whole{};  // JSON of the multi variable, at its first column
};
std::string sav_meta_text(const Variable& variable, const SavMeta& meta);
// Puts back what the JSON holds as far as it makes sense; anything else is left alone.
SavMeta apply_sav_meta(std::string_view json, Variable& variable);
// What is written as one column of the file.
struct SavField {
  SavVariable variable{};
  SavLabels labels{};
  int measure = 1;                         // 1 nominal, 2 ordinal, 3 scale
  std::vector<std::string> short_names{};  // of the segments
  const Column* column = nullptr;
  std::optional<size_t> option{};  // of a multi variable
  // What stands for each kind of missing, by the kind's number.
  std::array<double, 5> numbers{};
  std::array<std::string, 5> texts{};
};
struct SavPlan {
  std::vector<SavField> fields{};
  std::vector<SavSet> sets{};
  size_t elements = 0;
  size_t rows = 0;
};
Result<SavPlan> sav_plan(const Dataset& data, unsigned threads);
// Everything before the cases.
std::string sav_dictionary_bytes(const SavPlan& plan, SavPacking packing);
// Cases as bytecode. All blocks but the last are of a multiple of 8 cases; any thread may ask.
class SavEncoder {
 public:
  // What a value is in the bytecode: a command, and eight bytes where it is kSavRaw.
  struct Coded {
    uint8_t command = kSavRaw;
    double raw = 0;
  };
  using Table = std::vector<Coded>;
  explicit SavEncoder(const SavPlan& plan);
  [[nodiscard]] std::string bytes(size_t first, size_t rows) const;

 private:
  const SavPlan& plan_;
  std::vector<Table> tables_;  // by field: of codes stored in a byte
};

// A label as SPSS takes it: at most so many bytes, no blanks at the end.
inline constexpr size_t kSavValueLabel = 120;
inline constexpr size_t kSavVariableLabel = 255;
std::string sav_label(const std::string& label, size_t most);
// A label of a set, which is one line.
std::string sav_set_label(const std::string& label);

// work(0) … work(count - 1), in any order, by so many threads (0: one a processor).
void in_parallel(size_t count, unsigned threads, const std::function<void(size_t)>& work);

}  // namespace barometer
