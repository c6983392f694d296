import Contract
import Kernel
import Platform
import RPC

/// `PointsService`: a resident sees and uses points, a partner confirms, the community corrects. Nobody can list or
/// rank the points of others.
struct PointsDesk: CommunityLifeV1.PointsService {
    private typealias Methods = CommunityLifeV1.PointsServiceMethods

    let platform: Platform
    let book: PointsBook

    init(platform: Platform) {
        self.platform = platform
        book = PointsBook(platform: platform)
    }

    static let access: [AccessRule] = [
        AccessRule(Methods.getPointsAccount, .resident(level: 1)),
        AccessRule(Methods.listPointsEntries, .resident(level: 1), correctors),
        AccessRule(Methods.listPointsRules, .anyone),
        AccessRule(Methods.listOffers, .signedIn),
        AccessRule(Methods.redeemOffer, .resident(level: 1)),
        AccessRule(Methods.confirmRedemption, .staff(.partnerClerk)),
        AccessRule(Methods.listRedemptions, .resident(level: 1)),
        AccessRule(Methods.reversePointsEntry, correctors),
    ]

    private static let correctors: Audience = .staff(.operator, .dataEditor)

    private static let entryName: ResourceName.Pattern = "pointsEntries/{entry}"
    private static let offerName: ResourceName.Pattern = "offers/{offer}"

    func getPointsAccount(_ request: CommunityLifeV1.GetPointsAccountRequest, _ call: ServerCall)
        async throws -> CommunityLifeV1.PointsAccount
    {
        let principal: Principal = try call.requirePrincipal()
        try await settle(principal.name, call)
        return try await platform.read(call) { context in
            let lots: [PointsLot] = try Ledger.lots(context.connection, principal.name)
            let next: Instant? = lots.first?.expireTime
            return CommunityLifeV1.PointsAccount(
                name: "pointsAccounts/\(principal.id)",
                balance: try Ledger.balance(context.connection, principal.name),
                expiringPoints: lots.filter { $0.expireTime == next }.reduce(0) { $0 + $1.left },
                expiringTime: next.map { .init($0) })
        }
    }

    func listPointsEntries(_ request: CommunityLifeV1.ListPointsEntriesRequest, _ call: ServerCall)
        async throws -> CommunityLifeV1.ListPointsEntriesResponse
    {
        let principal: Principal = try call.requirePrincipal()
        guard principal.kind == .resident else { return try await entriesOfMatter(request, call) }
        let paging: Paging = try Paging(size: request.pageSize, token: request.pageToken, query: [])
        try await settle(principal.name, call)
        return try await platform.read(call) { context in
            let rows: [LedgerEntry] = try Ledger.list(
                context.connection, principal.name, before: paging.after?[0], limit: paging.limit)
            let page = paging.cut(rows) { [$0.id] }
            return CommunityLifeV1.ListPointsEntriesResponse(
                entries: page.rows.map(\.message), nextPageToken: page.nextPageToken)
        }
    }

    /// For a correction: what one matter led to, without the balance of anybody.
    private func entriesOfMatter(_ request: CommunityLifeV1.ListPointsEntriesRequest, _ call: ServerCall)
        async throws -> CommunityLifeV1.ListPointsEntriesResponse
    {
        let subject: String = request.subject
        guard !subject.isEmpty else { throw PointsTexts.subjectMissing }
        let paging: Paging = try Paging(
            size: request.pageSize, token: request.pageToken, query: ["subject", subject])
        return try await platform.read(call) { context in
            let rows: [LedgerEntry] = try Ledger.list(
                context.connection, about: subject, before: paging.after?[0], limit: paging.limit)
            let page = paging.cut(rows) { [$0.id] }
            return CommunityLifeV1.ListPointsEntriesResponse(
                entries: page.rows.map { $0.message.withoutBalance }, nextPageToken: page.nextPageToken)
        }
    }

    func listPointsRules(_ request: CommunityLifeV1.ListPointsRulesRequest, _ call: ServerCall) async throws
        -> CommunityLifeV1.ListPointsRulesResponse
    {
        let catalogue: PointsCatalogue = try book.catalogue()
        return CommunityLifeV1.ListPointsRulesResponse(
            rules: catalogue.rules.map { rule in
                CommunityLifeV1.PointsRule(
                    id: rule.id, label: .init(rule.title), points: Int64(rule.points),
                    monthlyCap: Int64(rule.monthlyCap ?? 0), version: Int32(catalogue.version))
            }, expiryMonths: Int32(catalogue.expiryMonths))
    }

    func listOffers(_ request: CommunityLifeV1.ListOffersRequest, _ call: ServerCall) async throws
        -> CommunityLifeV1.ListOffersResponse
    {
        let catalogue: PointsCatalogue = try book.catalogue()
        return try await platform.read(call) { context in
            CommunityLifeV1.ListOffersResponse(
                offers: try catalogue.offers.map { offer in
                    let partner: PointsCatalogue.Partner? = catalogue.partner(offer.partner)
                    let left: Int? = try book.left(offer, of: partner, context)
                    return CommunityLifeV1.Offer(
                        name: "offers/\(offer.id)", label: .init(offer.title),
                        partner: partner?.title.zh ?? "", points: Int64(offer.points),
                        leftThisMonth: left.map { Int32(clamping: $0) } ?? -1)
                })
        }
    }

    func redeemOffer(_ request: CommunityLifeV1.RedeemOfferRequest, _ call: ServerCall) async throws
        -> CommunityLifeV1.Redemption
    {
        let offer: String = try ResourceName(parsing: request.name, Self.offerName).id
        return try await platform.perform(
            call, request, requestID: request.requestID, action: "points.redeem"
        ) { unit in
            try book.redeem(offer, for: unit.principal.name, unit).message(for: unit.principal)
        }
    }

    func confirmRedemption(_ request: CommunityLifeV1.ConfirmRedemptionRequest, _ call: ServerCall)
        async throws -> CommunityLifeV1.Redemption
    {
        let code: RedemptionCode = try RedemptionCode(parsing: request.code)
        let owner: String? = try await platform.read(call) { context in
            try book.redemptions.find(context.connection, code: code)?.resident
        }
        // In a transaction of its own, so that the points go back although the confirmation is then refused.
        if let owner { try await settle(owner, call) }
        return try await platform.perform(
            call, request, requestID: request.requestID, action: "redemption.confirm"
        ) { unit in try book.confirm(code, unit).message(for: unit.principal) }
    }

    func listRedemptions(_ request: CommunityLifeV1.ListRedemptionsRequest, _ call: ServerCall) async throws
        -> CommunityLifeV1.ListRedemptionsResponse
    {
        let principal: Principal = try call.requirePrincipal()
        let paging: Paging = try Paging(size: request.pageSize, token: request.pageToken, query: [])
        try await settle(principal.name, call)
        return try await platform.read(call) { context in
            let rows: [Redemption] = try book.redemptions.list(
                context.connection, principal.name, before: paging.after?[0], limit: paging.limit)
            let page = paging.cut(rows) { [$0.id] }
            return CommunityLifeV1.ListRedemptionsResponse(
                redemptions: page.rows.map { $0.message(for: principal) }, nextPageToken: page.nextPageToken)
        }
    }

    func reversePointsEntry(_ request: CommunityLifeV1.ReversePointsEntryRequest, _ call: ServerCall)
        async throws -> CommunityLifeV1.PointsEntry
    {
        let id: String = try ResourceName(parsing: request.name, Self.entryName).id
        let reason: String = try PointsRules.reasonRule.apply(request.reason, field: "reason")
        return try await platform.perform(
            call, request, requestID: request.requestID, action: "points.reverse"
        ) { unit in
            let entry: LedgerEntry = try book.reverse(id, reason: reason, unit)
            let text = PointsTexts.reversedMessage(entry)
            try platform.messages.write(
                unit, to: entry.resident, title: text.title, body: text.body, subject: entry.subject)
            return entry.message.withoutBalance
        }
    }

    /// Does what time has made due for one resident; mostly nothing, and then it writes nothing.
    private func settle(_ resident: String, _ call: ServerCall) async throws {
        let due: Bool = try await platform.read(call) { context in
            try RedemptionStore.isDue(context.connection, resident, now: context.now)
        }
        guard due else { return }
        try await platform.performAsSystem(action: "points.settle") { unit in
            try book.settle(resident, unit)
        }
    }
}

extension LedgerEntry {
    /// The entry as the account's owner sees it.
    var message: CommunityLifeV1.PointsEntry {
        CommunityLifeV1.PointsEntry(
            name: "pointsEntries/\(id)", points: points, balanceAfter: balanceAfter, reason: .init(reason),
            rule: rule, subject: subject, createTime: .init(createTime),
            expireTime: expireTime.map { .init($0) },
            reverses: reverses.map { "pointsEntries/\($0)" } ?? "")
    }
}

extension CommunityLifeV1.PointsEntry {
    /// As staff may see it: what somebody has is their own business.
    fileprivate var withoutBalance: Self {
        var entry: Self = self
        entry.balanceAfter = 0
        return entry
    }
}

extension Redemption {
    /// The redemption as this caller may see it: the code is for its resident, while it can be used.
    func message(for principal: Principal) -> CommunityLifeV1.Redemption {
        let showsCode: Bool = state == .open && principal.name == resident
        return CommunityLifeV1.Redemption(
            name: "redemptions/\(id)", offer: "offers/\(offer)", label: .init(label), points: points,
            code: showsCode ? code.grouped : "", state: .init(rawValue: Int32(state.rawValue)),
            expireTime: .init(expireTime), createTime: .init(createTime), partner: partnerTitle)
    }
}
