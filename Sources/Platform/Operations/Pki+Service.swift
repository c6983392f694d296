import Contract
import Crypto
import Kernel
import RPC
import Storage

/// `PkiService`: client certificates of devices and vendors, issued and revoked.
struct PkiDesk: PlatformV1.PkiService {
    private typealias Methods = PlatformV1.PkiServiceMethods

    let platform: Platform
    let authority: CertificateAuthority

    static let validityDays: ClosedRange<Int32> = 1...825
    static let standardValidityDays: Int32 = 90
    static let subjectLength: ClosedRange<Int> = 3...40
    static let requestBytesMax: Int = 16 * 1_024
    private static let name: ResourceName.Pattern = "certificates/{certificate}"

    static let access: [AccessRule] = [
        AccessRule(Methods.issueCertificate, .staff(.operator)),
        AccessRule(Methods.revokeCertificate, .staff(.operator)),
        AccessRule(Methods.listCertificates, .staff(.operator, .auditor)),
    ]

    func issueCertificate(_ request: PlatformV1.IssueCertificateRequest, _ call: ServerCall) async throws
        -> PlatformV1.IssueCertificateResponse
    {
        let kind: PrincipalKind = try Self.kind(request.kind)
        let id: String = try Self.subjectID(request.subjectID)
        let title: String = try TextRule(1...60).apply(request.displayName, field: "display_name")
        let days: Int32 = request.validityDays == 0 ? Self.standardValidityDays : request.validityDays
        guard Self.validityDays.contains(days) else { throw PkiTexts.validity }
        let principal: Principal = try call.requirePrincipal()
        let key: RequestLog.Key = try platform.requestKey(
            call, scope: principal.name, requestID: request.requestID, request: request)
        return try await platform.perform(
            call, as: principal, key: key, action: "certificate.issue", keep: Self.withoutKey
        ) { unit in
            let uri: String = "urn:linli:\(kind.rawValue):\(id)"
            let (certificate, privateKey): (Certificate, String) = try issue(
                request, commonName: id, uri: uri, now: unit.now, days: Int64(days))
            let record: CertificateRecord = CertificateRecord(
                serial: Self.serial(certificate.serialHex), kind: kind, subjectID: id, displayName: title,
                notBefore: certificate.notBefore, notAfter: certificate.notAfter)
            try Certificates.insert(unit.connection, record)
            unit.audit(
                subject: "certificates/\(record.serial)",
                details: ["for": "\(kind.rawValue)s/\(id)", "days": String(days)])
            return PlatformV1.IssueCertificateResponse(
                certificate: record.message, certificatePem: certificate.pem, privateKeyPem: privateKey,
                rootPem: authority.certificate.pem)
        }
    }

    /// What a repeat gets: the certificate again, the key never.
    private static func withoutKey(_ answer: PlatformV1.IssueCertificateResponse)
        -> PlatformV1.IssueCertificateResponse
    {
        var kept: PlatformV1.IssueCertificateResponse = answer
        kept.privateKeyPem = ""
        return kept
    }

    private func issue(
        _ request: PlatformV1.IssueCertificateRequest, commonName: String, uri: String, now: Instant,
        days: Int64
    ) throws -> (Certificate, String) {
        if request.csrPem.isEmpty {
            let issued: CertificateAuthority.Issued = try authority.issueClient(
                commonName: commonName, uri: uri, now: now, validityDays: days)
            return (issued.certificate, try issued.key.pem())
        }
        guard request.csrPem.utf8.count <= Self.requestBytesMax else { throw PkiTexts.request }
        do {
            let certificate: Certificate = try authority.issue(
                .client, requestPEM: request.csrPem, commonName: commonName, names: SubjectNames(uris: [uri]),
                now: now, validityDays: days)
            return (certificate, "")
        } catch {
            throw PkiTexts.request
        }
    }

    func revokeCertificate(_ request: PlatformV1.RevokeCertificateRequest, _ call: ServerCall) async throws
        -> PlatformV1.Certificate
    {
        let serial: String = try ResourceName(parsing: request.name, Self.name).id
        let reason: String = try TextRule(2...200).apply(request.reason, field: "reason")
        return try await platform.perform(
            call, request, requestID: request.requestID, action: "certificate.revoke"
        ) { unit in
            guard try Certificates.find(unit.connection, serial: serial) != nil else {
                throw PkiTexts.notFound
            }
            guard try Certificates.revoke(unit.connection, serial: serial, reason: reason, now: unit.now),
                let record: CertificateRecord = try Certificates.find(unit.connection, serial: serial)
            else { throw PkiTexts.alreadyRevoked }
            unit.audit(subject: "certificates/\(serial)", details: ["reason": reason])
            return record.message
        }
    }

    func listCertificates(_ request: PlatformV1.ListCertificatesRequest, _ call: ServerCall) async throws
        -> PlatformV1.ListCertificatesResponse
    {
        let paging: Paging = try Paging(
            size: request.pageSize, token: request.pageToken, query: [request.subject], keyCount: 2)
        let after: (Int64, String)? = paging.after.flatMap { keys in Int64(keys[0]).map { ($0, keys[1]) } }
        return try await platform.read(call) { context in
            let rows: [CertificateRecord] = try Certificates.list(
                context.connection, subject: request.subject, after: after, limit: paging.limit)
            let page = paging.cut(rows) { [String($0.notBefore.milliseconds), $0.serial] }
            return PlatformV1.ListCertificatesResponse(
                certificates: page.rows.map(\.message), nextPageToken: page.nextPageToken)
        }
    }

    private static func kind(_ kind: PlatformV1.CertificateKind) throws(Refusal) -> PrincipalKind {
        switch kind {
        case .device: .device
        case .vendor: .vendor
        case .unspecified, .unrecognized: throw PkiTexts.kind
        }
    }

    private static func subjectID(_ text: String) throws(Refusal) -> String {
        let allowed: Bool = text.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
        }
        guard subjectLength.contains(text.utf8.count), allowed else { throw PkiTexts.subject }
        return text
    }

    /// The form of the register: lower case, no leading zeros.
    private static func serial(_ hex: String) -> String {
        String(hex.lowercased().drop(while: { $0 == "0" }))
    }
}

extension CertificateRecord {
    fileprivate var message: PlatformV1.Certificate {
        PlatformV1.Certificate(
            name: "certificates/\(serial)", kind: kind == .device ? .device : .vendor,
            subject: "\(kind.rawValue)s/\(subjectID)", displayName: displayName, notBefore: .init(notBefore),
            notAfter: .init(notAfter), revokeTime: revokeTime.map { .init($0) }, revokeReason: revokeReason)
    }
}

/// What people read about certificates.
enum PkiTexts {
    static let kind: Refusal = .invalid(
        field: "kind", reason: "CERTIFICATE_KIND", zh: "请写明是设备还是商家（系统）。",
        en: "Say whether it is for a device or a vendor.")
    static let subject: Refusal = .invalid(
        field: "subject_id", reason: "SUBJECT_ID", zh: "代号用 3 到 40 个小写字母、数字或短横线。",
        en: "The id has 3 to 40 of a-z, 0-9 and hyphen.")
    static let validity: Refusal = .invalid(
        field: "validity_days", reason: "VALIDITY_DAYS", zh: "有效期请填 1 到 825 天。",
        en: "The validity is 1 to 825 days.")
    static let request: Refusal = .invalid(
        field: "csr_pem", reason: "CERTIFICATE_REQUEST", zh: "证书请求不对。请用 openssl req -new 生成 PEM 格式的请求。",
        en: "The request cannot be used. Make one in PEM with openssl req -new.")
    static let notFound: Refusal = .notFound(
        reason: "CERTIFICATE_NOT_FOUND", zh: "没有这张证书，请核对编号。",
        en: "There is no such certificate. Check the serial number.")
    static let alreadyRevoked: Refusal = .wrongState(
        reason: "CERTIFICATE_REVOKED", zh: "这张证书已经吊销过了，不用再吊销。",
        en: "The certificate was revoked before; nothing is left to do.")
}
