"""The download host: signed addresses, ranges, hashes, and the sessions of resumable uploads."""

import base64
import datetime
import email.utils
import hashlib
import hmac
import re
import secrets
import urllib.parse

from standins.kaggle.content import Joined, Memory, Part
from standins.kaggle.errors import storage_error
from standins.kaggle.sender import Reply

BUCKET = "/kaggle-competitions-data/kaggle-v2/"
UPLOAD_PATH = "/upload/storage/v1/b/kaggle-competitions-submissions/o"
REFUSED_HEADERS = ("Authorization", "Cookie", "Content-Type", "Proxy-Authorization")
HASH_BYTES_MAX = 256 * 1024 * 1024  # larger contents say their hash only when it is known
CRC32C_BYTES_MAX = 1024 * 1024
RANGE = re.compile(r"bytes=(\d*)-(\d*)")
CONTENT_RANGE = re.compile(r"bytes (?:\*|(\d+)-(\d+))/(\d+)")


class Signer:
    """Makes signed paths and checks them."""

    def __init__(self):
        self._secret = secrets.token_bytes(16)
        self.uses = {}  # signature: how often it was used

    def sign(self, path, now, seconds):
        """The path with its query; good for GET until `seconds` after `now`."""
        date = now.strftime("%Y%m%dT%H%M%SZ")
        quoted = urllib.parse.quote(path)
        query = {"X-Goog-Algorithm": "GOOG4-RSA-SHA256", "X-Goog-Credential": "standin",
                 "X-Goog-Date": date, "X-Goog-Expires": str(int(seconds)),
                 "X-Goog-SignedHeaders": "host",
                 "X-Goog-Signature": self._signature(quoted, date, str(int(seconds)))}
        return f"{quoted}?{urllib.parse.urlencode(query)}"

    def _signature(self, quoted, date, seconds):
        return hmac.new(self._secret, f"{quoted}\n{date}\n{seconds}".encode(),
                        hashlib.sha256).hexdigest()

    def refusal(self, quoted, query, headers, now, uses_max):
        """None, or the Reply that refuses a GET."""
        strays = [name for name in REFUSED_HEADERS if name in headers]
        strays += [name for name in headers if name.lower().startswith("x-kaggle")]
        date, seconds = query.get("X-Goog-Date", ""), query.get("X-Goog-Expires", "")
        signature = query.get("X-Goog-Signature", "")
        expected = self._signature(quoted, date, seconds)
        if not signature:
            return refused(403, "AccessDenied", "Access denied.")
        if strays or not hmac.compare_digest(signature.encode(), expected.encode()):
            return refused(403, "SignatureDoesNotMatch", "The request signature we calculated "
                           "does not match the signature you provided.")
        made = datetime.datetime.strptime(date, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.UTC)
        if now > made + datetime.timedelta(seconds=int(seconds)):
            return refused(400, "ExpiredToken", "The provided token has expired.")
        self.uses[signature] = self.uses.get(signature, 0) + 1
        if uses_max is not None and self.uses[signature] > uses_max:
            return refused(403, "AccessDenied", "Access denied.")
        return None


def refused(status, code, message, headers=None):
    return Reply(status, {"Content-Type": "application/xml; charset=UTF-8", **(headers or {})},
                 Memory(storage_error(code, message)))


def download(content, modified, name, headers, settings, fault):
    """The Reply to a GET of the content that a good signature names; ranges are honoured."""
    true = content
    if fault.fault == "corrupt":
        content = corrupted(true)
    if fault.fault == "truncated":
        content = Part(true, 0, int(true.size * fault.at))
    tag = f'"{content_name(true)}"'
    date = email.utils.format_datetime(modified, usegmt=True)
    is_zip = name.endswith(".zip")
    said = {"Content-Type": "application/zip" if is_zip else "application/octet-stream",
            "Last-Modified": date, "ETag": tag, "Accept-Ranges": "bytes"}
    if settings.hashes and fault.fault != "no_hash":
        said |= hash_header(true, fault)
    is_chunked = not settings.lengths
    asked = RANGE.fullmatch(headers.get("Range", ""))
    fresh = headers.get("If-Range", tag) in (tag, date)
    if not asked or not any(asked.groups()) or not fresh or fault.fault == "ignore_range":
        return Reply(200, said, content, is_chunked=is_chunked)
    first, last = span(asked, content.size)
    if first >= content.size or last < first:
        return refused(416, "InvalidRange", "The requested range cannot be satisfied.",
                       {"Content-Range": f"bytes */{content.size}"})
    said["Content-Range"] = f"bytes {first}-{last}/{content.size}"
    return Reply(206, said, content, first, last + 1, is_chunked)


def span(asked, size):
    """(first, last) of a single range."""
    first, last = asked.groups()
    if not first:
        return max(size - int(last), 0), size - 1
    return int(first), min(int(last), size - 1) if last else size - 1


def content_name(content):
    """What stands in the ETag: the hash, or for large contents only the size."""
    return content.md5().hex() if is_hashed(content) else f"size-{content.size}"


def is_hashed(content):
    return content.size <= HASH_BYTES_MAX or content.knows_md5


def hash_header(content, fault):
    if not is_hashed(content):
        return {}
    digest = content.md5()
    if fault.fault == "wrong_hash":
        digest = hashlib.md5(digest, usedforsecurity=False).digest()
    hashes = ["md5=" + base64.b64encode(digest).decode()]
    if content.size <= CRC32C_BYTES_MAX and fault.fault != "wrong_hash":
        crc = content.crc32c().to_bytes(4, "big")
        hashes.insert(0, "crc32c=" + base64.b64encode(crc).decode())
    return {"x-goog-hash": ",".join(hashes)}


def corrupted(content):
    """The same, but for one bit in the middle."""
    if not content.size:
        return content
    middle = content.size // 2
    (byte,) = b"".join(content.pieces(middle, middle + 1))
    return Joined([Part(content, 0, middle), Memory(bytes([byte ^ 1])),
                   Part(content, middle + 1, content.size)])


def upload_place(upload, headers, length):
    """(from where the body is written, total or None), or the Reply to what carries no bytes.

    `length`: of the body, None when chunked.
    """
    if any(name in headers for name in ("Authorization", "Cookie")):
        return refused(403, "AccessDenied", "Access denied.")
    if "Content-Range" not in headers:
        return 0, length
    asked = CONTENT_RANGE.fullmatch(headers["Content-Range"])
    if not asked:
        return refused(400, "InvalidArgument", "Invalid Content-Range.")
    first, last, total = asked.groups()
    if first is None:
        return upload_status(upload)
    if int(first) > len(upload.received):
        return upload_status(upload)  # a gap: told from where to go on
    if length is not None and length != int(last) - int(first) + 1:
        return refused(400, "InvalidArgument", "Content-Range and body differ.")
    return int(first), int(total)


def upload_status(upload):
    """200 when all is there; else 308 with what is."""
    if upload.is_complete:
        return Reply(200, {"Content-Type": "application/json"},
                     Memory(b'{"kind": "storage#object"}'))
    headers = {"X-GUploader-UploadID": "standin"}
    if upload.received:
        headers["Range"] = f"bytes=0-{len(upload.received) - 1}"
    return Reply(308, headers)
