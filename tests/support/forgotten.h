// Whether anything of a person is left in a database of fieldwork: each text column of each table
// that can hold something of a person gets a mark, and after the erasure the mark is looked for in
// every column of every table. A column that is new is marked too, until it is named here as one
// that says nothing of a person.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "barometer/journal/database.h"

namespace barometer::testing {

inline constexpr const char* kMark = "Zyxwvuts-of-the-erased";

using TableColumns = std::map<std::string, std::vector<std::string>>;

// Text columns by table.
inline TableColumns text_columns(Database& database) {
  TableColumns found;
  const Status read =
      database.ask(database.is_postgresql()
                       ? "SELECT table_name, column_name FROM information_schema.columns "
                         "WHERE table_schema = current_schema() AND data_type = 'text'"
                       : "SELECT m.name, p.name FROM sqlite_master m, pragma_table_info(m.name) p "
                         "WHERE m.type = 'table' AND p.type = 'TEXT'",
                   {}, [&](const DbRow& row) -> Status {
                     found[std::string(row.text(0))].emplace_back(row.text(1));
                     return {};
                   });
  EXPECT_TRUE(read);
  return found;
}

// Keys, words of ours, and what the outcome rates need (docs/contact.md, "Forgetting").
inline bool stays(const std::string& table, const std::string& column) {
  static const TableColumns kept = {
      {"person", {"wave", "id", "role", "state", "shared_by"}},
      {"person_organisation", {"wave", "person", "organisation"}},
      {"contact_event", {"wave", "person", "kind", "channel", "made_by"}},
      {"mail", {"wave", "person", "step", "state", "claim"}},
      {"token", {"wave", "person"}}};
  const auto found = kept.find(table);
  return found != kept.end() && std::ranges::count(found->second, column) > 0;
}

// How many columns of rows of this person now hold the mark.
inline int mark_all_of(Database& database, const std::string& wave, const std::string& person) {
  int marked = 0;
  for (const auto& [table, columns] : text_columns(database)) {
    const bool is_person = table == "person";
    if (!is_person && std::ranges::count(columns, "person") == 0) continue;
    for (const std::string& column : columns) {
      if (stays(table, column)) continue;
      const auto done = database.run(fmt::format("UPDATE {} SET {} = ? WHERE wave = ? AND {} = ?",
                                                 table, column, is_person ? "id" : "person"),
                                     {std::string(kMark), wave, person});
      EXPECT_TRUE(done) << table << "." << column << ": " << done.error().message;
      EXPECT_GT(done.value_or(0), 0) << table << " has no row of the person to mark";
      ++marked;
    }
  }
  return marked;
}

// "table.column" where the mark is.
inline std::vector<std::string> marked_columns(Database& database) {
  std::vector<std::string> found;
  for (const auto& [table, columns] : text_columns(database)) {
    for (const std::string& column : columns) {
      const auto count =
          database.ask_whole(fmt::format("SELECT count(*) FROM {} WHERE {} LIKE ?", table, column),
                             {fmt::format("%{}%", kMark)});
      EXPECT_TRUE(count);
      if (count && count->value_or(0) > 0) found.push_back(table + "." + column);
    }
  }
  return found;
}

// Files in which the mark stands as bytes, but for those under a folder of this name.
inline std::vector<std::string> marked_files(const std::filesystem::path& folder,
                                             const std::string& but = "-") {
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const std::string name = entry.path().lexically_relative(folder).string();
    if (!entry.is_regular_file() || name.find(but) != std::string::npos) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string all{std::istreambuf_iterator<char>(in), {}};
    if (all.find(kMark) != std::string::npos) found.push_back(name);
  }
  return found;
}

}  // namespace barometer::testing
