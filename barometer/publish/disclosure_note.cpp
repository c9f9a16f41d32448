#include "barometer/publish/disclosure_note.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "barometer/disclosure/suppress_book.h"

namespace barometer {
namespace {

using Json = nlohmann::ordered_json;

Json options_of(const Item& item) {
  Json out = Json::array();
  for (const Category& option : item.options) {
    Json entry{{"code", option.code}};
    if (option.dont_know) entry["dont_know"] = true;
    if (std::ranges::count(item.off_scale, option.code) > 0) entry["scored"] = false;
    out.push_back(std::move(entry));
  }
  return out;
}

// What people may have given, one each, as if it had been asked so.
Json number_note(const ItemTable& table) {
  Json options = Json::array();
  for (int value = 0; value <= *table.whole_to; ++value) options.push_back({{"code", value}});
  return {{"item", table.item.id},
          {"kind", "number"},
          {"dont_know_in_base", false},
          {"options", std::move(options)}};
}

Json item_note(const Item& item) {
  Json out;
  out["item"] = item.id;
  out["kind"] = std::string(name_of(item.kind()));
  out["dont_know_in_base"] = item.dont_know_in_base;
  out["options"] = options_of(item);
  out["nets"] = Json::array();
  for (const Net& net : item.nets) out["nets"].push_back({{"id", net.id}, {"codes", net.codes}});
  return out;
}

// Of a banner of items, the answers that everyone in a column gave.
Json given_of(const WaveBook& book, const WaveTables& wave) {
  Json out = Json::array();
  if (book.printed.tables.empty()) return out;
  const BookTable& numbers = book.book.tables.front();
  for (const PrintedColumn& printed : book.printed.tables.front().columns) {
    if (!printed.column) continue;
    const BookColumn& column = numbers.columns[*printed.column];
    if (column.kind != ColumnKind::kCategory) continue;
    const auto& variables = book.book.plan.banner.at(column.group).variables;
    for (size_t at = 0; at < variables.size(); ++at) {
      if (wave.find(variables[at]) == nullptr) continue;  // a field of the frame
      out.push_back({{"group", group_word(printed)},
                     {"item", variables[at]},
                     {"codes", {column.codes.at(at)}},
                     {"alone", variables.size() == 1}});
    }
  }
  return out;
}

// A column and its rest, or the categories of a group, make up the wave.
Json partitions_of(const WaveBook& book) {
  Json out = Json::array();
  if (book.printed.tables.empty()) return out;
  const PrintedTable& printed = book.printed.tables.front();
  const BookTable& numbers = book.book.tables.front();
  for (size_t g = 0; g < book.book.plan.banner.size(); ++g) {
    const bool complete = book.complete.at(g) != 0;
    Json parts = Json::array();
    std::string before;
    for (const PrintedColumn& column : printed.columns) {
      if (!column.column || numbers.columns[*column.column].group != g) continue;
      const ColumnKind kind = numbers.columns[*column.column].kind;
      const std::string word = group_word(column);
      if (kind == ColumnKind::kCategory) parts.push_back(word);
      if (kind == ColumnKind::kRest) {
        out.push_back({{"of", ""}, {"parts", {before, word}}, {"complete", complete}});
      }
      before = word;
    }
    out.push_back({{"of", ""}, {"parts", std::move(parts)}, {"complete", complete}});
  }
  return out;
}

}  // namespace

std::string disclosure_note(const Study& study, const std::vector<WaveTables>& waves,
                            const std::vector<WaveBook>& books) {
  const ReleaseRules rules = release_rules(study.print);
  Json out;
  out["study"] = study.id;
  out["rules"] = {{"count_under", rules.count_under},
                  {"base_under", rules.base_under},
                  {"width", rules.least_span()},
                  {"uniform_under", rules.uniform_under},
                  {"rounding", std::string(name_of(study.print.rounding))}};
  out["waves"] = Json::array();
  for (const WaveTables& wave : waves) {
    Json entry{{"wave", wave.wave}, {"items", Json::array()}};
    for (const ItemTable& table : wave.items) {
      if (table.item.kind() != VariableKind::kNumber) {
        entry["items"].push_back(item_note(table.item));
      } else if (table.whole_to) {
        entry["items"].push_back(number_note(table));
      }
    }
    for (const WaveBook& book : books) {
      if (book.wave != wave.wave) continue;
      entry["partitions"] = partitions_of(book);
      Json given = given_of(book, wave);
      if (!given.empty()) entry["given"] = std::move(given);
    }
    out["waves"].push_back(std::move(entry));
  }
  return out.dump(1) + "\n";
}

}  // namespace barometer
