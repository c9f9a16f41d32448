#include "barometer/base/html.h"

#include <algorithm>
#include <array>

#include "barometer/base/result.h"

namespace barometer {
namespace {

constexpr std::array<std::string_view, 6> kVoid = {"img", "link", "meta", "br", "hr", "source"};

bool is_name(std::string_view name) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == ':';
  };
  return !name.empty() && std::ranges::all_of(name, fits);
}

}  // namespace

std::string escaped_markup(std::string_view plain) {
  std::string out;
  out.reserve(plain.size());
  for (const char c : plain) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

Html& Html::operator+=(const Html& other) {
  bytes_ += other.bytes_;
  return *this;
}

Html text(std::string_view plain) {
  Html html;
  html.bytes_ = escaped_markup(plain);
  return html;
}

Html element(std::string_view tag, const std::vector<Attribute>& attributes,
             const std::vector<Html>& children) {
  CHECK(is_name(tag), "an element's name is a literal of ours");
  Html html;
  html.bytes_ += "<";
  html.bytes_ += tag;
  for (const Attribute& attribute : attributes) {
    CHECK(is_name(attribute.name), "an attribute's name is a literal of ours");
    html.bytes_ += " ";
    html.bytes_ += attribute.name;
    html.bytes_ += "=\"";
    html.bytes_ += escaped_markup(attribute.value);
    html.bytes_ += "\"";
  }
  html.bytes_ += ">";
  if (std::ranges::find(kVoid, tag) != kVoid.end()) {
    CHECK(children.empty(), "a void element has no children");
    return html;
  }
  for (const Html& child : children) html += child;
  html.bytes_ += "</";
  html.bytes_ += tag;
  html.bytes_ += ">";
  return html;
}

Html document(std::string_view language, const Html& head, const Html& body) {
  Html html;
  html.bytes_ = "<!doctype html>\n";
  html += element("html", {{"lang", std::string(language)}},
                  {element("head", {}, {head}), element("body", {}, {body})});
  html.bytes_ += "\n";
  return html;
}

Html labelled(std::string_view tag, std::string_view plain) {
  return element(tag, {}, {text(plain)});
}

Html link(const std::string& href, std::string_view plain) {
  return element("a", {{"href", href}}, {text(plain)});
}

}  // namespace barometer
