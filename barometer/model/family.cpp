#include "barometer/model/family.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>

#include <fmt/format.h>
#include <boost/math/special_functions/erf.hpp>

namespace barometer {
namespace {

constexpr double kEpsilon = std::numeric_limits<double>::epsilon();
constexpr double kExponentLimit = 700;  // e^700 is finite

double normal_density(double z) {
  return std::exp(-z * z / 2) * std::numbers::inv_sqrtpi / std::numbers::sqrt2;
}
double normal_below(double z) { return std::erfc(-z / std::numbers::sqrt2) / 2; }
double normal_quantile(double p) { return -std::numbers::sqrt2 * boost::math::erfc_inv(2 * p); }
double inside(double p) { return std::clamp(p, kEpsilon, 1 - kEpsilon); }
double bounded(double eta) { return std::clamp(eta, -kExponentLimit, kExponentLimit); }
double logistic(double eta) { return 1 / (1 + std::exp(-bounded(eta))); }

double y_log_ratio(double y, double mu) { return y == 0 ? 0 : y * std::log(y / mu); }

}  // namespace

std::string_view name_of(GlmFamily family) {
  constexpr std::array<std::string_view, 4> kNames = {"gaussian", "binomial", "poisson", "gamma"};
  return kNames.at(static_cast<size_t>(family));
}

std::string_view name_of(GlmLink link) {
  constexpr std::array<std::string_view, 6> kNames = {"identity", "logit", "probit",
                                                      "cloglog",  "log",   "inverse"};
  return kNames.at(static_cast<size_t>(link));
}

Result<GlmFamily> parse_glm_family(std::string_view word) {
  std::string plain(word.starts_with("quasi") ? word.substr(5) : word);
  if (plain == "Gamma") plain = "gamma";
  for (const auto family :
       {GlmFamily::kGaussian, GlmFamily::kBinomial, GlmFamily::kPoisson, GlmFamily::kGamma}) {
    if (name_of(family) == plain) return family;
  }
  return fail(ErrorCode::kInvalid,
              fmt::format("'{}' is no family: gaussian, binomial, poisson or gamma", word));
}

Result<GlmLink> parse_glm_link(std::string_view word) {
  for (const auto link : {GlmLink::kIdentity, GlmLink::kLogit, GlmLink::kProbit, GlmLink::kCloglog,
                          GlmLink::kLog, GlmLink::kInverse}) {
    if (name_of(link) == word) return link;
  }
  return fail(
      ErrorCode::kInvalid,
      fmt::format("'{}' is no link: identity, logit, probit, cloglog, log or inverse", word));
}

GlmLink own_link(GlmFamily family) {
  switch (family) {
    case GlmFamily::kGaussian:
      return GlmLink::kIdentity;
    case GlmFamily::kBinomial:
      return GlmLink::kLogit;
    case GlmFamily::kPoisson:
      return GlmLink::kLog;
    case GlmFamily::kGamma:
      return GlmLink::kInverse;
  }
  return GlmLink::kIdentity;
}

bool link_fits(GlmFamily family, GlmLink link) {
  switch (family) {
    case GlmFamily::kGaussian:
      return link == GlmLink::kIdentity;
    case GlmFamily::kBinomial:
      return link == GlmLink::kLogit || link == GlmLink::kProbit || link == GlmLink::kCloglog;
    case GlmFamily::kPoisson:
      return link == GlmLink::kLog;
    case GlmFamily::kGamma:
      return link == GlmLink::kInverse || link == GlmLink::kLog;
  }
  return false;
}

double mean_at(GlmLink link, double eta) {
  switch (link) {
    case GlmLink::kIdentity:
      return eta;
    case GlmLink::kLogit:
      return inside(logistic(eta));
    case GlmLink::kProbit:
      return inside(normal_below(eta));
    case GlmLink::kCloglog:
      return inside(-std::expm1(-std::exp(bounded(eta))));
    case GlmLink::kLog:
      return std::exp(bounded(eta));
    case GlmLink::kInverse:
      return 1 / eta;
  }
  return eta;
}

double mean_slope(GlmLink link, double eta) {
  switch (link) {
    case GlmLink::kIdentity:
      return 1;
    case GlmLink::kLogit:
      return std::max(logistic(eta) * logistic(-eta), kEpsilon);
    case GlmLink::kProbit:
      return std::max(normal_density(eta), kEpsilon);
    case GlmLink::kCloglog: {
      const double e = std::exp(bounded(eta));
      return std::max(e * std::exp(-e), kEpsilon);
    }
    case GlmLink::kLog:
      return std::exp(bounded(eta));
    case GlmLink::kInverse:
      return -1 / (eta * eta);
  }
  return 1;
}

double mean_curvature(GlmLink link, double eta) {
  switch (link) {
    case GlmLink::kIdentity:
      return 0;
    case GlmLink::kLogit:
      return mean_slope(link, eta) * (logistic(-eta) - logistic(eta));
    case GlmLink::kProbit:
      return -eta * normal_density(eta);
    case GlmLink::kCloglog:
      return mean_slope(link, eta) * (1 - std::exp(bounded(eta)));
    case GlmLink::kLog:
      return std::exp(bounded(eta));
    case GlmLink::kInverse:
      return 2 / (eta * eta * eta);
  }
  return 0;
}

double link_of(GlmLink link, double mu) {
  switch (link) {
    case GlmLink::kIdentity:
      return mu;
    case GlmLink::kLogit:
      return std::log(mu / (1 - mu));
    case GlmLink::kProbit:
      return normal_quantile(mu);
    case GlmLink::kCloglog:
      return std::log(-std::log1p(-mu));
    case GlmLink::kLog:
      return std::log(mu);
    case GlmLink::kInverse:
      return 1 / mu;
  }
  return mu;
}

bool eta_allowed(GlmLink link, double eta) {
  return std::isfinite(eta) && (link != GlmLink::kInverse || eta > 0);
}

double variance_at(GlmFamily family, double mu) {
  switch (family) {
    case GlmFamily::kGaussian:
      return 1;
    case GlmFamily::kBinomial:
      return mu * (1 - mu);
    case GlmFamily::kPoisson:
      return mu;
    case GlmFamily::kGamma:
      return mu * mu;
  }
  return 1;
}

double unit_deviance(GlmFamily family, double y, double mu) {
  switch (family) {
    case GlmFamily::kGaussian:
      return (y - mu) * (y - mu);
    case GlmFamily::kBinomial:
      return 2 * (y_log_ratio(y, mu) + y_log_ratio(1 - y, 1 - mu));
    case GlmFamily::kPoisson:
      return 2 * (y_log_ratio(y, mu) - (y - mu));
    case GlmFamily::kGamma:
      return 2 * ((y - mu) / mu - std::log(y / mu));
  }
  return 0;
}

std::optional<std::string_view> refusal(GlmFamily family, double y) {
  switch (family) {
    case GlmFamily::kGaussian:
      return std::nullopt;
    case GlmFamily::kBinomial:
      if (y < 0 || y > 1) return "a binomial response has two categories, or lies between 0 and 1";
      return std::nullopt;
    case GlmFamily::kPoisson:
      if (y < 0) return "a poisson response is at least 0";
      return std::nullopt;
    case GlmFamily::kGamma:
      if (y <= 0) return "a gamma response is above 0";
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace barometer
