// A table behind a connection: its columns as variables, and what is asked of them more than once.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "barometer/sql/connection_internal.h"
#include "barometer/sql/limbs.h"

namespace barometer {

struct NumberFacts {
  uint64_t known = 0;  // cases with a value
  double low = 0, high = 0;
  double centre = 0;  // near the mean; only of number_centres()

  [[nodiscard]] double largest() const;  // of |x|
};

class SqlTable {
  struct Token {};

 public:
  // For open() only.
  explicit SqlTable(Token) {}
  static Result<std::unique_ptr<SqlTable>> open(const SqlSource& source, const SqlOptions& options,
                                                const Progress& progress);

  [[nodiscard]] const Dialect& dialect() const { return *dialect_; }
  [[nodiscard]] const std::string& from() const& { return from_; }
  [[nodiscard]] const std::string& name() const& { return name_; }
  // One a variable of the codebook.
  [[nodiscard]] const std::vector<FileColumn>& columns() const& { return columns_; }
  // Texts are singles without categories until these are asked for.
  [[nodiscard]] const Codebook& codebook() const& { return codebook_; }
  [[nodiscard]] std::string value(size_t column) const {
    return sql_value(*dialect_, columns_[column]);
  }
  // Begins the name of no column.
  [[nodiscard]] const std::string& alias() const& { return alias_; }
  // kNotFound with the nearest names.
  [[nodiscard]] Result<size_t> written(const std::string& name) const;

  // `begin` comes before the first row, and again before those of another attempt.
  Status run(const SqlStatement& statement, const Progress& progress,
             const std::function<void()>& begin, const SqlRowUser& use);
  // All rows of a small answer of text, "" for NULL.
  Result<std::vector<std::vector<std::string>>> texts(const std::string& sql, size_t columns,
                                                      const Progress& progress);

  // The variable with its categories or, of too many different texts, as open text.
  Result<const Variable*> variable(size_t column, const Progress& progress);
  // kInvalid: a value that is not finite. Each column is looked at once.
  Result<std::vector<NumberFacts>> number_facts(const std::vector<size_t>& columns,
                                                const Progress& progress);
  // The same with the centre, a mean worked out exactly.
  Result<std::vector<NumberFacts>> number_centres(const std::vector<size_t>& columns,
                                                  const Progress& progress);

 private:
  Status describe_table(const SqlSource& source, const Progress& progress);
  Status make_codebook();

  const Dialect* dialect_ = nullptr;
  SqlConnectionPtr connection_;
  int retries_ = 0;
  size_t max_categories_ = 0;
  std::string name_, from_, alias_ = "c";
  std::vector<FileColumn> columns_;
  Codebook codebook_;
  std::map<size_t, Variable> variables_;
  std::map<size_t, NumberFacts> facts_;
  std::map<size_t, NumberFacts> centres_;
};

// What a server's type is to us; nothing for what holds no single values. Whole numbers of 64 bits
// and more may pass what a double holds.
std::optional<FileColumn> column_of_type(SqlServer server, std::string name, std::string_view type,
                                         bool& may_pass_doubles);

}  // namespace barometer
