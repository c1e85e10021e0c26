// The servers that Kaggle keeps files on: which addresses are theirs, and calls to them. Pure.
// Thread-safe.
#pragma once

#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "libs/chassis/http/client.hpp"
#include "libs/chassis/result.hpp"

namespace podium::scraper {

/// Hosts that Kaggle may send us to: "*.googleapis.com" over https, and for tests a host with its
/// port ("127.0.0.1:8081"), over http as well.
bool is_storage_address(std::string_view url, const std::vector<std::string>& further_hosts);

/// `reason`, naming the address without what it is signed with, when it is none of theirs.
Result<void> check_storage_address(std::string_view url,
                                   const std::vector<std::string>& further_hosts,
                                   const ErrorCode& reason);

/// The file name that an address ends with; empty when it is none.
std::string file_name_of(std::string_view url);

/// None of our headers: the server checks what it signed. However long it takes, as long as bytes
/// come.
HttpCall storage_call(std::string_view method, const std::string& url, const std::stop_token& stop);

}  // namespace podium::scraper
