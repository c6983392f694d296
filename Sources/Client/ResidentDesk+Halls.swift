internal import Contract
internal import Dialogue
internal import Kernel
internal import RPC

// Service centres and ratings.

extension ResidentDesk {
    var appointments: OneStopV1.AppointmentServiceClient { .init(channel: session.channel) }
    var queue: OneStopV1.QueueServiceClient { .init(channel: session.channel) }

    func performHalls(_ request: OneStopRequest) async throws -> OneStopResponse {
        let options = session.options()
        switch request {
        case .halls(.ticketHere):
            let hall = try await queue.getHall(.init(), options: options)
            return .halls([HallView(hall)], .ticketHere)
        case .halls(let purpose):
            let answer = try await appointments.listHalls(.init(pageSize: Self.pageSize), options: options)
            return .halls(answer.halls.map(HallView.init), purpose)
        case .slots(let hall, let group):
            let request = OneStopV1.ListSlotsRequest(hall: hall.name, group: group.id)
            let answer = try await appointments.listSlots(request, options: options)
            return .slots(answer.slots.map(SlotView.init), hall: hall, group: group)
        case .book(let appointment, let requestID):
            let request = OneStopV1.BookAppointmentRequest(
                hall: appointment.hall, group: appointment.group, startTime: .init(appointment.start),
                item: appointment.item, requestID: requestID)
            return .booked(AppointmentView(try await appointments.bookAppointment(request, options: options)))
        case .appointments(let page):
            let request = OneStopV1.ListAppointmentsRequest(pageSize: Self.pageSize, pageToken: page)
            let answer = try await appointments.listAppointments(request, options: options)
            return .appointments(answer.appointments.map(AppointmentView.init), next: answer.nextPageToken)
        case .takeTicket(let hall, let group, let item, let requestID):
            let request = OneStopV1.TakeTicketRequest(
                hall: hall, group: group, item: item, requestID: requestID)
            return .ticketTaken(TicketView(try await queue.takeTicket(request, options: options)))
        case .ticket(let name, let claim):
            return .ticket(
                TicketView(try await queue.getTicket(.init(name: name, claim: claim), options: options)))
        default: return try await performRatings(request)
        }
    }

    private func performRatings(_ request: OneStopRequest) async throws -> OneStopResponse {
        let ratings = OneStopV1.RatingServiceClient(channel: session.channel)
        let options = session.options()
        switch request {
        case .rate(let subject, let grade, let comment, let claim, let requestID):
            let request = OneStopV1.RateServiceRequest(
                subject: subject, grade: Int32(clamping: grade), comment: comment, claim: claim,
                requestID: requestID)
            return .rated(RatingView(try await ratings.rateService(request, options: options)))
        case .ratings(let page):
            let request = OneStopV1.ListRatingsRequest(pageSize: Self.pageSize, pageToken: page)
            let answer = try await ratings.listRatings(request, options: options)
            return .ratings(answer.ratings.map(RatingView.init), next: answer.nextPageToken)
        case .confirmRectification(let rating, let isSatisfied, let comment, let requestID):
            let request = OneStopV1.ConfirmRectificationRequest(
                name: rating, satisfied: isSatisfied, comment: comment, requestID: requestID)
            return .rectificationConfirmed(
                RatingView(try await ratings.confirmRectification(request, options: options)))
        default: throw RPCError(code: .unimplemented, message: "not a request to the server")
        }
    }
}
