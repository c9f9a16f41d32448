// HTML in which an unescaped string cannot reach the output: text and attribute values are escaped
// where they enter, and only this class can make bytes.
//
//   Html page = element("p", {{"class", "base"}}, {text("Base: "), element("strong", {},
//   {text(n)})});
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace barometer {

// As the text of an HTML or XML element, or the value of an attribute in quotes of either kind: for
// XML that is written by hand; of pages the functions below do it.
std::string escaped_markup(std::string_view plain);

struct Attribute {
  std::string_view name;  // a literal of ours
  std::string value;
};

class Html {
 public:
  Html() = default;
  [[nodiscard]] const std::string& bytes() const& { return bytes_; }
  [[nodiscard]] bool empty() const { return bytes_.empty(); }
  Html& operator+=(const Html& other);

 private:
  friend Html text(std::string_view plain);
  friend Html element(std::string_view tag, const std::vector<Attribute>& attributes,
                      const std::vector<Html>& children);
  friend Html document(std::string_view language, const Html& head, const Html& body);
  std::string bytes_;
};

Html text(std::string_view plain);
// A void element (img, link, meta, br, hr, source, input) takes no children. CHECKs tag and
// attribute names.
Html element(std::string_view tag, const std::vector<Attribute>& attributes = {},
             const std::vector<Html>& children = {});
// <!doctype html><html lang=…>…
Html document(std::string_view language, const Html& head, const Html& body);

// element(tag, {}, {text(plain)})
Html labelled(std::string_view tag, std::string_view plain);
Html link(const std::string& href, std::string_view plain);

}  // namespace barometer
