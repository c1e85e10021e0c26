#!/usr/bin/env python3
"""Starts many jobs at once and tells how each ended.

    tests/load/load.py [--jobs 50] [--at-once 20] [--url http://127.0.0.1:8080] [--csv FILE]
                       [--competition NAME ...] [--max-candidates N] [--max-time 5m]

Competitions and priorities (0 to 2) take turns. A 429 is obeyed: the job is asked for again after
Retry-After. Writes a line for each job to the CSV file (default: standard output):
`job_num,competition,job_id,duration,status`, and a summary to standard error. Ends with 1 when a
job was lost: not accepted, answered with 5xx, or not ended. A job that failed with a reason is an
answer.
"""

import argparse
import collections
import concurrent.futures
import csv
import json
import os
import statistics
import sys
import time
import urllib.error
import urllib.request

COMPETITIONS = ["titanic", "tiny-digits", "nyc-late-arrivals", "diamond-clarity",
                "ames-house-prices"]
ENDED = {"success", "failed", "timeout", "cancelled"}
TRIES_MAX = 200
WAIT_SECONDS = 30


class Lost(Exception):
    """What no client should have to see."""


class Gateway:
    """Calls by HTTP, counted by status."""

    def __init__(self, url):
        self.url = url.rstrip("/")
        self.statuses = collections.Counter()
        self.headers = {"Content-Type": "application/json"}
        if key := os.environ.get("PODIUM_API_KEY"):
            self.headers["Authorization"] = f"Bearer {key}"

    def call(self, method, path, body=None):
        """(status, headers, JSON)."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, self.headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=WAIT_SECONDS + 60) as answer:
                status, headers, text = answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as refused:
            status, headers, text = refused.code, refused.headers, refused.read()
        except OSError as error:
            raise Lost(f"no answer to {method} {path}: {error}") from error
        self.statuses[status] += 1
        if status >= 500:
            raise Lost(f"{status} to {method} {path}: {text[:300]!r}")
        return status, headers, json.loads(text)


def start(gateway, request):
    """The job's id, once it is accepted."""
    for _ in range(TRIES_MAX):
        status, headers, answer = gateway.call("POST", "/run", request)
        if status == 201:
            return answer["job_id"]
        if status != 429:
            raise Lost(f"{status}: {answer.get('detail')}")
        time.sleep(float(headers.get("Retry-After") or 1))
    raise Lost("never accepted")


def run(gateway, number, options):
    """One job from its request to its end: a row of the table."""
    competition = options.competition[number % len(options.competition)]
    request = {"kaggle_url": f"https://www.kaggle.com/competitions/{competition}",
               "priority": number % 3, "max_time": options.max_time,
               "max_candidates": options.max_candidates}
    begun, job, status = time.monotonic(), "", "lost"
    try:
        job = start(gateway, request)
        while status not in ENDED:
            _, _, answer = gateway.call("GET", f"/status/{job}?wait={WAIT_SECONDS}s")
            status = answer["status"]
            if status not in ENDED and time.monotonic() - begun > options.patience:
                raise Lost(f"has not ended, it is {status}")
    except Lost as lost:
        print(f"job {number} {job}: {lost}", file=sys.stderr)
        status = "lost"
    return [number, competition, job, f"{time.monotonic() - begun:.1f}", status]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jobs", type=int, default=50)
    parser.add_argument("--at-once", type=int, default=20)
    parser.add_argument("--url", default=os.environ.get("PODIUM_URL", "http://127.0.0.1:8080"))
    parser.add_argument("--csv", type=argparse.FileType("w"), default=sys.stdout)
    parser.add_argument("--competition", action="append")
    parser.add_argument("--max-candidates", type=int, default=1)
    parser.add_argument("--max-time", default="1h")
    parser.add_argument("--patience", type=float, default=7200, help="seconds until a job is lost")
    options = parser.parse_args()
    options.competition = options.competition or COMPETITIONS
    gateway = Gateway(options.url)
    begun = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(options.at_once) as pool:
        rows = list(pool.map(lambda number: run(gateway, number, options),
                             range(1, options.jobs + 1)))
    table = csv.writer(options.csv, lineterminator="\n")
    table.writerows([["job_num", "competition", "job_id", "duration", "status"], *rows])
    ends = collections.Counter(row[4] for row in rows)
    times = [float(row[3]) for row in rows]
    print(f"{len(rows)} jobs in {time.monotonic() - begun:.1f} s, {options.at_once} at once: "
          + ", ".join(f"{count} {status}" for status, count in sorted(ends.items())),
          f"seconds a job: median {statistics.median(times):.1f}, longest {max(times):.1f}",
          "answers: " + ", ".join(f"{count} x {status}" for status, count
                                  in sorted(gateway.statuses.items())), sep="\n", file=sys.stderr)
    return 1 if ends["lost"] else 0


if __name__ == "__main__":
    sys.exit(main())
