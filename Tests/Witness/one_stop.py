"""The outside witness of one-stop services: a resident applies and is refused a second try, a department asks once for what is
missing, decides and delivers, the resident rates and reads who looked; a community issues a certificate, and anybody checks it.
"""

import argparse
import base64
import hashlib
import hmac
import pathlib
import re
import struct
import sys
import time

import grpc
import witness
from witness import IDENTITY, Linli, check, code_for, lines_of, refused, register, request_id

APPLICATIONS = "linli.onestop.v1.ApplicationService"
CERTIFICATES = "linli.onestop.v1.CertificateService"
ITEMS = "linli.onestop.v1.ItemService"
RATINGS = "linli.onestop.v1.RatingService"
PEOPLE = "linli.platform.v1.ResidentService"
INBOX = "linli.platform.v1.InboxService"
ITEM_WORDS = "租房提公基金"  # with the slip that people make
FORGED = "AAA"


def synthetic_id_number(serial):
    """An ID number of the division 140599, which nobody has, with the check character of GB 11643."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    digits = f"14059919850101{serial:03d}"
    return digits + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(digits, weights)) % 11]


def verify_identity(linli, folder, phone, name):
    before = lines_of(folder)
    linli.call(IDENTITY, "SendCode", phone=phone, purpose=3)
    return linli.call(
        IDENTITY, "VerifyIdentity", id_number=synthetic_id_number(int(time.time()) % 1000), full_name=name,
        code=code_for(folder, phone, before), request_id=request_id(),
    )


def totp(secret):
    """RFC 6238 with SHA-1, six digits, thirty seconds."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    start = digest[-1] & 15
    return "%06d" % ((struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000)


def sign_in_staff(options, pool, account):
    text = (options.data_directory / "demo" / f"{account}.credentials").read_text()
    password = re.search(r"^password: +(\S+)", text, re.M).group(1)
    linli = Linli(options.server, options.root, pool=pool)
    session = linli.call(
        IDENTITY, "SignInStaff", account=account, password=password,
        totp=totp(re.search(r"secret=([A-Z2-7]+)", text).group(1)),
    )
    linli.sign(session.token)
    return linli


def answers(linli, home):
    """What the form of 租房提取公积金 asks: what is known is taken over, the rest is typed."""
    typed = {
        "months_paid": "１２", "owns_home": "no", "married": "no", "home": f"{home}\n3号楼2单元501", "rent": "120000",
        "above_standard": "no", "account": "6222021001116245702", "promise": "yes",
    }
    answer = lambda **fields: linli.message("linli.onestop.v1.FormAnswer", **fields)
    known = [answer(question=name, from_known=True) for name in ("applicant", "applicant_id", "contact_phone")]
    return known + [answer(question=name, value=value) for name, value in typed.items()]


def apply(linli, home):
    item = linli.call(ITEMS, "SearchItems", query=ITEM_WORDS).matches[0].item
    check("a slip of the pen finds the item", item.display_name == "租房提取公积金")
    form = linli.call(APPLICATIONS, "GetForm", item=item.name)
    known = {answer.question: answer.shown for answer in form.known_answers}
    check("what is known is offered, masked", "*" in known["applicant"] and "*" in known["applicant_id"])
    wrong = [answer for answer in answers(linli, home) if answer.question != "months_paid"]
    wrong.append(linli.message("linli.onestop.v1.FormAnswer", question="months_paid", value="1"))
    found = linli.call(APPLICATIONS, "CheckAnswers", item=item.name, revision=form.form.revision, answers=wrong)
    check("the rule that fails is named", [rule.id for rule in found.failed_rules] == ["three_months"])
    fields = dict(item=item.name, revision=form.form.revision, answers=answers(linli, home), request_id=request_id())
    made = linli.call(APPLICATIONS, "SubmitApplication", **fields)
    check("an application has a number and an owner", made.number.startswith("BJ") and made.next_owner.zh != "")
    again = linli.call(APPLICATIONS, "SubmitApplication", **fields)
    check("the same request_id gets the same application", again.name == made.name)
    refused(
        "the same answers again are a slip", grpc.StatusCode.FAILED_PRECONDITION,
        lambda: linli.call(APPLICATIONS, "SubmitApplication", **{**fields, "request_id": request_id()}),
    )
    return made


def handle(resident, officer, made):
    act = lambda who, method, **fields: who.call(
        APPLICATIONS, method, name=made.name, request_id=request_id(), **fields
    )
    tasks = [task.subject for task in officer.call(INBOX, "ListTasks", page_size=100).tasks]
    check("the application waits in the officer's inbox", made.name in tasks)
    refused(
        "a resident cannot decide", grpc.StatusCode.PERMISSION_DENIED,
        lambda: act(resident, "DecideApplication", granted=True),
    )
    asked = act(officer, "RequestSupplement", questions=["account"], points=["银行卡号看不清，请重填"])
    check("what is missing is said", list(asked.supplement.points) == ["银行卡号看不清，请重填"])
    answer = resident.message("linli.onestop.v1.FormAnswer", question="account", value="6222021001116245710")
    act(resident, "SupplementApplication", answers=[answer])
    refused(
        "and said once", grpc.StatusCode.FAILED_PRECONDITION, lambda: act(officer, "RequestSupplement", points=["再补一次"])
    )
    accepted = act(officer, "AcceptApplication")
    check("the clock runs from acceptance", accepted.HasField("deadline") and not accepted.deadline.paused)
    seen = next(view for view in accepted.answers if view.question == "account")
    check("the officer sees the account masked", seen.masked and "6245710" not in seen.shown)
    value = officer.call(APPLICATIONS, "RevealAnswer", name=made.name, question="account", purpose="核对收款账号").value
    check("and in the clear with a purpose", value == "6222021001116245710")
    looks = resident.call(PEOPLE, "ListMyDataAccesses").accesses
    check("the resident reads who looked and why", any("核对收款账号" in look.purpose for look in looks))
    granted = act(officer, "DecideApplication", granted=True, reason="符合规定")
    check("it is granted", granted.decision.granted)
    delivered = act(officer, "DeliverResult", delivery="转账到本人银行卡")
    check("it is delivered", delivered.state == 9)
    rating = resident.call(RATINGS, "RateService", subject=made.name, grade=1, request_id=request_id())
    check("it is rated, once", rating.grade == 1)
    refused(
        "and not twice", grpc.StatusCode.ALREADY_EXISTS,
        lambda: resident.call(RATINGS, "RateService", subject=made.name, grade=5, comment="再评一次", request_id=request_id()),
    )


def certify(resident, clerk, stranger, holder):
    found = resident.call(CERTIFICATES, "FindProof", words="我要开单身证明")
    check("a proof that must not be issued is refused", not found.types and found.refused_proofs[0].instead.zh != "")
    fields = {"address": "凤台社区3号楼2单元501", "since": "2019-05-01", "purpose": "办理公交卡"}
    issued = clerk.call(
        CERTIFICATES, "IssueCertificate", type="residence", holder=holder, request_id=request_id(),
        answers=[
            clerk.message("linli.onestop.v1.FormAnswer", question=name, value=value) for name, value in fields.items()
        ],
    )
    pdf = b"".join(chunk.data for chunk in resident.call(CERTIFICATES, "DownloadCertificate", name=issued.name))
    again = b"".join(chunk.data for chunk in resident.call(CERTIFICATES, "DownloadCertificate", name=issued.name))
    check("the paper is a PDF, the same each time", pdf.startswith(b"%PDF-") and pdf == again)
    verify = lambda text: stranger.call(CERTIFICATES, "VerifyCertificate", credential=text).result
    check("a stranger checks it", verify(issued.credential) == 1)
    check("a changed one is found", verify(issued.credential[: -len(FORGED)] + FORGED) == 4)
    clerk.call(
        CERTIFICATES, "RevokeCertificate", name=issued.name, reason="地址填错，重新出具", request_id=request_id()
    )
    check("a revoked one is found", verify(issued.credential) == 3)
    refused(
        "a stranger does not get the paper", grpc.StatusCode.UNAUTHENTICATED,
        lambda: list(stranger.call(CERTIFICATES, "DownloadCertificate", name=issued.name)),
    )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--server", required=True)
    parser.add_argument("--data-directory", required=True, type=pathlib.Path)
    parser.add_argument("--root", required=True)
    parser.add_argument("--grid", required=True, help="code of the community that the resident lives in")
    options = parser.parse_args()
    _, pool = witness.by_reflection(options.server, options.root)
    resident = Linli(options.server, options.root, pool=pool)
    phone = "100%08d" % (int(time.time() * 1000) % 100_000_000)
    session = register(resident, options.data_directory, phone, "见证人", home=f"organizations/{options.grid}")
    check("the ID number raises the level", verify_identity(resident, options.data_directory, phone, "见证人").level == 2)
    made = apply(resident, f"organizations/{options.grid}")
    handle(resident, sign_in_staff(options, pool, "housingfund"), made)
    stranger = Linli(options.server, options.root, pool=pool)
    certify(resident, sign_in_staff(options, pool, "clerk"), stranger, session.me.name)
    print(f"{witness.checks} passed, 0 failed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
