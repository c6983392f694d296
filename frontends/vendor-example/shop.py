#!/usr/bin/python3
"""A shop of the 15-minute life circle: watches its orders and accepts them.

It needs a client certificate for its vendor id (`linlictl pki issue vendor ID …`) and the root certificate of the server.
After a lost connection it goes on where it was, by the resume token that it keeps in a file.
"""

import argparse
import pathlib
import random
import sys
import time

import grpc
from linli_rpc import Linli, request_id

SERVICE = "linli.lifecircle.v1.OrderService"
# Waits this long before it connects again, then twice as long, up to the maximum; each with a random part.
FIRST_WAIT_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 30
RETRIED = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.RESOURCE_EXHAUSTED)


def say(text):
    print(text, flush=True)


def main():
    parser = argparse.ArgumentParser(description="商家接单示例 An example shop that accepts its orders")
    parser.add_argument("--server", default="127.0.0.1:7443")
    parser.add_argument("--root", required=True, help="根证书 root certificate, PEM")
    parser.add_argument("--certificate", required=True, help="商家证书 the vendor's certificate, PEM")
    parser.add_argument("--key", required=True, help="私钥 its key, PEM")
    parser.add_argument("--price-fen", type=int, default=0, help="报价（分），0 按标价 price; 0 for the list price")
    parser.add_argument("--in-hours", type=int, default=2, help="几小时后上门 comes in so many hours")
    parser.add_argument("--complete", action="store_true", help="接单后马上完成 complete at once, for trying it out")
    parser.add_argument("--count", type=int, default=0, help="接几单后结束，0 表示不停 stop after so many orders")
    parser.add_argument("--state", type=pathlib.Path, help="记住看到哪里的文件 file that keeps the resume token")
    options = parser.parse_args()

    linli = Linli(options.server, options.root, options.certificate, options.key)
    token = options.state.read_text() if options.state and options.state.exists() else ""
    placed = linli.pool.FindEnumTypeByName("linli.lifecircle.v1.OrderState").values_by_name["ORDER_STATE_PLACED"].number
    accepted, wait = 0, FIRST_WAIT_SECONDS
    while True:
        try:
            for update in linli.call(SERVICE, "WatchOrders", resume_token=token):
                wait = FIRST_WAIT_SECONDS
                if update.HasField("order") and update.order.state == placed:
                    accept(linli, update.order, options)
                    accepted += 1
                token = update.resume_token or token
                if options.state:
                    options.state.write_text(token)
                if options.count and accepted >= options.count:
                    return 0
        except grpc.RpcError as error:
            if error.code() not in RETRIED:
                say(f"✗ {error.code().name}: {error.details()}")
                return 1
            pause = wait * random.uniform(0.5, 1.5)
            say(f"连接断了，{pause:.1f} 秒后再连。Lost the connection; trying again.")
            time.sleep(pause)
            wait = min(wait * 2, LONGEST_WAIT_SECONDS)


def accept(linli, order, options):
    """Accepts one order; one that somebody else has settled meanwhile is passed over."""
    request = linli.message(
        "linli.lifecircle.v1.AcceptOrderRequest",
        name=order.name,
        price_fen=options.price_fen,
        request_id=request_id(),
    )
    request.appointment_time.FromSeconds(int(time.time()) + options.in_hours * 3600)
    try:
        answer = linli.call(SERVICE, "AcceptOrder", request)
        say(f"✓ 接单 accepted {answer.number}：{answer.note or answer.offer}，{answer.address}，{answer.contact_phone}")
        if options.complete:
            linli.call(SERVICE, "CompleteOrder", name=order.name, request_id=request_id())
            say(f"✓ 完成 completed {answer.number}")
    except grpc.RpcError as error:
        if error.code() != grpc.StatusCode.FAILED_PRECONDITION:
            raise
        say(f"– {order.number}：{error.details()}")


if __name__ == "__main__":
    sys.exit(main())
