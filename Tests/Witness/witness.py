#!/usr/bin/python3
"""The outside witness: it knows the address, the root certificate and the folder in which test codes arrive, and learns
everything else from the server itself, by reflection. It signs in, files a case with a photo, follows it by a server
stream, and is refused where it has no right.
"""

import argparse
import json
import pathlib
import re
import sys
import threading
import time

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "frontends" / "vendor-example"))
from linli_rpc import Linli, pool_from_files, request_id  # noqa: E402

IDENTITY = "linli.platform.v1.IdentityService"
FILES = "linli.platform.v1.FileService"
REPORTS = "linli.residentservices.v1.ReportService"
CASES = "linli.grassrootswork.v1.CaseService"
REFLECTION = "grpc.reflection.v1alpha.ServerReflection"
HEALTH = "grpc.health.v1.Health"
PASSWORD = "a password of the witness"
# A small picture with an Exif block that names a place.
JPEG = pathlib.Path(__file__).with_name("photo-with-exif.jpg")

checks = 0


def check(what, condition, detail=""):
    """One promise, held or not."""
    global checks
    if not condition:
        print(f"✗ {what} {detail}")
        sys.exit(1)
    checks += 1
    print(f"✓ {what}")


def refused(what, code, call, reason=None):
    """The call must fail with this code, and with ErrorInfo and a Chinese sentence for people."""
    try:
        answer = call()
        if not hasattr(answer, "DESCRIPTOR"):
            next(iter(answer))
    except grpc.RpcError as error:
        trailers = dict(error.trailing_metadata() or ())
        check(what, error.code() == code, f"got {error.code()}: {error.details()}")
        details = trailers.get("grpc-status-details-bin", b"")
        check(f"{what}: says why in a machine's words", b"google.rpc.ErrorInfo" in details and b"linli" in details)
        check(f"{what}: says why in people's words", b"google.rpc.LocalizedMessage" in details)
        return
    check(what, False, "it was allowed")


def by_reflection(address, root):
    """A pool of all that the server says it serves."""
    bootstrap = Linli(address, root, pool=pool_from_files(names=["grpc/reflection/v1alpha/reflection.proto"]))
    pool, known = descriptor_pool.DescriptorPool(), set()
    request = "grpc.reflection.v1alpha.ServerReflectionRequest"

    def ask(**fields):
        return next(bootstrap.call(REFLECTION, "ServerReflectionInfo", iter([bootstrap.message(request, **fields)])))

    services = [service.name for service in ask(list_services="").list_services_response.service]

    for service in services:
        add_all(ask(file_containing_symbol=service).file_descriptor_response, ask, pool, known)
    return services, pool


def add_all(response, ask, pool, known):
    """Adds files with what they need before them, asking for what did not come along."""
    files = {}
    for data in response.file_descriptor_proto:
        file = descriptor_pb2.FileDescriptorProto.FromString(data)
        files[file.name] = file

    def add(name):
        if name in known:
            return
        known.add(name)
        if name not in files:
            answer = ask(file_by_filename=name).file_descriptor_response
            for data in answer.file_descriptor_proto:
                file = descriptor_pb2.FileDescriptorProto.FromString(data)
                files.setdefault(file.name, file)
        for dependency in files[name].dependency:
            add(dependency)
        pool.Add(files[name])

    for name in list(files):
        add(name)


def code_for(folder, phone, since):
    """The newest code that went to a phone, from the file in which messages arrive while there is no gateway."""
    sink = folder / "outbox-sms.jsonl"
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        lines = sink.read_text().splitlines()[since:] if sink.exists() else []
        for line in reversed(lines):
            message = json.loads(line)
            code = re.search(r"\d{6}", message["text"])
            if message["phone"] == phone and code:
                return code.group(0)
        time.sleep(0.05)
    raise SystemExit(f"no code came for {phone}")


def lines_of(folder):
    sink = folder / "outbox-sms.jsonl"
    return len(sink.read_text().splitlines()) if sink.exists() else 0


def register(linli, folder, phone, name, home=""):
    before = lines_of(folder)
    linli.call(IDENTITY, "SendCode", phone=phone, purpose=1)
    session = linli.call(
        IDENTITY, "RegisterResident", phone=phone, code=code_for(folder, phone, before), full_name=name,
        password=PASSWORD, request_id=request_id(), home=home,
    )
    linli.sign(session.token)
    return session


def upload(linli, content):
    message = linli.message
    part = "linli.platform.v1.UploadFileRequest"

    def parts():
        header = message(
            "linli.platform.v1.FileHeader", display_name="路灯.jpg", content_type="image/jpeg", request_id=request_id()
        )
        yield message(part, header=header)
        for start in range(0, len(content), 1024):
            yield message(part, chunk=content[start : start + 1024])

    return linli.call(FILES, "UploadFile", parts())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--server", required=True)
    parser.add_argument("--data-directory", required=True, type=pathlib.Path)
    parser.add_argument("--root", required=True)
    parser.add_argument("--grid", required=True, help="code of a grid to report in")
    options = parser.parse_args()

    services, pool = by_reflection(options.server, options.root)
    for wanted in (IDENTITY, FILES, REPORTS, CASES, HEALTH):
        check(f"reflection names {wanted}", wanted in services)
    linli = Linli(options.server, options.root, pool=pool)
    check("health says SERVING", linli.call(HEALTH, "Check").status == 1)

    refused(
        "a stranger cannot list reports", grpc.StatusCode.UNAUTHENTICATED, lambda: linli.call(REPORTS, "ListReports")
    )
    phone = "100%08d" % (int(time.time() * 1000) % 100_000_000)
    session = register(linli, options.data_directory, phone, "见证人")
    check("a new resident is signed in at level 1", session.me.level == 1 and session.token != "")
    refused(
        "a wrong code is refused", grpc.StatusCode.UNAUTHENTICATED,
        lambda: linli.call(IDENTITY, "SignInResident", phone=phone, code="000000", password=PASSWORD),
    )

    original = JPEG.read_bytes()
    check("the test photo carries metadata", b"Exif" in original)
    photo = upload(linli, original)
    stored = b"".join(chunk.data for chunk in linli.call(FILES, "DownloadFile", name=photo.name))
    check("the stored photo carries none", len(stored) == photo.size_bytes and b"Exif" not in stored)

    identifier = request_id()
    fields = dict(
        category="street_light", description="路灯不亮，晚上看不见路", grid=f"organizations/{options.grid}",
        place="东门口", photos=[photo.name], request_id=identifier,
    )
    report = linli.call(REPORTS, "CreateReport", **fields)
    check("a report has a number and a next owner", report.number != "" and report.next_owner.zh != "")
    again = linli.call(REPORTS, "CreateReport", **fields)
    check("the same request_id gets the same report", again.name == report.name)

    watch = linli.call(REPORTS, "WatchReport", name=report.name)
    first = next(watch)
    check("a watch begins with the present state", first.report.name == report.name and first.resume_token != "")
    watch.cancel()

    refused(
        "a resident cannot dispatch", grpc.StatusCode.PERMISSION_DENIED,
        lambda: linli.call(
            CASES, "DispatchCase", name=report.name.replace("reports/", "cases/"), assignee="organizations/140502",
            request_id=request_id(),
        ),
    )
    refused(
        "an empty description is refused", grpc.StatusCode.INVALID_ARGUMENT,
        lambda: linli.call(REPORTS, "CreateReport", **{**fields, "description": "", "request_id": request_id()}),
    )

    other = Linli(options.server, options.root, pool=pool)
    register(other, options.data_directory, "100%08d" % ((int(phone[3:]) + 1) % 100_000_000), "路人")
    refused(
        "another resident does not see it", grpc.StatusCode.NOT_FOUND,
        lambda: other.call(REPORTS, "GetReport", name=report.name),
    )
    follow_in_two_connections(linli, report)
    print(f"{checks} passed, 0 failed")
    return 0


def follow_in_two_connections(linli, report):
    """A watch on one thread sees the end of its own call when it is cancelled on another."""
    stream = linli.call(REPORTS, "WatchReport", name=report.name)
    next(stream)
    ended = threading.Event()

    def read():
        try:
            for _ in stream:
                pass
        except grpc.RpcError:
            ended.set()

    thread = threading.Thread(target=read)
    thread.start()
    stream.cancel()
    thread.join(10)
    check("a cancelled watch ends", ended.is_set())


if __name__ == "__main__":
    sys.exit(main())
