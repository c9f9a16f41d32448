#include "barometer/io/workbook.h"

#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <map>
#include <set>
#include <system_error>

#include <fmt/format.h>

#include "barometer/base/text.h"

namespace barometer {
namespace {

constexpr size_t kMaxTabLetters = 31;
constexpr time_t kCreated = 946'684'800;  // 2000-01-01; the true date would change the bytes
constexpr size_t kMaxPlaces = 9;

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// The first `count` letters of UTF-8 text.
std::string first_letters(const std::string& text, size_t count) {
  size_t end = 0;
  while (end < text.size()) {
    if (!is_continuation(text[end]) && count-- == 0) break;
    ++end;
  }
  return text.substr(0, end);
}

std::string cut_to(const std::string& name, size_t letters) {
  std::string cut = first_letters(name, letters);
  while (!cut.empty() && (cut.back() == '\'' || cut.back() == ' ')) cut.pop_back();
  return cut;
}

std::string plain_tab_name(const std::string& name) {
  std::string plain;
  for (const char c : name) {
    const bool forbidden = std::string_view("[]:*?/\\").find(c) != std::string_view::npos;
    plain += forbidden || static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  // Excel refuses an apostrophe at either end.
  while (!plain.empty() && (plain.front() == '\'' || plain.front() == ' ')) plain.erase(0, 1);
  plain = cut_to(plain, kMaxTabLetters);
  return plain.empty() ? "Sheet" : plain;
}

// A file in memory that has a name; libxlsxwriter writes to names only.
class MemoryFile {
 public:
  MemoryFile() : fd_(::memfd_create("workbook", MFD_CLOEXEC)) {}
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] bool open() const { return fd_ >= 0; }
  [[nodiscard]] std::string name() const { return fmt::format("/proc/self/fd/{}", fd_); }

  [[nodiscard]] Result<std::string> bytes() const {
    std::string all;
    std::array<char, 65536> part;
    for (off_t at = 0;; at = static_cast<off_t>(all.size())) {
      const ssize_t count = ::pread(fd_, part.data(), part.size(), at);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) {
        return fail(ErrorCode::kIo,
                    "cannot read the workbook back: " + std::generic_category().message(errno));
      }
      if (count == 0) return all;
      all.append(part.data(), static_cast<size_t>(count));
    }
  }

 private:
  int fd_;
};

// The formats of a workbook, made when first used.
class Formats {
 public:
  explicit Formats(lxw_workbook* book) : book_(book) {}

  lxw_format* of(const SheetCell& cell) {
    const bool is_number = std::holds_alternative<double>(cell.value);
    const int places = is_number ? std::clamp(cell.places, 0, static_cast<int>(kMaxPlaces)) : -1;
    const bool is_link = !cell.link.empty();
    lxw_format*& format = made_[{cell.style, places, is_link}];
    if (format == nullptr) format = made(cell.style, places, is_link);
    return format;
  }

 private:
  lxw_format* made(CellStyle style, int places, bool is_link) {
    lxw_format* format = workbook_add_format(book_);
    format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
    if (places >= 0) {
      const std::string zeros(static_cast<size_t>(places), '0');
      const std::string pattern = places == 0 ? "#,##0" : "#,##0." + zeros;
      format_set_num_format(format, pattern.c_str());
    }
    if (is_link) {
      format_set_font_color(format, 0x0B0CAA);
      format_set_underline(format, LXW_UNDERLINE_SINGLE);
    }
    switch (style) {
      case CellStyle::kTitle:
        format_set_bold(format);
        format_set_font_size(format, 14);
        break;
      case CellStyle::kHeader:
        format_set_bold(format);
        format_set_text_wrap(format);
        format_set_bottom(format, LXW_BORDER_THIN);
        break;
      case CellStyle::kStrong:
        format_set_bold(format);
        break;
      case CellStyle::kNote:
        format_set_font_size(format, 10);
        break;
      case CellStyle::kLabel:
      case CellStyle::kText:
        if (places < 0) format_set_text_wrap(format);
        break;
    }
    return format;
  }

  lxw_workbook* book_;
  std::map<std::tuple<CellStyle, int, bool>, lxw_format*> made_;
};

// "B7"
std::string cell_name(size_t row, size_t column) {
  std::array<char, LXW_MAX_CELL_NAME_LENGTH> name{};
  lxw_rowcol_to_cell(name.data(), static_cast<lxw_row_t>(row), static_cast<lxw_col_t>(column));
  return name.data();
}

class SheetWriter {
 public:
  SheetWriter(lxw_worksheet* sheet, std::string tab, Formats& formats,
              const std::map<std::string, std::string>& tabs)
      : sheet_(sheet), tab_(std::move(tab)), formats_(formats), tabs_(tabs) {}

  Status write(const Sheet& sheet) {
    TRY_DONE(check_size(sheet));
    for (size_t column = 0; column < sheet.widths.size(); ++column) {
      const auto at = static_cast<lxw_col_t>(column);
      worksheet_set_column(sheet_, at, at, sheet.widths[column], nullptr);
    }
    const size_t first = sheet.title.empty() ? 0 : 1;
    if (first == 1) TRY_DONE(write_cell(0, 0, {.value = sheet.title, .style = CellStyle::kTitle}));
    for (size_t row = 0; row < sheet.rows.size(); ++row) {
      for (size_t column = 0; column < sheet.rows[row].size(); ++column) {
        TRY_DONE(write_cell(row + first, column, sheet.rows[row][column]));
      }
    }
    if (sheet.frozen_rows > 0 || sheet.frozen_columns > 0) {
      const size_t rows = sheet.frozen_rows > 0 ? sheet.frozen_rows + first : 0;
      worksheet_freeze_panes(sheet_, static_cast<lxw_row_t>(rows),
                             static_cast<lxw_col_t>(sheet.frozen_columns));
    }
    return {};
  }

 private:
  Status check_size(const Sheet& sheet) const {
    size_t columns = std::max(sheet.widths.size(), sheet.frozen_columns);
    for (const auto& row : sheet.rows) columns = std::max(columns, row.size());
    if (sheet.rows.size() + 1 <= LXW_ROW_MAX && columns <= LXW_COL_MAX) return {};
    return fail(ErrorCode::kLimit,
                fmt::format("sheet '{}': {} rows and {} columns do not fit a sheet", tab_,
                            sheet.rows.size(), columns));
  }

  tl::unexpected<Error> error(size_t row, size_t column, const std::string& what) const {
    return fail(ErrorCode::kInvalid,
                fmt::format("sheet '{}', cell {}: {}", tab_, cell_name(row, column), what));
  }

  Status write_cell(size_t row, size_t column, const SheetCell& cell) {
    const auto at_row = static_cast<lxw_row_t>(row);
    const auto at_column = static_cast<lxw_col_t>(column);
    lxw_format* format = formats_.of(cell);
    if (const double* number = std::get_if<double>(&cell.value)) {
      if (!std::isfinite(*number)) return error(row, column, "the number is not finite");
      return done(worksheet_write_number(sheet_, at_row, at_column, *number, format), row, column);
    }
    const std::string& text = std::get<std::string>(cell.value);
    if (!is_utf8(text)) return error(row, column, "the text is not UTF-8");
    if (text.empty()) return {};
    if (cell.link.empty()) {
      return done(worksheet_write_string(sheet_, at_row, at_column, text.c_str(), format), row,
                  column);
    }
    const std::string url = address(cell.link);
    if (url.empty()) return error(row, column, "no sheet is called '" + printable(cell.link) + "'");
    return done(worksheet_write_url_opt(sheet_, at_row, at_column, url.c_str(), format,
                                        text.c_str(), nullptr),
                row, column);
  }

  // "internal:'Table 1'!A1", or the address itself; empty when it is neither.
  [[nodiscard]] std::string address(const std::string& link) const {
    if (link.starts_with("https://") || link.starts_with("http://")) return link;
    const auto tab = tabs_.find(link);
    if (tab == tabs_.end()) return {};
    return fmt::format("internal:'{}'!A1", replaced(tab->second, "'", "''"));
  }

  Status done(lxw_error code, size_t row, size_t column) const {
    if (code == LXW_NO_ERROR) return {};
    return error(row, column, lxw_strerror(code));
  }

  lxw_worksheet* sheet_;
  std::string tab_;
  Formats& formats_;
  const std::map<std::string, std::string>& tabs_;
};

Status write_sheets(lxw_workbook* book, const Workbook& workbook) {
  const std::vector<std::string> tabs = tab_names(workbook);
  std::map<std::string, std::string> tab_of;  // Sheet::name -> name on the tab
  for (size_t i = 0; i < tabs.size(); ++i) tab_of.try_emplace(workbook.sheets[i].name, tabs[i]);
  Formats formats(book);
  for (size_t i = 0; i < tabs.size(); ++i) {
    lxw_worksheet* sheet = workbook_add_worksheet(book, tabs[i].c_str());
    if (sheet == nullptr) {
      return fail(ErrorCode::kInvalid, fmt::format("'{}' cannot name a sheet", tabs[i]));
    }
    TRY_DONE(SheetWriter(sheet, tabs[i], formats, tab_of).write(workbook.sheets[i]));
  }
  return {};
}

void set_properties(lxw_workbook* book, const Workbook& workbook) {
  std::string title = workbook.title;
  std::string author = workbook.author;
  std::string subject = workbook.subject;
  lxw_doc_properties properties{};
  properties.title = title.data();
  properties.author = author.data();
  properties.subject = subject.data();
  properties.created = kCreated;
  workbook_set_properties(book, &properties);
}

}  // namespace

std::vector<std::string> tab_names(const Workbook& workbook) {
  std::vector<std::string> tabs;
  std::set<std::string> taken;
  for (const Sheet& sheet : workbook.sheets) {
    const std::string plain = plain_tab_name(sheet.name);
    std::string name = plain;
    for (int number = 2; !taken.insert(lowered(name)).second; ++number) {
      const std::string suffix = fmt::format(" ({})", number);
      name = cut_to(plain, kMaxTabLetters - suffix.size()) + suffix;
    }
    tabs.push_back(name);
  }
  return tabs;
}

Result<std::string> workbook_bytes(const Workbook& workbook) {
  if (workbook.sheets.empty()) return fail(ErrorCode::kInvalid, "a workbook needs a sheet");
  const MemoryFile file;
  if (!file.open()) return fail(ErrorCode::kIo, "cannot make a file in memory for the workbook");
  lxw_workbook* book = workbook_new(file.name().c_str());
  if (book == nullptr) return fail(ErrorCode::kIo, "cannot make the workbook");
  set_properties(book, workbook);
  const Status written = write_sheets(book, workbook);
  const lxw_error closed = workbook_close(book);  // frees it, whatever happened
  if (!written) return tl::unexpected(written.error());
  if (closed != LXW_NO_ERROR) {
    return fail(ErrorCode::kIo, fmt::format("cannot write the workbook: {}", lxw_strerror(closed)));
  }
  return file.bytes();
}

}  // namespace barometer
