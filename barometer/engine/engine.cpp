#include "barometer/engine/engine.h"

namespace barometer {

Result<Cells> Engine::cells(const CellQuery& query, const Progress& progress) const {
  std::optional<Cells> found;
  TRY_DONE(answer({&query, 1}, progress, [&](size_t /*query*/, Cells cells) -> Status {
    found = std::move(cells);
    return {};
  }));
  CHECK(found.has_value(), "an engine answers every query");
  return std::move(*found);
}

}  // namespace barometer
