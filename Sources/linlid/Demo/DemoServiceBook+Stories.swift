import Contract
import Kernel
import OneStop
import Platform

extension DemoServiceBook {
    /// 租房提取公积金, promised in three days: what the officer who can sign in finds on the desk.
    mutating func writeHousingFund() {
        let officer: DemoStaff = officer("housing_fund")
        let item: String = "JC-B-121"
        guard let limit = TimeLimit(value: 3, unit: .calendarDays) else { return }
        for days in [0, 1, 2] {
            let person: DemoPerson = somebody()
            let begin: Instant = days == 0 ? now.adding(minutes: -50) : morning(workedDaysAgo: days)
            let lease = DemoService.Paper(question: "lease", name: "租房合同.pdf", title: "Lease")
            tell(.submitted, of: person, begin: begin) {
                $0.resident(
                    .submit(
                        item: item,
                        answers: Forms.rent(person, fen: 90_000 + Int64(days) * 10_000, real: days == 1),
                        papers: days == 1 ? [lease] : []))
            }
        }
        let mine: DemoPerson = adults[0]
        tell(.red, of: mine, begin: morning(of: limit, showing: .red)) { story in
            story.resident(.submit(item: item, answers: Forms.rent(mine, fen: 120_000)))
            story.staff(officer, .accept, after: 1)
            story.resident(.urge, after: 4)
        }
        let second: DemoPerson = adults[1]
        tell(.supplementWanted, of: second, begin: morning(workedDaysAgo: 4)) { story in
            story.resident(.submit(item: item, answers: Forms.rent(second, fen: 9_000_000)))
            story.staff(
                officer,
                .requestSupplement(questions: ["rent"], points: ["月租金写的是九万元，请核对后改成实际租金。"]), after: 4)
        }
        for days in [12, 17] {
            let person: DemoPerson = somebody()
            accepted(
                .ratedWell, item, Forms.rent(person, fen: 100_000), by: officer, of: person,
                begin: morning(workedDaysAgo: days)
            ) { story in
                story.staff(officer, .decide(granted: true, reason: ""), after: 6)
                story.staff(officer, .deliver("转入申请人银行账户"), after: 3)
                story.rate(1, days == 12 ? "两天就到账了" : "", after: 5)
            }
        }
        let refused: DemoPerson = somebody()
        accepted(
            .refused, item, Forms.rent(refused, fen: 110_000), by: officer, of: refused,
            begin: morning(workedDaysAgo: 5)
        ) { story in
            story.staff(
                officer, .decide(granted: false, reason: "经不动产登记信息核验，申请人在本市有一套住房，不符合无房条件。"), after: 9)
        }
        let granted: DemoPerson = somebody()
        accepted(
            .granted, item, Forms.rent(granted, fen: 95_000), by: officer, of: granted,
            begin: morning(workedDaysAgo: 4)
        ) { $0.staff(officer, .decide(granted: true, reason: ""), after: 7) }
    }

    /// Before it is taken on.
    mutating func writeWaiting() {
        let police: DemoStaff = officer("public_security")
        let health: DemoStaff = officer("medical_insurance")
        let work: DemoStaff = officer("human_resources")
        tell(.submitted, of: somebody(), begin: morning(workedDaysAgo: 1)) {
            $0.resident(.submit(item: "JC-B-007", answers: Forms.general("身份证下个月到期，换一张新的。")))
        }
        tell(.supplemented, of: somebody(), begin: morning(workedDaysAgo: 6)) { story in
            story.resident(.submit(item: "JC-B-007", answers: Forms.general("换证")))
            story.staff(
                police, .requestSupplement(questions: ["matter"], points: ["请写清换证原因：到期、损坏还是信息变更。"]), after: 5)
            story.resident(
                .supplement(
                    answers: [OneStopV1.FormAnswer(question: "matter", value: "身份证到期，换领新证。")], note: ""),
                after: 9)
        }
        tell(.rejected, of: somebody(), begin: morning(workedDaysAgo: 10)) { story in
            story.resident(.submit(item: "JC-B-079", answers: Forms.general("我在太原上班，想在晋城交医保。")))
            story.staff(
                health, .reject(reason: "已在就业地参加职工医保，不能重复参保。", responsibleBody: "太原市医疗保险服务中心"), after: 6)
        }
        let since: CivilDate = morning(workedDaysAgo: 9).shanghaiDate
        tell(.withdrawn, of: somebody(), begin: morning(workedDaysAgo: 7)) { story in
            story.resident(
                .submit(
                    item: "JC-B-083", answers: Forms.abroad(from: since)))
            story.resident(.withdraw(reason: "孩子回来住了，不去太原了。"), after: 3)
        }
        tell(.unanswered, of: somebody(), begin: morning(workedDaysAgo: 24)) { story in
            story.resident(.submit(item: "JC-B-054", answers: Forms.general("补办社保卡")))
            story.staff(
                work, .requestSupplement(questions: ["matter"], points: ["请写明原卡是丢失还是损坏。"]), after: 4)
            if let limit = DemoServiceBook.supplementLimit { story.expire(after: limit) }
        }
        tell(.silence, of: somebody(), begin: morning(workedDaysAgo: 8)) { story in
            story.resident(.submit(item: "JC-B-002", answers: Forms.general("户口被误注销，申请恢复。")))
            if let limit = DemoServiceBook.acceptLimit { story.expire(after: limit) }
        }
    }

    /// Taken on, and not decided.
    mutating func writeReviewed() {
        let work: DemoStaff = officer("human_resources")
        let civil: DemoStaff = officer("civil_affairs")
        let colleague: DemoStaff = officer("civil_affairs", second: true)
        let claim: [OneStopV1.FormAnswer] = Forms.general("单位关门了，申请失业保险金。")
        if let limit = DemoServiceBook.promised {
            for card: Deadline.Card in [.green, .yellow, .red] {
                let scenario: DemoService.Scenario =
                    switch card {
                    case .green: .green
                    case .yellow: .yellow
                    case .red: .red
                    }
                tell(scenario, of: somebody(), begin: morning(of: limit, showing: card)) { story in
                    story.resident(.submit(item: "JC-B-063", answers: claim))
                    story.staff(work, .accept, after: 1)
                }
            }
        }
        accepted(
            .green, "JC-B-007", Forms.general("卡片损坏，换一张。"), by: officer("public_security"), of: somebody(),
            begin: morning(workedDaysAgo: 3))
        accepted(
            .green, "JC-B-152", Forms.shop(), by: officer("approval"), of: somebody(),
            begin: morning(workedDaysAgo: 2))
        let aided: DemoPerson = somebody()
        accepted(
            .secondPerson, "JC-B-030", Forms.benefit(aided, "家里两口人，都没有工作。"), by: civil, of: aided,
            begin: morning(workedDaysAgo: 4))
        let published: DemoPerson = somebody()
        accepted(
            .special, "JC-B-030", Forms.benefit(published, "丈夫重病，没有收入。"), by: civil, of: published,
            begin: morning(workedDaysAgo: 9)
        ) { $0.staff(civil, .startSpecial(note: "入户核实完毕，在社区公示栏公示7天。"), after: 20) }
        let helped: DemoPerson = somebody()
        accepted(
            .afterSpecial, "JC-B-032", Forms.emergency(helped), by: civil, of: helped,
            begin: morning(workedDaysAgo: 14)
        ) { story in
            story.staff(civil, .startSpecial(note: "情况已公示3天。"), after: 4)
            story.staff(civil, .endSpecial(result: "公示期满，没有异议。"), after: 24)
            story.staff(colleague, .decide(granted: true, reason: "按最低生活标准3个月救助。"), after: 5)
            story.staff(colleague, .deliver("社区送达，救助金打入账户"), after: 6)
        }
    }

    /// Decided: some still to be handed over.
    mutating func writeDecided() {
        let police: DemoStaff = officer("public_security")
        let work: DemoStaff = officer("human_resources")
        for days in [4, 16] {
            let begin: Instant = morning(workedDaysAgo: days)
            accepted(
                days == 4 ? .feeDue : .feePaid, "JC-B-019",
                Forms.passport(visit: begin.shanghaiDate.adding(days: 2)),
                by: police, of: somebody(), begin: begin
            ) { story in
                story.staff(police, .decide(granted: true, reason: ""), after: 10)
                guard days == 16 else { return }
                story.staff(police, .confirmFee, after: 9)
                story.staff(police, .deliver("窗口领取"), after: 1)
            }
        }
        for (days, scenario) in [(5, DemoService.Scenario.delivered), (42, .archived), (45, .archived)] {
            let begin: Instant = morning(workedDaysAgo: days)
            accepted(
                scenario, "JC-B-042", Forms.pension(from: begin.shanghaiDate), by: work, of: somebody(),
                begin: begin
            ) { story in
                story.staff(work, .decide(granted: true, reason: ""), after: 2)
                story.staff(work, .deliver("短信通知"), after: 1)
                if scenario == .archived, let limit = DemoServiceBook.ratingLimit {
                    story.expire(after: limit)
                }
            }
        }
        let mine: DemoPerson = adults[0]
        let fund: DemoStaff = officer("housing_fund")
        accepted(
            .delivered, "JC-B-126", Forms.general("打印公积金缴存证明，贷款用。"), by: fund, of: mine,
            begin: morning(workedDaysAgo: 3)
        ) { story in
            story.staff(fund, .decide(granted: true, reason: ""), after: 1)
            story.staff(fund, .deliver("手机下载"), after: 1)
        }
    }

    mutating func writeRated() {
        let work: DemoStaff = officer("human_resources")
        let ratings: [(days: Int, grade: Int, comment: String)] = [
            (30, 1, "态度很好"), (26, 2, ""), (21, 1, "在手机上就办完了"), (19, 3, "能再快些就好"),
            (7, 4, "打了三次电话都没人接，最后自己跑了一趟。"),
        ]
        for (days, grade, comment) in ratings {
            let person: DemoPerson = somebody()
            let begin: Instant = morning(workedDaysAgo: days)
            accepted(
                grade > 3 ? .ratedBadly : .ratedWell, "JC-B-061",
                Forms.unemployment(person, lastDay: begin.shanghaiDate.adding(days: -20)), by: work,
                of: person,
                begin: begin
            ) { story in
                story.staff(work, .decide(granted: true, reason: ""), after: 3)
                story.staff(work, .deliver("短信通知"), after: 1)
                story.rate(grade, comment, after: 12)
            }
        }
    }

    /// Old people who let others act.
    mutating func writeMandates() {
        let neighbour: DemoPerson = adults[0]
        tell(.neighbour, of: elder, begin: morning(workedDaysAgo: 3)) { story in
            story.resident(
                .give(
                    OneStopV1.CreateMandateRequest(
                        item: "items/JC-B-079", agentPhone: neighbour.phone?.text ?? "",
                        agentName: neighbour.name.text, validityDays: 60)))
        }
        let worker: DemoStaff = member(.gridWorker, in: "\(DemoPlaces.fengtai)-01")
        let work: DemoStaff = officer("human_resources")
        tell(.agent, of: elder, begin: morning(workedDaysAgo: 6)) { story in
            story.resident(
                .give(
                    OneStopV1.CreateMandateRequest(
                        item: "items/JC-B-050", agentAccount: worker.account, validityDays: 90)))
            story.staff(
                worker, .submit(item: "JC-B-050", answers: Forms.general("老人行动不便，上门做养老金资格认证。")), after: 3)
            story.staff(work, .accept, after: 4)
        }
    }

    /// 新生儿出生一件事 of the first resident: certified and vaccinated, the police look at the registration, and the insurance waits
    /// for it.
    mutating func writeBundle() {
        let mine: DemoPerson = adults[0]
        let hospital: DemoStaff = officer("health")
        let police: DemoStaff = officer("public_security")
        let begin: Instant = morning(workedDaysAgo: 5)
        let born: CivilDate = begin.shanghaiDate.adding(days: -6)
        let book = DemoService.Paper(question: "household_book", name: "户口簿.pdf", title: "Household book")
        tell(.bundle, of: mine, begin: begin) { story in
            story.resident(
                .submitBundle("newborn", answers: Forms.newborn(mine, born: born), papers: [book]))
            story.staff(hospital, .accept, after: 2, part: "JC-B-104")
            story.staff(hospital, .decide(granted: true, reason: ""), after: 2, part: "JC-B-104")
            story.staff(hospital, .deliver("医院窗口领取"), after: 1, part: "JC-B-104")
            story.staff(hospital, .accept, after: 2, part: "JC-B-105")
            story.staff(hospital, .decide(granted: true, reason: ""), after: 1, part: "JC-B-105")
            story.staff(police, .accept, after: 2, part: "JC-B-001")
        }
    }

    mutating func writeCertificates() {
        let civil: DemoStaff = officer("civil_affairs")
        let poor: DemoPerson = somebody()
        let begin: Instant = morning(workedDaysAgo: 11)
        accepted(
            .certified, "JC-B-039", Forms.lowIncome(recognised: begin.shanghaiDate.adding(days: -60)),
            by: civil,
            of: poor, begin: begin
        ) { story in
            story.staff(civil, .decide(granted: true, reason: ""), after: 4)
            story.staff(civil, .deliver("手机下载"), after: 1)
        }
        let clerk: DemoStaff = member(.counterClerk, in: DemoPlaces.fengtai)
        for (days, purpose) in [(20, "办理居住证"), (9, "孩子入学")] {
            let person: DemoPerson = days == 9 ? adults[0] : somebody()
            let time: Instant = morning(workedDaysAgo: days)
            tell(.proof, of: person, begin: time) {
                $0.staff(
                    clerk,
                    .issue(type: "residence", answers: DemoServiceBook.residence(person, time, purpose)),
                    after: 1)
            }
        }
        let person: DemoPerson = somebody()
        let time: Instant = morning(workedDaysAgo: 15)
        tell(.revokedProof, of: person, begin: time) { story in
            story.staff(
                clerk, .issue(type: "residence", answers: DemoServiceBook.residence(person, time, "办理居住证")),
                after: 1)
            story.staff(clerk, .revoke(reason: "经核实，居住地址填写有误，收回重开。"), after: 18)
        }
    }

    private static func residence(_ person: DemoPerson, _ time: Instant, _ purpose: String) -> [String:
        String]
    {
        [
            "address": "演示小区\(person.birth.day)号楼", "since": time.shanghaiDate.adding(days: -700).description,
            "purpose": purpose,
        ]
    }
}
