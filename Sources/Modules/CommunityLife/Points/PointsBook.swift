import Kernel
import Platform

/// What can happen to points, each as part of one unit of work.
struct PointsBook: Sendable {
    let platform: Platform
    let redemptions: RedemptionStore

    init(platform: Platform) {
        self.platform = platform
        redemptions = RedemptionStore(keyring: platform.keyring)
    }

    /// Id of the document with the published rules.
    static let catalogueID: String = "community"

    /// The published rules, newest version.
    ///
    /// - Throws: FAILED_PRECONDITION (`POINTS_RULES_MISSING`) before they are imported.
    func catalogue() throws(Refusal) -> PointsCatalogue {
        guard
            let found = platform.documents.value(
                .points, id: Self.catalogueID, as: PointsCatalogue.self)
        else { throw PointsTexts.rulesMissing }
        return found.value
    }

    /// What a rule did.
    enum Outcome: Sendable, Equatable {
        case entry(LedgerEntry)
        /// The cap of the month or of the day is reached.
        case capped
        /// It was done before, or there is nothing to take.
        case nothing
    }

    /// Applies a rule for something that happened: gives its points, or takes them as far as there are any.
    func apply(
        _ rule: PointsCatalogue.Rule, of catalogue: PointsCatalogue, to resident: String, subject: String,
        event: String, _ unit: UnitOfWork
    ) throws -> Outcome {
        if try Ledger.hasEarned(
            unit.connection, resident, rule: rule.id, subject: subject, event: event)
        {
            return .nothing
        }
        try settle(resident, unit)
        var entry: LedgerEntry = LedgerEntry(
            id: unit.newID(), resident: resident, kind: .earned, points: 0, reason: rule.title,
            rule: rule.id, ruleVersion: catalogue.version, subject: subject, event: event,
            createTime: unit.now)
        guard rule.points > 0 else {
            entry.kind = .deducted
            return try deduct(Int64(-rule.points), entry, unit)
        }
        let today: CivilDate = unit.now.shanghaiDate
        let month: Instant = Instant(startOf: PointsRules.monthStart(today))
        entry.points = PointsRules.award(
            rule,
            earnedThisMonth: try Ledger.earned(unit.connection, resident, rule: rule.id, since: month),
            earnedToday: try Ledger.earned(
                unit.connection, resident, rule: rule.id, since: Instant(startOf: today)))
        guard entry.points > 0 else { return .capped }
        let expires: Instant = PointsRules.expireTime(earned: unit.now, months: catalogue.expiryMonths)
        return .entry(try Ledger.give(entry, from: .issue, expires: expires, unit))
    }

    /// A resident never owes points: what is not there is not taken.
    private func deduct(_ points: Int64, _ entry: LedgerEntry, _ unit: UnitOfWork) throws -> Outcome {
        let lots: [PointsLot] = try Ledger.lots(unit.connection, entry.resident)
        let taken: Int64 = min(points, lots.reduce(0) { $0 + $1.left })
        guard taken > 0, let uses: [LotUse] = PointsRules.take(taken, from: lots) else { return .nothing }
        var entry: LedgerEntry = entry
        entry.points = -taken
        return .entry(try Ledger.take(entry, to: .issue, uses: uses, unit))
    }

    /// Does what time has made due: codes that were not used give their points back, then points expire.
    func settle(_ resident: String, _ unit: UnitOfWork) throws {
        for redemption in try redemptions.overdue(unit.connection, resident, now: unit.now)
        where try redemptions.end(redemption, as: .expired, unit) {
            let entry: LedgerEntry = LedgerEntry(
                id: unit.newID(), resident: resident, kind: .returned, points: redemption.points,
                reason: PointsTexts.returned(redemption), subject: "redemptions/\(redemption.id)",
                createTime: unit.now)
            _ = try Ledger.giveBack(
                entry, from: .partner(redemption.partner), of: redemption.entry, unit)
        }
        let expired: [PointsLot] = try Ledger.lots(unit.connection, resident)
            .filter { $0.expireTime <= unit.now }
        guard !expired.isEmpty else { return }
        let entry: LedgerEntry = LedgerEntry(
            id: unit.newID(), resident: resident, kind: .expired,
            points: -expired.reduce(0) { $0 + $1.left }, reason: PointsTexts.expired, createTime: unit.now)
        _ = try Ledger.take(
            entry, to: .expiry, uses: expired.map { LotUse(lot: $0.id, points: $0.left) }, unit)
    }

    /// Takes the points for an offer and makes the code.
    func redeem(_ offerID: String, for resident: String, _ unit: UnitOfWork) throws -> Redemption {
        let catalogue: PointsCatalogue = try catalogue()
        guard let offer = catalogue.offer(offerID), let partner = catalogue.partner(offer.partner) else {
            throw PointsTexts.offerNotFound
        }
        try settle(resident, unit)
        guard try redemptions.openCount(unit.connection, resident) < PointsRules.openRedemptionsMax else {
            throw PointsTexts.tooManyOpen
        }
        if try left(offer, of: partner, unit.reading) == 0 { throw PointsTexts.soldOut(offer) }
        let lots: [PointsLot] = try Ledger.lots(unit.connection, resident)
        let points: Int64 = Int64(offer.points)
        guard let uses: [LotUse] = PointsRules.take(points, from: lots) else {
            throw PointsTexts.tooFew(offer, balance: try Ledger.balance(unit.connection, resident))
        }
        let id: String = unit.newID()
        let entry: LedgerEntry = try Ledger.take(
            LedgerEntry(
                id: unit.newID(), resident: resident, kind: .redeemed, points: -points,
                reason: PointsTexts.redeemed(offer), subject: "redemptions/\(id)", createTime: unit.now),
            to: .partner(partner.id), uses: uses, unit)
        let redemption: Redemption = Redemption(
            id: id, resident: resident, offer: offer.id, label: offer.title, partner: partner.id,
            partnerTitle: partner.title.zh, points: points, code: try redemptions.newCode(unit),
            state: .open, entry: entry.id, createTime: unit.now,
            expireTime: unit.now.adding(days: PointsRules.codeDays))
        try redemptions.insert(redemption, unit)
        return redemption
    }

    /// Pieces of an offer that are left in this month; nil without limit.
    func left(
        _ offer: PointsCatalogue.Offer, of partner: PointsCatalogue.Partner?, _ context: ReadContext
    ) throws -> Int? {
        let month: Instant = Instant(startOf: PointsRules.monthStart(context.now.shanghaiDate))
        let (pieces, points): (Int, Int64) = try redemptions.taken(
            context.connection, offer: offer.id, partner: offer.partner, since: month)
        return PointsRules.left(offer, partner, pieces: pieces, partnerPoints: points)
    }

    /// Confirms a code on handing over.
    func confirm(_ code: RedemptionCode, _ unit: UnitOfWork) throws -> Redemption {
        guard var redemption: Redemption = try redemptions.find(unit.connection, code: code) else {
            throw PointsTexts.codeNotFound
        }
        switch redemption.state {
        case .confirmed: throw PointsTexts.codeUsed
        case .expired: throw PointsTexts.codeExpired
        case .open: break
        }
        guard unit.now < redemption.expireTime else { throw PointsTexts.codeExpired }
        guard try redemptions.end(redemption, as: .confirmed, unit) else { throw PointsTexts.codeUsed }
        redemption.state = .confirmed
        unit.audit(
            subject: "redemptions/\(redemption.id)",
            details: ["offer": redemption.offer, "partner": redemption.partner])
        return redemption
    }

    /// Reverses an entry that a rule made. Of points that were given and are used by now, only the rest can be taken.
    func reverse(_ id: String, reason: String, _ unit: UnitOfWork) throws -> LedgerEntry {
        guard let original: LedgerEntry = try Ledger.find(unit.connection, id: id) else {
            throw PointsTexts.entryNotFound
        }
        guard original.kind == .earned || original.kind == .deducted else { throw PointsTexts.notReversible }
        if try Ledger.isReversed(unit.connection, id: id) { throw PointsTexts.reversedBefore }
        try settle(original.resident, unit)
        var entry: LedgerEntry = LedgerEntry(
            id: unit.newID(), resident: original.resident, kind: .reversal, points: -original.points,
            reason: PointsTexts.reversed(original, reason: reason), subject: original.subject,
            reverses: original.id, createTime: unit.now)
        if original.kind == .deducted {
            return try Ledger.giveBack(entry, from: .issue, of: original.id, unit)
        }
        let lots: [PointsLot] = try Ledger.lots(unit.connection, original.resident)
        // The points themselves go first, then those of other lots.
        let own: [PointsLot] = lots.filter { $0.id == original.id }
        let ownPart: Int64 = min(original.points, own.first?.left ?? 0)
        let rest: Int64 = min(
            original.points - ownPart, lots.filter { $0.id != original.id }.reduce(0) { $0 + $1.left })
        guard ownPart + rest > 0,
            let fromOwn: [LotUse] = PointsRules.take(ownPart, from: own),
            let fromRest: [LotUse] = PointsRules.take(rest, from: lots.filter { $0.id != original.id })
        else { throw PointsTexts.nothingLeft }
        entry.points = -(ownPart + rest)
        return try Ledger.take(entry, to: .issue, uses: fromOwn + fromRest, unit)
    }
}
