import Contract
import Kernel
import Platform
import Storage
import Testing

@testable import OneStop

@Suite struct ClosingTests {
    /// One ticket in each open state.
    private func busyDay(_ world: HallWorld) async throws {
        _ = try await world.take(People.bao)
        try await world.open(People.clerk)
        try await world.next(People.clerk)
        _ = try await world.queue.holdTicket(
            .init(reason: "取材料", requestID: world.id()), world.call(People.clerk))
        _ = try await world.take(People.chen)
        try await world.next(People.clerk)
        _ = try await world.take(People.ada)
    }

    private func states(_ world: HallWorld) async throws -> [Int64] {
        try await world.platform.readAsSystem { context in
            try context.connection.query("SELECT state FROM onestop_hall_tickets ORDER BY number") {
                $0.integer(0)
            }
        }
    }

    @Test func theQueueIsClearedAtItsTimeAndOnce() async throws {
        try await HallWorld.with { world in
            try await busyDay(world)
            let clearing = HallWorld.at("2026-09-23", 18, 0)
            world.clock.set(clearing.adding(milliseconds: -1))
            #expect(try await world.hallTimers.run() == .init())
            #expect(try await states(world) == [3, 2, 1])
            world.clock.set(clearing)
            #expect(try await world.hallTimers.run() == .init(tickets: 3, counters: 1))
            // What was being served counts as served, and can be rated.
            #expect(try await states(world) == [7, 4, 7])
            #expect(try await world.hallTimers.run() == .init())
            #expect(try await world.messages(People.ada).last == "A003 今天没叫到，抱歉")
            #expect(try await world.messages(People.chen).last?.hasPrefix("请评价") == true)
            // How long the last one took is not known and is no sample.
            #expect(
                try await world.number(
                    "SELECT count(*) FROM onestop_hall_tickets WHERE state = 4 AND served_seconds > 0") == 0)
            #expect(await refusalReason { try await world.open(People.clerk) } == "HALL_CLOSED")
        }
    }

    @Test func aServerThatStoodStillMakesUpForIt() async throws {
        try await HallWorld.with { world in
            try await busyDay(world)
            // Down over closing and the holidays, up again on the morning of the next working day.
            world.clock.set(HallWorld.at("2026-09-28", 9, 0))
            let again = try await world.restarted()
            _ = try await again.take(People.ada)
            #expect(try await again.hallTimers.run() == .init(tickets: 3, counters: 1))
            #expect(try await again.hallTimers.run() == .init())
            // Today's line goes on.
            #expect(
                try await again.number(
                    "SELECT count(*) FROM onestop_hall_tickets WHERE state = 1 AND day = '2026-09-28'") == 1)
            try await again.open(People.clerk)
            #expect(try await again.next(People.clerk).number == "A001")
        }
    }

    @Test func yesterdaysTicketIsNeverCalled() async throws {
        try await HallWorld.with { world in
            _ = try await world.take(People.ada)
            world.clock.set(HallWorld.at("2026-09-24", 9, 0))
            try await world.open(People.clerk)
            #expect(await refusalReason { try await world.next(People.clerk) } == "QUEUE_EMPTY")
        }
    }

    @Test func whoseTheTicketsWereIsForgotten() async throws {
        try await HallWorld.with { world in
            try await world.open(People.clerk)
            let ticket = try await world.serve(People.ada, by: People.clerk)
            _ = try await world.take(People.kiosk)
            let day = HallWorld.at("2026-09-23", 0, 0)
            let known =
                "SELECT count(*) FROM onestop_hall_tickets WHERE resident IS NOT NULL OR claim_hash IS NOT NULL"
            // The last instant of the 30th day after it, and the next.
            let limit: Instant = day.adding(days: Int64(QueueStore.personalRetentionDays) + 1)
            world.clock.set(limit.adding(milliseconds: -1))
            _ = try await world.hallTimers.run()
            #expect(try await world.number(known) == 2)
            world.clock.set(limit)
            #expect(try await world.hallTimers.run().forgotten == 2)
            #expect(try await world.number(known) == 0)
            #expect(try await world.number("SELECT count(*) FROM onestop_hall_ticket_handlers") == 0)
            #expect(
                await refusalReason { _ = try await world.get(ticket, People.ada) } == "TICKET_NOT_FOUND")
            // How long it took stays for the figures.
            #expect(try await world.number("SELECT max(served_seconds) FROM onestop_hall_tickets") == 300)
        }
    }
}

@Suite struct AppointmentTests {
    private let slot: Instant = HallWorld.at("2026-09-24", 9, 30)

    @Test func aTimeHasOnlySoManyPlaces() async throws {
        try await HallWorld.with { world in
            _ = try await world.book(People.ada, slot)
            _ = try await world.book(People.bao, slot)
            do {
                _ = try await world.book(People.chen, slot)
                Issue.record("the third of two places")
            } catch let refusal as Refusal {
                #expect(refusal.reason == "SLOT_FULL" && refusal.kind == .failedPrecondition)
                #expect(
                    refusal.metadata["next_start_time"] == HallWorld.at("2026-09-24", 10, 0).rfc3339)
            }
            let slots = try await world.appointments.listSlots(
                .init(hall: "halls/fengtai", group: "A", days: 1), world.call(nil)
            ).slots
            #expect(slots.count == 12 && !slots.contains { $0.startTime?.instant == slot })
        }
    }

    @Test func placesAreNotSoldTwiceWhenAllComeAtOnce() async throws {
        try await HallWorld.with { world in
            let booked: Int = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 1...12 {
                    group.addTask {
                        await refusalReason { _ = try await world.book(People.resident("r\(number)"), slot) }
                            == nil
                    }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(booked == 2)
        }
    }

    @Test func aPlaceThatIsGivenBackIsFree() async throws {
        try await HallWorld.with { world in
            let mine = try await world.book(People.ada, slot, group: "B")
            #expect(
                await refusalReason { _ = try await world.book(People.bao, slot, group: "B") } == "SLOT_FULL")
            func cancel(_ principal: Principal) async throws {
                _ = try await world.appointments.cancelAppointment(
                    .init(name: mine.name, requestID: world.id()), world.call(principal))
            }
            #expect(await refusalReason { try await cancel(People.bao) } == "APPOINTMENT_NOT_FOUND")
            try await cancel(People.ada)
            #expect(await refusalReason { try await cancel(People.ada) } == "APPOINTMENT_STATE")
            _ = try await world.book(People.bao, slot, group: "B")
        }
    }

    @Test func oneResidentBooksOnlySoMany() async throws {
        try await HallWorld.with { world in
            _ = try await world.book(People.ada, slot)
            #expect(
                await refusalReason { _ = try await world.book(People.ada, slot, group: "B") }
                    == "APPOINTMENT_AT_THE_SAME_TIME")
            for minute: Int64 in [30, 60] {
                _ = try await world.book(People.ada, slot.adding(minutes: minute))
            }
            #expect(
                await refusalReason { _ = try await world.book(People.ada, slot.adding(minutes: 90)) }
                    == "TOO_MANY_APPOINTMENTS")
        }
    }

    @Test func onlyTimesOfTheListCanBeBooked() async throws {
        try await HallWorld.with { world in
            for wrong in [
                slot.adding(minutes: 1), HallWorld.at("2026-09-23", 10, 0), HallWorld.at("2026-09-25", 9, 0),
                HallWorld.at("2026-10-08", 9, 0),
            ] {
                #expect(
                    await refusalReason { _ = try await world.book(People.ada, wrong) } == "SLOT_UNKNOWN")
            }
            #expect(
                await refusalReason { _ = try await world.book(People.ada, slot, group: "K") }
                    == "GROUP_WITHOUT_APPOINTMENTS")
            for (days, reason) in [(14, nil), (15, "DAYS_RANGE"), (-1, "DAYS_RANGE")] as [(Int32, String?)] {
                #expect(
                    await refusalReason {
                        _ = try await world.appointments.listSlots(
                            .init(hall: "halls/fengtai", group: "A", days: days), world.call(nil))
                    } == reason)
            }
        }
    }

    @Test func checkInIsOpenFromHalfAnHourBeforeToTheEnd() async throws {
        for (time, isAppointment) in [
            (slot.adding(minutes: -30).adding(milliseconds: -1), false), (slot.adding(minutes: -30), true),
            (slot.adding(minutes: 30), true), (slot.adding(minutes: 30).adding(milliseconds: 1), false),
        ] {
            try await HallWorld.with { world in
                _ = try await world.book(People.ada, slot)
                // The hall opens at nine; the earliest times are tried without its doors.
                world.clock.set(time)
                guard time >= HallWorld.at("2026-09-24", 9, 0) else {
                    #expect(
                        await refusalReason { _ = try await world.take(People.ada) } == "HALL_CLOSED")
                    return
                }
                #expect(try await world.take(People.ada).appointment == isAppointment)
            }
        }
    }

    @Test func whoDidNotComeMissedIt() async throws {
        try await HallWorld.with { world in
            _ = try await world.book(People.ada, slot)
            func state() async throws -> OneStopV1.AppointmentState? {
                try await world.appointments.listAppointments(
                    .init(showPast: true), world.call(People.ada)
                ).appointments.first?.state
            }
            world.clock.set(slot.adding(minutes: 30))
            #expect(try await world.hallTimers.run().missed == 0)
            #expect(try await state() == .booked)
            world.clock.advance(milliseconds: 1)
            #expect(try await world.hallTimers.run().missed == 1)
            #expect(try await world.hallTimers.run().missed == 0)
            #expect(try await state() == .missed)
            let coming = try await world.appointments.listAppointments(.init(), world.call(People.ada))
            #expect(coming.appointments.isEmpty)
        }
    }

    @Test func hallsAreListedByPlace() async throws {
        try await HallWorld.with { world in
            func halls(_ place: String) async throws -> [String] {
                try await world.appointments.listHalls(.init(place: place), world.call(nil)).halls.map(\.name)
            }
            let all = try await halls("")
            #expect(all == ["halls/fengtai", "halls/mishan"])
            #expect(try await halls("organizations/140581000000") == ["halls/mishan"])
            #expect(
                await refusalReason { _ = try await halls("organizations/9") } == "ORGANIZATION_NOT_FOUND")
        }
    }
}
