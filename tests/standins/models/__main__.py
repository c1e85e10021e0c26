"""Starts the stand-in: python3 -m standins.models [--host H] [--port P] [--script FILE]."""

import argparse
import json
import signal
import sys
import threading

from standins.models.server import Server
from standins.models.standin import StandIn


def read_script(name):
    if not name:
        return {}
    with open(name, encoding="utf-8") as file:
        return json.load(file)


def main():
    parser = argparse.ArgumentParser(description="A stand-in for language-model vendors.")
    parser.add_argument("--host", default="127.0.0.1", help="default: %(default)s")
    parser.add_argument("--port", type=int, default=0, help="0 (default) takes a free one")
    parser.add_argument("--script", help="a JSON file that says what to answer; else: good")
    options = parser.parse_args()
    try:
        server = Server((options.host, options.port), StandIn(read_script(options.script)))
    except (OSError, ValueError, TypeError) as wrong:
        print(f"model stand-in: {wrong}", file=sys.stderr)
        return 2
    for name in (signal.SIGTERM, signal.SIGINT):
        # shutdown waits for the loop that this thread runs, so another thread has to call it
        signal.signal(name, lambda *_: threading.Thread(target=server.shutdown).start())
    host, port = server.server_address[:2]
    url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    print(json.dumps({"url": url, "port": port, "anthropic_base_url": url,
                      "openai_base_url": f"{url}/v1"}), flush=True)
    server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
