#include "libs/chassis/version.hpp"

namespace podium {

std::string_view version() {
  return PODIUM_VERSION;
}

std::string_view commit() {
  return PODIUM_COMMIT;
}

}  // namespace podium
