import Contract
import Kernel
import Platform
import RPC
import Storage

/// `AppointmentService`: free times, and what residents book of them.
struct AppointmentDesk: OneStopV1.AppointmentService {
    private typealias Methods = OneStopV1.AppointmentServiceMethods

    let halls: Halls
    private var platform: Platform { halls.platform }

    static let access: [AccessRule] = [
        AccessRule(Methods.listHalls, .anyone),
        AccessRule(Methods.listSlots, .anyone),
        AccessRule(Methods.bookAppointment, .resident(level: 1)),
        AccessRule(Methods.listAppointments, .resident(level: 1)),
        AccessRule(Methods.cancelAppointment, .resident(level: 1)),
    ]

    private static let pattern: ResourceName.Pattern = "appointments/{appointment}"

    func listHalls(_ request: OneStopV1.ListHallsRequest, _ call: ServerCall) async throws
        -> OneStopV1.ListHallsResponse
    {
        let place: String =
            request.place.isEmpty ? "" : try OrganizationName.code(request.place, field: "place")
        let paging: Paging = try Paging(
            size: request.pageSize, token: request.pageToken, query: [place])
        return try await platform.read(call) { context in
            let all: [Hall] = halls.catalogue()?.halls ?? []
            let after: String = paging.after?[0] ?? ""
            let within: ScopeFilter =
                place.isEmpty
                ? .everything
                : ScopeFilter(path: try Organizations.get(context.connection, place).path)
            var rows: [Hall] = []
            for hall in all where hall.id > after && rows.count < paging.limit {
                let path: String = try halls.path(of: hall, context.connection)
                if place.isEmpty || within.contains(path: path) { rows.append(hall) }
            }
            let page = paging.cut(rows) { [$0.id] }
            return OneStopV1.ListHallsResponse(
                halls: page.rows.map { halls.message($0, context) }, nextPageToken: page.nextPageToken)
        }
    }

    func listSlots(_ request: OneStopV1.ListSlotsRequest, _ call: ServerCall) async throws
        -> OneStopV1.ListSlotsResponse
    {
        let days: Int = request.days == 0 ? AppointmentRules.daysStandard : Int(request.days)
        return try await platform.read(call) { context in
            let (hall, group): (Hall, HallGroup) = try place(request.hall, request.group, context)
            guard (1...AppointmentRules.daysMax).contains(days) else { throw HallTexts.daysRange }
            let free: [(slot: HallSlot, places: Int)] = try free(
                hall, group, days: min(days, halls.catalogue()?.appointmentDays ?? 0), context)
            return OneStopV1.ListSlotsResponse(
                slots: free.map { slot, places in
                    OneStopV1.Slot(
                        startTime: .init(slot.start), endTime: .init(slot.end), free: Int32(places))
                })
        }
    }

    func bookAppointment(_ request: OneStopV1.BookAppointmentRequest, _ call: ServerCall) async throws
        -> OneStopV1.Appointment
    {
        guard let start: Instant = try request.startTime?.instant(field: "start_time") else {
            throw HallTexts.slotUnknown
        }
        return try await platform.perform(
            call, request, requestID: request.requestID, action: "appointment.book"
        ) { unit in
            let matter: HallMatter? = try halls.matter(request.item, unit.connection)
            let (hall, group): (Hall, HallGroup) = try place(
                request.hall, request.group, matter: matter, unit.reading)
            let days: Int = halls.catalogue()?.appointmentDays ?? 0
            guard
                let slot: HallSlot = AppointmentRules.slots(
                    hall, from: unit.now, days: days, halls.calendar
                ).first(where: { $0.start == start })
            else { throw HallTexts.slotUnknown }
            let mine: [Appointment] = try AppointmentStore.booked(
                unit.connection, resident: unit.principal.name)
            guard mine.count < AppointmentRules.openMax else { throw HallTexts.tooManyAppointments }
            guard !mine.contains(where: { $0.start < slot.end && slot.start < $0.end }) else {
                throw HallTexts.sameTime
            }
            guard
                try AppointmentStore.takePlace(
                    unit.connection, hall: hall.id, group: group.id, start: start,
                    capacity: group.slotCapacity)
            else {
                let next = try free(hall, group, days: days, unit.reading)
                throw HallTexts.slotFull(next: (next.first { $0.slot.start > start } ?? next.first)?.slot)
            }
            let appointment: Appointment = Appointment(
                id: unit.newID(), hall: hall.id, group: group.id, resident: unit.principal.name,
                start: slot.start, end: slot.end, item: matter?.id ?? "", itemText: matter?.name ?? "",
                state: .booked, createTime: unit.now)
            try AppointmentStore.insert(appointment, unit.connection)
            unit.audit(subject: appointment.name, details: ["hall": hall.id, "group": group.id])
            try halls.tell(
                appointment.resident, HallTexts.booked(hall, group, slot), about: appointment.name, unit)
            return message(appointment)
        }
    }

    func listAppointments(_ request: OneStopV1.ListAppointmentsRequest, _ call: ServerCall) async throws
        -> OneStopV1.ListAppointmentsResponse
    {
        let principal: Principal = try call.requirePrincipal()
        let paging: Paging = try Paging(
            size: request.pageSize, token: request.pageToken, query: [String(request.showPast)], keyCount: 2)
        return try await platform.read(call) { context in
            let rows: [Appointment] = try AppointmentStore.list(
                context.connection, resident: principal.name, past: request.showPast, now: context.now,
                after: paging.after, limit: paging.limit)
            let page = paging.cut(rows) { [String($0.start.milliseconds), $0.id] }
            return OneStopV1.ListAppointmentsResponse(
                appointments: page.rows.map(message), nextPageToken: page.nextPageToken)
        }
    }

    func cancelAppointment(_ request: OneStopV1.CancelAppointmentRequest, _ call: ServerCall) async throws
        -> OneStopV1.Appointment
    {
        let id: String = try ResourceName(parsing: request.name, AppointmentDesk.pattern).id
        return try await platform.perform(
            call, request, requestID: request.requestID, action: "appointment.cancel"
        ) { unit in
            guard var appointment: Appointment = try AppointmentStore.find(unit.connection, id: id),
                appointment.resident == unit.principal.name
            else { throw HallTexts.appointmentNotFound }
            appointment.state = try AppointmentRules.cancel(appointment.state)
            try AppointmentStore.update(appointment, unit.connection)
            try AppointmentStore.givePlaceBack(appointment, unit.connection)
            unit.audit(subject: appointment.name, details: ["hall": appointment.hall])
            return message(appointment)
        }
    }

    /// The hall and its group, which has to take appointments.
    private func place(
        _ name: String, _ group: String, matter: HallMatter? = nil, _ context: ReadContext
    ) throws -> (Hall, HallGroup) {
        let hall: Hall = try halls.hall(named: name, context)
        let group: HallGroup = try hall.group(asked: group, matter: matter)
        guard group.slotCapacity > 0 else { throw HallTexts.groupTakesNone }
        return (hall, group)
    }

    /// Times with places left, in order.
    private func free(_ hall: Hall, _ group: HallGroup, days: Int, _ context: ReadContext) throws
        -> [(slot: HallSlot, places: Int)]
    {
        let slots: [HallSlot] = AppointmentRules.slots(hall, from: context.now, days: days, halls.calendar)
        guard let first = slots.first, let last = slots.last else { return [] }
        let taken: [Instant: Int] = try AppointmentStore.taken(
            context.connection, hall: hall.id, group: group.id, from: first.start, to: last.start)
        return slots.compactMap { slot in
            let places: Int = group.slotCapacity - taken[slot.start, default: 0]
            return places > 0 ? (slot, places) : nil
        }
    }

    private func message(_ appointment: Appointment) -> OneStopV1.Appointment {
        let hall: Hall? = halls.catalogue()?.hall(appointment.hall)
        let group: BilingualText =
            hall?.group(appointment.group)?.title
            ?? BilingualText(zh: appointment.group, en: appointment.group)
        return OneStopV1.Appointment(
            name: appointment.name, hall: "halls/\(appointment.hall)", hallText: hall?.title.zh ?? "",
            group: appointment.group, groupText: .init(group), startTime: .init(appointment.start),
            endTime: .init(appointment.end),
            item: appointment.item.isEmpty ? "" : "items/\(appointment.item)",
            itemText: appointment.itemText, state: .init(rawValue: Int32(appointment.state.rawValue)),
            stateText: .init(HallTexts.state(appointment.state)))
    }
}
