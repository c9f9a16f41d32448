#include "bench/files.h"

#include <array>
#include <bit>
#include <fstream>

#include <fmt/format.h>

#include "bench/duck.h"
#include "bench/generate.h"
#include "bench/ours.h"

namespace barometer::bench {
namespace {

namespace fs = std::filesystem;

Status finished(std::ofstream& out, const fs::path& file) {
  out.close();
  if (!out) return fail(ErrorCode::kIo, fmt::format("cannot write '{}'", file.string()));
  return {};
}

void append_row(fmt::memory_buffer& text, const SurveyRow& row) {
  const auto to = fmt::appender(text);
  fmt::format_to(to, "{},{},{},{}.{:06},{}", row.stratum, row.psu, row.fpc,
                 row.weight_micro / 1000000, row.weight_micro % 1000000, row.income);
  for (const uint8_t code : row.question) fmt::format_to(to, ",{}", code);
  for (const uint8_t code : row.banner) fmt::format_to(to, ",{}", code);
  text.push_back('\n');
}

Status write_csv_rows(const Generator& generator, const fs::path& file) {
  std::ofstream out(file, std::ios::binary);
  fmt::memory_buffer text;
  fmt::format_to(fmt::appender(text), "{}\n", fmt::join(column_names(), ","));
  for (uint64_t i = 0; i < generator.rows(); ++i) {
    append_row(text, generator.row(i));
    if (text.size() < (size_t{1} << 20)) continue;
    out.write(text.data(), static_cast<std::streamsize>(text.size()));
    text.clear();
  }
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  return finished(out, file);
}

Status write_margins(const Dataset& data, const fs::path& file) {
  std::ofstream out(file);
  out << "variable,category,population\n";
  for (const Margin& margin : population_margins(data)) {
    for (size_t k = 0; k < margin.totals.size(); ++k) {
      out << fmt::format("{},{},{:.17g}\n", margin.variables[0], margin.levels[k][0],
                         margin.totals[k]);
    }
  }
  return finished(out, file);
}

Status write_factors(const Subject& subject, const fs::path& folder) {
  const Matrix factors = TRY(replicate_factors_by_psu(subject));
  std::ofstream out(folder / "factors.csv");
  for (Eigen::Index psu = 0; psu < factors.rows(); ++psu) {
    for (Eigen::Index r = 0; r < factors.cols(); ++r) {
      out << (r == 0 ? "" : ",") << fmt::format("{:.17g}", factors(psu, r));
    }
    out << "\n";
  }
  TRY_DONE(finished(out, folder / "factors.csv"));
  std::ofstream scale(folder / "scale.txt");
  scale << fmt::format("{:.17g}\n", replicate_scale());
  return finished(scale, folder / "scale.txt");
}

Status write_given(const Subject& subject, const fs::path& file) {
  const Sample sample = TRY(replicated_sample(subject, {Weighting::kReplicatesGiven}));
  const Matrix& weights = sample.replicates()->weights;
  std::ofstream out(file, std::ios::binary);
  for (const double weight : weights.reshaped()) {
    const auto bytes = std::bit_cast<std::array<char, sizeof(double)>>(weight);
    out.write(bytes.data(), bytes.size());
  }
  return finished(out, file);
}

}  // namespace

Status write_files(size_t n, const fs::path& folder, bool given) {
  std::error_code ignored;
  fs::create_directories(folder, ignored);
  const Generator generator(n);
  TRY_DONE(write_csv_rows(generator, folder / "data.csv"));
  TRY_DONE(write_parquet_rows(generator, folder / "data.parquet", 2));
  const Subject subject{.generator = generator,
                        .data = std::make_shared<const Dataset>(TRY(make_dataset(generator)))};
  TRY_DONE(write_margins(*subject.data, folder / "margins.csv"));
  TRY_DONE(write_factors(subject, folder));
  return given ? write_given(subject, folder / "given.bin") : Status{};
}

}  // namespace barometer::bench
