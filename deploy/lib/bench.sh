# `./podium bench`: measurements that need no stack, compiled and run in a toolchain container.
# Sourced by ./podium.

# What can be measured, and the program in build/release/bin that does it.
declare -A BENCH_PROGRAMS=([search]=podium-bench-search [executors]=podium-bench-executors
  [events]=podium-bench-events [data]=podium-bench-data)

# run_bench NAME [ARGUMENT ...]: compiles the program when its sources have changed and hands it the
# arguments. Its output alone is on stdout.
run_bench() {
  local name=${1:-} program options=()
  program=${BENCH_PROGRAMS[${name:-none}]:-}
  [[ -n $program ]] || usage_error "bench takes one of: ${!BENCH_PROGRAMS[*]}; not '$name'"
  shift
  ensure_engine
  hold_lock build
  prepare_images
  if [[ $name == executors ]]; then start_sandbox_image; fi
  ensure_toolchain
  step bench-compile "compiling $program" compile release "" "bin/$program"
  exec 8>&- # others may build while it runs
  if [[ $name == executors ]]; then
    join sandbox
    options=(-v "$DOCKER_SOCKET:/var/run/docker.sock" --group-add "$(engine_socket_group)"
      -e PODIUM_SANDBOX_IMAGE="$SANDBOX_IMAGE" -e GTEST_BRIEF=1)
  elif [[ $name == events ]]; then
    options=(--shm-size 1g -e GTEST_BRIEF=1) # PostgreSQL wants shared memory of its own
  fi
  in_toolchain "${options[@]}" -- "build/release/bin/$program" "$@"
}
