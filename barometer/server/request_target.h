// What a request names: the parts of its path, the fields of its query, its cookies.
//
// Paths are taken strictly, so that one page has one address and no two readers of a path see
// different ones: parts are separated by single slashes; a part has letters, digits and - . _ ~
// only, is not "." or "..", and nothing is percent-encoded. Anything else is no path of ours.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace barometer {

// "/i/ABC/p/q1" -> i, ABC, p, q1; "/" -> none; a trailing slash is dropped. Nothing: not a path of
// ours. At most 8 parts.
std::optional<std::vector<std::string_view>> path_parts(std::string_view path);

// The value of the cookie `name` in a Cookie header; empty when it is not there, is there twice
// with different values, or has bytes that RFC 6265 does not allow.
std::string_view cookie_value(std::string_view header, std::string_view name);

// The language of `known` that an Accept-Language header asks for most (by its q values, the first
// of equals); empty when it asks for none of them.
std::string preferred_language(std::string_view header, const std::vector<std::string>& known);

// For logs: the network of an address, never the host. "192.0.2.77" -> "192.0.2.0/24",
// "2001:db8:1:2::3" -> "2001:db8:1::/48"; what is no address -> "-".
std::string network_of(std::string_view address);

}  // namespace barometer
