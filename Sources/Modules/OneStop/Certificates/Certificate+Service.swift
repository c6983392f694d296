import Contract
import Crypto
import Kernel
import Logging
import Metrics
import Platform
import RPC
import Storage

/// `CertificateService`: clerks issue, holders download, everybody checks.
struct CertificateDesk: OneStopV1.CertificateService {
    private typealias Methods = OneStopV1.CertificateServiceMethods

    let book: CertificateBook
    private let limit: CheckLimit = CheckLimit()
    private var platform: Platform { book.platform }
    private var store: CertificateStore { book.store }

    init(book: CertificateBook) { self.book = book }

    static let access: [AccessRule] = [
        AccessRule(Methods.listCertificateTypes, .anyone),
        AccessRule(Methods.findProof, .anyone),
        AccessRule(Methods.issueCertificate, .staff(.counterClerk, .departmentOfficer)),
        AccessRule(Methods.getCertificate, .resident(level: 1), .staff(.counterClerk, .departmentOfficer)),
        AccessRule(Methods.listCertificates, .resident(level: 1), .staff(.counterClerk, .departmentOfficer)),
        AccessRule(
            Methods.downloadCertificate, .resident(level: 1), .staff(.counterClerk, .departmentOfficer)),
        AccessRule(Methods.revokeCertificate, .staff(.counterClerk, .departmentOfficer)),
        AccessRule(Methods.verifyCertificate, .anyone),
        AccessRule(Methods.getTrustBundle, .anyone),
        AccessRule(Methods.rotateCertificateKey, .staff(.operator)),
        AccessRule(Methods.revokeCertificateKey, .staff(.operator)),
    ]

    private static let chunkBytes: Int = 64 * 1_024

    func listCertificateTypes(_ request: OneStopV1.ListCertificateTypesRequest, _ call: ServerCall)
        async throws -> OneStopV1.ListCertificateTypesResponse
    {
        OneStopV1.ListCertificateTypesResponse(
            types: try book.catalogue().types.map(\.message),
            refusedProofs: book.refusedProofs().map(\.message))
    }

    func findProof(_ request: OneStopV1.FindProofRequest, _ call: ServerCall) async throws
        -> OneStopV1.FindProofResponse
    {
        let words: String = try ProofSearch.wordsRule.apply(request.words, field: "words")
        let found: ProofSearch.Found = ProofSearch.find(
            words, types: try book.catalogue().types, refused: book.refusedProofs(),
            platform.documents.vocabulary)
        return OneStopV1.FindProofResponse(
            types: found.types.map(\.message), refusedProofs: found.refused.map(\.message))
    }

    func issueCertificate(_ request: OneStopV1.IssueCertificateRequest, _ call: ServerCall) async throws
        -> OneStopV1.Certificate
    {
        let algorithm: SignatureAlgorithm = try SignatureAlgorithm(wire: request.algorithm)
        var answers: [String: String] = [:]
        for answer in request.answers {
            guard answers.updateValue(answer.value, forKey: answer.question) == nil else {
                throw Refusal.invalid(
                    field: "answers", reason: "ANSWER_TWICE", zh: "“\(answer.question)”回答了两次。",
                    en: "'\(answer.question)' is answered twice.")
            }
        }
        let given: [String: String] = answers
        return try await platform.perform(
            call, request, requestID: request.requestID, action: "certificate.issue"
        ) { unit in
            try book.issue(
                type: request.type, holder: request.holder, answers: given, application: "",
                algorithm: algorithm, unit
            ).message(for: unit.principal, at: unit.now, isWhole: true)
        }
    }

    func getCertificate(_ request: OneStopV1.GetCertificateRequest, _ call: ServerCall) async throws
        -> OneStopV1.Certificate
    {
        let number: String = try Self.number(request.name)
        let principal: Principal = try call.requirePrincipal()
        return try await platform.read(call) { context in
            try visible(number, principal, context.connection)
                .message(for: principal, at: context.now, isWhole: true)
        }
    }

    func listCertificates(_ request: OneStopV1.ListCertificatesRequest, _ call: ServerCall) async throws
        -> OneStopV1.ListCertificatesResponse
    {
        let principal: Principal = try call.requirePrincipal()
        let paging: Paging = try Paging(size: request.pageSize, token: request.pageToken, query: [])
        return try await platform.read(call) { context in
            let before: String? = paging.after?[0]
            let rows: [Certificate] =
                principal.kind == .resident
                ? try store.list(
                    context.connection, holder: principal.name, before: before, limit: paging.limit)
                : try store.list(
                    context.connection, scope: Self.scope(principal), before: before, limit: paging.limit)
            let page = paging.cut(rows) { [$0.number] }
            return OneStopV1.ListCertificatesResponse(
                certificates: page.rows.map { $0.message(for: principal, at: context.now, isWhole: false) },
                nextPageToken: page.nextPageToken)
        }
    }

    func downloadCertificate(
        _ request: OneStopV1.DownloadCertificateRequest, _ call: ServerCall,
        _ responses: ResponseWriter<OneStopV1.CertificateChunk>
    ) async throws {
        let number: String = try Self.number(request.name)
        let principal: Principal = try call.requirePrincipal()
        let certificate: Certificate = try await platform.read(call) { context in
            try visible(number, principal, context.connection)
        }
        // Off the connection's event loop: a page takes some 100 ms, and others wait there.
        let pdf: [UInt8] = try await Self.render(certificate, book)
        for start in stride(from: 0, to: pdf.count, by: Self.chunkBytes) {
            let end: Int = min(start + Self.chunkBytes, pdf.count)
            try await responses.write(OneStopV1.CertificateChunk(data: Array(pdf[start..<end])))
        }
    }

    @concurrent
    private static func render(_ certificate: Certificate, _ book: CertificateBook) async throws -> [UInt8] {
        try book.pdf(certificate)
    }

    func revokeCertificate(_ request: OneStopV1.RevokeCertificateRequest, _ call: ServerCall) async throws
        -> OneStopV1.Certificate
    {
        let number: String = try Self.number(request.name)
        return try await platform.perform(
            call, request, requestID: request.requestID, action: "certificate.revoke"
        ) { unit in
            let certificate: Certificate = try visible(number, unit.principal, unit.connection)
            let reason: String = try CertificateRules.reasonRule.apply(request.reason, field: "reason")
            try book.revoke(certificate, reason: reason, unit)
            return try visible(number, unit.principal, unit.connection)
                .message(for: unit.principal, at: unit.now, isWhole: true)
        }
    }

    func verifyCertificate(_ request: OneStopV1.VerifyCertificateRequest, _ call: ServerCall) async throws
        -> OneStopV1.VerifyCertificateResponse
    {
        try limit.count(call.peer.address, at: platform.environment.now())
        guard request.credential.utf8.count <= Credential.maximumTextBytes else {
            return Self.response(.unreadable, nil)
        }
        let (check, isKnown): (CredentialCheck, Bool) = try await platform.read(call) { context in
            let check: CredentialCheck = try book.trust(context).check(request.credential, at: context.now)
            guard let credential = check.credential else { return (check, true) }
            let kept: Certificate? = try store.find(context.connection, number: credential.number)
            return (check, kept?.statusIndex == credential.statusIndex && kept?.lines == credential.lines)
        }
        // Well signed and yet not ours: somebody else holds the key.
        let finding: CredentialCheck.Finding = isKnown ? check.finding : .tampered
        Metrics.Counter(
            label: "linli_certificate_checks_total", dimensions: [("result", finding.wire.protoName)]
        ).increment()
        if !isKnown, let keyID = check.keyID {
            platform.logger.critical(
                "a certificate that was never issued bears a good signature: revoke the key",
                metadata: ["key": "\(keyID)"])
            try await platform.performAsSystem(action: "certificate.forged") { unit in
                unit.audit(subject: "certificateKeys/\(keyID)")
            }
        }
        return Self.response(finding, isKnown ? check.credential : nil)
    }

    private static func response(_ finding: CredentialCheck.Finding, _ credential: Credential?)
        -> OneStopV1.VerifyCertificateResponse
    {
        let text: BilingualText = CertificateTexts.text(finding)
        return OneStopV1.VerifyCertificateResponse(
            result: finding.wire, text: PlatformV1.Text(zh: text.zh, en: text.en),
            number: credential?.number ?? "",
            title: credential.map { PlatformV1.Text(zh: $0.title, en: "") },
            lines: credential?.lines.map(\.message) ?? [])
    }

    func getTrustBundle(_ request: OneStopV1.GetTrustBundleRequest, _ call: ServerCall) async throws
        -> OneStopV1.TrustBundle
    {
        let hasKey: Bool = try await platform.read(call) { context in
            try book.keys.all(context.connection).contains(where: \.signs)
        }
        if !hasKey {
            try await platform.performAsSystem(action: "certificate.key.make") { unit in
                _ = try book.keys.signing(.ed25519, unit)
            }
        }
        return try await platform.read(call) { context in
            let file: TrustFile = try book.trustFile(context)
            let list: Substring? = file.text.split(separator: "\n").first { $0.hasPrefix("list ") }
            return OneStopV1.TrustBundle(
                keys: try file.bundle.keys.map { try $0.message() },
                statusList: list.map { String($0.dropFirst("list ".count)) } ?? "",
                statusTime: GoogleProtobuf.Timestamp(file.bundle.statusList.time),
                nextUpdateTime: GoogleProtobuf.Timestamp(file.bundle.statusList.nextUpdate),
                bundleText: file.text)
        }
    }

    func rotateCertificateKey(_ request: OneStopV1.RotateCertificateKeyRequest, _ call: ServerCall)
        async throws -> OneStopV1.CertificateKey
    {
        let algorithm: SignatureAlgorithm = try SignatureAlgorithm(wire: request.algorithm)
        return try await platform.perform(
            call, request, requestID: request.requestID, action: "certificate.key.rotate"
        ) { unit in
            let key: CertificateKey = try book.keys.rotate(algorithm, unit)
            try store.raiseSequence(unit)
            unit.audit(subject: "certificateKeys/\(key.id)", details: ["algorithm": "\(algorithm)"])
            return try key.trusted.message()
        }
    }

    func revokeCertificateKey(_ request: OneStopV1.RevokeCertificateKeyRequest, _ call: ServerCall)
        async throws -> OneStopV1.CertificateKey
    {
        let reason: String = try CertificateRules.reasonRule.apply(request.reason, field: "reason")
        return try await platform.perform(
            call, request, requestID: request.requestID, action: "certificate.key.revoke"
        ) { unit in
            let id: String = request.id.uppercased()
            func key() throws -> CertificateKey? {
                try book.keys.all(unit.connection).first { $0.id == id }
            }
            guard let found = try key() else { throw CertificateTexts.keyNotFound }
            guard found.trusted.revokeTime == nil else { throw CertificateTexts.keyAlreadyRevoked }
            try book.keys.revoke(found, reason: reason, unit)
            try store.raiseSequence(unit)
            unit.audit(subject: "certificateKeys/\(id)", details: ["reason": reason])
            return try (try key() ?? found).trusted.message()
        }
    }

    // MARK: who may see what

    private static func number(_ name: String) throws(Refusal) -> String {
        let prefix: String = "certificates/"
        let text: String = name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
        return try CheckedNumber(parsing: text, kind: Certificate.kind).description
    }

    private static func scope(_ principal: Principal) -> ScopeFilter {
        principal.scope(CertificateRules.issuingRoles)
    }

    /// For its holder, and for staff within whose scope it was issued; for others it does not exist.
    private func visible(_ number: String, _ principal: Principal, _ connection: any Connection) throws
        -> Certificate
    {
        guard let certificate = try store.find(connection, number: number) else {
            throw CertificateTexts.notFound
        }
        let isSeen: Bool =
            principal.kind == .resident
            ? certificate.holder == principal.name
            : Self.scope(principal).contains(
                path: certificate.issuerPath, departmentCode: certificate.departmentCode)
        guard isSeen else { throw CertificateTexts.notFound }
        return certificate
    }
}
