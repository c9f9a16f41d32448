// A codebook of every kind of variable, for the tests of plans.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "barometer/book/plan.h"

namespace barometer {

inline Codebook plan_codebook() {
  Codebook codebook;
  const auto add = [&](Variable variable) {
    const Status added = codebook.add(std::move(variable));
    CHECK(added.has_value(), "the codebook is sound");
  };
  const std::vector<Category> likely = {{1, "Very likely"},
                                        {2, "Fairly likely"},
                                        {3, "Fairly unlikely"},
                                        {4, "Very unlikely"},
                                        {5, "Don't know", true}};
  const std::vector<Category> yes_no = {{0, "No"}, {1, "Yes"}};
  add({.id = "respondent", .kind = VariableKind::kText});
  add({.id = "role", .categories = {{1, "Chair"}, {2, "Chief officer"}, {3, "Other"}}});
  add({.id = "region", .categories = {{1, "North"}, {2, "South"}}});
  add({.id = "size", .categories = {{1, "Small"}, {2, "Large"}}});
  add({.id = "wave", .categories = {{1, "2012"}, {2, "2013"}}});
  for (const char* id : {"q1", "q2", "q3"}) {
    add({.id = id,
         .label = std::string("Item ") + id,
         .categories = likely,
         .nets = {{"likely", "Likely", {1, 2}}, {"unlikely", "Unlikely", {3, 4}}}});
  }
  add({.id = "comment", .kind = VariableKind::kText});
  add({.id = "confidence",
       .kind = VariableKind::kScale,
       .categories = {{1, "None"}, {5, "Full"}, {99, "Cannot say", true}},
       .scale_low = 1,
       .scale_high = 5});
  add({.id = "recommend", .kind = VariableKind::kScale, .scale_low = 0, .scale_high = 10});
  add({.id = "m1", .label = "Radio", .categories = yes_no});
  add({.id = "m2", .label = "Print", .categories = yes_no});
  add({.id = "m3", .kind = VariableKind::kNumber});
  add({.id = "barriers", .kind = VariableKind::kMulti, .categories = {{1, "Tariff"}, {2, "Time"}}});
  add({.id = "budget", .kind = VariableKind::kNumber, .label = "% budget"});
  add({.id = "w2", .kind = VariableKind::kNumber});
  return codebook;
}

// Everything a table's plan says, on one line.
inline std::string described(const RowsPlan& rows) {
  std::string out;
  for (const std::string& id : rows.variables) out += (out.empty() ? "" : " ") + id;
  if (rows.grid) out += " grid";
  for (const StatisticPlan& statistic : rows.statistics) out += " " + name_of(statistic);
  for (const auto& [code, score] : rows.scores) {
    out += " " + std::to_string(code) + "=" + std::to_string(static_cast<int>(score));
  }
  for (const RowsPlan::PlanNet& net : rows.nets) {
    out += " " + net.net.id + "{";
    for (const int code : net.net.codes) out += std::to_string(code);
    out += "}" + (net.within.empty() ? "" : "<" + net.within);
  }
  if (!rows.codebook_nets) out += " no_nets";
  if (rows.order == RowOrder::kDescending) out += " descending";
  if (rows.order == RowOrder::kAscending) out += " ascending";
  for (const int code : rows.last) out += " last:" + std::to_string(code);
  for (const int code : rows.hidden) out += " hide:" + std::to_string(code);
  if (rows.rank) out += " rank";
  if (rows.responses) out += " responses";
  if (!rows.filter.empty()) out += " if:" + rows.filter;
  if (!rows.title.empty()) out += " '" + rows.title + "'";
  return out;
}

inline std::string described(const BannerGroup& group) {
  std::string out;
  for (const std::string& id : group.variables) out += (out.empty() ? "" : " > ") + id;
  if (group.rest) out += " +rest";
  if (group.sequence) out += " +sequence";
  if (!group.title.empty()) out += " '" + group.title + "'";
  return out;
}

// One a line, or the message.
template <class T>
std::string described(const Result<std::vector<T>>& plans) {
  if (!plans) return plans.error().message;
  std::string out;
  for (const T& plan : *plans) out += (out.empty() ? "" : "; ") + described(plan);
  return out;
}

}  // namespace barometer
