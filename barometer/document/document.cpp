#include "barometer/document/document.h"

#include <algorithm>
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
