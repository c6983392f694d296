"""make_decoder_corpus.py ROOT DESCRIPTORS LIST CORPUS: what FuzzDecoder needs to know of the schema.

Writes to LIST the Swift array of all generated messages, and into CORPUS one well-formed input for each, with every
field set. DESCRIPTORS is protoc's descriptor set of proto/.
"""
import pathlib
import re
import struct
import sys

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.descriptor import FieldDescriptor

DECLARATION = re.compile(r'^extension ([\w.]+): RPC\.CodedMessage \{\n\s*package static var protoName: String \{ "([\w.]+)" \}', re.M)
SAMPLES = {
    FieldDescriptor.CPPTYPE_STRING: "邻里 text",
    FieldDescriptor.CPPTYPE_BOOL: True,
    FieldDescriptor.CPPTYPE_FLOAT: 1.5,
    FieldDescriptor.CPPTYPE_DOUBLE: 1.5,
}
# Messages in messages, no deeper: the schema has no recursion but upstream's may.
MAXIMUM_DEPTH = 4


def fill(message, depth=0):
    """Sets every field; of a oneof, the last one stays."""
    for field in message.DESCRIPTOR.fields:
        repeated = field.label == FieldDescriptor.LABEL_REPEATED
        if field.message_type is not None:
            if depth == MAXIMUM_DEPTH:
                continue
            if repeated and field.message_type.GetOptions().map_entry:
                continue
            target = getattr(message, field.name)
            fill(target.add() if repeated else target, depth + 1)
            if not repeated:
                target.SetInParent()
            continue
        value = b"bytes" if field.type == FieldDescriptor.TYPE_BYTES else SAMPLES.get(field.cpp_type, 1)
        if repeated:
            getattr(message, field.name).extend([value, value])
        else:
            setattr(message, field.name, value)


def main(root, descriptors, listing, corpus):
    found = {}
    for folder in ("Sources/Contract/Generated", "Sources/RPC/Generated"):
        for path in (pathlib.Path(root) / folder).glob("*.swift"):
            found.update({swift: proto for swift, proto in DECLARATION.findall(path.read_text())})
    names = sorted(found)
    if not names:
        sys.exit("no generated message was found")
    lines = [
        "// Written by ops/lib/fuzz from the generated code.", "import Contract", "import RPC", "",
        "/// Every message that the contract and the runtime know.", "let allMessages: [any Message.Type] = [",
        *(f"    {name}.self," for name in names), "]", "",
    ]
    target = pathlib.Path(listing)
    text = "\n".join(lines)
    if not target.exists() or target.read_text() != text:
        target.write_text(text)

    pool = descriptor_pool.DescriptorPool()
    for file in descriptor_pb2.FileDescriptorSet.FromString(pathlib.Path(descriptors).read_bytes()).file:
        pool.Add(file)
    factory = message_factory.MessageFactory(pool)
    folder = pathlib.Path(corpus)
    folder.mkdir(parents=True, exist_ok=True)
    for number, name in enumerate(names):
        message = factory.GetPrototype(pool.FindMessageTypeByName(found[name]))()
        fill(message)
        (folder / f"seed-{name}").write_bytes(struct.pack("<H", number) + message.SerializeToString())
    print(f"{len(names)} messages", file=sys.stderr)


main(*sys.argv[1:])
