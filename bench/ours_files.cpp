#include <filesystem>

#include <fmt/format.h>

#include "barometer/io/sav.h"
#include "bench/ours.h"

namespace barometer::bench {
namespace {

constexpr size_t kWide = 100;

// The columns again and again under further names, as bench/peers/haven.R has
// them.
Result<Dataset> wide_dataset(const Dataset& data) {
  Codebook codebook;
  std::vector<Column> columns;
  for (size_t i = 0; i < kWide; ++i) {
    Variable variable = data.codebook().variables()[i % kColumns];
    if (i >= kColumns) variable.id = variable.label = fmt::format("v{}", i + 1);
    TRY_DONE(codebook.add(std::move(variable)));
    columns.push_back(data.column(i % kColumns));
  }
  return Dataset::make(std::move(codebook), std::move(columns));
}

std::filesystem::path file_of(const Subject& subject) {
  return std::filesystem::path(subject.folder) /
         fmt::format("wide{}.sav", subject.data->case_count());
}

Result<Run> write(const Subject& subject) {
  const auto wide = std::make_shared<const Dataset>(TRY(wide_dataset(*subject.data)));
  return Run([=]() -> Result<Found> {
    TRY_DONE(
        write_sav(*wide, file_of(subject), {.threads = static_cast<unsigned>(subject.threads)}));
    return Found{.value = {static_cast<double>(wide->case_count())}};
  });
}

Result<Run> read(const Subject& subject) {
  const auto file = file_of(subject);
  TRY_DONE(write_sav(TRY(wide_dataset(*subject.data)), file));
  return Run([=]() -> Result<Found> {
    const SavData found = TRY(read_sav(file, {.threads = static_cast<unsigned>(subject.threads)}));
    return Found{.value = {static_cast<double>(found.data.case_count())}};
  });
}

}  // namespace

std::vector<Operation> file_operations() {
  return {{.id = "sav_write", .prepare = write}, {.id = "sav_read", .prepare = read}};
}

}  // namespace barometer::bench
