#include "barometer/estimand/domains.h"

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/estimand/columns_internal.h"

namespace barometer {
namespace {

using Eigen::Index;

constexpr size_t kMaxCells = 10'000;
constexpr size_t kMaxMaskBytes = size_t{1} << 32;

class OverDomains final : public Functional {
 public:
  OverDomains(std::vector<FunctionalPtr> parts, std::vector<std::string> labels)
      : parts_(std::move(parts)), labels_(std::move(labels)), stacked_(stacked(parts_)) {
    width_ = parts_.front()->size();
    for (const auto& part : parts_) {
      CHECK(part->size() == width_, "every domain has the same entries");
    }
  }
  [[nodiscard]] size_t size() const override { return width_ * parts_.size(); }
  [[nodiscard]] Domain domain() const& override { return stacked_->domain(); }
  [[nodiscard]] Result<Vector> value(std::span<const double> weights) const override {
    Vector all;
    for (size_t cell = 0; cell < parts_.size(); ++cell) {
      auto value = parts_[cell]->value(weights);
      if (!value) return tl::unexpected(named(std::move(value).error(), cell));
      if (cell == 0) all.resize(static_cast<Index>(size()));  // a part too large has no value
      for (size_t entry = 0; entry < width_; ++entry) {
        all(place(cell, entry)) = (*value)(static_cast<Index>(entry));
      }
    }
    return all;
  }
  [[nodiscard]] Result<Matrix> influence(std::span<const double> weights,
                                         const Vector& value) const override {
    Matrix all(static_cast<Index>(weights.size()), static_cast<Index>(size()));
    Vector own(static_cast<Index>(width_));
    for (size_t cell = 0; cell < parts_.size(); ++cell) {
      for (size_t entry = 0; entry < width_; ++entry) {
        own(static_cast<Index>(entry)) = value(place(cell, entry));
      }
      auto influence = parts_[cell]->influence(weights, own);
      if (!influence) return tl::unexpected(named(std::move(influence).error(), cell));
      for (size_t entry = 0; entry < width_; ++entry) {
        all.col(place(cell, entry)) = influence->col(static_cast<Index>(entry));
      }
    }
    return all;
  }

 private:
  [[nodiscard]] Index place(size_t cell, size_t entry) const {
    return static_cast<Index>(entry * parts_.size() + cell);
  }
  [[nodiscard]] Error named(Error error, size_t cell) const {
    return labels_[cell].empty() ? error : std::move(error).in(printable(labels_[cell]));
  }

  std::vector<FunctionalPtr> parts_;
  std::vector<std::string> labels_;
  FunctionalPtr stacked_;
  size_t width_ = 0;
};

// Every combination of levels, the first variable fastest.
Result<std::vector<DomainCell>> every_cell(const std::vector<Levels>& levels) {
  size_t count = 1;
  for (const Levels& variable : levels) {
    count *= variable.labels.size();
    if (count > kMaxCells) {
      return fail(ErrorCode::kLimit, fmt::format("the variables make over {} domains", kMaxCells));
    }
  }
  std::vector<DomainCell> cells(count);
  for (size_t cell = 0; cell < count; ++cell) {
    size_t rest = cell;
    for (const Levels& variable : levels) {
      cells[cell].parts.push_back(variable.labels[rest % variable.labels.size()]);
      rest /= variable.labels.size();
    }
    cells[cell].label = join(cells[cell].parts, ".");
  }
  return cells;
}

// The cell of a case, or nothing where a variable is missing.
std::optional<size_t> cell_of(const std::vector<Levels>& levels, size_t row) {
  size_t cell = 0, step = 1;
  for (const Levels& variable : levels) {
    if (variable.codes[row] < 0) return std::nullopt;
    cell += step * static_cast<size_t>(variable.codes[row]);
    step *= variable.labels.size();
  }
  return cell;
}

}  // namespace

Result<std::vector<DomainCell>> domains_of(const Dataset& data, std::span<const std::string> by,
                                           Domain where, std::span<const double> weights) {
  CHECK(where.empty() || where.size() == data.case_count(), "one byte a case");
  CHECK(weights.empty() || weights.size() == data.case_count(), "one weight a case");
  std::vector<Levels> levels;
  for (const std::string& name : by) levels.push_back(TRY(levels_written(data, name)));
  std::vector<DomainCell> cells = TRY(every_cell(levels));
  size_t found_cells = 0;
  for (size_t row = 0; row < data.case_count(); ++row) {
    if (!in_domain(where, static_cast<Index>(row))) continue;
    if (!weights.empty() && weights[row] == 0) continue;
    const auto cell = cell_of(levels, row);
    if (!cell) continue;
    DomainCell& found = cells[*cell];
    if (found.mask.empty()) {
      if (++found_cells * data.case_count() > kMaxMaskBytes) {
        return fail(ErrorCode::kLimit,
                    fmt::format("over {} domains of {} cases", found_cells - 1, data.case_count()));
      }
      found.mask.assign(data.case_count(), 0);
    }
    found.mask[row] = 1;
    ++found.n;
  }
  std::erase_if(cells, [](const DomainCell& cell) { return cell.n == 0; });
  if (cells.empty()) {
    return fail(ErrorCode::kInvalid,
                by.empty() ? std::string("there is no case in the base")
                           : fmt::format("no case in the base has {}", join(by, " and ")));
  }
  return cells;
}

FunctionalPtr over_domains(std::span<const DomainCell> cells,
                           const std::function<FunctionalPtr(std::vector<uint8_t>)>& make) {
  CHECK(!cells.empty(), "there is a domain");
  std::vector<FunctionalPtr> parts;
  std::vector<std::string> labels;
  for (const DomainCell& cell : cells) {
    parts.push_back(make(cell.mask));
    labels.push_back(cell.label);
  }
  return std::make_shared<OverDomains>(std::move(parts), std::move(labels));
}

std::vector<std::string> labels_over(std::span<const DomainCell> cells,
                                     std::span<const std::string> entries) {
  std::vector<std::string> labels;
  for (const std::string& entry : entries) {
    for (const DomainCell& cell : cells) {
      labels.push_back(cell.label.empty() ? entry : fmt::format("{}:{}", cell.label, entry));
    }
  }
  return labels;
}

}  // namespace barometer
