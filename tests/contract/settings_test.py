#!/usr/bin/env python3
"""Holds .env.example, compose.yaml and the settings that the programs read to each other: what a
person can set is documented and arrives, and nothing is handed to a service that does not read it."""
import re
import unittest
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE_TEXT = (ROOT / "deploy/compose/compose.yaml").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load(COMPOSE_TEXT)
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
SCRIPTS = "".join(path.read_text(encoding="utf-8")
                  for path in [ROOT / "podium", *sorted((ROOT / "deploy/lib").glob("*.sh"))])
SERVICES = ("gateway", "scraper", "codegen", "executor", "tracker", "notifier")
# Read by the OpenTelemetry SDK or by code that takes names as they come.
READ_BY_LIBRARIES = re.compile(r"OTEL_|NATS_|DOCKER_HOST")


def sources_of(service):
    folders = [ROOT / "libs", ROOT / "services" / service]
    if service == "setup":
        folders = [ROOT / "libs", ROOT / "cli"]
    return "".join(path.read_text(encoding="utf-8") for folder in folders
                   for path in folder.rglob("*.[ch]pp") if not path.stem.endswith("_test"))


def documented():
    return set(re.findall(r"^#([A-Z][A-Z0-9_]+)=", EXAMPLE, re.MULTILINE))


def written_by_podium():
    """The names that ./podium writes into compose's environment file."""
    here_document = re.search(r"<<ENV\n(.*?)\nENV", SCRIPTS, re.DOTALL)[1]
    return set(re.findall(r"^([A-Z_]+)=", here_document, re.MULTILINE))


class Settings(unittest.TestCase):
    def test_what_compose_asks_for_is_documented_or_written_by_podium(self):
        asked = set(re.findall(r"\$\{([A-Z0-9_]+)", COMPOSE_TEXT))
        self.assertEqual(asked - documented() - written_by_podium(), set())

    def test_what_is_documented_is_asked_for_by_compose_or_podium(self):
        asked = set(re.findall(r"\$\{([A-Z0-9_]+)", COMPOSE_TEXT))
        keys = set(re.search(r"^KEYS=\((.*?)\)", SCRIPTS, re.MULTILINE | re.DOTALL)[1].split())
        taken = asked | keys | {key + "_FILE" for key in keys}
        taken |= set(re.findall(r"setting ([A-Z0-9_]+)", SCRIPTS))
        taken |= set(re.findall(r"find_image|start_image ([A-Z0-9_]+)", SCRIPTS))
        self.assertEqual(documented() - taken, set())

    def test_a_service_reads_every_setting_that_it_is_given(self):
        for service in SERVICES:
            code = sources_of(service)
            for name in COMPOSE["services"][service]["environment"]:
                with self.subTest(service=service, name=name):
                    plain = name.removesuffix("_FILE")
                    self.assertTrue(READ_BY_LIBRARIES.match(name) or f'"{plain}"' in code
                                    or f'"{name}"' in code)

    def test_a_service_is_given_no_secret_that_it_does_not_name(self):
        for service in SERVICES:
            description = COMPOSE["services"][service]
            named = " ".join(str(value) for value in description["environment"].values())
            for secret in description["secrets"]:
                with self.subTest(service=service, secret=secret):
                    given = f"/run/secrets/{secret}" in named or secret == "podium_api_keys"
                    self.assertTrue(given)

    def test_what_the_runtime_image_copies_is_in_its_context(self):
        ignore = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        dockerfile = (ROOT / "deploy/images/runtime.Dockerfile").read_text(encoding="utf-8")
        for path in re.findall(r"^COPY (?!--from)(\S+) ", dockerfile, re.MULTILINE):
            with self.subTest(path=path):
                self.assertIn("!" + path.rstrip("/"), ignore)

    def test_log_levels_are_those_that_the_programs_take(self):
        levels = re.search(r"Least level that is logged: ([a-z, ]+)\.", EXAMPLE)[1].split(", ")
        code = (ROOT / "libs/chassis/log.cpp").read_text(encoding="utf-8")
        for level in levels:
            self.assertIn(f'"{level}"', code)


if __name__ == "__main__":
    unittest.main()
