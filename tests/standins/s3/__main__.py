"""Starts it: /opt/s3/bin/python -m standins.s3 --port P --peer-port Q [--region R]. Prints a line
of JSON when both listen."""

import argparse
import json
import os
import threading

# moto lets so many calls go by unsigned: those that make the first user.
SET_UP_CALLS = 3
os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = str(SET_UP_CALLS)

import boto3  # noqa: E402
from moto.server import DomainDispatcherApplication, create_backend_app  # noqa: E402
from werkzeug.serving import WSGIRequestHandler, make_server  # noqa: E402

from standins.s3.checks import Checks  # noqa: E402
from standins.s3.peer import serve_peer  # noqa: E402

LOOPBACK = "127.0.0.1"
ALL_OF_S3 = {"Version": "2012-10-17",
             "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}


class QuietHandler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, kind, message, *arguments):
        """Quiet."""


def serve(application, port):
    server = make_server(LOOPBACK, port, application, threaded=True, request_handler=QuietHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def make_user(moto, region):
    """(access key, secret key) of a user of moto's who may do everything with buckets."""
    server = serve(moto, 0)
    iam = boto3.client("iam", endpoint_url=f"http://{LOOPBACK}:{server.port}", region_name=region,
                       aws_access_key_id="nobody", aws_secret_access_key="yet")
    iam.create_user(UserName="podium")
    iam.put_user_policy(UserName="podium", PolicyName="buckets",
                        PolicyDocument=json.dumps(ALL_OF_S3))
    key = iam.create_access_key(UserName="podium")["AccessKey"]
    server.shutdown()
    return key["AccessKeyId"], key["SecretAccessKey"]


def main():
    parser = argparse.ArgumentParser(description="An S3-compatible server, and boto3 beside it.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--peer-port", type=int, required=True)
    parser.add_argument("--region", default="eu-central-1")
    options = parser.parse_args()
    moto = DomainDispatcherApplication(create_backend_app)
    access_key, secret_key = make_user(moto, options.region)
    checks = Checks(moto, access_key, secret_key, options.region)
    serve(checks, options.port)
    client = boto3.client("s3", endpoint_url=f"http://{LOOPBACK}:{options.port}",
                          region_name=options.region, aws_access_key_id=access_key,
                          aws_secret_access_key=secret_key)
    serve_peer(LOOPBACK, options.peer_port, client, checks)


if __name__ == "__main__":
    main()
