#include "barometer/chart/read_back.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <numbers>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/base/xml.h"

namespace barometer {
namespace {

struct Point {
  double x = 0, y = 0;
};

Point operator+(Point a, Point b) { return {a.x + b.x, a.y + b.y}; }

// All numbers in a path or a transform, in order; letters and commas only separate them.
std::vector<double> numbers_in(std::string_view text) {
  std::vector<double> numbers;
  const char* at = text.data();
  const char* const end = text.data() + text.size();
  while (at < end) {
    double number = 0;
    const auto [next, problem] = std::from_chars(at, end, number);
    if (problem == std::errc()) {
      numbers.push_back(number);
      at = next;
    } else {
      ++at;
    }
  }
  return numbers;
}

// A mark before its place is read against the axis. Both ends in pixels, or in radians.
struct Shape {
  DrawnMark mark;
  bool is_slice = false;
  Point from, to;
};

struct Label {
  std::string words, ink;
  Point place;
};

// Clockwise from twelve o'clock, 0 to 2 pi.
double clock_angle(Point p) {
  const double angle = std::atan2(p.x, -p.y);
  return angle < -1e-9 ? angle + 2 * std::numbers::pi : std::max(0.0, angle);
}

// Vega draws a slice as "M start A rx,ry,0,large,sweep,end L centre Z", the whole circle as two
// arcs, and nothing at all as a line.
bool measure_slice(std::string_view path, Shape& shape) {
  const auto numbers = numbers_in(path);
  const auto arcs = std::count(path.begin(), path.end(), 'A');
  if (numbers.size() < 4) return false;
  const double from = clock_angle({numbers[0], numbers[1]});
  double to = from;
  if (arcs == 1) {
    if (numbers.size() < 9) return false;
    to = clock_angle({numbers[7], numbers[8]});
    if (to < from || (numbers[5] == 1 && to - from < 1)) to += 2 * std::numbers::pi;
  } else if (arcs > 1) {
    to = from + 2 * std::numbers::pi;
  }
  shape.is_slice = true;
  shape.from = {from, from};
  shape.to = {to, to};
  return true;
}

// "M x,y h width v height h -width Z"
bool measure_bar(std::string_view path, Point origin, Shape& shape) {
  const auto numbers = numbers_in(path);
  if (numbers.size() != 5 || path.find('h') == std::string_view::npos) return false;
  const Point corner = origin + Point{numbers[0], numbers[1]};
  const Point opposite = corner + Point{numbers[2], numbers[3]};
  shape.from = {std::min(corner.x, opposite.x), std::min(corner.y, opposite.y)};
  shape.to = {std::max(corner.x, opposite.x), std::max(corner.y, opposite.y)};
  return true;
}

// "M x,lower L x,lower ... L x,upper L x,upper ... Z": there along one edge, back along the other.
// The interval at each reading, as two points.
std::vector<std::pair<Point, Point>> edges_of(std::string_view path, Point origin) {
  const auto numbers = numbers_in(path);
  const size_t readings = numbers.size() / 4;
  std::vector<std::pair<Point, Point>> edges;
  if (numbers.size() % 4 != 0) return edges;
  for (size_t i = 0; i < readings; ++i) {
    const size_t back = 2 * (2 * readings - 1 - i);
    edges.emplace_back(origin + Point{numbers[2 * i], numbers[2 * i + 1]},
                       origin + Point{numbers[back], numbers[back + 1]});
  }
  return edges;
}

// Walks the drawing and keeps what carries a figure's identity or an axis number.
class Reader final : public XmlReader {
 public:
  void open(std::string_view element, const XmlAttributes& attributes) override {
    Point origin = places_.empty() ? Point{} : places_.back();
    if (const auto transform = attribute(attributes, "transform"); !transform.empty()) {
      const auto numbers = numbers_in(transform);
      if (!transform.starts_with("translate(") || numbers.size() != 2) {
        complain(fmt::format("'{}' cannot be measured", transform));
      } else {
        origin = origin + Point{numbers[0], numbers[1]};
      }
    }
    places_.push_back(origin);
    texts_.emplace_back(element == "text" ? attribute(attributes, "data-label") : "");
    if (!texts_.back().empty()) {
      labels_[texts_.back()] = {"", std::string(attribute(attributes, "fill")), origin};
    }
    if (const auto id = attribute(attributes, "data-figure"); !id.empty()) {
      add_mark(id, origin, attributes);
    } else if (const auto of = attribute(attributes, "data-interval"); !of.empty()) {
      intervals_[std::string(of)] = line_of(origin, attributes);
    } else if (const auto ids = attribute(attributes, "data-band"); !ids.empty()) {
      add_band(ids, origin, attributes);
    } else if (const auto entry = attribute(attributes, "data-key"); !entry.empty()) {
      swatches_.emplace_back(attribute(attributes, "fill"));
    } else if (const auto tick = attribute(attributes, "data-grid"); !tick.empty()) {
      const auto numbers = numbers_in(tick);
      if (!numbers.empty()) grid_[numbers.front()] = line_of(origin, attributes);
    }
  }

  void close(std::string_view) override {
    places_.pop_back();
    texts_.pop_back();
  }

  void text(std::string_view words) override {
    if (!texts_.empty() && !texts_.back().empty()) labels_[texts_.back()].words += words;
  }

  Result<std::vector<DrawnMark>> finish() {
    if (!problem_.empty()) return fail(ErrorCode::kInvalid, problem_);
    std::vector<DrawnMark> marks;
    for (Shape& shape : shapes_) {
      add_label(shape.mark);
      if (shape.is_slice) {
        shape.mark.from = shape.from.x / (2 * std::numbers::pi) * 100;
        shape.mark.to = shape.to.x / (2 * std::numbers::pi) * 100;
      } else if (!shape.mark.is_cell) {
        TRY_DONE(measure(shape));
      }
      marks.push_back(std::move(shape.mark));
    }
    return marks;
  }

 private:
  using Line = std::pair<Point, Point>;

  static Line line_of(Point origin, const XmlAttributes& attributes) {
    const auto x = numbers_in(attribute(attributes, "x2"));
    const auto y = numbers_in(attribute(attributes, "y2"));
    return {origin, origin + Point{x.empty() ? 0 : x[0], y.empty() ? 0 : y[0]}};
  }

  void add_label(DrawnMark& mark) const {
    const auto swatch = std::find(swatches_.begin(), swatches_.end(), mark.fill);
    if (swatch != swatches_.end()) {
      mark.key_entry = static_cast<size_t>(swatch - swatches_.begin());
    }
    const auto label = labels_.find(mark.figure_id);
    if (label == labels_.end()) return;
    const Point at = label->second.place;
    mark.printed = label->second.words;
    mark.ink = label->second.ink;
    mark.label_inside =
        at.x > mark.left && at.x < mark.right && at.y > mark.top && at.y < mark.bottom;
  }

  Status measure(Shape& shape) const {
    DrawnMark& mark = shape.mark;
    mark.from = TRY(on_axis(shape.from));
    mark.to = TRY(on_axis(shape.to));
    if (mark.from > mark.to) std::swap(mark.from, mark.to);
    const auto interval = intervals_.find(mark.figure_id);
    const auto band = bands_.find(mark.figure_id);
    if (interval == intervals_.end() && band == bands_.end()) return {};
    if (band != bands_.end() && std::abs(band->second.first.x - shape.from.x) > 0.02) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("the band of figure {} does not lie at its reading", mark.figure_id));
    }
    const Line& line = interval != intervals_.end() ? interval->second : band->second;
    const double a = TRY(on_axis(line.first));
    const double b = TRY(on_axis(line.second));
    mark.lower = std::min(a, b);
    mark.upper = std::max(a, b);
    return {};
  }

  void add_band(std::string_view ids, Point origin, const XmlAttributes& attributes) {
    const auto edges = edges_of(attribute(attributes, "d"), origin);
    const auto figures = split(ids, ' ');
    if (edges.size() != figures.size()) {
      complain(fmt::format("the band of {} figures has {} readings", figures.size(), edges.size()));
      return;
    }
    for (size_t i = 0; i < edges.size(); ++i) bands_[figures[i]] = edges[i];
  }

  void add_mark(std::string_view id, Point origin, const XmlAttributes& attributes) {
    Shape shape;
    shape.mark.is_cell = !attribute(attributes, "data-cell").empty();
    shape.mark.fill = attribute(attributes, "fill");
    shape.mark.figure_id = id;
    shape.mark.description = attribute(attributes, "aria-label");
    const auto kind = attribute(attributes, "aria-roledescription");
    const auto path = attribute(attributes, "d");
    bool is_measured = kind == "point";
    if (is_measured) shape.from = shape.to = origin;
    if (kind == "arc mark") is_measured = measure_slice(path, shape);
    if (kind == "rect mark") {
      is_measured = measure_bar(path, origin, shape);
      std::tie(shape.mark.left, shape.mark.top) = std::pair(shape.from.x, shape.from.y);
      std::tie(shape.mark.right, shape.mark.bottom) = std::pair(shape.to.x, shape.to.y);
    }
    if (!is_measured) {
      complain(fmt::format("figure {} is drawn as a '{}' that cannot be measured", id, kind));
    }
    shapes_.push_back(std::move(shape));
  }

  // The axis lies along whichever direction its grid lines differ in.
  [[nodiscard]] Result<double> on_axis(Point p) const {
    if (grid_.size() < 2) return fail(ErrorCode::kInvalid, "the drawing has no axis");
    const auto& [low, low_line] = *grid_.begin();
    const auto& [high, high_line] = *grid_.rbegin();
    const Point a = low_line.first;
    const Point b = high_line.first;
    const bool is_horizontal = std::abs(b.x - a.x) > std::abs(b.y - a.y);
    const double share = is_horizontal ? (p.x - a.x) / (b.x - a.x) : (p.y - a.y) / (b.y - a.y);
    if (!std::isfinite(share)) return fail(ErrorCode::kInvalid, "the axis has no length");
    return low + share * (high - low);
  }

  void complain(std::string problem) {
    if (problem_.empty()) problem_ = std::move(problem);
  }

  std::vector<Point> places_;       // of the open elements
  std::vector<std::string> texts_;  // the figure whose label each open element is, or nothing
  std::vector<Shape> shapes_;
  std::map<std::string, Line> intervals_;
  std::map<std::string, Line> bands_;  // the interval at each figure
  std::map<std::string, Label> labels_;
  std::vector<std::string> swatches_;  // of the key, in order
  std::map<double, Line> grid_;
  std::string problem_;
};

}  // namespace

Result<std::vector<DrawnMark>> read_back(std::string_view svg) {
  Reader reader;
  Status read = read_xml(svg, reader);
  if (!read) return tl::unexpected(std::move(read).error().in("the drawing"));
  return reader.finish();
}

}  // namespace barometer
