import Kernel
import Platform

/// Rules of points that need nothing but their values.
enum PointsRules {
    /// Days that a redemption's code can be used.
    static let codeDays: Int64 = 30
    /// Redemptions that one resident may have open at one time.
    static let openRedemptionsMax: Int = 20
    /// Why an entry is reversed; the resident reads it.
    static let reasonRule: TextRule = TextRule(2...200)

    /// When points that were earned at `time` expire: so many months after the end of that calendar month, in
    /// Asia/Shanghai.
    static func expireTime(earned time: Instant, months: Int) -> Instant {
        Instant(startOf: monthStart(time.shanghaiDate).adding(months: months + 1))
    }

    /// The first day of the calendar month of `date`.
    static func monthStart(_ date: CivilDate) -> CivilDate { date.adding(days: 1 - date.day) }

    /// The points that a rule gives now, after what it has given already; 0 when a cap is reached.
    ///
    /// - Precondition: the rule gives points; what costs points has no cap.
    static func award(_ rule: PointsCatalogue.Rule, earnedThisMonth: Int64, earnedToday: Int64) -> Int64 {
        precondition(rule.points > 0, "a rule that gives")
        let ofMonth: Int64 = rule.monthlyCap.map { Int64($0) - earnedThisMonth } ?? .max
        let ofDay: Int64 = rule.dailyCap.map { Int64($0) - earnedToday } ?? .max
        return max(0, min(Int64(rule.points), ofMonth, ofDay))
    }

    /// Takes points from lots, those first that expire first. Nil if there are not enough.
    static func take(_ points: Int64, from lots: [PointsLot]) -> [LotUse]? {
        var missing: Int64 = points
        var uses: [LotUse] = []
        for lot in lots.sorted(by: { ($0.expireTime, $0.id) < ($1.expireTime, $1.id) })
        where missing > 0 && lot.left > 0 {
            let taken: Int64 = min(missing, lot.left)
            uses.append(LotUse(lot: lot.id, points: taken))
            missing -= taken
        }
        return missing == 0 ? uses : nil
    }

    /// Pieces of an offer that are left this month, by its own stock and by what its partner takes; nil without limit.
    static func left(
        _ offer: PointsCatalogue.Offer, _ partner: PointsCatalogue.Partner?, pieces: Int, partnerPoints: Int64
    ) -> Int? {
        let ofStock: Int? = offer.monthlyStock.map { $0 - pieces }
        let ofPartner: Int? = partner.map {
            Int((Int64($0.monthlyCap) - partnerPoints) / Int64(offer.points))
        }
        return [ofStock, ofPartner].compactMap { $0 }.min().map { max(0, $0) }
    }
}

/// What is left of the points that one entry gave.
struct PointsLot: Sendable, Equatable {
    /// Id of the entry that gave them.
    let id: String
    let left: Int64
    let expireTime: Instant
}

/// Points that were taken from a lot.
struct LotUse: Sendable, Equatable {
    let lot: String
    let points: Int64
}

/// An account of the ledger. Only residents have a limit: they never owe points.
struct PointsAccountID: Sendable, Hashable {
    enum Kind: String, Sendable { case resident, issue, partner, expiry }
    let kind: Kind
    let id: String

    /// Where points come from; its balance is minus all that is about.
    static let issue: PointsAccountID = PointsAccountID(kind: .issue, id: "issue")
    /// Where points go that nobody used in time.
    static let expiry: PointsAccountID = PointsAccountID(kind: .expiry, id: "expiry")
    /// - Parameter name: `residents/{id}`.
    static func resident(_ name: String) -> PointsAccountID { PointsAccountID(kind: .resident, id: name) }
    static func partner(_ id: String) -> PointsAccountID {
        PointsAccountID(kind: .partner, id: "partners/\(id)")
    }
}

/// One side of a transaction.
struct Posting: Sendable, Equatable {
    let account: PointsAccountID
    let points: Int64
}

/// Points that go from accounts to accounts. None are made and none are lost: the postings sum to zero.
struct PointsTransaction: Sendable, Equatable {
    let postings: [Posting]

    /// Moves points between a resident and another account; negative points are taken from the resident.
    ///
    /// - Precondition: not zero points, and not the resident's own account.
    init(resident: String, _ points: Int64, against other: PointsAccountID) {
        self.init([
            Posting(account: .resident(resident), points: points), Posting(account: other, points: -points),
        ])
    }

    /// - Precondition: the postings sum to zero, none of them is zero, and no account stands there twice.
    init(_ postings: [Posting]) {
        precondition(PointsTransaction.isBalanced(postings), "postings that sum to zero")
        self.postings = postings
    }

    /// Whether the postings can stand as one transaction.
    static func isBalanced(_ postings: [Posting]) -> Bool {
        postings.count >= 2 && postings.allSatisfy { $0.points != 0 }
            && Set(postings.map(\.account)).count == postings.count
            && postings.reduce(0) { $0 + $1.points } == 0
    }
}
