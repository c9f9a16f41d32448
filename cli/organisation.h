// Options of estimates that count every organisation once.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include "barometer/panel/organisations.h"

namespace barometer::cli {

struct OrganisationOptions {
  std::string variable;       // column of organisations; empty: respondents
  std::string rule = "mean";  // of several answers
  std::string roles;          // "role:chair,officer", most senior first
  std::string frame;          // organisations.csv of the frame
};

void add_organisation_options(CLI::App& verb, OrganisationOptions& options);
Result<CollapseOptions> collapse_options(const Dataset& data, const OrganisationOptions& options);

}  // namespace barometer::cli
