#include "barometer/document/document.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "barometer/base/file.h"
#include "barometer/base/text.h"
#include "barometer/document/draft_internal.h"

namespace barometer {
namespace {

constexpr size_t kMostBytes = size_t{16} << 20;

std::optional<DocumentFormat> format_by_ending(const std::filesystem::path& file) {
  const std::string ending = lowered(file.extension().string());
  if (ending == ".md" || ending == ".markdown") return DocumentFormat::kMarkdown;
  if (ending == ".html" || ending == ".htm" || ending == ".xhtml") return DocumentFormat::kHtml;
  if (ending == ".pdf") return DocumentFormat::kPdf;
  if (ending == ".txt" || ending == ".text") return DocumentFormat::kText;
  return std::nullopt;
}

DocumentFormat format_of(const std::filesystem::path& file, std::string_view bytes) {
  const auto by_ending = format_by_ending(file);
  if (bytes.starts_with("%PDF-") &&
      by_ending.value_or(DocumentFormat::kText) == DocumentFormat::kText) {
    return DocumentFormat::kPdf;
  }
  if (by_ending) return *by_ending;
  const std::string start = lowered(trimmed(bytes.substr(0, 512)));
  const bool is_html = start.starts_with("<!doctype html") || start.starts_with("<html");
  return is_html ? DocumentFormat::kHtml : DocumentFormat::kText;
}

struct NoText {
  std::string_view start;
  std::string_view what;
};
// Files that are no text, by how they begin.
constexpr auto kNoText = std::to_array<NoText>({
    {"PK\x03\x04", "an archive or an Office document (.docx, .xlsx, .odt, .zip)"},
    {"PK\x05\x06", "an empty archive"},
    {"\xD0\xCF\x11\xE0", "an old Office document (.doc, .xls)"},
    {"{\\rtf", "a document in Rich Text Format"},
    {"\x89PNG", "a picture"},
    {"\xFF\xD8\xFF", "a picture"},
    {"GIF8", "a picture"},
    {"II*", "a picture"},
    {"\x1F\x8B", "a compressed file"},
    {"7z\xBC\xAF", "an archive"},
    {"Rar!", "an archive"},
});

Status check_readable(std::string_view bytes, const std::string& name) {
  for (const NoText& row : kNoText) {
    if (!bytes.starts_with(row.start)) continue;
    return fail(ErrorCode::kUnsupported,
                fmt::format("'{}' is {}, not an article: save it as text, Markdown, HTML or PDF",
                            printable(name), row.what));
  }
  if (trimmed(bytes).empty()) {
    return fail(ErrorCode::kInvalid, fmt::format("'{}' is empty", printable(name)));
  }
  const bool zeros = bytes.substr(0, 4096).find('\0') != std::string_view::npos;
  if (zeros && !bytes.starts_with("%PDF-")) {
    return fail(ErrorCode::kUnsupported,
                fmt::format("'{}' is not a text: it holds zero bytes; save it as text in UTF-8",
                            printable(name)));
  }
  return {};
}

void append_utf8(std::string& out, char32_t c) {
  const auto byte = [&](char32_t bits) { out += static_cast<char>(static_cast<uint8_t>(bits)); };
  if (c < 0x80) return byte(c);
  if (c < 0x800) {
    byte(0xC0 | (c >> 6));
  } else if (c < 0x10000) {
    byte(0xE0 | (c >> 12));
    byte(0x80 | ((c >> 6) & 0x3F));
  } else {
    byte(0xF0 | (c >> 18));
    byte(0x80 | ((c >> 12) & 0x3F));
    byte(0x80 | ((c >> 6) & 0x3F));
  }
  byte(0x80 | (c & 0x3F));
}

// UTF-16 as its byte order mark says, in UTF-8 without the mark; a half of a pair alone is U+FFFD.
std::string from_utf16(std::string_view bytes) {
  const bool little = bytes.starts_with("\xFF\xFE");
  const auto unit = [&](size_t at) -> char32_t {
    const auto first = static_cast<unsigned char>(bytes[at]);
    const auto second = static_cast<unsigned char>(bytes[at + 1]);
    return little ? first | (char32_t{second} << 8) : second | (char32_t{first} << 8);
  };
  std::string out;
  for (size_t at = 2; at + 1 < bytes.size(); at += 2) {
    char32_t c = unit(at);
    const bool high = c >= 0xD800 && c < 0xDC00;
    const char32_t next = high && at + 3 < bytes.size() ? unit(at + 2) : 0;
    if (high && next >= 0xDC00 && next < 0xE000) {
      c = 0x10000 + ((c - 0xD800) << 10) + (next - 0xDC00);
      at += 2;
    } else if (c >= 0xD800 && c < 0xE000) {
      c = 0xFFFD;
    }
    append_utf8(out, c);
  }
  return out;
}

bool is_utf16(std::string_view bytes) {
  return bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF");
}

}  // namespace

Result<Document> read_document(std::string_view bytes, DocumentFormat format, std::string name) {
  if (bytes.size() > kMostBytes) {
    return fail(ErrorCode::kLimit, fmt::format("'{}' has {} bytes; at most {} are read",
                                               printable(name), bytes.size(), kMostBytes));
  }
  switch (format) {
    case DocumentFormat::kMarkdown:
      return drafts::finished(drafts::draft_of_markdown(bytes), format, std::move(name));
    case DocumentFormat::kHtml:
      return drafts::finished(TRY(drafts::draft_of_html(bytes)), format, std::move(name));
    case DocumentFormat::kPdf:
      return fail(ErrorCode::kUnsupported,
                  fmt::format("'{}' is a PDF, which is read from its file only", printable(name)));
    case DocumentFormat::kText:
      break;
  }
  return drafts::finished(drafts::draft_of_text(bytes), DocumentFormat::kText, std::move(name));
}

Result<Document> read_document_file(const std::filesystem::path& file) {
  std::string bytes = TRY(read_file(file, kMostBytes));
  if (is_utf16(bytes)) bytes = from_utf16(bytes);
  TRY_DONE(check_readable(bytes, file.string()));
  const DocumentFormat format = format_of(file, bytes);
  if (format != DocumentFormat::kPdf) return read_document(bytes, format, file.string());
  auto draft = drafts::draft_of_pdf(file);
  if (!draft) {
    return fail(draft.error().code, fmt::format("'{}' cannot be read as a PDF: {}",
                                                printable(file.string()), draft.error().message));
  }
  return drafts::finished(*std::move(draft), format, file.string());
}

Result<std::vector<std::filesystem::path>> article_files(const std::filesystem::path& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (!fs::is_directory(path, error)) return std::vector{path};
  std::vector<fs::path> files;
  for (fs::directory_iterator it(path, error), end; !error && it != end; it.increment(error)) {
    std::error_code unreadable;
    const bool hidden = it->path().filename().string().starts_with('.');
    if (hidden || !it->is_regular_file(unreadable) || !format_by_ending(it->path())) continue;
    files.push_back(it->path());
  }
  if (error) {
    return fail(ErrorCode::kNotFound, fmt::format("the folder '{}' cannot be read: {}",
                                                  printable(path.string()), error.message()));
  }
  if (files.empty()) {
    return fail(ErrorCode::kNotFound, fmt::format("the folder '{}' has no article: no .txt, .md, "
                                                  ".html or .pdf",
                                                  printable(path.string())));
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace barometer
