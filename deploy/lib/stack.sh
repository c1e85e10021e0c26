# The stack: compose found or built, up, down, what to tell afterwards. Sourced by ./podium.

PROJECT=${PODIUM_PROJECT:-podium}
COMPOSE_FILE_PATH=$ROOT/deploy/compose/compose.yaml
# How long `up` waits until every service is ready, in seconds.
UP_WAIT_MAX=120

# Finds a compose that understands compose.yaml, or builds an image that holds one. Sets COMPOSE, a
# command's words.
choose_compose() {
  local version
  version=$(docker compose version --short 2>/dev/null || true)
  if version_at_least_2_20 "${version#v}"; then
    COMPOSE=(docker compose)
    return 0
  fi
  version=$(docker-compose version --short 2>/dev/null || true)
  if version_at_least_2_20 "${version#v}"; then
    COMPOSE=(docker-compose)
    return 0
  fi
  COMPOSE_IMAGE=podium-compose:$(hash_of deploy/images/compose.Dockerfile)
  if ! image_exists "$COMPOSE_IMAGE"; then
    ensure_base_image
    step compose "building an image that holds docker compose (none of 2.20 or newer is here)" \
      build_image "$COMPOSE_IMAGE" "$ROOT/deploy/images/compose.Dockerfile" "$ROOT/deploy/images"
  fi
  COMPOSE=(compose_in_container)
}

# version_at_least_2_20 VERSION: true for 2.20 and everything newer; false for nothing.
version_at_least_2_20() {
  [[ $1 =~ ^([0-9]+)\.([0-9]+) ]] || return 1
  ((BASH_REMATCH[1] > 2 || (BASH_REMATCH[1] == 2 && BASH_REMATCH[2] >= 20)))
}

# Runs compose in a container that reaches the engine and sees the checkout under the same path. The
# settings of the environment that compose.yaml mentions go along.
compose_in_container() {
  local options=() name
  while read -r name; do
    if [[ -n ${!name+set} ]]; then options+=(-e "$name"); fi
  done < <(grep -o '\${[A-Z_]*' "$COMPOSE_FILE_PATH" | tr -d '${' | sort -u)
  docker run --rm -v "$DOCKER_SOCKET:/var/run/docker.sock" -v "$ROOT:$ROOT:ro" -w "$ROOT" \
    "${options[@]}" "$COMPOSE_IMAGE" docker compose "$@"
}

# compose ARGUMENT...: compose on this stack. What ./podium found out stands last, so that it wins:
# it is made from the person's settings.
compose() {
  local options=(-p "$PROJECT" -f "$COMPOSE_FILE_PATH")
  if [[ -f $SETTINGS_FILE ]]; then options+=(--env-file "$SETTINGS_FILE"); fi
  options+=(--env-file "$STACK_ENV_FILE")
  if wants_traces; then options+=(--profile traces); fi
  if wants_model_standin; then options+=(--profile model-standin); fi
  "${COMPOSE[@]}" "${options[@]}" "$@"
}

# Makes what is missing and starts the stack, or brings it up to date.
stack_up() {
  read_ports
  ensure_engine
  hold_lock build
  check_artifacts
  check_ports
  choose_compose
  build_stack_images
  make_passwords
  write_keys
  write_stack_env
  start_services
}

# end_unwanted SERVICE WANTED...: removes the service's container when the command says no.
end_unwanted() {
  local container
  container=$(service_container "$1")
  if [[ -n $container ]] && ! "${@:2}"; then docker rm --force "$container" >/dev/null; fi
}

# Starts the services and waits until they are ready. What is no longer wanted ends first.
start_services() {
  local log start status=0
  log=$(log_path up)
  start=$(now)
  printf 'starting the stack ... ' >&2
  end_unwanted jaeger wants_traces
  end_unwanted model-standin wants_model_standin
  {
    compose up --detach --remove-orphans && wait_until_ready
  } >"$log" 2>&1 </dev/null || status=$?
  if ((status != 0)); then
    say "failed after $(seconds_since "$start")"
    show_log_end "$log" 5
    explain_failed_start
    fail "the stack did not become ready" "build/log/up.log has it all; ./podium up tries again"
  fi
  seconds_since "$start" >&2
  say
}

# Asks every service of ours until it says that it is ready. Their own health checks are too seldom
# to wait for, because they go on for ever.
wait_until_ready() {
  local service id end=$((SECONDS + UP_WAIT_MAX))
  for service in gateway scraper codegen executor tracker notifier; do
    until id=$(service_container "$service") && [[ -n $id ]] \
      && docker exec "$id" podium setup probe http://127.0.0.1:9090/readyz; do
      if ((SECONDS > end || $(restarts_of "$service") > 2)); then
        echo "$service did not become ready"
        return 1
      fi
      sleep 0.3
    done
  done
}

# restarts_of SERVICE: how often the engine has started the service's container again.
restarts_of() {
  local id
  id=$(docker ps --all --quiet --filter "label=com.docker.compose.project=$PROJECT" \
    --filter "label=com.docker.compose.service=$1" | head -n 1)
  docker inspect --format '{{.RestartCount}}' "$id" 2>/dev/null || printf '0'
}

# Shows the end of the log of every container that is not well.
explain_failed_start() {
  local id name state
  while read -r id name state; do
    say "        $name: $state; the end of its log:"
    docker logs --tail 15 "$id" 2>&1 | sed 's/^/          | /' >&2
  done < <(containers_not_well)
}

# One line for each container of the stack that is not as it should be: id, name, state.
containers_not_well() {
  docker ps --all --filter "label=com.docker.compose.project=$PROJECT" \
    --format '{{.ID}} {{.Names}} {{.Status}}' \
    | grep -v -e '(healthy)' -e ' Exited (0)' -e ' Created' || true
}

# service_container SERVICE: the id of the service's running container; nothing when there is none.
service_container() {
  docker ps --quiet --filter "label=com.docker.compose.project=$PROJECT" \
    --filter "label=com.docker.compose.service=$1" | head -n 1
}

# Asks before everything is deleted. Without a terminal, --yes must say it.
confirm_reset() {
  local answer
  (($1)) && return 0
  [[ -t 0 && -t 2 ]] || fail "--reset deletes all jobs, data and passwords" \
    "say --yes to do it without being asked"
  printf 'This deletes all jobs, data and passwords of the stack. Go on? [y/N] ' >&2
  read -r answer
  [[ $answer == [yY] || $answer == [yY][eE][sS] ]] || fail "nothing was changed"
}

# stack_down RESET: ends the stack; with 1 also deletes its data, passwords and sandboxes.
stack_down() {
  local reset=$1
  ensure_engine
  hold_lock build
  step down "stopping the stack" remove_stack "$reset"
  if ((reset)); then
    step reset "deleting its sandboxes and passwords" remove_leftovers
    say "all data is deleted; ./podium up starts afresh"
  else
    say "data and passwords are kept: ./podium up starts again (PODIUM_OFFLINE=1 ./podium up with" \
      "bundled competitions), ./podium down --reset deletes them"
  fi
}

# Removes the containers and networks of the stack, and with 1 its volumes. It needs no compose and
# no settings, so that it works when those are broken.
remove_stack() {
  local filter="label=com.docker.compose.project=$PROJECT" ids
  # The services first: while they hand back their work they need the bus and the database.
  mapfile -t ids < <(docker ps --filter "$filter" \
    --format '{{.ID}} {{.Label "com.docker.compose.service"}}' \
    | awk '$2 != "nats" && $2 != "postgres" {print $1}')
  if ((${#ids[@]})); then docker stop --time 15 "${ids[@]}"; fi
  mapfile -t ids < <(docker ps --all --quiet --filter "$filter")
  if ((${#ids[@]})); then
    docker stop --time 15 "${ids[@]}"
    docker rm --force --volumes "${ids[@]}"
  fi
  mapfile -t ids < <(docker network ls --quiet --filter "$filter")
  if ((${#ids[@]})); then docker network rm "${ids[@]}"; fi
  (($1)) || return 0
  mapfile -t ids < <(docker volume ls --quiet --filter "$filter")
  if ((${#ids[@]})); then docker volume rm "${ids[@]}"; fi
}

# Removes the sandboxes and their data volumes that executors made, and the passwords.
remove_leftovers() {
  local ids
  mapfile -t ids < <(docker ps --all --quiet --filter label=podium.stack="$PROJECT")
  if ((${#ids[@]})); then docker rm --force --volumes "${ids[@]}"; fi
  mapfile -t ids < <(docker volume ls --quiet --filter label=podium.stack="$PROJECT")
  if ((${#ids[@]})); then docker volume rm "${ids[@]}"; fi
  rm -rf "$SECRETS_FOLDER" "$STACK_ENV_FILE"
}

# Says where everything is, in aligned lines on stdout.
print_summary() {
  local traces="off; ./podium up --traces starts Jaeger" next="./podium run ./FOLDER --watch"
  local viewer=deploy/compose/secrets/nats_viewer mode
  mode="without a Kaggle account; KAGGLE_API_TOKEN=... or PODIUM_OFFLINE=1 (bundled) ./podium up"
  if wants_traces; then traces="http://127.0.0.1:$JAEGER_PORT"; fi
  if wants_traces && [[ ${PODIUM_JAEGER_IMAGE:-} == podium-jaeger:* ]]; then
    traces+="/api/traces/ID  (this Jaeger, built from source, has no pages)"
  fi
  if has_kaggle_credentials; then
    mode="competitions from Kaggle, with the credentials given"
    next="./podium run https://www.kaggle.com/competitions/NAME --watch"
  fi
  if [[ $(setting PODIUM_OFFLINE 0) == 1 ]]; then
    mode="offline: bundled competitions are served from their own data"
    next="./podium run titanic --watch"
  fi
  local psql="docker exec -it ${PROJECT}-postgres-1 psql -U podium_gateway podium"
  printf '  %-9s %s\n' \
    API "http://127.0.0.1:$HTTP_PORT" \
    Events "nats://127.0.0.1:$NATS_PORT  user viewer, password in $viewer" \
    Database "$psql  (\\dv lists the views)" \
    Traces "$traces" \
    Mode "$mode" \
    Next "$next    ./podium jobs    ./podium events -f    ./podium down"
}
