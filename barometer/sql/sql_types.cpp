#include <algorithm>
#include <array>
#include <span>

#include "barometer/base/text.h"
#include "barometer/sql/sql_table_internal.h"

namespace barometer {
namespace {

bool is_one_of(std::string_view type, std::span<const std::string_view> names) {
  return std::ranges::find(names, type) != names.end();
}

bool begins(std::string_view type, std::span<const std::string_view> names) {
  return std::ranges::any_of(names, [&](std::string_view name) { return type.starts_with(name); });
}

// "nullable(lowcardinality(string))" -> "string"
std::string_view unwrapped(std::string_view type) {
  for (const std::string_view wrapper : {"nullable(", "lowcardinality(", "nullable("}) {
    if (type.starts_with(wrapper) && type.ends_with(')')) {
      type = type.substr(wrapper.size(), type.size() - wrapper.size() - 1);
    }
  }
  return type;
}

constexpr std::array<std::string_view, 12> kWholes = {
    "tinyint", "smallint", "integer", "utinyint", "usmallint", "uinteger",
    "int8",    "int16",    "int32",   "uint8",    "uint16",    "uint32"};
constexpr std::array<std::string_view, 10> kLongWholes = {
    "bigint", "hugeint", "ubigint", "uhugeint", "int64",
    "uint64", "int128",  "uint128", "int256",   "uint256"};
constexpr std::array<std::string_view, 7> kFractions = {
    "float", "double", "real", "double precision", "numeric", "float32", "float64"};
// Beginnings.
constexpr std::array<std::string_view, 14> kTexts = {
    "varchar", "text", "char",        "date",     "time", "uuid", "enum",
    "string",  "inet", "fixedstring", "interval", "ipv",  "name", "bpchar"};

}  // namespace

std::optional<FileColumn> column_of_type(SqlServer server, std::string name, std::string_view type,
                                         bool& may_pass_doubles) {
  const std::string lower = lowered(type);
  const std::string_view bare =
      server == SqlServer::kClickhouse ? unwrapped(lower) : std::string_view(lower);
  FileColumn column{.name = std::move(name)};
  may_pass_doubles = is_one_of(bare, kLongWholes);
  if (bare.ends_with(']')) return std::nullopt;
  if (bare == "boolean" || bare == "bool") {
    column.type = FileType::kBoolean;
  } else if (is_one_of(bare, kWholes) || may_pass_doubles) {
    column.type = FileType::kNumber;
    column.whole = true;
  } else if (is_one_of(bare, kFractions) || bare.starts_with("decimal")) {
    column.type = FileType::kNumber;
  } else if (!begins(bare, kTexts)) {
    return std::nullopt;
  }
  return column;
}

}  // namespace barometer
