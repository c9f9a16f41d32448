// Variable ids for the columns of a file.
#pragma once

#include <string>
#include <vector>

namespace barometer {

// An id a column: variable_id_of(name), with _2, _3 … when another column has it. A name that is an
// id keeps it, whatever stands before: what is asked for as it is written is what is found.
std::vector<std::string> column_ids(const std::vector<std::string>& names);

}  // namespace barometer
