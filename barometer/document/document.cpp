#include "barometer/document/document.h"

#include <string>
#include <utility>

#include <fmt/format.h>

#include "barometer/base/file.h"
#include "barometer/base/text.h"
#include "barometer/document/draft_internal.h"

namespace barometer {
namespace {

constexpr size_t kMostBytes = size_t{16} << 20;

DocumentFormat format_of(const std::filesystem::path& file, std::string_view bytes) {
  const std::string ending = lowered(file.extension().string());
  if (ending == ".md" || ending == ".markdown") return DocumentFormat::kMarkdown;
  if (ending == ".html" || ending == ".htm" || ending == ".xhtml") return DocumentFormat::kHtml;
  if (ending == ".pdf" || bytes.starts_with("%PDF-")) return DocumentFormat::kPdf;
  if (ending == ".txt" || ending == ".text") return DocumentFormat::kText;
  const std::string start = lowered(trimmed(bytes.substr(0, 512)));
  const bool is_html = start.starts_with("<!doctype html") || start.starts_with("<html");
  return is_html ? DocumentFormat::kHtml : DocumentFormat::kText;
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
  const std::string bytes = TRY(read_file(file, kMostBytes));
  const DocumentFormat format = format_of(file, bytes);
  if (format != DocumentFormat::kPdf) return read_document(bytes, format, file.string());
  return drafts::finished(TRY(drafts::draft_of_pdf(file)), format, file.string());
}

}  // namespace barometer
