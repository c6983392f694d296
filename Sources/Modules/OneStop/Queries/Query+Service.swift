import Contract
import Crypto
import Kernel
import Platform
import RPC

/// `QueryService`: one protocol for all query items, whether a data set or a department's own system answers.
struct QueryDesk: OneStopV1.QueryService {
    private typealias Methods = OneStopV1.QueryServiceMethods

    let platform: Platform
    let signer: NoteSigner
    let pool: ConnectorPool
    let book: DataSetBook
    private var sets: DataSetStore { DataSetStore(keyring: platform.keyring) }
    private var residents: Residents { Residents(keyring: platform.keyring) }
    private var mandates: MandateStore { MandateStore(keyring: platform.keyring) }

    init(platform: Platform, signer: NoteSigner, pool: ConnectorPool, book: DataSetBook) {
        self.platform = platform
        self.signer = signer
        self.pool = pool
        self.book = book
    }

    static let access: [AccessRule] = [
        AccessRule(Methods.getQuery, .anyone),
        // Public answers for everybody who is known, also at a kiosk before anybody has signed in; personal ones for
        // residents, and for whoever holds a mandate: `QueryRules.authorize`.
        AccessRule(Methods.runQuery, .resident(level: 1), .staff(), .device),
        AccessRule(Methods.getQueryReceipt, .anyone),
        AccessRule(Methods.importDataSet, .staff(.dataEditor, .operator)),
        AccessRule(Methods.listDataSets, .staff(.dataEditor, .operator)),
        AccessRule(Methods.registerConnector, .staff(.operator)),
        AccessRule(Methods.listConnectors, .staff(.operator, .dataEditor)),
        AccessRule(Methods.removeConnector, .staff(.operator)),
    ]

    static let itemName: ResourceName.Pattern = "items/{item}"

    func getQuery(_ request: OneStopV1.GetQueryRequest, _ call: ServerCall) async throws -> OneStopV1.Query {
        let id: String = try ResourceName(parsing: request.item, Self.itemName, field: "item").id
        return try await platform.read(call) { context in
            let item: StoredItem = try Self.item(context, id: id)
            let source: QuerySource = try QueryStore.source(context.connection, code: item.content.code)
            return source.message(of: item)
        }
    }

    func getQueryReceipt(_ request: OneStopV1.GetQueryReceiptRequest, _ call: ServerCall) async throws
        -> OneStopV1.QueryReceipt
    {
        let number: String = try CheckedNumber(
            parsing: request.number, kind: QueryReceipt.number, field: "number"
        ).description
        return try await platform.read(call) { context in
            guard let receipt: QueryReceipt = try QueryStore.receipt(context.connection, number: number)
            else { throw QueryTexts.receiptNotFound }
            return receipt.message
        }
    }

    func runQuery(_ request: OneStopV1.RunQueryRequest, _ call: ServerCall) async throws
        -> OneStopV1.QueryAnswer
    {
        let id: String = try ResourceName(parsing: request.item, Self.itemName, field: "item").id
        let principal: Principal = try call.requirePrincipal()
        // A department is not asked again for what was answered before.
        if let first: OneStopV1.QueryAnswer = try await platform.replayed(
            call, request, requestID: request.requestID)
        {
            return first
        }
        let asked: Asked = try await platform.read(call) { context in
            try ask(request, itemID: id, principal, context)
        }
        switch asked.source {
        case .none: throw QueryTexts.notConnected(asked.item)
        case .dataSet(let set):
            let content: QueryContent = try await platform.read(call) { context in
                try self.content(of: set, asked, context)
            }
            return try await answer(asked, content, number: nil, request, call)
        case .connector(let record, _):
            let (number, content): (String, QueryContent) = try await askDepartment(record, asked, call)
            return try await answer(asked, content, number: number, request, call)
        }
    }

    /// A question that may be asked and whose answers are right.
    private struct Asked: Sendable {
        let item: StoredItem
        let source: QuerySource
        /// Nil for public answers.
        let subject: QuerySubject?
        let answers: [String: String]
    }

    private func ask(
        _ request: OneStopV1.RunQueryRequest, itemID: String, _ principal: Principal, _ context: ReadContext
    ) throws -> Asked {
        let item: StoredItem = try Self.item(context, id: itemID)
        let source: QuerySource = try QueryStore.source(context.connection, code: item.content.code)
        if case .none = source { throw QueryTexts.notConnected(item) }
        try QueryRules.authorize(source, principal, byMandate: !request.mandate.isEmpty)
        var subject: QuerySubject?
        if source.isPersonal {
            subject = try self.subject(request.mandate, item, source, principal, context)
        } else if !request.mandate.isEmpty {
            throw QueryTexts.mandateUseless
        }
        let questions: [QueryQuestion] = QueryQuestion.of(source, code: item.content.code)
        return Asked(
            item: item, source: source, subject: subject,
            answers: try QueryQuestion.check(questions, request.parameters))
    }

    /// About whom it is: the caller, or whoever gave the caller a mandate for this very item.
    private func subject(
        _ name: String, _ item: StoredItem, _ source: QuerySource, _ principal: Principal,
        _ context: ReadContext
    ) throws -> QuerySubject {
        guard !name.isEmpty else { return try subject(principal.id, mandate: nil, context) }
        let mandate: Mandate = try mandates.usable(
            name, agent: principal.name, item: item.id, now: context.now, context.connection)
        guard
            let giver: ResidentRecord = try residents.find(
                context.connection, id: String(mandate.principal.dropFirst("residents/".count)))
        else { throw MandateTexts.notFound }
        try QueryRules.check(level: giver.level, source)
        return try subject(giver.id, mandate: mandate, context)
    }

    private func subject(_ resident: String, mandate: Mandate?, _ context: ReadContext) throws
        -> QuerySubject
    {
        guard
            let number: String = try residents.reveal(context.connection, id: resident, .idNumber),
            let name: String = try residents.reveal(context.connection, id: resident, .fullName)
        else { throw QueryTexts.idNumberMissing }
        return QuerySubject(resident: resident, idNumber: number, fullName: name, mandate: mandate)
    }

    private func content(of set: StoredDataSet, _ asked: Asked, _ context: ReadContext) throws
        -> QueryContent
    {
        guard let item: DataSetSchema.Item = set.schema.item(asked.item.content.code) else {
            throw QueryTexts.notConnected(asked.item)
        }
        let rows: [[String]] = try sets.rows(
            context.connection, of: set, item: item, subject: asked.subject?.idNumber,
            answers: asked.answers, limit: QueryContent.rowsMax + 1)
        return QueryContent(
            columns: set.schema.shown.map { QueryContent.Column(id: $0.id, label: $0.label) },
            rows: Array(rows.prefix(QueryContent.rowsMax)), truncated: rows.count > QueryContent.rowsMax,
            notice: set.schema.notice, source: QueryTexts.source(set), asOf: set.asOf)
    }

    /// Asks a department's system. Before anything personal leaves the house, that it does is written down.
    private func askDepartment(_ record: ConnectorRecord, _ asked: Asked, _ call: ServerCall) async throws
        -> (number: String, content: QueryContent)
    {
        let number: String = try await platform.perform(call, action: "query.ask_department") { unit in
            let number: String = try QueryStore.nextNumber(unit)
            unit.audit(
                subject: "queryReceipts/\(number)",
                details: [
                    "item": "items/\(asked.item.id)", "connector": "connectors/\(record.id)",
                    "personal": asked.subject == nil ? "no" : "yes",
                    "mandate": asked.subject?.mandate?.name ?? "",
                ])
            try recordLook(asked, number, unit)
            return number
        }
        let question: OneStopV1.AnswerQueryRequest = OneStopV1.AnswerQueryRequest(
            itemCode: asked.item.content.code,
            parameters: asked.answers.sorted { $0.key < $1.key }.map { .init(id: $0.key, value: $0.value) },
            subjectIDNumber: asked.subject?.idNumber ?? "", subjectName: asked.subject?.fullName ?? "",
            receiptNumber: QueryReceipt.spaced(number),
            purpose: asked.subject.map { $0.mandate == nil ? "本人查询" : "受托查询" } ?? "公开查询")
        do {
            switch try await pool.ask(record, question) {
            case .content(let content): return (number, content)
            case .declined(let words): throw QueryTexts.declined(asked.item, words)
            }
        } catch let fault as ConnectorFault {
            throw QueryTexts.unavailable(asked.item, fault)
        }
    }

    /// Writes the receipt, and gives the answer with it.
    private func answer(
        _ asked: Asked, _ content: QueryContent, number: String?, _ request: OneStopV1.RunQueryRequest,
        _ call: ServerCall
    ) async throws -> OneStopV1.QueryAnswer {
        try await platform.perform(
            call, request, requestID: request.requestID, action: "query.run"
        ) { unit in
            let salt: [UInt8] = unit.environment.randomBytes(QueryHash.saltBytes)
            let receipt: QueryReceipt = try QueryReceipt(
                number: number ?? QueryStore.nextNumber(unit), item: asked.item, content: content,
                answerTime: unit.now,
                requestHash: QueryHash.request(
                    salt, item: "items/\(asked.item.id)", mandate: request.mandate, answers: asked.answers),
                answerHash: QueryHash.answer(salt, content), signer: signer)
            try QueryStore.insert(receipt, unit.connection)
            // How many rows there are would tell about a person, so it is not said here.
            unit.audit(
                subject: "queryReceipts/\(receipt.number)",
                details: [
                    "item": "items/\(asked.item.id)", "personal": asked.subject == nil ? "no" : "yes",
                    "mandate": asked.subject?.mandate?.name ?? "",
                ])
            if number == nil { try recordLook(asked, receipt.number, unit) }
            return content.message(receipt, salt: salt, subject: asked.subject)
        }
    }

    /// Whoever gave a mandate sees in the list of looks that it was used, by whom.
    private func recordLook(_ asked: Asked, _ number: String, _ unit: UnitOfWork) throws {
        guard let subject: QuerySubject = asked.subject, let mandate: Mandate = subject.mandate else {
            return
        }
        try DataAccesses.record(
            unit, residentID: subject.resident, viewer: "受托人 \(mandate.agentText)",
            fields: [.fullName, .idNumber], purpose: QueryTexts.lookPurpose(asked.item),
            subject: "queryReceipts/\(number)")
    }

    private static func item(_ context: ReadContext, id: String) throws -> StoredItem {
        guard let item: StoredItem = try ItemStore.head(context.connection, id: id) else {
            throw ItemTexts.notFound
        }
        guard item.content.kind == .query else { throw QueryTexts.notQuery }
        return item
    }
}
