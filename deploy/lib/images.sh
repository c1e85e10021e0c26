# The images: found, pulled, built. Sourced by ./podium. An image of ours is tagged with the hash of
# what it is made from, so that an image whose tag exists is up to date and costs nothing.

BASE_IMAGE=debian:trixie-slim
SUITE=trixie
# Official images, taken where a registry answers. The same from packages where none does.
OFFICIAL_NATS_IMAGE=nats:2.10.29-alpine3.22
OFFICIAL_POSTGRES_IMAGE=postgres:17.9-trixie
JAEGER_VERSION=1.76.0
OFFICIAL_JAEGER_IMAGE=jaegertracing/all-in-one:$JAEGER_VERSION

# What several Dockerfiles copy in, so that it counts for their tags.
BACKPORTS=deploy/images/add-backports.sh

# What build/release/bin holds: the programs of the runtime image.
PROGRAMS=(podium podium-gateway podium-scraper podium-unpack podium-codegen podium-executor
  podium-check podium-tracker podium-notifier)
# What the programs are compiled from, and what the runtime image holds beside them.
SOURCE_PATHS=(CMakeLists.txt CMakePresets.json cmake schemas libs services cli)
RUNTIME_PATHS=(.dockerignore "$BACKPORTS" deploy/images/runtime.Dockerfile competitions
  sandbox/seccomp.json)

# True when the engine has the image.
image_exists() {
  docker image inspect "$1" >/dev/null 2>&1
}

# hash_of PATH...: twelve digits that stand for the names and contents of all files below the paths
# (those that exist; pages for readers do not count).
hash_of() {
  (
    cd "$ROOT" || exit 1
    local existing=() path
    for path in "$@"; do
      if [[ -e $path ]]; then existing+=("$path"); fi
    done
    find "${existing[@]}" -type f ! -name '*.pyc' ! -name README.md -print0 \
      | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-12
  )
}

# build_image TAG DOCKERFILE CONTEXT [OPTION...]: builds by the engine's own builder. Proxy settings
# of the caller reach the downloads inside.
build_image() {
  local tag=$1 dockerfile=$2 context=$3 name options=()
  shift 3
  for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
    if [[ -n ${!name:-} ]]; then options+=(--build-arg "$name"); fi
  done
  docker build --force-rm -t "$tag" -f "$dockerfile" --build-arg "BASE=$BASE_IMAGE" \
    "${options[@]}" "$@" "$context"
}

# Copies the host's own certificate authorities to where image builds take them from.
copy_host_certificates() {
  local certificate target
  for certificate in /usr/local/share/ca-certificates/*.crt; do
    [[ -f $certificate ]] || continue
    target=$ROOT/deploy/images/ca/${certificate##*/}
    cmp -s "$certificate" "$target" || cp "$certificate" "$target"
  done
}

# Makes sure that the base image exists: pulled, else made from the distribution's packages.
ensure_base_image() {
  copy_host_certificates
  image_exists "$BASE_IMAGE" && return 0
  pull_image "$BASE_IMAGE" && return 0
  if ! command -v mmdebstrap >/dev/null; then
    if [[ $(id -u) != 0 ]] || ! command -v apt-get >/dev/null; then
      fail "no registry gives the image $BASE_IMAGE" \
        "connect to one, or install mmdebstrap (apt-get install mmdebstrap) and run this again"
    fi
    step base-tools "installing mmdebstrap" install_packages mmdebstrap debian-archive-keyring
  fi
  step base "making the base image from packages" make_base_image
}

# Makes the base image without a registry.
make_base_image() {
  local tar=$ROOT/build/base.tar
  mmdebstrap --variant=minbase "$SUITE" "$tar"
  docker import "$tar" "$BASE_IMAGE"
  rm -f "$tar"
}

# pull_image IMAGE: true when a registry gave it. A refusal is no failure: there is another way.
pull_image() {
  local start
  start=$(now)
  printf 'pulling %s ... ' "$1" >&2
  if timeout 600 docker pull "$1" >"$(log_path "pull-${1//[\/:]/-}")" 2>&1 </dev/null; then
    say "$(seconds_since "$start")"
  else
    say "no registry gives it"
    return 1
  fi
}

# Names the images that are made from this checkout. Sets TOOLCHAIN_IMAGE, SANDBOX_IMAGE,
# RUNTIME_IMAGE and SOURCE_HASH.
name_images() {
  local toolchain=("$BACKPORTS" deploy/images/toolchain.Dockerfile deploy/images/ca
    deploy/images/s3)
  TOOLCHAIN_IMAGE=podium-toolchain:$(hash_of "${toolchain[@]}")
  SANDBOX_IMAGE=podium-sandbox:$(hash_of sandbox)
  SOURCE_HASH=$(hash_of "${SOURCE_PATHS[@]}" "${toolchain[@]}")
  RUNTIME_IMAGE=podium-runtime:$SOURCE_HASH-$(hash_of "${RUNTIME_PATHS[@]}")
}

# Makes sure that the image exists that compiles, checks and tests.
ensure_toolchain() {
  image_exists "$TOOLCHAIN_IMAGE" && return 0
  step toolchain "building the toolchain image" \
    build_image "$TOOLCHAIN_IMAGE" "$ROOT/deploy/images/toolchain.Dockerfile" "$ROOT/deploy/images"
}

# Starts building the sandbox image beside other steps when it is missing; join sandbox waits for
# it.
start_sandbox_image() {
  image_exists "$SANDBOX_IMAGE" \
    || background sandbox "building the sandbox image" build_sandbox_image
}

# Builds the sandbox image. Its context is a folder of its own that holds everything in sandbox/
# and, as `ca/`, the extra certificate authorities of deploy/images/ca: sandbox/Dockerfile copies
# both from there and is given BASE.
build_sandbox_image() {
  local context=$ROOT/build/sandbox-context
  rm -rf "$context"
  mkdir -p "$context"
  cp -R "$ROOT/sandbox/." "$context/"
  cp -R "$ROOT/deploy/images/ca" "$context/ca"
  build_image "$SANDBOX_IMAGE" "$context/Dockerfile" "$context"
  rm -rf "$context"
}

# Where a checkout is inside a toolchain container: the same path for all of them, so that what one
# has compiled the compiler's cache has for the next.
INSIDE=/podium

# in_toolchain [OPTION...] -- COMMAND...: runs in a toolchain container; the checkout is at INSIDE,
# and files come out as the caller's own.
in_toolchain() {
  local options=()
  while [[ $1 != -- ]]; do
    options+=("$1")
    shift
  done
  shift
  docker run --rm --init --label podium.toolchain="$ROOT" \
    -v "$ROOT:$INSIDE" -w "$INSIDE" -v "podium-ccache-$(id -u):/ccache" \
    -e HOME=/tmp "${USER_OPTIONS[@]}" "${options[@]}" \
    "$TOOLCHAIN_IMAGE" "$@"
}

# compile PRESET OPTION TARGET...: configures build/PRESET, with an option for CMake or '', and
# compiles the targets in it. CMake takes no tree that was made at another path: such a one goes.
compile() {
  in_toolchain -- bash -c '
    grep -qsx "CMAKE_HOME_DIRECTORY:INTERNAL=$PWD" "build/$1/CMakeCache.txt" || rm -rf "build/$1"
    cmake --preset "$1" ${2:+"$2"} && ninja -C "build/$1" "${@:3}"' compile "$@"
}

# Sets USER_OPTIONS: who a toolchain container runs as, so that the caller can delete what it
# leaves. A name for the user is needed too, because PostgreSQL's initdb asks for one.
set_user_options() {
  USER_OPTIONS=()
  if [[ $(id -u) == 0 ]] || engine_is_rootless; then return 0; fi
  local passwd=$ROOT/build/passwd
  mkdir -p "$ROOT/build"
  printf 'root:x:0:0:root:/root:/bin/bash\npodium:x:%d:%d::/tmp:/bin/bash\n' \
    "$(id -u)" "$(id -g)" >"$passwd"
  USER_OPTIONS=(--user "$(id -u):$(id -g)" -v "$passwd:/etc/passwd:ro")
}

# What comes before any image of this checkout: the base image, the names, who containers run as.
prepare_images() {
  ensure_base_image
  name_images
  set_user_options
}

# The commit that is checked out, for the programs to tell.
commit_name() {
  in_git rev-parse --short HEAD 2>/dev/null || printf 'unknown'
}

# in_git ARGUMENT...: git on the checkout, whoever owns it.
in_git() {
  git -c safe.directory='*' -C "$ROOT" "$@"
}

# Compiles the programs into build/release/bin when their sources have changed since.
ensure_programs() {
  local stamp=$ROOT/build/release/source-hash program missing=0
  for program in "${PROGRAMS[@]}"; do
    [[ -x $ROOT/build/release/bin/$program ]] || missing=1
  done
  if ((!missing)) && [[ $(cat "$stamp" 2>/dev/null) == "$SOURCE_HASH" ]]; then return 0; fi
  ensure_toolchain
  step compile "compiling the programs" compile release \
    "-DPODIUM_COMMIT=$(commit_name)" "${PROGRAMS[@]/#/bin/}"
  printf '%s\n' "$SOURCE_HASH" >"$stamp"
}

# Makes sure that the image exists that the services run in.
ensure_runtime_image() {
  image_exists "$RUNTIME_IMAGE" && return 0
  ensure_programs
  ensure_toolchain
  step runtime "building the runtime image" build_image "$RUNTIME_IMAGE" \
    "$ROOT/deploy/images/runtime.Dockerfile" "$ROOT" --build-arg "TOOLCHAIN=$TOOLCHAIN_IMAGE"
  remove_old_runtime_images
}

# Removes runtime images of earlier sources, except those that containers use.
remove_old_runtime_images() {
  local image
  for image in $(docker image ls --format '{{.Repository}}:{{.Tag}}' podium-runtime); do
    [[ $image == "$RUNTIME_IMAGE" ]] || docker image rm "$image" >/dev/null 2>&1 || true
  done
}

# find_image VARIABLE NAME OFFICIAL: sets the variable to the image of a foreign program: the one
# that the setting of the same name gives; else the official one where it is here or a registry
# gives it; else the tag of ours, which build_own_image makes from deploy/images/NAME.Dockerfile.
find_image() {
  local -n found=$1
  local own
  found=$(setting "$1" "")
  if [[ -n $found ]]; then
    image_exists "$found" || pull_image "$found" \
      || fail "there is no image $found" "mend the setting $1"
    return 0
  fi
  own=podium-$2:$(hash_of "$BACKPORTS" "deploy/images/$2.Dockerfile" "deploy/images/$2")
  found=$own
  if image_exists "$3" || { ! image_exists "$own" && pull_image "$3"; }; then found=$3; fi
}

# build_own_image NAME TAG: our image of a foreign program, from packages.
build_own_image() {
  build_image "$2" "$ROOT/deploy/images/$1.Dockerfile" "$ROOT/deploy/images"
}

# start_image VARIABLE NAME OFFICIAL: finds the image, and starts building ours beside other steps
# when that is what it takes; join image-NAME waits for it.
start_image() {
  find_image "$@"
  image_exists "${!1}" \
    || background "image-$2" "building the image for $2 from packages" build_own_image "$2" "${!1}"
}

# Everything that `up` needs as images; the slow ones beside each other.
build_stack_images() {
  prepare_images
  start_sandbox_image
  start_image PODIUM_NATS_IMAGE nats "$OFFICIAL_NATS_IMAGE"
  start_image PODIUM_POSTGRES_IMAGE postgres "$OFFICIAL_POSTGRES_IMAGE"
  if wants_traces; then start_image PODIUM_JAEGER_IMAGE jaeger "$OFFICIAL_JAEGER_IMAGE"; fi
  ensure_runtime_image
  local name
  for name in image-nats image-postgres sandbox image-jaeger; do join "$name"; done
}

# `./podium build`: the images, and the programs in build/release/bin.
build_everything() {
  local start
  start=$(now)
  hold_lock build
  build_stack_images
  ensure_programs
  say "built: programs in build/release/bin, image $RUNTIME_IMAGE ($(seconds_since "$start"))"
}
