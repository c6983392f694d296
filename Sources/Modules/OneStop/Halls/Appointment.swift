import Kernel
import Platform

/// State of an appointment; the raw value is what the store keeps and what the wire carries.
enum AppointmentState: Int, Sendable {
    case booked = 1
    case checkedIn = 2
    case cancelled = 3
    case missed = 4
}

/// An appointment 预约.
struct Appointment: Sendable, Equatable {
    let id: String
    let hall: String
    let group: String
    /// `residents/{id}`; nil once it was forgotten.
    let resident: String?
    let start: Instant
    let end: Instant
    let item: String
    let itemText: String
    var state: AppointmentState
    let createTime: Instant
    var version: Int64 = 1

    /// `appointments/{id}`.
    var name: String { "appointments/\(id)" }
}

enum AppointmentRules {
    /// Appointments that one resident may have open.
    static let openMax: Int = 3
    /// Minutes before its time from which an appointment can be checked in.
    static let earlyMinutes: Int = 30
    /// Days of free times that one answer shows at most.
    static let daysMax: Int = 14
    static let daysStandard: Int = 7

    /// From `earlyMinutes` before the time to its end, both included.
    static func canCheckIn(_ appointment: Appointment, at now: Instant) -> Bool {
        appointment.state == .booked && appointment.start.adding(minutes: -Int64(earlyMinutes)) <= now
            && now <= appointment.end
    }

    /// Whether nobody came: its time is over.
    static func isMissed(_ appointment: Appointment, at now: Instant) -> Bool {
        appointment.state == .booked && appointment.end < now
    }

    static func cancel(_ state: AppointmentState) throws(Refusal) -> AppointmentState {
        guard state == .booked else { throw HallTexts.appointmentState(state) }
        return .cancelled
    }

    /// The times of the days to come: worked, and in a year whose holidays are published.
    ///
    /// - Parameter days: from tomorrow on.
    static func slots(_ hall: Hall, from now: Instant, days: Int, _ calendar: WorkCalendar) -> [HallSlot] {
        let today: CivilDate = now.shanghaiDate
        return (1...max(1, days)).flatMap { offset -> [HallSlot] in
            let date: CivilDate = today.adding(days: offset)
            guard calendar.isPublished(date.year) else { return [] }
            return hall.opening(on: date, calendar)?.slots ?? []
        }
    }
}
