"""The least that a Python program needs to speak with Linli: grpcio, protobuf and protoc.

`Linli` compiles the .proto files with protoc (or takes descriptors from elsewhere, such as server reflection) and calls
methods by their names. Nothing here is special to Linli: any gRPC client in any language can do the same.
"""

import pathlib
import subprocess
import tempfile
import uuid

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

PROTO_FOLDER = pathlib.Path(__file__).resolve().parents[2] / "proto"
# A call that hangs tells nobody anything: unary calls end after this many seconds.
UNARY_TIMEOUT_SECONDS = 10


def pool_from_files(folder=PROTO_FOLDER, names=None):
    """A descriptor pool made by protoc from the files below `folder`, or from some of them."""
    wanted = names or sorted(str(path.relative_to(folder)) for path in folder.glob("linli/**/*.proto"))
    with tempfile.NamedTemporaryFile() as output:
        subprocess.run(
            ["protoc", f"-I{folder}", "--include_imports", f"--descriptor_set_out={output.name}", *wanted], check=True
        )
        files = descriptor_pb2.FileDescriptorSet.FromString(pathlib.Path(output.name).read_bytes())
    pool = descriptor_pool.DescriptorPool()
    for file in files.file:
        pool.Add(file)
    return pool


def message_class(pool, descriptor):
    """The Python class of a message, by its descriptor."""
    if hasattr(message_factory, "GetMessageClass"):
        return message_factory.GetMessageClass(descriptor)
    return message_factory.MessageFactory(pool).GetPrototype(descriptor)


class Linli:
    """A connection: messages by full name, methods by service and name."""

    def __init__(self, address, root, certificate=None, key=None, pool=None, language="zh-CN"):
        read = lambda path: pathlib.Path(path).read_bytes() if path else None
        credentials = grpc.ssl_channel_credentials(read(root), read(key), read(certificate))
        # Keepalive finds a dead line within half a minute, also while a stream is silent.
        options = [("grpc.keepalive_time_ms", 20_000), ("grpc.keepalive_timeout_ms", 10_000)]
        self.channel = grpc.secure_channel(address, credentials, options)
        self.pool = pool or pool_from_files()
        self.metadata = [("accept-language", language)]

    def sign(self, token):
        """Sends this bearer token with every later call."""
        self.metadata = [pair for pair in self.metadata if pair[0] != "authorization"]
        if token:
            self.metadata.append(("authorization", f"Bearer {token}"))

    def message(self, full_name, **fields):
        """A new message, such as `message("linli.platform.v1.GetMeRequest")`."""
        return self._class(self.pool.FindMessageTypeByName(full_name))(**fields)

    def _class(self, descriptor):
        return message_class(self.pool, descriptor)

    def call(self, service, method, request=None, timeout=None, **fields):
        """Calls a method. A unary answer is a message; a streaming one is an iterator with `cancel()`."""
        descriptor = self.pool.FindServiceByName(service).FindMethodByName(method)
        proto = descriptor_pb2.MethodDescriptorProto()
        descriptor.CopyToProto(proto)
        kind = ("stream" if proto.client_streaming else "unary") + ("_stream" if proto.server_streaming else "_unary")
        stub = getattr(self.channel, kind)(
            f"/{service}/{method}",
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=self._class(descriptor.output_type).FromString,
        )
        if request is None:
            request = self._class(descriptor.input_type)(**fields)
        if timeout is None and not proto.server_streaming:
            timeout = UNARY_TIMEOUT_SECONDS
        return stub(request, metadata=self.metadata, timeout=timeout)


def request_id():
    """A new id for a mutating call. Keep it for retries of the same call: a repeat gets the first answer."""
    return str(uuid.uuid4())
