import Contract
import Foundation
import Kernel
import Platform
import RPC
import Storage
import Testing

@testable import OneStop

@Suite struct ApplicationTests {
    @Test func goesFromHandInToArchive() async throws {
        try await Office.with { office in
            let made = try await office.submit()
            #expect(made.state == .submitted)
            #expect(made.number.hasPrefix("BJ-261123-00001-"))
            #expect(made.departmentText == "城区公安局")
            #expect(made.deadline == nil, "the promise runs from the day it is taken on")
            let accepted = try await office.accept(made.name)
            #expect(accepted.state == .accepted)
            #expect(accepted.deadline != nil && accepted.statutoryDeadline != nil)
            let granted = try await office.decide(made.name)
            #expect(granted.state == .granted)
            #expect(granted.nextOwner?.zh == "申请人，先缴费")
            let voucher = try #require(granted.fee)
            #expect(voucher.amountFen == 2000 && voucher.number.hasPrefix("JF"))
            #expect(try await reason { try await office.deliver(made.name) } == "FEE_DUE")
            let paid = try await office.desk.confirmFee(
                .init(voucher: voucher.number, requestID: Office.newID()),
                office.call(Office.Methods.confirmFee, Office.clerk))
            #expect(paid.fee?.paidTime != nil)
            #expect(paid.nextOwner?.zh == "城区公安局")
            let delivered = try await office.deliver(made.name)
            #expect(delivered.state == .delivered)
            #expect(try await office.get(made.name).canRate)
            office.clock.advance(seconds: 29 * 86_400)
            #expect(try await office.runTimers() == 0)
            office.clock.advance(seconds: 2 * 86_400)
            #expect(try await office.runTimers() == 1)
            let archived = try await office.get(made.name)
            #expect(archived.state == .archived)
            #expect(
                archived.events.map(\.text?.zh).last == "评价期已过，办件归档。")
            #expect(
                try await office.messages("residents/mother").contains("养犬登记：准予"))
        }
    }

    @Test func whoeverAcceptedMayNotDecideWhereTwoAreNeeded() async throws {
        try await Office.with { office in
            let two = try await office.submit("A-1")
            _ = try await office.accept(two.name)
            #expect(
                try await reason { try await office.decide(two.name, as: Office.officer) } == "SAME_PERSON")
            let shown = try await office.get(two.name, as: Office.officer)
            #expect(!shown.availableActions.contains("decide"))
            #expect(try await office.get(two.name, as: Office.colleague).availableActions.contains("decide"))
            let one = try await office.submit("A-2")
            _ = try await office.accept(one.name)
            #expect(try await office.decide(one.name, as: Office.officer).state == .granted)
        }
    }

    @Test func missingThingsAreSaidOnce() async throws {
        try await Office.with { office in
            let made = try await office.submit()
            let asked = try await office.requestSupplement(made.name)
            #expect(asked.state == .supplementRequested)
            #expect(asked.supplement?.points == ["请上传狗的照片"])
            let answered = try await office.supplement(made.name)
            #expect(answered.state == .submitted)
            #expect(answered.answers.first?.shown == "大黄二世")
            #expect(try await reason { try await office.requestSupplement(made.name) } == "SUPPLEMENT_ONCE")
            #expect(try await office.accept(made.name).state == .accepted)
        }
    }

    @Test func onlyWhatWasAskedAgainCanBeAnsweredAgain() async throws {
        try await Office.with { office in
            let made = try await office.submit()
            _ = try await office.requestSupplement(made.name)
            let other = OneStopV1.SupplementApplicationRequest(
                name: made.name,
                answers: [
                    OneStopV1.FormAnswer(question: "phone", value: PhoneNumber(syntheticSequence: 9).text)
                ], requestID: Office.newID())
            let refused = try await reason {
                try await office.desk.supplementApplication(
                    other, office.call(Office.Methods.supplementApplication, Office.mother))
            }
            #expect(refused == "QUESTION_NOT_ASKED")
            #expect(try await office.get(made.name).state == .supplementRequested)
        }
    }

    @Test func aSupplementThatNeverComesWithdraws() async throws {
        try await Office.with { office in
            let made = try await office.submit()
            _ = try await office.requestSupplement(made.name)
            // 15 working days from Monday 23 November end on Monday 14 December.
            try office.moveTo(2026, 12, 14, hour: 17)
            #expect(try await office.runTimers() == 0)
            try office.moveTo(2026, 12, 15)
            #expect(try await office.runTimers() == 1)
            #expect(try await office.get(made.name).state == .withdrawn)
            #expect(try await office.messages("residents/mother").last == "养犬登记：逾期未补正")
        }
    }

    @Test func silenceTakesItOnOnTheExactDay() async throws {
        try await Office.with { office in
            let made = try await office.submit()
            // Five working days after Monday 23 November: the office closes on Monday 30 November.
            try office.moveTo(2026, 11, 30, hour: 16)
            #expect(try await office.runTimers() == 0)
            #expect(try await office.get(made.name).state == .submitted)
            try office.moveTo(2026, 11, 30, hour: 19)
            #expect(try await office.runTimers() == 1)
            let accepted = try await office.get(made.name)
            #expect(accepted.state == .accepted)
            // Counted from the day of the hand-in: five working days of promise are over on the same evening.
            #expect((accepted.deadline?.remainingWorkingMinutes ?? 1) <= 0)
            #expect(try await office.decide(made.name, as: Office.officer).state == .granted)
        }
    }

    @Test func holidaysDoNotCount() async throws {
        // Handed in on Wednesday 2026-09-30; the National Day holidays follow.
        let eve = Instant(startOf: try #require(CivilDate(year: 2026, month: 9, day: 30))).adding(hours: 10)
        try await Office.with(at: eve) { office in
            let made = try await office.submit()
            let calendar = office.platform.documents.calendar
            let due = try #require(made.statutoryDeadline?.dueTime).instant(field: "due")
            var worked: Int = 0
            var day: CivilDate = eve.shanghaiDate.adding(days: 1)
            while day <= due.shanghaiDate {
                if calendar.kind(of: day).isWorked { worked += 1 }
                day = day.adding(days: 1)
            }
            #expect(worked == 5)
            #expect(due.shanghaiDate > eve.shanghaiDate.adding(days: 7))
            office.clock.set(due)
            #expect(try await office.runTimers() == 0)
            office.clock.set(due.adding(milliseconds: 1))
            #expect(try await office.runTimers() == 1)
        }
    }

    @Test func aProcedureStopsTheClock() async throws {
        try await Office.with { office in
            let made = try await office.submit()
            let accepted = try await office.accept(made.name)
            let before = try #require(accepted.deadline?.dueTime).instant(field: "due")
            #expect(
                try await reason { try await office.startInspection(made.name, kind: .hearing) }
                    == "PROCEDURE_NOT_ALLOWED")
            try office.moveTo(2026, 11, 24)
            let stopped = try await office.startInspection(made.name)
            #expect(stopped.state == .specialProcedure && stopped.deadline?.paused == true)
            let left = try #require(stopped.deadline).remainingWorkingMinutes
            try office.moveTo(2026, 12, 8)
            let standing = try await office.get(made.name)
            #expect(
                standing.deadline?.remainingWorkingMinutes == left, "nobody is blamed for the visit's time")
            #expect(standing.deadline?.card == .green)
            let going = try await office.endInspection(made.name)
            #expect(going.state == .accepted && going.deadline?.paused == false)
            #expect(going.deadline?.remainingWorkingMinutes == left)
            let after = try #require(going.deadline?.dueTime).instant(field: "due")
            #expect(after.shanghaiDate == before.shanghaiDate.adding(days: 14))
            #expect(going.specialProcedures.first?.result == "符合条件")
        }
    }

    @Test func unknownLimitsStayUnknown() async throws {
        try await Office.with { office in
            let made = try await office.submit("A-2")
            let accepted = try await office.accept(made.name)
            #expect(accepted.deadline == nil && accepted.statutoryDeadline == nil)
            let half = try await office.submit("A-3")
            let known = try await office.accept(half.name)
            #expect(known.deadline != nil && known.statutoryDeadline == nil)
        }
    }

    @Test func urgesOnceInEachHalf() async throws {
        try await Office.with { office in
            let made = try await office.submit()
            let accepted = try await office.accept(made.name)
            let due = accepted.deadline?.dueTime
            #expect(try await office.urge(made.name).urgeCount == 1)
            #expect(try await reason { try await office.urge(made.name) } == "URGED_ALREADY")
            try office.moveTo(2026, 11, 27)
            let second = try await office.urge(made.name)
            #expect(second.urgeCount == 2 && second.deadline?.dueTime == due)
            #expect(try await reason { try await office.urge(made.name) } == "URGED_ALREADY")
        }
    }

    @Test func theSameAnswersAreRefusedForADay() async throws {
        try await Office.with { office in
            let first = try await office.submit()
            #expect(try await reason { try await office.submit() } == "APPLICATION_EXISTS")
            _ = try await office.submit(dog: "小黑")
            office.clock.advance(seconds: 86_400 - 1)
            #expect(try await reason { try await office.submit() } == "APPLICATION_EXISTS")
            office.clock.advance(seconds: 1)
            let again = try await office.submit()
            #expect(again.name != first.name)
        }
    }

    @Test func aRepeatGetsTheFirstAnswer() async throws {
        try await Office.with { office in
            let id = Office.newID()
            let first = try await office.submit(requestID: id)
            let again = try await office.submit(requestID: id)
            #expect(first.name == again.name)
            #expect(
                try await office.platform.readAsSystem {
                    try $0.connection.first("SELECT count(*) FROM onestop_applications") { $0.int(0) }
                } == 1)
        }
    }

    @Test func goesByItsOwnRevisionAndShowsTheDifference() async throws {
        try await Office.with { office in
            let made = try await office.submit()
            try await office.changeRules()
            #expect(
                try await reason { try await office.submit(dog: "小黑", revision: made.itemRevision) }
                    == "ITEM_CHANGED")
            let shown = try await office.get(made.name)
            #expect(shown.itemRevision == made.itemRevision)
            #expect(shown.ruleChanges.count == 1)
            #expect(shown.ruleChanges.first?.newText.contains("2") == true)
        }
    }

    @Test func anOldEtagIsRefused() async throws {
        try await Office.with { office in
            let made = try await office.submit()
            _ = try await office.urge(made.name)
            #expect(
                try await reason { try await office.accept(made.name, etag: made.etag) }
                    == "CHANGED_MEANWHILE")
            let now = try await office.get(made.name)
            #expect(try await office.accept(made.name, etag: now.etag).state == .accepted)
        }
    }

    @Test func othersDoNotSeeIt() async throws {
        try await Office.with { office in
            let made = try await office.submit()
            for other in [Office.daughter, Office.stranger] {
                #expect(
                    try await reason { try await office.get(made.name, as: other) } == "APPLICATION_NOT_FOUND"
                )
                let list = try await office.desk.listApplications(
                    .init(), office.call(Office.Methods.listApplications, other))
                #expect(list.applications.isEmpty)
            }
            #expect(
                try await reason { try await office.accept(made.name, as: Office.stranger) }
                    == "APPLICATION_NOT_FOUND")
            #expect(try await office.get(made.name, as: Office.clerk).state == .submitted)
            #expect(
                try await reason { try await office.accept(made.name, as: Office.clerk) } == "ROLE_MISSING")
        }
    }

    @Test func staffSeeMasksAndEachLookIsWrittenDown() async throws {
        try await Office.with { office in
            let made = try await office.submit()
            let shown = try await office.get(made.name, as: Office.officer)
            let phone = try #require(shown.answers.first { $0.question == "phone" })
            #expect(phone.masked && phone.shown.contains("*"))
            #expect(shown.applicantText.contains("*"))
            let own = try await office.get(made.name)
            #expect(own.applicantText == "李秀英")
            #expect(own.answers.first { $0.question == "phone" }?.masked == false)
            let answer = try await office.desk.revealAnswer(
                .init(name: made.name, question: "phone", purpose: "电话核实"),
                office.call(Office.Methods.revealAnswer, Office.officer))
            #expect(answer.value == PhoneNumber(syntheticSequence: 41).text)
            let looks: [String] = try await office.platform.readAsSystem {
                try $0.connection.query(
                    "SELECT subject || ' ' || purpose FROM platform_data_accesses WHERE resident_id = 'mother'"
                ) { $0.text(0) }
            }
            #expect(looks == ["\(made.name) 电话：电话核实"])
        }
    }

    @Test func aMaterialIsOpenedByWhoeverSaysWhyOnly() async throws {
        try await Office.with { office in
            let made = try await office.submit()
            try await office.attach("files/lease", to: made.name)
            #expect(
                try await office.get(made.name).answers.first { $0.question == "dog" }?.file == "files/lease")
            let shown = try await office.get(made.name, as: Office.officer)
            let answer = try #require(shown.answers.first { $0.question == "dog" })
            #expect(answer.file.isEmpty && answer.masked)
            let opened = try await office.desk.revealAnswer(
                .init(name: made.name, question: "dog", purpose: "核对合同"),
                office.call(Office.Methods.revealAnswer, Office.officer))
            #expect(opened.value == "files/lease")
        }
    }

    @Test func whatWasGivenBeforeIsForgottenOnDemandAndTheApplicationKeepsIt() async throws {
        try await Office.with { office in
            let made = try await office.submit()
            let gone = try await office.forgetAnswers()
            #expect(gone == 1)
            #expect(try await office.forgetAnswers() == 0)
            #expect(try await office.get(made.name).answers == made.answers)
        }
    }

    @Test func aRefusalSaysWhereToTurn() async throws {
        try await Office.with { office in
            let made = try await office.submit("A-2")
            _ = try await office.accept(made.name)
            #expect(
                try await reason { try await office.decide(made.name, granted: false) } != nil,
                "a refusal needs its reasons")
            let refused = try await office.decide(made.name, granted: false, reason: "不符合条件")
            #expect(refused.state == .refused)
            #expect(refused.decision?.reason.contains("行政复议") == true)
            #expect(try await office.deliver(made.name).state == .delivered, "no fee for a refusal")
        }
    }

    @Test func waitsInTheInboxOfItsDepartment() async throws {
        try await Office.with { office in
            let made = try await office.submit()
            let tasks = ApplicationTasks()
            func counts(_ principal: Principal) async throws -> [WaitingTaskCount] {
                try await office.platform.readAsSystem { context in
                    try tasks.counts(
                        for: principal, nearBefore: context.now.adding(days: 10),
                        overdueBefore: context.now, context)
                }
            }
            let waiting = try await counts(Office.officer)
            #expect(waiting.map(\.kind) == ["application.accept"])
            #expect(waiting.first?.nearDeadline == 1 && waiting.first?.overdue == 0)
            #expect(try await counts(Office.stranger).isEmpty)
            #expect(try await counts(Office.clerk).isEmpty)
            _ = try await office.accept(made.name)
            _ = try await office.startInspection(made.name)
            try office.moveTo(2027, 2, 1)
            let paused = try await counts(Office.officer)
            #expect(paused.map(\.kind) == ["application.procedure"])
            #expect(paused.first?.overdue == 0, "a clock that stands still is not overdue")
        }
    }
}
