#include "libs/chassis/http/router.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "libs/chassis/http/http_errors.hpp"

namespace podium::http {
namespace {

std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> segments;
  for (path.remove_prefix(1);;) {
    const auto slash = path.find('/');
    segments.push_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return segments;
    path.remove_prefix(slash + 1);
  }
}

bool is_parameter(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

struct PatternMatch {
  std::map<std::string, std::string> parameters;
  /// One digit a segment, `1` for a literal: the greatest text is the most exact pattern.
  std::string exactness;
};

std::optional<PatternMatch> match(std::string_view pattern, std::string_view path) {
  const auto wanted = segments_of(pattern);
  const auto given = segments_of(path);
  if (wanted.size() != given.size()) return std::nullopt;
  PatternMatch found;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const bool literal = !is_parameter(wanted[i]);
    if (literal ? wanted[i] != given[i] : given[i].empty()) return std::nullopt;
    found.exactness += literal ? '1' : '0';
    if (literal) continue;
    found.parameters.emplace(wanted[i].substr(1, wanted[i].size() - 2), given[i]);
  }
  return found;
}

}  // namespace

void Router::add(Route route) {
  routes_.push_back(std::move(route));
}

Result<RouteMatch> Router::find(std::string_view method, std::string_view path) const {
  const std::string_view wanted = method == "HEAD" ? "GET" : method;
  RouteMatch best;
  std::string best_exactness;
  bool path_is_known = false;
  for (const Route& route : routes_) {
    auto found = match(route.pattern, path);
    if (!found) continue;
    path_is_known = true;
    if (route.method != wanted) continue;
    if (best.route != nullptr && found->exactness <= best_exactness) continue;
    best = {&route, std::move(found->parameters)};
    best_exactness = std::move(found->exactness);
  }
  if (best.route != nullptr) return best;
  if (path_is_known) return fail(errors::kMethodNotAllowed, "this address takes " + allowed(path));
  return fail(errors::kNotFound, "there is nothing at this address");
}

std::string Router::allowed(std::string_view path) const {
  std::set<std::string> methods;
  for (const Route& route : routes_) {
    if (!match(route.pattern, path)) continue;
    methods.insert(route.method);
    if (route.method == "GET") methods.insert("HEAD");
  }
  std::string list;
  for (const std::string& method : methods) {
    if (!list.empty()) list += ", ";
    list += method;
  }
  return list;
}

std::vector<std::string> Router::names() const {
  std::vector<std::string> names;
  names.reserve(routes_.size());
  for (const Route& route : routes_) names.push_back(route.method + " " + route.pattern);
  return names;
}

}  // namespace podium::http
