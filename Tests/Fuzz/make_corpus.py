"""Writes the first inputs of the fuzz targets into Tests/Fuzz/corpus: well-formed calls, and some that are not."""
import pathlib
import struct

CORPUS = pathlib.Path(__file__).parent / "corpus"
END_STREAM, END_HEADERS = 1, 4


def frame(kind, flags, stream, body=b""):
    return struct.pack(">I", len(body))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + body


def text(value):
    return bytes([len(value)]) + value


def fields(*pairs):
    """HPACK literals without indexing (RFC 7541 section 6.2.2)."""
    return b"".join(b"\x00" + text(name) + text(value) for name, value in pairs)


def head(path, *more, method=b"POST"):
    return fields(
        (b":method", method), (b":scheme", b"https"), (b":path", path), (b":authority", b"e"),
        (b"content-type", b"application/grpc"), (b"te", b"trailers"), *more
    )


def message(body, flag=0):
    payload = b"\x12" + bytes([len(body)]) + body  # grpc.testing.Payload.body
    return bytes([flag]) + struct.pack(">I", len(payload)) + payload


def call(path, *bodies, stream=1, more=()):
    data = b"".join(message(body) for body in bodies)
    return frame(1, END_HEADERS, stream, head(path, *more)) + frame(0, END_STREAM, stream, data)


CONNECTION = {
    "unary": call(b"/e/U", b"hello"),
    "unary_metadata": call(b"/e/U", b"hello", more=((b"x", b"1"), (b"x-bin", b"AAEC"), (b"grpc-timeout", b"1S"))),
    "unary_error": call(b"/e/U", b"!no", more=((b"accept-language", b"en"),)),
    "server_streaming": call(b"/e/S", b"ten bytes."),
    "client_streaming": call(b"/e/C", b"one", b"two", b"three"),
    "bidirectional": call(b"/e/B", b"one", b"two"),
    "bidirectional_open": frame(1, END_HEADERS, 1, head(b"/e/B")) + frame(0, 0, 1, message(b"one")),
    "two_calls": call(b"/e/U", b"a") + call(b"/e/B", b"b", stream=3),
    "unknown_method": call(b"/e/X", b"a"),
    "health": frame(1, END_HEADERS | END_STREAM, 1, fields(
        (b":method", b"GET"), (b":scheme", b"https"), (b":path", b"/healthz"), (b":authority", b"e"))),
    "gzip": frame(1, END_HEADERS, 1, head(b"/e/U", (b"grpc-encoding", b"gzip"), (b"grpc-accept-encoding", b"gzip")))
    + frame(0, END_STREAM, 1, b"\x01\x00\x00\x00\x14" + bytes.fromhex("1f8b08000000000000ff0300000000000000") + b"ab"),
    "too_long": frame(1, END_HEADERS, 1, head(b"/e/U")) + frame(0, 0, 1, b"\x00\x00\x01\x00\x00"),
    "reset": frame(1, END_HEADERS, 1, head(b"/e/C")) + frame(3, 0, 1, struct.pack(">I", 8)),
    "ping_settings_window": frame(6, 0, 0, bytes(8)) + frame(4, 0, 0, struct.pack(">HI", 4, 1))
    + frame(8, 0, 0, struct.pack(">I", 100)) + call(b"/e/S", b"window"),
    "continuation": frame(1, 0, 1, head(b"/e/U")) + frame(9, END_HEADERS, 1, fields((b"x", b"y"))),
    "goaway": frame(7, 0, 0, bytes(8)) + call(b"/e/U", b"a"),
    "trailers": frame(1, END_HEADERS, 1, head(b"/e/C")) + frame(1, END_HEADERS | END_STREAM, 1, fields((b"x", b"y"))),
}
DECODER = {
    "empty": b"",
    "text": b"\x0a\x05hello",
    "number": b"\x08\x96\x01",
    "nested": b"\x0a\x07\x0a\x05hello\x12\x02\x08\x01",
    "chinese": b"\x12\x06" + "邻里".encode(),
    "not_utf8": b"\x0a\x02\xff\xfe",
    "nul": b"\x0a\x03a\x00b",
    "packed": b"\x0a\x04\x01\x02\x03\x04",
    "fixed": b"\x09" + bytes(8) + b"\x15" + bytes(4),
    "map": b"\x0a\x06\x0a\x01k\x12\x01v",
}


def write(name, inputs):
    folder = CORPUS / name
    folder.mkdir(parents=True, exist_ok=True)
    for label, body in inputs.items():
        (folder / label).write_bytes(body)


write("connection", {label: b"\x01" + body for label, body in CONNECTION.items()})
write("connection", {"in_pieces": b"\x0f" + call(b"/e/B", b"one", b"two"), "no_preface": b"\x00" + bytes(24)})
write("decoder", {
    f"{label}_{number}": struct.pack("<H", number) + body for label, body in DECODER.items() for number in (3, 40)
})
