#!/usr/bin/env python3
"""The rules of CONTRIBUTING.md that a machine can enforce. Each rule is a test."""
import re
import subprocess
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("gateway", "scraper", "codegen", "executor", "tracker", "notifier")
FILE_LINES_MAX = 500
MAIN_LINES_MAX = 40
COLUMNS_MAX = 100

# A foreign C header and the only folder that may include it.
DOORS = {
    "nats/nats.h": "libs/chassis/bus/",
    "libpq-fe.h": "libs/chassis/postgres/",
    "curl/curl.h": "libs/chassis/http/",
    "httplib.h": "libs/chassis/http/",
    "libxml/HTMLparser.h": "libs/competition/html_text.cpp",
}
INCLUDE_ROOTS = ("libs/", "services/", "cli/", "tests/", "podium/", "sandbox/")


def tracked(*suffixes):
    """The files of the checkout, tracked or new, without what git ignores."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\n")
    return [name for name in listed if name.endswith(suffixes) and (ROOT / name).is_file()]


def text_of(name):
    return (ROOT / name).read_text(encoding="utf-8")


def section_of(name, heading):
    """The text below a heading of a page, up to the next one."""
    return text_of(name).partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def includes_of(name):
    return re.findall(r'^\s*#\s*include\s+([<"][^>"]+[>"])', text_of(name), re.MULTILINE)


CPP = tracked(".cpp", ".hpp")
HEADERS = [name for name in CPP if name.endswith(".hpp")]
TESTS = [name for name in CPP if name.endswith("_test.cpp") or name.startswith("tests/")]
# Without what only tests are built from.
PRODUCTION = [name for name in CPP if name not in TESTS and "/testing/" not in name
              and not re.search(r"(^|/)test_|_testing\.|_test_|_fixture\.|_world\.|/stub_", name)]
# A call of libs/chassis/metrics.hpp, not of a container's or an algorithm's function.
EMITTERS = r"(?<![\w.:>])(?:count|gauge|gauge_add|observe_seconds)"


class HouseStyle(unittest.TestCase):
    def none(self, findings, rule):
        self.assertEqual([], findings, f"{rule}:\n  " + "\n  ".join(findings))

    def test_there_is_code_to_look_at(self):
        self.assertGreater(len(CPP), 100)

    def test_files_are_at_most_500_lines(self):
        code = tracked(".cpp", ".hpp", ".py", ".js", ".c", ".sh") + ["podium"]
        self.none([f"{name}: {lines}" for name in code
                   if (lines := text_of(name).count("\n")) > FILE_LINES_MAX], "split by idea")

    def test_lines_are_at_most_100_columns(self):
        self.none([f"{name}:{number}" for name in CPP
                   for number, line in enumerate(text_of(name).split("\n"), 1)
                   if len(line) > COLUMNS_MAX and "http" not in line], "longer than 100 columns")

    def test_main_is_a_composition_root(self):
        findings = []
        for folder in ("services", "cli"):
            for path in sorted((ROOT / folder).rglob("main.cpp")):
                text = path.read_text(encoding="utf-8")
                if text.count("\n") > MAIN_LINES_MAX:
                    findings.append(f"{path}: {text.count(chr(10))} lines")
                if re.search(r"\bif\s*\(", text):
                    findings.append(f"{path}: an if")
        self.none(findings, "main.cpp has at most 40 lines and no if")

    def test_every_service_has_its_parts(self):
        parts = ("README.md", "main.cpp", "config.hpp", "CMakeLists.txt")
        self.none([f"services/{service}/{part}" for service in SERVICES for part in parts
                   if not (ROOT / "services" / service / part).is_file()], "missing")

    def test_one_door_per_c_library(self):
        self.none([f"{name} includes {header}" for name in CPP for include in includes_of(name)
                   for header, door in DOORS.items()
                   if include.strip('<">') == header and not name.startswith(door)],
                  "include it behind its door")

    def test_services_never_include_one_another(self):
        findings = []
        for name in CPP:
            own = re.match(r"services/(\w+)/", name)
            for include in includes_of(name):
                other = re.match(r'"services/(\w+)/', include)
                if own and other and own[1] != other[1]:
                    findings.append(f"{name} includes {include}")
        self.none(findings, "services meet on the bus only")

    def test_libraries_do_not_know_services(self):
        self.none([f"{name} includes {include}" for name in CPP if name.startswith("libs/")
                   for include in includes_of(name)
                   if include.startswith(('"services/', '"cli/'))
                   or (name.startswith("libs/chassis/") and include.startswith('"libs/competition'))],
                  "the chassis knows no domain, libraries no service")

    def test_includes_are_full_repository_paths(self):
        self.none([f"{name} includes {include}" for name in CPP for include in includes_of(name)
                   if include.startswith('"') and not include[1:].startswith(INCLUDE_ROOTS)],
                  "write the path from the root of the repository")

    def test_headers_open_with_what_they_are_for(self):
        self.none([name for name in HEADERS if not text_of(name).startswith("//")],
                  "open with a paragraph")

    def test_headers_are_guarded_by_pragma_once(self):
        self.none([name for name in HEADERS if "\n#pragma once\n" not in text_of(name)], "missing")

    def test_no_using_namespace_at_file_scope(self):
        self.none([name for name in {*HEADERS, *PRODUCTION}
                   if re.search(r"^using namespace (?!std::chrono_literals)", text_of(name),
                                re.MULTILINE)], "qualify the names")

    def test_file_names_are_snake_case(self):
        self.none([name for name in CPP
                   if not re.fullmatch(r"[a-z0-9_]+\.[ch]pp", Path(name).name)], "rename")

    def test_tests_do_not_sleep(self):
        waits = "tests/support/wait_until"  # the one place that pauses between two looks
        self.none([name for name in TESTS if not name.startswith(waits)
                   and re.search(r"sleep_for|sleep_until|\busleep\(", text_of(name))],
                  "wait for a condition")

    def test_no_test_is_skipped_or_disabled(self):
        self.none([name for name in TESTS
                   if re.search(r"GTEST_SKIP|\bDISABLED_", text_of(name))], "skipped or disabled")

    def test_no_marks_are_left_behind(self):
        marks = re.compile(r"\b(TO" r"DO|FIX" r"ME|HA" r"CK|XX" r"X)\b")
        self.none([f"{name}:{number}" for name in tracked(".cpp", ".hpp", ".py", ".js", ".sh")
                   for number, line in enumerate(text_of(name).split("\n"), 1)
                   if marks.search(line)], "do it, or open an issue")
        chatter = re.compile(r"\b(since|at|until|till) \d{1,2}:\d{2}\b|\bengineers?\b|\bthe lead\b")
        self.none([f"{name}:{number}" for name in CPP
                   for number, line in enumerate(text_of(name).split("\n"), 1)
                   if chatter.search(line.partition("//")[2])], "talk of who writes it, and when")

    def test_error_codes_are_registered_once(self):
        seen, twice = {}, []
        for name in CPP:
            if name.endswith("_test.cpp"):
                continue
            for code in re.findall(r'ErrorCode\s+k\w+\s*\{\s*"([A-Z0-9_]+)"', text_of(name)):
                if code in seen:
                    twice.append(f"{code}: {seen[code]} and {name}")
                seen[code] = name
        self.none(twice, "registered twice")
        self.assertGreater(len(seen), 10)

    def test_subjects_are_made_in_one_place(self):
        pasted = re.compile(r'"[^"]*\bpodium\.(jobs|logs|tickets|runs)[."]')
        self.none([f"{name}:{number}" for name in PRODUCTION if name != "libs/chassis/event.cpp"
                   for number, line in enumerate(text_of(name).split("\n"), 1)
                   if pasted.search(line.partition("//")[0])], "ask libs/chassis/event.hpp")

    def test_metrics_are_declared_once_and_emitted(self):
        findings, seen = [], {}
        emitted = set()
        for name in PRODUCTION:
            text = text_of(name)
            emitted.update(re.findall(EMITTERS + r"\(\s*(?:\w+::)*(k\w+)", text))
            if re.search(EMITTERS + r"\(\s*(?:\{|Metric\b|\")", text):
                findings.append(f"{name} emits a metric that is no constant")
        for name in PRODUCTION:
            for constant, metric in re.findall(r'\bMetric (k\w+)\{\s*"(\w+)"', text_of(name)):
                if metric in seen:
                    findings.append(f"{metric}: {seen[metric]} and {name}")
                seen[metric] = name
                shared = name.endswith(".hpp")
                here = re.search(EMITTERS + rf"\(\s*{constant}\b", text_of(name))
                if not here and not (shared and constant in emitted):
                    findings.append(f"{metric} of {name} is never emitted")
        self.assertGreater(len(seen), 15)
        runbook = set(re.findall(r"^\| `(podium_\w+)` \|", section_of("docs/runbook.md",
                                                                     "What to watch"), re.MULTILINE))
        self.assertGreater(len(runbook), 3)
        self.none(findings + [f"{metric} of the runbook" for metric in runbook - set(seen)],
                  "a metric is declared once, by who emits it")

    def test_cmake_lists_its_files(self):
        self.none([name for name in tracked("CMakeLists.txt", ".cmake")
                   if re.search(r"file\s*\(\s*GLOB", text_of(name))], "globbing")

    def test_every_source_is_built(self):
        lists = "\n".join(text_of(name) for name in tracked("CMakeLists.txt"))
        # A list may name a family of tests by its first word: `foreach(name kill trace)`.
        self.none([name for name in CPP if name.endswith(".cpp")
                   and Path(name).name not in lists
                   and not re.search(rf"\b{re.sub('(_pipeline)?_test$', '', Path(name).stem)}\b",
                                     lists)], "in no CMakeLists.txt")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
