import Contract
import Kernel
import Platform
import RPC
import Storage

/// The counters' side of the queue: open, call, hold, hand over, finish, close.
extension QueueDesk {
    func openCounter(_ request: OneStopV1.OpenCounterRequest, _ call: ServerCall) async throws
        -> OneStopV1.Counter
    {
        try await platform.perform(call, request, requestID: request.requestID, action: "counter.open") {
            unit in
            let hall: Hall = try halls.hall(named: request.hall, unit.reading)
            try halls.requireClerk(of: hall, unit.principal, unit.connection)
            try QueueRules.check(groups: request.groups, counter: Int(request.counter), in: hall)
            guard let day: HallDay = hall.opening(on: unit.now.shanghaiDate, halls.calendar),
                unit.now < day.clearing
            else { throw HallTexts.closed(hall, now: unit.now, halls.calendar) }
            let counter: Counter = Counter(
                hall: hall.id, number: Int(request.counter), day: day.date, groups: request.groups,
                clerk: unit.principal.name, device: unit.principal.deviceID)
            if let other = try QueueStore.counter(unit.connection, clerk: counter.clerk) {
                throw HallTexts.clerkBusy(other)
            }
            guard try QueueStore.open(counter, unit.connection) else {
                throw HallTexts.counterTaken(counter.number)
            }
            unit.audit(
                subject: hall.name,
                details: ["counter": String(counter.number), "groups": counter.groups.joined()])
            halls.publish(hall, unit)
            return try halls.message(counter, withClerk: true, unit.connection)
        }
    }

    func closeCounter(_ request: OneStopV1.CloseCounterRequest, _ call: ServerCall) async throws
        -> OneStopV1.Counter
    {
        try await platform.perform(call, request, requestID: request.requestID, action: "counter.close") {
            unit in
            let (hall, counter): (Hall, Counter) = try own(unit)
            if counter.ticket != nil {
                var next: Ticket = try QueueRules.putBack(try served(counter, unit), now: unit.now)
                try save(&next, unit)
                unit.audit(action: "ticket.put_back", subject: next.name)
            }
            try QueueStore.close(counter, unit.connection)
            unit.audit(subject: hall.name, details: ["counter": String(counter.number)])
            halls.publish(hall, unit)
            var closed: Counter = counter
            closed.ticket = nil
            return try halls.message(closed, withClerk: true, open: false, unit.connection)
        }
    }

    func callNext(_ request: OneStopV1.CallNextRequest, _ call: ServerCall) async throws -> OneStopV1.Ticket {
        try await platform.perform(call, request, requestID: request.requestID, action: "ticket.call") {
            unit in
            let (hall, counter): (Hall, Counter) = try own(unit)
            let done: Ticket? = counter.ticket == nil ? nil : try finish(at: counter, hall, unit)
            guard
                let next: Ticket = try QueueStore.next(
                    unit.connection, hall: hall.id, groups: counter.groups, now: unit.now)
            else {
                guard let done else { throw HallTexts.queueEmpty(counter.groups) }
                return try tell(done, unit)
            }
            return try tell(try serve(next, at: counter, hall, unit), unit)
        }
    }

    func callTicket(_ request: OneStopV1.CallTicketRequest, _ call: ServerCall) async throws
        -> OneStopV1.Ticket
    {
        let reason: String = try QueueRules.optionalReasonRule.apply(request.reason, field: "reason")
        return try await platform.perform(
            call, request, requestID: request.requestID, action: "ticket.call"
        ) { unit in
            let (hall, counter): (Hall, Counter) = try own(unit)
            guard counter.ticket == nil else { throw HallTexts.counterServes }
            guard let ticket: Ticket = try named(request.name, in: hall, unit) else {
                throw HallTexts.ticketNotFound
            }
            if ticket.state != .onHold {
                guard !reason.isEmpty else { throw HallTexts.reasonNeeded }
                _ = try QueueRules.reasonRule.apply(reason, field: "reason")
            }
            var chosen: Ticket = ticket
            chosen.note = reason
            return try tell(
                try serve(chosen, at: counter, hall, unit), details: ["out_of_turn": "true"], unit)
        }
    }

    func recallTicket(_ request: OneStopV1.RecallTicketRequest, _ call: ServerCall) async throws
        -> OneStopV1.Ticket
    {
        try await act(request, requestID: request.requestID, "ticket.recall", call) { ticket, hall, unit in
            let next: Ticket = try QueueRules.recall(ticket)
            try QueueStore.addCall(next, now: unit.now, unit.connection)
            try halls.tell(next.resident, HallTexts.called(next, hall), about: next.name, unit)
            return next
        }
    }

    func holdTicket(_ request: OneStopV1.HoldTicketRequest, _ call: ServerCall) async throws
        -> OneStopV1.Ticket
    {
        let reason: String = try QueueRules.reasonRule.apply(request.reason, field: "reason")
        return try await act(request, requestID: request.requestID, "ticket.hold", call) { ticket, _, unit in
            var next: Ticket = try QueueRules.hold(ticket, now: unit.now)
            next.note = reason
            return next
        }
    }

    func transferTicket(_ request: OneStopV1.TransferTicketRequest, _ call: ServerCall) async throws
        -> OneStopV1.Ticket
    {
        let reason: String = try QueueRules.reasonRule.apply(request.reason, field: "reason")
        return try await act(request, requestID: request.requestID, "ticket.transfer", call) {
            ticket, hall, unit in
            let matter: HallMatter? = try halls.matter(
                ticket.item.isEmpty ? "" : "items/\(ticket.item)", unit.connection)
            guard !request.group.isEmpty else { throw HallTexts.groupUnknown(hall) }
            let group: HallGroup = try hall.group(asked: request.group, matter: matter)
            var next: Ticket = try QueueRules.transfer(ticket, to: group.id, now: unit.now)
            next.note = reason
            return next
        }
    }

    func finishTicket(_ request: OneStopV1.FinishTicketRequest, _ call: ServerCall) async throws
        -> OneStopV1.Ticket
    {
        try await platform.perform(call, request, requestID: request.requestID, action: "ticket.finish") {
            unit in
            let (hall, counter): (Hall, Counter) = try own(unit)
            return try tell(try finish(at: counter, hall, unit), unit)
        }
    }

    func markNoShow(_ request: OneStopV1.MarkNoShowRequest, _ call: ServerCall) async throws
        -> OneStopV1.Ticket
    {
        try await act(request, requestID: request.requestID, "ticket.no_show", call) { ticket, _, unit in
            let next: Ticket = try QueueRules.noShow(ticket, now: unit.now)
            try halls.tell(next.resident, HallTexts.missed(next), about: next.name, unit)
            return next
        }
    }

    // MARK: Steps

    /// One verb on the ticket of the caller's counter, which is free afterwards unless it still serves.
    private func act<Q: Message>(
        _ request: Q, requestID: String, _ action: String, _ call: ServerCall,
        _ change: @escaping @Sendable (Ticket, Hall, UnitOfWork) throws -> Ticket
    ) async throws -> OneStopV1.Ticket {
        try await platform.perform(call, request, requestID: requestID, action: action) { unit in
            let (hall, counter): (Hall, Counter) = try own(unit)
            var next: Ticket = try change(try served(counter, unit), hall, unit)
            try save(&next, unit)
            if next.state != .serving { try QueueStore.setTicket(nil, at: counter, unit.connection) }
            return try tell(next, unit)
        }
    }

    /// The counter that the caller has open, by the store; the right to its hall is asked again each time.
    private func own(_ unit: UnitOfWork) throws -> (Hall, Counter) {
        guard let counter: Counter = try QueueStore.counter(unit.connection, clerk: unit.principal.name)
        else { throw HallTexts.noCounter }
        let hall: Hall = try halls.hall(id: counter.hall)
        try halls.requireClerk(of: hall, unit.principal, unit.connection)
        return (hall, counter)
    }

    private func served(_ counter: Counter, _ unit: UnitOfWork) throws -> Ticket {
        guard let id: String = counter.ticket, let ticket = try QueueStore.find(unit.connection, id: id)
        else { throw HallTexts.nothingServed }
        return ticket
    }

    /// A ticket of today by its name or its number.
    private func named(_ name: String, in hall: Hall, _ unit: UnitOfWork) throws -> Ticket? {
        let ticket: Ticket?
        if name.hasPrefix("tickets/") {
            let id: String = try ResourceName(parsing: name, QueueDesk.ticketPattern).id
            ticket = try QueueStore.find(unit.connection, id: id)
        } else {
            ticket = try QueueStore.find(
                unit.connection, hall: hall.id, day: unit.now.shanghaiDate, number: name.uppercased())
        }
        return ticket?.hall == hall.id ? ticket : nil
    }

    /// Calls a ticket to the counter and shows it.
    private func serve(_ ticket: Ticket, at counter: Counter, _ hall: Hall, _ unit: UnitOfWork) throws
        -> Ticket
    {
        var called: Ticket = try QueueRules.call(ticket, to: counter.number, now: unit.now)
        try save(&called, unit)
        try QueueStore.setTicket(called.id, at: counter, unit.connection)
        try QueueStore.addHandler(
            called.id, staff: counter.clerk, device: counter.device, unit.connection)
        try QueueStore.addCall(called, now: unit.now, unit.connection)
        try halls.tell(called.resident, HallTexts.called(called, hall), about: called.name, unit)
        let soon: Ticket? = try QueueStore.takeSoon(
            unit.connection, hall: hall.id, group: called.group, now: unit.now)
        if let soon { try halls.tell(soon.resident, HallTexts.soon(soon, hall), about: soon.name, unit) }
        return called
    }

    /// Finishes what the counter serves: it can be rated from now on.
    private func finish(at counter: Counter, _ hall: Hall, _ unit: UnitOfWork) throws -> Ticket {
        var done: Ticket = try QueueRules.finish(try served(counter, unit), now: unit.now)
        try save(&done, unit)
        try QueueStore.setTicket(nil, at: counter, unit.connection)
        unit.publish(DomainEvent(type: Halls.finished, subject: done.name, payload: ["hall": hall.name]))
        try invitations.invite(done.name, unit)
        return done
    }
}
