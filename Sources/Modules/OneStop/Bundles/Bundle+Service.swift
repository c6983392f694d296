import Contract
import Kernel
import Platform
import RPC
import Storage

/// `BundleService`: one form, one set of materials, several applications.
struct BundleDesk: OneStopV1.BundleService {
    private typealias Methods = OneStopV1.BundleServiceMethods

    let applications: Applications
    private var platform: Platform { applications.platform }

    private static let pattern: ResourceName.Pattern = "bundles/{bundle}"
    private static let casePattern: ResourceName.Pattern = "bundleCases/{bundle_case}"

    static let access: [AccessRule] = [
        AccessRule(Methods.listBundles, .anyone),
        AccessRule(Methods.getBundleForm, .resident(level: 1)),
        AccessRule(Methods.submitBundle, .resident(level: 1)),
        AccessRule(Methods.getBundleCase, .resident(level: 1)),
        AccessRule(Methods.listBundleCases, .resident(level: 1)),
    ]

    func listBundles(_ request: OneStopV1.ListBundlesRequest, _ call: ServerCall) async throws
        -> OneStopV1.ListBundlesResponse
    {
        let bundles: [BundleDefinition] = platform.documents.values(.bundles, as: BundleDefinition.self)
        return try await platform.read(call) { context in
            OneStopV1.ListBundlesResponse(
                bundles: try bundles.map { bundle in
                    OneStopV1.Bundle(
                        name: "bundles/\(bundle.id)", title: PlatformV1.Text(bundle.title),
                        description: PlatformV1.Text(bundle.description),
                        parts: try bundle.parts.map { part in
                            OneStopV1.BundlePart(
                                item: "items/\(part.item)",
                                itemText: try ItemStore.find(context.connection, id: part.item)?.content.name
                                    ?? part.item,
                                after: part.after.map { "items/\($0)" }, optional: part.isOptional)
                        })
                })
        }
    }

    func getBundleForm(_ request: OneStopV1.GetBundleFormRequest, _ call: ServerCall) async throws
        -> OneStopV1.GetFormResponse
    {
        let bundle: BundleDefinition = try bundle(request.name)
        let wanted: Set<String> = try Self.wanted(request.optionalItems)
        let principal: Principal = try call.requirePrincipal()
        return try await platform.read(call) { context in
            let parts: [BundleDefinition.Part] = try bundle.chosen(wanted)
            let items: [RevisedItem] = try parts.map { try item($0, context.connection) }
            let merged: BundleForm = try form(of: items)
            var answer: OneStopV1.GetFormResponse = OneStopV1.GetFormResponse()
            for (part, item) in items.enumerated() {
                let one: OneStopV1.GetFormResponse = try applications.forms.form(
                    for: item, person: principal.name, context)
                for known in one.knownAnswers {
                    var known: OneStopV1.KnownAnswer = known
                    known.question = merged.asked(known.question, part)
                    guard !answer.knownAnswers.contains(where: { $0.question == known.question }) else {
                        continue
                    }
                    answer.knownAnswers.append(known)
                }
            }
            answer.form = OneStopV1.Form(
                title: bundle.title.zh, revision: Int32(clamping: bundle.version),
                intro: PlatformV1.Text(bundle.description),
                questions: merged.questions.map { $0.message(today: context.now.shanghaiDate) },
                eligibility: merged.eligibility.map(\.message),
                identityLevel: Int32(clamping: items.map(\.definition.identityLevel).max() ?? 0),
                general: true)
            return answer
        }
    }

    private func form(of items: [RevisedItem]) throws -> BundleForm {
        BundleForm(try items.map { try applications.forms.definition(for: $0).form })
    }

    private static func wanted(_ names: [String]) throws -> Set<String> {
        Set(
            try names.map {
                try ResourceName(parsing: $0, Applications.itemPattern, field: "optional_items").id
            })
    }

    func submitBundle(_ request: OneStopV1.SubmitBundleRequest, _ call: ServerCall) async throws
        -> OneStopV1.BundleCase
    {
        try await platform.perform(call, request, requestID: request.requestID, action: "bundle.submit") {
            unit in
            try message(submit(request, unit), unit.reading)
        }
    }

    /// Hands a bundle in for the caller of the unit.
    func submit(_ request: OneStopV1.SubmitBundleRequest, _ unit: UnitOfWork) throws -> BundleCase {
        let bundle: BundleDefinition = try bundle(request.name)
        let wanted: Set<String> = try Self.wanted(request.optionalItems)
        let parts: [BundleDefinition.Part] = try bundle.chosen(wanted)
        let made: BundleCase = BundleCase(
            id: unit.newID(), bundleID: bundle.id, title: bundle.title, applicant: unit.principal.name,
            parts: parts, createTime: unit.now)
        try BundleStore.insert(made, unit.connection)
        unit.audit(subject: made.name, details: ["bundle": bundle.id, "parts": String(parts.count)])
        try make(made, request.answers, unit)
        return made
    }

    /// Makes the applications of a case, all waiting, then lets those go that wait for nothing.
    private func make(_ bundle: BundleCase, _ answers: [OneStopV1.FormAnswer], _ unit: UnitOfWork) throws {
        var files: Set<String> = []
        var made: [String: ApplicationRecord] = [:]
        let items: [RevisedItem] = try bundle.parts.map { try item($0, unit.connection) }
        let merged: BundleForm = try form(of: items)
        try merged.checkQuestions(of: answers.map(\.question))
        for (index, (part, item)) in zip(bundle.parts, items).enumerated() {
            let party: ApplicationParty = try applications.party(
                of: unit.principal, mandate: "", item: part.item, unit.reading)
            try applications.check(level: party.person.level, item)
            let form: ItemForm = try applications.forms.definition(for: item)
            let own: [OneStopV1.FormAnswer] = form.form.questions.compactMap { question in
                var answer: OneStopV1.FormAnswer? = answers.first {
                    $0.question == merged.asked(question.id, index)
                }
                answer?.question = question.id
                return answer
            }
            let kept: [KeptAnswer] = try applications.forms.settle(
                own, by: form.form, for: party.person.name, unit.reading)
            let hash: [UInt8] = try applications.checkedHash(
                of: kept, item: item, person: party.person.name, unit)
            var record: ApplicationRecord = try applications.begin(
                item, form, party, ticket: "", bundleCase: bundle.id, unit)
            record.details.blockedBy = part.after.compactMap { made[$0]?.itemText }.joined(separator: "、")
            made[part.item] = try applications.store.insert(
                record, answers: kept, hash: hash, unit.connection)
            try applications.forms.remember(kept, by: form.form, of: item, for: party.person.name, unit)
            files.formUnion(kept.map(\.file).filter { !$0.isEmpty })
        }
        try platform.files.attach(unit, names: files.sorted(), subject: bundle.name)
        for part in bundle.parts where part.after.isEmpty {
            guard let record = made[part.item] else { continue }
            try applications.apply(.submit, to: record, unit)
        }
    }

    func getBundleCase(_ request: OneStopV1.GetBundleCaseRequest, _ call: ServerCall) async throws
        -> OneStopV1.BundleCase
    {
        let id: String = try ResourceName(parsing: request.name, Self.casePattern).id
        let principal: Principal = try call.requirePrincipal()
        return try await platform.read(call) { context in
            guard let found = try BundleStore.find(id, context.connection), found.applicant == principal.name
            else { throw BundleTexts.caseNotFound }
            return try message(found, context)
        }
    }

    func listBundleCases(_ request: OneStopV1.ListBundleCasesRequest, _ call: ServerCall) async throws
        -> OneStopV1.ListBundleCasesResponse
    {
        let principal: Principal = try call.requirePrincipal()
        let paging: Paging = try Paging(size: request.pageSize, token: request.pageToken, query: ["bundles"])
        return try await platform.read(call) { context in
            let rows: [BundleCase] = try BundleStore.list(
                applicant: principal.name, before: paging.after?[0], limit: paging.limit, context.connection)
            let page = paging.cut(rows) { [$0.id] }
            return OneStopV1.ListBundleCasesResponse(
                cases: try page.rows.map { try message($0, context) }, nextPageToken: page.nextPageToken)
        }
    }

    private func bundle(_ name: String) throws -> BundleDefinition {
        let id: String = try ResourceName(parsing: name, Self.pattern).id
        guard let found = platform.documents.value(.bundles, id: id, as: BundleDefinition.self) else {
            throw BundleTexts.notFound
        }
        return found.value
    }

    private func item(_ part: BundleDefinition.Part, _ connection: any Connection) throws -> RevisedItem {
        guard let item: RevisedItem = try ItemStore.find(connection, id: part.item), item.acceptsApplications
        else { throw BundleTexts.itemMissing(part.item) }
        return item
    }

    private func message(_ bundle: BundleCase, _ context: ReadContext) throws -> OneStopV1.BundleCase {
        let records: [ApplicationRecord] = try ApplicationStore.parts(of: bundle.id, context.connection)
        return OneStopV1.BundleCase(
            name: bundle.name, bundle: "bundles/\(bundle.bundleID)", title: PlatformV1.Text(bundle.title),
            parts: try records.map { record in
                let view: ApplicationView = try applications.view(record, now: context.now)
                return OneStopV1.BundleCasePart(
                    item: "items/\(record.itemID)", itemText: record.itemText, application: record.name,
                    state: ApplicationWire.state(record.state),
                    stateText: PlatformV1.Text(ApplicationTexts.state(view)))
            },
            createTime: GoogleProtobuf.Timestamp(bundle.createTime),
            summary: PlatformV1.Text(BundleTexts.summary(records)))
    }
}
