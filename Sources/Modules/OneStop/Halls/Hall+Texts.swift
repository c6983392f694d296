import Kernel
import Platform

/// What people read about halls, appointments and tickets. What stands on the lobby display is short: it is read from five
/// metres.
enum HallTexts {
    // MARK: States

    static func state(_ ticket: Ticket) -> BilingualText {
        switch ticket.state {
        case .waiting: BilingualText(zh: "等候中", en: "waiting")
        case .serving: BilingualText(zh: "请到\(ticket.counter)号窗口", en: "go to counter \(ticket.counter)")
        case .onHold: BilingualText(zh: "暂挂，回来请先找导办台", en: "on hold; see the reception when you are back")
        case .finished: BilingualText(zh: "已办完", en: "done")
        case .noShow:
            ticket.missedCalls <= QueueRules.forgivenCalls
                ? BilingualText(zh: "过号了，今天可以恢复一次", en: "missed; you may come back once today")
                : BilingualText(zh: "已过号，请重新取号", en: "missed; take a new ticket")
        case .cancelled: BilingualText(zh: "已取消", en: "cancelled")
        case .cleared: BilingualText(zh: "已下班，号码作废", en: "closed; the ticket has ended")
        }
    }

    static func state(_ state: AppointmentState) -> BilingualText {
        switch state {
        case .booked: BilingualText(zh: "已预约", en: "booked")
        case .checkedIn: BilingualText(zh: "已签到取号", en: "checked in")
        case .cancelled: BilingualText(zh: "已取消", en: "cancelled")
        case .missed: BilingualText(zh: "没来", en: "missed")
        }
    }

    /// `工作日 09:00–12:00，13:30–17:00`, of today or else of the next day that is worked.
    static func openingHours(_ hall: Hall, from date: CivilDate, _ calendar: WorkCalendar) -> String {
        guard let day: HallDay = nextDay(hall, from: date, calendar) else { return "" }
        return "工作日 " + periods(day)
    }

    private static func periods(_ day: HallDay) -> String {
        day.periods.map { period in
            "\(clock(period.start))–\(clock(period.end))"
        }.joined(separator: "，")
    }

    private static func clock(_ minute: Int) -> String {
        "\(ASCII.padded(minute / 60, 2)):\(ASCII.padded(minute % 60, 2))"
    }

    /// The first day from `date` on that is worked; days that are looked at are few.
    static func nextDay(_ hall: Hall, from date: CivilDate, _ calendar: WorkCalendar) -> HallDay? {
        for offset in 0..<daysLookedAt {
            if let day = hall.opening(on: date.adding(days: offset), calendar) { return day }
        }
        return nil
    }

    /// Longer than any holiday.
    private static let daysLookedAt: Int = 21

    // MARK: Refusals about halls

    static let hallNotFound: Refusal = .notFound(
        reason: "HALL_NOT_FOUND", zh: "没有找到这个大厅。请先列出大厅再选。", en: "There is no such hall. List them first.")

    static let hallNeeded: Refusal = .invalid(
        field: "hall", reason: "HALL_NEEDED", zh: "请写明是哪个大厅。", en: "Say which hall.")

    static func closed(_ hall: Hall, now: Instant, _ calendar: WorkCalendar) -> Refusal {
        let today: CivilDate = now.shanghaiDate
        let day: HallDay? = hall.opening(on: today, calendar)
        let from: CivilDate = day.map { now < $0.opens } == true ? today : today.adding(days: 1)
        guard let next: HallDay = nextDay(hall, from: from, calendar) else {
            return .wrongState(
                reason: "HALL_CLOSED", zh: "\(hall.title.zh)现在不取号。", en: "The hall gives no tickets now.")
        }
        let opens: CivilTime = next.opens.shanghai
        let english: String = next.opens.shanghai.description
        return .wrongState(
            reason: "HALL_CLOSED",
            zh: "现在不取号。\(hall.title.zh)下次开门：\(dayText(opens.date)) \(opens.clockText)。也可以预约时间。",
            en: "No tickets now. The hall opens next at \(english). You may also book a time.",
            metadata: ["opens": next.opens.rfc3339])
    }

    static func groupUnknown(_ hall: Hall) -> Refusal {
        let groups: String = hall.layout.groups.map { "\($0.id) \($0.title.zh)" }.joined(separator: "，")
        let english: String = hall.layout.groups.map { "\($0.id) \($0.title.en)" }.joined(separator: ", ")
        return .invalid(
            field: "group", reason: "GROUP_UNKNOWN", zh: "没有这个窗口组。可选：\(groups)。",
            en: "There is no such counter group. Choose one of: \(english).")
    }

    static func quickOnly(_ right: HallGroup) -> Refusal {
        .wrongState(
            reason: "QUICK_ONLY", zh: "快办窗口只办当场能办完的事。这件事请到 \(right.id) \(right.title.zh)。",
            en:
                "The quick counter takes only what is done at once. This goes to \(right.id) \(right.title.en).",
            metadata: ["group": right.id])
    }

    static func groupsNeeded(_ hall: Hall) -> Refusal {
        .invalid(
            field: "groups", reason: "GROUPS_NEEDED",
            zh: "请写明这个窗口办哪几组，每组写一次：\(hall.layout.groups.map(\.id).joined(separator: "、"))。",
            en: "Name the groups, each once: \(hall.layout.groups.map(\.id).joined(separator: ", ")).")
    }

    static let quickAlone: Refusal = .invalid(
        field: "groups", reason: "QUICK_ALONE", zh: "快办窗口只叫快办的号，不能再带别的组。",
        en: "A quick counter calls quick tickets only. Leave the other groups out.")

    static func counterUnknown(_ hall: Hall) -> Refusal {
        .invalid(
            field: "counter", reason: "COUNTER_UNKNOWN", zh: "窗口号应为 1 到 \(hall.layout.counters)。",
            en: "Counters are numbered 1 to \(hall.layout.counters).")
    }

    static let itemUnknown: Refusal = .notFound(
        reason: "ITEM_NOT_FOUND", zh: "没有找到这个事项，可以不选事项直接取号。",
        en: "There is no such item. You may take a ticket without one.")

    static func applicationNotYours(_ name: String) -> Refusal {
        .notFound(
            reason: "APPLICATION_NOT_FOUND", zh: "没有找到您的这个申请，请核对受理编号。",
            en: "There is no such application of yours. Check its number.", metadata: ["application": name])
    }

    // MARK: Refusals about tickets

    static let ticketNotFound: Refusal = .notFound(
        reason: "TICKET_NOT_FOUND", zh: "没有找到这个号。请核对号码，或请导办台帮忙。",
        en: "There is no such ticket. Check the number, or ask the reception.")

    static func ticketState(_ ticket: Ticket, _ action: TicketAction) -> Refusal {
        let now: BilingualText = state(ticket)
        return .wrongState(
            reason: "TICKET_STATE", zh: "\(ticket.number) 现在是「\(now.zh)」，不能这样操作。",
            en: "\(ticket.number) is now: \(now.en). This cannot be done.",
            metadata: ["state": String(describing: ticket.state), "action": action.rawValue])
    }

    static let calledOften: Refusal = .wrongState(
        reason: "CALLED_OFTEN", zh: "已经叫了\(QueueRules.callsBeforeNoShow)次。没人来就记过号，叫下一位。",
        en: "Called \(QueueRules.callsBeforeNoShow) times. If nobody comes, mark it missed and call the next."
    )

    static func callAgainFirst(called: Int) -> Refusal {
        .wrongState(
            reason: "CALL_AGAIN_FIRST",
            zh: "才叫了\(called)次。叫满\(QueueRules.callsBeforeNoShow)次没人来，才能记过号。",
            en:
                "Called \(called) of \(QueueRules.callsBeforeNoShow) times. Call again before marking it missed.",
            metadata: ["called": String(called)])
    }

    static let missedTooOften: Refusal = .wrongState(
        reason: "MISSED_TOO_OFTEN", zh: "这个号已经恢复过一次，请重新取号。",
        en: "This ticket came back once already. Take a new one.")

    static let ticketOfAnotherDay: Refusal = .wrongState(
        reason: "TICKET_OF_ANOTHER_DAY", zh: "这不是今天的号，请重新取号。",
        en: "This ticket is of another day. Take a new one.")

    static let sameGroup: Refusal = .invalid(
        field: "group", reason: "SAME_GROUP", zh: "这个号就在这一组，不用转。",
        en: "The ticket is in this group already.")

    static let queueFull: Refusal = .exhausted(
        retryAfterSeconds: 3_600, reason: "QUEUE_FULL", zh: "今天的号已经取完，请预约改天来。",
        en: "Today's numbers are used up. Book a time on another day.")

    static let tooManyTickets: Refusal = .exhausted(
        retryAfterSeconds: 3_600, reason: "TOO_MANY_TICKETS",
        zh: "您今天在这里取了\(QueueRules.ticketsPerResidentMax)个号，请找导办台帮忙。",
        en: "You took \(QueueRules.ticketsPerResidentMax) tickets here today. Ask the reception.")

    // MARK: Refusals about counters

    static let noCounter: Refusal = .wrongState(
        reason: "NO_COUNTER", zh: "您还没有开窗口，请先开窗口。", en: "You have no open counter. Open one first.")

    static let nothingServed: Refusal = .wrongState(
        reason: "NOTHING_SERVED", zh: "窗口上没有号，请先叫号。", en: "The counter serves no ticket. Call one first.")

    static func queueEmpty(_ groups: [String]) -> Refusal {
        .notFound(
            reason: "QUEUE_EMPTY", zh: "\(groups.joined(separator: "、")) 组没有人在等。",
            en: "Nobody waits in \(groups.joined(separator: ", ")).")
    }

    static func counterTaken(_ number: Int) -> Refusal {
        .wrongState(
            reason: "COUNTER_TAKEN", zh: "\(number)号窗口已经有人开了，请换一个。",
            en: "Counter \(number) is open already. Take another.", metadata: ["counter": String(number)])
    }

    static func clerkBusy(_ counter: Counter) -> Refusal {
        .wrongState(
            reason: "CLERK_BUSY", zh: "您已经开了\(counter.number)号窗口，请先关上。",
            en: "You have counter \(counter.number) open. Close it first.",
            metadata: ["counter": String(counter.number)])
    }

    static let counterServes: Refusal = .wrongState(
        reason: "COUNTER_SERVES", zh: "窗口上还有一个号，请先办结、挂起或转出。",
        en: "The counter still serves a ticket. Finish, hold or transfer it first.")

    static let reasonNeeded: Refusal = .invalid(
        field: "reason", reason: "REASON_NEEDED", zh: "插队叫号要写明原因。", en: "Say why it is called out of turn.")

    // MARK: Refusals about appointments

    static let appointmentNotFound: Refusal = .notFound(
        reason: "APPOINTMENT_NOT_FOUND", zh: "没有找到这个预约。", en: "There is no such appointment.")

    static let groupTakesNone: Refusal = .wrongState(
        reason: "GROUP_WITHOUT_APPOINTMENTS", zh: "这个窗口组不用预约，来了取号就办。",
        en: "This group takes no appointments: just come and take a ticket.")

    static let slotUnknown: Refusal = .invalid(
        field: "start_time", reason: "SLOT_UNKNOWN", zh: "没有这个预约时段，请从列出的时段里选。",
        en: "There is no such time. Choose one from the list.")

    static let daysRange: Refusal = .invalid(
        field: "days", reason: "DAYS_RANGE", zh: "一次最多看\(AppointmentRules.daysMax)天。",
        en: "At most \(AppointmentRules.daysMax) days at a time.")

    static func slotFull(next: HallSlot?) -> Refusal {
        guard let next else {
            return .wrongState(
                reason: "SLOT_FULL", zh: "这个时段约满了，往后几天也满了。可以直接来取号。",
                en: "This time is taken, and so are the days after it. Just come and take a ticket.")
        }
        return .wrongState(
            reason: "SLOT_FULL",
            zh: "这个时段约满了。最近的空时段：\(slotText(next))。",
            en: "This time is taken. The next free one begins at \(next.start.shanghai).",
            metadata: ["next_start_time": next.start.rfc3339])
    }

    static let tooManyAppointments: Refusal = .exhausted(
        retryAfterSeconds: 86_400, reason: "TOO_MANY_APPOINTMENTS",
        zh: "您有\(AppointmentRules.openMax)个预约还没用。请先用掉或取消一个。",
        en: "You have \(AppointmentRules.openMax) appointments. Use or cancel one first.")

    static let sameTime: Refusal = .wrongState(
        reason: "APPOINTMENT_AT_THE_SAME_TIME", zh: "您在这个时间已经有预约。",
        en: "You have an appointment at that time.")

    static func appointmentState(_ state: AppointmentState) -> Refusal {
        let now: BilingualText = self.state(state)
        return .wrongState(
            reason: "APPOINTMENT_STATE", zh: "这个预约现在是「\(now.zh)」，不用再取消。要来的话请重新预约。",
            en: "The appointment is \(now.en) and needs no cancelling. To come, book another time.",
            metadata: ["state": String(describing: state)])
    }

    // MARK: Messages

    static func booked(_ hall: Hall, _ group: HallGroup, _ slot: HallSlot) -> (
        title: BilingualText, body: BilingualText
    ) {
        (
            BilingualText(zh: "预约成功：\(slotText(slot))", en: "Booked: \(slot.start.shanghai)"),
            BilingualText(
                zh:
                    "\(hall.title.zh)，\(group.id) \(group.title.zh)。提前\(AppointmentRules.earlyMinutes)分钟起可以签到取号，"
                    + "到点先叫您。地址：\(hall.address)。",
                en: "\(hall.title.en), \(group.id) \(group.title.en). Take your ticket up to "
                    + "\(AppointmentRules.earlyMinutes) minutes early; you are called first at your time. "
                    + "Address: \(hall.address).")
        )
    }

    static func called(_ ticket: Ticket, _ hall: Hall) -> (title: BilingualText, body: BilingualText) {
        (
            BilingualText(
                zh: "\(ticket.number) 请到\(ticket.counter)号窗口",
                en: "\(ticket.number): counter \(ticket.counter)"),
            BilingualText(zh: hall.title.zh, en: hall.title.en)
        )
    }

    static func soon(_ ticket: Ticket, _ hall: Hall) -> (title: BilingualText, body: BilingualText) {
        (
            BilingualText(zh: "\(ticket.number) 快到了", en: "\(ticket.number) is soon"),
            BilingualText(
                zh: "前面还有\(QueueRules.soonAhead)位，请回到\(hall.title.zh)等候。",
                en: "\(QueueRules.soonAhead) before you. Please come back to \(hall.title.en).")
        )
    }

    static func missed(_ ticket: Ticket) -> (title: BilingualText, body: BilingualText) {
        let again: Bool = ticket.missedCalls <= QueueRules.forgivenCalls
        return (
            BilingualText(zh: "\(ticket.number) 过号了", en: "\(ticket.number) was missed"),
            again
                ? BilingualText(
                    zh: "没关系，今天可以恢复一次，排在后来的人前面。请点「恢复排队」，或找导办台。",
                    en:
                        "You may come back once today, before those who came later. Return it, or ask the reception."
                )
                : BilingualText(zh: "请重新取号。", en: "Please take a new ticket.")
        )
    }

    static func cleared(_ ticket: Ticket, _ hall: Hall) -> (title: BilingualText, body: BilingualText) {
        (
            BilingualText(zh: "\(ticket.number) 今天没叫到，抱歉", en: "\(ticket.number) was not reached today"),
            BilingualText(
                zh: "\(hall.title.zh)已下班。建议预约时间，到点先叫您。",
                en: "\(hall.title.en) is closed. Book a time: you are then called first.")
        )
    }

    /// `11月26日（周四）09:00–09:30`.
    static func slotText(_ slot: HallSlot) -> String {
        "\(dayText(slot.start.shanghaiDate))\(slot.start.shanghai.clockText)–\(slot.end.shanghai.clockText)"
    }

    static func dayText(_ date: CivilDate) -> String {
        "\(date.month)月\(date.day)日（\(date.weekday.text(in: .chinese))）"
    }
}
