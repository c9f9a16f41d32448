#include "barometer/interview/form.h"

#include <string>

#include <gtest/gtest.h>

namespace barometer {
namespace {

std::string shown(const Result<FormFields>& fields) {
  if (!fields) return "! " + fields.error().message;
  std::string out;
  for (const auto& [name, value] : *fields) out += "[" + name + "=" + value + "]";
  return out;
}

struct FormCase {
  const char* situation;
  std::string body;
  std::string expected;
};
class FormPost : public testing::TestWithParam<FormCase> {};

TEST_P(FormPost, IsReadOrRefused) {
  EXPECT_EQ(shown(parse_form(GetParam().body)), GetParam().expected) << GetParam().situation;
}

INSTANTIATE_TEST_SUITE_P(
    Table, FormPost,
    testing::Values(
        FormCase{"nothing", "", ""}, FormCase{"one field", "role=1", "[role=1]"},
        FormCase{"a name twice, in order", "a=1&a=2", "[a=1][a=2]"},
        FormCase{"no value", "a&b=", "[a=][b=]"}, FormCase{"no name", "=x", "[=x]"},
        FormCase{"empty pairs", "&&a=1&", "[a=1]"},
        FormCase{"a second equals sign belongs to the value", "a=b=c", "[a=b=c]"},
        FormCase{"blanks and codes", "a+b=c%20d%26", "[a b=c d&]"},
        FormCase{"a letter of two bytes", "n=Si%C3%A2n", "[n=Si\xC3\xA2n]"},
        FormCase{"line ends become LF", "t=a%0D%0Ab%0Dc%0Ad", "[t=a\nb\nc\nd]"},
        FormCase{"a cut code", "a=%4", "! '%4' is no percent code of a form"},
        FormCase{"a code at the end", "a=%", "! '%' is no percent code of a form"},
        FormCase{"letters that are no digits", "a=%zz", "! '%zz' is no percent code of a form"},
        FormCase{"half a letter", "a=%C3", "! a form field is not UTF-8 text"},
        FormCase{"an overlong letter", "a=%C0%AF", "! a form field is not UTF-8 text"},
        FormCase{"a surrogate", "a=%ED%A0%80", "! a form field is not UTF-8 text"},
        FormCase{"NUL in a value", "a=%00", "! a form field holds the control byte 0x00"},
        FormCase{"NUL in a name", "a%00=1", "! a form field holds the control byte 0x00"},
        FormCase{"an escape", "a=%1B[2J", "! a form field holds the control byte 0x1b"},
        FormCase{"DEL", "a=%7F", "! a form field holds the control byte 0x7f"},
        FormCase{"too many bytes", "a=" + std::string(70'000, 'x'),
                 "! the form has 70002 bytes, more than 65536"}));

TEST(FormPost, OfTooManyFieldsIsRefused) {
  std::string body;
  for (int i = 0; i < 1001; ++i) body += "a&";
  EXPECT_EQ(shown(parse_form(body)), "! the form has more than 1000 fields");
  EXPECT_TRUE(parse_form(body.substr(2)));
}

TEST(FormPost, IsWrittenSoThatItReadsBack) {
  const FormFields fields{{"a b", "1&2=3"}, {"", "%+"}, {"t", "x\ny\tz"}, {"n", "Si\xC3\xA2n"}};
  const auto again = parse_form(form_text(fields));
  ASSERT_TRUE(again);
  EXPECT_EQ(*again, fields);
  EXPECT_EQ(form_value(fields, "t"), "x\ny\tz");
  EXPECT_EQ(form_value(fields, "none"), "");
}

}  // namespace
}  // namespace barometer
