#include "cli/organisation.h"

#include <fmt/format.h>

#include "cli/survey.h"

namespace barometer::cli {

void add_organisation_options(CLI::App& verb, OrganisationOptions& o) {
  const char* group = "Organisations";
  verb.add_option("--organisation", o.variable,
                  "column of organisations (several by ';'): each counts once")
      ->group(group);
  verb.add_option("--organisation-rule", o.rule,
                  "several answers of one organisation: mean, any, all, majority or senior")
      ->capture_default_str()
      ->group(group);
  verb.add_option("--roles", o.roles, "senior: COLUMN:most senior,next,…")->group(group);
  verb.add_option("--frame", o.frame,
                  "organisations.csv of the frame (id, population, budget): the share of it that "
                  "stands behind each answer")
      ->group(group);
}

Result<CollapseOptions> collapse_options(const Dataset& data, const OrganisationOptions& options) {
  CollapseOptions collapse;
  collapse.rule = TRY(parse_collapse_rule(options.rule));
  if (collapse.rule != CollapseRule::kSenior) return collapse;
  const size_t colon = options.roles.find(':');
  if (colon == std::string::npos) {
    return fail(ErrorCode::kInvalid,
                "--organisation-rule senior needs --roles, a column and its roles from the most "
                "senior down: role:chair,chief officer");
  }
  collapse.role = TRY(variable_named(data, options.roles.substr(0, colon)));
  collapse.roles = names_in(options.roles.substr(colon + 1));
  return collapse;
}

}  // namespace barometer::cli
