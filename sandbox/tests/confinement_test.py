"""What the sandbox must refuse. Run inside the image under its seccomp profile, without network,
capabilities and new privileges, on a read-only root: python /tests/confinement_test.py"""

import ctypes
import errno
import os
import platform
import socket
import sys
import unittest

LIBC = ctypes.CDLL(None, use_errno=True)
NUMBERS = {
    "x86_64": {
        "ptrace": 101, "mount": 165, "umount2": 166, "pivot_root": 155, "chroot": 161,
        "unshare": 272, "setns": 308, "bpf": 321, "perf_event_open": 298, "keyctl": 250,
        "add_key": 248, "request_key": 249, "userfaultfd": 323, "process_vm_readv": 310,
        "process_vm_writev": 311, "io_uring_setup": 425, "io_uring_enter": 426,
        "pidfd_getfd": 438, "open_tree": 428, "move_mount": 429, "fsopen": 430, "kcmp": 312,
        "init_module": 175, "finit_module": 313, "kexec_load": 246, "reboot": 169,
        "swapon": 167, "sethostname": 170, "syslog": 103, "name_to_handle_at": 303,
        "open_by_handle_at": 304, "quotactl": 179, "acct": 163, "settimeofday": 164,
        "clock_settime": 227, "mknodat": 259, "splice": 275, "vmsplice": 278,
        "modify_ldt": 154, "fanotify_init": 300, "seccomp": 317, "landlock_create_ruleset": 444,
    },
    "aarch64": {
        "ptrace": 117, "mount": 40, "umount2": 39, "pivot_root": 41, "chroot": 51,
        "unshare": 97, "setns": 268, "bpf": 280, "perf_event_open": 241, "keyctl": 219,
        "add_key": 217, "request_key": 218, "userfaultfd": 282, "process_vm_readv": 270,
        "process_vm_writev": 271, "io_uring_setup": 425, "io_uring_enter": 426,
        "pidfd_getfd": 438, "open_tree": 428, "move_mount": 429, "fsopen": 430, "kcmp": 272,
        "init_module": 105, "finit_module": 273, "kexec_load": 104, "reboot": 142,
        "swapon": 224, "sethostname": 161, "syslog": 116, "name_to_handle_at": 264,
        "open_by_handle_at": 265, "quotactl": 60, "acct": 89, "settimeofday": 170,
        "clock_settime": 112, "mknodat": 33, "splice": 76, "vmsplice": 75,
        "fanotify_init": 262, "seccomp": 277, "landlock_create_ruleset": 444,
    },
}[platform.machine()]
ABSENT_FAMILIES = {
    "AF_NETLINK": 16, "AF_PACKET": 17, "AF_ALG": 38, "AF_VSOCK": 40, "AF_XDP": 44, "AF_TIPC": 30,
    "AF_CAN": 29, "AF_BLUETOOTH": 31, "AF_X25": 9, "AF_IPX": 4, "AF_KEY": 15, "AF_RDS": 21,
}
CLONE_NEWUSER = 0x10000000


def call(number, *arguments):
    """The errno of a raw system call, 0 when it worked."""
    ctypes.set_errno(0)
    result = LIBC.syscall(number, *(ctypes.c_long(a) for a in arguments))
    return ctypes.get_errno() if result < 0 else 0


class SystemCalls(unittest.TestCase):
    def test_dangerous_ones_are_refused_by_the_filter(self):
        for name, number in NUMBERS.items():
            with self.subTest(name):
                self.assertEqual(errno.errorcode.get(call(number, -1, 0, 0, 0, 0, 0)), "EPERM")

    def test_clone_makes_no_user_namespace(self):
        number = 56 if platform.machine() == "x86_64" else 220
        self.assertEqual(call(number, CLONE_NEWUSER | 17, 0, 0, 0, 0), errno.EPERM)

    def test_clone3_is_not_there(self):
        self.assertEqual(call(435, 0, 0), errno.ENOSYS)


class Sockets(unittest.TestCase):
    def test_other_families_do_not_exist(self):
        for name, family in ABSENT_FAMILIES.items():
            with self.subTest(name):
                with self.assertRaises(OSError) as refused:
                    socket.socket(family, socket.SOCK_DGRAM)
                self.assertEqual(refused.exception.errno, errno.EAFNOSUPPORT)

    def test_odd_protocols_and_raw_sockets_are_refused(self):
        for kind, protocol in ((socket.SOCK_RAW, 1), (socket.SOCK_STREAM, 132), (socket.SOCK_STREAM, 262)):
            with self.assertRaises(PermissionError):
                socket.socket(socket.AF_INET, kind, protocol)

    def test_there_is_no_network(self):
        for address in ("169.254.169.254", "172.17.0.1", "192.0.2.1"):
            with self.assertRaises(OSError) as refused:
                socket.create_connection((address, 80), timeout=2)
            self.assertEqual(refused.exception.errno, errno.ENETUNREACH)


class Privileges(unittest.TestCase):
    def test_none_are_held_and_none_can_be_gained(self):
        with open("/proc/self/status", encoding="ascii") as status:
            fields = dict(line.rstrip("\n").split(":\t", 1) for line in status)
        for held in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
            self.assertEqual(int(fields[held], 16), 0, held)
        self.assertEqual(fields["NoNewPrivs"], "1")
        self.assertEqual(fields["Seccomp"], "2")
        self.assertNotEqual(os.getuid(), 0)


class Files(unittest.TestCase):
    def test_the_root_and_the_program_are_read_only(self):
        for folder in ("/", "/kaggle", "/kaggle/code", "/kaggle/input", "/opt/venv", "/usr/local/bin"):
            with self.subTest(folder), self.assertRaises(OSError):
                open(os.path.join(folder, "planted"), "w", encoding="ascii").close()

    def test_no_build_tool_or_foreign_certificate_is_left(self):
        for path in ("/usr/bin/gcc", "/opt/venv/bin/pip", "/usr/local/share/ca-certificates"):
            self.assertFalse(os.path.exists(path), path)


if __name__ == "__main__":
    result = unittest.main(exit=False, verbosity=1).result
    failed = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)
