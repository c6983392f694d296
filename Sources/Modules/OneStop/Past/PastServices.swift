package import Contract
import Crypto
package import Kernel
package import Platform
import Storage

/// Services that were done before this store was there: told again, step by step, through the rules and the stores that
/// serve what happens now. A step that the rules refuse is refused here too.
///
/// Each step goes in a unit that `UnitOfWork.telling` made, with the time and the person of the step. Tell the steps of
/// all stories in the order of their times: lists show what was told last first.
package struct PastServices: Sendable {
    let applications: Applications
    let bundles: BundleDesk
    let mandates: MandateDesk
    let ratings: RatingDesk
    let certificates: CertificateBook

    /// What somebody did with an application after it was handed in.
    package enum Step: Sendable, Equatable {
        case accept
        case requestSupplement(questions: [String], points: [String])
        case supplement(answers: [OneStopV1.FormAnswer], note: String)
        case reject(reason: String, responsibleBody: String)
        /// The first procedure that the item allows.
        case startSpecial(note: String)
        case endSpecial(result: String)
        case decide(granted: Bool, reason: String)
        /// The counter took the fee.
        case confirmFee
        case deliver(String)
        case withdraw(reason: String)
        case urge
        /// The limit of the state was over; told by the system.
        case expire
        /// 1 非常满意 to 5 非常不满意.
        case rate(grade: Int, comment: String)
        /// After a rating; told by the system.
        case archiveRated(grade: Int)
    }

    /// Hands an application in for the person of the unit, with the form as it is now.
    ///
    /// - Parameter mandate: `mandates/{id}`; empty for oneself.
    /// - Returns: `applications/{number}`.
    package func submit(
        item: String, answers: [OneStopV1.FormAnswer], mandate: String = "", _ unit: UnitOfWork
    ) throws -> String {
        let revision: Int = try applications.openItem(item, unit.connection).revision
        return try applications.submit(
            ApplicationDraft(
                itemID: item, revision: revision, answers: answers, mandate: mandate, ticket: ""), unit
        ).name
    }

    /// Hands a bundle in for the person of the unit, without its optional parts.
    ///
    /// - Returns: the applications of the parts, by item.
    package func submit(bundle: String, answers: [OneStopV1.FormAnswer], _ unit: UnitOfWork) throws
        -> [String:
        String]
    {
        let made: BundleCase = try bundles.submit(
            OneStopV1.SubmitBundleRequest(name: "bundles/\(bundle)", answers: answers), unit)
        let parts: [ApplicationRecord] = try ApplicationStore.parts(of: made.id, unit.connection)
        return Dictionary(parts.map { ($0.itemID, $0.name) }, uniquingKeysWith: { first, _ in first })
    }

    /// Tells one step of an application.
    package func tell(_ step: Step, of application: String, _ unit: UnitOfWork) throws {
        let number: String = try Applications.number(application)
        guard let record: ApplicationRecord = try ApplicationStore.find(number, unit.connection) else {
            throw ApplicationTexts.notFound
        }
        switch step {
        case .requestSupplement(let questions, let points):
            _ = try applications.requestSupplement(of: record, questions: questions, points: points, unit)
        case .supplement(let answers, let note):
            let changed: ApplicationRecord = try applications.apply(.supplement(note: note), to: record, unit)
            try applications.supplement(changed, with: answers, note: note, unit)
        case .confirmFee: _ = try applications.confirmFee(record, unit)
        case .rate(let grade, let comment):
            _ = try ratings.rate(
                OneStopV1.RateServiceRequest(
                    subject: application, grade: Int32(grade),
                    comment: comment), unit)
        default: try applications.apply(try command(step, of: record, unit), to: record, unit)
        }
    }

    private func command(_ step: Step, of record: ApplicationRecord, _ unit: UnitOfWork) throws
        -> ApplicationCommand
    {
        switch step {
        case .accept: return .accept(note: "")
        case .reject(let reason, let body): return .reject(reason: reason, responsibleBody: body)
        case .startSpecial(let note):
            let item: RevisedItem = try applications.item(of: record, unit.connection)
            guard let procedure = item.definition.specialProcedures.first else {
                throw ApplicationTexts.procedureNotAllowed([])
            }
            return .startSpecial(procedure.kind, note: note)
        case .endSpecial(let result): return .endSpecial(result: result)
        case .decide(let granted, let reason): return .decide(granted: granted, reason: reason)
        case .deliver(let delivery): return .deliver(delivery)
        case .withdraw(let reason): return .withdraw(reason: reason)
        case .urge: return .urge
        case .expire: return .expire
        case .archiveRated(let grade): return .archiveRated(grade)
        case .requestSupplement, .supplement, .confirmFee, .rate:
            preconditionFailure("these are no commands")
        }
    }

    /// The person of the unit lets somebody act for them.
    ///
    /// - Returns: `mandates/{id}`.
    package func give(_ request: OneStopV1.CreateMandateRequest, _ unit: UnitOfWork) throws -> String {
        try mandates.create(request, unit).name
    }

    /// The office of the unit issues a certificate without an application.
    ///
    /// - Parameter holder: `residents/{id}`.
    /// - Returns: `certificates/{number}`.
    package func issue(type: String, holder: String, answers: [String: String], _ unit: UnitOfWork) throws
        -> String
    {
        try certificates.issue(type: type, holder: holder, answers: answers, application: "", unit)
    }

    package func revoke(certificate: String, reason: String, _ unit: UnitOfWork) throws {
        let number: String = String(certificate.dropFirst("certificates/".count))
        guard let found = try certificates.store.find(unit.connection, number: number) else {
            throw CertificateTexts.notFound
        }
        try certificates.revoke(found, reason: reason, unit)
    }

    /// Makes the key that certificates of `time` and later are signed with. Call it before the first step is told: keys are
    /// in the audit log of the store in which they are made.
    package func makeKey(for time: Instant, _ unit: UnitOfWork) throws {
        let key: CertificateKey = try certificates.keys.signing(
            .ed25519, unit.telling(at: time, by: unit.principal))
        unit.audit(action: "certificate.key.make", subject: "certificateKeys/\(key.id)")
    }
}
