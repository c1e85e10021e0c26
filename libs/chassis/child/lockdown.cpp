#include "libs/chassis/child/lockdown.hpp"

#include <fcntl.h>
#include <grp.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/landlock.h>
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

namespace podium {
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
#error "the filter knows no such processor"
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

/// Beside those, all that working on files in folders takes.
constexpr std::array kAllowedOnFiles{
    SYS_openat,     SYS_getdents64,
    SYS_statx,      SYS_faccessat,
    SYS_faccessat2, SYS_mkdirat,
    SYS_unlinkat,   SYS_renameat,
    SYS_renameat2,  SYS_linkat,
    SYS_fcntl,      SYS_getcwd,
    SYS_fsync,      SYS_copy_file_range,
    SYS_sendfile,   SYS_fadvise64,
    SYS_fchmod,     SYS_fchmodat,
    SYS_ioctl,      SYS_readlinkat,
    SYS_fstatfs,
#if defined(__x86_64__)
    SYS_open,       SYS_stat,
    SYS_lstat,      SYS_access,
    SYS_mkdir,      SYS_rmdir,
    SYS_unlink,     SYS_rename,
    SYS_link,       SYS_chmod,
    SYS_readlink,
#endif
};

/// Allowed calls pass, every other one answers EPERM; another architecture's numbers kill.
std::vector<sock_filter> filter_program(bool files) {
  std::vector<sock_filter> program{
      statement(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)),
      jump_equal(kArchitecture, 1, 0),
      statement(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
      statement(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
  };
  const auto allow = [&program](long number) {
    program.push_back(jump_equal(static_cast<std::uint32_t>(number), 0, 1));
    program.push_back(statement(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  };
  for (const long number : kAllowed) allow(number);
  if (files) {
    for (const long number : kAllowedOnFiles) allow(number);
  }
  program.push_back(statement(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM));
  return program;
}

constexpr std::uint64_t kReading = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr std::uint64_t kWriting = kReading | LANDLOCK_ACCESS_FS_WRITE_FILE |
                                   LANDLOCK_ACCESS_FS_TRUNCATE | LANDLOCK_ACCESS_FS_REFER |
                                   LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_DIR |
                                   LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR;
/// Moving files between folders came with version 2, truncating with 3.
constexpr int kLandlockLeast = 2;
constexpr int kLandlockTruncate = 3;
constexpr int kLandlockNetwork = 4;

int landlock_version() {
  return static_cast<int>(
      syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION));
}

Result<void> open_to(int rules, const std::filesystem::path& folder, std::uint64_t access) {
  landlock_path_beneath_attr rule{};
  rule.allowed_access = access;
  rule.parent_fd = open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (rule.parent_fd < 0) return broken(folder.string());
  const auto added = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
  const auto error = errno;
  close(rule.parent_fd);
  errno = error;
  if (added != 0) return broken("landlock_add_rule");
  return {};
}

Result<void> close_folders(const Walls& walls) {
  if (!has_file_walls()) return {};
  const auto version = landlock_version();
  // Everything that the version knows is closed; what rules do not open stays closed.
  constexpr std::uint64_t kOfVersion2 = (LANDLOCK_ACCESS_FS_REFER << 1) - 1;
  landlock_ruleset_attr closed{};
  closed.handled_access_fs =
      kOfVersion2 | (version >= kLandlockTruncate ? LANDLOCK_ACCESS_FS_TRUNCATE : 0);
  if (version >= kLandlockNetwork) {
    closed.handled_access_net = LANDLOCK_ACCESS_NET_BIND_TCP | LANDLOCK_ACCESS_NET_CONNECT_TCP;
  }
  const auto rules =
      static_cast<int>(syscall(SYS_landlock_create_ruleset, &closed, sizeof(closed), 0));
  if (rules < 0) return broken("landlock_create_ruleset");
  for (const auto& folder : walls.readable) PODIUM_TRY(open_to(rules, folder, kReading));
  for (const auto& folder : walls.writable) {
    PODIUM_TRY(open_to(rules, folder, kWriting & closed.handled_access_fs));
  }
  if (syscall(SYS_landlock_restrict_self, rules, 0) != 0) return broken("landlock_restrict_self");
  close(rules);
  return {};
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
  if (geteuid() != 0 || uid == 0) return {};
  const bool changed =
      setgroups(0, nullptr) == 0 && setresgid(uid, uid, uid) == 0 && setresuid(uid, uid, uid) == 0;
  if (!changed && errno != EPERM) return broken("setresuid");
  return {};
}

/// A root that stays root keeps none of its powers.
Result<void> drop_capabilities() {
  __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> none{};
  if (syscall(SYS_capset, &header, none.data()) != 0) return broken("capset");
  return {};
}

}  // namespace

bool has_file_walls() {
  return landlock_version() >= kLandlockLeast;
}

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
  const bool files = !walls.readable.empty() || !walls.writable.empty();
  constexpr std::uint64_t kFilesAtOnce = 64;
  PODIUM_TRY(limit(RLIMIT_NOFILE, static_cast<std::uint64_t>(walls.last_descriptor) + 1 +
                                      (files ? kFilesAtOnce : 0)));
  if (prctl(PR_SET_DUMPABLE, 0) != 0) return broken("PR_SET_DUMPABLE");
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return broken("PR_SET_NO_NEW_PRIVS");
  if (files) PODIUM_TRY(close_folders(walls));
  PODIUM_TRY(drop_capabilities());
  auto program = filter_program(files);
  const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0) return broken("PR_SET_SECCOMP");
  return {};
}

}  // namespace podium
