#!/usr/bin/env python3
"""A real mail server for tests (aiosmtpd) on 127.0.0.1. Each mail that it takes is written as a JSON
file, read back by Python's own reader of mails. The recipient says how it answers: refused@ for good,
later@ not at the first time, hang@ never."""
import argparse
import asyncio
import email
import email.policy
import json
import ssl
import time
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

USER, PASSWORD = b"podium", b"a password of tests"


class Mailbox:
    def __init__(self, folder):
        self.folder = folder
        self.taken = 0
        self.put_off = set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        mailbox = address.partition("@")[0]
        if mailbox == "refused":
            return "550 5.1.1 no such user"
        if mailbox == "hang":
            await asyncio.sleep(3600)
        if mailbox == "later" and address not in self.put_off:
            self.put_off.add(address)
            return "451 4.7.1 come again"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.taken += 1
        taken = {"from": envelope.mail_from, "to": envelope.rcpt_tos,
                 "tls": session.ssl is not None, "signed_in": session.authenticated,
                 "headers": {name: str(value) for name, value in mail.items()},
                 "defects": [str(defect) for defect in mail.defects],
                 "text": mail.get_content()}
        new = self.folder / f"{self.taken}.new"
        new.write_text(json.dumps(taken), encoding="utf-8")
        new.rename(self.folder / f"{self.taken:04}.json")
        return "250 OK"


def sign_in(server, session, envelope, mechanism, data):
    right = data.login == USER and data.password == PASSWORD
    return AuthResult(success=right, handled=False)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--tls", choices=["starttls", "implicit", "none"], required=True)
    parser.add_argument("--certificate", type=Path, required=True)
    parser.add_argument("--key", type=Path, required=True)
    arguments = parser.parse_args()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(arguments.certificate, arguments.key)
    options = {"starttls": {"tls_context": context, "require_starttls": True,
                            "authenticator": sign_in, "auth_required": True},
               "implicit": {"ssl_context": context},
               "none": {}}[arguments.tls]
    controller = Controller(Mailbox(arguments.folder), hostname="127.0.0.1", port=arguments.port,
                            **options)
    controller.start()
    print("ready", flush=True)
    while True:
        time.sleep(60)


if __name__ == "__main__":
    main()
