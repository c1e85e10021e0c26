# Talking to the person: steps with their time, logs, failures. Sourced by ./podium, which sets
# ROOT. Talk goes to stderr, so that stdout stays for data.

LOG_FOLDER=$ROOT/build/log
declare -A BACKGROUND_PID=() BACKGROUND_TITLE=()

# Prints one line of talk.
say() {
  printf '%s\n' "$*" >&2
}

# fail WHAT [NEXT]: says what failed and what to do about it, and ends the script.
fail() {
  say "podium: $1"
  [[ -z ${2:-} ]] || say "        $2"
  exit 1
}

# Ends the script because of wrong arguments.
usage_error() {
  say "podium: $1"
  say "        ./podium help lists what there is"
  exit 2
}

# The time in microseconds, for seconds_since.
now() {
  local time=${EPOCHREALTIME/,/.}
  printf '%s' "${time/./}"
}

# seconds_since START: the time since `now` was START, as a person reads it ("0.4 s", "71 s").
seconds_since() {
  local tenths=$((($(now) - $1) / 100000))
  if ((tenths < 100)); then
    printf '%d.%d s' $((tenths / 10)) $((tenths % 10))
  else
    printf '%d s' $(((tenths + 5) / 10))
  fi
}

# log_path NAME: where the output of the step NAME is kept.
log_path() {
  mkdir -p "$LOG_FOLDER"
  printf '%s/%s.log' "$LOG_FOLDER" "$1"
}

# show_log_end LOG [LINES]: shows the end of a log after a failure.
show_log_end() {
  local log=$1
  say "        the end of ${log#"$ROOT"/}:"
  tail -n "${2:-25}" "$log" | sed 's/^/          | /' >&2
}

# step NAME TITLE COMMAND...: runs the command with its output in the log NAME and prints the title
# and how long it took. A failure ends the script with the end of the log. Not for conditions: bash
# would no longer stop the command at its first error.
step() {
  local name=$1 title=$2 log start status
  shift 2
  log=$(log_path "$name")
  start=$(now)
  printf '%s ... ' "$title" >&2
  set +e
  (
    set -e
    "$@"
  ) >"$log" 2>&1 </dev/null
  status=$?
  set -e
  if ((status != 0)); then
    say "failed after $(seconds_since "$start")"
    show_log_end "$log"
    fail "this step failed: $title" "mend what the log says and run the same command again"
  fi
  seconds_since "$start" >&2
  say
}

# background NAME TITLE COMMAND...: starts the command beside the next steps, output in the log
# NAME.
background() {
  local name=$1 log
  BACKGROUND_TITLE[$name]=$2
  shift 2
  log=$(log_path "$name")
  set -m # a process group of its own, so that all of it can be ended
  (
    set -e
    start=$(now)
    "$@"
    seconds_since "$start" >"$log.time"
  ) >"$log" 2>&1 </dev/null &
  BACKGROUND_PID[$name]=$!
  set +m
}

# wait_for NAME: waits for a background step and says how it went; false when it failed. True at
# once when it was never started or was waited for before.
wait_for() {
  local name=$1 pid=${BACKGROUND_PID[$1]:-} status=0
  [[ -n $pid ]] || return 0
  printf '%s ... ' "${BACKGROUND_TITLE[$name]}" >&2
  wait "$pid" || status=$?
  unset "BACKGROUND_PID[$name]"
  if ((status != 0)); then
    say "failed"
    show_log_end "$(log_path "$name")"
    return 1
  fi
  say "$(cat "$(log_path "$name").time") (beside other steps)"
}

# join NAME: waits for a background step; its failure ends the script.
join() {
  wait_for "$1" || fail "this step failed: ${BACKGROUND_TITLE[$1]}" \
    "mend what the log says and run the same command again"
}

# Ends what still runs in the background when the script ends early.
end_background() {
  local pid
  for pid in "${BACKGROUND_PID[@]}"; do
    kill -- "-$pid" 2>/dev/null || true
  done
}
trap end_background EXIT
# Without these the script would go on with its next step after the one that was interrupted.
trap 'exit 130' INT
trap 'exit 143' TERM

# hold_lock NAME: one script at a time does what NAME stands for; the lock goes with the script.
hold_lock() {
  mkdir -p "$ROOT/build"
  exec 8>"$ROOT/build/$1.lock"
  flock -n 8 && return 0
  say "waiting for another ./podium that is at work here"
  flock 8
}
