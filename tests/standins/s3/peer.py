"""boto3 behind HTTP, so that a test in any language can read and write a bucket by code that is not
the code under test, and tell the server how to behave:

GET  /credentials                      access_key, secret_key and region, as JSON
PUT  /bucket/BUCKET                    makes the bucket
PUT  /object/BUCKET/NAME               writes the body as the object
GET  /object/BUCKET/NAME               the object's bytes
GET  /objects/BUCKET                   names and sizes of all objects, as JSON
GET  /uploads/BUCKET                   names of the multipart uploads that are open, as JSON
POST /uploads/BUCKET/NAME              begins a multipart upload with a part of the body, and leaves it
GET  /fetch?URL (percent-encoded)      what a client without credentials is answered: its status,
                                       headers and body
POST /checks                           sets what the JSON names; see Checks in checks.py
"""

import http.server
import json
import urllib.error
import urllib.parse
import urllib.request

from botocore.exceptions import ClientError

MAY_BE_SET = ("clock_ahead", "faults", "busy_every", "uploads_age")


def fetch(url):
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, dict(refused.headers), refused.read()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    client = None
    checks = None

    def answer(self, status, body=b"", headers=None):
        self.send_response(status)
        for name in ("Content-Type", "Content-Disposition"):
            if headers and name in headers:
                self.send_header(name, headers[name])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def answer_json(self, value):
        self.answer(200, json.dumps(value).encode())

    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def entries(self, operation, bucket, field):
        """All entries of a listing, over its pages."""
        for page in self.client.get_paginator(operation).paginate(Bucket=bucket):
            yield from page.get(field, [])

    def do_GET(self):
        path, _, query = self.path.partition("?")
        kind, *rest = path.strip("/").split("/", 2)
        if kind == "fetch":
            status, headers, body = fetch(urllib.parse.unquote(query))
            self.answer(status, body, headers)
        elif kind == "credentials":
            known = self.checks.credentials
            self.answer_json({"access_key": known.access_key, "secret_key": known.secret_key,
                              "region": self.checks.region})
        elif kind == "object":
            self.try_to(lambda: self.answer(
                200, self.client.get_object(Bucket=rest[0], Key=rest[1])["Body"].read()))
        elif kind == "objects":
            self.try_to(lambda: self.answer_json(
                {each["Key"]: each["Size"]
                 for each in self.entries("list_objects_v2", rest[0], "Contents")}))
        elif kind == "uploads":
            self.try_to(lambda: self.answer_json(
                [each["Key"] for each in self.entries("list_multipart_uploads", rest[0],
                                                      "Uploads")]))
        else:
            self.answer(404)

    def do_PUT(self):
        kind, *rest = self.path.strip("/").split("/", 2)
        if kind == "bucket":
            place = {"LocationConstraint": self.checks.region}
            self.try_to(lambda: self.answer_json(self.client.create_bucket(
                Bucket=rest[0], CreateBucketConfiguration=place)["Location"]))
        else:
            self.try_to(lambda: self.answer_json(self.client.put_object(
                Bucket=rest[0], Key=rest[1], Body=self.body())["ETag"]))

    def do_POST(self):
        kind, *rest = self.path.strip("/").split("/", 2)
        if kind == "checks":
            for name, value in json.loads(self.body()).items():
                if name in MAY_BE_SET:
                    setattr(self.checks, name, value)
            self.answer(200)
        else:
            self.try_to(lambda: self.answer_json(self.leave_upload(*rest)))

    def leave_upload(self, bucket, name):
        upload = self.client.create_multipart_upload(Bucket=bucket, Key=name)["UploadId"]
        return self.client.upload_part(Bucket=bucket, Key=name, UploadId=upload, PartNumber=1,
                                       Body=self.body())["ETag"]

    def try_to(self, act):
        try:
            act()
        except ClientError as refused:
            self.answer(refused.response["ResponseMetadata"]["HTTPStatusCode"],
                        str(refused).encode())

    def log_message(self, *_):
        """Quiet."""


def serve_peer(host, port, client, checks):
    """Serves until the process ends."""
    handler = type("Peer", (Handler,), {"client": client, "checks": checks})
    http.server.ThreadingHTTPServer((host, port), handler).serve_forever()
