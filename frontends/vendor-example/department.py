#!/usr/bin/python3
"""A department's own system: it answers query items on the spot, instead of delivering a file.

It is a server that Linli calls: `DepartmentConnector` in proto/linli/onestop/v1/connector.proto. It lets nobody in but
Linli, whose client certificate says `urn:linli:server`: whoever has another certificate of the same root is turned away.
"""

import argparse
import datetime
import pathlib
import sys
import threading
import time
from concurrent import futures

import grpc
from linli_rpc import message_class, pool_from_files

SERVICE = "linli.onestop.v1.DepartmentConnector"
LINLI = "urn:linli:server"
# Linli asks with at most so many calls at a time.
CALLS_AT_MOST = 8
SOURCE = "住建局业务系统（演示）"

# Made-up notices, by item: area, from, until, why. Days count from today.
NOTICES = {
    "JC-C-141": [
        ("凤台社区", 0, "22:00", 1, "06:00", "主管道检修"),
        ("东街街道 观巷", 2, "08:30", 2, "17:30", "换水表"),
        ("泽州路", 3, "23:00", 4, "05:00", "阀门更换"),
    ],
    "JC-C-142": [("凤台社区", 1, "09:00", 1, "12:00", "燃气设施改造"), ("康乐社区", 5, "13:00", 5, "18:00", "入户安检")],
}
FUND = "JC-C-137"


def column(identifier, zh, en):
    return {"id": identifier, "label": {"zh": zh, "en": en}}


class Department:
    """What it answers; messages are made by name, no generated code is needed."""

    def __init__(self, pool, options):
        self.pool = pool
        self.options = options
        self.lock = threading.Lock()

    def message(self, name, **fields):
        return message_class(self.pool, self.pool.FindMessageTypeByName(f"linli.onestop.v1.{name}"))(**fields)

    def describe_queries(self, _, context):
        self.check_caller(context)
        area = {"id": "area", "label": "小区、社区或道路", "optional": True}
        queries = [{"item_code": code, "parameters": [area]} for code in NOTICES]
        queries.append({"item_code": FUND, "personal": True})
        return self.message("DescribeQueriesResponse", queries=queries)

    def answer_query(self, request, context):
        self.check_caller(context)
        # The number is what the resident can show; whom it is about stays out of the log.
        self.say(f"{request.receipt_number} {request.item_code} {request.purpose}")
        if self.options.hang:
            time.sleep(self.options.hang)
        if request.item_code in NOTICES:
            return self.notices(request, context)
        if request.item_code == FUND:
            return self.fund(request, context)
        context.abort(grpc.StatusCode.NOT_FOUND, "本系统不回答这一项，请打12345。")

    def notices(self, request, context):
        area = next((value.value.strip() for value in request.parameters if value.id == "area"), "")
        if area.isdigit():
            # Such words are shown to whoever asked.
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "请填小区、社区或道路的名字，不要只填数字。")
        today = datetime.date.today()
        rows = [
            {"values": [place, f"{today + datetime.timedelta(first)} {start}", f"{today + datetime.timedelta(last)} {end}", why]}
            for place, first, start, last, end, why in NOTICES[request.item_code]
            if area in place
        ]
        columns = [
            column("area", "范围", "Area"),
            column("from", "开始", "From"),
            column("until", "结束", "Until"),
            column("reason", "原因", "Why"),
        ]
        return self.answer(columns, rows)

    def fund(self, request, context):
        if not request.subject_id_number:
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, "这一项只能由本人查询。")
        # Made up from the number, so that the same person always reads the same.
        seed = sum(ord(digit) * (index + 1) for index, digit in enumerate(request.subject_id_number))
        rows = [{"values": [f"凤台佳苑{seed % 12 + 1}号楼", f"¥{3_000 + seed * 7 % 9_000}.00", "正常"]}]
        columns = [column("home", "房屋", "Home"), column("balance", "余额", "Balance"), column("state", "状态", "State")]
        return self.answer(columns, rows)

    def answer(self, columns, rows):
        response = self.message("AnswerQueryResponse", columns=columns, rows=rows, source_text=SOURCE)
        response.as_of_time.FromSeconds(int(time.time()))
        return response

    def check_caller(self, context):
        names = context.auth_context().get("x509_subject_alternative_name", []) + (context.peer_identities() or [])
        if LINLI.encode() not in names:
            self.say("✗ 拒绝：不是邻里的证书 turned away: not Linli's certificate")
            context.abort(grpc.StatusCode.PERMISSION_DENIED, "only Linli may ask")

    def say(self, text):
        with self.lock:
            print(text, flush=True)

    def handler(self):
        """The two methods, with their messages found by name."""
        service = self.pool.FindServiceByName(SERVICE)
        return grpc.method_handlers_generic_handler(
            SERVICE,
            {
                name: grpc.unary_unary_rpc_method_handler(
                    behaviour,
                    request_deserializer=message_class(
                        self.pool, service.FindMethodByName(name).input_type
                    ).FromString,
                    response_serializer=lambda message: message.SerializeToString(),
                )
                for name, behaviour in [
                    ("DescribeQueries", self.describe_queries),
                    ("AnswerQuery", self.answer_query),
                ]
            },
        )


def main():
    parser = argparse.ArgumentParser(description="部门系统示例 An example system of a department, which answers queries")
    parser.add_argument("--port", type=int, default=8443)
    parser.add_argument("--root", required=True, help="邻里的根证书 root certificate of Linli, PEM")
    parser.add_argument("--certificate", required=True, help="本系统的证书 its own certificate, PEM")
    parser.add_argument("--key", required=True, help="私钥 its key, PEM")
    parser.add_argument("--hang", type=float, default=0, help="每次等几秒再答，试试看 answers after so many seconds")
    options = parser.parse_args()

    read = lambda path: pathlib.Path(path).read_bytes()
    credentials = grpc.ssl_server_credentials(
        [(read(options.key), read(options.certificate))], root_certificates=read(options.root), require_client_auth=True
    )
    department = Department(pool_from_files(names=["linli/onestop/v1/connector.proto"]), options)
    server = grpc.server(futures.ThreadPoolExecutor(CALLS_AT_MOST))
    server.add_generic_rpc_handlers([department.handler()])
    if server.add_secure_port(f"localhost:{options.port}", credentials) == 0:
        print(f"✗ 端口 {options.port} 已被占用 the port is taken", file=sys.stderr)
        return 1
    server.start()
    department.say(f"部门系统在 localhost:{options.port} 等待查询 the department's system is ready")
    server.wait_for_termination()


if __name__ == "__main__":
    sys.exit(main())
