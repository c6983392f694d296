import Contract
import Crypto
import Kernel
import Platform
import RPC
import Storage

/// `MandateService`: residents let others act for them.
struct MandateDesk: OneStopV1.MandateService {
    private typealias Methods = OneStopV1.MandateServiceMethods

    let platform: Platform
    /// Signs the text of mandates; what it signs for the audit log begins otherwise, so that neither stands for the other.
    let signer: NoteSigner
    /// Whether people who cannot exist may be named.
    let synthetic: SyntheticData

    static let pattern: ResourceName.Pattern = "mandates/{mandate}"
    private static let itemPattern: ResourceName.Pattern = "items/{item}"

    private var residents: Residents { Residents(keyring: platform.keyring) }
    private var staff: StaffAccounts { StaffAccounts(keyring: platform.keyring) }
    private var store: MandateStore { MandateStore(keyring: platform.keyring) }

    static let access: [AccessRule] = [
        AccessRule(Methods.createMandate, .resident(level: 2)),
        AccessRule(
            Methods.listMandates, .resident(level: 1), .staff(.counterClerk, .gridLeader, .gridWorker)),
        AccessRule(Methods.revokeMandate, .resident(level: 1)),
    ]

    /// Who is to act.
    private struct Agent {
        /// Empty if nobody has that phone and that name.
        var name: String
        /// Masked, or the office.
        var text: String
        /// For the signed text.
        var fullText: String
    }

    func createMandate(_ request: OneStopV1.CreateMandateRequest, _ call: ServerCall) async throws
        -> OneStopV1.Mandate
    {
        try await platform.perform(call, request, requestID: request.requestID, action: "mandate.create") {
            unit in
            try message(create(request, unit), for: unit.principal, unit.reading)
        }
    }

    /// The caller of the unit lets somebody act.
    func create(_ request: OneStopV1.CreateMandateRequest, _ unit: UnitOfWork) throws -> Mandate {
        let days: Int = try MandateRules.validity(request.validityDays)
        let itemID: String = try ResourceName(parsing: request.item, Self.itemPattern, field: "item").id
        guard let item: RevisedItem = try ItemStore.find(unit.connection, id: itemID) else {
            throw ItemTexts.notFound
        }
        guard
            try MandateStore.openCount(unit.connection, principal: unit.principal.name, now: unit.now)
                < MandateRules.openMax
        else { throw MandateTexts.tooMany }
        let agent: Agent = try agent(of: request, unit)
        let id: String = unit.newID()
        let until: Instant = unit.now.adding(days: Int64(days))
        let own: String = try residents.reveal(unit.connection, id: unit.principal.id, .fullName) ?? ""
        let text: String = MandateRules.text(
            id: id, principal: own, agent: agent.fullText,
            item: "\(item.content.name)（\(item.content.code)）", from: unit.now, until: until)
        let mandate: Mandate = Mandate(
            id: id, principal: unit.principal.name, principalText: FullName(stored: own).masked,
            agent: agent.name, agentText: agent.text, itemID: item.item.id, itemText: item.content.name,
            createTime: unit.now, expireTime: until, revokeTime: nil, signedText: try signed(text))
        try store.insert(mandate, unit.connection)
        if !mandate.agent.isEmpty {
            let words: (title: BilingualText, body: BilingualText) = MandateTexts.given(mandate)
            try platform.messages.write(
                unit, to: mandate.agent, title: words.title, body: words.body, subject: mandate.name)
        }
        unit.audit(subject: mandate.name, details: ["item": itemID, "days": String(days)])
        return mandate
    }

    func listMandates(_ request: OneStopV1.ListMandatesRequest, _ call: ServerCall) async throws
        -> OneStopV1.ListMandatesResponse
    {
        let principal: Principal = try call.requirePrincipal()
        let paging: Paging = try Paging(
            size: request.pageSize, token: request.pageToken, query: ["\(request.usableOnly)"])
        return try await platform.read(call) { context in
            let rows: [Mandate] = try store.list(
                context.connection, of: principal.name, usableAt: request.usableOnly ? context.now : nil,
                before: paging.after?[0], limit: paging.limit)
            let page = paging.cut(rows) { [$0.id] }
            return OneStopV1.ListMandatesResponse(
                mandates: try page.rows.map { try message($0, for: principal, context) },
                nextPageToken: page.nextPageToken)
        }
    }

    func revokeMandate(_ request: OneStopV1.RevokeMandateRequest, _ call: ServerCall) async throws
        -> OneStopV1.Mandate
    {
        let id: String = try ResourceName(parsing: request.name, Self.pattern).id
        return try await platform.perform(
            call, request, requestID: request.requestID, action: "mandate.revoke"
        ) { unit in
            guard var mandate: Mandate = try store.find(unit.connection, id: id),
                mandate.principal == unit.principal.name
            else { throw MandateTexts.notFound }
            unit.audit(subject: mandate.name)
            if try MandateStore.revoke(unit.connection, id: id, now: unit.now) {
                mandate.revokeTime = unit.now
                if !mandate.agent.isEmpty {
                    let words: (title: BilingualText, body: BilingualText) = MandateTexts.takenBack(mandate)
                    try platform.messages.write(
                        unit, to: mandate.agent, title: words.title, body: words.body, subject: mandate.name)
                }
            }
            return try message(mandate, for: unit.principal, unit.reading)
        }
    }

    private func agent(of request: OneStopV1.CreateMandateRequest, _ unit: UnitOfWork) throws -> Agent {
        let namesPerson: Bool = !request.agentPhone.isEmpty || !request.agentName.isEmpty
        guard namesPerson != !request.agentAccount.isEmpty else { throw MandateTexts.agentMissing }
        guard namesPerson else { return try office(request.agentAccount, unit) }
        let phone: PhoneNumber = try PhoneNumber(
            parsing: request.agentPhone, synthetic: synthetic, field: "agent_phone")
        let name: FullName = try FullName(parsing: request.agentName, field: "agent_name")
        let found: ResidentRecord? = try residents.find(unit.connection, phone: phone)
        if let found, found.name == unit.principal.name { throw MandateTexts.agentIsSelf }
        let fits: Bool =
            try found.map { record in
                try residents.reveal(unit.connection, id: record.id, .fullName) == name.text
            } ?? false
        return Agent(
            name: fits ? found?.name ?? "" : "", text: "\(name.masked)（\(phone.masked)）",
            fullText: "\(name.text)（\(phone.masked)）")
    }

    private func office(_ account: String, _ unit: UnitOfWork) throws -> Agent {
        guard let member: StaffRecord = try staff.find(unit.connection, account: account), !member.disabled,
            try staff.holds(MandateRules.agentRoles, unit.connection, staffID: member.id, now: unit.now)
        else { throw MandateTexts.accountUnknown }
        let body: String = try Organizations.find(unit.connection, member.organizationCode)?.name ?? ""
        return Agent(
            name: member.name, text: "\(body)\(member.post)", fullText: "\(body)\(member.post)")
    }

    private func signed(_ text: String) throws -> String {
        do {
            return try SignedNote(signing: text, with: [signer]).description
        } catch {
            throw MandateTexts.signingFailed
        }
    }

    private func message(_ mandate: Mandate, for principal: Principal, _ context: ReadContext) throws
        -> OneStopV1.Mandate
    {
        let isGiven: Bool = mandate.principal == principal.name
        let isParty: Bool = isGiven || mandate.agent == principal.name
        var message: OneStopV1.Mandate = OneStopV1.Mandate()
        message.name = mandate.name
        message.principalText = mandate.principalText
        if isParty {
            message.principalText =
                try residents.reveal(
                    context.connection, id: String(mandate.principal.dropFirst("residents/".count)),
                    .fullName) ?? mandate.principalText
            message.signedText = mandate.signedText
        }
        message.agentText = mandate.agentText
        message.item = "items/\(mandate.itemID)"
        message.itemText = mandate.itemText
        message.createTime = GoogleProtobuf.Timestamp(mandate.createTime)
        message.expireTime = GoogleProtobuf.Timestamp(mandate.expireTime)
        message.revokeTime = mandate.revokeTime.map { GoogleProtobuf.Timestamp($0) }
        message.given = isGiven
        message.usable = mandate.isUsable(at: context.now)
        return message
    }
}
