#include <algorithm>
#include <array>
#include <limits>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/base/version.h"
#include "barometer/io/sav_internal.h"

namespace barometer {
namespace {

constexpr int32_t kUtf8 = 65001;

// The dictionary of a file as bytes, little endian as the machine.
class RecordWriter {
 public:
  explicit RecordWriter(const SavPlan& plan) : plan_(plan) {}
  std::string bytes(SavPacking packing) {
    header(packing);
    for (const SavField& field : plan_.fields) variable(field);
    for (const SavField& field : plan_.fields) short_labels(field);
    machine();
    sets();
    display();
    names();
    case_count();
    attributes();
    extension(20, 1, "UTF-8");
    long_labels();
    long_missing();
    int32(999);
    int32(0);
    return std::move(out_);
  }

 private:
  void int32(int32_t value) { out_.append(reinterpret_cast<const char*>(&value), sizeof value); }
  void int64(int64_t value) { out_.append(reinterpret_cast<const char*>(&value), sizeof value); }
  void number(double value) { out_.append(reinterpret_cast<const char*>(&value), sizeof value); }
  void padded(std::string_view text, size_t size) {
    out_.append(text.substr(0, size));
    if (text.size() < size) out_.append(size - text.size(), ' ');
  }
  void counted(std::string_view text) {
    int32(static_cast<int32_t>(text.size()));
    out_.append(text);
  }
  void extension(int32_t kind, int32_t size, std::string_view bytes) {
    if (bytes.empty()) return;
    for (const int32_t value : {7, kind, size, static_cast<int32_t>(bytes.size()) / size}) {
      int32(value);
    }
    out_.append(bytes);
  }
  // Bytes that `write` appends, as a record.
  template <class Write>
  void extension_of(int32_t kind, int32_t size, const Write& write) {
    std::string before = std::move(out_);
    out_.clear();
    write();
    const std::string written = std::exchange(out_, std::move(before));
    extension(kind, size, written);
  }

  void header(SavPacking packing) {
    out_ += packing == SavPacking::kZlib ? "$FL3" : "$FL2";
    padded(fmt::format("@(#) SPSS DATA FILE Barometer {}", kVersion), 60);
    int32(2);
    int32(static_cast<int32_t>(plan_.elements));
    int32(static_cast<int32_t>(packing));
    int32(0);  // no weight
    const bool fits = plan_.rows <= size_t{std::numeric_limits<int32_t>::max()};
    int32(fits ? static_cast<int32_t>(plan_.rows) : -1);
    number(100);
    // No clock: the same data is the same file.
    padded("01 Jan 70", 9);
    padded("00:00:00", 8);
    padded("", 64);
    out_.append(3, '\0');
  }

  void variable(const SavField& field) {
    const SavVariable& variable = field.variable;
    const std::vector<int> widths = sav_segment_widths(variable.width);
    for (size_t segment = 0; segment < widths.size(); ++segment) {
      const bool first = segment == 0;
      const int format = variable.width > 0 ? 1 << 16 | widths[segment] << 8 : variable.format;
      int32(2);
      int32(widths[segment]);
      int32(first && !variable.label.empty() ? 1 : 0);
      const bool short_text = variable.width > 0 && variable.width <= 8;
      const size_t texts = first && short_text ? variable.missing_texts.size() : 0;
      int32(variable.missing_range
                ? -2
                : static_cast<int32_t>(texts + (first ? variable.missing_values.size() : 0)));
      int32(format);
      int32(format);
      padded(field.short_names[segment], 8);
      if (first && !variable.label.empty()) {
        counted(variable.label);
        out_.append((4 - variable.label.size() % 4) % 4, ' ');
      }
      if (variable.missing_range) {
        number(variable.missing_range->first);
        number(variable.missing_range->second);
      }
      for (const double value : variable.missing_values) number(value);
      for (size_t i = 0; i < texts; ++i) padded(variable.missing_texts[i], 8);
      for (size_t i = 1; i < sav_elements(widths[segment]); ++i) continuation();
    }
  }

  void continuation() {
    for (const int32_t value : {2, -1, 0, 0, 0, 0}) int32(value);
    padded("", 8);
  }

  void short_labels(const SavField& field) {
    const SavVariable& variable = field.variable;
    if (field.labels.empty() || variable.width > 8) return;
    int32(3);
    int32(static_cast<int32_t>(field.labels.size()));
    for (const SavLabel& label : field.labels) {
      if (variable.width == 0) {
        number(label.value);
      } else {
        padded(label.text, 8);
      }
      out_ += static_cast<char>(label.label.size());
      out_ += label.label;
      out_.append(7 - label.label.size() % 8, ' ');
    }
    for (const int32_t value : {4, 1, static_cast<int32_t>(variable.place) + 1}) int32(value);
  }

  void machine() {
    extension_of(3, 4, [&] {
      // Version, machine, IEEE numbers, bytecode, little endian, the encoding.
      for (const int32_t value : {0, 1, 0, -1, 1, 1, 2, kUtf8}) int32(value);
    });
    extension_of(4, 8, [&] {
      number(kSavSystemMissing);
      number(std::numeric_limits<double>::max());
      number(-0x1.ffffffffffffep+1023);  // the lowest number that is a value
    });
  }

  void sets() {
    extension_of(7, 1, [&] {
      for (const SavSet& set : plan_.sets) {
        out_ += fmt::format("${}=D{} {} {} {}", set.name, set.counted.size(), set.counted,
                            set.label.size(), set.label);
        for (const size_t member : set.members) {
          out_ += " " + lowered(plan_.fields[member].short_names[0]);
        }
        out_ += '\n';
      }
    });
  }

  void display() {
    extension_of(11, 4, [&] {
      for (const SavField& field : plan_.fields) {
        for (const int width : sav_segment_widths(field.variable.width)) {
          int32(field.measure);
          int32(width == 0 ? 8 : std::clamp(width, 8, 40));
          int32(width == 0 ? 1 : 0);  // numbers to the right
        }
      }
    });
  }

  void names() {
    std::string long_names, long_strings;
    for (const SavField& field : plan_.fields) {
      if (!long_names.empty()) long_names += '\t';
      long_names += field.short_names[0] + "=" + field.variable.name;
      if (field.variable.width > kSavMaxShortString) {
        long_strings += fmt::format("{}={:05}", field.short_names[0], field.variable.width);
        long_strings.append({'\0', '\t'});
      }
    }
    extension(13, 1, long_names);
    extension(14, 1, long_strings);
  }

  void case_count() {
    extension_of(16, 8, [&] {
      int64(1);
      int64(static_cast<int64_t>(plan_.rows));
    });
  }

  void attributes() {
    std::string text;
    for (const SavField& field : plan_.fields) {
      if (field.variable.attribute.empty()) continue;
      if (!text.empty()) text += '/';
      text += fmt::format("{}:{}('{}'\n)", field.variable.name, kSavAttribute,
                          field.variable.attribute);
    }
    extension(18, 1, text);
  }

  void long_labels() {
    extension_of(21, 1, [&] {
      for (const SavField& field : plan_.fields) {
        if (field.variable.width <= 8 || field.labels.empty()) continue;
        counted(field.variable.name);
        int32(field.variable.width);
        int32(static_cast<int32_t>(field.labels.size()));
        for (const SavLabel& label : field.labels) {
          std::string value = label.text;
          value.resize(static_cast<size_t>(field.variable.width), ' ');
          counted(value);
          counted(label.label);
        }
      }
    });
  }

  void long_missing() {
    extension_of(22, 1, [&] {
      for (const SavField& field : plan_.fields) {
        if (field.variable.width <= 8 || field.variable.missing_texts.empty()) continue;
        counted(field.variable.name);
        out_ += static_cast<char>(field.variable.missing_texts.size());
        int32(8);
        for (const std::string& text : field.variable.missing_texts) padded(text, 8);
      }
    });
  }

  const SavPlan& plan_;
  std::string out_;
};

}  // namespace

std::string sav_dictionary_bytes(const SavPlan& plan, SavPacking packing) {
  return RecordWriter(plan).bytes(packing);
}

}  // namespace barometer
