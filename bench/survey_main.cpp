// The benchmark's own program. Words first, then --name value:
//
//   survey_bench files --folder F --n N      data.csv, data.parquet, margins.csv, factors.csv
//                                            and, with --given 1, given.bin
//   survey_bench parquet --file F --n N      that file alone, of any size
//   survey_bench list                        ids of the operations, a line each
//   survey_bench ours --operation ID --n N --threads T [--folder F]
//   survey_bench bandwidth
//   survey_bench sql --operation ID --engine E --data D --n N --threads T
//   survey_bench duckdb --folder F --n N --threads T
//
// Every step prints one line of JSON (measure.h).
#include <cstdio>
#include <cstdlib>
#include <map>

#include <fmt/format.h>

#include "bench/bandwidth.h"
#include "bench/duck.h"
#include "bench/duck_peer.h"
#include "bench/files.h"
#include "bench/ours.h"
#include "bench/sql_run.h"

namespace barometer::bench {
namespace {

class Words {
 public:
  Words(int count, char** words) {
    for (int i = 2; i + 1 < count; i += 2) given_[words[i]] = words[i + 1];
  }
  [[nodiscard]] std::string text(const std::string& name, const std::string& otherwise) const {
    const auto found = given_.find("--" + name);
    return found == given_.end() ? otherwise : found->second;
  }
  [[nodiscard]] size_t number(const std::string& name, size_t otherwise) const {
    const std::string text_given = text(name, "");
    return text_given.empty() ? otherwise : std::strtoull(text_given.c_str(), nullptr, 10);
  }

 private:
  std::map<std::string, std::string> given_;
};

std::vector<Operation> operations() {
  std::vector<Operation> all;
  for (auto* part : {table_operations, weighting_operations, number_operations, data_operations,
                     file_operations}) {
    for (Operation& operation : part()) all.push_back(std::move(operation));
  }
  return all;
}

Status ours(const Words& words) {
  const std::string id = words.text("operation", "table");
  const size_t n = words.number("n", 100000);
  const size_t threads = words.number("threads", 1);
  for (const Operation& operation : operations()) {
    if (operation.id != id) continue;
    const Generator generator(n, operation.shuffled);
    Subject subject{
        .generator = generator, .threads = threads, .folder = words.text("folder", ".")};
    if (!operation.own_data) {
      subject.data = std::make_shared<const Dataset>(TRY(make_dataset(generator)));
    }
    Run run = TRY(operation.prepare(subject));
    std::function<Status()> again;
    if (operation.fresh) {
      again = [&]() -> Status {
        run = nullptr;
        run = TRY(operation.prepare(subject));
        return {};
      };
    }
    const auto measured = TRY(measure({}, [&] { return run(); }, again));
    print_step({"barometer", id, n, threads, operation.note}, measured);
    return {};
  }
  return fail(ErrorCode::kNotFound, fmt::format("there is no operation '{}'", id));
}

Status bandwidth(const Words& words) {
  const size_t megabytes = words.number("megabytes", 512);
  for (const size_t threads : {1U, 2U}) {
    print_step({"memory", "read", megabytes, threads}, TRY(read_sum(megabytes, threads)));
    print_step({"memory", "triad", megabytes, threads}, TRY(triad(megabytes, threads)));
  }
  return {};
}

Status list() {
  for (const Operation& operation : operations()) fmt::print("{}\n", operation.id);
  return {};
}

Status run(const std::string& verb, const Words& words) {
  const std::string folder = words.text("folder", ".");
  const size_t n = words.number("n", 100000);
  const size_t threads = words.number("threads", 1);
  if (verb == "list") return list();
  if (verb == "ours") return ours(words);
  if (verb == "bandwidth") return bandwidth(words);
  if (verb == "files") return write_files(n, folder, words.number("given", 0) != 0);
  if (verb == "parquet") {
    return write_parquet_rows(Generator(n), words.text("file", "data.parquet"), threads);
  }
  if (verb == "sql") {
    return measure_sql({.operation = words.text("operation", "sql"),
                        .engine = words.text("engine", "duckdb"),
                        .data = words.text("data", ""),
                        .n = n,
                        .threads = threads});
  }
  if (verb == "duckdb") return measure_duckdb(folder, n, threads);
  return fail(ErrorCode::kInvalid, fmt::format("there is no word '{}'", verb));
}

}  // namespace
}  // namespace barometer::bench

int main(int count, char** words) {
  const std::string verb = count > 1 ? words[1] : "list";
  const barometer::Status done = barometer::bench::run(verb, barometer::bench::Words(count, words));
  if (done) return 0;
  fmt::print(stderr, "survey_bench: {}\n", done.error().message);
  return 2;
}
