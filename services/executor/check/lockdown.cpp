#include "services/executor/check/lockdown.hpp"

#include <grp.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <format>
#include <vector>

namespace podium::executor::check {
namespace {

#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
// The sanitizers map terabytes of address space and look at it with calls of their own.
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
#error "the check's filter knows no such processor"
#endif

/// All that reading open files, computing and writing open files takes. Opening, sockets, programs,
/// other processes and signals to them are not in it.
constexpr std::array kAllowed{
    SYS_read,           SYS_readv,       SYS_pread64,         SYS_write,         SYS_writev,
    SYS_pwrite64,       SYS_lseek,       SYS_fstat,           SYS_newfstatat,    SYS_ftruncate,
    SYS_close,          SYS_mmap,        SYS_munmap,          SYS_mremap,        SYS_mprotect,
    SYS_madvise,        SYS_brk,         SYS_futex,           SYS_rt_sigreturn,  SYS_rt_sigaction,
    SYS_rt_sigprocmask, SYS_sigaltstack, SYS_getrandom,       SYS_clock_gettime, SYS_getpid,
    SYS_gettid,         SYS_sched_yield, SYS_restart_syscall, SYS_exit,          SYS_exit_group,
};

std::unexpected<Error> broken(std::string_view what) {
  return fail(errors::kInternal, std::format("{}: {}", what, strerror(errno)));
}

sock_filter statement(std::uint16_t code, std::uint32_t value) {
  return {code, 0, 0, value};
}

/// Skips `if_equal` or `if_not` instructions.
sock_filter jump_equal(std::uint32_t value, std::uint8_t if_equal, std::uint8_t if_not) {
  return {BPF_JMP | BPF_JEQ | BPF_K, if_equal, if_not, value};
}

/// Allowed calls pass, every other one answers EPERM; another architecture's numbers kill.
std::vector<sock_filter> filter_program() {
  std::vector<sock_filter> program{
      statement(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)),
      jump_equal(kArchitecture, 1, 0),
      statement(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
      statement(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
  };
  for (const long number : kAllowed) {
    program.push_back(jump_equal(static_cast<std::uint32_t>(number), 0, 1));
    program.push_back(statement(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  }
  program.push_back(statement(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM));
  return program;
}

Result<void> limit(__rlimit_resource resource, std::uint64_t most) {
  rlimit wanted{};
  getrlimit(resource, &wanted);
  wanted.rlim_max = std::min<rlim_t>(wanted.rlim_max, most);
  wanted.rlim_cur = wanted.rlim_max;
  if (setrlimit(resource, &wanted) != 0) return broken("setrlimit");
  return {};
}

/// A root that has lost the right to change users stays what it is; the filter holds it all the
/// same.
Result<void> change_user(unsigned uid) {
  if (geteuid() != 0) return {};
  const bool changed =
      setgroups(0, nullptr) == 0 && setresgid(uid, uid, uid) == 0 && setresuid(uid, uid, uid) == 0;
  if (!changed && errno != EPERM) return broken("setresuid");
  return {};
}

}  // namespace

Result<void> lock_down(const Walls& walls) {
  if (close_range(static_cast<unsigned>(walls.last_descriptor) + 1, ~0U, 0) != 0) {
    return broken("close_range");
  }
  PODIUM_TRY(limit(RLIMIT_CORE, 0));
  PODIUM_TRY(limit(RLIMIT_CPU, walls.cpu_seconds));
  PODIUM_TRY(limit(RLIMIT_FSIZE, walls.file_bytes));
  if (!kSanitized) PODIUM_TRY(limit(RLIMIT_AS, walls.memory_bytes));
  PODIUM_TRY(change_user(walls.uid));
  PODIUM_TRY(limit(RLIMIT_NPROC, 0));
  PODIUM_TRY(limit(RLIMIT_NOFILE, static_cast<std::uint64_t>(walls.last_descriptor) + 1));
  if (prctl(PR_SET_DUMPABLE, 0) != 0) return broken("PR_SET_DUMPABLE");
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return broken("PR_SET_NO_NEW_PRIVS");
  auto program = filter_program();
  const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0) return broken("PR_SET_SECCOMP");
  return {};
}

}  // namespace podium::executor::check
