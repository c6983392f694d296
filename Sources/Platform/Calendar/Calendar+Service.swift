package import Contract
import Kernel
import RPC

/// `CalendarService`: filed now, due when, and why?
struct CalendarDesk: PlatformV1.CalendarService {
    let platform: Platform

    /// Pauses of one question.
    static let pausesMax: Int = 50

    static let access: [AccessRule] = [
        AccessRule(PlatformV1.CalendarServiceMethods.simulateDeadline, .signedIn)
    ]

    func simulateDeadline(_ request: PlatformV1.SimulateDeadlineRequest, _ call: ServerCall) async throws
        -> PlatformV1.SimulateDeadlineResponse
    {
        let now: Instant = platform.environment.now()
        let start: Instant = try request.startTime?.instant(field: "start_time") ?? now
        guard let limit: TimeLimit = request.limit.flatMap(TimeLimit.init(wire:)) else { throw limitInvalid }
        guard request.pauses.count <= CalendarDesk.pausesMax else { throw tooManyPauses }
        let pauses: [ClockPause] = try request.pauses.map { pause in
            guard let begin: Instant = try pause.startTime?.instant(field: "pauses.start_time") else {
                throw pauseInvalid
            }
            let end: Instant? = try pause.endTime?.instant(field: "pauses.end_time")
            if let end, end < begin { throw pauseInvalid }
            return ClockPause(start: begin, end: end, evidence: pause.reason)
        }
        let calendar: WorkCalendar = platform.documents.calendar
        let deadline: Deadline = calendar.deadline(start: start, limit: limit, pauses: pauses, now: now)
        let days: [DeadlineDay] = calendar.explain(start: start, limit: limit, pauses: pauses, now: now)
        return PlatformV1.SimulateDeadlineResponse(
            dueTime: .init(deadline.due), yellowTime: .init(deadline.yellow), redTime: .init(deadline.red),
            provisional: deadline.isProvisional,
            provisionalReason: deadline.provisionalReason.map { .init($0) },
            days: days.map { day in
                PlatformV1.DeadlineDay(
                    date: day.date.description, counted: day.isCounted, reason: .init(day.reason),
                    usedMinutes: Int32(clamping: day.usedMinutes))
            })
    }

    private var limitInvalid: Refusal {
        .invalid(
            field: "limit", reason: "TIME_LIMIT_INVALID", zh: "时限应写明数目和单位，例如 5 个工作日。",
            en: "Give a number and a unit, such as 5 working days.")
    }
    private var pauseInvalid: Refusal {
        .invalid(
            field: "pauses", reason: "PAUSE_INVALID", zh: "暂停的起止时间不对，结束不能早于开始。",
            en: "A pause needs a beginning, and cannot end before it.")
    }
    private var tooManyPauses: Refusal {
        .invalid(
            field: "pauses", reason: "TOO_MANY_PAUSES", zh: "一次最多算 \(CalendarDesk.pausesMax) 段暂停。",
            en: "At most \(CalendarDesk.pausesMax) pauses at a time.")
    }
}

extension TimeLimit {
    /// The limit on the wire; nil without a unit or with a number that the unit does not allow.
    package init?(wire: PlatformV1.TimeLimit) {
        let unit: Unit
        switch wire.unit {
        case .minute: unit = .minutes
        case .workingHour: unit = .workingHours
        case .workingDay: unit = .workingDays
        case .calendarDay: unit = .calendarDays
        case .unspecified, .unrecognized: return nil
        }
        self.init(value: Int(wire.value), unit: unit)
    }

    package var wire: PlatformV1.TimeLimit {
        let wireUnit: PlatformV1.TimeUnit =
            switch unit {
            case .minutes: .minute
            case .workingHours: .workingHour
            case .workingDays: .workingDay
            case .calendarDays: .calendarDay
            }
        return PlatformV1.TimeLimit(value: Int32(clamping: value), unit: wireUnit)
    }
}
