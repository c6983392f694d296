internal import Crypto
internal import Glibc
internal import Kernel
internal import Platform

/// The account with which everything begins.
enum FirstOperator {
    static let account: String = "operator"

    /// At the first start: makes the root of the organisation tree and one operator, and puts the sign-in into a file that
    /// only its owner can read. Does nothing if there is an operator.
    static func make(
        _ platform: Platform, _ hasher: PasswordHasher, _ settings: ServerSettings, _ directory: DataDirectory
    ) async throws {
        let staff: StaffAccounts = StaffAccounts(keyring: platform.keyring)
        let exists: Bool = try await platform.readAsSystem { try staff.hasOperator($0.connection) }
        if exists { return }
        let password: String = SecureRandom.token(bytes: 15)
        let secret: [UInt8] = TOTP.newSecret()
        let hash: String = try await hasher.hash(Password(parsing: password))
        let uri: String = try TOTP(secret: secret).otpauthURI(issuer: "Linli", account: account)
        let text: String = """
            The first operator of this Linli server. Sign in with linlictl, change the password, then delete this file.
            account:  \(account)
            password: \(password)
            totp:     \(uri)

            """
        // The file first: an account whose secret nobody has would be of no use.
        try SecretFile.write(Array(text.utf8), to: directory.operatorSignInPath, replacing: true)
        try await platform.performAsSystem(action: "staff.create") { unit in
            let root: OrganizationRecord =
                try Organizations.find(unit.connection, settings.rootCode)
                ?? Organizations.insert(
                    unit.connection,
                    NewOrganization(
                        code: settings.rootCode, name: settings.rootName, level: .prefecture, parentCode: nil)
                )
            let id: String = unit.newID()
            let made: Bool = try staff.insert(
                unit,
                NewStaff(
                    id: id, account: account, fullName: "系统管理员", post: "系统管理员", organizationCode: root.code,
                    passwordHash: hash, totpSecret: secret))
            guard made else { throw Refusal.alreadyExists(zh: "账号已存在。", en: "The account exists.") }
            try staff.insertGrant(unit, staffID: id, role: .operator, scope: root)
            unit.audit(subject: "staff/\(id)", details: ["account": account])
        }
    }
}
