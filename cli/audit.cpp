#include "barometer/audit/audit.h"

#include <array>

#include <fmt/format.h>

#include "barometer/audit/report.h"
#include "barometer/ledger/read.h"
#include "cli/verb.h"

namespace barometer::cli {
namespace {

struct Options {
  std::vector<std::string> files;
  std::string ledger;
  std::optional<int64_t> base;
  std::optional<int64_t> frame;
  std::string rounding = "permissive";
  std::string format = "text";
};

constexpr auto kRules = std::to_array<std::pair<std::string_view, RoundingRule>>({
    {"permissive", RoundingRule::permissive()},
    {"half-up", Rounding::kHalfUp},
    {"half-even", Rounding::kHalfEven},
    {"truncation", Rounding::kTruncate},
});

RoundingRule rule_named(std::string_view name) {
  for (const auto& [word, rule] : kRules) {
    if (word == name) return rule;
  }
  CHECK(false, "the option was checked");
  return {};
}

Result<int> run_audit(const Options& options, const Io& io) {
  AuditOptions how;
  how.rounding = rule_named(options.rounding);
  how.frame = options.frame;
  how.progress = &io.progress;
  std::optional<Ledger> ledger;
  if (!options.ledger.empty()) {
    ledger = TRY(read_ledger_file(options.ledger));
    how.ledger = &*ledger;
  }
  std::vector<Article> articles;
  for (const std::string& path : options.files) {
    for (const auto& file : TRY(article_files(path))) {
      if (io.progress.stopped()) return fail(ErrorCode::kLimit, "stopped");
      articles.push_back(read_claims(TRY(read_document_file(file)), {options.base, options.frame}));
    }
  }
  const Audit audit = audit_articles(std::move(articles), how);
  if (audit.stopped) return fail(ErrorCode::kLimit, "stopped");
  if (options.format == "json") {
    io.out << audit_json(audit);
  } else if (options.format == "sarif") {
    io.out << audit_sarif(audit);
  } else if (options.format == "html") {
    io.out << audit_html(audit);
  } else {
    io.out << audit_text(audit, {io.colours, io.width});
  }
  return audit.count(Grade::kError) == 0 ? kFine : kFindings;
}

}  // namespace

void add_audit(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand(
      "audit",
      "Read an article on a survey for figures that cannot be right.\n"
      "\n"
      "Without data: percentages that so many answers cannot give, parts that make no whole, "
      "counts\n"
      "beside percentages, means, changes, headlines against the body, words like 'a majority', "
      "dates\n"
      "of fieldwork, and what the article does not say (British Polling Council, AAPOR). Several\n"
      "articles are also held against each other. With a ledger every figure is recomputed.\n"
      "\n"
      "Files are text, Markdown, HTML or PDF. Exit 0 when there is no error, 1 when there is one,\n"
      "2 when a file cannot be read. docs/audit.md has the rules.\n"
      "\n"
      "Examples: barometer audit article.txt\n"
      "          barometer audit article.html --base 94 --frame 211\n"
      "          barometer audit old.txt new.txt --ledger site --format sarif\n"
      "          barometer audit articles --format html");
  verb->add_option("files", options->files,
                   "articles: .txt, .md, .html, .pdf; of a folder, those in it")
      ->required();
  verb->add_option("--ledger", options->ledger,
                   "ledger.json or ledger.csv, or the bundle's folder");
  verb->add_option("--base", options->base, "answers, where the article does not say how many")
      ->check(CLI::Range(1, 1'000'000'000));
  verb->add_option("--frame", options->frame, "organisations there are, where it does not say")
      ->check(CLI::Range(1, 1'000'000'000));
  verb->add_option("--rounding", options->rounding,
                   "how the source rounds: permissive (a half either way), half-up, half-even or "
                   "truncation")
      ->check(CLI::IsMember({"permissive", "half-up", "half-even", "truncation"}))
      ->capture_default_str();
  verb->add_option("--format", options->format, "text, json, sarif or html")
      ->check(CLI::IsMember({"text", "json", "sarif", "html"}))
      ->capture_default_str();
  verb->callback(
      [options, &chosen] { chosen = [options](const Io& io) { return run_audit(*options, io); }; });
}

}  // namespace barometer::cli
