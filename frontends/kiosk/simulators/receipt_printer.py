#!/usr/bin/env python3
"""A receipt printer that is a terminal: takes ESC/POS, answers DLE EOT, and shows what would be on the paper.

    frontends/kiosk/simulators/receipt_printer.py /tmp/printer [STATEFILE]

/tmp/printer becomes a link to the device that the kiosk writes to. STATEFILE holds one word: ok, low, empty or offline.
"""

import os
import sys
import tty

# ESC/POS that is left out of the text, and how many bytes follow it.
COMMANDS = {b"\x1b@": 0, b"\x1c&": 0, b"\x1d!": 1, b"\x1ba": 1, b"\x1dV": 2}
STATUS = {
    "ok": {1: 0x12, 4: 0x12},
    "low": {1: 0x12, 4: 0x1E},
    "empty": {1: 0x12, 4: 0x72},
    "offline": {1: 0x1A, 4: 0x12},
}


def state(path):
    try:
        with open(path, encoding="utf-8") as file:
            return STATUS.get(file.read().strip(), STATUS["ok"])
    except (FileNotFoundError, TypeError):
        return STATUS["ok"]


def show(text):
    sys.stdout.write(text.decode("gb18030", errors="replace"))
    sys.stdout.flush()


def take(buffer, master, statefile):
    """Takes whole commands and text from the buffer; returns what is left."""
    text = b""
    while buffer:
        if buffer[:2] == b"\x10\x04":
            if len(buffer) < 3:
                break
            os.write(master, bytes([state(statefile).get(buffer[2], 0x12)]))
            buffer = buffer[3:]
        elif buffer[:3] == b"\x1d(k":
            if len(buffer) < 5 or len(buffer) < 5 + buffer[3] + 256 * buffer[4]:
                break
            size = buffer[3] + 256 * buffer[4]
            if buffer[5:8] == b"1P0":
                text += b"[QR " + buffer[8 : 5 + size] + b"]"
            buffer = buffer[5 + size :]
        elif buffer[:2] in COMMANDS:
            size = 2 + COMMANDS[buffer[:2]]
            if len(buffer) < size:
                break
            if buffer[:2] == b"\x1dV":
                text += b"\n---- 8< ----\n"
            buffer = buffer[size:]
        elif buffer[:1] in b"\x10\x1b\x1c\x1d" and len(buffer) < 3:
            break
        else:
            text += buffer[:1]
            buffer = buffer[1:]
    show(text)
    return buffer


def main():
    if len(sys.argv) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 64
    master, device = os.openpty()
    tty.setraw(device)
    link = sys.argv[1]
    if os.path.islink(link):
        os.unlink(link)
    os.symlink(os.ttyname(device), link)
    buffer = b""
    try:
        while True:
            buffer = take(buffer + os.read(master, 4096), master, sys.argv[2] if len(sys.argv) == 3 else None)
    finally:
        os.unlink(link)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(0)
