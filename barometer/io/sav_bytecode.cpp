#include <algorithm>
#include <array>
#include <bit>

#include "barometer/io/sav_internal.h"

namespace barometer {
namespace {

constexpr int kBias = 100;
constexpr size_t kGroup = 8;
static_assert(std::endian::native == std::endian::little, "files are written as memory holds them");

using Coded = SavEncoder::Coded;

Coded coded(double value) {
  if (value == kSavSystemMissing) return {kSavAbsent, value};
  constexpr double kLowest = 1 - kBias;
  constexpr double kHighest = 251 - kBias;
  if (value >= kLowest && value <= kHighest) {
    const int whole = static_cast<int>(value);
    if (static_cast<double>(whole) == value) return {static_cast<uint8_t>(whole + kBias), value};
  }
  return {kSavRaw, value};
}

// A block of cases: commands and raw elements, cases × elements, filled column by column.
class BlockEncoder {
 public:
  BlockEncoder(const SavPlan& plan, size_t first, size_t rows)
      : plan_(plan),
        first_(first),
        rows_(rows),
        commands_(rows * plan.elements + kGroup, kSavSkip),
        raw_(rows * plan.elements * kSavElement) {}

  void fill(const SavField& field, const SavEncoder::Table& table) {
    if (const auto* sets = std::get_if<OptionSets>(field.column)) return fill_option(field, *sets);
    if (const auto* numbers = std::get_if<Numbers>(field.column)) {
      return fill_numbers(field, *numbers);
    }
    if (const auto* texts = std::get_if<Texts>(field.column)) return fill_texts(field, *texts);
    if (const auto* codes = std::get_if<NarrowCodes>(field.column)) {
      const uint8_t* values = codes->data();
      const Coded* of = table.data();
      each(field, [=](size_t row) { return of[values[row]]; });
    }
    if (const auto* codes = std::get_if<WideCodes>(field.column)) fill_wide(field, *codes);
  }

  // Groups of eight commands, each followed by its raw elements.
  [[nodiscard]] std::string bytes() const {
    const size_t count = rows_ * plan_.elements;
    std::string out((count + kGroup - 1) / kGroup * kGroup * (1 + kSavElement), '\0');
    char* to = out.data();
    for (size_t at = 0; at < count; at += kGroup) {
      std::memcpy(to, commands_.data() + at, kGroup);
      to += kGroup;
      for (size_t i = at; i < at + kGroup; ++i) {
        if (commands_.data()[i] != kSavRaw) continue;
        std::memcpy(to, raw_.data() + i * kSavElement, kSavElement);
        to += kSavElement;
      }
    }
    out.resize(static_cast<size_t>(to - out.data()));
    return out;
  }

 private:
  // use(row) gives the coded value of each case.
  template <class Use>
  void each(const SavField& field, const Use& use) {
    size_t at = field.variable.place;
    uint8_t* commands = commands_.data();
    char* raw = raw_.data();
    for (size_t row = 0; row < rows_; ++row, at += plan_.elements) {
      const Coded value = use(first_ + row);
      commands[at] = value.command;
      if (value.command == kSavRaw) std::memcpy(raw + at * kSavElement, &value.raw, kSavElement);
    }
  }

  static std::array<Coded, 5> coded_kinds(const SavField& field) {
    std::array<Coded, 5> kinds;
    std::ranges::transform(field.numbers, kinds.begin(), coded);
    return kinds;
  }

  void fill_wide(const SavField& field, const WideCodes& codes) {
    const std::array<Coded, 5> kinds = coded_kinds(field);
    each(field, [&](size_t row) {
      const uint16_t code = codes.data()[row];
      const Missing kind = missing_of(code);
      return kind == Missing::kNone ? coded(code) : kinds[static_cast<size_t>(kind)];
    });
  }

  void fill_option(const SavField& field, const OptionSets& sets) {
    const std::array<Coded, 5> kinds = coded_kinds(field);
    const size_t option = *field.option;
    each(field, [&](size_t row) {
      const Missing kind = sets.missing.data()[row];
      if (kind != Missing::kNone) return kinds[static_cast<size_t>(kind)];
      return Coded{static_cast<uint8_t>(kBias + (sets.bits.data()[row] >> option & 1)), 0};
    });
  }

  void fill_numbers(const SavField& field, const Numbers& numbers) {
    const std::array<Coded, 5> kinds = coded_kinds(field);
    each(field, [&](size_t row) {
      const Missing kind = numbers.missing.data()[row];
      if (kind != Missing::kNone) return kinds[static_cast<size_t>(kind)];
      return coded(numbers.values.data()[row]);
    });
  }

  void fill_texts(const SavField& field, const Texts& texts) {
    const auto pieces = sav_pieces(field.variable.place, field.variable.width);
    for (size_t row = 0; row < rows_; ++row) {
      const Missing kind = texts.missing[first_ + row];
      std::string_view text = kind == Missing::kNone ? std::string_view(texts.values[first_ + row])
                                                     : field.texts[static_cast<size_t>(kind)];
      const size_t at = row * plan_.elements;
      for (const SavPiece& piece : pieces) {
        put_text(text.substr(0, piece.size), at + piece.place, piece.size);
        text.remove_prefix(std::min(text.size(), piece.size));
      }
      // A string of ⌈W / 252⌉ segments may need fewer for its bytes: the rest is blank.
      const size_t end = at + field.variable.place + field_elements(field);
      const SavPiece& last = pieces.back();
      const size_t done = at + last.place + (last.size + kSavElement - 1) / kSavElement;
      std::fill(commands_.data() + done, commands_.data() + end, kSavBlanks);
    }
  }

  static size_t field_elements(const SavField& field) {
    size_t elements = 0;
    for (const int width : sav_segment_widths(field.variable.width)) {
      elements += sav_elements(width);
    }
    return elements;
  }

  void put_text(std::string_view text, size_t at, size_t size) {
    for (size_t done = 0; done < size; done += kSavElement, ++at) {
      std::array<char, kSavElement> element{};
      element.fill(' ');
      const std::string_view part = text.substr(std::min(done, text.size()), kSavElement);
      std::ranges::copy(part, element.begin());
      const bool blank = std::ranges::all_of(element, [](char c) { return c == ' '; });
      commands_[at] = blank ? kSavBlanks : kSavRaw;
      std::memcpy(raw_.data() + at * kSavElement, element.data(), kSavElement);
    }
  }

  const SavPlan& plan_;
  size_t first_;
  size_t rows_;
  std::vector<uint8_t> commands_;
  std::vector<char> raw_;
};

}  // namespace

SavEncoder::SavEncoder(const SavPlan& plan) : plan_(plan), tables_(plan.fields.size()) {
  for (size_t i = 0; i < plan.fields.size(); ++i) {
    const SavField& field = plan.fields[i];
    if (!std::holds_alternative<NarrowCodes>(*field.column)) continue;
    tables_[i].resize(256);
    for (size_t code = 0; code < tables_[i].size(); ++code) {
      const Missing kind = missing_of(static_cast<uint8_t>(code));
      tables_[i][code] = coded(kind == Missing::kNone ? static_cast<double>(code)
                                                      : field.numbers[static_cast<size_t>(kind)]);
    }
  }
}

std::string SavEncoder::bytes(size_t first, size_t rows) const {
  BlockEncoder encoder(plan_, first, rows);
  for (size_t i = 0; i < plan_.fields.size(); ++i) encoder.fill(plan_.fields[i], tables_[i]);
  return encoder.bytes();
}

}  // namespace barometer
