import Kernel

/// State of a ticket; the raw value is what the store keeps and what the wire carries.
enum TicketState: Int, Sendable, CaseIterable {
    case waiting = 1
    case serving = 2
    case onHold = 3
    case finished = 4
    case noShow = 5
    case cancelled = 6
    case cleared = 7

    var isOpen: Bool { self == .waiting || self == .serving || self == .onHold }
}

/// Why a waiting ticket stands where it stands in its line. Lower ones go first.
enum TicketLine: Int, Sendable {
    /// Handed over by another counter: that person was served already, and is not to queue twice.
    case transferred = 0
    /// By appointment; counts from its time on.
    case appointment = 1
    /// Back from hold, or from a missed call.
    case returned = 2
    case arrival = 3
}

/// A ticket of one day of a hall.
struct Ticket: Sendable, Equatable {
    let id: String
    let hall: String
    let day: CivilDate
    var group: String
    /// As people read it: the letter of the group that gave it, and three digits. It stays when the ticket is handed over.
    let number: String
    var state: TicketState
    var line: TicketLine
    /// Orders tickets of the same line: the time of the appointment, of coming back, or of arrival.
    var lineTime: Instant
    /// Id of the item; empty if nothing was said.
    var item: String = ""
    var itemText: String = ""
    /// `applications/{number}` that belong to it.
    var applications: [String] = []
    /// `residents/{id}`; nil if nobody is known.
    var resident: String?
    /// Hash of the secret of somebody without an account.
    var claimHash: [UInt8]?
    /// Id of the appointment; nil if there was none.
    var appointment: String?
    let createTime: Instant
    var callTime: Instant?
    var callCount: Int = 0
    /// Counter that serves or served it; 0 if none.
    var counter: Int = 0
    /// Seconds that it was served so far, without the time on hold.
    var servedSeconds: Int = 0
    var missedCalls: Int = 0
    var finishTime: Instant?
    /// Why it was last held, handed over or called out of turn.
    var note: String = ""
    var version: Int64 = 1

    /// `tickets/{id}`.
    var name: String { "tickets/\(id)" }
}

/// A counter that is open.
struct Counter: Sendable, Equatable {
    let hall: String
    let number: Int
    let day: CivilDate
    let groups: [String]
    /// `staff/{id}`.
    let clerk: String
    /// Device at which the clerk works, by its certificate; nil for none.
    let device: String?
    /// Id of the ticket that it serves; nil for none.
    var ticket: String?
}

/// What can happen to a ticket at a counter.
enum TicketAction: String, Sendable {
    case call, recall, hold, transfer, finish, noShow = "no_show", putBack = "put_back"
    case comeBack = "return", cancel
}

/// The rules of the queue: ticket, action and time in; ticket or refusal out.
enum QueueRules {
    static let reasonRule: TextRule = TextRule(2...200)
    static let optionalReasonRule: TextRule = TextRule(0...200)
    /// Calls of one ticket before nobody came: the first one and two more.
    static let callsBeforeNoShow: Int = 3
    /// Missed calls of one ticket that are forgiven: somebody was washing their hands.
    static let forgivenCalls: Int = 1
    /// Numbers of one group on one day: three digits fit on the display.
    static let numbersPerDayMax: Int = 999
    /// Tickets that one resident may take in one hall on one day.
    static let ticketsPerResidentMax: Int = 10
    /// Applications that one ticket carries.
    static let applicationsMax: Int = 10
    /// Somebody is told to come near when so many tickets are before theirs.
    static let soonAhead: Int = 2

    /// `A001`.
    static func number(_ group: String, _ sequence: Int) -> String { "\(group)\(ASCII.padded(sequence, 3))" }

    static func call(_ ticket: Ticket, to counter: Int, now: Instant) throws(Refusal) -> Ticket {
        guard ticket.state == .waiting || ticket.state == .onHold else {
            throw HallTexts.ticketState(ticket, .call)
        }
        var next: Ticket = ticket
        next.state = .serving
        next.counter = counter
        next.callTime = now
        next.callCount = 1
        return next
    }

    static func recall(_ ticket: Ticket) throws(Refusal) -> Ticket {
        guard ticket.state == .serving else { throw HallTexts.ticketState(ticket, .recall) }
        guard ticket.callCount < callsBeforeNoShow else { throw HallTexts.calledOften }
        var next: Ticket = ticket
        next.callCount += 1
        return next
    }

    static func hold(_ ticket: Ticket, now: Instant) throws(Refusal) -> Ticket {
        var next: Ticket = try leaving(ticket, .hold, now: now)
        next.state = .onHold
        return next
    }

    static func transfer(_ ticket: Ticket, to group: String, now: Instant) throws(Refusal) -> Ticket {
        guard ticket.group != group else { throw HallTexts.sameGroup }
        var next: Ticket = try leaving(ticket, .transfer, now: now)
        next.state = .waiting
        next.group = group
        next.line = .transferred
        next.lineTime = now
        return next
    }

    /// A counter closes while it serves: the ticket goes back to the head of its line.
    static func putBack(_ ticket: Ticket, now: Instant) throws(Refusal) -> Ticket {
        var next: Ticket = try leaving(ticket, .putBack, now: now)
        next.state = .waiting
        next.line = .transferred
        next.lineTime = ticket.createTime
        return next
    }

    static func finish(_ ticket: Ticket, now: Instant) throws(Refusal) -> Ticket {
        let counter: Int = ticket.counter
        var next: Ticket = try leaving(ticket, .finish, now: now)
        next.state = .finished
        next.counter = counter
        next.finishTime = now
        return next
    }

    static func noShow(_ ticket: Ticket, now: Instant) throws(Refusal) -> Ticket {
        guard ticket.state == .serving else { throw HallTexts.ticketState(ticket, .noShow) }
        guard ticket.callCount >= callsBeforeNoShow else {
            throw HallTexts.callAgainFirst(called: ticket.callCount)
        }
        var next: Ticket = ticket
        next.state = .noShow
        next.missedCalls += 1
        next.counter = 0
        next.finishTime = now
        return next
    }

    /// Back in line, from hold or after a missed call.
    static func comeBack(_ ticket: Ticket, now: Instant) throws(Refusal) -> Ticket {
        switch ticket.state {
        case .onHold: break
        case .noShow:
            guard ticket.missedCalls <= forgivenCalls else { throw HallTexts.missedTooOften }
        case .waiting, .serving, .finished, .cancelled, .cleared:
            throw HallTexts.ticketState(ticket, .comeBack)
        }
        guard ticket.day == now.shanghaiDate else { throw HallTexts.ticketOfAnotherDay }
        var next: Ticket = ticket
        next.state = .waiting
        next.line = .returned
        next.lineTime = now
        next.callTime = nil
        next.callCount = 0
        next.finishTime = nil
        return next
    }

    static func cancel(_ ticket: Ticket, now: Instant) throws(Refusal) -> Ticket {
        guard ticket.state == .waiting || ticket.state == .onHold else {
            throw HallTexts.ticketState(ticket, .cancel)
        }
        var next: Ticket = ticket
        next.state = .cancelled
        next.finishTime = now
        return next
    }

    /// The hall is closing: what was being served counts as served, all else ends. How long it was served is not known,
    /// and nothing is added to the day's data.
    static func clear(_ ticket: Ticket, now: Instant) -> Ticket {
        var next: Ticket = ticket
        next.state = ticket.state == .serving ? .finished : .cleared
        next.servedSeconds = 0
        next.finishTime = now
        return next
    }

    /// The ticket as it leaves the counter.
    private static func leaving(_ ticket: Ticket, _ action: TicketAction, now: Instant) throws(Refusal)
        -> Ticket
    {
        guard ticket.state == .serving, let called: Instant = ticket.callTime else {
            throw HallTexts.ticketState(ticket, action)
        }
        var next: Ticket = ticket
        next.servedSeconds += Int(max(0, now.milliseconds(since: called)) / 1_000)
        next.counter = 0
        next.callCount = 0
        return next
    }

    /// Checks the groups of a counter that opens: each exists, none twice, and a quick counter takes quick matters only.
    static func check(groups: [String], counter: Int, in hall: Hall) throws(Refusal) {
        guard (1...hall.layout.counters).contains(counter) else {
            throw HallTexts.counterUnknown(hall)
        }
        guard !groups.isEmpty, Set(groups).count == groups.count else { throw HallTexts.groupsNeeded(hall) }
        var quick: Int = 0
        for id: String in groups {
            guard let group: HallGroup = hall.group(id) else { throw HallTexts.groupUnknown(hall) }
            if group.isQuick { quick += 1 }
        }
        if quick > 0, quick < groups.count { throw HallTexts.quickAlone }
    }
}

/// How long somebody may still wait, from the day's data.
enum WaitingEstimate {
    /// Service times that make a median worth telling.
    static let samplesMin: Int = 3
    /// What cannot be known.
    static let unknown: Int = -1
    /// Days before today that are looked at when today says too little.
    static let daysBefore: Int = 7

    /// Minutes until a ticket is called, rounded up: the median of service times, times the tickets before it, shared among
    /// the counters that are open. If all of those are busy, half of a service is still to come. -1 if nothing is known.
    ///
    /// - Parameters:
    ///   - today: seconds of each service that was finished today; if fewer than `samplesMin`, `before` is taken.
    ///   - before: the same of the last `daysBefore` days.
    static func minutes(ahead: Int, open: Int, busy: Int, today: [Int], before: [Int]) -> Int {
        guard open > 0 else { return unknown }
        let samples: [Int] = today.count >= samplesMin ? today : before
        guard samples.count >= samplesMin else { return unknown }
        let halves: Int = 2 * ahead + (busy >= open ? 1 : 0)
        let seconds: Int = (median(samples) * halves + 2 * open - 1) / (2 * open)
        return (seconds + 59) / 60
    }

    /// The middle one, or the mean of the two middle ones rounded down.
    ///
    /// - Precondition: there is one.
    static func median(_ values: [Int]) -> Int {
        let sorted: [Int] = values.sorted()
        let middle: Int = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }
}
