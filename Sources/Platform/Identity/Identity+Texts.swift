internal import Kernel

/// What sign-in says to people. One refusal stands for everything that a stranger must not tell apart.
enum IdentityTexts {
    /// Two callers at once: nobody could say who did it.
    static let certificateOfVendor: Refusal = .unauthenticated(
        reason: "CERTIFICATE_OF_VENDOR", zh: "个人登录不能和商家、系统的证书一起用。请不带证书重新连接，再登录。",
        en:
            "A person's session does not go with a vendor's certificate. Connect without it and sign in there."
    )

    /// Wrong code, a code for something else, an expired code, and a phone that has an account already.
    static let codeRefused: Refusal = .invalid(
        field: "code", reason: "CODE_REFUSED", zh: "验证码不正确或已失效，请重新获取后再试。",
        en: "The code is wrong or no longer good. Ask for a new one and try again.")

    /// Wrong phone, code or password of a resident.
    static let residentRefused: Refusal = .unauthenticated(
        reason: "SIGN_IN_REFUSED", zh: "手机号、验证码或密码不正确，请核对后再试。",
        en: "Phone, code or password is wrong. Check them and try again.")

    /// Wrong account, password or authenticator code of staff.
    static let staffRefused: Refusal = .unauthenticated(
        reason: "SIGN_IN_REFUSED", zh: "账号、密码或动态口令不正确，请核对后再试。",
        en: "Account, password or authenticator code is wrong. Check them and try again.")

    /// A name that is not the account's, and a number that belongs to another account.
    static let identityRefused: Refusal = .invalid(
        field: "id_number", reason: "IDENTITY_REFUSED", zh: "身份信息核对未通过，请核对姓名和身份证号，或到服务窗口办理。",
        en: "The identity could not be confirmed. Check name and ID number, or go to a counter.")

    /// A wrong old password.
    static let passwordRefused: Refusal = .invalid(
        field: "old_password", reason: "PASSWORD_REFUSED", zh: "原密码不正确。", en: "The old password is wrong.")

    /// A purpose that is none.
    static let purposeMissing: Refusal = .invalid(
        field: "purpose", reason: "CODE_PURPOSE_MISSING", zh: "请说明验证码的用途。",
        en: "Say what the code is for.")

    /// The text that carries a code.
    static func code(_ code: String, purpose: CodePurpose) -> String {
        let minutes: Int = IdentityLimits.codeLifetimeSeconds / 60
        let what: String =
            switch purpose {
            case .register: "注册"
            case .signIn: "登录"
            case .verifyIdentity: "实名核验"
            }
        return "【邻里】您的\(what)验证码是\(code)，\(minutes)分钟内有效，请勿告诉他人。"
    }

    /// What a phone gets that has an account and for which somebody wants to register.
    static let alreadyRegistered: String = "【邻里】该手机号已注册，请直接登录。如非本人操作，请忽略。"
    /// What a phone gets that has no account and for which somebody wants to sign in.
    static let notRegistered: String = "【邻里】该手机号尚未注册，请先注册。如非本人操作，请忽略。"
}
