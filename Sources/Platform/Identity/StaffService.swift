internal import Contract
internal import Crypto
internal import Kernel
internal import RPC
internal import Storage

/// Members of staff and their roles. Operators act within their scope; some roles need a second operator.
struct StaffService: PlatformV1.StaffService {
    static let staffName: ResourceName.Pattern = "staff/{staff}"
    private static let nameRule: TextRule = TextRule(1...50)
    private static let postRule: TextRule = TextRule(1...50)
    static let reasonRule: TextRule = TextRule(2...200)

    let platform: Platform
    let hasher: PasswordHasher
    let staff: StaffAccounts

    init(platform: Platform, hasher: PasswordHasher) {
        self.platform = platform
        self.hasher = hasher
        staff = StaffAccounts(keyring: platform.keyring)
    }

    static let access: [AccessRule] = [
        AccessRule(PlatformV1.StaffServiceMethods.createStaff, .staff(.operator)),
        AccessRule(PlatformV1.StaffServiceMethods.getStaff, .staff()),
        AccessRule(PlatformV1.StaffServiceMethods.listStaff, .staff()),
        AccessRule(PlatformV1.StaffServiceMethods.grantRole, .staff(.operator)),
        AccessRule(PlatformV1.StaffServiceMethods.approveGrant, .staff(.operator)),
        AccessRule(PlatformV1.StaffServiceMethods.revokeRole, .staff(.operator)),
        AccessRule(PlatformV1.StaffServiceMethods.disableStaff, .staff(.operator)),
        AccessRule(PlatformV1.StaffServiceMethods.resetStaffCredentials, .staff(.operator)),
    ]

    func createStaff(_ request: PlatformV1.CreateStaffRequest, _ call: ServerCall) async throws
        -> PlatformV1.CreateStaffResponse
    {
        let asked: PlatformV1.Staff = request.staff ?? PlatformV1.Staff()
        let account: String = try StaffService.account(asked.account)
        let fullName: String = try StaffService.nameRule.apply(asked.fullName, field: "staff.full_name")
        let post: String = try StaffService.postRule.apply(asked.post, field: "staff.post")
        let organization: String = try OrganizationName.code(asked.organization, field: "staff.organization")
        let secrets: NewSecrets = try await newSecrets(account: account)
        return try await platform.perform(
            call, request, requestID: request.requestID, action: "staff.create"
        ) { [self] unit in
            let body: OrganizationRecord = try Boundaries.usable(
                unit.connection, organization, on: unit.now.shanghaiDate)
            try StaffService.requireScope(unit, path: body.path)
            let id: String = unit.newID()
            let isNew: Bool = try staff.insert(
                unit,
                NewStaff(
                    id: id, account: account, fullName: fullName, post: post, organizationCode: organization,
                    passwordHash: secrets.hash, totpSecret: secrets.totp, synthetic: asked.synthetic))
            guard isNew else {
                throw Refusal.alreadyExists(
                    reason: "ACCOUNT_EXISTS", zh: "账号“\(account)”已存在，请换一个。",
                    en: "There is an account of that name. Choose another.", metadata: ["account": account])
            }
            unit.audit(subject: "staff/\(id)", details: ["account": account, "organization": organization])
            for grant in asked.roles { try give(unit, grant, to: id, field: "staff.roles") }
            return PlatformV1.CreateStaffResponse(
                staff: try message(unit.connection, id: id, now: unit.now), password: secrets.password,
                totpUri: secrets.uri)
        }
    }

    func getStaff(_ request: PlatformV1.GetStaffRequest, _ call: ServerCall) async throws -> PlatformV1.Staff
    {
        let id: String = try ResourceName(parsing: request.name, StaffService.staffName).id
        let principal: Principal = try call.requirePrincipal()
        return try await platform.read(call) { [self] context in
            guard let record = try staff.find(context.connection, id: id),
                principal.id == id || principal.scope().contains(path: record.organizationPath)
            else { throw StaffService.notFound }
            return try message(context.connection, id: id, now: context.now)
        }
    }

    func listStaff(_ request: PlatformV1.ListStaffRequest, _ call: ServerCall) async throws
        -> PlatformV1.ListStaffResponse
    {
        let principal: Principal = try call.requirePrincipal()
        let place: String? =
            try request.organization.isEmpty
            ? nil : OrganizationName.code(request.organization, field: "organization")
        let role: Role? = try request.role.isEmpty ? nil : StaffService.role(request.role, field: "role")
        let paging: Paging = try Paging(
            size: request.pageSize, token: request.pageToken,
            query: ["staff", request.organization, request.role])
        return try await platform.read(call) { [self] context in
            var scope: ScopeFilter = principal.scope()
            if let place { scope = scope.within(path: try Organizations.get(context.connection, place).path) }
            let records: [StaffRecord] = try staff.list(
                context.connection, scope: scope, role: role, after: paging.after?[0], limit: paging.limit,
                now: context.now)
            let page: (rows: [StaffRecord], nextPageToken: String) = paging.cut(records) { [$0.account] }
            return PlatformV1.ListStaffResponse(
                staff: try page.rows.map { try message(context.connection, id: $0.id, now: context.now) },
                nextPageToken: page.nextPageToken)
        }
    }

    func disableStaff(_ request: PlatformV1.DisableStaffRequest, _ call: ServerCall) async throws
        -> PlatformV1.Staff
    {
        let id: String = try ResourceName(parsing: request.name, StaffService.staffName).id
        let reason: String = try StaffService.reasonRule.apply(request.reason, field: "reason")
        return try await platform.perform(
            call, request, requestID: request.requestID, action: "staff.disable"
        ) { [self] unit in
            let record: StaffRecord = try find(unit, id: id)
            try Etag.require(request.etag, version: record.version)
            guard id != unit.principal.id else {
                throw Refusal.wrongState(
                    reason: "OWN_ACCOUNT", zh: "不能停用自己的账号，请由另一位管理员办理。",
                    en: "You cannot close your own account. Ask another operator.")
            }
            try staff.disable(unit.connection, id: id, reason: reason)
            let ended: Int = try Sessions.endAll(unit.connection, kind: .staff, id: id)
            unit.audit(
                subject: record.name,
                details: ["reason": Masking.numbers(in: reason), "sessions": "\(ended)"])
            return try message(unit.connection, id: id, now: unit.now)
        }
    }

    func resetStaffCredentials(_ request: PlatformV1.ResetStaffCredentialsRequest, _ call: ServerCall)
        async throws
        -> PlatformV1.CreateStaffResponse
    {
        let id: String = try ResourceName(parsing: request.name, StaffService.staffName).id
        let secrets: NewSecrets = try await newSecrets(account: "")
        return try await platform.perform(
            call, request, requestID: request.requestID, action: "staff.reset_credentials"
        ) { [self] unit in
            let record: StaffRecord = try find(unit, id: id)
            try staff.setSecrets(
                unit.connection, id: id, passwordHash: secrets.hash, totpSecret: secrets.totp)
            let ended: Int = try Sessions.endAll(unit.connection, kind: .staff, id: id)
            unit.audit(subject: record.name, details: ["sessions": "\(ended)"])
            return PlatformV1.CreateStaffResponse(
                staff: try message(unit.connection, id: id, now: unit.now), password: secrets.password,
                totpUri: try TOTP(secret: secrets.totp).otpauthURI(issuer: "Linli", account: record.account))
        }
    }

    /// Password and authenticator secret of a new account.
    struct NewSecrets: Sendable {
        let password: String
        let hash: String
        let totp: [UInt8]
        let uri: String
    }

    private func newSecrets(account: String) async throws -> NewSecrets {
        let password: String = SecureRandom.token(bytes: 12)
        let totp: [UInt8] = TOTP.newSecret()
        return NewSecrets(
            password: password, hash: try await hasher.hash(Password(parsing: password)), totp: totp,
            uri: try TOTP(secret: totp).otpauthURI(issuer: "Linli", account: account))
    }

    /// 3 to 32 of a-z, 0-9, dot and hyphen.
    private static func account(_ text: String) throws(Refusal) -> String {
        let account: String = ASCII.narrowed(text).trimmed.lowercased()
        let isRight: Bool = account.utf8.allSatisfy { byte in
            ASCII.digitValue(byte) != nil || (97...122).contains(byte) || byte == 46 || byte == 45
        }
        guard isRight, StaffAccounts.accountLength.contains(account.utf8.count) else {
            throw .invalid(
                field: "staff.account", reason: "ACCOUNT_INVALID", zh: "账号应为3至32位小写字母、数字、点或连字符。",
                en: "An account has 3 to 32 of a-z, 0-9, dot and hyphen.")
        }
        return account
    }

    static let notFound: Refusal = .notFound(
        reason: "STAFF_NOT_FOUND", zh: "您的管辖范围内没有这位工作人员。",
        en: "There is no such member of staff within your area.")
}
