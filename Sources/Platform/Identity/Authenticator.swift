internal import Kernel
package import RPC
internal import Storage
internal import Synchronization

/// Finds out who calls: by the session of a bearer token, by the client certificate, or by both.
package final class Authenticator: Sendable {
    private let platform: Platform
    private let residents: Residents
    private let staff: StaffAccounts
    /// Sessions that were used since the last `writeTouches`, with the time of the last use.
    private let touched: Mutex<[String: (record: SessionRecord, time: Instant)]> = Mutex([:])

    package init(platform: Platform) {
        self.platform = platform
        residents = Residents(keyring: platform.keyring)
        staff = StaffAccounts(keyring: platform.keyring)
    }

    /// The caller; nil if the call carries neither token nor certificate.
    ///
    /// - Throws: UNAUTHENTICATED (`SESSION_ENDED`, `CERTIFICATE_UNKNOWN`, `CERTIFICATE_REVOKED`).
    package func principal(of call: ServerCall) async throws -> Principal? {
        let token: String? = try Authenticator.bearerToken(call.metadata)
        let serial: String? = call.peer.certificate?.serialNumber
        if token == nil && serial == nil { return nil }
        return try await platform.readAsSystem { [self] context in
            let certificate: CertificateRecord? = try serial.map { try goodCertificate($0, context) }
            guard let token else { return certificate.map(Authenticator.principal) }
            return try principal(token: token, certificate: certificate, context)
        }
    }

    /// Moves the ends of the sessions that were used. Called every `IdentityLimits.sessionTouchSeconds`.
    func writeTouches() async throws {
        let records: [(record: SessionRecord, time: Instant)] = touched.withLock { touched in
            defer { touched = [:] }
            return Array(touched.values)
        }
        guard !records.isEmpty else { return }
        try await platform.performAsSystem(action: "session.touch") { unit in
            for (record, time) in records { try Sessions.touch(unit.connection, record, usedAt: time) }
        }
    }

    private func principal(token: String, certificate: CertificateRecord?, _ context: ReadContext) throws
        -> Principal?
    {
        guard let session = try Sessions.find(context.connection, token: token, now: context.now),
            session.deviceID == nil || session.deviceID == certificate?.subjectID
        else { throw Authenticator.sessionEnded }
        guard certificate == nil || certificate?.kind == .device else {
            throw IdentityTexts.certificateOfVendor
        }
        let principal: Principal? =
            switch session.principalKind {
            case .resident: try resident(session, device: certificate?.subjectID, context)
            case .staff: try staff(session, device: certificate?.subjectID, context)
            case .device, .vendor, .system: nil
            }
        guard let principal else { throw Authenticator.sessionEnded }
        touched.withLock { touched in
            if touched.count < IdentityLimits.touchedSessions { touched[session.id] = (session, context.now) }
        }
        return principal
    }

    private func resident(_ session: SessionRecord, device: String?, _ context: ReadContext) throws
        -> Principal?
    {
        guard let record = try residents.find(context.connection, id: session.principalID) else { return nil }
        let name: String? = try residents.reveal(context.connection, id: record.id, .fullName)
        return Principal(
            kind: .resident, id: record.id, displayName: name ?? record.maskedName,
            level: min(record.level, session.levelLimit),
            homeCode: try record.homeCode.map {
                try Boundaries.current(context.connection, $0, on: context.now.shanghaiDate)
            }, synthetic: record.synthetic, deviceID: device, sessionID: session.id)
    }

    private func staff(_ session: SessionRecord, device: String?, _ context: ReadContext) throws -> Principal?
    {
        guard let record = try staff.find(context.connection, id: session.principalID), !record.disabled
        else {
            return nil
        }
        let grants: [Grant] = try staff.grants(context.connection, staffID: record.id, now: context.now)
            .filter(\.isLive).map(\.grant)
        return Principal(
            kind: .staff, id: record.id, displayName: record.fullName, grants: grants,
            synthetic: record.synthetic, deviceID: device, sessionID: session.id)
    }

    private func goodCertificate(_ serial: String, _ context: ReadContext) throws -> CertificateRecord {
        guard let record = try Certificates.find(context.connection, serial: serial) else {
            throw Refusal.unauthenticated(
                reason: "CERTIFICATE_UNKNOWN", zh: "本系统没有登记这张证书，请重新申请。",
                en: "This certificate is not registered here. Ask for a new one.")
        }
        guard record.isGood(at: context.now) else {
            throw Refusal.unauthenticated(
                reason: "CERTIFICATE_REVOKED", zh: "证书已吊销或已过期，请重新申请。",
                en: "This certificate was revoked or has expired. Ask for a new one.")
        }
        return record
    }

    private static func principal(_ record: CertificateRecord) -> Principal {
        Principal(
            kind: record.kind, id: record.subjectID, displayName: record.displayName,
            deviceID: record.kind == .device ? record.subjectID : nil)
    }

    /// The token of `authorization: Bearer …` (RFC 6750).
    private static func bearerToken(_ metadata: Metadata) throws(Refusal) -> String? {
        guard let value = metadata["authorization"] else { return nil }
        let parts: [Substring] = value.split(separator: " ")
        guard parts.count == 2, parts[0].lowercased() == "bearer", parts[1].utf8.count <= maximumTokenBytes
        else {
            throw sessionEnded
        }
        return String(parts[1])
    }

    /// Longer tokens are not looked up; ours have 43.
    private static let maximumTokenBytes: Int = 128

    private static let sessionEnded: Refusal = .unauthenticated(
        reason: "SESSION_ENDED", zh: "登录已失效，请重新登录。", en: "The session has ended. Sign in again.")
}
