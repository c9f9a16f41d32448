#include "barometer/base/xml.h"

#include <gtest/gtest.h>

namespace barometer {
namespace {

// "<a k=v>", "words", "</a>", one after the other.
class Teller final : public XmlReader {
 public:
  explicit Teller(size_t most = 1000) : most_(most) {}
  void open(std::string_view element, const XmlAttributes& attributes) override {
    told_ += "<" + std::string(element);
    for (const auto& [name, value] : attributes) told_ += " " + name + "=" + value;
    told_ += ">";
    ++opened_;
  }
  void close(std::string_view element) override { told_ += "</" + std::string(element) + ">"; }
  void text(std::string_view words) override { told_ += words; }
  [[nodiscard]] bool is_done() const override { return opened_ >= most_; }

  [[nodiscard]] const std::string& told() const { return told_; }

 private:
  size_t most_;
  size_t opened_ = 0;
  std::string told_;
};

TEST(Xml, ElementsAttributesAndWordsComeInTheirOrder) {
  Teller teller;
  const Status read = read_xml(
      "<?xml version=\"1.0\"?><!-- none --><t:a x=\"1 &lt; 2\"><b/>R&amp;D &#233;</t:a>", teller);
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(teller.told(), "<t:a x=1 < 2><b></b>R&D \u00e9</t:a>");
}

TEST(Xml, WhatIsNotWellFormedIsRefused) {
  const char* const kWrong[] = {"",
                                "words",
                                "<a>",
                                "<a></b>",
                                "<a x=1/>",
                                "<a>&unknown;</a>",
                                "<a>\xff</a>",
                                "<!DOCTYPE a [<!ENTITY e \"eee\">]><a>&e;</a>"};
  for (const char* wrong : kWrong) {
    Teller teller;
    const Status read = read_xml(wrong, teller);
    ASSERT_FALSE(read.has_value()) << wrong;
    EXPECT_EQ(read.error().code, ErrorCode::kInvalid) << wrong;
  }
}

TEST(Xml, DeepNestingIsReadAndAReaderMayStop) {
  std::string deep;
  for (int i = 0; i < 200'000; ++i) deep += "<a>";
  Teller unfinished(1'000'000);
  EXPECT_FALSE(read_xml(deep, unfinished).has_value());
  Teller enough(10);
  EXPECT_TRUE(read_xml(deep, enough).has_value());
  EXPECT_LT(enough.told().size(), deep.size());
}

TEST(Xml, AttributesThatAreNotThereAreEmpty) {
  const XmlAttributes attributes{{"x", "1"}};
  EXPECT_EQ(attribute(attributes, "x"), "1");
  EXPECT_EQ(attribute(attributes, "y"), "");
}

}  // namespace
}  // namespace barometer
