#include "barometer/base/xml.h"

#include <memory>

#include <glib.h>

#include "barometer/base/text.h"

namespace barometer {
namespace {

constexpr size_t kAtOnce = size_t{1} << 16;  // bytes between two looks at XmlReader::is_done

void on_open(GMarkupParseContext*, const gchar* element, const gchar** names, const gchar** values,
             gpointer reader, GError**) {
  XmlAttributes attributes;
  for (; *names; ++names, ++values) attributes[*names] = *values;
  static_cast<XmlReader*>(reader)->open(element, attributes);
}

void on_close(GMarkupParseContext*, const gchar* element, gpointer reader, GError**) {
  static_cast<XmlReader*>(reader)->close(element);
}

void on_text(GMarkupParseContext*, const gchar* text, gsize size, gpointer reader, GError**) {
  static_cast<XmlReader*>(reader)->text({text, size});
}

struct FreeParser {
  void operator()(GMarkupParseContext* context) const { g_markup_parse_context_free(context); }
};

auto not_well_formed(GError* error) {
  const std::string words = error != nullptr ? error->message : "no reason given";
  g_clear_error(&error);
  return fail(ErrorCode::kInvalid, "not well-formed: " + printable(words, 200));
}

}  // namespace

std::string_view attribute(const XmlAttributes& attributes, std::string_view name) {
  const auto found = attributes.find(name);
  return found == attributes.end() ? std::string_view() : std::string_view(found->second);
}

Status read_xml(std::string_view bytes, XmlReader& reader) {
  constexpr GMarkupParser kParser = {on_open, on_close, on_text, nullptr, nullptr};
  const std::unique_ptr<GMarkupParseContext, FreeParser> parser(
      g_markup_parse_context_new(&kParser, GMarkupParseFlags(0), &reader, nullptr));
  GError* error = nullptr;
  for (size_t at = 0; at < bytes.size() && !reader.is_done(); at += kAtOnce) {
    const std::string_view part = bytes.substr(at, kAtOnce);
    if (!g_markup_parse_context_parse(parser.get(), part.data(), static_cast<gssize>(part.size()),
                                      &error)) {
      return not_well_formed(error);
    }
  }
  if (reader.is_done()) return {};
  if (!g_markup_parse_context_end_parse(parser.get(), &error)) return not_well_formed(error);
  return {};
}

}  // namespace barometer
