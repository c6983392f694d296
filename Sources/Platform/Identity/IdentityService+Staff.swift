package import Contract
internal import Crypto
internal import Kernel
package import RPC
internal import Storage

extension IdentityService {
    package func signInStaff(_ request: PlatformV1.SignInStaffRequest, _ call: ServerCall) async throws
        -> PlatformV1.Session
    {
        let name: String = ASCII.narrowed(request.account).trimmed.lowercased()
        let account: [UInt8] = platform.keyring.hash(name, purpose: "staff account")
        let password: Password = try Password(parsing: request.password)
        guard name.utf8.count <= maximumNameBytes else { throw IdentityTexts.staffRefused }
        let (record, secrets, known): (StaffRecord?, StaffSecrets?, Bool) = try await platform.read(call) {
            [self] context in
            let record: StaffRecord? = try staff.find(context.connection, account: name)
            return (
                record, try record.flatMap { try staff.secrets(context.connection, id: $0.id) },
                try places.contains(account: account, place: Place(call.peer), context.connection)
            )
        }
        let attempt: SignInThrottle.Attempt = SignInThrottle.Attempt(
            account: account, place: Place(call.peer), isKnownPlace: known)
        let now: Instant = platform.environment.now()
        try signIns.admit(attempt, now: now)

        let step: Int64? = try totpStep(request.totp, secrets, now: now)
        guard let step else { throw IdentityTexts.staffRefused }
        let isRight: Bool = try await hasher.verify(password, against: secrets?.passwordHash)
        guard isRight, let record else { throw IdentityTexts.staffRefused }
        let session: PlatformV1.Session = try await platform.transact(
            principal: Principal(kind: .staff, id: record.id), peer: call.peerName, action: "session.begin"
        ) { [self] unit in
            guard try staff.useTOTPStep(unit.connection, id: record.id, step: step) else {
                throw IdentityTexts.staffRefused
            }
            let grants: [Grant] = try staff.grants(unit.connection, staffID: record.id, now: unit.now)
                .filter(\.isLive).map(\.grant)
            let principal: Principal = Principal(
                kind: .staff, id: record.id, displayName: record.fullName, grants: grants,
                synthetic: record.synthetic)
            return try begin(unit, principal, maskedPhone: "", account: account, call)
        }
        signIns.succeeded(attempt)
        return session
    }

    /// The step of a right code that was not used yet. Without an account, a secret that nobody knows does the same work.
    private func totpStep(_ code: String, _ secrets: StaffSecrets?, now: Instant) throws -> Int64? {
        let secret: [UInt8] = secrets?.totpSecret ?? SecureRandom.bytes(TOTP.secretSize)
        let step: Int64? = try TOTP(secret: secret).verify(code, at: now, lastStep: secrets?.lastTOTPStep)
        return secrets == nil ? nil : step
    }
}

/// Longer account names are not looked up.
private let maximumNameBytes: Int = 64
