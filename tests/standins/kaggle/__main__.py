"""Starts the stand-in: python3 -m standins.kaggle --competitions DIR [--scenario FILE|NAME] ..."""

import argparse
import json
import signal
import sys
import threading
from pathlib import Path

from standins.kaggle.scenario import load_scenario
from standins.kaggle.server import ApiHandler, ForeignHandler, Server, StorageHandler
from standins.kaggle.standin import StandIn

LOOPBACK = "127.0.0.1"
FOREIGN_LOOPBACK = "127.0.0.3"
EVERYWHERE = "0.0.0.0"


def read_options():
    parser = argparse.ArgumentParser(description="A stand-in for Kaggle.")
    parser.add_argument("--competitions", type=Path, action="append", default=[], metavar="DIR",
                        help="a folder of competitions; may be given several times")
    parser.add_argument("--answers", type=Path, action="append", default=[], metavar="DIR",
                        help="a folder with NAME/answers for competitions that lack theirs")
    parser.add_argument("--score", type=Path, metavar="FILE",
                        help="a score.py to run instead of the built-in rules")
    parser.add_argument("--scenario", help="a JSON file, or a name of scenarios/")
    parser.add_argument("--host", default=LOOPBACK, help="default: %(default)s")
    parser.add_argument("--port", type=int, default=0, help="0 (default) takes a free one")
    parser.add_argument("--storage-port", type=int, default=0, help="of the download host")
    parser.add_argument("--url", help="how others reach the API, when not by host and port")
    parser.add_argument("--storage-url", help="the same for the download host")
    return parser.parse_args()


def address_of(server, name=None):
    host, port = server.server_address[:2]
    host = name or host
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def start(options):
    """(the stand-in, its servers). The download host has another name than the API: cookies and
    credentials go by a host's name, not by its port."""
    folders = [folder.resolve() for folder in options.competitions]
    answers = [folder.resolve() for folder in options.answers]
    score = options.score.resolve() if options.score else None
    standin = StandIn(folders, answers, score, load_scenario(options.scenario))
    names = (None, None, None)  # each listener's own address
    if options.host in (LOOPBACK, EVERYWHERE):
        names = (LOOPBACK, "localhost", FOREIGN_LOOPBACK)
    foreign_host = FOREIGN_LOOPBACK if options.host == LOOPBACK else options.host
    api = Server((options.host, options.port), ApiHandler, standin)
    storage = Server((options.host, options.storage_port), StorageHandler, standin)
    foreign = Server((foreign_host, 0), ForeignHandler, standin)
    url = options.url or address_of(api, names[0])
    standin.addresses.update({
        "url": url, "port": api.server_address[1], "rpc_base_url": f"{url}/v1",
        "rest_base_url": f"{url}/api/v1",
        "storage_url": options.storage_url or address_of(storage, names[1]),
        "storage_port": storage.server_address[1], "foreign_url": address_of(foreign, names[2])})
    return standin, [api, storage, foreign]


def main():
    options = read_options()
    try:
        standin, servers = start(options)
    except (OSError, ValueError, TypeError) as wrong:
        print(f"kaggle stand-in: {wrong}", file=sys.stderr)
        return 2
    stopped = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopped.set())
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps(standin.addresses), flush=True)
    stopped.wait()
    standin.close()
    return 0  # the listeners' threads end with the process


if __name__ == "__main__":
    sys.exit(main())
