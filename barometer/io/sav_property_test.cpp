// Any dataset comes back from a system file as it was: generated ones, and files cut at any byte.
#include <algorithm>
#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "barometer/base/file.h"
#include "barometer/io/sav.h"
#include "barometer/io/sav_test_internal.h"
#include "tests/support/temp_folder.h"

namespace barometer {
namespace {

using TempFolder = barometer::testing::TempFolder;

constexpr std::array<Missing, 5> kAny = {Missing::kNone, Missing::kNotAsked, Missing::kSystem,
                                         Missing::kRefused, Missing::kDontKnow};

// A small random dataset: every kind of variable, odd names, labels and values among them.
class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  Dataset dataset() {
    rows_ = pick<size_t>({0, 1, 2, 7, 8, 9, 65, 700});
    missing_share_ = pick<unsigned>({0, 0, 10, 50, 100});
    Codebook codebook;
    std::vector<Column> columns;
    const size_t count = upto(12) + 1;
    for (size_t i = 0; i < count; ++i) {
      Variable variable = described(i);
      Column column = filled(variable);
      if (!codebook.add(std::move(variable))) continue;  // its id is taken
      columns.push_back(std::move(column));
    }
    return Dataset::make(std::move(codebook), std::move(columns)).value();
  }

 private:
  size_t upto(size_t most) { return random_() % (most + 1); }
  bool chance(unsigned percent) { return random_() % 100 < percent; }
  template <class T>
  T pick(std::initializer_list<T> values) {
    return values.begin()[upto(values.size() - 1)];
  }

  std::string text(size_t most) {
    static const std::array<const char*, 12> kParts = {
        "a", "Zoë", "'", "\"", "'\n", "/", "(x)", "-8", "0", "fünfzig", "don't know", "日本"};
    std::string out;
    for (size_t size = upto(most); out.size() < size;) out += kParts[upto(kParts.size() - 1)];
    return out;
  }
  std::string label() { return text(pick<size_t>({0, 5, 20, 130, 300})); }

  std::string id(size_t index) {
    const std::string name = pick<std::string>(
        {"q", "all", "TO", "v1", "V2", "a_long_name", "a_long_name_of_thirty_two_bytes", "q_1"});
    return chance(40) ? name : fmt::format("{}{}", name.substr(0, 28), index);
  }

  Variable described(size_t index) {
    Variable variable{.id = id(index), .label = label()};
    variable.kind = pick({VariableKind::kSingle, VariableKind::kSingle, VariableKind::kMulti,
                          VariableKind::kScale, VariableKind::kNumber, VariableKind::kText});
    if (chance(30)) variable.question = text(50);
    if (chance(30)) variable.battery = text(10);
    if (chance(30)) variable.base_text = text(20);
    if (chance(30)) variable.wording_hash = "abc";
    variable.dont_know_in_base = chance(70);
    if (variable.kind == VariableKind::kScale) {
      variable.scale_low = static_cast<int>(upto(3));
      variable.scale_high = *variable.scale_low + 1 + static_cast<int>(upto(300));
      variable.scale_low_label = label();
      variable.scale_high_label = label();
    }
    const bool coded =
        variable.kind == VariableKind::kSingle || variable.kind == VariableKind::kMulti;
    if (coded || (variable.kind == VariableKind::kScale && chance(50))) add_categories(variable);
    return variable;
  }

  void add_categories(Variable& variable) {
    const bool multi = variable.kind == VariableKind::kMulti;
    int code = static_cast<int>(upto(3));
    for (size_t left = multi ? 1 + upto(63) : upto(9); left > 0; --left) {
      variable.categories.push_back({.code = code, .label = label(), .dont_know = chance(10)});
      code += 1 + static_cast<int>(chance(5) ? upto(multi ? 100 : 9000) : upto(2));
    }
    if (chance(30)) std::shuffle(variable.categories.begin(), variable.categories.end(), random_);
    if (chance(30) && !variable.categories.empty()) {
      variable.nets.push_back({"net", text(10), {variable.categories[0].code}});
    }
  }

  Missing missing() {
    return chance(missing_share_) ? kAny[1 + upto(kAny.size() - 2)] : Missing::kNone;
  }

  Column filled(const Variable& variable) {
    if (variable.kind == VariableKind::kMulti) return sets(variable.categories.size());
    if (variable.kind == VariableKind::kNumber) return numbers();
    if (variable.kind == VariableKind::kText) return texts();
    std::vector<int> codes;
    for (size_t row = 0; row < rows_; ++row) {
      const Missing kind = missing();
      const bool on_scale =
          variable.kind == VariableKind::kScale && (variable.categories.empty() || chance(70));
      if (kind != Missing::kNone || (!on_scale && variable.categories.empty())) {
        codes.push_back(file_code(kind == Missing::kNone ? Missing::kSystem : kind));
      } else if (on_scale) {
        const auto points = static_cast<size_t>(*variable.scale_high - *variable.scale_low);
        codes.push_back(*variable.scale_low + static_cast<int>(upto(points)));
      } else {
        codes.push_back(variable.categories[upto(variable.categories.size() - 1)].code);
      }
    }
    return make_codes(codes);
  }

  OptionSets sets(size_t options) {
    OptionSets sets;
    for (size_t row = 0; row < rows_; ++row) {
      sets.missing.push_back(missing());
      const uint64_t mask = options == 64 ? ~uint64_t{0} : (uint64_t{1} << options) - 1;
      sets.bits.push_back(sets.missing.back() == Missing::kNone ? random_() & mask : 0);
    }
    return sets;
  }

  Numbers numbers() {
    Numbers numbers;
    for (size_t row = 0; row < rows_; ++row) {
      numbers.missing.push_back(missing());
      const double value =
          pick({0.0, 1.0, -1.0, -7.0, -8.0, -91.0, 151.0, 152.0, -99.0, -100.0, 0.1, 1e300, -1e-300,
                std::numeric_limits<double>::max(), static_cast<double>(random_())});
      numbers.values.push_back(numbers.missing.back() == Missing::kNone ? value : 0);
    }
    return numbers;
  }

  Texts texts() {
    Texts texts;
    const size_t most = pick<size_t>({1, 8, 9, 255, 256, 600, 3000});
    for (size_t row = 0; row < rows_; ++row) {
      texts.missing.push_back(missing());
      texts.values.push_back(texts.missing.back() == Missing::kNone ? "x" + text(most) : "");
      if (!texts.values.back().empty() && chance(10)) texts.values.back() = "-8";
    }
    return texts;
  }

  std::mt19937_64 random_;
  size_t rows_ = 0;
  unsigned missing_share_ = 0;
};

TEST(SavProperty, AnyDatasetComesBackAsItWas) {
  TempFolder folder;
  for (unsigned seed = 1; seed <= 60; ++seed) {
    const Dataset data = Generator(seed).dataset();
    for (const char* name : {"f.sav", "f.zsav"}) {
      const Status written = write_sav(data, folder / name);
      ASSERT_TRUE(written) << "seed " << seed << ": " << written.error().message;
      const auto read = read_sav(folder / name, {.threads = seed % 3});
      ASSERT_TRUE(read) << "seed " << seed << ": " << read.error().message;
      ASSERT_EQ(difference(data, read->data), "") << "seed " << seed << ", " << name;
    }
  }
}

TEST(SavProperty, TheSameDataIsTheSameFileAtAnyNumberOfThreads) {
  TempFolder folder;
  for (const unsigned seed : {3U, 11U, 115U}) {
    const Dataset data = Generator(seed).dataset();
    for (const std::string ending : {".sav", ".zsav"}) {
      ASSERT_TRUE(write_sav(data, folder / ("a" + ending), {.threads = 1}));
      ASSERT_TRUE(write_sav(data, folder / ("b" + ending), {.threads = 5}));
      EXPECT_EQ(read_file(folder / ("a" + ending)).value(),
                read_file(folder / ("b" + ending)).value());
    }
  }
}

// Rows past what one block of either direction holds.
TEST(SavProperty, ManyBlocksComeBackAsTheyWere) {
  constexpr size_t kRows = 100003;
  Codebook codebook;
  ASSERT_TRUE(codebook.add({.id = "code", .label = "c", .categories = {{1, "one"}, {7, "seven"}}}));
  ASSERT_TRUE(codebook.add({.id = "x", .kind = VariableKind::kNumber, .label = "x"}));
  ASSERT_TRUE(codebook.add({.id = "t", .kind = VariableKind::kText, .label = "t"}));
  NarrowCodes codes;
  Numbers numbers;
  Texts texts;
  for (size_t row = 0; row < kRows; ++row) {
    codes.push_back(row % 3 == 0 ? 1 : 7);
    numbers.values.push_back(row % 2 == 0 ? static_cast<double>(row % 100)
                                          : 1.0 / static_cast<double>(row));
    texts.values.push_back(fmt::format("{}", row * row));
  }
  numbers.missing.resize(kRows);
  texts.missing.resize(kRows);
  const Dataset data =
      Dataset::make(std::move(codebook), {codes, std::move(numbers), std::move(texts)}).value();
  TempFolder folder;
  for (const char* name : {"f.sav", "f.zsav"}) {
    ASSERT_TRUE(write_sav(data, folder / name));
    for (const unsigned threads : {1U, 4U}) {
      const auto read = read_sav(folder / name, {.threads = threads});
      ASSERT_TRUE(read) << read.error().message;
      EXPECT_EQ(difference(data, read->data), "");
    }
  }
}

TEST(SavProperty, AFileCutAtAnyByteIsAnError) {
  for (const char* name : {"small.sav", "small.zsav", "small_plain.sav"}) {
    const std::string bytes =
        read_file(std::string(SOURCE_DIR "/barometer/io/testdata/") + name).value();
    ASSERT_TRUE(read_sav_bytes(bytes, name));
    // The last group of commands is filled up with zeros, which may go missing with no case lost.
    for (size_t size = 0; size < bytes.size(); ++size) {
      const auto read = read_sav_bytes(bytes.substr(0, size), name, {.threads = 1});
      ASSERT_FALSE(read) << name << " cut at " << size << " of " << bytes.size();
      EXPECT_NE(read.error().message.find("byte"), std::string::npos) << read.error().message;
    }
  }
}

TEST(SavProperty, AChangedByteNeverCrashes) {
  for (const char* name : {"small.sav", "small.zsav", "small_plain.sav"}) {
    std::string bytes = read_file(std::string(SOURCE_DIR "/barometer/io/testdata/") + name).value();
    for (size_t at = 0; at < bytes.size(); ++at) {
      for (const char value : {'\x00', '\x01', '\x7f', '\xff'}) {
        const char before = std::exchange(bytes[at], value);
        const auto read = read_sav_bytes(bytes, name, {.threads = 1});
        EXPECT_TRUE(read || !read.error().message.empty());
        bytes[at] = before;
      }
    }
  }
}

}  // namespace
}  // namespace barometer
