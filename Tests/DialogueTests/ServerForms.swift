import Kernel

@testable import Dialogue

// Forms and things of government services for the tests of the conversation.

extension Talk {
    static func school(
        mandate: String = "", applicant: String = "王小丽", revision: Int = 3, level: Int = 1
    ) -> FormView {
        FormView(
            item: "items/12", title: "小学生入学报名", revision: revision,
            intro: Text("给孩子报名上小学。大约 5 分钟。", "To enrol a child. About 5 minutes."),
            questions: schoolQuestions, identityLevel: level, mandate: mandate, applicant: applicant)
    }

    static let schoolQuestions: [Question] = [
        Question(
            id: "child", prompt: Text("给哪个孩子报名？", "Which child?"), kind: .member,
            label: Text("孩子", "Child")),
        Question(
            id: "house", prompt: Text("住的房子是什么情况？", "What kind of home?"),
            kind: .choice([
                Choice(value: "own", label: Text("自己的房子", "Own")),
                Choice(value: "rent", label: Text("租的房子", "Rented")),
            ]), label: Text("住房", "Home")),
        Question(
            id: "rent", prompt: Text("每月房租多少？", "Rent a month?"), kind: .money(maxFen: 2_000_000),
            label: Text("房租", "Rent"), conditions: [.init(question: "house", values: ["rent"])]),
        Question(
            id: "address", prompt: Text("住在哪里？", "Where do you live?"), kind: .address,
            label: Text("住址", "Address"), isSensitive: true),
        Question(
            id: "phone", prompt: Text("联系电话？", "Phone?"), kind: .phone, label: Text("电话", "Phone"),
            offer: .init(shown: "100****0001", origin: Text("来自账号", "from the account"))),
        Question(
            id: "book", prompt: Text("户口簿照片？", "Photo of the household register?"),
            kind: .file(contentTypes: ["image/jpeg", "application/pdf"]), label: Text("户口簿", "Register")),
        Question(
            id: "late", prompt: Text("孩子满 7 岁了，去年为什么没有报名？", "Why not last year?"),
            kind: .longText(min: 2, max: 200), label: Text("原因", "Reason"),
            conditions: [.init(question: "age:child", .atLeast, values: ["7"])]),
    ]

    static let son = HouseholdMemberView(
        name: "householdMembers/1", fullName: "王小宝", relation: .child, maskedIDNumber: "1405************2X",
        age: 6)
    static let daughter = HouseholdMemberView(
        name: "householdMembers/2", fullName: "王小花", relation: .child, maskedIDNumber: "1405************21",
        age: 8)

    static let schoolGuide = ServiceView(
        name: "items/12", displayName: "小学生入学报名", department: "城区教育局",
        promisedLimit: Text("5 个工作日", "5 working days"), statutoryLimit: nil, visits: 0,
        conditions: [Text("年满 6 岁", "6 years old")],
        materials: [.init(label: "户口簿", source: "本人", isRequired: true, form: "原件", copies: 1)],
        steps: [Text("网上填表", "Fill in the form")], fees: [.init(label: "报名", amountFen: 0, note: "不收费")],
        procedures: [.init(label: Text("公示", "Publication"), limit: Text("5 天", "5 days"))],
        phone: "0356-0000002", acceptsApplications: true)

    static func application(
        state: Text = Text("收件", "Received"), agent: String = "",
        verbs: [ApplicationView.Verb] = [.withdraw, .urge],
        supplement: ApplicationView.Supplement? = nil, canRate: Bool = false, paused: String = "",
        changes: [ApplicationView.RuleChange] = [], fee: ApplicationView.Fee? = nil, certificate: String = ""
    ) -> ApplicationView {
        let start = Talk.nine
        return ApplicationView(
            name: "applications/BJ260506000017", number: "BJ-260506-00001-7", item: "items/12",
            itemText: "小学生入学报名", department: "城区教育局", state: state,
            nextOwner: Text("城区教育局", "Education bureau"),
            clock: .init(
                due: start.adding(days: 7), remainingWorkingMinutes: 2_400, card: .green,
                isPaused: !paused.isEmpty, pauseReason: paused),
            applicant: "王小丽", agent: agent,
            answers: [
                .init(
                    label: Text("电话", "Phone"), shown: "100****0001",
                    origin: Text("来自账号", "from the account"))
            ], supplement: supplement, fee: fee,
            events: [
                .init(time: start, text: Text("已收件", "Received")),
                .init(time: start.adding(minutes: 5), text: Text("已分给经办人", "Assigned"), actor: "城区教育局"),
            ], verbs: verbs, ruleChanges: changes, certificate: certificate, canRate: canRate,
            createdAt: start)
    }

    /// From the main menu to the summary of the school form.
    mutating func fillSchool() {
        type("报名上小学")
        answer(.services([Talk.schoolGuide], words: "报名上小学"))
        answer(.service(Talk.schoolGuide))
        type("我要办")
        answer(.oneStop(.form(Talk.school())))
        answer(.oneStop(.household([Talk.son, Talk.daughter])))
        type("王小宝", "2", "1200.50")
        answer(.places(Talk.counties))
        type("1")
        answer(.places([Talk.street]))
        type("1")
        answer(.places([Talk.community]))
        type("1")
        answer(.places([]))
        type("1", "3 号楼 2 单元 501", "1", "/tmp/户口簿.pdf")
        answer(.oneStop(.uploaded(name: "files/9", shown: "户口簿.pdf（80 KB）")))
    }
}
