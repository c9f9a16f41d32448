#include <algorithm>
#include <numeric>

#include "barometer/engine/key_column_internal.h"

namespace barometer {
namespace {

template <class T>
size_t case_at(std::span<const uint32_t> order, T place) {
  return order.empty() ? place : order[place];
}

// Indices in the narrowest type, in design order. `indices` are in case order.
void keep_indices(KeyColumn& key, std::span<const uint32_t> indices,
                  std::span<const uint32_t> order) {
  const auto keep = [&]<class T>(std::vector<T> own) {
    own.resize(indices.size());
    for (size_t i = 0; i < own.size(); ++i) own[i] = static_cast<T>(indices[case_at(order, i)]);
    key.own = std::move(own);
    key.codes = std::span<const T>(std::get<std::vector<T>>(key.own));
  };
  if (key.count <= 0x100) {
    keep(std::vector<uint8_t>());
  } else if (key.count <= 0x10000) {
    keep(std::vector<uint16_t>());
  } else {
    keep(std::vector<uint32_t>());
  }
}

// Codes that occur, by `before`; the index of each code in `index`.
template <class T, class Before>
std::vector<T> occurring(std::span<const T> codes, std::vector<uint16_t>& index, Before before) {
  std::vector<uint8_t> seen(size_t{std::numeric_limits<T>::max()} + 1, 0);
  for (const T code : codes) seen[code] = 1;
  std::vector<T> found;
  for (size_t code = 0; code < seen.size(); ++code) {
    if (seen[code] != 0) found.push_back(static_cast<T>(code));
  }
  std::sort(found.begin(), found.end(), before);
  index.assign(seen.size(), 0);
  for (size_t i = 0; i < found.size(); ++i) index[found[i]] = static_cast<uint16_t>(i);
  return found;
}

// Codes of T, brought into design order as indices, or left where they are.
template <class T, class Before>
std::vector<T> keep_codes(KeyColumn& key, std::span<const T> codes, std::span<const uint32_t> order,
                          Before before) {
  std::vector<T> found = occurring(codes, key.index, before);
  key.count = found.size();
  if (order.empty()) {
    key.codes = codes;
    bool same = true;
    for (size_t i = 0; i < found.size(); ++i) same = same && found[i] == i;
    if (same) key.index.clear();
    key.by_nibbles = sizeof(T) == 1 && std::all_of(found.begin(), found.end(),
                                                   [](T code) { return code < 16 || code >= 240; });
    return found;
  }
  std::vector<T> own(codes.size());
  for (size_t i = 0; i < own.size(); ++i) own[i] = static_cast<T>(key.index[codes[order[i]]]);
  key.own = std::move(own);
  key.codes = std::span<const T>(std::get<std::vector<T>>(key.own));
  key.index.clear();
  return found;
}

template <class T>
KeyColumn key_of_codes(const std::vector<T>& codes, std::span<const uint32_t> order) {
  KeyColumn key;
  key.values = keep_codes(key, std::span<const T>(codes), order, [](T a, T b) {
    return std::pair(missing_of(a), a) < std::pair(missing_of(b), b);
  });
  return key;
}

// Of values with marks of missing: the rows with distinct ones, in order, become the dictionary.
template <class T>
std::vector<uint32_t> rank(const std::vector<T>& values, const std::vector<Missing>& missing,
                           std::vector<uint32_t>& dictionary) {
  const auto less = [&](uint32_t a, uint32_t b) {
    if (missing[a] != missing[b]) return missing[a] < missing[b];
    return missing[a] == Missing::kNone && values[a] < values[b];
  };
  std::vector<uint32_t> sorted(values.size());
  std::iota(sorted.begin(), sorted.end(), 0U);
  std::stable_sort(sorted.begin(), sorted.end(), less);
  std::vector<uint32_t> indices(values.size());
  for (size_t i = 0; i < sorted.size(); ++i) {
    if (i == 0 || less(sorted[i - 1], sorted[i])) dictionary.push_back(sorted[i]);
    indices[sorted[i]] = static_cast<uint32_t>(dictionary.size() - 1);
  }
  return indices;
}

template <class T>
KeyColumn key_of_values(const Column& column, const std::vector<T>& values,
                        const std::vector<Missing>& missing, std::span<const uint32_t> order) {
  KeyColumn key;
  std::vector<uint32_t> dictionary;
  const std::vector<uint32_t> indices = rank(values, missing, dictionary);
  key.count = dictionary.size();
  key.values = picked(column, dictionary);
  keep_indices(key, indices, order);
  return key;
}

}  // namespace

size_t KeyColumn::index_at(size_t place) const {
  const size_t code = std::visit([place](auto span) -> size_t { return span[place]; }, codes);
  return index.empty() ? code : index[code];
}

KeyColumn key_column(const Column& column, std::span<const uint32_t> order) {
  if (const auto* narrow = std::get_if<NarrowCodes>(&column)) return key_of_codes(*narrow, order);
  if (const auto* wide = std::get_if<WideCodes>(&column)) return key_of_codes(*wide, order);
  if (const auto* sets = std::get_if<OptionSets>(&column)) {
    return key_of_values(column, sets->bits, sets->missing, order);
  }
  const auto* numbers = std::get_if<Numbers>(&column);
  CHECK(numbers != nullptr, "open text is no key");
  return key_of_values(column, numbers->values, numbers->missing, order);
}

KeyColumn missing_kinds(const std::vector<Missing>& missing, std::span<const uint32_t> order) {
  // The kinds are bytes; a byte may be read as such.
  const std::span<const uint8_t> bytes(reinterpret_cast<const uint8_t*>(missing.data()),
                                       missing.size());
  KeyColumn key;
  const std::vector<uint8_t> found = keep_codes(key, bytes, order, std::less<>());
  Numbers values;
  for (const uint8_t kind : found) values.missing.push_back(static_cast<Missing>(kind));
  values.values.assign(found.size(), 0);
  key.values = std::move(values);
  return key;
}

KeyColumn outside_key(std::span<const uint8_t> inside) {
  KeyColumn key;
  key.count = 2;
  key.codes = inside;
  key.index.assign(256, 0);
  key.index[0] = 1;
  key.by_nibbles = true;
  return key;
}

}  // namespace barometer
