import Contract
import Kernel
import Platform
import RPC
import Storage
import Testing

@testable import OneStop

@Suite struct RatingTests {
    /// A served ticket of 甲, at a window whose clerk has a device.
    private func served(_ world: HallWorld) async throws -> OneStopV1.Ticket {
        try await world.open(People.clerk)
        return try await world.serve(People.ada, by: People.clerk)
    }

    private func bad(_ world: HallWorld) async throws -> OneStopV1.Rating {
        try await world.rate(try await served(world), People.ada, grade: 5, comment: "等了很久，电话13900001234")
    }

    private func rectify(_ world: HallWorld, _ rating: OneStopV1.Rating, _ by: Principal = People.officer)
        async throws -> OneStopV1.Rating
    {
        try await world.ratings.rectifyRating(
            .init(name: rating.name, rectification: "已增开窗口", requestID: world.id()), world.call(by))
    }

    private func appeal(_ world: HallWorld, _ rating: OneStopV1.Rating, _ by: Principal = People.officer)
        async throws -> OneStopV1.Rating
    {
        try await world.ratings.appealRating(
            .init(name: rating.name, reason: "误评，当天并未到场", requestID: world.id()), world.call(by))
    }

    private func review(
        _ world: HallWorld, _ rating: OneStopV1.Rating, _ by: Principal = People.verifier, upheld: Bool
    ) async throws -> OneStopV1.Rating {
        try await world.ratings.reviewRatingAppeal(
            .init(name: rating.name, upheld: upheld, reason: "核对了录像", requestID: world.id()),
            world.call(by))
    }

    private func confirm(
        _ world: HallWorld, _ rating: OneStopV1.Rating, _ by: Principal = People.ada, satisfied: Bool
    ) async throws -> OneStopV1.Rating {
        try await world.ratings.confirmRectification(
            .init(name: rating.name, satisfied: satisfied, comment: "看过了", requestID: world.id()),
            world.call(by))
    }

    private func get(_ world: HallWorld, _ rating: OneStopV1.Rating, _ by: Principal) async throws
        -> OneStopV1.Rating
    {
        try await world.ratings.getRating(.init(name: rating.name), world.call(by))
    }

    // MARK: Who, what, when

    @Test func oneServiceOneRating() async throws {
        try await HallWorld.with { world in
            let ticket = try await served(world)
            let rating = try await world.rate(ticket, People.ada, grade: 1)
            #expect(rating.state == .closed && rating.deadline == nil)
            #expect(rating.department == "organizations/140502000000-approval")
            #expect(
                await refusalReason { _ = try await world.rate(ticket, People.ada, grade: 2) }
                    == "ALREADY_RATED")
            #expect(try await world.number("SELECT count(*) FROM onestop_rating_ratings") == 1)
        }
    }

    @Test func manyAtOnceAreStillOne() async throws {
        try await HallWorld.with { world in
            let ticket = try await served(world)
            let taken: Int = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 1...8 {
                    group.addTask {
                        await refusalReason { _ = try await world.rate(ticket, People.ada, grade: 1) } == nil
                    }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(taken == 1)
        }
    }

    @Test func onlyWhoeverWasServedRates() async throws {
        try await HallWorld.with { world in
            let ticket = try await served(world)
            for (principal, claim) in [(People.bao, ""), (People.bao, "AAAA"), (People.kiosk, "")] {
                #expect(
                    await refusalReason {
                        _ = try await world.rate(ticket, principal, grade: 1, claim: claim)
                    } == "SUBJECT_NOT_FOUND")
            }
            // With the paper from the kiosk, nobody needs an account.
            let paper = try await world.take(People.kiosk)
            try await world.next(People.clerk)
            try await world.finish(People.clerk)
            #expect(
                await refusalReason { _ = try await world.rate(paper, People.kiosk, grade: 1) }
                    == "SUBJECT_NOT_FOUND")
            _ = try await world.rate(paper, People.kiosk, grade: 2, claim: paper.claim)
        }
    }

    @Test func neverAtTheHandlersDeviceNorByTheHandler() async throws {
        try await HallWorld.with { world in
            let ticket = try await served(world)
            #expect(
                await refusalReason {
                    _ = try await world.rate(ticket, People.resident("ada", device: "window-1"), grade: 1)
                } == "RATING_AT_HANDLERS_DEVICE")
            #expect(
                await refusalReason { _ = try await world.rate(ticket, People.clerk, grade: 1) }
                    == "RATING_BY_HANDLER")
            _ = try await world.rate(ticket, People.resident("ada", device: "kiosk-1"), grade: 1)
            // Somebody who only held the ticket for a moment handled it, too, and at their own device.
            let handed = try await world.take(People.bao, group: "A")
            try await world.next(People.clerk)
            _ = try await world.queue.transferTicket(
                .init(group: "B", reason: "属于社会事务", requestID: world.id()), world.call(People.clerk))
            try await world.open(People.other, 2, groups: ["B"])
            try await world.next(People.other)
            try await world.finish(People.other)
            #expect(
                await refusalReason {
                    _ = try await world.rate(handed, People.resident("bao", device: "window-1"), grade: 1)
                } == "RATING_AT_HANDLERS_DEVICE")
            // The paper's secret does not help at that device either.
            let paper = try await world.take(People.kiosk)
            try await world.next(People.clerk)
            try await world.finish(People.clerk)
            let window = Principal(kind: .device, id: "window-1", deviceID: "window-1")
            #expect(
                await refusalReason {
                    _ = try await world.rate(paper, window, grade: 1, claim: paper.claim)
                } == "RATING_AT_HANDLERS_DEVICE")
        }
    }

    @Test func gradesCommentsAndTimeHaveTheirLimits() async throws {
        try await HallWorld.with { world in
            let waiting = try await world.take(People.ada)
            #expect(
                await refusalReason { _ = try await world.rate(waiting, People.ada, grade: 1) }
                    == "NOT_RATABLE_YET")
            try await world.open(People.clerk)
            try await world.next(People.clerk)
            try await world.finish(People.clerk)
            let done: Instant = world.clock.now()
            for grade: Int32 in [0, 6] {
                #expect(
                    await refusalReason { _ = try await world.rate(waiting, People.ada, grade: grade) }
                        == "GRADE_RANGE")
            }
            for grade: Int32 in [4, 5] {
                #expect(
                    await refusalReason {
                        _ = try await world.rate(waiting, People.ada, grade: grade, comment: " 差 ")
                    } == "COMMENT_NEEDED")
            }
            let long = String(repeating: "长", count: 501)
            #expect(
                await refusalReason {
                    _ = try await world.rate(waiting, People.ada, grade: 1, comment: long)
                } == "TEXT_LENGTH")
            world.clock.set(done.adding(days: 30).adding(milliseconds: 1))
            #expect(
                await refusalReason { _ = try await world.rate(waiting, People.ada, grade: 1) }
                    == "RATING_TOO_LATE")
            world.clock.set(done.adding(days: 30))
            _ = try await world.rate(
                waiting, People.ada, grade: 4, comment: String(long.dropLast()))
        }
    }

    // MARK: Invitations

    @Test func whoIsSilentIsAskedOnceMoreAfterThreeDays() async throws {
        try await HallWorld.with { world in
            _ = try await served(world)
            func invitations() async throws -> [String] {
                try await world.messages(People.ada).filter { $0.contains("评价") }
            }
            #expect(try await invitations() == ["请评价：综合受理（凤台中心）"])
            let done: Instant = world.clock.now()
            world.clock.set(done.adding(days: 3).adding(milliseconds: -1))
            #expect(try await world.ratingTimers.run().invitedAgain == 0)
            world.clock.set(done.adding(days: 3))
            #expect(try await world.ratingTimers.run().invitedAgain == 1)
            #expect(try await invitations().last == "还没评价：综合受理（凤台中心）")
            world.clock.set(done.adding(days: 6))
            #expect(try await world.ratingTimers.run().invitedAgain == 0)
            #expect(try await invitations().count == 2)
        }
    }

    @Test func whoHasRatedIsNotAskedAgain() async throws {
        try await HallWorld.with { world in
            _ = try await world.rate(try await served(world), People.ada, grade: 1)
            world.clock.advance(days: 3)
            #expect(try await world.ratingTimers.run().invitedAgain == 0)
        }
    }

    // MARK: Putting right

    @Test func aBadRatingStartsAClock() async throws {
        try await HallWorld.with { world in
            let rating = try await bad(world)
            #expect(rating.state == .rectifying && !rating.late)
            // Five working days from Wednesday the 23rd: 24, 28, 29, 30, then 8 October after the holidays.
            let due = HallWorld.at("2026-10-08", 18, 0)
            #expect(rating.deadline?.dueTime?.instant == due)
            #expect(rating.deadline?.card == .green)
            world.clock.set(due)
            #expect(try await get(world, rating, People.officer).deadline?.card == .yellow)
            world.clock.advance(milliseconds: 1)
            #expect(try await get(world, rating, People.ada).late)
            let late = try await rectify(world, rating)
            #expect(late.state == .followUp && late.late && late.deadline == nil)
            #expect(try await world.messages(People.ada).last == "城区审批局已整改，请回访")
        }
    }

    @Test func inTimeIsUpToAndIncludingTheDeadline() async throws {
        try await HallWorld.with { world in
            let rating = try await bad(world)
            world.clock.set(HallWorld.at("2026-10-08", 18, 0))
            #expect(try await !rectify(world, rating).late)
        }
    }

    @Test func theDepartmentSeesWhatButNotWho() async throws {
        try await HallWorld.with { world in
            let rating = try await bad(world)
            let seen = try await get(world, rating, People.officer)
            #expect(seen.subject.isEmpty && seen.subjectText == "综合受理（凤台中心）")
            #expect(seen.comment.hasPrefix("等了很久") && !seen.comment.contains("13900001234"))
            #expect(try await get(world, rating, People.ada).comment.contains("13900001234"))
            #expect(!"\(seen)".contains("ada"))
            for outsider in [People.stranger, People.bao] {
                #expect(
                    await refusalReason { _ = try await get(world, rating, outsider) } == "RATING_NOT_FOUND")
            }
            #expect(
                await refusalReason { _ = try await rectify(world, rating, People.stranger) }
                    == "RATING_NOT_FOUND")
            func names(_ principal: Principal) async throws -> [String] {
                try await world.ratings.listRatings(.init(), world.call(principal)).ratings.map(\.name)
            }
            for principal in [People.ada, People.officer, People.verifier] {
                #expect(try await names(principal) == [rating.name])
            }
            for principal in [People.bao, People.stranger, People.clerk] {
                #expect(try await names(principal).isEmpty)
            }
            // The words are sealed in the store.
            let plain = try await world.platform.readAsSystem { context in
                try context.connection.first("SELECT comment FROM onestop_rating_ratings") { $0.blob(0) }
            }
            #expect(String(decoding: plain ?? [], as: UTF8.self).contains("等了") == false)
        }
    }

    @Test func whoIsNotSatisfiedIsAskedTwice() async throws {
        try await HallWorld.with { world in
            let rating = try await bad(world)
            #expect(
                await refusalReason { _ = try await confirm(world, rating, satisfied: true) }
                    == "RATING_STATE")
            _ = try await rectify(world, rating)
            #expect(
                await refusalReason { _ = try await confirm(world, rating, People.bao, satisfied: true) }
                    == "RATING_NOT_FOUND")
            world.clock.set(HallWorld.at("2026-09-28", 10, 0))
            let again = try await confirm(world, rating, satisfied: false)
            #expect(again.state == .rectifying && !again.late && again.followedUp && !again.confirmed)
            // A clock of its own: 29, 30, 8, 9, 10 (worked Saturday) October.
            #expect(again.deadline?.dueTime?.instant == HallWorld.at("2026-10-10", 18, 0))
            _ = try await rectify(world, rating)
            let closed = try await confirm(world, rating, satisfied: false)
            #expect(closed.state == .closed && closed.followedUp && !closed.confirmed)
        }
    }

    @Test func aFollowUpThatNobodyAnswersEnds() async throws {
        try await HallWorld.with { world in
            let rating = try await bad(world)
            _ = try await rectify(world, rating)
            let rectified: Instant = world.clock.now()
            world.clock.set(rectified.adding(days: 10).adding(milliseconds: -1))
            #expect(try await world.ratingTimers.run().closed == 0)
            world.clock.set(rectified.adding(days: 10))
            #expect(try await world.ratingTimers.run().closed == 1)
            #expect(try await world.ratingTimers.run().closed == 0)
            let closed = try await get(world, rating, People.ada)
            #expect(closed.state == .closed && !closed.followedUp)
        }
    }

    // MARK: Appeals

    @Test func anAppealIsDecidedOutsideTheDepartment() async throws {
        try await HallWorld.with { world in
            let rating = try await bad(world)
            let appealed = try await appeal(world, rating)
            #expect(appealed.state == .appealed && appealed.deadline?.paused == true)
            #expect(
                await refusalReason { _ = try await review(world, rating, People.insider, upheld: true) }
                    == "REVIEWER_OF_DEPARTMENT")
            #expect(
                await refusalReason { _ = try await review(world, rating, People.stranger, upheld: true) }
                    == "RATING_NOT_FOUND")
            #expect(await refusalReason { _ = try await rectify(world, rating) } == "RATING_STATE")
            let excluded = try await review(world, rating, upheld: true)
            #expect(excluded.state == .excluded && excluded.appealDecision == "核对了录像")
            #expect(try await world.messages(People.ada).last == "您的评价不计入统计")
            #expect(await refusalReason { _ = try await appeal(world, rating) } == "RATING_STATE")
        }
    }

    @Test func anAppealStopsTheClockAndIsMadeOnce() async throws {
        try await HallWorld.with { world in
            let rating = try await bad(world)
            world.clock.set(HallWorld.at("2026-09-24", 9, 0))
            _ = try await appeal(world, rating)
            // Three working days later it is turned down: the deadline has moved by as much, over Sunday the 11th.
            world.clock.set(HallWorld.at("2026-09-30", 9, 0))
            let back = try await review(world, rating, upheld: false)
            #expect(back.state == .rectifying)
            #expect(back.deadline?.dueTime?.instant == HallWorld.at("2026-10-12", 18, 0))
            #expect(await refusalReason { _ = try await appeal(world, rating) } == "APPEALED_ONCE")
            #expect(try await world.messages(People.ada).last == "部门的申诉没有通过")
        }
    }

    @Test func anAppealComesBeforeTheDeadline() async throws {
        for (late, reason) in [(0, nil), (1, "APPEAL_TOO_LATE")] as [(Int64, String?)] {
            try await HallWorld.with { world in
                let rating = try await bad(world)
                world.clock.set(HallWorld.at("2026-10-08", 18, 0).adding(milliseconds: late))
                #expect(await refusalReason { _ = try await appeal(world, rating) } == reason)
            }
        }
    }

    // MARK: What is published, and what waits

    /// Many ratings of grades, one served ticket each.
    private func rateMany(_ world: HallWorld, _ grades: [Int32]) async throws -> [OneStopV1.Rating] {
        try await world.open(People.clerk)
        var ratings: [OneStopV1.Rating] = []
        for (index, grade) in grades.enumerated() {
            let person = People.resident("p\(index)")
            let ticket = try await world.serve(person, by: People.clerk, minutes: 1)
            ratings.append(try await world.rate(ticket, person, grade: grade, comment: "说说原因"))
        }
        return ratings
    }

    @Test func fewRatingsAreNotBrokenDown() async throws {
        try await HallWorld.with { world in
            func figures() async throws -> OneStopV1.DepartmentRatings? {
                try await world.ratings.listDepartmentRatings(.init(), world.call(nil)).departments.first
            }
            let ratings = try await rateMany(world, [1, 1, 2, 5])
            let few = try await figures()
            #expect(few?.total == 4 && few?.grades == [] && few?.rectificationDue == 0)
            let ticket = try await world.serve(People.ada, by: People.clerk)
            _ = try await world.rate(ticket, People.ada, grade: 4, comment: "排队太久")
            #expect(try await figures()?.grades == [2, 1, 0, 1, 1])
            #expect(try await figures()?.rectificationDue == 0)
            // One is put right in time, the other's time runs out.
            _ = try await rectify(world, ratings[3])
            let first = try await figures()
            #expect(first?.rectifiedInTime == 1 && first?.rectificationDue == 1)
            world.clock.set(HallWorld.at("2026-10-08", 18, 0).adding(milliseconds: 1))
            let second = try await figures()
            #expect(second?.rectifiedInTime == 1 && second?.rectificationDue == 2)
            #expect(
                try await world.ratings.listDepartmentRatings(
                    .init(place: "organizations/140581000000"), world.call(nil)
                ).departments.isEmpty)
        }
    }

    @Test func whatWasTakenOutDoesNotCount() async throws {
        try await HallWorld.with { world in
            let ratings = try await rateMany(world, [1, 2, 3, 4, 5, 5])
            _ = try await appeal(world, ratings[5])
            _ = try await review(world, ratings[5], upheld: true)
            let figures = try await world.ratings.listDepartmentRatings(.init(), world.call(nil))
            #expect(figures.departments.map(\.total) == [5])
            #expect(figures.departments.map(\.grades) == [[1, 1, 1, 1, 1]])
        }
    }

    @Test func theInboxShowsWhatWaitsForWhom() async throws {
        try await HallWorld.with { world in
            let rating = try await bad(world)
            let source = RatingTasks(platform: world.platform)
            func kinds(_ principal: Principal) async throws -> [String] {
                try await world.platform.readAsSystem { context in
                    let tasks = try source.tasks(
                        for: principal, kind: nil, after: nil, limit: 10, context)
                    let counts = try source.counts(
                        for: principal, nearBefore: context.now, overdueBefore: context.now, context)
                    #expect(tasks.map(\.kind) == counts.map(\.kind))
                    return tasks.map(\.kind)
                }
            }
            #expect(try await kinds(People.officer) == ["rating.rectify"])
            #expect(try await kinds(People.stranger).isEmpty)
            #expect(try await kinds(People.verifier).isEmpty)
            _ = try await appeal(world, rating)
            #expect(try await kinds(People.officer).isEmpty)
            #expect(try await kinds(People.verifier) == ["rating.review"])
            let after = try await world.platform.readAsSystem { context in
                try source.tasks(
                    for: People.verifier, kind: "rating.review",
                    after: TaskPosition(dueMilliseconds: .max, subject: rating.name), limit: 10, context)
            }
            #expect(after.isEmpty)
        }
    }

    @Test func theWordsAreForgottenAfterThreeYears() async throws {
        try await HallWorld.with { world in
            let ticket = try await served(world)
            _ = try await world.rate(ticket, People.ada, grade: 3, comment: "还行")
            let given: Instant = world.clock.now()
            let known =
                "SELECT count(*) FROM onestop_rating_ratings WHERE resident IS NOT NULL AND comment IS NOT NULL"
            world.clock.set(given.adding(days: Int64(RatingStore.personalRetentionDays)))
            _ = try await world.ratingTimers.run()
            #expect(try await world.number(known) == 1)
            world.clock.advance(milliseconds: 1)
            _ = try await world.ratingTimers.run()
            #expect(try await world.number(known) == 0)
            #expect(try await world.number("SELECT grade FROM onestop_rating_ratings") == 3)
        }
    }
}
