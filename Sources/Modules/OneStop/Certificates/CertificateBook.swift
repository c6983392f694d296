import Crypto
import Kernel
import Paper
package import Platform
import Storage

/// Issues, revokes and renders certificates in the transaction of whoever needs it: the counter's desk, and applications
/// whose grant comes with one.
package struct CertificateBook: Sendable {
    let platform: Platform
    /// What trust files call the issuer.
    let installation: String

    package init(platform: Platform, installation: String) {
        self.platform = platform
        self.installation = installation
    }

    var store: CertificateStore { CertificateStore(keyring: platform.keyring) }
    var keys: CertificateKeyStore { CertificateKeyStore(keyring: platform.keyring) }
    private var residents: Residents { Residents(keyring: platform.keyring) }

    func catalogue() throws(Refusal) -> CertificateCatalogue {
        guard let found = platform.documents.value(.certificates, id: "types", as: CertificateCatalogue.self)
        else { throw CertificateTexts.typesMissing }
        return found.value
    }

    func refusedProofs() -> [RefusedProof] {
        platform.documents.value(.certificates, id: "refused", as: RefusedProofs.self)?.value.proofs ?? []
    }

    /// Issues a certificate to a resident and tells them. The unit's caller has to hold a role that issues it where the
    /// holder lives; what comes of an application is issued by the department that granted it, whoever takes the fee.
    ///
    /// - Parameters:
    ///   - type: id of the type.
    ///   - holder: `residents/{id}`.
    ///   - answers: by the ids of the type's questions; days as `2026-03-01`, choices as their ids.
    ///   - application: `applications/{number}` that it came of; empty for none.
    ///   - department: code of the department that granted it; empty for none.
    /// - Returns: `certificates/{number}`.
    package func issue(
        type: String, holder: String, answers: [String: String], application: String, department: String = "",
        _ unit: UnitOfWork
    ) throws -> String {
        try issue(
            type: type, holder: holder, answers: answers, application: application, department: department,
            algorithm: .ed25519, unit
        ).name
    }

    func issue(
        type id: String, holder: String, answers: [String: String], application: String,
        department: String = "", algorithm: SignatureAlgorithm, _ unit: UnitOfWork
    ) throws -> Certificate {
        let catalogue: CertificateCatalogue = try catalogue()
        guard let type = catalogue.type(id) else { throw CertificateTexts.typeUnknown }
        guard let resident = try resident(holder, unit.connection) else {
            throw CertificateTexts.holderNotFound
        }
        let issuer: OrganizationRecord = try issuer(
            of: type, for: resident, department: department, unit)
        let issuerText: String = try text(of: issuer, unit.connection)
        let checked: [String: String] = try CertificateRules.check(
            answers, of: type, today: unit.now.shanghaiDate)
        let lines: [Credential.Line] = try CertificateRules.lines(
            of: type, checked, holder: try values(of: resident, unit.connection))
        let number: String = try store.nextNumber(unit)
        let key: CertificateKey = try keys.signing(algorithm, unit)
        let credential: Credential = Credential(
            type: type.id, number: number, title: type.title.zh, issuer: issuerText, lines: lines,
            issueTime: unit.now, expireTime: unit.now.adding(days: Int64(type.validityDays)),
            statusIndex: try store.freeIndex(unit))
        let certificate: Certificate = Certificate(
            number: number, type: type.id, typesVersion: catalogue.version, title: type.title,
            holder: resident.name, holderText: resident.maskedName, issuerText: issuerText,
            issuerPath: try place(of: issuer, unit.connection),
            departmentCode: issuer.level == .department ? issuer.code : nil, lines: lines,
            issueTime: credential.issueTime, expireTime: credential.expireTime, revokeTime: nil,
            revokeReason: "", keyID: key.id, algorithm: algorithm, statusIndex: credential.statusIndex,
            credential: try sign(credential, key), application: application, synthetic: resident.synthetic,
            version: 1)
        try store.insert(certificate, unit)
        try tell(certificate, CertificateTexts.issued(type.title, number), unit)
        try recordLook(at: resident, type, certificate, unit)
        unit.audit(
            action: "certificate.issue", subject: certificate.name,
            details: ["type": type.id, "holder": resident.name, "key": key.id, "application": application])
        unit.publish(
            DomainEvent(
                type: "certificate.issued", subject: certificate.name,
                payload: ["holder": resident.name, "type": type.id]))
        return certificate
    }

    /// Too long is the only way in which a checked credential cannot be signed.
    private func sign(_ credential: Credential, _ key: CertificateKey) throws -> String {
        let secret: SigningKey = try keys.open(key)
        do {
            return try credential.signed(by: secret)
        } catch CryptoError.malformed {
            throw CertificateTexts.tooLong
        }
    }

    private func resident(_ name: String, _ connection: any Connection) throws -> ResidentRecord? {
        let pattern: ResourceName.Pattern = "residents/{resident}"
        return try residents.find(
            connection, id: try ResourceName(parsing: name, pattern, field: "holder").id)
    }

    private func values(of resident: ResidentRecord, _ connection: any Connection) throws
        -> CertificateRules.Holder
    {
        CertificateRules.Holder(
            name: try residents.reveal(connection, id: resident.id, .fullName) ?? "",
            idNumber: try residents.reveal(connection, id: resident.id, .idNumber),
            phone: try residents.reveal(connection, id: resident.id, .phone) ?? "")
    }

    /// The body of the caller that issues: by a grant that reaches where the holder lives.
    private func issuer(
        of type: CertificateType, for resident: ResidentRecord, department: String, _ unit: UnitOfWork
    ) throws -> OrganizationRecord {
        let home: String =
            try resident.homeCode.flatMap { try Organizations.find(unit.connection, $0)?.path } ?? ""
        let granting: OrganizationRecord? = try Organizations.find(unit.connection, department).flatMap {
            try !home.isEmpty && home.hasPrefix(place(of: $0, unit.connection)) ? $0 : nil
        }
        let own: [OrganizationRecord] = try unit.principal.grants.filter { grant in
            CertificateRules.issuingRoles.contains(grant.role) && !home.isEmpty
                && home.hasPrefix(grant.scopePath)
        }.compactMap { try Organizations.find(unit.connection, $0.departmentCode ?? $0.scopeCode) }
        return try CertificateRules.issuer(
            of: type, among: [granting].compactMap { $0 } + own, holderPath: home)
    }

    /// Path of the place where the body works: of a department, the place that it belongs to, as in grants.
    private func place(of issuer: OrganizationRecord, _ connection: any Connection) throws -> String {
        guard issuer.level == .department, let parent = issuer.parentCode else { return issuer.path }
        return try Organizations.get(connection, parent).path
    }

    /// The issuer's name as it stands on paper and seal: of a department, with the place that it belongs to.
    private func text(of issuer: OrganizationRecord, _ connection: any Connection) throws -> String {
        guard issuer.level == .department, let parent = issuer.parentCode else { return issuer.name }
        return issuer.name(in: try Organizations.get(connection, parent))
    }

    /// Staff saw in the clear what the paper shows in the clear.
    private func recordLook(
        at resident: ResidentRecord, _ type: CertificateType, _ certificate: Certificate, _ unit: UnitOfWork
    ) throws {
        let fields: [ProtectedResidentField] = [
            type.clear.contains("name") ? .fullName : nil,
            type.clear.contains("id_number") ? .idNumber : nil, type.clear.contains("phone") ? .phone : nil,
        ].compactMap { $0 }
        guard unit.principal.kind == .staff, !fields.isEmpty else { return }
        try DataAccesses.record(
            unit, residentID: resident.id, viewer: certificate.issuerText, fields: fields,
            purpose: "出具\(type.title.zh)", subject: certificate.name)
    }

    private func tell(
        _ certificate: Certificate, _ text: (title: BilingualText, body: BilingualText), _ unit: UnitOfWork
    ) throws {
        try platform.messages.write(
            unit, to: certificate.holder, title: text.title, body: text.body, subject: certificate.name)
    }

    func revoke(_ certificate: Certificate, reason: String, _ unit: UnitOfWork) throws {
        try CertificateRules.checkRevocable(certificate)
        try store.revoke(certificate, reason: reason, unit)
        try tell(
            certificate, CertificateTexts.revoked(certificate.title, certificate.number, reason: reason), unit
        )
        unit.audit(subject: certificate.name, details: ["type": certificate.type])
        unit.publish(
            DomainEvent(
                type: "certificate.revoked", subject: certificate.name,
                payload: ["holder": certificate.holder, "type": certificate.type]))
    }

    // MARK: trust

    /// Keys and status list as they are now.
    func trust(_ context: ReadContext) throws -> TrustBundle {
        let list: StatusList = StatusList(
            sequence: try store.sequence(context.connection), time: context.now,
            nextUpdate: context.now.adding(hours: CertificateRules.statusListHours),
            capacity: CertificateRules.capacity(for: try store.count(context.connection) + 1),
            revoked: try store.revokedIndexes(context.connection))
        return TrustBundle(
            issuer: installation, keys: try keys.all(context.connection).map(\.trusted), statusList: list)
    }

    /// The same as a file, signed by the keys that sign now, and by the one before: whoever trusts only that one follows.
    func trustFile(_ context: ReadContext) throws -> TrustFile {
        let all: [CertificateKey] = try keys.all(context.connection).filter { $0.trusted.revokeTime == nil }
        let signing: [CertificateKey] = all.filter(\.signs).sorted {
            $0.algorithm.rawValue < $1.algorithm.rawValue
        }
        let retired: [CertificateKey] = all.filter { !$0.signs }.suffix(2)
        return try TrustFile(
            try trust(context), signedBy: try (signing + retired).map { try keys.open($0) })
    }

    // MARK: paper

    /// The PDF: made anew each time, always the same bytes, never kept.
    func pdf(_ certificate: Certificate) throws -> [UInt8] {
        let types: CertificateCatalogue? = platform.documents.value(
            .certificates, id: "types", version: certificate.typesVersion)
        guard let type = types?.type(certificate.type) else { throw CertificateTexts.typesMissing }
        let sheet: CertificateSheet = CertificateSheet(
            title: certificate.title.zh, number: certificate.number,
            lines: certificate.lines.map { CertificateSheet.Line(label: $0.label, value: $0.value) },
            statement: type.statement, issuer: certificate.issuerText,
            issueDate: certificate.issueTime.shanghaiDate, expireDate: certificate.expireTime.shanghaiDate,
            code: certificate.credential, notes: CertificateTexts.notes,
            isDemonstration: certificate.synthetic)
        return try sheet.pdf()
    }
}
