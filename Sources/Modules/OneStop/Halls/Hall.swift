import Kernel
import Platform

/// A service centre 便民服务中心, as its data file describes it.
struct Hall: Sendable, Hashable {
    let id: String
    let title: BilingualText
    /// Code of the place where it stands.
    let place: String
    let address: String
    let phone: String
    /// Code of the department that is rated for what is done at its counters.
    let department: String
    /// Said on the lobby display; nil for nothing.
    let notice: BilingualText?
    let layout: HallLayout

    /// `halls/{id}`.
    var name: String { "halls/\(id)" }

    func group(_ id: String) -> HallGroup? { layout.groups.first { $0.id == id } }

    /// When it is open on this day, by the work calendar (with 调休); none on a day off.
    func opening(on date: CivilDate, _ calendar: WorkCalendar) -> HallDay? {
        let worked: [WorkPeriod] = calendar.periods(on: date)
        guard !worked.isEmpty else { return nil }
        let periods: [WorkPeriod] = layout.hours.isEmpty ? worked : layout.hours
        return HallDay(date: date, periods: periods, layout: layout)
    }
}

/// What halls of one size have in common.
struct HallLayout: Sendable, Hashable {
    /// In the order to show; the first one takes what fits nowhere else.
    let groups: [HallGroup]
    /// Opening hours of a working day; empty for the office hours of the work calendar.
    let hours: [WorkPeriod]
    /// Minutes before the last closing from which no more tickets are given.
    let lastTicketMinutes: Int
    /// Minutes after the last closing at which the queue is cleared.
    let clearingMinutes: Int
    /// Minutes of one time for appointments.
    let slotMinutes: Int
    /// Counters, 1 to 99.
    let counters: Int
}

/// Counters for the same kind of matter; its letter stands on the tickets.
struct HallGroup: Sendable, Hashable {
    /// One letter, A to Z.
    let id: String
    let title: BilingualText
    /// What it takes, in words.
    let description: BilingualText
    /// 简事快办: only matters that are done at once.
    let isQuick: Bool
    /// Types of items that it takes.
    let types: Set<String>
    /// Departments, by their ids in ops/data/departments, whose items it takes before types count.
    let departments: Set<String>
    /// Appointments for one time; 0 for a group without appointments.
    let slotCapacity: Int
}

/// One day of a hall.
struct HallDay: Sendable, Hashable {
    let date: CivilDate
    /// In order; at least one.
    let periods: [WorkPeriod]
    let layout: HallLayout

    /// When the doors open first and close last.
    var opens: Instant { at(minute: periods.first?.start ?? 0) }
    var closes: Instant { at(minute: periods.last?.end ?? 0) }
    /// From here on there are no more tickets.
    var lastTicket: Instant { closes.adding(minutes: -Int64(layout.lastTicketMinutes)) }
    /// When open tickets end and counters close.
    var clearing: Instant { closes.adding(minutes: Int64(layout.clearingMinutes)) }

    /// Whether tickets are given. Through the lunch break, too: who comes then keeps the place in line.
    func takesTickets(at now: Instant) -> Bool { opens <= now && now < lastTicket }

    /// The times for appointments, whole ones only, in order.
    var slots: [HallSlot] {
        periods.flatMap { period in
            stride(from: period.start, through: period.end - layout.slotMinutes, by: layout.slotMinutes).map {
                HallSlot(start: at(minute: $0), end: at(minute: $0 + layout.slotMinutes))
            }
        }
    }

    private func at(minute: Int) -> Instant { Instant(startOf: date).adding(minutes: Int64(minute)) }
}

/// One time for appointments.
struct HallSlot: Sendable, Hashable {
    let start: Instant
    let end: Instant
}

/// What the choice of a counter group needs to know of an item.
struct HallMatter: Sendable, Equatable {
    let id: String
    let name: String
    let type: String
    /// Id in ops/data/departments; empty if nobody said.
    let department: String
    /// Done while one waits 即办, or looked up.
    let isQuick: Bool
}

extension Hall {
    /// The group that takes a matter: the quick one for quick matters, else by department, else by type, else the first.
    ///
    /// Without a matter it is the first group that is not quick: nobody knows whether an unnamed matter is quick.
    func group(for matter: HallMatter?) -> HallGroup? {
        let ordinary: [HallGroup] = layout.groups.filter { !$0.isQuick }
        guard let matter else { return ordinary.first }
        if matter.isQuick, let quick = layout.groups.first(where: \.isQuick) { return quick }
        let byDepartment: HallGroup? = ordinary.first { $0.departments.contains(matter.department) }
        return byDepartment ?? ordinary.first { $0.types.contains(matter.type) } ?? ordinary.first
    }

    /// The group that was asked for, or the one that the matter belongs to.
    ///
    /// - Throws: `GROUP_UNKNOWN`; `QUICK_ONLY` for a matter that takes longer than a quick counter may.
    func group(asked: String, matter: HallMatter?) throws(Refusal) -> HallGroup {
        if asked.isEmpty {
            guard let group: HallGroup = group(for: matter) else { throw HallTexts.groupUnknown(self) }
            return group
        }
        guard let group: HallGroup = group(asked) else { throw HallTexts.groupUnknown(self) }
        if group.isQuick, let matter, !matter.isQuick, let right: HallGroup = self.group(for: matter) {
            throw HallTexts.quickOnly(right)
        }
        return group
    }
}
