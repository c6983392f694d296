internal import Kernel

// Service centres: appointments and tickets.

extension Turn {
    mutating func showHalls(_ halls: [HallView], _ purpose: HallPurpose) {
        var list = ListFrame(title: t(Text("便民服务中心", "Service centres")))
        // Who stands in a centre mostly means that one.
        let here = halls.filter { $0.name == definition.hall }
        let elsewhere = halls.filter { $0.name != definition.hall }
        list.items = (here + elsewhere).map { hall in
            let detail = hallList(hall, purpose)
            let mark = hall.name == definition.hall ? t(Text("（就在这里）", " (here)")) : ""
            return .init(
                label: hall.displayName + mark, keywords: [hall.displayName], action: .show(detail))
        }
        if halls.count == 1 { return push(.list(hallList(halls[0], purpose))) }
        if halls.isEmpty {
            list.text = [t(Text("还没有登记服务中心，请打 12345。", "No centre is registered. Please call 12345."))]
        }
        push(.list(list))
    }

    private func hallList(_ hall: HallView, _ purpose: HallPurpose) -> ListFrame {
        var list = ListFrame(title: hall.displayName)
        if !hall.address.isEmpty {
            list.rows.append(.init(label: t(Text("地址", "Address")), value: hall.address))
        }
        if !hall.openingHours.isEmpty {
            list.rows.append(.init(label: t(Text("开门时间", "Open")), value: hall.openingHours))
        }
        switch purpose {
        case .appointment:
            list.text = [t(Text("办哪一类的事？", "What is it about?"))]
            list.items = hall.groups.map { group in
                .init(
                    label: groupText(group), keywords: [t(group.label)],
                    action: .callSignedIn(.oneStop(.slots(hall: hall.named(for: purpose), group: group))))
            }
        case .ticket, .ticketHere:
            list.text = [
                t(
                    hall.isOpen
                        ? Text("取哪一类的号？", "Which line?")
                        : Text("现在没有开门，不能取号。可以预约。", "It is closed now. You can book a time."))
            ]
            guard hall.isOpen else {
                list.items = [
                    .init(
                        label: t(Text("约一个时间", "Book a time")), keywords: ["预约", "book"],
                        action: .show(hallList(hall, .appointment(item: "", itemText: ""))))
                ]
                break
            }
            list.items = hall.groups.map { group in
                var label = groupText(group)
                label += t(
                    group.waiting == 0
                        ? Text("　前面没有人", ", nobody waiting")
                        : Text("　前面 \(group.waiting) 人", ", \(group.waiting) waiting"))
                if group.waiting > 0, group.minutes >= 0 {
                    label += t(Text("，大约等 \(group.minutes) 分钟", ", about \(group.minutes) minutes"))
                }
                return .init(
                    label: label, keywords: [t(group.label)],
                    action: .takeTicket(hall: hall.name, group: group.id))
            }
        }
        return list
    }

    private func groupText(_ group: HallView.Group) -> String {
        group.description.isEmpty ? t(group.label) : "\(t(group.label))（\(t(group.description))）"
    }

    // MARK: Appointments

    mutating func showSlots(_ slots: [SlotView], hall: HallView, group: HallView.Group) {
        var list = ListFrame(title: "\(hall.displayName)　\(t(group.label))")
        guard !slots.isEmpty else {
            list.text = [
                t(Text("最近几天都约满了。可以换一个服务中心，或者直接去取号。", "All is booked for the days to come."))
            ]
            return push(.list(list))
        }
        list.text = [t(Text("哪一天？", "Which day?"))]
        let days = Dictionary(grouping: slots) { $0.start.shanghaiDate }
        list.items = days.keys.sorted().map { day in
            let times = days[day] ?? []
            var detail = ListFrame(title: day.text(in: language))
            detail.text = [t(Text("几点？", "What time?"))]
            detail.items = times.sorted { $0.start < $1.start }.map { slot in
                .init(
                    label: clockTime(slot) + t(Text("　还有 \(slot.free) 个", ", \(slot.free) left")),
                    action: .form(Self.bookForm(slot, clockTime(slot), day, hall: hall, group: group)))
            }
            let label = "\(day.text(in: language)) \(day.weekday.text(in: language))"
            return .init(
                label: label + t(Text("　\(times.count) 个时间", ", \(times.count) times")), action: .show(detail)
            )
        }
        push(.list(list))
    }

    /// `09:00–09:30`.
    private func clockTime(_ slot: SlotView) -> String {
        let hours = { (instant: Instant) in String(time(instant).suffix(5)) }
        return "\(hours(slot.start))–\(hours(slot.end))"
    }

    private static func bookForm(
        _ slot: SlotView, _ clock: String, _ day: CivilDate, hall: HallView, group: HallView.Group
    ) -> Form {
        let text = Text(
            "\(hall.displayName)，\(group.label.zh)，\(day.text(in: .chinese)) \(clock)。约这个时间吗？",
            "\(hall.displayName), \(group.label[.english]), \(day.text(in: .english)) \(clock). Book it?")
        return Form(
            id: Flow.book, title: Text("预约", "Book a time"),
            questions: [
                Question(id: "sure", prompt: text, kind: .yesNo, label: Text("预约", "Book"))
            ], act: Text("预约", "Book"), hasSummary: false,
            context: [
                "hall": hall.name, "group": group.id, "start": String(slot.start.milliseconds),
                "item": hall.item,
            ])
    }

    mutating func showBooked(_ appointment: AppointmentView) {
        dropForms()
        var list = appointmentList(appointment)
        list.title = t(Text("约好了", "It is booked"))
        list.text = [
            t(
                Text(
                    "请按时到，先在一体机或导服台签到取号。来不了请取消，把时间让给别人。",
                    "Please be in time and check in first. Cancel if you cannot come."))
        ]
        list.items.append(.init(label: t(Words.toHome), action: .home))
        // The screens that led here would offer times that are taken.
        state.frames = [.menu(id: definition.menus.root, page: 0)]
        push(.list(list))
    }

    mutating func showAppointments(_ appointments: [AppointmentView], next: String) {
        dropScreen(of: Self.appointmentsSubject)
        var list = ListFrame(title: t(Text("我的预约", "My appointments")))
        list.subject = Self.appointmentsSubject
        list.items = appointments.map { appointment in
            .init(
                label: "\(time(appointment.start))　\(appointment.hall)　\(t(appointment.state))",
                action: .show(appointmentList(appointment)))
        }
        if list.items.isEmpty { list.text = [t(Text("您没有预约。", "You have no appointments."))] }
        list.items.append(
            .init(
                label: t(Text("约一个时间", "Book a time")), keywords: ["预约", "book"],
                action: .callSignedIn(.oneStop(.halls(.appointment(item: "", itemText: ""))))))
        list.nextPage = next.isEmpty ? nil : .oneStop(.appointments(page: next))
        showOrAppend(list)
    }

    private static let appointmentsSubject = "appointments"

    private func appointmentList(_ appointment: AppointmentView) -> ListFrame {
        var list = ListFrame(title: t(Text("预约", "Appointment")))
        list.rows = [
            .init(
                label: t(Text("时间", "Time")),
                value: time(appointment.start) + "–" + String(time(appointment.end).suffix(5))),
            .init(label: t(Text("地方", "Where")), value: appointment.hall),
            .init(
                label: t(Text("办什么", "What for")),
                value: appointment.itemText.isEmpty ? t(appointment.group) : appointment.itemText),
            .init(label: t(Text("现在", "Now")), value: t(appointment.state)),
        ]
        if appointment.canCancel {
            list.items = [
                .init(
                    label: t(Text("取消预约", "Cancel it")), keywords: ["取消", "cancel"],
                    action: confirmation(
                        Text("取消 \(time(appointment.start)) 的预约？", "Cancel \(time(appointment.start))?"),
                        .cancelAppointment(name: appointment.name)))
            ]
        }
        return list
    }

    // MARK: Tickets

    mutating func takeTicket(hall: String, group: String) {
        let request = Request.oneStop(
            .takeTicket(hall: hall, group: group, item: "", requestID: moment.freshID))
        // At a kiosk anybody may take a number; elsewhere it belongs to an account.
        definition.surface == .kiosk ? call(request) : callSignedIn(request)
    }

    mutating func showTicket(_ ticket: TicketView, isNew: Bool) {
        let kept = state.ticket?.name == ticket.name ? state.ticket?.claim ?? "" : ""
        let claim = ticket.claim.isEmpty ? kept : ticket.claim
        state.ticket = ticket.isOver ? nil : TicketReference(name: ticket.name, claim: claim)
        dropScreen(of: ticket.name)
        var list = ListFrame(title: t(Text("您的号是 \(ticket.number)", "Your number is \(ticket.number)")))
        list.subject = ticket.name
        list.rows = [
            .init(label: t(Text("办哪一类", "Line")), value: t(ticket.group)),
            .init(label: t(Text("现在", "Now")), value: t(ticket.state)),
        ]
        if ticket.isWaiting {
            list.rows.append(
                .init(
                    label: t(Text("前面还有", "Before you")),
                    value: t(Text("\(ticket.ahead) 人", "\(ticket.ahead)"))))
            let minutes =
                ticket.minutes >= 0
                ? Text("大约 \(ticket.minutes) 分钟", "about \(ticket.minutes) minutes")
                : Text("说不准，请留意叫号", "not known")
            list.rows.append(.init(label: t(Text("还要等", "Wait")), value: t(minutes)))
        }
        if ticket.counter > 0 {
            list.rows.append(
                .init(
                    label: t(Text("请到", "Go to")),
                    value: t(Text("\(ticket.counter) 号窗口", "counter \(ticket.counter)"))))
        }
        if definition.surface == .kiosk, isNew {
            list.code = claim.isEmpty ? ticket.number : claim
            let paper = Printout(
                title: ticket.number, lines: list.rows.map { "\($0.label)：\($0.value)" },
                code: claim.isEmpty ? ticket.number : claim)
            effects.append(.print(paper))
        }
        if !ticket.isOver {
            list.items = [
                .init(
                    label: t(Text("再看一下前面几个人", "Look again")), keywords: ["刷新", "again"],
                    action: .call(.oneStop(.ticket(name: ticket.name, claim: claim)))),
                .init(
                    label: t(Text("不办了，退号", "Give it back")), keywords: ["退号", "cancel"],
                    action: confirmation(
                        Text("退掉 \(ticket.number) 号？", "Give \(ticket.number) back?"),
                        .cancelTicket(name: ticket.name, claim: claim))),
            ]
        }
        list.items.append(.init(label: t(Words.toHome), action: .home))
        push(.list(list))
    }

    /// The ticket that was taken, or a new one.
    mutating func beginTicket() {
        guard let ticket = state.ticket else {
            return definition.surface == .kiosk
                ? call(.oneStop(.halls(.ticketHere))) : callSignedIn(.oneStop(.halls(.ticket)))
        }
        call(.oneStop(.ticket(name: ticket.name, claim: ticket.claim)))
    }
}

extension HallView {
    /// The item travels with the hall to the form that books.
    func named(for purpose: HallPurpose) -> HallView {
        guard case .appointment(let item, _) = purpose else { return self }
        var hall = self
        hall.item = item
        return hall
    }
}
