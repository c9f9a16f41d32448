#include "barometer/estimand/contrast.h"

#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/estimand/contrast_internal.h"

namespace barometer {
namespace {

using Eigen::Index;

// Labels found in an expression, and where the estimates have them.
class Binding {
 public:
  Binding(std::span<const std::string> labels, std::string_view text)
      : labels_(labels), text_(text) {}

  Status bind(ContrastNode& node) const {
    if (node.kind == ContrastNode::Kind::kLabel) node.index = TRY(index_of(node));
    for (ContrastNode& child : node.children) TRY_DONE(bind(child));
    return {};
  }

 private:
  [[nodiscard]] Result<size_t> index_of(const ContrastNode& node) const {
    const auto found = std::ranges::find(labels_, node.text);
    if (found == labels_.end()) {
      const std::vector<std::string> known(labels_.begin(), labels_.end());
      return fail(ErrorCode::kNotFound,
                  with_caret(text_, node.at,
                             fmt::format("there is no estimate '{}'; {}", printable(node.text),
                                         suggestion(node.text, known))));
    }
    if (std::find(found + 1, labels_.end(), node.text) != labels_.end()) {
      return fail(ErrorCode::kInvalid,
                  with_caret(text_, node.at,
                             fmt::format("two estimates are called '{}'", printable(node.text))));
    }
    return static_cast<size_t>(found - labels_.begin());
  }

  std::span<const std::string> labels_;
  std::string_view text_;
};

struct Compiled {
  std::string text;
  ContrastNode root;
};
using Program = std::vector<Compiled>;

Result<Vector> values_of(const Program& program, const Vector& at) {
  Vector values(static_cast<Index>(program.size()));
  for (size_t k = 0; k < program.size(); ++k) {
    values(static_cast<Index>(k)) =
        TRY(evaluated_contrast(program[k].root, at, program[k].text)).value;
  }
  return values;
}

Matrix jacobian_of(const Program& program, const Vector& at) {
  Matrix jacobian(static_cast<Index>(program.size()), at.size());
  for (size_t k = 0; k < program.size(); ++k) {
    const auto row = evaluated_contrast(program[k].root, at, program[k].text);
    CHECK(row.has_value(), "a jacobian is asked for where there is a value");
    jacobian.row(static_cast<Index>(k)) = row->gradient.transpose();
  }
  return jacobian;
}

}  // namespace

Result<Smooth> contrast_function(std::span<const std::string> labels,
                                 std::span<const std::string> expressions) {
  auto program = std::make_shared<Program>();
  for (const std::string& text : expressions) {
    ContrastNode root = TRY(parse_contrast(text));
    TRY_DONE(Binding(labels, text).bind(root));
    program->push_back({text, std::move(root)});
  }
  return Smooth{expressions.size(), [program](const Vector& at) { return values_of(*program, at); },
                [program](const Vector& at) { return jacobian_of(*program, at); }};
}

Smooth linear_contrast(Matrix coefficients) {
  auto shared = std::make_shared<const Matrix>(std::move(coefficients));
  return {static_cast<size_t>(shared->rows()),
          [shared](const Vector& at) -> Result<Vector> { return Vector(*shared * at); },
          [shared](const Vector&) { return *shared; }};
}

Result<Estimated> contrast(const Estimated& estimated, std::span<const std::string> labels,
                           std::span<const std::string> expressions) {
  CHECK(static_cast<Index>(labels.size()) == estimated.value.size(), "one label an estimate");
  return delta_method(estimated, TRY(contrast_function(labels, expressions)));
}

}  // namespace barometer
