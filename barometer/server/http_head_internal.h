// What is asked of a request's head before anything else looks at it.
#pragma once

#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include "barometer/server/http.h"

namespace barometer {

using BeastRequest = boost::beast::http::request<boost::beast::http::string_body>;

// Fills `request` with views into `message` (not the body); 0, or the status that refuses it.
int read_head(const BeastRequest& message, bool behind_proxy, HttpRequest& request);

// A literal IP address, as a proxy names one.
bool is_ip_address(std::string_view text);

}  // namespace barometer
