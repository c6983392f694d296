import Contract
import Kernel
import Platform
import RPC
import Storage
import Testing

@testable import OneStop

@Suite struct QueueTests {
    @Test func numbersRunPerHallDayAndGroup() async throws {
        try await HallWorld.with { world in
            let first = try await world.take(People.ada)
            #expect(first.number == "A001")
            #expect(try await world.take(People.bao).number == "A002")
            #expect(try await world.take(People.bao, group: "B").number == "B001")
            #expect(try await world.take(People.chen, hall: "halls/mishan").number == "A001")
            world.clock.advance(days: 1)
            #expect(try await world.take(People.ada).number == "A001")
        }
    }

    @Test func ticketsAreGivenOnlyWhileTheHallIsOpen() async throws {
        try await HallWorld.with { world in
            let opens = HallWorld.at("2026-09-23", 9, 0)
            world.clock.set(opens.adding(milliseconds: -1))
            #expect(await refusalReason { _ = try await world.take(People.ada) } == "HALL_CLOSED")
            world.clock.set(opens)
            _ = try await world.take(People.ada)
            let last = HallWorld.at("2026-09-23", 16, 45)
            world.clock.set(last.adding(milliseconds: -1))
            _ = try await world.take(People.bao)
            world.clock.set(last)
            #expect(await refusalReason { _ = try await world.take(People.chen) } == "HALL_CLOSED")
            // On a holiday the refusal names the day after it.
            world.clock.set(HallWorld.at("2026-10-01", 10, 0))
            do {
                _ = try await world.take(People.ada)
                Issue.record("a ticket on National Day")
            } catch let refusal as Refusal {
                #expect(refusal.metadata["opens"] == HallWorld.at("2026-10-08", 9, 0).rfc3339)
            }
        }
    }

    @Test func whoAsksAgainKeepsTheNumber() async throws {
        try await HallWorld.with { world in
            let first = try await world.take(People.ada)
            #expect(try await world.take(People.ada).name == first.name)
            try await world.open(People.clerk)
            try await world.next(People.clerk)
            _ = try await world.queue.holdTicket(
                .init(reason: "回家取户口本", requestID: world.id()), world.call(People.clerk))
            let back = try await world.take(People.ada)
            #expect(back.name == first.name && back.state == .waiting)
        }
    }

    @Test func oneResidentTakesOnlySoMany() async throws {
        try await HallWorld.with { world in
            for _ in 0..<QueueRules.ticketsPerResidentMax {
                let ticket = try await world.take(People.ada)
                _ = try await world.queue.cancelTicket(
                    .init(name: ticket.name, requestID: world.id()), world.call(People.ada))
            }
            #expect(await refusalReason { _ = try await world.take(People.ada) } == "TOO_MANY_TICKETS")
            _ = try await world.take(People.bao)
        }
    }

    @Test func numbersEndAtThreeDigits() async throws {
        try await HallWorld.with { world in
            _ = try await world.platform.performAsSystem(action: "test") { unit in
                try unit.connection.execute(
                    "INSERT INTO onestop_hall_numbers (hall, day, group_id, last) VALUES ('fengtai', '2026-09-23', 'A', 998)"
                )
            }
            #expect(try await world.take(People.ada).number == "A999")
            #expect(await refusalReason { _ = try await world.take(People.bao) } == "QUEUE_FULL")
            _ = try await world.take(People.bao, group: "B")
        }
    }

    @Test func theMatterChoosesTheGroupAndStaysOnTheTicket() async throws {
        try await HallWorld.with { world in
            let quick = try await world.take(People.ada, item: "items/I-QUICK")
            #expect(quick.group == "K" && quick.itemText == "出生登记")
            #expect(try await world.take(People.bao, item: "items/I-QUERY").group == "K")
            #expect(
                await refusalReason {
                    _ = try await world.take(People.chen, group: "K", item: "items/I-SLOW")
                } == "QUICK_ONLY")
            #expect(
                await refusalReason { _ = try await world.take(People.chen, item: "items/nothing") }
                    == "ITEM_NOT_FOUND")
            _ = try await world.take(
                People.chen, item: "items/I-SLOW", application: "applications/SL-260923-00001-1")
            try await world.open(People.clerk)
            let called = try await world.next(People.clerk)
            #expect(called.item == "items/I-SLOW" && called.itemText == "户口恢复")
            #expect(called.applications == ["applications/SL-260923-00001-1"])
        }
    }

    @Test func aKioskTicketBelongsToWhoeverHasItsSecret() async throws {
        try await HallWorld.with { world in
            let ticket = try await world.take(People.kiosk)
            #expect(!ticket.claim.isEmpty)
            #expect(try await world.get(ticket, nil, claim: ticket.claim).claim.isEmpty)
            #expect(try await world.get(ticket, nil, claim: ticket.claim.lowercased()).number == "A001")
            for (principal, claim) in [
                (nil, ""), (nil, "AAAA"), (People.ada, ""), (People.kiosk, ""),
            ] as [(Principal?, String)] {
                #expect(
                    await refusalReason { _ = try await world.get(ticket, principal, claim: claim) }
                        == "TICKET_NOT_FOUND")
            }
            // The secret itself is nowhere in the store.
            #expect(
                try await world.number("SELECT count(*) FROM onestop_hall_tickets WHERE claim_hash IS NULL")
                    == 0)
            let known = try await world.take(People.ada)
            #expect(known.claim.isEmpty)
            #expect(
                await refusalReason { _ = try await world.get(known, People.bao) } == "TICKET_NOT_FOUND")
            #expect(try await world.get(known, People.clerk).number == "A002")
        }
    }

    @Test func theKiosksOwnHallCounts() async throws {
        try await HallWorld.with { world in
            _ = try await world.platform.performAsSystem(action: "test") { unit in
                try unit.connection.execute(
                    """
                    INSERT INTO platform_kiosks (id, display_name, place_code, place_path, hall, program_version,
                        last_heartbeat, receipt_printer, paper, document_printer, card_reader, lock_reason, create_time, version)
                    VALUES ('kiosk-1', 'k', '140581101000', '/140500000000/140581000000/140581101000/', 'halls/mishan',
                        '', NULL, 0, 0, 0, 0, '', 0, 1)
                    """)
            }
            #expect(try await world.take(People.kiosk, hall: "").hall == "halls/mishan")
            #expect(try await world.take(People.kiosk, hall: "halls/fengtai").hall == "halls/mishan")
            let atKiosk = People.resident("ada", device: "kiosk-1")
            #expect(try await world.take(atKiosk, hall: "").hall == "halls/mishan")
            #expect(
                await refusalReason { _ = try await world.take(People.ada, hall: "") } == "HALL_NEEDED")
        }
    }

    @Test func aClerkServesOnlyHallsOfTheirPlace() async throws {
        try await HallWorld.with { world in
            for verb in [
                {
                    _ = try await world.queue.openCounter(
                        .init(hall: "halls/mishan", counter: 1, groups: ["A"], requestID: world.id()),
                        world.call(People.clerk))
                },
                {
                    _ = try await world.queue.listTickets(
                        .init(hall: "halls/mishan"), world.call(People.clerk))
                }, { _ = try await world.take(People.clerk, hall: "halls/mishan") },
            ] as [() async throws -> Void] {
                #expect(await refusalReason(verb) == "PERMISSION_DENIED")
            }
        }
    }

    @Test func oneClerkOneCounter() async throws {
        try await HallWorld.with { world in
            #expect(await refusalReason { try await world.next(People.clerk) } == "NO_COUNTER")
            try await world.open(People.clerk, 1)
            #expect(await refusalReason { try await world.open(People.clerk, 2) } == "CLERK_BUSY")
            #expect(await refusalReason { try await world.open(People.other, 1) } == "COUNTER_TAKEN")
            try await world.open(People.other, 2)
            #expect(await refusalReason { try await world.next(People.clerk) } == "QUEUE_EMPTY")
            #expect(await refusalReason { try await world.finish(People.clerk) } == "NOTHING_SERVED")
        }
    }

    @Test func nextFinishesWhatWasServed() async throws {
        try await HallWorld.with { world in
            _ = try await world.take(People.ada)
            _ = try await world.take(People.bao)
            try await world.open(People.clerk)
            let first = try await world.next(People.clerk)
            #expect(first.number == "A001" && first.counter == 1 && first.state == .serving)
            world.clock.advance(seconds: 60)
            #expect(try await world.next(People.clerk).number == "A002")
            #expect(try await world.get(first, People.ada).state == .finished)
            // Nobody waits: the answer is the ticket that was finished by it.
            let last = try await world.next(People.clerk)
            #expect(last.number == "A002" && last.state == .finished)
            #expect(await refusalReason { try await world.next(People.clerk) } == "QUEUE_EMPTY")
        }
    }

    @Test func theOrderIsFair() async throws {
        try await HallWorld.with { world in
            // Booked yesterday for 09:30 today; arrives at 09:01, before its time.
            world.clock.set(HallWorld.at("2026-09-22", 10, 0))
            _ = try await world.book(People.chen, HallWorld.at("2026-09-23", 9, 30))
            world.clock.set(HallWorld.at("2026-09-23", 9, 0))
            let ada = try await world.take(People.ada)
            world.clock.advance(seconds: 60)
            let chen = try await world.take(People.chen)
            #expect(chen.appointment)
            world.clock.advance(seconds: 60)
            let bao = try await world.take(People.bao)
            #expect(try await world.get(chen, People.chen).ahead == 1)
            #expect(try await world.get(bao, People.bao).ahead == 2)

            // Somebody is on hold and comes back: before those who came later, after those whose time it is.
            try await world.open(People.clerk)
            #expect(try await world.next(People.clerk).number == ada.number)
            _ = try await world.queue.holdTicket(
                .init(reason: "取材料", requestID: world.id()), world.call(People.clerk))
            _ = try await world.queue.returnTicket(
                .init(name: ada.name, requestID: world.id()), world.call(People.ada))
            #expect(try await world.get(ada, People.ada).ahead == 0)
            world.clock.set(HallWorld.at("2026-09-23", 9, 30).adding(milliseconds: -1))
            #expect(try await world.get(ada, People.ada).ahead == 0)
            world.clock.set(HallWorld.at("2026-09-23", 9, 30))
            #expect(try await world.get(ada, People.ada).ahead == 1)
            #expect(try await world.next(People.clerk).number == chen.number)
            #expect(try await world.next(People.clerk).number == ada.number)
            #expect(try await world.next(People.clerk).number == bao.number)
        }
    }

    @Test func whoIsHandedOverGoesFirst() async throws {
        try await HallWorld.with { world in
            let ada = try await world.take(People.ada)
            _ = try await world.take(People.bao, group: "B")
            try await world.open(People.clerk, 1, groups: ["A"])
            try await world.open(People.other, 2, groups: ["B"])
            try await world.next(People.clerk)
            func transfer(_ group: String) async throws -> OneStopV1.Ticket {
                try await world.queue.transferTicket(
                    .init(group: group, reason: "属于社会事务", requestID: world.id()),
                    world.call(People.clerk))
            }
            #expect(await refusalReason { _ = try await transfer("A") } == "SAME_GROUP")
            #expect(await refusalReason { _ = try await transfer("Z") } == "GROUP_UNKNOWN")
            let moved = try await transfer("B")
            #expect(moved.group == "B" && moved.number == "A001" && moved.note == "属于社会事务")
            #expect(try await world.get(ada, People.ada).note.isEmpty)
            #expect(try await world.next(People.other).number == "A001")
        }
    }

    @Test func aCounterThatClosesPutsItsTicketBackFirst() async throws {
        try await HallWorld.with { world in
            _ = try await world.take(People.ada)
            _ = try await world.take(People.bao)
            try await world.open(People.clerk)
            try await world.next(People.clerk)
            let closed = try await world.queue.closeCounter(
                .init(requestID: world.id()), world.call(People.clerk))
            #expect(!closed.open && closed.ticket.isEmpty)
            try await world.open(People.other, 3)
            #expect(try await world.next(People.other).number == "A001")
        }
    }

    @Test func outOfTurnNeedsAReason() async throws {
        try await HallWorld.with { world in
            _ = try await world.take(People.ada)
            _ = try await world.take(People.bao)
            try await world.open(People.clerk)
            func callTicket(_ name: String, _ reason: String = "") async throws -> OneStopV1.Ticket {
                try await world.queue.callTicket(
                    .init(name: name, reason: reason, requestID: world.id()), world.call(People.clerk))
            }
            #expect(await refusalReason { _ = try await callTicket("A002") } == "REASON_NEEDED")
            #expect(await refusalReason { _ = try await callTicket("A009", "老人") } == "TICKET_NOT_FOUND")
            #expect(try await callTicket("a002", "老人行动不便").number == "A002")
            #expect(await refusalReason { _ = try await callTicket("A001", "急事") } == "COUNTER_SERVES")
            _ = try await world.queue.holdTicket(
                .init(reason: "取材料", requestID: world.id()), world.call(People.clerk))
            #expect(try await callTicket("A002").state == .serving)
        }
    }

    @Test func whoMissedTheCallIsForgivenOnce() async throws {
        try await HallWorld.with { world in
            let ada = try await world.take(People.ada)
            try await world.open(People.clerk)
            func miss() async throws {
                _ = try await world.next(People.clerk)
                for _ in 1..<QueueRules.callsBeforeNoShow {
                    #expect(
                        await refusalReason {
                            _ = try await world.queue.markNoShow(
                                .init(requestID: world.id()), world.call(People.clerk))
                        } == "CALL_AGAIN_FIRST")
                    _ = try await world.queue.recallTicket(
                        .init(requestID: world.id()), world.call(People.clerk))
                }
                _ = try await world.queue.markNoShow(
                    .init(requestID: world.id()), world.call(People.clerk))
            }
            try await miss()
            _ = try await world.take(People.bao)
            #expect(try await world.get(ada, People.ada).state == .noShow)
            // The chatbot's and the kiosk's 取号 brings the number back, before those who came later.
            let back = try await world.take(People.ada)
            #expect(back.number == "A001" && back.ahead == 0)
            try await miss()
            #expect(
                await refusalReason {
                    _ = try await world.queue.returnTicket(
                        .init(name: ada.name, requestID: world.id()), world.call(People.ada))
                } == "MISSED_TOO_OFTEN")
            #expect(try await world.take(People.ada).number == "A003")
            let told = try await world.messages(People.ada)
            #expect(told.count(where: { $0 == "A001 请到1号窗口" }) == 6)
            #expect(told.count(where: { $0 == "A001 过号了" }) == 2)
            // Somebody without an account comes back with the paper, or at the reception.
            #expect(
                await refusalReason {
                    _ = try await world.queue.returnTicket(
                        .init(name: ada.name, requestID: world.id()), world.call(People.bao))
                } == "TICKET_NOT_FOUND")
        }
    }

    @Test func somebodyIsToldToComeNear() async throws {
        try await HallWorld.with { world in
            for _ in 1...3 { _ = try await world.take(People.kiosk) }
            _ = try await world.take(People.ada)
            try await world.open(People.clerk)
            try await world.next(People.clerk)
            #expect(try await world.messages(People.ada) == ["A004 快到了"])
            try await world.next(People.clerk)
            #expect(try await world.messages(People.ada).count == 1)
        }
    }

    @Test func twoCountersNeverCallTheSameTicket() async throws {
        try await HallWorld.with { world in
            let clerks: [Principal] = (1...3).map { People.staff("c\($0)", .counterClerk) }
            for (number, clerk) in zip(Int32(1)..., clerks) { try await world.open(clerk, number) }
            for _ in 1...30 { _ = try await world.take(People.kiosk) }
            var called: [String] = []
            for _ in 1...10 {
                called += try await withThrowingTaskGroup(of: String.self) { group in
                    for clerk in clerks { group.addTask { try await world.next(clerk).number } }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
            }
            #expect(Set(called).count == 30)
            #expect(called.sorted().first == "A001" && called.sorted().last == "A030")
        }
    }

    @Test func aRepeatGetsTheFirstAnswer() async throws {
        try await HallWorld.with { world in
            _ = try await world.take(People.ada)
            _ = try await world.take(People.bao)
            try await world.open(People.clerk)
            let request = OneStopV1.CallNextRequest(requestID: world.id())
            let first = try await world.queue.callNext(request, world.call(People.clerk))
            #expect(try await world.queue.callNext(request, world.call(People.clerk)) == first)
        }
    }

    @Test func theDisplayShowsNobody() async throws {
        try await HallWorld.with { world in
            _ = try await world.take(People.ada, item: "items/I-SLOW")
            try await world.open(People.clerk)
            try await world.next(People.clerk)
            for principal in [nil, People.kiosk, People.bao] as [Principal?] {
                let hall = try await world.hall(principal)
                #expect(hall.counters.map(\.ticket) == ["A001"] && hall.counters.map(\.clerkText) == [""])
                #expect(hall.calls.map(\.ticket) == ["A001"] && hall.open)
                #expect(!"\(hall)".contains("户口恢复") && !"\(hall)".contains("ada"))
            }
            #expect(try await world.hall(People.clerk).counters.map(\.clerkText) == ["窗口人员"])
            for _ in 0..<Halls.callsShown {
                _ = try await world.take(People.kiosk)
                try await world.next(People.clerk)
            }
            let calls = try await world.hall().calls.map(\.ticket)
            #expect(calls.count == 10 && calls.first == "A011" && calls.last == "A002")
        }
    }

    @Test func theDisplayNamesATicketOnceAndNoneThatIsBackInLine() async throws {
        try await HallWorld.with { world in
            for _ in 0..<2 { _ = try await world.take(People.kiosk) }
            try await world.open(People.clerk)
            try await world.next(People.clerk)
            try await world.next(People.clerk)
            _ = try await world.queue.recallTicket(.init(requestID: world.id()), world.call(People.clerk))
            #expect(try await world.hall().calls.map(\.ticket) == ["A002", "A001"])
            _ = try await world.queue.closeCounter(.init(requestID: world.id()), world.call(People.clerk))
            #expect(try await world.hall().calls.map(\.ticket) == ["A001"])
        }
    }

    @Test func theWaitIsTakenFromTheDayThenFromTheWeek() async throws {
        try await HallWorld.with { world in
            _ = try await world.take(People.ada)
            #expect(try await world.hall().groups[0].estimatedMinutes == -1)
            try await world.open(People.clerk)
            #expect(try await world.hall().groups[0].estimatedMinutes == -1)
            try await world.next(People.clerk)
            world.clock.advance(seconds: 600)
            try await world.finish(People.clerk)
            for _ in 1...2 { try await world.serve(People.bao, by: People.clerk, minutes: 10) }
            _ = try await world.take(People.ada)
            #expect(try await world.hall().groups[0].estimatedMinutes == 10)
            #expect(try await world.hall().groups[1].estimatedMinutes == -1)

            // The next day begins with the week's data. Seven days later it counts still; on the eighth no more.
            for (day, minutes) in [("2026-09-24", 10), ("2026-09-30", 10), ("2026-10-08", -1)] {
                _ = try await world.hallTimers.run()
                world.clock.set(HallWorld.at(day, 9, 0))
                _ = try await world.hallTimers.run()
                try await world.open(People.clerk)
                _ = try await world.take(People.ada)
                #expect(try await world.hall().groups[0].estimatedMinutes == Int32(minutes), "\(day)")
            }
        }
    }

    @Test func theListIsInTheOrderOfTheLine() async throws {
        try await HallWorld.with { world in
            for _ in 1...3 { _ = try await world.take(People.kiosk) }
            try await world.open(People.clerk)
            try await world.next(People.clerk)
            try await world.next(People.clerk)
            func list(_ size: Int32, _ token: String = "", _ state: OneStopV1.TicketState = .unspecified)
                async throws -> OneStopV1.ListTicketsResponse
            {
                try await world.queue.listTickets(
                    .init(hall: "halls/fengtai", state: state, pageSize: size, pageToken: token),
                    world.call(People.clerk))
            }
            #expect(try await list(10).tickets.map(\.number) == ["A002", "A003", "A001"])
            let first = try await list(2)
            #expect(first.tickets.map(\.number) == ["A002", "A003"])
            let second = try await list(2, first.nextPageToken)
            #expect(second.tickets.map(\.number) == ["A001"] && second.nextPageToken.isEmpty)
            #expect(try await list(10, "", .waiting).tickets.map(\.number) == ["A003"])
        }
    }
}

extension ManualClock {
    func advance(days: Int64) { advance(seconds: days * 86_400) }
}
