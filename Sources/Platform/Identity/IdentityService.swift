package import Contract
internal import Crypto
package import Kernel
package import RPC
internal import Storage

/// Registration, sign-in and sessions.
///
/// A second factor (one-time code, TOTP) is checked before the password, so that a stranger can neither try passwords nor
/// make the server compute hashes; and whatever is wrong, the answer is the same. Codes are kept for phones that nobody
/// registered too, and a password is hashed whether or not there is an account, so that time tells nothing.
package struct IdentityService: PlatformV1.IdentityService {
    let platform: Platform
    let residents: Residents
    let staff: StaffAccounts
    let codes: OneTimeCodes
    let places: KnownPlaces
    let signIns: SignInThrottle
    let codeLimits: CodeThrottle
    let hasher: PasswordHasher
    let notifications: NotificationQueue
    /// Whether people who cannot exist may register.
    let synthetic: SyntheticData

    package init(
        platform: Platform, hasher: PasswordHasher, notifications: NotificationQueue, synthetic: SyntheticData
    ) {
        self.platform = platform
        self.hasher = hasher
        self.notifications = notifications
        self.synthetic = synthetic
        residents = Residents(keyring: platform.keyring)
        staff = StaffAccounts(keyring: platform.keyring)
        codes = OneTimeCodes(keyring: platform.keyring)
        places = KnownPlaces(keyring: platform.keyring)
        signIns = SignInThrottle()
        codeLimits = CodeThrottle()
    }

    package static let access: [AccessRule] = [
        AccessRule(PlatformV1.IdentityServiceMethods.sendCode, .anyone),
        AccessRule(PlatformV1.IdentityServiceMethods.registerResident, .anyone),
        AccessRule(PlatformV1.IdentityServiceMethods.signInResident, .anyone),
        AccessRule(PlatformV1.IdentityServiceMethods.signInStaff, .anyone),
        AccessRule(PlatformV1.IdentityServiceMethods.signOut, .signedIn),
        AccessRule(PlatformV1.IdentityServiceMethods.signOutEverywhere, .signedIn),
        AccessRule(PlatformV1.IdentityServiceMethods.getMe, .signedIn),
        AccessRule(PlatformV1.IdentityServiceMethods.listSessions, .signedIn),
        AccessRule(PlatformV1.IdentityServiceMethods.verifyIdentity, .resident(level: 1)),
        AccessRule(PlatformV1.IdentityServiceMethods.changePassword, .resident(level: 1), .staff()),
    ]

    package func sendCode(_ request: PlatformV1.SendCodeRequest, _ call: ServerCall) async throws
        -> PlatformV1.SendCodeResponse
    {
        let phone: PhoneNumber = try PhoneNumber(parsing: request.phone, synthetic: synthetic)
        guard let purpose = CodePurpose(rawValue: Int(request.purpose.rawValue)) else {
            throw IdentityTexts.purposeMissing
        }
        let key: OneTimeCodes.Key = OneTimeCodes.Key(
            phone: residents.phoneIndex(phone), purpose: purpose, place: Place(call.peer))
        let (known, exists): (Bool, Bool) = try await platform.read(call) { [self] context in
            (
                try places.contains(account: key.phone, place: key.place, context.connection),
                try residents.find(context.connection, phone: phone) != nil
            )
        }
        try codeLimits.admit(
            purpose, phone: key.phone, place: key.place, isKnownPlace: known, now: platform.environment.now())
        let code: String = OneTimeCodes.newCode()
        try await platform.performAsSystem(action: "identity.send_code") { [self] unit in
            try codes.store(code, key, unit.connection, now: unit.now)
        }
        let text: String =
            switch (purpose, exists) {
            case (.register, true): IdentityTexts.alreadyRegistered
            case (.signIn, false): IdentityTexts.notRegistered
            default: IdentityTexts.code(code, purpose: purpose)
            }
        notifications.enqueue(PhoneText(phone: phone.text, text: text))
        return PlatformV1.SendCodeResponse(
            lifetimeSeconds: Int32(IdentityLimits.codeLifetimeSeconds),
            resendAfterSeconds: Int32(IdentityLimits.codeResendSeconds))
    }

    package func signOut(_ request: PlatformV1.SignOutRequest, _ call: ServerCall) async throws
        -> GoogleProtobuf.Empty
    {
        guard let sessionID = try call.requirePrincipal().sessionID else { return GoogleProtobuf.Empty() }
        return try await platform.perform(call, action: "session.end") { unit in
            try Sessions.end(unit.connection, id: sessionID)
            unit.audit(subject: "sessions/\(sessionID)")
            return GoogleProtobuf.Empty()
        }
    }

    package func signOutEverywhere(_ request: PlatformV1.SignOutEverywhereRequest, _ call: ServerCall)
        async throws
        -> PlatformV1.SignOutEverywhereResponse
    {
        try await platform.perform(call, action: "session.end_all") { unit in
            let ended: Int = try Sessions.endAll(
                unit.connection, kind: unit.principal.kind, id: unit.principal.id)
            unit.audit(subject: unit.principal.name, details: ["sessions": "\(ended)"])
            return PlatformV1.SignOutEverywhereResponse(endedSessions: Int32(ended))
        }
    }

    package func getMe(_ request: PlatformV1.GetMeRequest, _ call: ServerCall) async throws -> PlatformV1.Me {
        let principal: Principal = try call.requirePrincipal()
        let maskedPhone: String = try await platform.read(call) { [self] context in
            guard principal.kind == .resident else { return "" }
            return try residents.find(context.connection, id: principal.id)?.maskedPhone ?? ""
        }
        return PlatformV1.Me(principal, maskedPhone: maskedPhone)
    }

    package func listSessions(_ request: PlatformV1.ListSessionsRequest, _ call: ServerCall) async throws
        -> PlatformV1.ListSessionsResponse
    {
        let principal: Principal = try call.requirePrincipal()
        let paging: Paging = try Paging(
            size: request.pageSize, token: request.pageToken, query: ["sessions", principal.name])
        return try await platform.read(call) { context in
            let records: [SessionRecord] = try Sessions.list(
                context.connection, kind: principal.kind, id: principal.id, before: paging.after?.first,
                limit: paging.limit, now: context.now)
            let page: (rows: [SessionRecord], nextPageToken: String) = paging.cut(records) { [$0.id] }
            return PlatformV1.ListSessionsResponse(
                sessions: page.rows.map { PlatformV1.Session($0) }, nextPageToken: page.nextPageToken)
        }
    }

    package func changePassword(_ request: PlatformV1.ChangePasswordRequest, _ call: ServerCall) async throws
        -> GoogleProtobuf.Empty
    {
        let principal: Principal = try call.requirePrincipal()
        let old: Password = try Password(parsing: request.oldPassword, field: "old_password")
        let new: Password = try Password(parsing: request.newPassword, field: "new_password")
        let attempt: SignInThrottle.Attempt = SignInThrottle.Attempt(
            account: platform.keyring.hash(principal.name, purpose: "attempts"), place: Place(call.peer),
            isKnownPlace: true)
        try signIns.admit(attempt, now: platform.environment.now())
        let stored: String? = try await platform.read(call) { [self] context in
            principal.kind == .staff
                ? try staff.secrets(context.connection, id: principal.id)?.passwordHash
                : try residents.passwordHash(context.connection, id: principal.id)
        }
        guard try await hasher.verify(old, against: stored) else { throw IdentityTexts.passwordRefused }
        signIns.succeeded(attempt)
        let hash: String = try await hasher.hash(new)
        return try await platform.perform(call, action: "password.change") { [self] unit in
            if principal.kind == .staff {
                try staff.setPasswordHash(unit.connection, id: principal.id, hash)
            } else {
                try residents.setPasswordHash(unit.connection, id: principal.id, hash)
            }
            try Sessions.endAll(
                unit.connection, kind: principal.kind, id: principal.id, except: principal.sessionID)
            unit.audit(subject: principal.name)
            return GoogleProtobuf.Empty()
        }
    }
}
