#!/usr/bin/env python3
"""A reader of ID cards that is a file: what is written into it lies on the reader, removing it takes the card away.

    LINLI_KIOSK_CARD=/tmp/card frontends/kiosk/simulators/card_reader.py

The file holds `NUMBER NAME`. A card takes a moment to be read; one that goes before that is `unreadable`. The lines are
those of frontends/kiosk/Peripherals/CardLines.swift; the program ends when its standard input ends.
"""

import os
import select
import sys
import time

READING_SECONDS = 0.5
LOOK_SECONDS = 0.1


def card(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.readline().strip()
    except FileNotFoundError:
        return ""


def say(line):
    print(line, flush=True)


def main():
    path = os.environ.get("LINLI_KIOSK_CARD", "")
    if not path:
        say("broken")
        return 64
    say("ready")
    # A card that was left there by the session before was never put there by this person.
    stale = card(path)
    if stale:
        say("left")
    shown = ""
    while True:
        # The kiosk holds the other end of standard input: when it goes, so does its reader.
        if select.select([sys.stdin], [], [], LOOK_SECONDS)[0] and not os.read(0, 64):
            return 0
        now = card(path)
        if stale:
            if now == stale:
                continue
            stale = ""
            say("removed")
        if now == shown:
            continue
        if shown:
            say("removed")
            shown = ""
        if now:
            time.sleep(READING_SECONDS)
            if card(path) != now:
                say("unreadable")
                continue
            say("card " + now)
            shown = now


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (KeyboardInterrupt, BrokenPipeError):
        os._exit(0)
