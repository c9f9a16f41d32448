#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/io/sav_internal.h"

namespace barometer {
namespace {

constexpr size_t kHeaderText = 60;
constexpr size_t kDocumentLine = 80;
// Labels of all variables together, as each variable has its own list in the codebook.
constexpr size_t kMostLabels = size_t{1} << 22;
constexpr size_t kMostVariables = size_t{1} << 17;

// The file as it is parsed, one method a record.
class DictionaryReader {
 public:
  DictionaryReader(std::string_view bytes, const std::string& file) : cursor_(bytes, file) {}
  Result<SavDictionary> read();

 private:
  Status read_header();
  Status read_variable();
  Status read_missing(int32_t count, SavVariable& variable);
  Status read_labels();
  Status read_labelled(const SavLabels& labels);
  Status read_documents();
  Status read_extension();
  [[nodiscard]] Status finish_variables() const;
  Status decode_texts();

  SavCursor cursor_;
  SavDictionary dictionary_;
  std::vector<size_t> variable_at_;  // by element: its variable; kNone for those that continue one
  size_t continuations_left_ = 0;    // of the string that was last begun
  size_t label_count_ = 0;
  std::vector<SavExtension> extensions_;
};

constexpr size_t kNone = ~size_t{0};

Status DictionaryReader::read_header() {
  const std::string_view magic = TRY(cursor_.take(4, "the header"));
  if (magic != "$FL2" && magic != "$FL3") {
    return cursor_.wrong(0, fmt::format("'{}' is not how an SPSS system file begins ($FL2, $FL3)",
                                        printable(magic)));
  }
  TRY_DONE(cursor_.take(kHeaderText, "the header"));
  const size_t layout_at = cursor_.offset();
  const int32_t layout = TRY(cursor_.int32("the header"));
  if (layout != 2 && layout != 3) {
    cursor_.set_swapped(true);
    if (layout != 0x02000000 && layout != 0x03000000) {
      return cursor_.wrong(layout_at, fmt::format("the layout code is {}, not 2 or 3", layout));
    }
  }
  dictionary_.swapped = cursor_.swapped();
  TRY(cursor_.int32("the header"));  // size of a case, which some programs get wrong
  const size_t packing_at = cursor_.offset();
  const int32_t packing = TRY(cursor_.int32("the header"));
  if (packing < 0 || packing > 2) {
    return cursor_.wrong(packing_at, fmt::format("compression {} is unknown", packing));
  }
  dictionary_.packing = static_cast<SavPacking>(packing);
  const int32_t weight = TRY(cursor_.int32("the header"));
  if (weight > 0) dictionary_.weight = static_cast<size_t>(weight) - 1;
  dictionary_.case_count = TRY(cursor_.int32("the header"));
  dictionary_.bias = TRY(cursor_.number("the header"));
  TRY_DONE(cursor_.take(9 + 8 + 64 + 3, "the header"));  // date, time, title, padding
  return {};
}

Status DictionaryReader::read_missing(int32_t count, SavVariable& variable) {
  const size_t at = cursor_.offset();
  const bool range = count < 0;
  if (count < -3 || count > 3 || count == -1 || (range && variable.width > 0)) {
    return cursor_.wrong(at, fmt::format("variable '{}': {} is no number of missing values",
                                         printable(variable.short_name), count));
  }
  if (range) {
    const double low = TRY(cursor_.number("missing values"));
    const double high = TRY(cursor_.number("missing values"));
    variable.missing_range = {low, high};
  }
  for (int i = range ? 2 : 0; i < std::abs(count); ++i) {
    if (variable.width == 0) {
      variable.missing_values.push_back(TRY(cursor_.number("missing values")));
    } else {
      const auto text = TRY(cursor_.take(kSavElement, "missing values"));
      variable.missing_texts.emplace_back(without_blanks(text));
    }
  }
  return {};
}

Status DictionaryReader::read_variable() {
  constexpr const char* kRecord = "a variable record";
  const size_t at = cursor_.offset();
  SavVariable variable;
  variable.width = TRY(cursor_.int32(kRecord));
  const bool has_label = TRY(cursor_.int32(kRecord)) != 0;
  const int32_t missing = TRY(cursor_.int32(kRecord));
  variable.format = (TRY(cursor_.int32(kRecord)) >> 16) & 0xFF;
  TRY(cursor_.int32(kRecord));  // the format to write with
  variable.short_name = without_blanks(TRY(cursor_.take(8, kRecord)));
  if (variable.width < -1 || variable.width > kSavMaxShortString) {
    return cursor_.wrong(at, fmt::format("variable '{}': its width is {}",
                                         printable(variable.short_name), variable.width));
  }
  if (has_label) {
    const size_t length_at = cursor_.offset();
    const int32_t length = TRY(cursor_.int32("a variable label"));
    if (length < 0) {
      return cursor_.wrong(length_at, fmt::format("a variable label has {} bytes", length));
    }
    const auto size = static_cast<uint64_t>(length);
    const auto padded = TRY(cursor_.take((size + 3) / 4 * 4, "a variable label"));
    variable.label = without_blanks(padded.substr(0, size));
  }
  TRY_DONE(read_missing(missing, variable));
  const bool continues = variable.width == -1;
  if (continues != (continuations_left_ > 0)) {
    return cursor_.wrong(at, continues ? "a variable record continues no string"
                                       : fmt::format("a string lacks {} records that continue it",
                                                     continuations_left_));
  }
  if (continues) {
    --continuations_left_;
    variable_at_.push_back(kNone);
    return {};
  }
  if (dictionary_.variables.size() == kMostVariables) {
    return fail(ErrorCode::kLimit,
                fmt::format("'{}': more than {} variables", cursor_.file(), kMostVariables));
  }
  continuations_left_ = sav_elements(variable.width) - 1;
  variable.place = variable_at_.size();
  variable.name = variable.short_name;
  variable_at_.push_back(dictionary_.variables.size());
  dictionary_.variables.push_back(std::move(variable));
  return {};
}

Status DictionaryReader::read_labels() {
  constexpr const char* kRecord = "a record of value labels";
  const size_t at = cursor_.offset();
  const int32_t count = TRY(cursor_.int32(kRecord));
  if (count < 0) return cursor_.wrong(at, fmt::format("there are {} value labels", count));
  SavLabels labels;
  for (int32_t i = 0; i < count; ++i) {
    const std::string_view value = TRY(cursor_.take(kSavElement, kRecord));
    SavCursor as_number(value, cursor_.file());
    as_number.set_swapped(cursor_.swapped());
    const auto length = static_cast<uint8_t>(TRY(cursor_.take(1, kRecord))[0]);
    const auto padded = TRY(cursor_.take((length + size_t{8}) / 8 * 8 - 1, kRecord));
    labels.push_back({.value = TRY(as_number.number(kRecord)),
                      .text = std::string(without_blanks(value)),
                      .label = std::string(without_blanks(padded.substr(0, length)))});
  }
  return read_labelled(labels);
}

Status DictionaryReader::read_labelled(const SavLabels& labels) {
  constexpr const char* kRecord = "the variables of value labels";
  const size_t at = cursor_.offset();
  const int32_t type = TRY(cursor_.int32(kRecord));
  if (type != 4) {
    return cursor_.wrong(
        at, fmt::format("record {} follows value labels, not their variables (4)", type));
  }
  const int32_t count = TRY(cursor_.int32(kRecord));
  if (count < 0) return cursor_.wrong(at + 4, fmt::format("labels of {} variables", count));
  for (int32_t i = 0; i < count; ++i) {
    const size_t index_at = cursor_.offset();
    const int32_t index = TRY(cursor_.int32(kRecord));
    const auto element = static_cast<size_t>(index) - 1;
    if (index < 1 || element >= variable_at_.size() || variable_at_[element] == kNone) {
      return cursor_.wrong(
          index_at, fmt::format("value labels of variable {}, of {}", index, variable_at_.size()));
    }
    SavVariable& variable = dictionary_.variables[variable_at_[element]];
    label_count_ += labels.size();
    if (label_count_ > kMostLabels) {
      return fail(ErrorCode::kLimit,
                  fmt::format("'{}': more than {} value labels", cursor_.file(), kMostLabels));
    }
    variable.labels = dictionary_.labels.size();
  }
  dictionary_.labels.push_back(labels);
  return {};
}

Status DictionaryReader::read_documents() {
  const size_t at = cursor_.offset();
  const int32_t lines = TRY(cursor_.int32("documents"));
  if (lines < 0) return cursor_.wrong(at, fmt::format("documents of {} lines", lines));
  TRY_DONE(cursor_.take(static_cast<uint64_t>(lines) * kDocumentLine, "documents"));
  return {};
}

Status DictionaryReader::read_extension() {
  const size_t at = cursor_.offset();
  const int32_t kind = TRY(cursor_.int32("a record of type 7"));
  const int32_t size = TRY(cursor_.int32("a record of type 7"));
  const int32_t count = TRY(cursor_.int32("a record of type 7"));
  if (size < 0 || count < 0) {
    return cursor_.wrong(at,
                         fmt::format("record 7/{} has {} elements of {} bytes", kind, count, size));
  }
  const size_t offset = cursor_.offset();
  const uint64_t total = static_cast<uint64_t>(size) * static_cast<uint64_t>(count);
  const auto bytes = TRY(cursor_.take(total, fmt::format("record 7/{}", kind)));
  extensions_.push_back(
      {.kind = kind, .size = static_cast<size_t>(size), .offset = offset, .bytes = bytes});
  return {};
}

Status DictionaryReader::finish_variables() const {
  if (continuations_left_ > 0) {
    return cursor_.wrong(cursor_.offset(), fmt::format("a string lacks {} records that continue it",
                                                       continuations_left_));
  }
  return {};
}

// Texts of the dictionary into UTF-8, before the extensions, whose names meet these.
Status DictionaryReader::decode_texts() {
  dictionary_.encoding = sav_encoding(extensions_, cursor_, dictionary_);
  const auto decoder = SavDecoder::of(dictionary_.encoding);
  if (!decoder) {
    return fail(decoder.error().code,
                fmt::format("'{}': {}", cursor_.file(), decoder.error().message));
  }
  size_t ignored = 0;
  for (SavVariable& variable : dictionary_.variables) {
    variable.short_name = decoder->decoded(variable.short_name, ignored);
    variable.name = variable.short_name;
    variable.label = decoder->decoded(variable.label, ignored);
  }
  for (SavLabels& labels : dictionary_.labels) {
    for (SavLabel& label : labels) label.label = decoder->decoded(label.label, ignored);
  }
  return {};
}

Result<SavDictionary> DictionaryReader::read() {
  TRY_DONE(read_header());
  for (int32_t type = 0; type != 999;) {
    const size_t at = cursor_.offset();
    type = TRY(cursor_.int32("the dictionary"));
    if (type == 2) TRY_DONE(read_variable());
    if (type == 3) TRY_DONE(read_labels());
    if (type == 6) TRY_DONE(read_documents());
    if (type == 7) TRY_DONE(read_extension());
    if (type == 999) TRY(cursor_.int32("the end of the dictionary"));
    if (type != 2 && type != 3 && type != 6 && type != 7 && type != 999) {
      return cursor_.wrong(at, fmt::format("there is no record of type {}", type));
    }
  }
  TRY_DONE(finish_variables());
  dictionary_.elements = variable_at_.size();
  dictionary_.data_offset = cursor_.offset();
  const size_t weight = dictionary_.weight.value_or(0);
  const bool weighted = dictionary_.weight && weight < variable_at_.size();
  dictionary_.weight.reset();
  if (weighted && variable_at_[weight] != kNone) dictionary_.weight = variable_at_[weight];
  TRY_DONE(decode_texts());
  TRY_DONE(apply_sav_extensions(extensions_, cursor_, dictionary_));
  return std::move(dictionary_);
}

}  // namespace

Result<SavDictionary> read_sav_dictionary(std::string_view bytes, const std::string& file) {
  return DictionaryReader(bytes, file).read();
}

}  // namespace barometer
