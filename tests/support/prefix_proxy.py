#!/usr/bin/env python3
"""A proxy as people put in front of the gateway: takes what comes below any prefix, such as /prod/run
or /a/b/run, and hands the rest on as it is, query and all. The prefix ends where one of the gateway's
own addresses begins."""
import argparse
import http.client
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BEGIN = re.compile(r"/(run|status|result|logs|jobs|health)(?=[/?]|$)")


class Proxy(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        found = BEGIN.search(self.path)
        if not found:
            return self.send_error(404)
        gateway = http.client.HTTPConnection("127.0.0.1", self.server.gateway, timeout=30)
        gateway.request(self.command, self.path[found.start():], body or None,
                        {"Host": self.headers["Host"], "Content-Length": str(len(body))})
        answer = gateway.getresponse()
        said = answer.read()
        self.send_response(answer.status)
        for name in ("Content-Type", "Retry-After"):
            if answer.headers[name]:
                self.send_header(name, answer.headers[name])
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)
        gateway.close()

    do_POST = do_DELETE = do_GET

    def log_message(self, *_):
        pass


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--gateway", type=int, required=True)
    arguments = parser.parse_args()
    server = ThreadingHTTPServer(("127.0.0.1", arguments.port), Proxy)
    server.gateway = arguments.gateway
    print("ready", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
