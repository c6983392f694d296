import Contract
import Kernel
package import Platform
import RPC
import Storage

/// Owners of applications, from whoever keeps them: a ticket carries only what belongs to whoever takes it.
package protocol ApplicationOwners: Sendable {
    /// `residents/{id}` of the applicant; nil if there is no such application.
    func owner(ofApplication name: String, _ context: ReadContext) throws -> String?
}

/// What appointments and queue have in common: halls as data, places, items, and the view of a hall and its tickets.
struct Halls: Sendable {
    let platform: Platform
    /// Whose applications are; nil where there are none.
    let owners: (any ApplicationOwners)?

    static let hallPattern: ResourceName.Pattern = "halls/{hall}"
    static let itemPattern: ResourceName.Pattern = "items/{item}"
    /// Calls on the lobby display.
    static let callsShown: Int = 10
    /// Told whenever something in a hall changes that others may see.
    static let changed: String = "hall.changed"
    /// Told when somebody was served.
    static let finished: String = "ticket.finished"

    var calendar: WorkCalendar { platform.documents.calendar }
    private var residents: Residents { Residents(keyring: platform.keyring) }

    // MARK: Halls

    /// All halls; none before their data is imported.
    func catalogue() -> HallCatalogue? {
        platform.documents.value(.halls, id: HallCatalogue.documentID, as: HallCatalogue.self)?.value
    }

    func hall(id: String) throws(Refusal) -> Hall {
        guard let hall: Hall = catalogue()?.hall(id) else { throw HallTexts.hallNotFound }
        return hall
    }

    /// The hall of a request; without one, the hall of the calling kiosk. A kiosk alone never speaks for another hall.
    func hall(named name: String, field: String = "hall", _ context: ReadContext) throws -> Hall {
        let own: String? = try context.principal?.deviceID.flatMap {
            try KioskStore.hall(context.connection, device: $0)
        }
        if let own, name.isEmpty || context.principal?.kind == .device {
            return try hall(id: own.hasPrefix("halls/") ? String(own.dropFirst("halls/".count)) : own)
        }
        guard !name.isEmpty else { throw HallTexts.hallNeeded }
        return try hall(id: try ResourceName(parsing: name, Halls.hallPattern, field: field).id)
    }

    /// Path of the place where the hall stands; a hall whose place is not in the tree is in nobody's scope.
    func path(of hall: Hall, _ connection: any Connection) throws -> String {
        try Organizations.find(connection, hall.place)?.path ?? ""
    }

    /// Lets the caller's counter clerks pass, and nobody else.
    func requireClerk(of hall: Hall, _ principal: Principal, _ connection: any Connection) throws {
        let path: String = try path(of: hall, connection)
        guard !path.isEmpty, principal.scope(.counterClerk).contains(path: path) else {
            throw Refusal.permissionDenied()
        }
    }

    /// The item that somebody comes for; nil if nothing was said.
    func matter(_ name: String, _ connection: any Connection) throws -> HallMatter? {
        guard !name.isEmpty else { return nil }
        let id: String = try ResourceName(parsing: name, Halls.itemPattern, field: "item").id
        guard let item: RevisedItem = try ItemStore.find(connection, id: id) else {
            throw HallTexts.itemUnknown
        }
        return HallMatter(
            id: item.item.id, name: item.content.name, type: item.content.type,
            department: item.departmentID,
            isQuick: item.content.promised == .immediate || item.content.kind == .query)
    }

    // MARK: What people see

    /// The hall with its groups, for lists.
    func message(_ hall: Hall, _ context: ReadContext) -> OneStopV1.Hall {
        let today: CivilDate = context.now.shanghaiDate
        return OneStopV1.Hall(
            name: hall.name, displayName: hall.title.zh, place: OrganizationName.text(hall.place),
            address: hall.phone.isEmpty ? hall.address : "\(hall.address)　电话 \(hall.phone)",
            openingHours: HallTexts.openingHours(hall, from: today, calendar),
            groups: hall.layout.groups.map { group in
                OneStopV1.CounterGroup(
                    id: group.id, label: .init(group.title), quick: group.isQuick,
                    description: .init(group.description))
            },
            open: hall.opening(on: today, calendar)?.takesTickets(at: context.now) ?? false,
            notice: hall.notice.map { .init($0) })
    }

    /// The hall as it is now: what a lobby display may show to everybody. No name, no matter, no person.
    func live(_ hall: Hall, _ context: ReadContext) throws -> OneStopV1.Hall {
        let connection: any Connection = context.connection
        var message: OneStopV1.Hall = message(hall, context)
        let counters: [Counter] = try QueueStore.counters(connection, hall: hall.id)
        let waiting: [(id: String, group: String)] = try QueueStore.waiting(
            connection, hall: hall.id, now: context.now)
        message.groups = try zip(hall.layout.groups, message.groups).map { group, shown in
            var shown: OneStopV1.CounterGroup = shown
            let count: Int = waiting.count { $0.group == group.id }
            shown.waiting = Int32(clamping: count)
            shown.estimatedMinutes = Int32(
                clamping: try estimate(hall, group.id, ahead: count, counters, context))
            return shown
        }
        let isStaff: Bool = context.principal?.kind == .staff
        message.counters = try counters.map { try self.message($0, withClerk: isStaff, connection) }
        message.calls = try QueueStore.calls(
            connection, hall: hall.id, day: context.now.shanghaiDate, limit: Halls.callsShown
        ).map { OneStopV1.TicketCall(ticket: $0.number, counter: Int32($0.counter), time: .init($0.time)) }
        return message
    }

    func message(_ counter: Counter, withClerk: Bool, open: Bool = true, _ connection: any Connection) throws
        -> OneStopV1.Counter
    {
        let ticket: Ticket? = try counter.ticket.flatMap { try QueueStore.find(connection, id: $0) }
        let clerk: StaffRecord? =
            withClerk
            ? try StaffAccounts(keyring: platform.keyring).find(
                connection, id: String(counter.clerk.dropFirst("staff/".count))) : nil
        return OneStopV1.Counter(
            number: Int32(counter.number), groups: counter.groups, ticket: ticket?.number ?? "", open: open,
            clerkText: clerk?.post ?? "")
    }

    /// A ticket with its place in line. Who came is masked, and only for staff.
    func message(_ ticket: Ticket, claim: String = "", _ context: ReadContext) throws -> OneStopV1.Ticket {
        let connection: any Connection = context.connection
        let hall: Hall? = catalogue()?.hall(ticket.hall)
        let group: BilingualText =
            hall?.group(ticket.group)?.title ?? BilingualText(zh: ticket.group, en: ticket.group)
        var message: OneStopV1.Ticket = OneStopV1.Ticket(
            name: ticket.name, number: ticket.number, hall: "halls/\(ticket.hall)", group: ticket.group,
            groupText: .init(group), state: .init(rawValue: Int32(ticket.state.rawValue)),
            stateText: .init(HallTexts.state(ticket)), estimatedMinutes: Int32(WaitingEstimate.unknown),
            counter: Int32(ticket.counter), item: ticket.item.isEmpty ? "" : "items/\(ticket.item)",
            itemText: ticket.itemText, applications: ticket.applications,
            appointment: ticket.appointment != nil, createTime: .init(ticket.createTime),
            callTime: ticket.callTime.map { .init($0) }, finishTime: ticket.finishTime.map { .init($0) },
            claim: claim)
        if ticket.state == .waiting, let hall {
            let line: [String] = try QueueStore.waiting(
                connection, hall: ticket.hall, group: ticket.group, now: context.now
            ).map(\.id)
            let ahead: Int = line.firstIndex(of: ticket.id) ?? line.count
            let counters: [Counter] = try QueueStore.counters(connection, hall: ticket.hall)
            message.ahead = Int32(clamping: ahead)
            message.estimatedMinutes = Int32(
                clamping: try estimate(hall, ticket.group, ahead: ahead, counters, context))
        }
        guard context.principal?.kind == .staff else { return message }
        message.note = ticket.note
        if let resident = ticket.resident {
            message.visitorText =
                try residents.find(connection, id: String(resident.dropFirst("residents/".count)))?
                .maskedName ?? ""
        }
        return message
    }

    /// Minutes until somebody with so many before them is called.
    private func estimate(
        _ hall: Hall, _ group: String, ahead: Int, _ counters: [Counter], _ context: ReadContext
    ) throws -> Int {
        let serving: [Counter] = counters.filter { $0.groups.contains(group) }
        guard !serving.isEmpty else { return WaitingEstimate.unknown }
        let today: CivilDate = context.now.shanghaiDate
        let ofToday: [Int] = try QueueStore.servedSeconds(
            context.connection, hall: hall.id, group: group, from: today, to: today)
        let before: [Int] =
            ofToday.count >= WaitingEstimate.samplesMin
            ? []
            : try QueueStore.servedSeconds(
                context.connection, hall: hall.id, group: group,
                from: today.adding(days: -WaitingEstimate.daysBefore), to: today)
        return WaitingEstimate.minutes(
            ahead: ahead, open: serving.count, busy: serving.count { $0.ticket != nil }, today: ofToday,
            before: before)
    }

    // MARK: What is told

    func publish(_ hall: Hall, _ unit: UnitOfWork) {
        unit.publish(DomainEvent(type: Halls.changed, subject: hall.name))
    }

    func tell(
        _ resident: String?, _ text: (title: BilingualText, body: BilingualText), about subject: String,
        _ unit: UnitOfWork
    ) throws {
        guard let resident else { return }
        try platform.messages.write(
            unit, to: resident, title: text.title, body: text.body, subject: subject)
    }
}
