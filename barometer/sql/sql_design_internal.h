// The design of a table, read by one GROUP BY of its columns.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "barometer/design/design.h"
#include "barometer/sql/sql_table_internal.h"

namespace barometer {

// The bytes that tell values of design columns apart, as a key of a map.
void append_key(std::string& key, const SqlCell& cell);

struct SqlDesign {
  struct Place {
    uint32_t row = 0;   // of the design
    double weight = 1;  // of each case here, when it is not a column
  };

  Design design;
  uint64_t case_count = 0;
  size_t weight_column = 0;
  bool weighted = false;  // by weight_column
  double weight_low = 1, weight_high = 1;
  bool weights_differ = false;    // no column, but more than one weight by place
  std::vector<size_t> columns{};  // whose values say the place of a case: GROUP BY these
  std::unordered_map<std::string, Place> places{};
  std::vector<size_t> replicates{};  // columns
  double replicate_largest = 0;
};

Result<SqlDesign> read_design(SqlTable& table, const DesignColumns& columns,
                              const SqlOptions& options, const Progress& progress);

}  // namespace barometer
