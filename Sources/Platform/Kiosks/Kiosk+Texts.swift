import Kernel

/// What people read about kiosks.
enum KioskTexts {
    static let notFound: Refusal = .notFound(
        reason: "KIOSK_NOT_FOUND", zh: "没有登记这台一体机。请用 linlictl kiosk register 登记。",
        en: "This kiosk is not registered. Register it with linlictl kiosk register.")
    static let id: Refusal = .invalid(
        field: "id", reason: "KIOSK_ID", zh: "代号用 3 到 40 个小写字母、数字或短横线，和设备证书的代号一样。",
        en: "The id has 3 to 40 of a-z, 0-9 and hyphen, the same as that of the device's certificate.")
    static let notLocked: Refusal = .wrongState(
        reason: "KIOSK_NOT_LOCKED", zh: "这台一体机没有锁定，不用解锁。", en: "The kiosk is not locked.")
    static let alreadyLocked: Refusal = .wrongState(
        reason: "KIOSK_LOCKED_ALREADY", zh: "这台一体机已经锁定。要换原因，请先解锁。",
        en: "The kiosk is locked already. Unlock it first to give another reason.")

    /// Said to whoever stands in front of it.
    static func locked(_ reason: String) -> Refusal {
        .wrongState(
            reason: "KIOSK_LOCKED", zh: "这台一体机暂停使用：\(reason)。请到窗口办理。",
            en: "This kiosk is out of service: \(reason). Go to a counter.")
    }

    /// The same whether there is no account with this number or its name is another one.
    static let cardRefused: Refusal = .unauthenticated(
        reason: "CARD_REFUSED", zh: "没有找到用这张身份证核验过的账号。请先用手机注册并实名核验，或到窗口办理。",
        en: "No account was verified with this card. Register by phone and verify, or go to a counter.")
    static let phoneRefused: Refusal = .unauthenticated(
        reason: "SIGN_IN_REFUSED", zh: "手机号或验证码不正确，请核对后再试。",
        en: "Phone or code is wrong. Check them and try again.")
    static let codeWrong: Refusal = .invalid(
        field: "code", reason: "KIOSK_CODE_WRONG", zh: "登录码是 8 位数字，请看着一体机的屏幕核对。",
        en: "The code has 8 digits. Compare it with the screen of the kiosk.")
    static let codeOver: Refusal = .wrongState(
        reason: "KIOSK_CODE_OVER", zh: "这个登录码不在用了。请在一体机上重新取一个。",
        en: "This code is not in use any more. Ask the kiosk for a new one.")
    static let qrOver: Refusal = .wrongState(
        reason: "QR_SIGN_IN_OVER", zh: "登录码过期了，请重新取一个。", en: "The code has expired. Ask for a new one.")
    static let busy: Refusal = .unavailable(reason: "KIOSK_CODES_BUSY")

    static func kiosk(_ kiosk: KioskRecord, place: String) -> String { "\(kiosk.displayName)（\(place)）" }
}
