#include "barometer/chart/read_back.h"
namespace barometer {
Result<std::vector<DrawnMark>> read_back(std::string_view) {
  return fail(ErrorCode::kUnsupported, "");
}
}  // namespace barometer
