// reconstruction.json, written and read back.
#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "barometer/base/file.h"
#include "barometer/reconstruct/reconstruct.h"

namespace barometer {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kTitle = "Reconstruction from published figures";
constexpr size_t kMaxRecordBytes = size_t{64} << 20;

Json range_json(const WholeRange& range) { return Json::array({range.low, range.high}); }

Json json_of(const FoundItem& item) {
  return Json{{"item", item.item},
              {"base", item.base},
              {"base_searched", item.base_searched},
              {"bases", item.bases},
              {"bases_complete", item.bases_complete}};
}

Json json_of(const FoundFigure& figure) {
  return Json{{"id", figure.id},
              {"kind", figure.kind},
              {"item", figure.item},
              {"answer", figure.answer},
              {"printed", figure.printed},
              {"source", figure.source},
              {"quote", figure.quote},
              {"place", figure.place},
              {"derived", figure.derived},
              {"used", figure.used},
              {"base", figure.base},
              {"count", figure.count},
              {"range", range_json(figure.range)},
              {"recomputed", figure.recomputed},
              {"how", figure.how}};
}

Json json_of(const FoundAnswer& answer) {
  return Json{{"item", answer.item},
              {"answer", answer.answer},
              {"label", answer.label},
              {"base", answer.base},
              {"count", answer.count},
              {"min", answer.range.low},
              {"max", answer.range.high},
              {"printed", answer.printed.text()},
              {"printed_fixed", answer.printed_fixed}};
}

template <class T>
Json list_json(const std::vector<T>& items) {
  Json out = Json::array();
  for (const T& item : items) out.push_back(json_of(item));
  return out;
}

// Reads the members of one object; the first that is missing or of another type is kept.
class Reader {
 public:
  Reader(const Json& object, std::string where) : object_(object), where_(std::move(where)) {
    if (!object.is_object()) problem_ = fmt::format("{} is not an object", where_);
  }

  std::string text(const char* key) {
    const Json* value = member(key, [](const Json& v) { return v.is_string(); });
    return value ? value->get<std::string>() : "";
  }
  int64_t integer(const char* key) {
    const Json* value = member(key, [](const Json& v) { return v.is_number_integer(); });
    return value ? value->get<int64_t>() : 0;
  }
  bool boolean(const char* key) {
    const Json* value = member(key, [](const Json& v) { return v.is_boolean(); });
    return value != nullptr && value->get<bool>();
  }
  std::vector<int64_t> integers(const char* key) {
    const Json* value = member(key, [](const Json& v) {
      return v.is_array() && std::all_of(v.begin(), v.end(), [](const Json& element) {
               return element.is_number_integer();
             });
    });
    return value ? value->get<std::vector<int64_t>>() : std::vector<int64_t>();
  }
  WholeRange range(const char* key) {
    const std::vector<int64_t> ends = integers(key);
    if (ends.size() == 2) return {ends[0], ends[1]};
    if (problem_.empty()) problem_ = fmt::format("{}: '{}' has not two ends", where_, key);
    return {};
  }
  const Json& list(const char* key) {
    static const Json kNone = Json::array();
    const Json* value = member(key, [](const Json& v) { return v.is_array(); });
    return value ? *value : kNone;
  }
  [[nodiscard]] Status status() const {
    if (!problem_.empty()) return fail(ErrorCode::kInvalid, problem_);
    return {};
  }

 private:
  template <class Fits>
  const Json* member(const char* key, Fits fits) {
    if (!problem_.empty()) return nullptr;
    const auto found = object_.find(key);
    if (found != object_.end() && fits(*found)) return &*found;
    problem_ = fmt::format("{}: '{}' is {}", where_, key,
                           found == object_.end() ? "missing" : "of the wrong type");
    return nullptr;
  }

  const Json& object_;
  std::string where_;
  std::string problem_;
};

Result<FoundItem> item_of(const Json& json, const std::string& where) {
  Reader read(json, where);
  FoundItem item;
  item.item = read.text("item");
  item.base = read.integer("base");
  item.base_searched = read.boolean("base_searched");
  item.bases = read.integers("bases");
  item.bases_complete = read.boolean("bases_complete");
  TRY_DONE(read.status());
  return item;
}

Result<FoundFigure> figure_of_json(const Json& json, const std::string& where) {
  Reader read(json, where);
  FoundFigure figure;
  figure.id = read.text("id");
  figure.kind = read.text("kind");
  figure.item = read.text("item");
  figure.answer = read.text("answer");
  figure.printed = read.text("printed");
  figure.source = read.text("source");
  figure.quote = read.text("quote");
  figure.place = read.text("place");
  figure.derived = read.boolean("derived");
  figure.used = read.boolean("used");
  figure.base = read.integer("base");
  figure.count = read.integer("count");
  figure.range = read.range("range");
  figure.recomputed = read.text("recomputed");
  figure.how = read.text("how");
  TRY_DONE(read.status());
  return figure;
}

Result<FoundAnswer> answer_of(const Json& json, const std::string& where) {
  Reader read(json, where);
  FoundAnswer answer;
  answer.item = read.text("item");
  answer.answer = read.text("answer");
  answer.label = read.text("label");
  answer.base = read.integer("base");
  answer.count = read.integer("count");
  answer.range = {read.integer("min"), read.integer("max")};
  const std::string printed = read.text("printed");
  answer.printed_fixed = read.boolean("printed_fixed");
  TRY_DONE(read.status());
  answer.printed = TRY(parse_decimal(printed));
  return answer;
}

template <class T, class Read>
Status read_list(Reader& record, const char* key, Read read, std::vector<T>& out) {
  for (const Json& element : record.list(key)) {
    out.push_back(TRY(read(element, fmt::format("{}[{}]", key, out.size()))));
  }
  return {};
}

}  // namespace

std::string reconstruction_json(const Reconstruction& record) {
  const Json json{{"what", kTitle},
                  {"study", record.study},
                  {"wave", record.wave},
                  {"title", record.title},
                  {"n", record.n},
                  {"n_printed", record.n_printed},
                  {"organisations", record.organisations},
                  {"organisations_printed", record.organisations_printed},
                  {"items", list_json(record.items)},
                  {"figures", list_json(record.figures)},
                  {"identified", list_json(record.identified)},
                  {"notes", record.notes}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<Reconstruction> parse_reconstruction(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return fail(ErrorCode::kInvalid, "this is not JSON");
  Reader read(json, "the record");
  if (read.text("what") != kTitle) {
    return fail(ErrorCode::kInvalid, "this is not a record of a reconstruction");
  }
  Reconstruction record;
  record.study = read.text("study");
  record.wave = read.text("wave");
  record.title = read.text("title");
  record.n = read.integer("n");
  record.n_printed = read.boolean("n_printed");
  record.organisations = read.integer("organisations");
  record.organisations_printed = read.boolean("organisations_printed");
  TRY_DONE(read_list(read, "items", item_of, record.items));
  TRY_DONE(read_list(read, "figures", figure_of_json, record.figures));
  TRY_DONE(read_list(read, "identified", answer_of, record.identified));
  for (const Json& note : read.list("notes")) {
    if (!note.is_string()) return fail(ErrorCode::kInvalid, "the record: a note is no text");
    record.notes.push_back(note.get<std::string>());
  }
  TRY_DONE(read.status());
  return record;
}

Result<Reconstruction> read_reconstruction(const std::filesystem::path& path) {
  Result<Reconstruction> record = parse_reconstruction(TRY(read_file(path, kMaxRecordBytes)));
  if (!record) {
    return tl::unexpected(std::move(record).error().in(fmt::format("reading '{}'", path.string())));
  }
  return record;
}

}  // namespace barometer
