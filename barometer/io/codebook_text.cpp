#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "barometer/base/csv.h"
#include "barometer/base/text.h"
#include "barometer/io/io.h"

namespace barometer {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<Missing, 4> kKinds = {Missing::kNotAsked, Missing::kSystem, Missing::kRefused,
                                           Missing::kDontKnow};

// One line of the table: what `code` of this variable stands for.
std::string line(const Variable& variable, std::string_view role, const std::string& code,
                 const std::string& answer) {
  std::string out;
  for (const std::string_view cell :
       {std::string_view(variable.id), name_of(variable.kind), std::string_view(variable.label),
        std::string_view(variable.question), std::string_view(variable.battery),
        std::string_view(variable.base_text),
        std::string_view(variable.dont_know_in_base ? "in" : "out"),
        std::string_view(variable.wording_hash), role, std::string_view(code),
        std::string_view(answer)}) {
    if (!out.empty()) out += ',';
    out += csv_quoted(cell);
  }
  return out + "\n";
}

std::string codes_text(const std::vector<int>& codes) {
  return fmt::format("{}", fmt::join(codes, ";"));
}

std::string lines_of(const Variable& variable) {
  std::string out;
  for (const Category& category : variable.categories) {
    out += line(variable, category.dont_know ? "don't know" : "answer",
                std::to_string(category.code), category.label);
  }
  if (variable.scale_low && variable.scale_high) {
    out +=
        line(variable, "scale end", std::to_string(*variable.scale_low), variable.scale_low_label);
    out += line(variable, "scale end", std::to_string(*variable.scale_high),
                variable.scale_high_label);
  }
  for (const Net& net : variable.nets) {
    out += line(variable, "net", codes_text(net.codes), net.label);
  }
  for (const Missing kind : kKinds) {
    out += line(variable, "missing", std::to_string(file_code(kind)), std::string(name_of(kind)));
  }
  return out;
}

Json json_of(const Variable& variable) {
  Json out = {{"id", variable.id},
              {"kind", name_of(variable.kind)},
              {"label", variable.label},
              {"question", variable.question},
              {"battery", variable.battery},
              {"base", variable.base_text},
              {"dont_know_in_base", variable.dont_know_in_base},
              {"wording_hash", variable.wording_hash}};
  out["categories"] = Json::array();
  for (const Category& category : variable.categories) {
    out["categories"].push_back(
        {{"code", category.code}, {"label", category.label}, {"dont_know", category.dont_know}});
  }
  if (variable.scale_low && variable.scale_high) {
    out["scale"] = {{"low", *variable.scale_low},
                    {"high", *variable.scale_high},
                    {"low_label", variable.scale_low_label},
                    {"high_label", variable.scale_high_label}};
  }
  out["nets"] = Json::array();
  for (const Net& net : variable.nets) {
    out["nets"].push_back({{"id", net.id}, {"label", net.label}, {"codes", net.codes}});
  }
  return out;
}

}  // namespace

std::string codebook_csv(const Codebook& codebook) {
  std::string out =
      "variable,kind,label,question,battery,base,dont_know_in_base,wording_hash,role,code,answer\n";
  for (const Variable& variable : codebook.variables()) out += lines_of(variable);
  return out;
}

std::string codebook_json(const Codebook& codebook) {
  Json out;
  out["missing"] = Json::array();
  for (const Missing kind : kKinds) {
    out["missing"].push_back({{"code", file_code(kind)}, {"meaning", std::string(name_of(kind))}});
  }
  out["variables"] = Json::array();
  for (const Variable& variable : codebook.variables()) {
    out["variables"].push_back(json_of(variable));
  }
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace barometer
