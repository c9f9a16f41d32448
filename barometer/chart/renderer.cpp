#include "barometer/chart/renderer.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <jsc/jsc.h>

#include "barometer/base/assets.h"
#include "barometer/base/html.h"
#include "barometer/base/text.h"
#include "barometer/chart/typesetter.h"
#include "barometer/chart/vega_lite.h"

namespace barometer {
namespace {

struct Unref {
  void operator()(gpointer object) const { g_object_unref(object); }
};
template <class T>
using Held = std::unique_ptr<T, Unref>;

// What Vega expects of its host and JavaScriptCore alone does not have.
constexpr std::string_view kHost = R"js(
globalThis.self = globalThis;
globalThis.console = {log() {}, info() {}, warn() {}, error() {}, debug() {}};
globalThis.setTimeout = () => 0;
globalThis.clearTimeout = () => {};
globalThis.structuredClone = (value) => JSON.parse(JSON.stringify(value));
)js";

// One drawing at a time: an answer is ready when the call returns, since nothing is loaded.
constexpr std::string_view kDraw = R"js(
vega.textMetrics.width = (item, text) =>
    text == null ? 0 : textWidth(String(text), String(item.font || 'sans-serif'),
        Number(item.fontSize == null ? 11 : item.fontSize),
        item.fontWeight === 'bold' || Number(item.fontWeight) >= 600);
globalThis.answer = {svg: '', trouble: ''};
globalThis.draw = (text) => {
  answer.svg = answer.trouble = '';
  const say = (...words) => { answer.trouble = answer.trouble || words.map(String).join(' '); };
  const quiet = () => logger;
  const logger = {level: quiet, error: say, warn: say, info: quiet, debug: quiet};
  const refuse = {load: () => Promise.reject(new Error('nothing is loaded')),
                  sanitize: () => Promise.reject(new Error('nothing is loaded')),
                  http: () => Promise.reject(new Error('nothing is loaded')),
                  file: () => Promise.reject(new Error('nothing is loaded'))};
  const spec = vegaLite.compile(JSON.parse(text), {logger}).spec;
  const view = new vega.View(vega.parse(spec), {renderer: 'none', logger, loader: refuse});
  view.toSVG().then((svg) => { answer.svg = svg; view.finalize(); }, say);
};
)js";

std::string text_of(JSCValue* value) {
  gchar* raw = jsc_value_to_string(value);
  std::string text = raw ? raw : "";
  g_free(raw);
  return text;
}

// The pending exception's words, or nothing.
std::optional<std::string> exception_in(JSCContext* context) {
  JSCException* exception = jsc_context_get_exception(context);
  if (!exception) return std::nullopt;
  const char* message = jsc_exception_get_message(exception);
  std::string text = message ? message : "an exception without a message";
  jsc_context_clear_exception(context);
  return text;
}

double text_width(const char* text, const char* family, double size, gboolean bold,
                  gpointer typesetter) {
  return static_cast<const Typesetter*>(typesetter)->width(text, {family, size, bold != FALSE});
}

// aria-label="Likely: 63% (figure w3-leave)" becomes data-figure="w3-leave" aria-label="Likely:
// 63%". Intervals, bands, visible labels, swatches and axis numbers repeat what the figure says:
// they keep their identity and are hidden from screen readers.
std::string with_identities(std::string_view svg) {
  constexpr std::string_view kLabel = "aria-label=\"";
  std::string out;
  out.reserve(svg.size() + svg.size() / 8);
  size_t done = 0;
  for (size_t at = svg.find(kLabel); at != std::string_view::npos; at = svg.find(kLabel, done)) {
    const size_t begin = at + kLabel.size();
    const size_t end = svg.find('"', begin);
    if (end == std::string_view::npos) break;
    const std::string_view label = svg.substr(begin, end - begin);
    out += svg.substr(done, at - done);
    done = end + 1;
    const size_t open = label.rfind(" (");
    const size_t space = label.find(' ', std::min(label.size(), open + 2));
    const bool is_marked = open != std::string_view::npos && space != std::string_view::npos &&
                           space > open + 2 && label.back() == ')';
    const auto kind = is_marked ? label.substr(open + 2, space - open - 2) : std::string_view();
    const auto id = is_marked ? label.substr(space + 1, label.size() - space - 2) : kind;
    if (kind == "figure") {
      out += fmt::format("data-figure=\"{}\" aria-label=\"{}\"", id, label.substr(0, open));
    } else if (kind == "cell") {
      out += fmt::format("data-figure=\"{0}\" data-cell=\"{0}\" aria-label=\"{1}\"", id,
                         label.substr(0, open));
    } else if (kind == "interval" || kind == "label" || kind == "tick" || kind == "grid" ||
               kind == "band" || kind == "key") {
      out += fmt::format("data-{}=\"{}\" aria-hidden=\"true\"", kind, id);
    } else {
      out += svg.substr(at, done - at);
    }
  }
  out += svg.substr(done);
  return out;
}

// The picture as one image with a name and a text alternative.
Result<std::string> accessible(std::string svg, const Chart& chart) {
  const size_t end = svg.find('>');
  if (!svg.starts_with("<svg") || end == std::string::npos) {
    return fail(ErrorCode::kInvalid, "Vega drew no SVG");
  }
  const std::string id = escaped_markup(chart.id);
  svg.insert(end + 1, fmt::format("<title id=\"{0}-title\">{1}</title><desc id=\"{0}-desc\">{2}"
                                  "</desc>",
                                  id, escaped_markup(chart.title), escaped_markup(chart.alt)));
  svg.insert(end, fmt::format(" role=\"img\" aria-labelledby=\"{0}-title\" "
                              "aria-describedby=\"{0}-desc\"",
                              id));
  return svg;
}

}  // namespace

struct Renderer::Impl {
  Typesetter typesetter;
  Held<JSCContext> context{jsc_context_new()};

  Status run(std::string_view source, const char* what) {
    const Held<JSCValue> value(jsc_context_evaluate_with_source_uri(
        context.get(), source.data(), static_cast<gssize>(source.size()), what, 1));
    if (const auto trouble = exception_in(context.get())) {
      return fail(ErrorCode::kInvalid, fmt::format("{}: {}", what, *trouble));
    }
    return {};
  }

  Status start(const RendererOptions& options) {
    const Held<JSCValue> measure(jsc_value_new_function(
        context.get(), "textWidth", G_CALLBACK(text_width), &typesetter, nullptr, G_TYPE_DOUBLE, 4,
        G_TYPE_STRING, G_TYPE_STRING, G_TYPE_DOUBLE, G_TYPE_BOOLEAN));
    jsc_context_set_value(context.get(), "textWidth", measure.get());
    TRY_DONE(run(kHost, "host"));
    TRY_DONE(run(options.vega, "vega.min.js"));
    TRY_DONE(run(options.vega_lite, "vega-lite.min.js"));
    return run(kDraw, "draw");
  }

  Result<std::string> draw(std::string_view vega_lite) {
    const Held<JSCValue> function(jsc_context_get_value(context.get(), "draw"));
    const Held<JSCValue> done(jsc_value_function_call(function.get(), G_TYPE_STRING,
                                                      std::string(vega_lite).c_str(), G_TYPE_NONE));
    if (const auto trouble = exception_in(context.get())) {
      return fail(ErrorCode::kInvalid, "Vega: " + *trouble);
    }
    const Held<JSCValue> answer(jsc_context_get_value(context.get(), "answer"));
    const Held<JSCValue> trouble(jsc_value_object_get_property(answer.get(), "trouble"));
    const Held<JSCValue> svg(jsc_value_object_get_property(answer.get(), "svg"));
    if (const auto words = text_of(trouble.get()); !words.empty()) {
      return fail(ErrorCode::kInvalid, "Vega: " + words);
    }
    auto text = text_of(svg.get());
    if (text.empty()) return fail(ErrorCode::kInvalid, "Vega: the drawing was never finished");
    return text;
  }
};

Renderer::Renderer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Renderer::Renderer(Renderer&&) noexcept = default;
Renderer& Renderer::operator=(Renderer&&) noexcept = default;
Renderer::~Renderer() = default;

Result<Renderer> Renderer::make(const RendererOptions& options) {
  RendererOptions sources = options;
  if (sources.vega.empty()) sources.vega = assets::find("vega.min.js").value_or("");
  if (sources.vega_lite.empty()) sources.vega_lite = assets::find("vega-lite.min.js").value_or("");
  auto impl = std::make_unique<Impl>();
  if (auto status = impl->start(sources); !status) {
    return tl::unexpected(std::move(status).error().in("starting the chart renderer"));
  }
  return Renderer(std::move(impl));
}

Result<std::string> Renderer::spec(const Chart& chart, const Theme& theme) const {
  return vega_lite_spec(chart, theme, impl_->typesetter);
}

Result<std::string> Renderer::svg(const Chart& chart, const Theme& theme) const {
  auto drawn = impl_->draw(TRY(spec(chart, theme)));
  if (!drawn) {
    return tl::unexpected(std::move(drawn).error().in(fmt::format("chart '{}'", chart.id)));
  }
  return accessible(with_identities(*drawn), chart);
}

Result<std::string> Renderer::draw(std::string_view vega_lite) const {
  if (!is_utf8(vega_lite) || vega_lite.find('\0') != std::string_view::npos) {
    return fail(ErrorCode::kInvalid, "the specification is not UTF-8 text");
  }
  return impl_->draw(vega_lite);
}

}  // namespace barometer
