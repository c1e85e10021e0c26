// The sandbox's entrypoint: starts one program, bounds it, and reports how it ended.
//
// It stands inside the image so that a run ends on time even when nobody outside watches it any
// more. It is one small static program without threads: it blocks all signals that it handles and
// waits for them in one loop.
//
//   launcher                 runs the candidate: python -u /kaggle/code/solution.py
//   launcher PROGRAM ARG...  runs something else under the same limits
//
// Environment:
//   PODIUM_WALL_SECONDS    how long the program may take; default 3600
//   PODIUM_CPUS            threads that numeric libraries start; default: the machine's processors
//   PODIUM_FILE_BYTES_MAX  largest file that it may write; default: no limit of ours
//
// Exit status: the program's own; 128 + signal when a signal ended it; 124 when its time was up;
// 125 when the launcher itself could not do its work; 126 or 127 when the program could not start.
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char kWorkingFolder[] = "/kaggle/working";
static const long kWallSecondsDefault = 3600;
static const long kWallSecondsMax = 7 * 24 * 3600;
static const long kCpusMax = 1024;
// Between SIGTERM and SIGKILL: time to flush a log, not to finish a model.
static const long kGraceSeconds = 2;

enum ExitStatus {
  kExitTimedOut = 124,
  kExitLauncherFailed = 125,
  kExitNotExecutable = 126,
  kExitNotFound = 127,
  kExitSignalBase = 128,
};

static _Noreturn void fail(const char* what) {
  fprintf(stderr, "launcher: %s: %s\n", what, strerror(errno));
  exit(kExitLauncherFailed);
}

// A whole number of 1 to `max` from the environment, or `otherwise` when the variable is not set.
static long number_from_environment(const char* name, long max, long otherwise) {
  const char* text = getenv(name);
  if (text == NULL || *text == '\0') return otherwise;
  char* end = NULL;
  errno = 0;
  const long value = strtol(text, &end, 10);
  if (errno != 0 || *end != '\0' || value < 1 || value > max) {
    fprintf(stderr, "launcher: %s must be a whole number of 1 to %ld, not '%s'\n", name, max, text);
    exit(kExitLauncherFailed);
  }
  return value;
}

static void set(const char* name, const char* value) {
  if (setenv(name, value, 1) != 0) fail("setenv");
}

// The same program must give the same result twice, take no more threads than the run was granted,
// and leave its small files where it may write.
static void prepare_environment(void) {
  char cpus[32];
  snprintf(cpus, sizeof cpus, "%ld",
           number_from_environment("PODIUM_CPUS", kCpusMax, sysconf(_SC_NPROCESSORS_ONLN)));
  set("PODIUM_CPUS", cpus);
  set("OMP_NUM_THREADS", cpus);
  set("OPENBLAS_NUM_THREADS", cpus);
  set("MKL_NUM_THREADS", cpus);
  // Threads that wait for one another sleep. Where runs share processors, spinning for a thread that
  // has none makes training many times slower (measured with two threads on a busy machine: LightGBM
  // 10.8 s to 1.6 s, logistic regression 1.1 s to 0.14 s).
  set("OMP_WAIT_POLICY", "PASSIVE");
  set("OPENBLAS_THREAD_TIMEOUT", "4");
  set("LOKY_MAX_CPU_COUNT", cpus);
  set("PYTHON_CPU_COUNT", cpus);
  set("PYTHONHASHSEED", "0");
  set("PYTHONDONTWRITEBYTECODE", "1");
  set("PYTHONUNBUFFERED", "1");
  set("HOME", "/tmp");
  set("TMPDIR", "/tmp");
}

static void limit(int resource, rlim_t most) {
  struct rlimit now;
  if (getrlimit(resource, &now) != 0) fail("getrlimit");
  if (now.rlim_max != RLIM_INFINITY && now.rlim_max < most) most = now.rlim_max;
  const struct rlimit wanted = {.rlim_cur = most, .rlim_max = most};
  if (setrlimit(resource, &wanted) != 0) fail("setrlimit");
}

static sigset_t handled_signals(void) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGCHLD);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGHUP);
  return signals;
}

static struct timespec now(void) {
  struct timespec time;
  if (clock_gettime(CLOCK_MONOTONIC, &time) != 0) fail("clock_gettime");
  return time;
}

static struct timespec seconds_from_now(long seconds) {
  struct timespec time = now();
  time.tv_sec += seconds;
  return time;
}

// Never negative.
static struct timespec until(struct timespec deadline) {
  const struct timespec from = now();
  struct timespec left = {.tv_sec = deadline.tv_sec - from.tv_sec,
                          .tv_nsec = deadline.tv_nsec - from.tv_nsec};
  if (left.tv_nsec < 0) {
    left.tv_nsec += 1000000000;
    left.tv_sec -= 1;
  }
  if (left.tv_sec < 0) left = (struct timespec){0, 0};
  return left;
}

// In a process group of its own, so that one signal reaches everything that the program started.
static pid_t start(char** program, const sigset_t* handled) {
  const pid_t child = fork();
  if (child < 0) fail("fork");
  if (child > 0) {
    setpgid(child, child);  // also done by the child: whoever comes first
    return child;
  }
  setpgid(0, 0);
  sigprocmask(SIG_UNBLOCK, handled, NULL);
  execvp(program[0], program);
  const int status = errno == ENOENT ? kExitNotFound : kExitNotExecutable;
  fprintf(stderr, "launcher: cannot start %s: %s\n", program[0], strerror(errno));
  _exit(status);
}

// Collects everything that has ended, adopted orphans too. True when `child` was among it.
static bool reap(pid_t child, int* status) {
  bool child_ended = false;
  int ended_status = 0;
  for (pid_t ended; (ended = waitpid(-1, &ended_status, WNOHANG)) > 0;) {
    if (ended != child) continue;
    *status = ended_status;
    child_ended = true;
  }
  return child_ended;
}

// Waits until `child` has ended. When the time is up, or somebody asks us to stop, its group gets
// SIGTERM and after the grace SIGKILL. Returns the launcher's exit status.
static int supervise(pid_t child, long wall_seconds, const sigset_t* handled) {
  struct timespec deadline = seconds_from_now(wall_seconds);
  bool timed_out = false;
  bool stopping = false;
  int status = 0;
  for (;;) {
    const struct timespec left = until(deadline);
    const int signal_number = sigtimedwait(handled, NULL, &left);
    if (signal_number < 0 && errno == EINTR) continue;
    if (signal_number < 0 && errno != EAGAIN) fail("sigtimedwait");
    if (signal_number == SIGCHLD) {
      if (reap(child, &status)) break;
      continue;
    }
    const bool time_is_up = signal_number < 0;
    if (stopping) {
      if (time_is_up) kill(-child, SIGKILL);
      if (time_is_up) deadline = seconds_from_now(kGraceSeconds);
      continue;
    }
    stopping = true;
    timed_out = time_is_up;
    if (timed_out) {
      fprintf(stderr, "launcher: the wall time of %ld s is over, stopping the run\n", wall_seconds);
    }
    kill(-child, timed_out ? SIGTERM : signal_number);
    deadline = seconds_from_now(kGraceSeconds);
  }
  kill(-child, SIGKILL);  // what the program left running in its group
  if (timed_out) return kExitTimedOut;
  if (WIFSIGNALED(status)) return kExitSignalBase + WTERMSIG(status);
  return WEXITSTATUS(status);
}

int main(int argc, char** argv) {
  const long wall_seconds =
      number_from_environment("PODIUM_WALL_SECONDS", kWallSecondsMax, kWallSecondsDefault);
  const long file_bytes_max = number_from_environment("PODIUM_FILE_BYTES_MAX", LONG_MAX, 0);
  prepare_environment();
  limit(RLIMIT_CORE, 0);
  if (file_bytes_max > 0) limit(RLIMIT_FSIZE, (rlim_t)file_bytes_max);
  if (chdir(kWorkingFolder) != 0) fail(kWorkingFolder);

  const sigset_t handled = handled_signals();
  if (sigprocmask(SIG_BLOCK, &handled, NULL) != 0) fail("sigprocmask");
  if (prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) fail("prctl");

  char* candidate[] = {"python", "-u", "/kaggle/code/solution.py", NULL};
  char** program = argc > 1 ? argv + 1 : candidate;
  return supervise(start(program, &handled), wall_seconds, &handled);
}
