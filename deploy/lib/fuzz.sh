# `./podium fuzz`: libFuzzer looks for inputs that break a parser of what strangers send, with the
# address and undefined-behaviour sanitizers. Sourced by ./podium.

# run_fuzz TARGET [SECONDS]: searches for so long, a minute if not told. What is found lies in
# build/fuzz/found, and what reached something new in build/fuzz/corpus.
run_fuzz() {
  local target=${1:-} seconds=${2:-60} found=build/fuzz/found corpus
  [[ -n $target && -d $ROOT/tests/fuzz/corpus/$target ]] ||
    usage_error "fuzz takes one of: $(ls -m "$ROOT/tests/fuzz/corpus"); not '$target'"
  [[ $seconds =~ ^[1-9][0-9]*$ ]] || usage_error "fuzz takes a number of seconds, not '$seconds'"
  no_more_arguments fuzz "${@:3}"
  corpus=build/fuzz/corpus/$target
  ensure_engine
  hold_lock build
  prepare_images
  ensure_toolchain
  step fuzz-compile "compiling fuzz_$target" compile fuzz "" "bin/fuzz_$target"
  exec 8>&- # others may build while it runs
  mkdir -p "$ROOT/$corpus" "$ROOT/$found"
  in_toolchain -- "build/fuzz/bin/fuzz_$target" -max_total_time="$seconds" -timeout=10 \
    -rss_limit_mb=2048 -max_len=16384 -print_final_stats=1 -artifact_prefix="$found/$target-" \
    "$corpus" "tests/fuzz/corpus/$target"
}
