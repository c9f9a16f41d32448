// System files of PSPP and haven, read as these programs read them (testdata/README.md), and the
// rules of sav.h one by one.
#include "barometer/io/sav.h"

#include <charconv>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/base/csv.h"
#include "barometer/base/file.h"
#include "barometer/io/io.h"
#include "barometer/io/sav_test_internal.h"
#include "tests/support/temp_folder.h"

namespace barometer {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using TempFolder = barometer::testing::TempFolder;

std::string data_file(const std::string& name) {
  return SOURCE_DIR "/barometer/io/testdata/" + name;
}

CsvTable table_of(const std::string& name) {
  Diagnostics problems;
  CsvTable table = CsvTable::parse(read_file(data_file(name)).value(), name, problems);
  CHECK(problems.ok(), problems.text());
  return table;
}

double number_of(const std::string& text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// The value of a case as haven would print it; empty where missing.
std::string cell_of(const Column& column, size_t row) {
  if (missing_at(column, row) != Missing::kNone) return "";
  if (const auto* numbers = std::get_if<Numbers>(&column)) {
    return fmt::format("{}", numbers->values[row]);
  }
  if (const auto* texts = std::get_if<Texts>(&column)) return texts->values[row];
  return fmt::format("{}", code_at(column, row));
}

void expect_values(const SavData& read, const CsvTable& expected, const std::string& file) {
  ASSERT_EQ(read.data.case_count(), expected.row_count()) << file;
  ASSERT_EQ(read.names.size(), expected.header().size()) << file;
  for (size_t i = 0; i < read.names.size(); ++i) {
    EXPECT_EQ(read.names[i], expected.header()[i].text) << file;
    const Column& column = read.data.column(i);
    for (size_t row = 0; row < expected.row_count(); ++row) {
      std::string wanted = expected.row(row)[i].text;
      // Undeclared, but labelled "Don't know": missing to us.
      if (read.names[i] == "happiness_today" && wanted == "-8") wanted = "";
      const std::string cell = cell_of(column, row);
      const bool text = std::holds_alternative<Texts>(column);
      const bool same = text || wanted.empty() || cell.empty()
                            ? cell == wanted
                            : number_of(cell) == number_of(wanted);
      EXPECT_TRUE(same) << file << ", " << read.names[i] << ", case " << row + 1 << ": " << cell
                        << " is not " << wanted;
    }
  }
}

void expect_labels(const SavData& read, const CsvTable& expected, const std::string& file) {
  for (size_t row = 0; row < expected.row_count(); ++row) {
    const std::string name = expected.cell(row, "variable").text;
    const std::string value = expected.cell(row, "value").text;
    const auto at = std::ranges::find(read.names, name) - read.names.begin();
    const Variable& variable = read.data.codebook().variables().at(static_cast<size_t>(at));
    if (value.empty()) {
      const std::string& label = expected.cell(row, "label").text;
      EXPECT_EQ(variable.label, label.empty() ? name : label) << file;
    } else if (variable.kind == VariableKind::kSingle && number_of(value) >= 0) {
      const Category* category = variable.category(static_cast<int>(number_of(value)));
      const bool missing = value == "98" || value == "99" || value == "8" || value == "9";
      EXPECT_EQ(category == nullptr, missing) << file << ", " << name << ", " << value;
      const std::string text = category == nullptr ? "" : category->label;
      EXPECT_EQ(text, missing ? "" : expected.cell(row, "text").text) << file;
    }
  }
}

TEST(ReadSav, HoldsWhatHavenFindsInTheSameFile) {
  const std::vector<std::pair<const char*, const char*>> files = {
      {"pspp.sav", "pspp"},      {"pspp_plain.sav", "pspp"},
      {"pspp.zsav", "pspp"},     {"big_endian.sav", "pspp"},
      {"uncounted.sav", "pspp"}, {"windows_1252.sav", "windows_1252"},
      {"haven.sav", "haven"},    {"haven_plain.sav", "haven"},
      {"haven.zsav", "haven"}};
  for (const auto& [file, tables] : files) {
    const auto read = read_sav(data_file(file), {.max_categories = 0, .combine_sets = false});
    ASSERT_TRUE(read) << read.error().message;
    expect_values(*read, table_of(std::string(tables) + ".csv"), file);
    expect_labels(*read, table_of(std::string(tables) + ".labels.csv"), file);
  }
}

// "id kind: value,value": labels of singles, options of multis, ?kind where missing.
std::string told(const Dataset& data, const std::string& id) {
  const size_t index = data.codebook().index_of(id).value();
  const Variable& variable = data.codebook().variables()[index];
  const Column& column = data.column(index);
  std::string out;
  for (size_t row = 0; row < data.case_count(); ++row) {
    if (row > 0) out += ',';
    const Missing kind = missing_at(column, row);
    if (kind != Missing::kNone) {
      out += "?" + std::string(name_of(kind));
    } else if (const auto* sets = std::get_if<OptionSets>(&column)) {
      for (size_t i = 0; i < variable.categories.size(); ++i) {
        if ((sets->bits[row] >> i & 1) != 0) out += fmt::format("+{}", variable.categories[i].code);
      }
    } else if (variable.kind == VariableKind::kSingle) {
      out += variable.category(code_at(column, row))->label;
    } else {
      out += cell_of(column, row);
    }
  }
  return out;
}

TEST(ReadSav, FindsOutWhatVariablesAre) {
  for (const char* file : {"pspp.sav", "big_endian.sav", "pspp.zsav"}) {
    const auto read = read_sav(data_file(file));
    ASSERT_TRUE(read) << read.error().message;
    const Dataset& data = read->data;
    EXPECT_EQ(told(data, "likely"),
              "Very,Fairly,Not,?don't know,?refused,?not asked,?no answer,Never");
    EXPECT_EQ(told(data, "sex"), "Man,Woman,Woman,?refused,?no answer,Man,Woman,Man");
    EXPECT_EQ(told(data, "region"),
              "The north,South-East,?no answer,The north,?no answer,South-East,The north,Wales");
    EXPECT_EQ(told(data, "barriers"), "+1,+2+5,,?not asked,?no answer,+1+2+5,?no answer,+5");
    EXPECT_EQ(told(data, "happiness_today"), "10,0,5,7,?don't know,-5,?refused,3");
    const Variable& barriers = *data.codebook().find("barriers");
    EXPECT_EQ(barriers.label, "What stands in the way?");
    EXPECT_EQ(barriers.categories[2].label, "People");
    EXPECT_EQ(data.codebook().find("wave")->kind, VariableKind::kNumber);
    EXPECT_EQ(std::get<Numbers>(**data.find("wave")).values[2], 2);
    EXPECT_THAT(read->notes,
                ElementsAre("visited: dates are numbers, seconds since 14 October 1582",
                            "weight: the file names this variable as its weight",
                            "the set $mixed stays separate columns: it is one of categories"));
  }
}

TEST(ReadSav, ReadDataAndConvertTakeIt) {
  TempFolder folder;
  const auto data = read_data(data_file("pspp.sav"));
  ASSERT_TRUE(data) << data.error().message;
  EXPECT_EQ(difference(*data, read_sav(data_file("pspp_plain.sav"))->data), "");
  for (const char* name : {"f.sav", "f.zsav"}) {
    const auto converted = convert_file(data_file("pspp.zsav"), folder / name);
    ASSERT_TRUE(converted) << converted.error().message;
    const auto again = read_data(folder / name);
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(told(*again, "barriers"), told(*data, "barriers"));
    EXPECT_EQ(told(*again, "likely"), told(*data, "likely"));
  }
  const auto csv = convert_file(data_file("haven.sav"), folder / "f.csv");
  ASSERT_TRUE(csv) << csv.error().message;
  EXPECT_EQ(csv->rows, 6U);
  EXPECT_THAT(read_file(folder / "f.csv").value(), HasSubstr("id,vote,income,town,code,story"));
  const auto back = convert_file(folder / "f.csv", folder / "g.sav");
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(told(*read_data(folder / "g.sav"), "town"), told(*read_data(folder / "f.csv"), "town"));
}

// The bytes of a file with some of them changed.
std::string changed(const char* file, size_t at, std::string_view bytes) {
  std::string out = read_file(data_file(file)).value();
  return out.replace(at, bytes.size(), bytes);
}

TEST(ReadSav, SaysWhatIsWrongAndWhere) {
  using std::string_view_literals::operator""sv;
  struct Case {
    const char* situation;
    std::string bytes;
    const char* message;
  };
  const std::vector<Case> cases = {
      {"empty", "", "'f.sav', byte 0: the file ends inside the header: 0 more bytes of 4"},
      {"another format", "PK\x03\x04",
       "byte 0: 'PK\\x03\\x04' is not how an SPSS system file begins"},
      {"layout", changed("pspp.sav", 64, "\x07"), "byte 64: the layout code is 7, not 2 or 3"},
      {"compression", changed("pspp.sav", 72, "\x05"), "byte 72: compression 5 is unknown"},
      {"more cases claimed than there are", changed("uncounted.sav", 80, "\x09\0\0\0"sv),
       "the cases end inside case 9 of 9"},
      {"a width", changed("pspp.sav", 180, "\xFE\xFF\xFF\xFF"),
       "variable 'LIKELY': its width is -2"},
      {"a string that is not continued", changed("pspp.sav", 180, "\x10\0\0\0"sv),
       "a string lacks 1 records that continue it"},
      {"number of missing values", changed("pspp.sav", 188, "\x09\0\0\0"sv),
       "variable 'LIKELY': 9 is no number of missing values"},
      {"a record", changed("pspp.sav", 176, "\x63\0\0\0"sv),
       "byte 176: there is no record of type 99"},
  };
  for (const Case& test : cases) {
    const auto read = read_sav_bytes(test.bytes, "f.sav");
    ASSERT_FALSE(read) << test.situation;
    EXPECT_THAT(read.error().message, HasSubstr(test.message)) << test.situation;
    EXPECT_THAT(read.error().message, HasSubstr("'f.sav'")) << test.situation;
  }
  EXPECT_EQ(read_sav("no such.sav").error().code, ErrorCode::kIo);
  EXPECT_EQ(read_sav(SOURCE_DIR).error().code, ErrorCode::kIo);
}

TEST(ReadSav, AnEncodingThatNobodyKnowsIsNamed) {
  std::string bytes = read_file(data_file("windows_1252.sav")).value();
  bytes.replace(bytes.find("windows-1252"), 12, "martian-2000");
  const auto read = read_sav_bytes(bytes, "f.sav");
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().message, HasSubstr("encoding 'martian-2000'"));
}

TEST(ReadSav, TextsThatCannotBeDecodedAreNoted) {
  std::string bytes = read_file(data_file("pspp_plain.sav")).value();
  bytes.replace(bytes.find("Zo\xC3\xAB"), 4, "Zo\xC3?");
  const auto read = read_sav_bytes(bytes, "f.sav");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_THAT(told(read->data, "comment_on_the_plans"), HasSubstr("Zo\xEF\xBF\xBD? said"));
  EXPECT_THAT(read->notes, ::testing::Contains(HasSubstr("comment_on_the_plans: 1 texts hold")));
}

TEST(ReadSav, LabelledCodesWithoutALabelForEachValueAreNumbers) {
  const auto read = read_sav(data_file("haven.sav"));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->data.codebook().find("wide")->kind, VariableKind::kSingle);
  EXPECT_TRUE(std::holds_alternative<WideCodes>(**read->data.find("wide")));
  EXPECT_EQ(told(read->data, "part"), "0.5,1,2,3,4,5");
  EXPECT_EQ(told(read->data, "vote"), "Red,Blue,Green,?don't know,?refused,?no answer");
  EXPECT_EQ(told(read->data, "income"), "1000.5,2000000,-8,?not asked,?refused,0");
}

Dataset numbers_and_texts() {
  Codebook codebook;
  CHECK(codebook.add({.id = "x", .kind = VariableKind::kNumber, .label = "x"}).has_value(), "x");
  CHECK(codebook.add({.id = "t", .kind = VariableKind::kText, .label = "t"}).has_value(), "t");
  const std::vector<Missing> missing = {Missing::kNone, Missing::kNotAsked, Missing::kSystem,
                                        Missing::kNone};
  return Dataset::make(std::move(codebook),
                       {Numbers{{-1, 0, 0, -91}, missing}, Texts{{"-1", "", "", "-91"}, missing}})
      .value();
}

TEST(WriteSav, AMarkOfMissingIsNeverATrueValue) {
  TempFolder folder;
  ASSERT_TRUE(write_sav(numbers_and_texts(), folder / "f.sav"));
  EXPECT_EQ(difference(read_sav(folder / "f.sav")->data, numbers_and_texts()), "");
  const std::string bytes = read_file(folder / "f.sav").value();
  EXPECT_THAT(bytes, HasSubstr("-991    "));  // -1 and -91 are values
}

TEST(WriteSav, RefusesWhatSpssCannotHoldAndLeavesTheOldFile) {
  TempFolder folder;
  folder.write("f.sav", "old");
  Codebook codebook;
  ASSERT_TRUE(codebook.add({.id = "t", .kind = VariableKind::kText, .label = "t"}));
  const Dataset data =
      Dataset::make(codebook, {Texts{{std::string(32768, 'x')}, {Missing::kNone}}}).value();
  const Status written = write_sav(data, folder / "f.sav");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::kLimit);
  EXPECT_THAT(written.error().message, HasSubstr("variable 't', case 1: a text of 32768 bytes"));
  EXPECT_EQ(read_file(folder / "f.sav").value(), "old");

  Codebook numbers;
  ASSERT_TRUE(numbers.add({.id = "x", .kind = VariableKind::kNumber, .label = "x"}));
  const double mark = -std::numeric_limits<double>::max();
  const Dataset marked = Dataset::make(numbers, {Numbers{{mark}, {Missing::kNone}}}).value();
  EXPECT_THAT(write_sav(marked, folder / "f.sav").error().message, HasSubstr("not a number"));
}

TEST(WriteSav, NothingIsLeftBesideTheFile) {
  TempFolder folder;
  ASSERT_TRUE(write_sav(numbers_and_texts(), folder / "f.sav"));
  ASSERT_FALSE(write_sav(numbers_and_texts(), folder / "no such folder" / "f.sav"));
  size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    EXPECT_EQ(entry.path().filename(), "f.sav");
    ++files;
  }
  EXPECT_EQ(files, 1U);
}

}  // namespace
}  // namespace barometer
