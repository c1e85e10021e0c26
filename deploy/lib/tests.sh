# `./podium test`: every lane in a toolchain container, no stack needed. Sourced by ./podium.

# The lanes in the order in which they run, and who answers for what. asan compiles all tests and
# programs with the address and undefined behaviour sanitizers, and unit, contract and pipeline run
# them so. format, tidy and scripts check the text; standins runs the vendors' and Kaggle's own
# clients against what plays the vendors and Kaggle.
# Those that need nothing but the compiler come first, while images are still being made.
LANES=(asan unit contract format scripts tidy standins pipeline tsan)
# The lanes that run when none is named: all but tsan, which compiles the quick tests once more.
DEFAULT_LANES=(asan unit contract format scripts tidy standins pipeline)
# The lane that compiles what a lane runs.
declare -A COMPILED_BY=([unit]=asan [contract]=asan [pipeline]=asan)
# What programs with sanitizers are told. The check of vptr is left out when they are compiled: it
# looks at memory through a pipe, and podium-check and podium-unpack may open none.
SANITIZER_OPTIONS=(
  -e ASAN_OPTIONS=strict_string_checks=1:detect_stack_use_after_return=1:allow_addr2line=1
  -e UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1)
# Where the tests' results go, in the checkout.
RESULT_FOLDER=build/results
# A test program that takes longer is ended, in seconds.
TEST_PROGRAM_MAX=900
PASSED=0 FAILED=0 ALL_LANES_RAN=0
# The compiling lanes that failed.
declare -A NOT_COMPILED=()

# run_tests [LANE ...] [--all]: runs the lanes, prints a line for each and at last the sum. Ends
# with 1 when anything failed or could not run.
run_tests() {
  local wanted=() argument lane
  TIDY_ALL=0
  for argument in "$@"; do
    if [[ $argument == --all ]]; then
      TIDY_ALL=1
    elif [[ " ${LANES[*]} " == *" $argument "* ]]; then
      wanted+=("$argument")
    else
      usage_error "'$argument' is no lane; there are: ${LANES[*]}"
    fi
  done
  if ((${#wanted[@]} == 0)); then wanted=("${DEFAULT_LANES[@]}"); fi
  trap 'end_background; report_end' EXIT
  prepare_tests "${wanted[@]}"
  for lane in "${LANES[@]}"; do
    if lane_is_wanted "$lane" "${wanted[@]}"; then run_lane "$lane"; fi
  done
  ALL_LANES_RAN=1
  ((FAILED == 0))
}

# The last line of all, also when the script ends before the lanes do: that is one failure more.
report_end() {
  if ((!ALL_LANES_RAN)); then FAILED=$((FAILED + 1)); fi
  printf '%d passed, %d failed\n' "$PASSED" "$FAILED"
}

# lane_is_wanted LANE WANTED...: true when the lane is among the wanted ones or they need it.
lane_is_wanted() {
  local lane=$1 other
  shift
  for other in "$@"; do
    [[ $other == "$lane" || ${COMPILED_BY[$other]:-} == "$lane" ]] && return 0
  done
  return 1
}

# Runs one lane. What cannot be compiled cannot be tested either, and counts as failed.
run_lane() {
  local compiler=${COMPILED_BY[$1]:-}
  if [[ -n $compiler && -n ${NOT_COMPILED[$compiler]:-} ]]; then
    report "$1" "$(now)" 0 1
    return 0
  fi
  "lane_$1"
}

# prepare_tests WANTED...: the engine and the images that the lanes need; the slow ones are made
# beside the first lanes.
prepare_tests() {
  ensure_engine
  hold_lock test
  prepare_images
  if [[ " $* " == *" pipeline "* || " $* " == *" standins "* ]]; then start_sandbox_image; fi
  if [[ " $* " == *" pipeline "* ]]; then
    start_image PODIUM_JAEGER_IMAGE jaeger "$OFFICIAL_JAEGER_IMAGE"
  fi
  ensure_toolchain
}

# report LANE START PASSED FAILED: the lane's line, and its part of the sum.
report() {
  local outcome=ok
  if (($4)); then outcome=FAILED; fi
  printf '%-10s %-7s %5d passed %4d failed   %s\n' "$1" "$outcome" "$3" "$4" "$(seconds_since "$2")"
  PASSED=$((PASSED + $3)) FAILED=$((FAILED + $4))
}

# check LANE COMMAND...: a lane that is one check: passed when the command succeeds. The end of its
# log is shown when it does not, and the result is false.
check() {
  local lane=$1 log start
  log=$(log_path "test-$lane")
  shift
  start=$(now)
  if ("$@") >"$log" 2>&1 </dev/null; then
    report "$lane" "$start" 1 0
    return 0
  fi
  show_log_end "$log"
  report "$lane" "$start" 0 1
  return 1
}

lane_asan() {
  check asan compile asan "" all || NOT_COMPILED[asan]=1
}

lane_unit() {
  ctest_lane unit asan '^unit$' "$(nproc)" "${SANITIZER_OPTIONS[@]}"
}

lane_contract() {
  ctest_lane contract asan '^contract$' "$(nproc)" "${SANITIZER_OPTIONS[@]}"
}

# The vendors' and Kaggle's own clients against the stand-ins, in the image that candidates run in.
# The two kinds of clients do not share their libraries: each has a folder of its own.
lane_standins() {
  local start log passed
  start=$(now)
  if ! wait_for sandbox || ! ensure_clients_image; then
    report standins "$start" 0 1
    return 0
  fi
  log=$(log_path test-standins)
  if docker run --rm --init --network none --label podium.toolchain="$ROOT" --entrypoint "" \
    -v "$ROOT/tests:/podium/tests:ro" -v "$ROOT/competitions:/podium/competitions:ro" \
    -w /podium/tests "$CLIENTS_IMAGE" \
    bash -c 'python -m unittest standins/models/tests/*_test.py \
      && PYTHONPATH=$KAGGLE_CLIENT python -m unittest standins/kaggle/tests/*_test.py' \
    >"$log" 2>&1 </dev/null; then
    passed=$(awk '/^Ran [0-9]+ tests? in/ { sum += $2 } END { print sum }' "$log")
    report standins "$start" "${passed:-0}" 0
  else
    show_log_end "$log"
    report standins "$start" 0 1
  fi
}

# Makes the image of the vendors' and Kaggle's clients when it is missing. Sets CLIENTS_IMAGE.
ensure_clients_image() {
  CLIENTS_IMAGE=podium-clients:$(hash_of sandbox tests/standins/models/Dockerfile \
    tests/standins/models/requirements.txt tests/standins/kaggle/requirements.txt \
    tests/standins/kaggle/requirements-rest.txt)
  image_exists "$CLIENTS_IMAGE" \
    || step clients "building the image of the vendors' clients" build_clients_image
}

build_clients_image() {
  local context=$ROOT/build/clients-context
  rm -rf "$context"
  mkdir -p "$context/kaggle"
  cp "$ROOT/tests/standins/models/Dockerfile" "$ROOT/tests/standins/models/requirements.txt" \
    "$context/"
  cp "$ROOT"/tests/standins/kaggle/requirements*.txt "$context/kaggle/"
  cp -R "$ROOT/deploy/images/ca" "$context/ca"
  build_image "$CLIENTS_IMAGE" "$context/Dockerfile" "$context" \
    --build-arg "SANDBOX=$SANDBOX_IMAGE"
  rm -rf "$context"
}

# The pipeline's tests start nats-server, PostgreSQL and the services as processes in their
# container and reach the engine through its socket. They wait more than they compute, so there
# is one more at a time than processors (two more made them slower); each PostgreSQL wants shared
# memory of its own.
lane_pipeline() {
  if ! wait_for sandbox || ! wait_for image-jaeger; then
    report pipeline "$(now)" 0 1
    return 0
  fi
  trap 'end_background; remove_test_containers; report_end' EXIT
  remove_test_containers
  ctest_lane pipeline asan '^pipeline$' "$(($(nproc) + 1))" "${SANITIZER_OPTIONS[@]}" \
    --shm-size 1g -v "$DOCKER_SOCKET:/var/run/docker.sock" \
    --group-add "$(engine_socket_group)" --label podium.stack="$(test_run)-tests" \
    -e PODIUM_TEST_RUN="$(test_run)" -e PODIUM_SANDBOX_IMAGE="$SANDBOX_IMAGE" \
    -e PODIUM_TEST_JAEGER_IMAGE="$PODIUM_JAEGER_IMAGE"
}

# The name that this checkout's tests give to what they make on the engine: one run at a time has
# it.
test_run() {
  printf 'test-%s' "$(printf '%s' "$ROOT" | sha256sum | cut -c1-12)"
}

# Removes what the tests made on the engine: of a run that was interrupted, and at the end.
remove_test_containers() {
  local run ids id
  run=$(test_run)
  mapfile -t ids < <(docker ps --all --format '{{.ID}} {{.Label "podium.stack"}}' | of_run "$run")
  if ((${#ids[@]})); then docker rm --force --volumes "${ids[@]}" >/dev/null || true; fi
  mapfile -t ids < <(docker volume ls --format '{{.Name}} {{.Label "podium.stack"}}' \
    | of_run "$run" | sort)
  for id in "${ids[@]}"; do
    # Data that is in use stays, and with it the mark that it is complete.
    if [[ $id == *-complete ]] && docker volume inspect "${id%-complete}" >/dev/null 2>&1; then
      continue
    fi
    docker volume rm "$id" >/dev/null 2>&1 || true
  done
}

# of_run RUN: of lines "ID STACK" the ids whose stack is named after the run.
of_run() {
  awk -v run="$1-" 'index($2, run) == 1 { print $1 }'
}

# The quick tests with the thread sanitizer. The libraries of the packages are not compiled with it,
# so it does not see what guards their data: it is told not to judge their locks, and the exporter's
# own tests are left out.
lane_tsan() {
  check tsan-build compile tsan "" quick_tests || return 0
  ctest_lane tsan tsan '^(unit|contract)$' "$(nproc)" \
    -e TSAN_OPTIONS=halt_on_error=1:report_mutex_bugs=0 -e GTEST_FILTER='-Export.*'
}

# ctest_lane LANE PRESET LABEL PROGRAMS [OPTION...]: runs the tests with the label in build/PRESET,
# so many programs at once, and counts each test case. What failed is shown, what passed stays
# quiet.
ctest_lane() {
  local lane=$1 preset=$2 label=$3 programs=$4 start log results=$RESULT_FOLDER/$1 passed=0 failed=1
  shift 4
  start=$(now)
  log=$(log_path "test-$lane")
  rm -rf "${ROOT:?}/$results"
  mkdir -p "$ROOT/$results"
  # In a shell of its own, as in check: a trap that Ctrl-C sets off here would speak into the log.
  (in_toolchain "$@" -e "GTEST_OUTPUT=json:$INSIDE/$results/" -- \
    ctest --test-dir "build/$preset" --label-regex "$label" --no-tests=error \
    --parallel "$programs" --timeout "$TEST_PROGRAM_MAX" --output-on-failure \
    --output-junit "$INSIDE/$results/ctest.xml") >"$log" 2>&1 </dev/null || true
  if in_toolchain -- python3 deploy/lib/count_tests.py "$results" \
    >"$ROOT/$results/report" 2>>"$log"; then
    read -r passed failed <"$ROOT/$results/counts"
    cat "$ROOT/$results/report"
  else
    show_log_end "$log"
  fi
  report "$lane" "$start" "$passed" "$failed"
}

# Every C++ file is as clang-format would write it.
lane_format() {
  check format check_format || true
}

check_format() {
  mapfile -t files < <(cpp_files)
  ((${#files[@]})) || { echo "there are no C++ files"; return 1; }
  in_toolchain -- clang-format --dry-run -Werror "${files[@]}"
}

# clang-tidy on what changed since the branch left the main line, or since the last commit; with
# --all on everything. It takes the sources one by one, as the preset dev compiles them.
lane_tidy() {
  check tidy check_tidy || true
}

check_tidy() {
  mapfile -t files < <(tidy_files)
  if ((${#files[@]} == 0)); then
    echo "no C++ file changed"
    return 0
  fi
  compile dev "" podium_precompiled podium_precompiled_tests || return 1
  printf '%s\0' "${files[@]}" | in_toolchain -i -- \
    xargs -0 -n 1 -P "$(nproc)" clang-tidy --quiet --warnings-as-errors='*' -p build/dev
}

# The scripts are sound, and compose understands its file in every form that `up` uses.
lane_scripts() {
  check scripts check_scripts || true
}

check_scripts() {
  cd "$ROOT" || return 1
  local script scripts=(podium .ci/run deploy/images/add-backports.sh
    deploy/images/postgres/entrypoint.sh)
  for script in "${scripts[@]}" deploy/lib/*.sh; do bash -n "$script" || return 1; done
  in_toolchain -- shellcheck --severity=warning --external-sources --check-sourced \
    "${scripts[@]}" || return 1
  choose_compose
  check_compose_file
}

# Compose accepts its file with and without each profile, without any setting of a person's.
check_compose_file() {
  local env=$ROOT/build/compose-check.env profile
  printf '%s=check\n' PODIUM_{RUNTIME,SANDBOX,NATS,POSTGRES}_IMAGE >"$env"
  for profile in "" traces model-standin; do
    "${COMPOSE[@]}" -f "$COMPOSE_FILE_PATH" --env-file "$env" --profile "$profile" \
      config --quiet || return 1
  done
}

# The C++ files of the checkout, those not yet committed too; without git all that are there.
cpp_files() {
  if in_git rev-parse HEAD >/dev/null 2>&1; then
    in_git ls-files --cached --others --exclude-standard -- '*.cpp' '*.hpp' | while read -r file; do
      [[ ! -f $ROOT/$file ]] || printf '%s\n' "$file"
    done
  else
    (cd "$ROOT" && find libs services cli tests sandbox -name '*.cpp' -o -name '*.hpp')
  fi
}

# The C++ sources that clang-tidy should see: a changed header counts as the source beside it.
tidy_files() {
  local base file
  base=$(tidy_base)
  if ((TIDY_ALL)) || [[ -z $base ]]; then
    cpp_files | grep '\.cpp$'
    return 0
  fi
  {
    in_git diff --name-only --diff-filter=d "$base" -- '*.cpp' '*.hpp'
    in_git ls-files --others --exclude-standard -- '*.cpp' '*.hpp'
  } | sed 's/\.hpp$/.cpp/' | sort -u | while read -r file; do
    [[ ! -f $ROOT/$file ]] || printf '%s\n' "$file"
  done
}

# The commit to compare with: where the branch left main, else the one before this; nothing when
# there is none.
tidy_base() {
  local head main base
  head=$(in_git rev-parse HEAD 2>/dev/null) || return 0
  for main in origin/main main; do
    base=$(in_git merge-base "$main" HEAD 2>/dev/null) || continue
    [[ $base == "$head" ]] || { printf '%s' "$base"; return 0; }
  done
  in_git rev-parse --verify --quiet HEAD~1 || true
}
