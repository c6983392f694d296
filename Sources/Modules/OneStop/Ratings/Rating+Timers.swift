import Kernel
package import Platform
import Storage

/// Invitations to rate, written in the transaction in which a service becomes ratable.
package struct RatingInvitations: Sendable {
    let platform: Platform
    let subjects: [any RatingSubjects]

    /// Invites whoever was served, if somebody is known, the service can be rated and nobody was invited to rate it before.
    /// Call it after the service's own change was written.
    package func invite(_ name: String, _ unit: UnitOfWork) throws {
        for source in subjects {
            guard let subject: RatingSubject = try source.subject(name, unit.reading) else { continue }
            guard let resident = subject.resident, subject.readySince != nil,
                try !RatingStore.isRated(name, unit.connection),
                try RatingStore.invite(
                    name, text: subject.text, resident: resident, now: unit.now, unit.connection)
            else { return }
            try write(to: resident, subject: name, text: subject.text, again: false, unit)
        }
    }

    func write(to resident: String, subject: String, text: String, again: Bool, _ unit: UnitOfWork) throws {
        let words: (title: BilingualText, body: BilingualText) = RatingTexts.invitation(text, again: again)
        try platform.messages.write(
            unit, to: resident, title: words.title, body: words.body, subject: subject)
    }
}

/// What happens to ratings by time alone: who was silent is asked once more; a follow-up that nobody answers ends; old words
/// are forgotten. The composition root calls it now and then; calling it more often does no harm.
package struct RatingTimers: TimedWork {
    package static let workName: String = "ratings"
    let invitations: RatingInvitations
    private var platform: Platform { invitations.platform }

    package init(invitations: RatingInvitations) { self.invitations = invitations }

    /// Ratings or invitations that one run looks at.
    package static let maximumPerRun: Int = 200
    /// Seconds between two runs.
    package static let secondsBetweenRuns: Int = 300

    /// What a run did.
    package struct Counts: Sendable, Equatable {
        package var invitedAgain: Int = 0
        package var closed: Int = 0
        package var forgotten: Int = 0
    }

    /// Does what is due.
    package func run() async throws -> Counts {
        guard let policy: RatingPolicy = RatingPolicy.current(platform) else { return Counts() }
        var counts: Counts = Counts()
        counts.invitedAgain = try await inviteAgain(policy)
        counts.closed = try await closeSilent(policy)
        counts.forgotten = try await platform.performAsSystem(action: "rating.forget") { unit in
            let invitedBefore: Instant = unit.now.adding(days: -Int64(policy.rateWithinDays))
            let count: Int = try RatingStore.forget(
                unit.connection, invitedBefore: invitedBefore, now: unit.now)
            if count > 0 { unit.audit(subject: "ratings", details: ["forgotten": String(count)]) }
            return count
        }
        return counts
    }

    private func inviteAgain(_ policy: RatingPolicy) async throws -> Int {
        try await platform.performAsSystem(action: "rating.invite_again") { unit in
            let silentSince: Instant = unit.now.adding(days: -Int64(policy.inviteAgainDays))
            let due = try RatingStore.unanswered(
                unit.connection, invitedUpTo: silentSince, limit: RatingTimers.maximumPerRun)
            for invitation in due
            where try RatingStore.inviteAgain(invitation.subject, now: unit.now, unit.connection) {
                try invitations.write(
                    to: invitation.resident, subject: invitation.subject, text: invitation.text, again: true,
                    unit)
            }
            if !due.isEmpty { unit.audit(subject: "ratings", details: ["count": String(due.count)]) }
            return due.count
        }
    }

    private func closeSilent(_ policy: RatingPolicy) async throws -> Int {
        let store: RatingStore = RatingStore(keyring: platform.keyring)
        let calendar: WorkCalendar = platform.documents.calendar
        return try await platform.performAsSystem(action: "rating.close_silent") { unit in
            let due: [String] = try RatingStore.silent(
                unit.connection, rectifiedUpTo: unit.now.adding(days: -Int64(policy.followUpDays)),
                limit: RatingTimers.maximumPerRun)
            var closed: Int = 0
            for id in due {
                guard let rating: Rating = try store.find(unit.connection, id: id),
                    var next: Rating = RatingRules.closeSilent(rating, policy, now: unit.now)
                else { continue }
                next.updateTime = unit.now
                let deadline: Instant? = next.clock?.deadline(calendar, now: unit.now).due
                try store.update(next, due: deadline, unit.connection)
                unit.audit(subject: next.name, details: ["state": String(describing: next.state)])
                closed += 1
            }
            return closed
        }
    }
}
