"""The gRPC interoperability cases, run with the gRPC project's own client library against our server.

Case names and semantics are those of grpc/grpc doc/interop-test-descriptions.md. Prints one line a case and a sum.
"""
import argparse
import queue
import sys
import threading
import time

import grpc

LARGE_REQUEST_BYTES = 271828
LARGE_RESPONSE_BYTES = 314159
REQUEST_SIZES = (27182, 8, 1828, 45904)
RESPONSE_SIZES = (31415, 9, 2653, 58979)
INITIAL_KEY = "x-grpc-test-echo-initial"
TRAILING_KEY = "x-grpc-test-echo-trailing-bin"
INITIAL_VALUE = "test_initial_metadata_value"
TRAILING_VALUE = b"\x0a\x0b\x0a\x0b\x0a\x0b"
# No case may take longer; a hang is a failure that says so.
CASE_SECONDS = 20


class Failed(Exception):
    """What was seen is not what the case promises."""


def expect(seen, wanted, what):
    if seen != wanted:
        raise Failed(f"{what}: wanted {wanted!r}, got {seen!r}")


def expect_code(call, code):
    """Waits for a call that must fail with `code`, and gives its error."""
    try:
        call()
    except grpc.RpcError as error:
        expect(error.code(), code, "status code")
        return error
    raise Failed(f"status code: wanted {code}, but the call went well")


class Requests:
    """A request stream that is fed by hand."""

    def __init__(self):
        self._queue = queue.Queue()

    def send(self, message):
        self._queue.put(message)

    def close(self):
        self._queue.put(None)

    def __iter__(self):
        return iter(self._queue.get, None)


class Cases:
    def __init__(self, channel, messages, empty):
        self.messages, self.empty = messages, empty

        def method(shape, name, request, response, service="TestService"):
            return getattr(channel, shape)(
                f"/grpc.testing.{service}/{name}",
                request_serializer=request.SerializeToString,
                response_deserializer=response.FromString,
            )

        m = messages
        output = (m.StreamingOutputCallRequest, m.StreamingOutputCallResponse)
        self.empty_call = method("unary_unary", "EmptyCall", empty.Empty, empty.Empty)
        self.unary_call = method("unary_unary", "UnaryCall", m.SimpleRequest, m.SimpleResponse)
        self.output_call = method("unary_stream", "StreamingOutputCall", *output)
        self.input_call = method(
            "stream_unary", "StreamingInputCall", m.StreamingInputCallRequest, m.StreamingInputCallResponse
        )
        self.duplex_call = method("stream_stream", "FullDuplexCall", *output)
        self.half_duplex_call = method("stream_stream", "HalfDuplexCall", *output)
        self.missing_method = method("unary_unary", "UnimplementedCall", empty.Empty, empty.Empty)
        self.missing_service = method(
            "unary_unary", "UnimplementedCall", empty.Empty, empty.Empty, "UnimplementedService"
        )

    # Messages

    def payload(self, size):
        return self.messages.Payload(body=bytes(size))

    def simple(self, **fields):
        return self.messages.SimpleRequest(
            response_size=LARGE_RESPONSE_BYTES, payload=self.payload(LARGE_REQUEST_BYTES), **fields
        )

    def output(self, response_size, request_size, interval_us=0):
        parameters = self.messages.ResponseParameters(size=response_size, interval_us=interval_us)
        return self.messages.StreamingOutputCallRequest(
            response_parameters=[parameters], payload=self.payload(request_size)
        )

    def check_payload(self, response, size):
        expect(response.payload.type, self.messages.COMPRESSABLE, "payload type")
        expect(response.payload.body, bytes(size), "payload of zeros")

    # Cases

    def empty_unary(self):
        response, call = self.empty_call.with_call(self.empty.Empty())
        expect(response, self.empty.Empty(), "answer")
        expect(call.code(), grpc.StatusCode.OK, "status code")

    def large_unary(self):
        self.check_payload(self.unary_call(self.simple()), LARGE_RESPONSE_BYTES)

    def client_streaming(self):
        request = self.messages.StreamingInputCallRequest
        response = self.input_call(iter([request(payload=self.payload(size)) for size in REQUEST_SIZES]))
        expect(response.aggregated_payload_size, sum(REQUEST_SIZES), "sum of the payloads")

    def server_streaming(self):
        request = self.messages.StreamingOutputCallRequest(
            response_parameters=[self.messages.ResponseParameters(size=size) for size in RESPONSE_SIZES]
        )
        responses = list(self.output_call(request))
        expect(len(responses), len(RESPONSE_SIZES), "number of answers")
        for response, size in zip(responses, RESPONSE_SIZES):
            self.check_payload(response, size)

    def ping_pong(self):
        requests = Requests()
        responses = self.duplex_call(iter(requests))
        for request_size, response_size in zip(REQUEST_SIZES, RESPONSE_SIZES):
            requests.send(self.output(response_size, request_size))
            self.check_payload(next(responses), response_size)
        requests.close()
        expect(list(responses), [], "answers after the last")
        expect(responses.code(), grpc.StatusCode.OK, "status code")

    def empty_stream(self):
        expect(list(self.duplex_call(iter([]))), [], "answers")

    def half_duplex(self):
        pairs = zip(RESPONSE_SIZES, REQUEST_SIZES)
        responses = list(self.half_duplex_call(iter([self.output(*pair) for pair in pairs])))
        expect([len(response.payload.body) for response in responses], list(RESPONSE_SIZES), "sizes of answers")

    def cancel_after_begin(self):
        requests = Requests()
        future = self.input_call.future(iter(requests))
        future.cancel()
        expect(future.cancelled(), True, "cancelled")
        expect(future.code(), grpc.StatusCode.CANCELLED, "status code")
        requests.close()

    def cancel_after_first_response(self):
        requests = Requests()
        responses = self.duplex_call(iter(requests))
        requests.send(self.output(RESPONSE_SIZES[0], REQUEST_SIZES[0]))
        self.check_payload(next(responses), RESPONSE_SIZES[0])
        responses.cancel()
        expect_code(lambda: next(responses), grpc.StatusCode.CANCELLED)
        requests.close()

    def timeout_on_sleeping_server(self):
        requests = Requests()
        responses = self.duplex_call(iter(requests), timeout=0.001)
        try:
            requests.send(self.output(RESPONSE_SIZES[0], REQUEST_SIZES[0], interval_us=2_000_000))
            expect_code(lambda: next(responses), grpc.StatusCode.DEADLINE_EXCEEDED)
        finally:
            requests.close()

    def custom_metadata(self):
        sent = ((INITIAL_KEY, INITIAL_VALUE), (TRAILING_KEY, TRAILING_VALUE))

        def check(call):
            expect(dict(call.initial_metadata()).get(INITIAL_KEY), INITIAL_VALUE, "echoed header")
            expect(dict(call.trailing_metadata()).get(TRAILING_KEY), TRAILING_VALUE, "echoed trailer")

        response, call = self.unary_call.with_call(self.simple(), metadata=sent)
        self.check_payload(response, LARGE_RESPONSE_BYTES)
        check(call)

        requests = Requests()
        responses = self.duplex_call(iter(requests), metadata=sent)
        requests.send(self.output(LARGE_RESPONSE_BYTES, LARGE_REQUEST_BYTES))
        self.check_payload(next(responses), LARGE_RESPONSE_BYTES)
        requests.close()
        expect(list(responses), [], "answers after the last")
        check(responses)

    def check_status(self, message):
        status = self.messages.EchoStatus(code=grpc.StatusCode.UNKNOWN.value[0], message=message)
        request = self.messages.SimpleRequest(response_status=status)
        error = expect_code(lambda: self.unary_call(request), grpc.StatusCode.UNKNOWN)
        expect(error.details(), message, "status message")
        request = self.messages.StreamingOutputCallRequest(response_status=status)
        error = expect_code(lambda: list(self.duplex_call(iter([request]))), grpc.StatusCode.UNKNOWN)
        expect(error.details(), message, "status message of a stream")

    def status_code_and_message(self):
        self.check_status("test status message")

    def special_status_message(self):
        self.check_status("\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n")

    def unimplemented_method(self):
        expect_code(lambda: self.missing_method(self.empty.Empty()), grpc.StatusCode.UNIMPLEMENTED)

    def unimplemented_service(self):
        expect_code(lambda: self.missing_service(self.empty.Empty()), grpc.StatusCode.UNIMPLEMENTED)


NAMES = (
    "empty_unary",
    "large_unary",
    "client_streaming",
    "server_streaming",
    "ping_pong",
    "empty_stream",
    "half_duplex",
    "cancel_after_begin",
    "cancel_after_first_response",
    "timeout_on_sleeping_server",
    "custom_metadata",
    "status_code_and_message",
    "special_status_message",
    "unimplemented_method",
    "unimplemented_service",
    # The server lives on after all that.
    "large_unary",
)


def run(case):
    """Runs one case in a thread of its own; gives what went wrong, or None."""
    outcome = ["it took longer than %d s" % CASE_SECONDS]

    def body():
        try:
            case()
            outcome[0] = None
        except Exception as error:  # Whatever it is, it is the case's result.
            outcome[0] = f"{type(error).__name__}: {error}"

    thread = threading.Thread(target=body, daemon=True)
    thread.start()
    thread.join(CASE_SECONDS)
    return outcome[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--server", required=True, help="HOST:PORT")
    parser.add_argument("--root", required=True, help="PEM file of the root to trust")
    parser.add_argument("--messages", required=True, help="folder with protoc's Python code")
    arguments = parser.parse_args()
    # The generated modules live in the package `grpc.testing`, beside the library's own `grpc`.
    grpc.__path__.append(f"{arguments.messages}/grpc")
    from grpc.testing import empty_pb2, messages_pb2

    with open(arguments.root, "rb") as file:
        credentials = grpc.ssl_channel_credentials(file.read())
    failed = 0
    with grpc.secure_channel(arguments.server, credentials) as channel:
        grpc.channel_ready_future(channel).result(timeout=CASE_SECONDS)
        cases = Cases(channel, messages_pb2, empty_pb2)
        for name in NAMES:
            begun = time.monotonic()
            trouble = run(getattr(cases, name))
            failed += trouble is not None
            mark = "ok  " if trouble is None else "FAIL"
            print(f"{mark} {name} {(time.monotonic() - begun) * 1000:.0f} ms{'' if trouble is None else ': ' + trouble}")
    print(f"{len(NAMES) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
