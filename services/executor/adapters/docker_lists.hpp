// Finds containers and volumes of the engine by their labels.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libs/chassis/result.hpp"
#include "services/executor/adapters/docker_answers.hpp"
#include "services/executor/adapters/docker_api.hpp"

namespace podium::executor::docker {

/// Labels as "name=value"; all must be there.
using LabelFilter = std::vector<std::string>;

/// Of one kind (run, data, data-complete, fill, probe) and stack.
LabelFilter of_kind(std::string_view kind, std::string_view stack);

/// In any state.
Result<std::vector<Labelled>> list_containers(DockerApi& api, const LabelFilter& labels);
Result<std::vector<Labelled>> list_volumes(DockerApi& api, const LabelFilter& labels);
/// nullopt when there is none of this name.
Result<std::optional<Labelled>> find_volume(DockerApi& api, const std::string& name);

/// Success also when it is gone already. CONFLICT while a volume is in use.
Result<void> remove_container(DockerApi& api, const std::string& name);
Result<void> remove_volume(DockerApi& api, const std::string& name);

}  // namespace podium::executor::docker
