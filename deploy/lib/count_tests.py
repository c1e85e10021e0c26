"""Counts the test cases of a ctest run, one GoogleTest case at a time, and shows what failed.

usage: count_tests.py FOLDER

FOLDER holds ctest.xml (ctest --output-junit) and, for each GoogleTest program, PROGRAM*.json
(GTEST_OUTPUT=json:FOLDER/). Writes "PASSED FAILED" to FOLDER/counts and the failures to stdout.
A program that ended badly although none of its cases failed (a crash, a leak, a time-out) counts as
one failure more. A case that was skipped or disabled counts as failed: every test must run.
"""

import json
import pathlib
import sys
import xml.etree.ElementTree

OUTPUT_LINES_MAX = 60


def cases_of(report):
    """Yields (name, failure text or None) for each case of a GoogleTest report."""
    for suite in report["testsuites"]:
        for case in suite["testsuite"]:
            name = f'{suite["name"]}.{case["name"]}'
            if case.get("failures"):
                yield name, "\n".join(failure["failure"] for failure in case["failures"])
            elif case["status"] != "RUN" or case["result"] == "SKIPPED":
                yield name, "did not run: it is skipped or disabled"
            else:
                yield name, None


def output_end(test):
    """The end of what a test program printed."""
    lines = (test.findtext("system-out") or "").rstrip().splitlines()
    return "\n".join(lines[-OUTPUT_LINES_MAX:])


def main(folder):
    passed, failures = 0, []
    for test in xml.etree.ElementTree.parse(folder / "ctest.xml").getroot().iter("testcase"):
        program, ran_well = test.get("name"), test.get("status") == "run"
        reports = sorted(folder.glob(f"{program}.json")) or sorted(folder.glob(f"{program}_*.json"))
        found = [case for path in reports for case in cases_of(json.loads(path.read_text()))]
        bad = [(f"{program}: {name}", text) for name, text in found if text is not None]
        passed += len(found) - len(bad)
        failures += bad
        if not ran_well and not bad:
            failures.append((f"{program}: ended badly", output_end(test)))
        elif ran_well and not found:
            passed += 1
    for name, text in failures:
        print(f"  failed  {name}")
        print("".join(f"          | {line}\n" for line in text.splitlines()), end="")
    (folder / "counts").write_text(f"{passed} {len(failures)}\n")


main(pathlib.Path(sys.argv[1]))
