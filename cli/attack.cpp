#include "barometer/attack/attack.h"

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "cli/verb.h"

namespace barometer::cli {
namespace {

struct Options {
  std::string bundle;
  std::vector<std::string> with;
  std::vector<std::string> contains;
  std::string format = "text";
};

Result<BundleAttackOptions> attack_options(const Options& options) {
  BundleAttackOptions out;
  for (const std::string& words : options.contains) {
    const size_t sign = words.find('=');
    if (sign == std::string::npos || sign == 0 || sign + 1 == words.size()) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("--contains '{}' is not NEW=OLD, two waves", printable(words)));
    }
    out.bundles.contains.emplace_back(words.substr(0, sign), words.substr(sign + 1));
  }
  return out;
}

Result<int> run_attack(const Options& options, const Io& io) {
  const BundleAttackOptions how = TRY(attack_options(options));
  std::vector<BundleText> bundles;
  bundles.push_back(TRY(read_bundle(options.bundle)));
  for (const std::string& folder : options.with) bundles.push_back(TRY(read_bundle(folder)));
  const BundleAttack attack = TRY(attack_bundles(bundles, how, io.progress));
  io.out << (options.format == "json" ? report_json(attack) : report_text(attack));
  return attack.clean() ? kFine : kFindings;
}

}  // namespace

void add_attack(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand(
      "attack",
      "Work out of a bundle what it means to hide, as a reader with a solver would.\n"
      "\n"
      "Every figure of the bundle, and of those given with --with, is one equation on numbers of\n"
      "people: a count, a percentage at its base, a mean, a NET, a total, an earlier edition. For\n"
      "each hidden count, and for each small one, the least and the most that it can be is found.\n"
      "Each file is also read for numbers that the ledger suppresses. A leak is said with the\n"
      "figures it needs and one that could be hidden; no data but the bundles is used.\n"
      "\n"
      "Rules come from disclosure.json in the bundle (study.yaml, print: suppress_base_under and\n"
      "suppress_count_under). Exit 0 when nothing leaks, 1 when something does.\n"
      "\n"
      "Examples: barometer attack site\n"
      "          barometer attack site --with site-of-last-month\n"
      "          barometer attack site --contains 2013-04=2013-01 --format json");
  verb->add_option("bundle", options->bundle, "folder that 'barometer publish' wrote")->required();
  verb->add_option("--with", options->with,
                   "earlier bundles that readers may have kept; of two editions of a wave the "
                   "larger is taken to hold the smaller");
  verb->add_option("--contains", options->contains,
                   "NEW=OLD: wave NEW holds every respondent of wave OLD (a cumulative wave)");
  verb->add_option("--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  verb->callback([options, &chosen] {
    chosen = [options](const Io& io) { return run_attack(*options, io); };
  });
}

}  // namespace barometer::cli
