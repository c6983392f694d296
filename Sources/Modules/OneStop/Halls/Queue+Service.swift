import Contract
import Kernel
import Platform
import RPC
import Storage

/// `QueueService`: tickets for those who come, counters for those who serve.
struct QueueDesk: OneStopV1.QueueService {
    private typealias Methods = OneStopV1.QueueServiceMethods

    let halls: Halls
    /// Told in the same transaction when somebody was served, so that they are asked for a rating.
    let invitations: RatingInvitations
    var platform: Platform { halls.platform }

    static let access: [AccessRule] = [
        AccessRule(Methods.takeTicket, .resident(level: 1), .device, .staff(.counterClerk)),
        AccessRule(Methods.getTicket, .anyone),
        AccessRule(Methods.cancelTicket, .resident(level: 1), .device, .staff(.counterClerk)),
        AccessRule(Methods.returnTicket, .resident(level: 1), .device, .staff(.counterClerk)),
        AccessRule(Methods.getHall, .anyone),
        AccessRule(Methods.watchHall, .signedIn),
        AccessRule(Methods.openCounter, .staff(.counterClerk)),
        AccessRule(Methods.closeCounter, .staff(.counterClerk)),
        AccessRule(Methods.callNext, .staff(.counterClerk)),
        AccessRule(Methods.callTicket, .staff(.counterClerk)),
        AccessRule(Methods.recallTicket, .staff(.counterClerk)),
        AccessRule(Methods.holdTicket, .staff(.counterClerk)),
        AccessRule(Methods.transferTicket, .staff(.counterClerk)),
        AccessRule(Methods.finishTicket, .staff(.counterClerk)),
        AccessRule(Methods.markNoShow, .staff(.counterClerk)),
        AccessRule(Methods.listTickets, .staff(.counterClerk)),
    ]

    static let ticketPattern: ResourceName.Pattern = "tickets/{ticket}"
    private static let applicationPattern: ResourceName.Pattern = "applications/{application}"

    // MARK: Taking and giving back

    func takeTicket(_ request: OneStopV1.TakeTicketRequest, _ call: ServerCall) async throws
        -> OneStopV1.Ticket
    {
        try await platform.perform(call, request, requestID: request.requestID, action: "ticket.take") {
            unit in
            let hall: Hall = try halls.hall(named: request.hall, unit.reading)
            if unit.principal.kind == .staff {
                try halls.requireClerk(of: hall, unit.principal, unit.connection)
            }
            guard let day: HallDay = hall.opening(on: unit.now.shanghaiDate, halls.calendar),
                day.takesTickets(at: unit.now)
            else { throw HallTexts.closed(hall, now: unit.now, halls.calendar) }
            let wish: Wish = Wish(
                hall: hall, matter: try halls.matter(request.item, unit.connection), group: request.group,
                applications: try applications(request.application, unit))
            let (ticket, claim): (Ticket, String) = try take(wish, unit)
            unit.audit(
                subject: ticket.name,
                details: ["hall": hall.id, "number": ticket.number, "group": ticket.group])
            halls.publish(hall, unit)
            return try halls.message(ticket, claim: claim, unit.reading)
        }
    }

    /// What somebody comes for.
    private struct Wish {
        let hall: Hall
        let matter: HallMatter?
        let group: String
        let applications: [String]
    }

    /// A ticket for the caller: by appointment, the one that they have already, or a new one.
    private func take(_ wish: Wish, _ unit: UnitOfWork) throws -> (ticket: Ticket, claim: String) {
        guard unit.principal.kind == .resident else {
            let claim: String = RatingClaim.new(unit.environment)
            let group: HallGroup = try wish.hall.group(asked: wish.group, matter: wish.matter)
            return (try insert(wish, group: group.id, claim: claim, unit), claim)
        }
        if let appointment = try AppointmentStore.booked(unit.connection, resident: unit.principal.name)
            .first(where: {
                $0.hall == wish.hall.id && (wish.group.isEmpty || wish.group == $0.group)
                    && AppointmentRules.canCheckIn($0, at: unit.now)
            })
        {
            return (try checkIn(appointment, wish, unit), "")
        }
        let group: HallGroup = try wish.hall.group(asked: wish.group, matter: wish.matter)
        let mine: [Ticket] = try QueueStore.ofResident(
            unit.connection, unit.principal.name, hall: wish.hall.id, day: unit.now.shanghaiDate)
        if let again = try takeAgain(mine, wish, group: group.id, unit) { return (again, "") }
        guard mine.count < QueueRules.ticketsPerResidentMax else { throw HallTexts.tooManyTickets }
        return (try insert(wish, group: group.id, claim: nil, unit), "")
    }

    private func checkIn(_ appointment: Appointment, _ wish: Wish, _ unit: UnitOfWork) throws -> Ticket {
        var appointment: Appointment = appointment
        appointment.state = .checkedIn
        try AppointmentStore.update(appointment, unit.connection)
        unit.audit(action: "appointment.check_in", subject: appointment.name)
        return try insert(wish, group: appointment.group, claim: nil, appointment: appointment, unit)
    }

    /// Whoever asks again keeps their number: an open ticket is shown, one on hold or missed comes back in line.
    private func takeAgain(_ mine: [Ticket], _ wish: Wish, group: String, _ unit: UnitOfWork) throws
        -> Ticket?
    {
        guard let ticket: Ticket = mine.first(where: { $0.group == group }) else { return nil }
        let returns: Bool =
            ticket.state == .onHold
            || ticket.state == .noShow && ticket.missedCalls <= QueueRules.forgivenCalls
        guard returns || ticket.state.isOpen else { return nil }
        var next: Ticket = returns ? try QueueRules.comeBack(ticket, now: unit.now) : ticket
        let new: [String] = wish.applications.filter { !ticket.applications.contains($0) }
        next.applications = Array((ticket.applications + new).prefix(QueueRules.applicationsMax))
        if next != ticket { try save(&next, unit) }
        return next
    }

    private func insert(
        _ wish: Wish, group: String, claim: String?, appointment: Appointment? = nil, _ unit: UnitOfWork
    ) throws -> Ticket {
        let day: CivilDate = unit.now.shanghaiDate
        guard
            let sequence: Int = try QueueStore.nextNumber(
                hall: wish.hall.id, day: day, group: group, unit.connection)
        else { throw HallTexts.queueFull }
        let ticket: Ticket = Ticket(
            id: unit.newID(), hall: wish.hall.id, day: day, group: group,
            number: QueueRules.number(group, sequence), state: .waiting,
            line: appointment == nil ? .arrival : .appointment, lineTime: appointment?.start ?? unit.now,
            item: wish.matter?.id ?? appointment?.item ?? "",
            itemText: wish.matter?.name ?? appointment?.itemText ?? "", applications: wish.applications,
            resident: unit.principal.kind == .resident ? unit.principal.name : nil,
            claimHash: claim.map { RatingClaim.hash($0, platform.keyring) }, appointment: appointment?.id,
            createTime: unit.now)
        try QueueStore.insert(
            ticket, hallPath: try halls.path(of: wish.hall, unit.connection), unit.connection)
        return ticket
    }

    /// The application of a request, if it may be carried: a resident's own.
    private func applications(_ name: String, _ unit: UnitOfWork) throws -> [String] {
        guard !name.isEmpty else { return [] }
        let name: String = try ResourceName(
            parsing: name, QueueDesk.applicationPattern, field: "application"
        ).description
        if let owners = halls.owners {
            guard let owner: String = try owners.owner(ofApplication: name, unit.reading),
                unit.principal.kind != .resident || owner == unit.principal.name
            else { throw HallTexts.applicationNotYours(name) }
        }
        return [name]
    }

    func getTicket(_ request: OneStopV1.GetTicketRequest, _ call: ServerCall) async throws
        -> OneStopV1.Ticket
    {
        let id: String = try ResourceName(parsing: request.name, QueueDesk.ticketPattern).id
        return try await platform.read(call) { context in
            try halls.message(try ticket(id: id, claim: request.claim, context), context)
        }
    }

    func cancelTicket(_ request: OneStopV1.CancelTicketRequest, _ call: ServerCall) async throws
        -> OneStopV1.Ticket
    {
        let id: String = try ResourceName(parsing: request.name, QueueDesk.ticketPattern).id
        return try await platform.perform(
            call, request, requestID: request.requestID, action: "ticket.cancel"
        ) { unit in
            var next: Ticket = try QueueRules.cancel(
                try ticket(id: id, claim: request.claim, unit.reading), now: unit.now)
            try save(&next, unit)
            return try tell(next, unit)
        }
    }

    func returnTicket(_ request: OneStopV1.ReturnTicketRequest, _ call: ServerCall) async throws
        -> OneStopV1.Ticket
    {
        let id: String = try ResourceName(parsing: request.name, QueueDesk.ticketPattern).id
        return try await platform.perform(
            call, request, requestID: request.requestID, action: "ticket.return"
        ) { unit in
            var next: Ticket = try QueueRules.comeBack(
                try ticket(id: id, claim: request.claim, unit.reading), now: unit.now)
            try save(&next, unit)
            return try tell(next, unit)
        }
    }

    /// The ticket, if it is the caller's: taken while signed in, with its secret, or of a hall that the clerk serves.
    /// Whether it exists is told to nobody else.
    private func ticket(id: String, claim: String, _ context: ReadContext) throws -> Ticket {
        guard let ticket: Ticket = try QueueStore.find(context.connection, id: id) else {
            throw HallTexts.ticketNotFound
        }
        if !claim.isEmpty, let hash = ticket.claimHash, hash == RatingClaim.hash(claim, platform.keyring) {
            return ticket
        }
        guard let principal: Principal = context.principal else { throw HallTexts.ticketNotFound }
        if principal.kind == .resident, ticket.resident == principal.name { return ticket }
        if principal.kind == .staff, let hall = halls.catalogue()?.hall(ticket.hall),
            principal.scope(.counterClerk).contains(path: try halls.path(of: hall, context.connection))
        {
            return ticket
        }
        throw HallTexts.ticketNotFound
    }

    // MARK: The hall

    func getHall(_ request: OneStopV1.GetHallRequest, _ call: ServerCall) async throws -> OneStopV1.Hall {
        try await platform.read(call) { context in
            try halls.live(try halls.hall(named: request.name, field: "name", context), context)
        }
    }

    func watchHall(
        _ request: OneStopV1.WatchHallRequest, _ call: ServerCall,
        _ responses: ResponseWriter<OneStopV1.HallUpdate>
    ) async throws {
        let wakes: AsyncStream<EventFeed.Wake> = try platform.events.subscribe(types: [Halls.changed])
        var shown: OneStopV1.Hall = try await getHall(.init(name: request.name), call)
        try await responses.write(OneStopV1.HallUpdate(hall: shown))
        for await wake in wakes {
            let now: OneStopV1.Hall = try await getHall(.init(name: request.name), call)
            if now != shown {
                shown = now
                try await responses.write(OneStopV1.HallUpdate(hall: now))
            } else if wake == .heartbeat {
                try await responses.write(OneStopV1.HallUpdate())
            }
        }
    }

    func listTickets(_ request: OneStopV1.ListTicketsRequest, _ call: ServerCall) async throws
        -> OneStopV1.ListTicketsResponse
    {
        let principal: Principal = try call.requirePrincipal()
        let paging: Paging = try Paging(
            size: request.pageSize, token: request.pageToken,
            query: [request.hall, String(request.state.rawValue)])
        let offset: Int = paging.after.flatMap { Int($0[0]) } ?? 0
        return try await platform.read(call) { context in
            let hall: Hall = try halls.hall(named: request.hall, context)
            try halls.requireClerk(of: hall, principal, context.connection)
            let rows: [Ticket] = try QueueStore.list(
                context.connection, hall: hall.id, scope: principal.scope(.counterClerk),
                state: TicketState(rawValue: Int(request.state.rawValue)), offset: offset,
                limit: paging.limit, now: context.now)
            // The line moves while somebody pages through it: the place in it is the only key there is.
            let page = paging.cut(rows) { _ in [String(offset + paging.limit - 1)] }
            return OneStopV1.ListTicketsResponse(
                tickets: try page.rows.map { try halls.message($0, context) },
                nextPageToken: page.nextPageToken)
        }
    }

    // MARK: Saving

    /// Writes a ticket that this unit has read.
    func save(_ ticket: inout Ticket, _ unit: UnitOfWork) throws {
        guard try QueueStore.update(ticket, unit.connection) else { throw Refusal.conflict() }
        ticket.version += 1
    }

    /// Says what became of a ticket to the audit log and to the display, and makes the answer.
    func tell(_ ticket: Ticket, details: [String: String] = [:], _ unit: UnitOfWork) throws
        -> OneStopV1.Ticket
    {
        let state: [String: String] = [
            "hall": ticket.hall, "number": ticket.number, "state": String(describing: ticket.state),
        ]
        unit.audit(subject: ticket.name, details: state.merging(details) { first, _ in first })
        halls.publish(try halls.hall(id: ticket.hall), unit)
        return try halls.message(ticket, unit.reading)
    }
}
