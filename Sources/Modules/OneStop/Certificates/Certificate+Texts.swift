import Crypto
import Kernel
import Platform

/// What people read about certificates.
enum CertificateTexts {
    static let notFound: Refusal = .notFound(
        reason: "CERTIFICATE_NOT_FOUND", zh: "没有找到这份证明，请核对编号。",
        en: "There is no such certificate. Check the number.")
    static let typeUnknown: Refusal = .invalid(
        field: "type", reason: "CERTIFICATE_TYPE_UNKNOWN",
        zh: "没有这种证明。请先查“能开哪些证明”；有20种证明居委会、村委会不能开，查到后会告诉您找谁办。",
        en:
            "There is no such type. List the types first; for the proofs that communities must not issue, search by words."
    )
    static let typesMissing: Refusal = .unavailable(
        reason: "CERTIFICATE_TYPES_MISSING", zh: "证明种类还没有导入，请联系管理员。",
        en: "No types were imported yet. Ask the operator.")
    static let holderNotFound: Refusal = .invalid(
        field: "holder", reason: "HOLDER_UNKNOWN", zh: "没有找到持证人，请核对。", en: "There is no such resident. Check."
    )
    static let holderNotIdentified: Refusal = .wrongState(
        reason: "HOLDER_NOT_IDENTIFIED", zh: "持证人还没有登记身份证号码，请先做实名认证，再开证明。",
        en: "The holder's ID number is not known. Verify the identity first.")
    static let outOfScope: Refusal = .permissionDenied(
        reason: "HOLDER_OUT_OF_SCOPE", zh: "持证人不住在您管的地方，请到其居住地办理。",
        en: "The holder does not live in your area. Ask the office where the person lives.")
    static let alreadyRevoked: Refusal = .wrongState(
        reason: "CERTIFICATE_REVOKED", zh: "这份证明已经撤销，不用再撤销。", en: "This certificate is revoked already.")
    static let keyNotFound: Refusal = .notFound(
        reason: "CERTIFICATE_KEY_NOT_FOUND", zh: "没有这把签名密钥，请用“key list”核对编号。",
        en: "There is no such key. Check the id with key list.")
    static let keyAlreadyRevoked: Refusal = .wrongState(
        reason: "CERTIFICATE_KEY_REVOKED", zh: "这把密钥已经吊销。", en: "This key is revoked already.")
    static let keyNotSigning: Refusal = .wrongState(
        reason: "CERTIFICATE_KEY_MISSING", zh: "还没有密钥可以更换：开第一份证明时会自动生成。",
        en: "There is no key to replace yet: the first certificate makes one.")
    static let algorithmInvalid: Refusal = .invalid(
        field: "algorithm", reason: "ALGORITHM_INVALID", zh: "签名算法只有Ed25519和SM2。",
        en: "The algorithms are Ed25519 and SM2.")
    static let tooLong: Refusal = .invalid(
        field: "answers", reason: "CERTIFICATE_TOO_LONG", zh: "内容太长，二维码放不下，请缩短地址、用途等文字。",
        en: "The content is too long for the code. Shorten address, purpose and the like.")

    static func wrongLevel(_ title: BilingualText) -> Refusal {
        .wrongState(
            reason: "ISSUER_LEVEL", zh: "“\(title.zh)”不由您所在的单位出具，请看办事指南找对的部门。",
            en: "Your body does not issue '\(title.text(in: .english))'. See the guide for who does.")
    }

    static func tooManyChecks(seconds: Int) -> Refusal {
        .exhausted(
            retryAfterSeconds: seconds, reason: "TOO_MANY_CHECKS",
            zh: "核验得太快了，请\(seconds)秒后再试；要核验很多份，请下载信任文件在本机核验。",
            en:
                "Too many checks. Try again in \(seconds) s; for many, download the trust file and check on your machine."
        )
    }

    static func issued(_ title: BilingualText, _ number: String) -> (
        title: BilingualText, body: BilingualText
    ) {
        (
            BilingualText(zh: "您的证明开好了", en: "Your certificate is ready"),
            BilingualText(
                zh: "\(title.zh)（\(number)）已经开好，可以下载或到自助机打印。收的人扫二维码就能核验。",
                en:
                    "\(title.text(in: .english)) (\(number)) is ready to download or print. Whoever gets it can check its code."
            )
        )
    }

    static func revoked(_ title: BilingualText, _ number: String, reason: String) -> (
        title: BilingualText, body: BilingualText
    ) {
        (
            BilingualText(zh: "您的一份证明已撤销", en: "A certificate of yours was revoked"),
            BilingualText(
                zh: "\(title.zh)（\(number)）已经撤销，不能再用。原因：\(reason)。有疑问请联系出具单位。",
                en:
                    "\(title.text(in: .english)) (\(number)) was revoked and must not be used. Reason: \(reason). Ask the issuer if in doubt."
            )
        )
    }

    /// Small print on the paper.
    static let notes: [String] = [
        "二维码里是经过数字签名的同样内容。请与纸面逐项核对，不一致的，这张纸不可信。",
        "核验：扫码得到LL1开头的一串字，在一网通办“证明核验”里粘贴；不联网时用信任文件和linlictl certificate verify核验。",
    ]

    /// What a check found, for people.
    static func text(_ finding: CredentialCheck.Finding) -> BilingualText {
        switch finding {
        case .valid:
            BilingualText(
                zh: "有效。请与纸面逐项核对，不一致的，这张纸不可信。",
                en: "Valid. Compare it with the paper line by line: if they differ, do not trust the paper.")
        case .expired:
            BilingualText(zh: "是真的，但已过有效期。请重新开具。", en: "Genuine, but its time is over. Ask for a new one.")
        case .revoked:
            BilingualText(
                zh: "已被出具单位撤销，不能使用。请联系出具单位。", en: "Revoked by its issuer. Do not use it; ask the issuer.")
        case .tampered:
            BilingualText(
                zh: "签名不符：内容被改过，或者是伪造的。请不要采信，并向出具单位反映。",
                en: "The signature does not fit: changed or forged. Do not trust it, and tell the issuer.")
        case .unknownKey(.revoked):
            BilingualText(
                zh: "签名用的密钥已经吊销，用它签的一概不能采信。请持证人重新开具。",
                en: "Its key was revoked: nothing that it signed may be trusted. Ask for a new certificate.")
        case .unknownKey:
            BilingualText(
                zh: "不是本系统的密钥签的，无法核验。请向出具单位核实。",
                en: "Not signed with a key of ours. Ask the issuer.")
        case .unreadable:
            BilingualText(
                zh: "读不出来。请对准二维码重新扫描；文字应以LL1开头。",
                en: "Unreadable. Scan the code again; its text begins with LL1.")
        }
    }
}
