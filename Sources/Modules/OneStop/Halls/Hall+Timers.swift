import Kernel
import Platform
import Storage

/// What happens in halls by time alone: at closing the queue is cleared and counters close; appointments that nobody came
/// to are missed; whose the old tickets were is forgotten. The composition root calls it now and then; calling it more
/// often does no harm, and after a standstill it makes up for what it missed.
package struct HallTimers: TimedWork {
    package static let workName: String = "halls"
    let halls: Halls
    let invitations: RatingInvitations

    /// Seconds between two runs; a queue is cleared at most this much late.
    package static let secondsBetweenRuns: Int = 60

    /// What a run did.
    package struct Counts: Sendable, Equatable {
        package var tickets: Int = 0
        package var counters: Int = 0
        package var missed: Int = 0
        package var forgotten: Int = 0
    }

    /// Does what is due, each hall's day in a transaction of its own.
    package func run() async throws -> Counts {
        let platform: Platform = halls.platform
        var counts: Counts = Counts()
        let due: [(hall: String, day: CivilDate)] = try await platform.readAsSystem { context in
            try QueueStore.openDays(context.connection, upTo: context.now.shanghaiDate).filter {
                isOver($0.hall, $0.day, now: context.now)
            }
        }
        for (hall, day) in due {
            let (tickets, counters): (Int, Int) = try await platform.performAsSystem(action: "hall.clear") {
                try clear(hall, day, $0)
            }
            counts.tickets += tickets
            counts.counters += counters
        }
        (counts.missed, counts.forgotten) = try await platform.performAsSystem(action: "hall.sweep") { unit in
            let missed: Int = try AppointmentStore.markMissed(unit.connection, now: unit.now)
            let forgotten: Int = try QueueStore.forget(unit.connection, now: unit.now)
            if missed + forgotten > 0 {
                unit.audit(
                    subject: "halls", details: ["missed": String(missed), "forgotten": String(forgotten)])
            }
            return (missed, forgotten)
        }
        return counts
    }

    /// Whether the queue of a day has ended: that day is past, or its clearing time has come. A hall that is not in the data
    /// any more, or a day that turned into a holiday, ends at midnight.
    private func isOver(_ hall: String, _ day: CivilDate, now: Instant) -> Bool {
        if day < now.shanghaiDate { return true }
        guard let opening = halls.catalogue()?.hall(hall)?.opening(on: day, halls.calendar) else {
            return false
        }
        return now >= opening.clearing
    }

    private func clear(_ hallID: String, _ day: CivilDate, _ unit: UnitOfWork) throws -> (Int, Int) {
        let hall: Hall? = halls.catalogue()?.hall(hallID)
        let counters: Int = try QueueStore.closeAll(unit.connection, hall: hallID, day: day)
        let open: [Ticket] = try QueueStore.openTickets(unit.connection, hall: hallID, day: day)
        for ticket in open {
            let ended: Ticket = QueueRules.clear(ticket, now: unit.now)
            guard try QueueStore.update(ended, unit.connection) else { throw Refusal.conflict() }
            if ended.state == .finished { try invitations.invite(ended.name, unit) }
            if ended.state == .cleared, let hall {
                try halls.tell(ended.resident, HallTexts.cleared(ended, hall), about: ended.name, unit)
            }
        }
        unit.audit(
            subject: "halls/\(hallID)",
            details: [
                "day": day.description, "tickets": String(open.count), "counters": String(counters),
            ])
        unit.publish(DomainEvent(type: Halls.changed, subject: "halls/\(hallID)"))
        return (open.count, counters)
    }
}
