"""Sends photos in pieces with tuspy, a client of tus that is not ours: https://github.com/tus/tus-py-client

    python3 -m venv /tmp/tuspy && /tmp/tuspy/bin/pip install tuspy==1.1.0
    anfang demo --listen 127.0.0.1:8080 --password Anfang-demo-2026
    /tmp/tuspy/bin/python tests/clients/with_tuspy.py http://127.0.0.1:8080 Anfang-demo-2026
"""

import hashlib
import io
import json
import os
import struct
import sys
import urllib.request
import uuid

from tusclient import client
from tusclient.exceptions import TusUploadFailed


def call(base, method, path, token=None, body=None, kind="application/json"):
    headers = {"Content-Type": kind} | ({"Authorization": f"Bearer {token}"} if token else {})
    request = urllib.request.Request(f"{base}/api/v1{path}", body, headers, method=method)
    with urllib.request.urlopen(request) as answer:
        return answer.status, answer.read()


def sign_in(base, name, password):
    body = json.dumps({"username": name, "password": password}).encode()
    return json.loads(call(base, "POST", "/sessions", body=body)[1])["token"]


# The smallest grey JPEG of 8 x 8 pixels: tables, one component, one block.
def jpeg(size):
    def segment(mark, body):
        return struct.pack(">BBH", 0xFF, mark, len(body) + 2) + body

    quantities = segment(0xDB, b"\0" + b"\1" * 64)
    frame = segment(0xC0, b"\x08\0\x08\0\x08\1\1\x11\0")
    tables = b"".join(segment(0xC4, bytes([kind]) + b"\1" + b"\0" * 15 + b"\0") for kind in (0x00, 0x10))
    scan = segment(0xDA, b"\1\1\0\0\x3f\0") + b"\x3f"
    rest = quantities + frame + tables + scan + b"\xff\xd9"
    comments = b""
    while (lack := size - 2 - len(comments) - len(rest)) > 0:
        comments += segment(0xFE, os.urandom(max(0, min(lack, 60_000) - 4)))
    return b"\xff\xd8" + comments + rest


def main(base, password):
    token = sign_in(base, "inspector01", password)
    tus = client.TusClient(f"{base}/api/v1/uploads", headers={"Authorization": f"Bearer {token}"})

    def uploader(photo, data, **more):
        digest = hashlib.sha256(data).hexdigest()
        told = {"id": photo, "filename": "IMG_0001.jpg", "filetype": "image/jpeg", "sha256": digest}
        return tus.uploader(file_stream=io.BytesIO(data), metadata=told, **more)

    def assert_stored(photo, data):
        status, body = call(base, "PUT", f"/photos/{photo}", token, data, "image/jpeg")
        assert status == 200 and json.loads(body)["sha256"] == hashlib.sha256(data).hexdigest()

    photo, data = str(uuid.uuid4()), jpeg(1_500_000)
    sending = uploader(photo, data, chunk_size=200_000, upload_checksum=True)
    sending.upload(stop_at=600_000)
    print("broke off at", sending.offset, "of", len(data), "at", sending.url)
    # Another process would know no more than the address.
    resumed = uploader(photo, data, chunk_size=200_000, upload_checksum=True, url=sending.url)
    print("goes on at", resumed.offset)
    assert resumed.offset == sending.offset
    resumed.upload()
    assert_stored(photo, data)
    print("whole, and a photo of", len(data), "bytes")

    again = uploader(photo, data, chunk_size=200_000, url=sending.url)
    print("asked once more, it stands at", again.offset)
    assert again.offset == len(data)

    cut = data[: len(data) // 2]
    try:
        uploader(str(uuid.uuid4()), cut, chunk_size=500_000).upload()
        raise SystemExit("half a photo was taken")
    except TusUploadFailed as refused:
        print("half a photo is refused:", refused.status_code, json.loads(refused.response_content)["code"])


if __name__ == "__main__":
    main(*sys.argv[1:])
