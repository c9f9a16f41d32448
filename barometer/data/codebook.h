// The codebook: what each column of a dataset means.
//
// A Variable is one column; a battery item is a variable of its own. Codes are those of the data
// file, 0 … 65,000, never reused. File codes below zero are kinds of missing (Missing).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "barometer/base/decimal.h"
#include "barometer/base/result.h"

namespace barometer {

enum class VariableKind {
  kSingle,  // one category
  kMulti,   // any number of categories
  kScale,   // one whole number between scale ends; categories hold labels and off-scale answers
  kNumber,  // a quantity
  kText,    // open text; never published as data
};
std::string_view name_of(VariableKind kind);  // "single", "multi", "scale", "number", "text"

// Why there is no value. The number in a file: -1, -2, -7, -8 (and -9, dropped out, read as -2).
enum class Missing : uint8_t {
  kNone = 0,
  kNotAsked,  // routed past                        -1
  kSystem,    // asked and left blank, or no record -2
  kRefused,   // prefers not to say                 -7
  kDontKnow,  // don't know, when it is no option   -8
};
std::string_view name_of(Missing kind);  // "not asked", "no answer", ...
int file_code(Missing kind);             // -1, -2, -7, -8; 0 for kNone
std::optional<Missing> missing_of_file_code(long long code);

struct Category {
  int code = 0;
  std::string label{};
  bool dont_know =
      false;  // an answer "don't know"; in or out of the base by Variable::dont_know_in_base
};

// A declared union of categories ("likely" = likely + very likely).
struct Net {
  std::string id{};
  std::string label{};
  std::vector<int> codes{};
};

struct Variable {
  std::string id{};  // see is_variable_id
  VariableKind kind = VariableKind::kSingle;
  std::string label{};                 // short; for a battery item the statement
  std::string question{};              // wording as asked, the stem included
  std::string battery{};               // id of the battery; empty when the item stands alone
  std::vector<Category> categories{};  // in order of the questionnaire
  std::vector<Net> nets{};
  std::optional<int> scale_low{};  // scale ends, with kScale
  std::optional<int> scale_high{};
  std::string scale_low_label{};
  std::string scale_high_label{};
  bool dont_know_in_base = true;  // the base rule, per item
  std::string base_text{};        // who was asked, in words
  std::string wording_hash{};     // identity of stem, text and options; empty for non-items

  [[nodiscard]] const Category* category(int code) const;
  [[nodiscard]] const Category* category_labelled(std::string_view label) const;
  [[nodiscard]] const Net* net(std::string_view net_id) const;
  // True when `code` is an answer: a category's code, or a point between the scale ends.
  [[nodiscard]] bool has_code(int code) const;
};

class Codebook {
 public:
  // kInvalid: an id that breaks the rule, or one used twice (letter case does not tell ids apart);
  // a category code twice or outside 0 … 65,000; a multi variable of over 64 options; scale ends
  // missing, out of order or outside the codes; a NET of codes that are not answers.
  Status add(Variable variable);
  [[nodiscard]] const std::vector<Variable>& variables() const& { return variables_; }
  [[nodiscard]] std::optional<size_t> index_of(std::string_view id) const;
  // nullptr when there is none.
  [[nodiscard]] const Variable* find(std::string_view id) const;
  [[nodiscard]] std::vector<std::string> ids() const;
  // As people may write it: an id; else the label of one variable, when no other has that label
  // (the name the column had in its file); else variable_id_of(name).
  [[nodiscard]] std::optional<size_t> index_of_written(std::string_view name) const;

 private:
  std::vector<Variable> variables_;
  std::unordered_map<std::string, size_t> index_;  // by id in lower case
};

// ^[A-Za-z][A-Za-z0-9_]{0,31}$, and no word of the expression language (and, or, not, in, is, has,
// between; in any letter case).
bool is_variable_id(std::string_view id);

// The id under which a file's column is read: the name itself when it is a legal id; else every
// byte that ids cannot hold becomes one '_' for each run, a leading digit gets "v" before it, a
// word of the expression language gets "_" after it, and what passes 32 bytes is cut.
//   "api.stu" -> "api_stu"   "% budget" -> "budget"   "2012" -> "v2012"   "in" -> "in_"
std::string variable_id_of(std::string_view column_name);

}  // namespace barometer
