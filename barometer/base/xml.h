// XML read from its beginning to its end, by GLib's parser: UTF-8 or nothing, the five entities of
// the language and no other, nothing outside the bytes, and nesting that costs no stack.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "barometer/base/result.h"

namespace barometer {

using XmlAttributes = std::map<std::string, std::string, std::less<>>;
std::string_view attribute(const XmlAttributes& attributes, std::string_view name);  // "" if none

// Names come with their prefixes: "text:p".
class XmlReader {
 public:
  virtual void open(std::string_view element, const XmlAttributes& attributes) = 0;
  virtual void close(std::string_view element) = 0;
  virtual void text(std::string_view words) = 0;  // in parts, as they come
  // Asked after each element; once true, nothing more is read.
  [[nodiscard]] virtual bool is_done() const { return false; }

 protected:
  ~XmlReader() = default;
};

// kInvalid: not well-formed; says where.
Status read_xml(std::string_view bytes, XmlReader& reader);

}  // namespace barometer
