"""Tests of the launcher. Run inside the sandbox image: python /tests/launcher_test.py"""

import os
import signal
import subprocess
import sys
import time
import unittest

LAUNCHER = "/usr/local/bin/launcher"
TIMEOUT_SECONDS = 30


def launch(code, **environment):
    return subprocess.run(
        [LAUNCHER, sys.executable, "-c", code],
        env={**os.environ, "PODIUM_WALL_SECONDS": "20", **environment},
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
    )


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def wait_until(condition):
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError("the condition never came true")
        time.sleep(0.01)


class ExitStatus(unittest.TestCase):
    def test_is_the_programs_own(self):
        self.assertEqual(launch("raise SystemExit(7)").returncode, 7)
        self.assertEqual(launch("pass").returncode, 0)

    def test_tells_the_signal_that_ended_the_program(self):
        self.assertEqual(launch("import os; os.kill(os.getpid(), 11)").returncode, 128 + 11)

    def test_of_a_missing_program_is_127(self):
        ended = subprocess.run([LAUNCHER, "/no/such/program"], capture_output=True, text=True)
        self.assertEqual(ended.returncode, 127)
        self.assertIn("/no/such/program", ended.stderr)

    def test_of_a_file_that_cannot_be_executed_is_126(self):
        self.assertEqual(subprocess.run([LAUNCHER, "/etc/passwd"], capture_output=True).returncode, 126)

    def test_of_a_bad_setting_is_125_and_names_it(self):
        for bad in ("soon", "0", "-1", "99999999999999999999"):
            ended = launch("pass", PODIUM_WALL_SECONDS=bad)
            self.assertEqual(ended.returncode, 125)
            self.assertIn("PODIUM_WALL_SECONDS", ended.stderr)


class WallTime(unittest.TestCase):
    def test_ends_the_run_with_124_and_says_so(self):
        ended = launch("import time; time.sleep(60)", PODIUM_WALL_SECONDS="1")
        self.assertEqual(ended.returncode, 124)
        self.assertIn("wall time of 1 s is over", ended.stderr)

    def test_kills_a_program_that_ignores_sigterm(self):
        code = "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(60)"
        started = time.monotonic()
        self.assertEqual(launch(code, PODIUM_WALL_SECONDS="1").returncode, 124)
        self.assertLess(time.monotonic() - started, 8)

    def test_lets_a_program_that_heeds_sigterm_say_goodbye(self):
        code = (
            "import signal, sys, time\n"
            "signal.signal(15, lambda *_: (print('bye'), sys.exit(3)))\n"
            "time.sleep(60)"
        )
        ended = launch(code, PODIUM_WALL_SECONDS="2")
        self.assertEqual((ended.returncode, ended.stdout), (124, "bye\n"))

    def test_reaches_what_the_program_started(self):
        code = (
            "import subprocess, sys, time\n"
            "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
            "print(child.pid, flush=True)\n"
            "time.sleep(60)"
        )
        pid = int(launch(code, PODIUM_WALL_SECONDS="2").stdout)
        wait_until(lambda: not alive(pid))


class Signals(unittest.TestCase):
    def test_sigterm_is_passed_on_and_ends_the_run(self):
        code = "import time; print('ready', flush=True); time.sleep(60)"
        with subprocess.Popen(
            [LAUNCHER, sys.executable, "-c", code], stdout=subprocess.PIPE, text=True
        ) as run:
            self.assertEqual(run.stdout.readline(), "ready\n")
            run.send_signal(signal.SIGTERM)
            self.assertEqual(run.wait(TIMEOUT_SECONDS), 128 + 15)

    def test_sigterm_is_followed_by_sigkill(self):
        code = (
            "import signal, time\n"
            "signal.signal(15, signal.SIG_IGN)\n"
            "print('ready', flush=True)\n"
            "time.sleep(60)"
        )
        with subprocess.Popen(
            [LAUNCHER, sys.executable, "-c", code], stdout=subprocess.PIPE, text=True
        ) as run:
            self.assertEqual(run.stdout.readline(), "ready\n")
            run.send_signal(signal.SIGTERM)
            self.assertEqual(run.wait(TIMEOUT_SECONDS), 128 + 9)

    def test_no_signal_stays_blocked_in_the_program(self):
        code = "import signal; print(len(signal.pthread_sigmask(signal.SIG_BLOCK, [])))"
        self.assertEqual(launch(code).stdout, "0\n")


class Surroundings(unittest.TestCase):
    def test_threads_follow_the_granted_processors(self):
        code = (
            "import os\n"
            "names = ('OMP', 'OPENBLAS', 'MKL')\n"
            "print([os.environ[n + '_NUM_THREADS'] for n in names], os.cpu_count())"
        )
        self.assertEqual(launch(code, PODIUM_CPUS="3").stdout, "['3', '3', '3'] 3\n")

    def test_waiting_threads_sleep(self):
        code = "import os; print(os.environ['OMP_WAIT_POLICY'], os.environ['OPENBLAS_THREAD_TIMEOUT'])"
        self.assertEqual(launch(code).stdout, "PASSIVE 4\n")

    def test_hashes_are_the_same_in_every_run(self):
        runs = {launch("print(hash('podium'))").stdout for _ in range(2)}
        self.assertEqual(len(runs), 1)

    def test_no_core_file_and_no_file_larger_than_granted(self):
        code = "import resource as r; print(r.getrlimit(r.RLIMIT_CORE), r.getrlimit(r.RLIMIT_FSIZE))"
        ended = launch(code, PODIUM_FILE_BYTES_MAX="4096")
        self.assertEqual(ended.stdout, "(0, 0) (4096, 4096)\n")

    def test_the_program_starts_in_the_working_folder(self):
        self.assertEqual(launch("import os; print(os.getcwd())").stdout, "/kaggle/working\n")

    def test_orphans_are_collected(self):
        code = (
            "import os\n"
            "reader, writer = os.pipe()\n"
            "if os.fork() == 0:\n"
            "    orphan = os.fork()\n"
            "    if orphan != 0:\n"
            "        os.write(writer, str(orphan).encode())\n"
            "    os._exit(0)\n"
            "os.wait()\n"
            "orphan = os.read(reader, 32).decode()\n"
            "while os.path.exists('/proc/' + orphan):\n"
            "    pass\n"
            "print('collected')"
        )
        self.assertEqual(launch(code).stdout, "collected\n")


if __name__ == "__main__":
    result = unittest.main(exit=False, verbosity=1).result
    failed = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)
