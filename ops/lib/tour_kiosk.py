"""The kiosk's part of the tour: a resident applies with the ID card, the department grants, and the certificate that comes
of it is read from the kiosk's screen and checked without the server.
"""

import datetime
import os
import re
import subprocess
import time

import screen_code

WAIT_SECONDS = 60
PHONE = "10010000001"
ITEM = "低收入家庭证明"

# What is done at the kiosk: the steps are those of frontends/kiosk/Terminal/Script.swift.
APPLY = f"""
patience 30
wait 主菜单
card ready
tap 办事和查询
wait 要办什么事
type dishouru
wait 1 低收入
key 1
key enter
wait {ITEM}开具
tap 我要办
wait 请先登录
card CARD
wait 您叫什么名字
tap 用已有的
wait 身份证号是多少
tap 用已有的
wait 打哪个电话
tap 用已有的
wait 证明交给哪个单位
type xuexiao
wait 1 学校
key 1
key enter
wait 用来办什么
tap 学生资助
wait 民政部门认定过
key 1
wait 哪一天认定的
type DAY
key enter
wait 家里一共几口人
type 3
key enter
wait 请核对
tap 提交申请
wait 申请已收到
tap 打印回执
wait 打好了
screen
key F10
wait 已结束
"""
SHOW = f"""
patience 30
wait 主菜单
card ready
tap 证明
wait 我的证明
tap 我的证明
wait 请先登录
card CARD
wait {ITEM}
key 1
wait 出示二维码
tap 打印证明
wait 打好了
tap 出示二维码
wait 不联网也能查验
wait █▀▀▀▀▀█
screen
key F10
wait 已结束
"""


class KioskFailed(Exception):
    pass


class Kiosk:
    """The kiosk of the demonstration without a screen, which a script touches."""

    def __init__(self, data, programs, folder):
        self.data, self.programs, self.folder = data, programs, folder
        self.card = (data / "demo" / "cards" / PHONE).read_text().strip()

    def run(self, script, rows, columns):
        """What the script had printed of the screen."""
        path = self.folder / "kiosk-script.txt"
        # The card's number is in no argument of a program, and in no file that others read.
        path.touch(0o600)
        path.write_text(script.replace("CARD", self.card))
        try:
            done = subprocess.run(
                [self.programs / "linli-kiosk", "--settings", self.data / "demo" / "kiosk" / "kiosk.yaml",
                 "--script", path, "--rows", str(rows), "--columns", str(columns)],
                env={**os.environ, "LINLI_DATA_DIRECTORY": str(self.data)}, capture_output=True, text=True,
                stdin=subprocess.DEVNULL, timeout=WAIT_SECONDS,
            )
        finally:
            path.unlink()
        if done.returncode != 0:
            raise KioskFailed(f"linli-kiosk\n{done.stdout}{done.stderr}")
        return done.stdout


def walk(data, programs, folder, staff, show):
    kiosk, printed = Kiosk(data, programs, folder), data / "demo" / "kiosk" / "printed"
    papers = set(printed.glob("*.pdf"))
    # Another day each time: the same application twice is refused, and a tour that was cut off may begin again.
    day = datetime.date(2026, 1, 1) - datetime.timedelta(days=int(time.time()) // 30 % 4000)
    screen = kiosk.run(APPLY.replace("DAY", day.strftime("%Y%m%d")), 24, 80)
    number = re.search(r"BJ-\d{6}-\d{5,}-\d", screen)
    if not number:
        raise KioskFailed(f"屏幕上没有办件编号 no number on the screen:\n{screen}")
    number = number.group(0)
    receipt = (printed / "receipts.bin").read_bytes()
    if number.encode() not in receipt or "办事回执".encode("gb18030") not in receipt:
        raise KioskFailed("小票上没有办件编号 the number is not on the receipt")
    show("居民", f"在自助终端刷身份证，用拼音找到「{ITEM}开具」，填表，拿到回执 {number}")

    staff.run("civilaffairs", "application", "accept", number)
    staff.run("civilaffairs", "application", "decide", number, "--grant", "--reason", "与认定记录一致")
    staff.run("civilaffairs", "application", "deliver", number, "--how", "电子证明，在“我的证明”里")
    show("民政局", "受理，核对，准予，送达；证明同时签发")

    screen = kiosk.run(SHOW, 48, 100)
    credential = screen_code.read(screen)
    if not credential or not credential.startswith("LL1."):
        raise KioskFailed(f"屏幕上没有证明的二维码 no code of a certificate on the screen:\n{screen}")
    paper = set(printed.glob("*.pdf")) - papers
    if [path.read_bytes()[:5] for path in paper] != [b"%PDF-"]:
        raise KioskFailed("证明没有打印出来 the certificate was not printed")
    show("居民", "再到自助终端：证明在「我的证明」里，打印一份，屏幕上出示二维码")
    check(credential, programs, folder, staff, show)


def check(credential, programs, folder, staff, show):
    """As a school does that was shown the code: with the trust file alone."""
    trust = folder / "trust.txt"
    staff.run("civilaffairs", "certificate", "trust", str(trust), parse=False)

    def verify(text):
        return subprocess.run(
            [programs / "linlictl", "certificate", "verify", "-", "--trust", trust], input=text,
            # No address, no sign-in: there is nothing that it could ask.
            env={"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"},
            capture_output=True, text=True, timeout=WAIT_SECONDS, cwd=folder,
        )

    good = verify(credential)
    if good.returncode != 0 or ITEM not in good.stdout:
        raise KioskFailed(f"证明没有通过核验 the certificate was not good:\n{good.stdout}{good.stderr}")
    show("学校", "扫码，不联网核验：" + good.stdout.strip().splitlines()[0])
    # One letter of the signature another.
    at = credential.rindex(".") + 9
    forged = credential[:at] + ("A" if credential[at] != "A" else "B") + credential[at + 1 :]
    bad = verify(forged)
    if bad.returncode != 1:
        raise KioskFailed(f"改过的证明没有被认出 a changed certificate was not noticed:\n{bad.stdout}{bad.stderr}")
    show("学校", "改一个字再核验，被认出：" + (bad.stdout + bad.stderr).strip().splitlines()[0])
