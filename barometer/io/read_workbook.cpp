// ECMA-376 Part 1: 18.2 workbook, 18.3 worksheets, 18.4 shared strings.
#include "barometer/attack/workbook_reader_internal.h"

#include <charconv>
#include <map>
#include <memory>

#include <fmt/format.h>
#include <glib.h>

#include "barometer/attack/zip_reader_internal.h"
#include "barometer/base/text.h"

namespace barometer {
namespace {

constexpr size_t kMostBytes = size_t{1} << 28;
constexpr size_t kMostColumns = 16'384;

using Attributes = std::map<std::string, std::string, std::less<>>;

std::string value_of(const Attributes& attributes, std::string_view name) {
  const auto found = attributes.find(name);
  return found == attributes.end() ? std::string() : found->second;
}

// What one part says: strings of the shared list, rows of a sheet, or (name, id) of sheets.
struct PartReader {
  std::vector<std::string> strings;
  std::vector<std::vector<std::string>> rows;
  std::vector<std::pair<std::string, std::string>> sheets;
  Attributes targets;  // relationship id -> part
  const std::vector<std::string>* shared = nullptr;

  bool in_text = false;
  std::string text;
  std::string cell_type, cell_place;

  void open(std::string_view element, const Attributes& attributes) {
    if (element == "si") text.clear();
    if (element == "row") rows.emplace_back();
    if (element == "c") {
      text.clear();
      cell_type = value_of(attributes, "t");
      cell_place = value_of(attributes, "r");
    }
    in_text = element == "t" || element == "v";
    if (element == "sheet") {
      sheets.emplace_back(value_of(attributes, "name"), value_of(attributes, "r:id"));
    }
    if (element == "Relationship") {
      targets[value_of(attributes, "Id")] = value_of(attributes, "Target");
    }
  }

  void close(std::string_view element) {
    in_text = false;
    if (element == "si") strings.push_back(text);
    if (element == "c" && !rows.empty()) place_cell();
  }

  void place_cell() {
    size_t column = 0;
    for (const char letter : cell_place) {
      if (letter < 'A' || letter > 'Z') break;
      column = column * 26 + static_cast<size_t>(letter - 'A') + 1;
    }
    if (column == 0 || column > kMostColumns) return;
    std::vector<std::string>& row = rows.back();
    if (row.size() < column) row.resize(column);
    row[column - 1] = text;
    size_t at = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), at);
    const bool refers = cell_type == "s" && problem == std::errc() && shared != nullptr;
    if (refers && at < shared->size()) row[column - 1] = (*shared)[at];
  }
};

void on_open(GMarkupParseContext*, const gchar* element, const gchar** names, const gchar** values,
             gpointer reader, GError**) {
  Attributes attributes;
  for (; *names; ++names, ++values) attributes[*names] = *values;
  static_cast<PartReader*>(reader)->open(element, attributes);
}

void on_close(GMarkupParseContext*, const gchar* element, gpointer reader, GError**) {
  static_cast<PartReader*>(reader)->close(element);
}

void on_text(GMarkupParseContext*, const gchar* text, gsize size, gpointer reader, GError**) {
  auto* part = static_cast<PartReader*>(reader);
  if (part->in_text) part->text.append(text, size);
}

struct FreeParser {
  void operator()(GMarkupParseContext* context) const { g_markup_parse_context_free(context); }
};

Status read_part(const std::string& bytes, PartReader& reader) {
  constexpr GMarkupParser kParser = {on_open, on_close, on_text, nullptr, nullptr};
  const std::unique_ptr<GMarkupParseContext, FreeParser> parser(
      g_markup_parse_context_new(&kParser, GMarkupParseFlags(0), &reader, nullptr));
  GError* error = nullptr;
  if (!g_markup_parse_context_parse(parser.get(), bytes.data(), static_cast<gssize>(bytes.size()),
                                    &error) ||
      !g_markup_parse_context_end_parse(parser.get(), &error)) {
    const std::string words = error != nullptr ? error->message : "no reason given";
    g_clear_error(&error);
    return fail(ErrorCode::kInvalid, "a part of the workbook is no XML: " + printable(words, 200));
  }
  return {};
}

}  // namespace

Result<std::vector<SheetText>> read_workbook(std::string_view bytes) {
  auto parts = TRY(unzipped(bytes, ".xml", kMostBytes));
  const auto links = TRY(unzipped(bytes, "workbook.xml.rels", kMostBytes));
  PartReader strings;
  PartReader book;
  if (parts.contains("xl/sharedStrings.xml")) {
    TRY_DONE(read_part(parts["xl/sharedStrings.xml"], strings));
  }
  TRY_DONE(read_part(parts["xl/workbook.xml"], book));
  for (const auto& [name, text] : links) TRY_DONE(read_part(text, book));
  std::vector<SheetText> out;
  for (const auto& [name, id] : book.sheets) {
    PartReader sheet;
    sheet.shared = &strings.strings;
    TRY_DONE(read_part(parts["xl/" + value_of(book.targets, id)], sheet));
    out.push_back({name, std::move(sheet.rows)});
  }
  return out;
}

}  // namespace barometer
