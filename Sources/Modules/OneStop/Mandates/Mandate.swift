import Kernel
import Platform

/// Somebody acts for somebody else 帮办代办: for one item, until a day.
struct Mandate: Sendable, Equatable {
    var id: String
    /// `residents/{id}` of whoever gave it.
    var principal: String
    /// Masked.
    var principalText: String
    /// `residents/{id}` or `staff/{id}`; empty if nobody has the phone and the name that were given. Whoever gave it is
    /// not told the difference, so that mandates do not find out who has an account.
    var agent: String
    /// Who is to act, as whoever gave it wrote it down, masked; for staff, their office.
    var agentText: String
    var itemID: String
    var itemText: String
    var createTime: Instant
    var expireTime: Instant
    var revokeTime: Instant?
    /// What it says, signed by the server: a C2SP signed note.
    var signedText: String

    /// `mandates/{id}`.
    var name: String { "mandates/\(id)" }

    func isUsable(at now: Instant) -> Bool { revokeTime == nil && now < expireTime }
}

/// Limits of mandates, and what has to hold before one is used.
enum MandateRules {
    static let validityDays: ClosedRange<Int> = 1...90
    static let validityStandard: Int = 30
    /// Mandates that one person may have running at one time.
    static let openMax: Int = 20
    /// Staff who help others to apply: counters and agency points 帮办代办点.
    static let agentRoles: [Role] = [.counterClerk, .gridLeader, .gridWorker]

    /// Days of a mandate that was asked for with `days`, where 0 means the standard.
    static func validity(_ days: Int32) throws(Refusal) -> Int {
        if days == 0 { return validityStandard }
        guard validityDays.contains(Int(days)) else { throw MandateTexts.validityRange }
        return Int(days)
    }

    /// Lets an agent use a mandate for an item, or says why not. Whoever does not hold it learns nothing of it.
    static func check(_ mandate: Mandate?, agent: String, item: String, now: Instant) throws(Refusal)
        -> Mandate
    {
        guard let mandate, mandate.agent == agent, !agent.isEmpty else { throw MandateTexts.notFound }
        guard mandate.revokeTime == nil else { throw MandateTexts.revoked }
        guard now < mandate.expireTime else { throw MandateTexts.expired(mandate.expireTime) }
        guard mandate.itemID == item else { throw MandateTexts.otherItem(mandate.itemText) }
        return mandate
    }

    /// The text that is signed. Lines, so that people can read it on paper too.
    static func text(
        id: String, principal: String, agent: String, item: String, from: Instant, until: Instant
    ) -> String {
        """
        邻里代办委托书
        编号 \(id)
        委托人 \(principal)
        受托人 \(agent)
        事项 \(item)
        自 \(from.shanghai.description)
        至 \(until.shanghai.description)
        只限上述一个事项，可随时撤销。

        """
    }
}
