#include "barometer/document/draft_internal.h"
namespace barometer::drafts {
Draft draft_of_markdown(std::string_view bytes) { return draft_of_text(bytes); }
Result<Draft> draft_of_html(std::string_view bytes) { return draft_of_text(bytes); }
Result<Draft> draft_of_pdf(const std::filesystem::path&) { return Draft{}; }
}  // namespace barometer::drafts
