// The model of workbook.h as an OpenDocument spreadsheet (ODF 1.2, ISO/IEC 26300): a zip of XML
// files whose first member, stored, is the type.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "barometer/base/html.h"
#include "barometer/base/text.h"
#include "barometer/io/workbook.h"
#include "barometer/io/zip_internal.h"

namespace barometer {
namespace {

constexpr const char* kType = "application/vnd.oasis.opendocument.spreadsheet";
constexpr size_t kMaxRows = 1'048'576;
constexpr size_t kMaxColumns = 16'384;
constexpr size_t kMaxLetters = 32'767;
constexpr double kCentimetresALetter = 0.2;

constexpr const char* kNamespaces =
    " xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\""
    " xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\""
    " xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\""
    " xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\""
    " xmlns:fo=\"urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0\""
    " xmlns:number=\"urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0\""
    " xmlns:config=\"urn:oasis:names:tc:opendocument:xmlns:config:1.0\""
    " xmlns:meta=\"urn:oasis:names:tc:opendocument:xmlns:meta:1.0\""
    " xmlns:dc=\"http://purl.org/dc/elements/1.1/\""
    " xmlns:xlink=\"http://www.w3.org/1999/xlink\" office:version=\"1.2\"";
constexpr const char* kDeclaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

// One line: blanks past the first would be lost.
std::string line_text(const std::string& line) {
  std::string out;
  for (size_t at = 0; at < line.size(); ++at) {
    const bool blank = line[at] == ' ' && (at == 0 || line[at - 1] == ' ');
    if (blank) {
      out += "<text:s/>";
    } else if (line[at] == '\t') {
      out += "<text:tab/>";
    } else {
      out += escaped_markup(line.substr(at, 1));
    }
  }
  return out;
}

bool has_controls(const std::string& text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 && c != '\n' && c != '\t' && c != '\r') return true;
  }
  return false;
}

size_t letters_in(const std::string& text) {
  const auto begins = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
  return static_cast<size_t>(std::ranges::count_if(text, begins));
}

std::string style_name(const SheetCell& cell) {
  constexpr std::array<const char*, 6> kNames = {"text",  "label", "header",
                                                 "title", "note",  "strong"};
  std::string name = kNames.at(static_cast<size_t>(cell.style));
  if (!std::holds_alternative<double>(cell.value)) return name;
  return fmt::format("{}{}", name, std::clamp(cell.places, 0, 9));
}

// What a style adds to the plain cell.
std::string properties_of(CellStyle style) {
  const char* wrap = style == CellStyle::kTitle ? "" : " fo:wrap-option=\"wrap\"";
  std::string cell =
      fmt::format("<style:table-cell-properties style:vertical-align=\"top\"{}{}/>", wrap,
                  style == CellStyle::kHeader ? " fo:border-bottom=\"0.5pt solid #000000\"" : "");
  switch (style) {
    case CellStyle::kTitle:
      return cell + "<style:text-properties fo:font-weight=\"bold\" fo:font-size=\"14pt\"/>";
    case CellStyle::kHeader:
    case CellStyle::kStrong:
      return cell + "<style:text-properties fo:font-weight=\"bold\"/>";
    case CellStyle::kNote:
      return cell + "<style:text-properties fo:font-size=\"10pt\"/>";
    case CellStyle::kText:
    case CellStyle::kLabel:
      break;
  }
  return cell;
}

class OdsWriter {
 public:
  explicit OdsWriter(const Workbook& workbook) : workbook_(workbook), tabs_(tab_names(workbook)) {
    for (size_t i = 0; i < tabs_.size(); ++i)
      tab_of_.try_emplace(workbook.sheets[i].name, tabs_[i]);
  }

  Result<std::string> content() {
    std::string tables;
    for (size_t i = 0; i < workbook_.sheets.size(); ++i) {
      tables += TRY(table(workbook_.sheets[i], tabs_[i]));
    }
    std::string styles;
    for (const auto& [name, xml] : styles_) styles += xml;
    return fmt::format(
        "{}<office:document-content{}><office:automatic-styles>{}</office:automatic-styles>"
        "<office:body><office:spreadsheet>{}</office:spreadsheet></office:body>"
        "</office:document-content>\n",
        kDeclaration, kNamespaces, styles, tables);
  }

  // The panes that stay in sight.
  [[nodiscard]] std::string settings() const {
    std::string views;
    for (size_t i = 0; i < tabs_.size(); ++i) {
      const Sheet& sheet = workbook_.sheets[i];
      const size_t rows =
          sheet.frozen_rows > 0 ? sheet.frozen_rows + (sheet.title.empty() ? 0 : 1) : 0;
      views += fmt::format("<config:config-item-map-entry config:name=\"{}\">",
                           escaped_markup(tabs_[i])) +
               split("Horizontal", sheet.frozen_columns, "Right") +
               split("Vertical", rows, "Bottom") + "</config:config-item-map-entry>";
    }
    return fmt::format(
        "{}<office:document-settings{}><office:settings>"
        "<config:config-item-set config:name=\"ooo:view-settings\">"
        "<config:config-item-map-indexed config:name=\"Views\"><config:config-item-map-entry>"
        "<config:config-item config:name=\"ViewId\" config:type=\"string\">view1"
        "</config:config-item>"
        "<config:config-item-map-named config:name=\"Tables\">{}</config:config-item-map-named>"
        "</config:config-item-map-entry></config:config-item-map-indexed>"
        "</config:config-item-set></office:settings></office:document-settings>\n",
        kDeclaration, kNamespaces, views);
  }

  [[nodiscard]] std::string meta() const {
    return fmt::format(
        "{}<office:document-meta{}><office:meta><dc:title>{}</dc:title>"
        "<dc:creator>{}</dc:creator><dc:subject>{}</dc:subject></office:meta>"
        "</office:document-meta>\n",
        kDeclaration, kNamespaces, escaped_markup(workbook_.title),
        escaped_markup(workbook_.author), escaped_markup(workbook_.subject));
  }

 private:
  static std::string split(const char* direction, size_t count, const char* active) {
    if (count == 0) return "";
    const auto item = [](const std::string& name, const char* type, size_t value) {
      return fmt::format(
          "<config:config-item config:name=\"{}\" config:type=\"{}\">{}</config:config-item>", name,
          type, value);
    };
    constexpr size_t kFrozen = 2;
    return item(fmt::format("{}SplitMode", direction), "short", kFrozen) +
           item(fmt::format("{}SplitPosition", direction), "int", count) +
           item(fmt::format("Position{}", active), "int", count);
  }

  [[nodiscard]] static tl::unexpected<Error> error(const std::string& tab, size_t row,
                                                   size_t column, const std::string& what) {
    return fail(ErrorCode::kInvalid,
                fmt::format("sheet '{}', row {}, column {}: {}", tab, row + 1, column + 1, what));
  }

  void need_style(const SheetCell& cell) {
    const std::string name = style_name(cell);
    if (styles_.contains(name)) return;
    std::string xml;
    std::string format;
    if (std::holds_alternative<double>(cell.value)) {
      const int places = std::clamp(cell.places, 0, 9);
      xml = fmt::format(
          "<number:number-style style:name=\"places{0}{1}\"><number:number "
          "number:decimal-places=\"{1}\" number:min-decimal-places=\"{1}\" "
          "number:min-integer-digits=\"1\" number:grouping=\"true\"/></number:number-style>",
          name, places);
      format = fmt::format(" style:data-style-name=\"places{}{}\"", name, places);
    }
    xml +=
        fmt::format("<style:style style:name=\"{}\" style:family=\"table-cell\"{}>{}</style:style>",
                    name, format, properties_of(cell.style));
    styles_.emplace(name, std::move(xml));
  }

  std::string column_style(double width) {
    const std::string name = fmt::format("width{}", static_cast<int>(std::lround(width * 10)));
    styles_.try_emplace(
        name, fmt::format("<style:style style:name=\"{}\" style:family=\"table-column\">"
                          "<style:table-column-properties style:column-width=\"{:.2f}cm\"/>"
                          "</style:style>",
                          name, width * kCentimetresALetter));
    return name;
  }

  Result<std::string> table(const Sheet& sheet, const std::string& tab) {
    size_t columns = 1;
    for (const auto& row : sheet.rows) columns = std::max(columns, row.size());
    if (sheet.rows.size() + 1 > kMaxRows || columns > kMaxColumns) {
      return fail(ErrorCode::kLimit, fmt::format("sheet '{}': {} rows and {} columns do not fit a "
                                                 "sheet",
                                                 tab, sheet.rows.size(), columns));
    }
    std::string out = fmt::format("<table:table table:name=\"{}\">", escaped_markup(tab));
    for (size_t c = 0; c < columns; ++c) {
      out += c < sheet.widths.size() ? fmt::format("<table:table-column table:style-name=\"{}\"/>",
                                                   column_style(sheet.widths[c]))
                                     : "<table:table-column/>";
    }
    size_t at = 0;
    if (!sheet.title.empty()) {
      out += TRY(row_text({{.value = sheet.title, .style = CellStyle::kTitle}}, tab, at++));
    }
    for (const auto& row : sheet.rows) out += TRY(row_text(row, tab, at++));
    return out + "</table:table>";
  }

  Result<std::string> row_text(const std::vector<SheetCell>& row, const std::string& tab,
                               size_t at) {
    std::string out = "<table:table-row>";
    for (size_t c = 0; c < row.size(); ++c) out += TRY(cell_text(row[c], tab, at, c));
    if (row.empty()) out += "<table:table-cell/>";
    return out + "</table:table-row>";
  }

  Result<std::string> cell_text(const SheetCell& cell, const std::string& tab, size_t row,
                                size_t column) {
    if (const double* number = std::get_if<double>(&cell.value)) {
      if (!std::isfinite(*number)) return error(tab, row, column, "the number is not finite");
      need_style(cell);
      return fmt::format(
          "<table:table-cell table:style-name=\"{0}\" office:value-type=\"float\" "
          "office:value=\"{1}\"><text:p>{2:.{3}f}</text:p></table:table-cell>",
          style_name(cell), *number, *number, std::clamp(cell.places, 0, 9));
    }
    const std::string& text = std::get<std::string>(cell.value);
    if (text.empty()) return "<table:table-cell/>";
    if (!is_utf8(text)) return error(tab, row, column, "the text is not UTF-8");
    if (has_controls(text)) return error(tab, row, column, "the text holds control characters");
    if (letters_in(text) > kMaxLetters) return error(tab, row, column, "the text is too long");
    std::string address;
    if (!cell.link.empty()) {
      address = address_of(cell.link);
      if (address.empty()) {
        return error(tab, row, column, "no sheet is called '" + printable(cell.link) + "'");
      }
    }
    need_style(cell);
    std::string out =
        fmt::format("<table:table-cell table:style-name=\"{}\" office:value-type=\"string\">",
                    style_name(cell));
    for (const std::string& line : barometer::split(text, '\n')) {
      const std::string words = line_text(line);
      out += address.empty() ? fmt::format("<text:p>{}</text:p>", words)
                             : fmt::format(
                                   "<text:p><text:a xlink:type=\"simple\" "
                                   "xlink:href=\"{}\">{}</text:a></text:p>",
                                   escaped_markup(address), words);
    }
    return out + "</table:table-cell>";
  }

  // "#'Table 1'.A1", or the address itself; empty when it is neither.
  [[nodiscard]] std::string address_of(const std::string& link) const {
    if (link.starts_with("https://") || link.starts_with("http://")) return link;
    const auto tab = tab_of_.find(link);
    if (tab == tab_of_.end()) return {};
    return fmt::format("#'{}'.A1", replaced(tab->second, "'", "''"));
  }

  const Workbook& workbook_;
  std::vector<std::string> tabs_;
  std::map<std::string, std::string> tab_of_;  // Sheet::name -> name on the tab
  std::map<std::string, std::string> styles_;  // by name: those that are used
};

std::string manifest() {
  std::string out = fmt::format(
      "{}<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\" "
      "manifest:version=\"1.2\"><manifest:file-entry manifest:full-path=\"/\" "
      "manifest:version=\"1.2\" manifest:media-type=\"{}\"/>",
      kDeclaration, kType);
  for (const char* part : {"content.xml", "meta.xml", "settings.xml"}) {
    out += fmt::format(
        "<manifest:file-entry manifest:full-path=\"{}\" manifest:media-type=\"text/xml\"/>", part);
  }
  return out + "</manifest:manifest>\n";
}

}  // namespace

Result<std::string> ods_bytes(const Workbook& workbook) {
  if (workbook.sheets.empty()) return fail(ErrorCode::kInvalid, "a workbook needs a sheet");
  OdsWriter writer(workbook);
  const std::array<ZipPart, 5> parts = {{{"mimetype", kType, false},
                                         {"content.xml", TRY(writer.content())},
                                         {"meta.xml", writer.meta()},
                                         {"settings.xml", writer.settings()},
                                         {"META-INF/manifest.xml", manifest()}}};
  return zip_bytes(parts);
}

}  // namespace barometer
