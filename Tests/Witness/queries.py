"""The outside witness of queries: public and personal ones, by mandate, and a department's own system that answers, declines,
hangs and is left alone.
"""

import argparse
import pathlib
import re
import socket
import subprocess
import sys
import time

import grpc
import witness
from one_stop import PEOPLE, totp, verify_identity
from witness import IDENTITY, Linli, check, refused, register, request_id

QUERIES = "linli.onestop.v1.QueryService"
MANDATES = "linli.onestop.v1.MandateService"
DEPARTMENT = pathlib.Path(__file__).resolve().parents[2] / "frontends" / "vendor-example" / "department.py"
HOMES, FUND, WATER, REPAIRS = "JC-C-025", "JC-C-123", "JC-C-141", "JC-C-137"
TIMEOUT_MILLISECONDS = 500
# So many failures in a row, and the department is left alone.
FAILURES = 5


def sign_in(options, pool, path):
    text = (options.data_directory / path).read_text()
    value = lambda name: re.search(rf"^{name}: +(\S+)", text, re.M).group(1)
    linli = Linli(options.server, options.root, pool=pool)
    session = linli.call(
        IDENTITY, "SignInStaff", account=value("account"), password=value("password"),
        totp=totp(re.search(r"secret=([A-Z2-7]+)", text).group(1)),
    )
    linli.sign(session.token)
    return linli


def run(linli, item, mandate="", **parameters):
    return linli.call(
        QUERIES, "RunQuery", item=f"items/{item}", mandate=mandate, request_id=request_id(),
        parameters=[
            linli.message("linli.onestop.v1.FormAnswer", question=name, value=value)
            for name, value in parameters.items()
        ],
    )


def look_up(resident, stranger):
    answer = run(resident, HOMES, county="140502000000")
    county = [column.id for column in answer.columns].index("county")
    check("a public query answers", answer.rows and {row.values[county] for row in answer.rows} == {"城区"})
    check("with its source, which says that it is made up", "演示数据" in answer.source_text)
    receipt = stranger.call(QUERIES, "GetQueryReceipt", number=answer.receipt.number)
    check("and a receipt that anybody can read", receipt == answer.receipt)
    refused(
        "a choice that does not exist is refused", grpc.StatusCode.INVALID_ARGUMENT,
        lambda: run(resident, HOMES, county="北京"),
    )
    refused("strangers sign in first", grpc.StatusCode.UNAUTHENTICATED, lambda: run(stranger, HOMES))
    refused("nothing is connected", grpc.StatusCode.FAILED_PRECONDITION, lambda: run(resident, WATER))
    refused("who was not verified gets nothing personal", grpc.StatusCode.PERMISSION_DENIED, lambda: run(resident, FUND))


class Department:
    """The example of a department's system, with a certificate of its own."""

    def __init__(self, options, folder):
        self.options, self.folder, self.process = options, folder, None
        with socket.socket() as probe:
            probe.bind(("localhost", 0))
            self.port = probe.getsockname()[1]
        subprocess.run(
            [
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                "-subj", "/CN=housing", "-addext", "subjectAltName=DNS:localhost",
                "-keyout", str(folder / "housing.key"), "-out", str(folder / "housing.pem"),
            ],
            check=True, capture_output=True,
        )

    def start(self, hang=0):
        self.stop()
        self.process = subprocess.Popen(
            [
                sys.executable, str(DEPARTMENT), "--port", str(self.port), "--root", self.options.root,
                "--certificate", str(self.folder / "housing.pem"), "--key", str(self.folder / "housing.key"),
                "--hang", str(hang),
            ],
            stdout=subprocess.PIPE, text=True,
        )
        check("the department's system starts", "ready" in self.process.stdout.readline())

    def stop(self):
        if self.process:
            self.process.kill()
            self.process.wait()


def ask_department(operator, resident, department):
    connect = lambda **fields: operator.call(
        QUERIES, "RegisterConnector", id="housing", display_name="住建局系统", address=f"localhost:{department.port}",
        item_codes=[WATER, REPAIRS], timeout_milliseconds=TIMEOUT_MILLISECONDS, request_id=request_id(), **fields
    )
    root = (department.folder / "housing.pem").read_text()
    refused("what does not answer is not connected", grpc.StatusCode.UNAVAILABLE, lambda: connect(root_pem=root))
    department.start()
    refused("a certificate of another root is not trusted", grpc.StatusCode.UNAVAILABLE, connect)
    connect(root_pem=root)
    answer = run(resident, WATER, area="凤台")
    check("the department answers on the spot", [row.values[0] for row in answer.rows] == ["凤台社区"])
    try:
        run(resident, WATER, area="123")
        check("the department declines", False)
    except grpc.RpcError as error:
        check("the department declines in its own words", "不要只填数字" in error.details(), error.details())
    mine = run(resident, REPAIRS)
    check("a personal query is about oneself", len(mine.rows) == 1 and "*" in mine.subject_text)
    return mine


def ask_for_somebody(resident, leader, mine):
    refused("staff get nothing personal", grpc.StatusCode.PERMISSION_DENIED, lambda: run(leader, REPAIRS))
    mandate = resident.call(
        MANDATES, "CreateMandate", item=f"items/{REPAIRS}", agent_account="leader", request_id=request_id()
    )
    check("by mandate they do", run(leader, REPAIRS, mandate=mandate.name).rows == mine.rows)
    looks = resident.call(PEOPLE, "ListMyDataAccesses").accesses
    check("the resident reads who looked", "网格长" in looks[0].viewer and "受托查询" in looks[0].purpose)
    resident.call(MANDATES, "RevokeMandate", name=mandate.name, request_id=request_id())
    refused(
        "a mandate that was taken back is of no use", grpc.StatusCode.FAILED_PRECONDITION,
        lambda: run(leader, REPAIRS, mandate=mandate.name),
    )


def hang(operator, resident, department):
    department.start(hang=30)
    slowest = 0
    for _ in range(FAILURES):
        began = time.monotonic()
        refused("a system that hangs is unavailable", grpc.StatusCode.UNAVAILABLE, lambda: run(resident, WATER))
        slowest = max(slowest, time.monotonic() - began)
    # Nobody waits for the thirty seconds that the department would take; a busy machine may take a few.
    check("nobody waits for it", slowest < 10, slowest)
    check("others are not held up", run(resident, HOMES).rows)
    listed = operator.call(QUERIES, "ListConnectors").connectors[0]
    check("after several failures it is left alone", listed.circuit == 2, listed)
    check("and whose side it is on is known", "too_slow (department)" in listed.last_problem, listed.last_problem)
    operator.call(QUERIES, "RemoveConnector", name=listed.name, request_id=request_id())
    refused("without it nothing is connected", grpc.StatusCode.FAILED_PRECONDITION, lambda: run(resident, WATER))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--server", required=True)
    parser.add_argument("--data-directory", required=True, type=pathlib.Path)
    parser.add_argument("--root", required=True)
    parser.add_argument("--grid", required=True, help="code of the community that the resident lives in")
    options = parser.parse_args()
    _, pool = witness.by_reflection(options.server, options.root)
    resident, stranger = (Linli(options.server, options.root, pool=pool) for _ in range(2))
    phone = "100%08d" % (int(time.time() * 1000) % 100_000_000)
    register(resident, options.data_directory, phone, "查询人", home=f"organizations/{options.grid}")
    look_up(resident, stranger)
    verify_identity(resident, options.data_directory, phone, "查询人")
    check("there is no record of somebody new, and it says so", "没有查到记录" in run(resident, FUND).notice.zh)
    operator = sign_in(options, pool, "operator-first-sign-in.txt")
    department = Department(options, options.data_directory)
    try:
        mine = ask_department(operator, resident, department)
        ask_for_somebody(resident, sign_in(options, pool, "demo/leader.credentials"), mine)
        hang(operator, resident, department)
    finally:
        department.stop()
    print(f"{witness.checks} passed, 0 failed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
