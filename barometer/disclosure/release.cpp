#include "barometer/disclosure/release.h"

#include <algorithm>

#include "barometer/protection/primary.h"

namespace barometer {
namespace {

template <class T>
size_t place_of(const std::vector<T>& list, std::string_view id) {
  const auto found = std::ranges::find(list, id, &T::id);
  return found == list.end() ? kNowhere : static_cast<size_t>(found - list.begin());
}

}  // namespace

bool ReleaseRules::is_small(int64_t count) const { return barometer::is_small(count, count_under); }

int64_t ReleaseRules::least_span() const {
  return width > 0 ? width : std::max<int64_t>(count_under - 1, 1);
}

const ReleasedNet* ReleasedQuestion::net(std::string_view net_id) const {
  const size_t at = place_of(nets, net_id);
  return at == kNowhere ? nullptr : &nets[at];
}

size_t Release::group(std::string_view id) const { return place_of(groups, id); }
size_t Release::question(std::string_view id) const { return place_of(questions, id); }

size_t add_rest(Release& release, size_t parent, const std::vector<size_t>& parts,
                std::string label) {
  ReleasedGroup rest;
  rest.id = release.groups.at(parent).id;
  for (const size_t part : parts) rest.id += " without " + release.groups.at(part).id;
  rest.label = std::move(label);
  const size_t added = release.groups.size();
  release.groups.push_back(std::move(rest));
  std::vector<size_t> partition = parts;
  partition.push_back(added);
  release.groups.at(parent).partitions.push_back(std::move(partition));
  return added;
}

}  // namespace barometer
