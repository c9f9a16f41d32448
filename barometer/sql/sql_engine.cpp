#include "barometer/sql/sql_engine.h"

#include <deque>
#include <mutex>

#include "barometer/sql/sql_answer_internal.h"
#include "barometer/sql/sql_union_internal.h"

namespace barometer {
namespace {

// Some queries on their way: planned in order, asked as many at once as one union takes, and handed
// out in order, so that only the answers of one union are held.
class Request {
 public:
  Request(SqlTable& table, const SqlDesign& design, std::span<const CellQuery> queries,
          const Progress& progress)
      : table_(table), design_(design), queries_(queries), progress_(progress) {}

  [[nodiscard]] bool done() const { return planned_ == queries_.size() && waiting_.empty(); }

  Status ask() {
    SqlUnion all(table_.dialect(), table_.alias());
    std::vector<Part> asked;
    while (true) {
      if (waiting_.empty() && planned_ < queries_.size()) TRY_DONE(plan(queries_[planned_++]));
      if (waiting_.empty() || !all.add(waiting_.front().statement())) break;
      asked.push_back(waiting_.front());
      waiting_.pop_front();
    }
    const auto begin = [&] {
      for (const Part& part : asked) part.begin();
    };
    const SqlUnion::RowUser add = [&](size_t part, SqlRow row) { return asked[part].add(row); };
    return table_.run(all.statement(), progress_, begin,
                      [&](SqlRow row) { return all.route(row, add); });
  }

  // Those that were asked as a whole.
  Status hand_out(const std::function<Status(size_t query, Cells cells)>& use) {
    while (!answers_.empty() &&
           (waiting_.empty() || waiting_.front().answer != &answers_.front())) {
      TRY_DONE(use(handed_out_++, TRY(answers_.front().take())));
      answers_.pop_front();
      progress_.report("summing in the database", handed_out_, queries_.size());
    }
    return {};
  }

 private:
  struct Part {
    SqlAnswer* answer = nullptr;
    bool replicates = false;

    [[nodiscard]] const SqlStatement& statement() const& {
      return replicates ? answer->replicate_statement() : answer->statement();
    }
    void begin() const { replicates ? answer->begin_replicates() : answer->begin(); }
    [[nodiscard]] Status add(SqlRow row) const {
      return replicates ? answer->add_replicates(row) : answer->add(row);
    }
  };

  Status plan(const CellQuery& query) {
    SqlAnswer& answer = answers_.emplace_back(table_, design_, query);
    TRY_DONE(answer.plan(progress_));
    waiting_.push_back({&answer, false});
    if (query.replicates) waiting_.push_back({&answer, true});
    return {};
  }

  SqlTable& table_;
  const SqlDesign& design_;
  std::span<const CellQuery> queries_;
  const Progress& progress_;
  size_t planned_ = 0, handed_out_ = 0;
  std::deque<SqlAnswer> answers_;  // planned and not handed out
  std::deque<Part> waiting_;       // of those, planned and not asked
};

class SqlEngine final : public Engine {
 public:
  SqlEngine(std::unique_ptr<SqlTable> table, SqlDesign design)
      : table_(std::move(table)), design_(std::move(design)) {}

  [[nodiscard]] const Design& design() const& override { return design_.design; }
  [[nodiscard]] uint64_t case_count() const override { return design_.case_count; }
  [[nodiscard]] const Codebook& codebook() const& override { return table_->codebook(); }

  Status answer(std::span<const CellQuery> queries, const Progress& progress,
                const std::function<Status(size_t query, Cells cells)>& use) const override {
    progress.report("summing in the database", 0, queries.size());
    Request request(*table_, design_, queries, progress);
    while (!request.done()) {
      {
        const std::lock_guard lock(mutex_);
        TRY_DONE(request.ask());
      }
      TRY_DONE(request.hand_out(use));
    }
    return {};
  }

 private:
  std::unique_ptr<SqlTable> table_;
  SqlDesign design_;
  mutable std::mutex mutex_;
};

}  // namespace

Result<std::unique_ptr<Engine>> open_sql_engine(const SqlSource& source,
                                                const DesignColumns& columns,
                                                const SqlOptions& options,
                                                const Progress& progress) {
  std::unique_ptr<SqlTable> table = TRY(SqlTable::open(source, options, progress));
  SqlDesign design = TRY(read_design(*table, columns, options, progress));
  return std::make_unique<SqlEngine>(std::move(table), std::move(design));
}

}  // namespace barometer
