import Kernel
import Platform
import Testing

@testable import OneStop

@Suite struct QueueRulesTests {
    private let now: Instant = HallWorld.start

    private func ticket(_ state: TicketState, calls: Int = 0, missed: Int = 0) -> Ticket {
        Ticket(
            id: "t", hall: "fengtai", day: now.shanghaiDate, group: "A", number: "A001", state: state,
            line: .arrival, lineTime: now, createTime: now, callTime: state == .serving ? now : nil,
            callCount: calls, counter: state == .serving ? 2 : 0, missedCalls: missed)
    }

    private func reason(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch { return (error as? Refusal)?.reason }
    }

    @Test(arguments: TicketState.allCases)
    func eachActionGoesFromItsStatesOnly(state: TicketState) throws {
        let ticket: Ticket = ticket(state, calls: state == .serving ? 1 : 0)
        #expect(
            (reason { _ = try QueueRules.call(ticket, to: 1, now: now) } == nil)
                == (state == .waiting || state == .onHold))
        #expect((reason { _ = try QueueRules.recall(ticket) } == nil) == (state == .serving))
        #expect((reason { _ = try QueueRules.hold(ticket, now: now) } == nil) == (state == .serving))
        #expect(
            (reason { _ = try QueueRules.transfer(ticket, to: "B", now: now) } == nil) == (state == .serving))
        #expect((reason { _ = try QueueRules.finish(ticket, now: now) } == nil) == (state == .serving))
        #expect(
            (reason { _ = try QueueRules.cancel(ticket, now: now) } == nil)
                == (state == .waiting || state == .onHold))
        #expect(
            (reason { _ = try QueueRules.comeBack(ticket, now: now) } == nil)
                == (state == .onHold || state == .noShow))
    }

    @Test func nobodyIsMarkedMissedBeforeTheThirdCall() throws {
        var called: Ticket = try QueueRules.call(ticket(.waiting), to: 1, now: now)
        #expect(reason { _ = try QueueRules.noShow(called, now: now) } == "CALL_AGAIN_FIRST")
        called = try QueueRules.recall(called)
        #expect(reason { _ = try QueueRules.noShow(called, now: now) } == "CALL_AGAIN_FIRST")
        called = try QueueRules.recall(called)
        #expect(reason { _ = try QueueRules.recall(called) } == "CALLED_OFTEN")
        let missed: Ticket = try QueueRules.noShow(called, now: now)
        #expect(missed.state == .noShow && missed.missedCalls == 1)
        let back: Ticket = try QueueRules.comeBack(missed, now: now)
        #expect(back.state == .waiting && back.line == .returned && back.callCount == 0)
        #expect(
            reason { _ = try QueueRules.comeBack(ticket(.noShow, missed: 2), now: now) }
                == "MISSED_TOO_OFTEN")
        let midnight: Instant = HallWorld.at("2026-09-24", 0, 0)
        _ = try QueueRules.comeBack(missed, now: midnight.adding(milliseconds: -1))
        #expect(reason { _ = try QueueRules.comeBack(missed, now: midnight) } == "TICKET_OF_ANOTHER_DAY")
    }

    @Test func timeOnHoldIsNotServiceTime() throws {
        var ticket: Ticket = try QueueRules.call(ticket(.waiting), to: 1, now: now)
        ticket = try QueueRules.hold(ticket, now: now.adding(seconds: 100))
        ticket = try QueueRules.call(ticket, to: 3, now: now.adding(seconds: 1_000))
        ticket = try QueueRules.finish(ticket, now: now.adding(seconds: 1_020))
        #expect(ticket.servedSeconds == 120 && ticket.counter == 3 && ticket.state == .finished)
    }

    @Test func theEstimateIsTheMedianSharedAmongCounters() {
        func minutes(_ ahead: Int, _ open: Int, _ busy: Int, _ today: [Int], _ before: [Int] = []) -> Int {
            WaitingEstimate.minutes(ahead: ahead, open: open, busy: busy, today: today, before: before)
        }
        #expect(minutes(0, 1, 0, [300, 300, 300]) == 0)
        #expect(minutes(4, 1, 0, [60, 300, 6_000]) == 20)
        #expect(minutes(4, 2, 1, [60, 300, 6_000]) == 10)
        // All busy: half a service is still to come.
        #expect(minutes(4, 2, 2, [60, 300, 6_000]) == 12)
        #expect(minutes(0, 1, 1, [300, 300, 300]) == 3)
        // Rounded up, so that nobody comes too late by it but the display is not too hopeful either.
        #expect(minutes(1, 1, 0, [61, 61, 61]) == 2)
        // An even count takes the middle of the two.
        #expect(minutes(1, 1, 0, [60, 120, 240, 600]) == 3)
        // Two samples today are too few; those of the week count then.
        #expect(minutes(2, 1, 0, [60, 60]) == -1)
        #expect(minutes(2, 1, 0, [60, 60], [600, 600, 600]) == 20)
        #expect(minutes(2, 1, 0, [60, 60, 60], [600, 600, 600]) == 2)
        #expect(minutes(2, 1, 0, [], [600, 600]) == -1)
        #expect(minutes(2, 0, 0, [60, 60, 60]) == -1)
    }

    @Test func matterFindsItsGroup() throws {
        let hall: Hall = try #require(try HallCatalogue(yaml: hallsText).hall("fengtai"))
        func matter(_ type: String, _ department: String = "", quick: Bool = false) -> HallMatter {
            HallMatter(id: "i", name: "i", type: type, department: department, isQuick: quick)
        }
        #expect(hall.group(for: nil)?.id == "A")
        #expect(hall.group(for: matter("确认"))?.id == "A")
        #expect(hall.group(for: matter("确认", "civil_affairs"))?.id == "B")
        #expect(hall.group(for: matter("没有这种"))?.id == "A")
        #expect(hall.group(for: matter("确认", quick: true))?.id == "K")
        #expect(try hall.group(asked: "K", matter: nil).id == "K")
        #expect(reason { _ = try hall.group(asked: "K", matter: matter("确认")) } == "QUICK_ONLY")
        #expect(reason { _ = try hall.group(asked: "Z", matter: nil) } == "GROUP_UNKNOWN")
    }

    @Test func aQuickCounterTakesNothingElse() throws {
        let hall: Hall = try #require(try HallCatalogue(yaml: hallsText).hall("fengtai"))
        #expect(reason { try QueueRules.check(groups: ["A", "B"], counter: 3, in: hall) } == nil)
        #expect(reason { try QueueRules.check(groups: ["K"], counter: 1, in: hall) } == nil)
        #expect(reason { try QueueRules.check(groups: ["K", "A"], counter: 1, in: hall) } == "QUICK_ALONE")
        #expect(reason { try QueueRules.check(groups: [], counter: 1, in: hall) } == "GROUPS_NEEDED")
        #expect(reason { try QueueRules.check(groups: ["A", "A"], counter: 1, in: hall) } == "GROUPS_NEEDED")
        #expect(reason { try QueueRules.check(groups: ["A"], counter: 4, in: hall) } == "COUNTER_UNKNOWN")
        #expect(reason { try QueueRules.check(groups: ["A"], counter: 0, in: hall) } == "COUNTER_UNKNOWN")
    }
}

@Suite struct HallDataTests {
    @Test func theFileThatShipsHasTheHallsOfGaopingAndChengqu() throws {
        let catalogue: HallCatalogue = try HallCatalogue(yaml: hallDataFile("halls/halls.yaml"))
        #expect(catalogue.halls.count(where: { $0.place.hasPrefix("140581") }) == 15)
        #expect(catalogue.hall("fengtai")?.place == "140502001999")
        let policy: RatingPolicy = try RatingPolicy(yaml: hallDataFile("ratings/ratings.yaml"))
        #expect(policy.inviteAgainDays == 3)
    }

    @Test(arguments: [
        ("layout: small", "layout: large"), ("A: {zh: 综合受理", "AA: {zh: 综合受理"),
        ("09:00-12:00", "12:00-09:00"), ("13:30-17:00", "11:30-17:00"), ("counters: 3", "counters: 100"),
        ("appointment_days: 10", "appointment_days: 15"), ("id: halls", "id: hall"),
        ("quick: true", "quick: yes"),
    ])
    func aMistakeIsToldWithItsLine(right: String, wrong: String) {
        do {
            _ = try HallCatalogue(yaml: hallsText.replacing(right, with: wrong))
            Issue.record("\(wrong) was taken")
        } catch {
            #expect(error.problems.allSatisfy { $0.line != nil }, "\(wrong)")
        }
    }

    @Test func aLayoutNeedsAGroupThatIsNotQuick() {
        let quick: String = hallsText.replacing("slot_capacity: 2,", with: "quick: true, slot_capacity: 2,")
            .replacing("slot_capacity: 1,", with: "quick: true, slot_capacity: 1,")
        #expect(throws: DataFileError.self) { try HallCatalogue(yaml: quick) }
    }

    @Test func daysAndTimesFollowTheCalendar() throws {
        let hall: Hall = try #require(try HallCatalogue(yaml: hallsText).hall("fengtai"))
        let calendar: WorkCalendar = WorkCalendar(years: [
            try WorkYear(yaml: hallDataFile("calendar/2026.yaml"))
        ])
        func date(_ text: String) throws -> CivilDate { try #require(CivilDate(text)) }
        #expect(hall.opening(on: try date("2026-10-05"), calendar) == nil)
        #expect(hall.opening(on: try date("2026-10-10"), calendar) != nil)
        #expect(hall.opening(on: try date("2026-10-11"), calendar) == nil)
        let day: HallDay = try #require(hall.opening(on: try date("2026-09-23"), calendar))
        #expect(day.slots.count == 13)
        #expect(day.slots.first?.start == HallWorld.at("2026-09-23", 9, 0))
        #expect(day.slots.last?.end == HallWorld.at("2026-09-23", 17, 0))
        let opens: Instant = HallWorld.at("2026-09-23", 9, 0)
        #expect(!day.takesTickets(at: opens.adding(milliseconds: -1)) && day.takesTickets(at: opens))
        let last: Instant = HallWorld.at("2026-09-23", 16, 45)
        #expect(day.takesTickets(at: last.adding(milliseconds: -1)) && !day.takesTickets(at: last))
        #expect(day.clearing == HallWorld.at("2026-09-23", 18, 0))

        // From the day before Mid-Autumn on: the 24th, then nothing until the 28th.
        let slots: [HallSlot] = AppointmentRules.slots(hall, from: opens, days: 5, calendar)
        #expect(Set(slots.map(\.start.shanghaiDate.description)) == ["2026-09-24", "2026-09-28"])
        // 2027 is not published: the year ends with the last worked day of 2026.
        let yearEnd: [HallSlot] = AppointmentRules.slots(
            hall, from: HallWorld.at("2026-12-30", 9, 0), days: 10, calendar)
        #expect(Set(yearEnd.map(\.start.shanghaiDate.description)) == ["2026-12-31"])
    }
}
