# The client program, run in a container of the runtime image beside the gateway, and the demo.
# Sourced by ./podium.

# Verbs that also make sense while the stack is down.
OFFLINE_VERBS=" doctor version completion "
# Settings of the caller that the client gets.
CLIENT_SETTINGS=(TERM COLUMNS TZ NO_COLOR FORCE_COLOR)

# Runs the client with the arguments: same output, same exit code, Ctrl-C reaches it, and files that
# the arguments name are there.
run_client() {
  if ! engine_answers; then
    require_socket_permission
    client_unreachable "no Docker engine answers"
  fi
  make_client_command "$@"
  exec "${CLIENT_COMMAND[@]}"
}

# Makes the projection again, in the tracker's container: it alone may write to the database.
run_rebuild() {
  engine_answers || require_socket_permission
  local tracker
  tracker=$(service_container tracker)
  [[ -n $tracker ]] || client_unreachable "the stack is not running"
  exec docker exec "$tracker" podium-tracker rebuild
}

# Ends with the client's exit code for a gateway that cannot be reached.
client_unreachable() {
  say "podium: $1"
  say "        ./podium up starts the stack"
  exit 7
}

# make_client_command ARGUMENT...: sets CLIENT_COMMAND, one run of the client in a container. It
# shares the gateway's network, so that 127.0.0.1 is the gateway and `nats` the bus, and has the
# caller's user and folder.
make_client_command() {
  local gateway options=() name
  gateway=$(service_container gateway)
  if [[ -n $gateway ]]; then
    options+=(--network "container:$gateway")
    RUNTIME_IMAGE=$(docker inspect --format '{{.Config.Image}}' "$gateway")
  elif [[ $OFFLINE_VERBS != *" $1 "* ]]; then
    client_unreachable "the stack is not running"
  else
    name_images
    image_exists "$RUNTIME_IMAGE" || client_unreachable "the programs are not built"
  fi
  if [[ -t 0 && -t 1 && -t 2 ]]; then options+=(--interactive --tty); fi
  if ! engine_is_rootless; then options+=(--user "$(id -u):$(id -g)"); fi
  for name in "${CLIENT_SETTINGS[@]}"; do
    if [[ -n ${!name:-} ]]; then options+=(-e "$name"); fi
  done
  if [[ -n $(setting PODIUM_API_KEY "") ]]; then
    PODIUM_API_KEY=$(setting PODIUM_API_KEY "")
    export PODIUM_API_KEY
    options+=(-e PODIUM_API_KEY)
  fi
  if [[ -r $SECRETS_FOLDER/nats_viewer ]]; then
    options+=(-v "$SECRETS_FOLDER/nats_viewer:/run/secrets/nats_viewer:ro"
      -e NATS_USER=viewer -e NATS_PASSWORD_FILE=/run/secrets/nats_viewer)
  fi
  if [[ $1 == doctor ]] && engine_answers; then
    DOCKER_SOCKET=$(engine_socket)
    options+=(-v "$DOCKER_SOCKET:/var/run/docker.sock" -e PODIUM_STACK="$PROJECT"
      -e PODIUM_HEALTH_URLS="http://scraper:9090,http://codegen:9090,http://notifier:9090")
    if ! engine_is_rootless; then options+=(--group-add "$(engine_socket_group)"); fi
  fi
  set_file_options "$@"
  read_ports
  CLIENT_COMMAND=(docker run --rm --init --label "podium.client=$PROJECT"
    --security-opt no-new-privileges:true
    -e PODIUM_URL=http://127.0.0.1:8080 -e NATS_URL=nats://nats:4222 -e HOME=/tmp
    -e PODIUM_PUBLIC_URL="$(setting PODIUM_PUBLIC_URL "http://127.0.0.1:$HTTP_PORT")"
    -e NATS_PUBLIC_URL="nats://127.0.0.1:$NATS_PORT"
    "${options[@]}" "${FILE_OPTIONS[@]}" "$RUNTIME_IMAGE" podium "$@")
}

# set_file_options ARGUMENT...: sets FILE_OPTIONS, the mounts that make the caller's folder, and
# files and folders elsewhere that the arguments name, available under their own paths.
set_file_options() {
  FILE_OPTIONS=()
  local argument path previous=
  if can_mount "$CALLER_FOLDER"; then
    FILE_OPTIONS+=(-v "$CALLER_FOLDER:$CALLER_FOLDER" -w "$CALLER_FOLDER")
  fi
  for argument in "$@"; do
    path=${argument#--*=}
    if [[ $path == */* ]]; then
      if [[ $previous == -o || $previous == --output || $argument == --output=* ]]; then
        mount_outside "$(cd "$CALLER_FOLDER" && readlink -m -- "$(dirname -- "$path")")" rw
      else
        mount_outside "$(cd "$CALLER_FOLDER" && readlink -m -- "$path")" ro
      fi
    fi
    previous=$argument
  done
}

# mount_outside PATH MODE: adds the mount of a file or folder that exists outside the caller's
# folder.
mount_outside() {
  [[ -e $1 && $1/ != "$CALLER_FOLDER"/* ]] || return 0
  can_mount "$1" || fail "$1 is a folder of the system" "give a file or folder elsewhere"
  FILE_OPTIONS+=(-v "$1:$1:$2")
}

# can_mount PATH: false for paths that would hide the client's own system from it.
can_mount() {
  case $1/ in
    / | // | /usr/* | /etc/* | /bin/* | /sbin/* | /lib*/*) return 1 ;;
    /proc/* | /sys/* | /dev/* | /run/secrets/* | *:*) return 1 ;;
  esac
}

# Makes the stack ask the model stand-in and nobody else.
use_model_standin() {
  export PODIUM_MODEL_STANDIN=1 PODIUM_MODELS=local/local-large
  export PODIUM_LOCAL_MODELS_URL=http://model-standin:8000/v1
  export PODIUM_LOCAL_MODELS_KEY=sk-standin-demo
}

# `./podium demo`: the stack with the bundled competitions, one job watched to its end, its file.
# run_demo [--model-standin]
run_demo() {
  local start job_start status=0 file=$CALLER_FOLDER/submission.csv candidates=3
  start=$(now)
  export PODIUM_OFFLINE=1
  if [[ ${1:-} == --model-standin ]]; then
    use_model_standin
    candidates=8
  fi
  stack_up
  exec 8>&- # others may use the stack while the job runs
  say
  job_start=$(now)
  make_client_command run titanic --watch --max-candidates "$candidates"
  "${CLIENT_COMMAND[@]}" || status=$?
  if ((status != 0)); then
    fail "the job did not succeed (exit code $status)" \
      "./podium status @latest says why; ./podium doctor checks every part"
  fi
  {
    make_client_command result @latest -o -
    "${CLIENT_COMMAND[@]}"
  } >"$file.new" || status=$?
  if ((status != 0)); then
    rm -f "$file.new"
    fail "the submission could not be fetched" \
      "./podium result @latest -o submission.csv tries again"
  fi
  mv "$file.new" "$file"
  say
  printf '  %-9s %s\n' Saved "$file ($(($(wc -l <"$file") - 1)) rows)" \
    Took "$(seconds_since "$job_start") for the job, $(seconds_since "$start") in all"
  print_summary
}
