#!/usr/bin/env python3
"""Holds schemas/openapi.yaml and schemas/asyncapi.yaml to the protos, streams.json, permissions.json
and the registered error codes, in both directions. Routes and keys of answers are compared by the
gateway's C++ tests, which have the running code."""
import json
import re
import unittest
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "schemas"
OPENAPI = yaml.safe_load((SCHEMAS / "openapi.yaml").read_text(encoding="utf-8"))
ASYNCAPI = yaml.safe_load((SCHEMAS / "asyncapi.yaml").read_text(encoding="utf-8"))
STREAMS = json.loads((SCHEMAS / "streams.json").read_text(encoding="utf-8"))["streams"]
USERS = json.loads((SCHEMAS / "permissions.json").read_text(encoding="utf-8"))["users"]
PROTOS = {path.name: path.read_text(encoding="utf-8")
          for path in (SCHEMAS / "podium" / "v1").glob("*.proto")}


def payloads():
    """Field name -> message name of every event."""
    oneof = re.search(r"oneof payload \{(.*?)\n  \}", PROTOS["event.proto"], re.DOTALL)[1]
    return {name: message for message, name in
            re.findall(r"^\s*(\w+) (\w+) = \d+;", oneof, re.MULTILINE)}


def messages_with_once():
    return {message for text in PROTOS.values()
            for message, body in re.findall(r"^message (\w+) \{(.*?)^\}", text,
                                            re.DOTALL | re.MULTILINE)
            if "option (once) = true" in body}


def references(node):
    """Every $ref below a node."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield value
            else:
                yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def resolve(document, reference):
    node = document
    for part in reference.removeprefix("#/").split("/"):
        node = node[part.replace("~1", "/").replace("~0", "~")]
    return node


def pattern_of(address):
    """podium.jobs.{job}.ended -> podium.jobs.*.ended."""
    return re.sub(r"\{\w+\}", "*", address)


def covers(pattern, subject):
    wanted, given = pattern.split("."), subject.split(".")
    for position, token in enumerate(wanted):
        if token == ">":
            return len(given) > position
        if position >= len(given) or token not in ("*", given[position]):
            return False
    return len(wanted) == len(given)


CHANNELS = {name: channel["address"] for name, channel in ASYNCAPI["channels"].items()}


def operations(action):
    for operation in ASYNCAPI["operations"].values():
        if operation["action"] == action:
            yield operation, operation["channel"]["$ref"].removeprefix("#/channels/")


class References(unittest.TestCase):
    def test_every_reference_leads_somewhere(self):
        for document in (OPENAPI, ASYNCAPI):
            for reference in references(document):
                with self.subTest(reference):
                    self.assertIsNotNone(resolve(document, reference))

    def test_every_component_is_used(self):
        for document in (OPENAPI, ASYNCAPI):
            used = set(references(document))
            for kind, components in document["components"].items():
                if kind == "securitySchemes":
                    continue
                for name in components:
                    reference = f"#/components/{kind}/{name}"
                    alone = reference == "#/components/schemas/Event"  # data of the event streams
                    with self.subTest(reference):
                        self.assertTrue(alone or reference in used)


class OpenApi(unittest.TestCase):
    def test_is_3_1(self):
        self.assertTrue(OPENAPI["openapi"].startswith("3.1."))

    def test_path_parameters_are_described(self):
        for path, item in OPENAPI["paths"].items():
            named = {resolve(OPENAPI, parameter["$ref"])["name"] if "$ref" in parameter
                     else parameter["name"] for parameter in item.get("parameters", [])}
            with self.subTest(path):
                self.assertEqual(set(re.findall(r"\{(\w+)\}", path)), named)

    def test_operations_have_ids_and_answers(self):
        ids = [operation["operationId"] for item in OPENAPI["paths"].values()
               for method, operation in item.items() if method != "parameters"]
        self.assertEqual(len(ids), len(set(ids)))
        for item in OPENAPI["paths"].values():
            for method, operation in item.items():
                if method != "parameters":
                    self.assertTrue(operation["responses"], operation["operationId"])

    def test_every_error_code_of_the_gateway_is_named(self):
        registered = set(re.findall(r'ErrorCode k\w+\{\s*"([A-Z_]+)"',
                                    (ROOT / "services/gateway/errors.hpp").read_text("utf-8")))
        named = set(OPENAPI["components"]["schemas"]["Problem"]["properties"]["code"]["examples"])
        self.assertGreater(len(registered), 5)
        self.assertEqual(set(), registered - named)

    def test_fields_of_a_request_are_those_that_are_read(self):
        source = (ROOT / "services/gateway/run_fields.cpp").read_text("utf-8")
        read = set(re.findall(r'RunField\{"(\w+)",', source)) | {"resources", "budget"}
        self.assertEqual(read, set(OPENAPI["components"]["schemas"]["RunRequest"]["properties"]))


    def test_fields_of_a_webhook_are_those_that_are_sent(self):
        source = (ROOT / "services/notifier/webhook_body.cpp").read_text("utf-8")
        sent = set(re.findall(r'\{"(\w+)",', source))
        described = OPENAPI["components"]["schemas"]["JobEnded"]["properties"]
        known = set(described) | set(OPENAPI["components"]["schemas"]["Score"]["properties"])
        for name in ("submission", "counts", "links"):
            known |= set(described[name]["properties"])
            self.assertLessEqual(set(described[name]["properties"]), sent)
        self.assertLessEqual(sent, known)
        self.assertLessEqual(set(described), sent)


class AsyncApi(unittest.TestCase):
    def test_is_3_1(self):
        self.assertTrue(ASYNCAPI["asyncapi"].startswith("3.1."))

    def test_messages_are_the_events(self):
        described = {name: message["x-payload"].removeprefix("podium.v1.")
                     for name, message in ASYNCAPI["components"]["messages"].items()
                     if "x-payload" in message}
        self.assertEqual(payloads(), described)

    def test_messages_name_the_proto_that_defines_them(self):
        for name, message in ASYNCAPI["components"]["messages"].items():
            if "x-proto" not in message:
                continue
            proto = PROTOS[Path(message["x-proto"]).name]
            with self.subTest(name):
                self.assertRegex(proto, rf"(?m)^message {message['x-payload'].split('.')[-1]} ")

    def test_every_event_has_a_channel(self):
        carried = {message for channel in ASYNCAPI["channels"].values()
                   for message in channel["messages"]}
        self.assertEqual(set(payloads()) | {"advisory"}, carried)

    def test_channels_lie_in_their_streams_and_streams_have_channels(self):
        subjects = {stream["name"]: stream["subjects"] for stream in STREAMS}
        seen = set()
        for name, channel in ASYNCAPI["channels"].items():
            stream = channel["x-jetstream"]["stream"]
            seen.add(stream)
            with self.subTest(name):
                self.assertTrue(any(covers(pattern, pattern_of(channel["address"]))
                                    for pattern in subjects[stream]))
        self.assertEqual(set(subjects), seen)

    def test_once_is_what_the_protos_say(self):
        once = messages_with_once()
        for name, message in payloads().items():
            with self.subTest(name):
                said = ASYNCAPI["channels"][name]["x-jetstream"].get("once", False)
                self.assertEqual(message in once, said)

    def test_parameters_are_those_of_the_address(self):
        for name, channel in ASYNCAPI["channels"].items():
            with self.subTest(name):
                self.assertEqual(set(re.findall(r"\{(\w+)\}", channel["address"])),
                                 set(channel.get("parameters", {})))

    def test_senders_are_those_who_may_send(self):
        said = {}
        for operation, channel in operations("send"):
            address = CHANNELS[channel]
            said.setdefault(operation["x-service"], set()).add(
                address.split(".")[3] if address.startswith("podium.jobs.") else pattern_of(address))
        allowed = {user: set(rights.get("events", [])) | set(rights.get("publish", []))
                   for user, rights in USERS.items()
                   if rights.get("events") or rights.get("publish")}
        self.assertEqual(allowed, said)

    def test_takers_are_the_durable_consumers(self):
        said = set()
        for operation, channel in operations("receive"):
            if "x-durable" in operation:
                said.add((operation["x-durable"], pattern_of(CHANNELS[channel])))
        wanted = set()
        for stream in STREAMS:
            for consumer in stream["consumers"]:
                for subject in consumer["filters"] or [f"{each[:-1]}*.*"
                                                       for each in stream["subjects"]]:
                    wanted.add((consumer["durable"], re.sub(r"\{\w+\}", "*", subject)))
        self.assertEqual(wanted, said)

    def test_takers_belong_to_their_service(self):
        for operation, channel in operations("receive"):
            durable = operation.get("x-durable", "")
            with self.subTest(channel):
                self.assertTrue(durable.startswith(operation["x-service"] + "-")
                                or operation.get("x-subscription"))

    def test_subscriptions_are_permitted(self):
        for operation, channel in operations("receive"):
            if not operation.get("x-subscription"):
                continue
            rights = USERS[operation["x-service"]].get("subscribe", [])
            with self.subTest(channel):
                self.assertTrue(any(covers(pattern, pattern_of(CHANNELS[channel]))
                                    for pattern in rights))


if __name__ == "__main__":
    unittest.main(verbosity=2)
