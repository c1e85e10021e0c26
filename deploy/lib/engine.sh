# The Docker engine: found, installed, started. Sourced by ./podium.

# engine_answers: true when a Docker engine answers.
engine_answers() {
  command -v docker >/dev/null \
    && timeout 10 docker version --format '{{.Server.Version}}' >/dev/null 2>&1
}

# Makes sure that a Docker engine answers, or says what a person must do. Sets DOCKER_SOCKET, the
# engine's socket on this machine.
ensure_engine() {
  engine_answers || install_or_start_engine
  DOCKER_SOCKET=$(engine_socket)
}

# Does what is needed until an engine answers.
install_or_start_engine() {
  if [[ -n ${DOCKER_HOST:-} ]]; then
    fail "DOCKER_HOST=$DOCKER_HOST does not answer" "start that engine, or unset DOCKER_HOST"
  fi
  require_socket_permission
  if ! command -v docker >/dev/null || ! command -v dockerd >/dev/null; then
    install_engine
  fi
  if ! engine_answers; then start_engine; fi
}

# Fails when there is an engine's socket that the caller may not use.
require_socket_permission() {
  local socket=/var/run/docker.sock
  if [[ -S $socket && ! -w $socket ]]; then
    fail "no permission on $socket" \
      "run as root, or join the group docker: sudo usermod -aG docker $(id -un)"
  fi
}

# install_packages PACKAGE...: by apt; the caller is root.
install_packages() {
  apt-get update
  DEBIAN_FRONTEND=noninteractive apt-get install -y "$@"
}

# Installs the distribution's engine on Debian and Ubuntu.
install_engine() {
  local advice="install Docker Engine 20.10 or newer and run this again"
  command -v apt-get >/dev/null || fail "there is no Docker engine here" "$advice"
  [[ $(id -u) == 0 ]] \
    || fail "there is no Docker engine here, and installing one needs root" \
      "sudo apt-get install docker.io, then run this again"
  step engine-install "installing the Docker engine (docker.io)" install_packages docker.io
  hash -r
  command -v docker >/dev/null \
    || step engine-cli "installing the Docker client (docker-cli)" install_packages docker-cli
}

# Starts the engine that is installed here.
start_engine() {
  if [[ -d /run/systemd/system ]]; then
    [[ $(id -u) == 0 ]] || fail "the Docker engine is not running" "sudo systemctl start docker"
    step engine-start "starting the Docker engine" systemctl start docker
  else
    [[ $(id -u) == 0 ]] \
      || fail "no Docker engine answers, and starting one needs root" "start dockerd as root"
    command -v dockerd >/dev/null \
      || fail "there is no 'dockerd' here" "install Docker Engine 20.10 or newer"
    step engine-start "starting the Docker engine" start_dockerd
  fi
  engine_answers || fail "the Docker engine does not answer" \
    "see its log: journalctl -u docker, or /var/log/podium-dockerd.log"
}

# Starts dockerd where no service manager runs. It outlives this script. Two scripts at once start
# one.
start_dockerd() {
  local log pid attempt
  log=/var/log/podium-dockerd.log # it lives longer than the folder build/
  exec 9>/run/podium-dockerd.lock
  flock -w 60 9
  if ! engine_answers; then
    # A killed engine leaves its pid file, and the number may belong to another process by now.
    pid=$(cat /var/run/docker.pid 2>/dev/null || true)
    if [[ -n $pid ]] && ! grep -qs dockerd "/proc/$pid/comm"; then rm -f /var/run/docker.pid; fi
    setsid nohup dockerd >>"$log" 2>&1 </dev/null 8>&- 9>&- &
    pid=$!
    for attempt in $(seq 150); do
      engine_answers && break
      if ! kill -0 "$pid" 2>/dev/null && ! engine_answers; then
        echo "dockerd ended at attempt $attempt; the end of $log:"
        tail -n 10 "$log"
        return 1
      fi
      sleep 0.2
    done
  fi
  exec 9>&-
  engine_answers
}

# Says where the engine's socket is, for containers that talk to it.
engine_socket() {
  local host=${DOCKER_HOST:-}
  if [[ -z $host ]]; then
    host=$(docker context inspect --format '{{.Endpoints.docker.Host}}' 2>/dev/null || true)
  fi
  case $host in
    unix://*) printf '%s' "${host#unix://}" ;;
    "") printf '/var/run/docker.sock' ;;
    *)
      fail "the engine at $host has no socket on this machine" \
        "Podium needs an engine on the same machine: unset DOCKER_HOST"
      ;;
  esac
}

# The group that may use the engine's socket, as seen by the engine.
engine_socket_group() {
  stat -Lc %g "$DOCKER_SOCKET"
}

# True when the engine runs without root: its containers' root is the person who calls.
engine_is_rootless() {
  docker info --format '{{.SecurityOptions}}' 2>/dev/null | grep -q rootless
}
