internal import Kernel

// Reporting a problem and following it.

extension Turn {
    static let numberForm = Form(
        id: Flow.reportByNumber, title: Text("按编号查进度", "Find a report by number"),
        questions: [
            Question(
                id: "number",
                prompt: Text("请输入编号，比如 AJ-260501-00012-7。", "The number, such as AJ-260501-00012-7."),
                why: Text("编号在提交报告时给您，也在消息里。", "You got it when you reported, and it is in your messages."),
                kind: .reportNumber, label: Text("编号", "Number"))
        ], act: Text("查询", "Find"), hasSummary: false)

    // MARK: The form

    mutating func showReportForm(_ categories: [ReportCategory], words: String) {
        guard !categories.isEmpty else {
            warn(Words.noCategories)
            return show()
        }
        let form = Self.reportForm(categories)
        var answers: [String: AnswerValue] = [:]
        if !words.isEmpty {
            // Words that name a category describe the problem: neither is asked again, both can be changed.
            let category = Self.category(in: categories, for: Answer(words))
            if let category {
                answers["category"] = AnswerValue(value: category.id, shown: t(category.label))
            }
            let token = Answer(words).token
            // “垃圾” names the category and says nothing more.
            let isBareName =
                category.map { Self.names($0).contains { Answer.token(of: $0) == token } } ?? false
            if !isBareName, category != nil || state.frames.count > 1 || words.count >= 8 {
                answers["description"] = AnswerValue(value: words, shown: words)
            }
        }
        begin(form, answers: answers)
    }

    private static func category(in categories: [ReportCategory], for answer: Answer) -> ReportCategory? {
        let scored = categories.map { category in
            (category, names(category).map { MenuBook.score(of: $0, in: answer.token) }.max() ?? 0)
        }
        // An English word matches whole or not at all: four letters, as in “lamp”, are enough.
        let isEnglish = answer.token.utf8.allSatisfy { $0 < 0x80 }
        let least = isEnglish ? MenuBook.sureScore * 4 / 5 : MenuBook.sureScore
        guard let best = scored.max(by: { $0.1 < $1.1 }), best.1 >= least,
            scored.filter({ $0.1 == best.1 }).count == 1
        else { return nil }
        return best.0
    }

    private static func names(_ category: ReportCategory) -> [String] {
        [category.label.zh, category.label.en] + category.keywords
    }

    static func reportForm(_ categories: [ReportCategory]) -> Form {
        let choices = categories.map { category in
            Choice(value: category.id, label: category.label, keywords: category.keywords)
        }
        var questions = [
            Question(
                id: "category", prompt: Text("是哪一类问题？", "What kind of problem is it?"),
                kind: .choice(choices),
                label: Text("类别", "Kind"))
        ]
        questions += categories.compactMap(dangerQuestion)
        questions += [
            Question(
                id: "description",
                prompt: Text("请说说是什么问题，一两句就行。", "Please describe it in a sentence or two."),
                kind: .longText(min: 2, max: 1_000), label: Text("情况", "What is wrong")),
            Question(
                id: "place", prompt: Text("在哪个社区或网格？", "In which community or grid?"),
                why: Text("好派给管这一片的人。", "So that it goes to whoever looks after that area."), kind: .place,
                label: Text("地方", "Place")),
            Question(
                id: "spot",
                prompt: Text(
                    "具体在哪儿？比如：3 号楼 2 单元门口。", "Where exactly? For example: entrance 2 of building 3."),
                kind: .text(min: 2, max: 200), label: Text("具体位置", "Exact spot"), isOptional: true,
                allowsUnknown: true),
            Question(
                id: "photo",
                prompt: Text("有照片吗？", "Is there a photo?"),
                why: Text("照片里的拍摄地点和时间会自动去掉。", "Place and time of shooting are removed from the photo."),
                kind: .photo,
                label: Text("照片", "Photo"), isOptional: true),
        ]
        return Form(
            id: Flow.report, title: Text("上报问题", "Report a problem"),
            intro: Text(
                "大约 2 分钟。填到一半也没关系，24 小时内可以接着填。",
                "About two minutes. You can stop half-way and continue within 24 hours."),
            introAtKiosk: Text(
                "大约 2 分钟。请一次填完，这里什么也不保存。", "About two minutes. Nothing is kept on this machine."),
            questions: questions, act: Text("提交报告", "Submit the report"))
    }

    static let dangerPrefix = "danger_"

    /// Danger first: a yes stops the form and names the number to call.
    private static func dangerQuestion(_ category: ReportCategory) -> Question? {
        guard !category.stopQuestion.isEmpty else { return nil }
        let who: Text =
            switch category.stopPhone {
            case "110": Text("报警", "police")
            case "119": Text("火警", "fire brigade")
            case "120": Text("急救", "ambulance")
            default: Text("", "")
            }
        var phones = [Stop.Phone(number: category.stopPhone, who: who)]
        if category.stopPhone.isEmpty {
            phones = [
                .init(number: "119", who: Text("火警", "fire brigade")),
                .init(number: "110", who: Text("报警", "police")),
                .init(number: "120", who: Text("急救", "ambulance")),
            ]
        }
        let advice = category.stopAdvice.isEmpty ? Words.stopAdvice : category.stopAdvice
        return Question(
            id: dangerPrefix + category.id, prompt: category.stopQuestion,
            why: Text("有危险要先打电话，比上报快得多。", "In danger a call is much faster than a report."),
            kind: .choice([
                Choice(
                    value: "yes", label: Words.yes, keywords: ["有", "是的"],
                    stop: Stop(text: advice, phones: phones)),
                Choice(value: "no", label: Words.no, keywords: ["没有", "不是", "没"]),
            ]), label: Text("眼下的危险", "Danger now"),
            condition: Question.Condition(question: "category", values: [category.id]))
    }

    mutating func receivedPhoto(_ path: String, _ sizeBytes: Int64) {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        accept(AnswerValue(value: path, shown: "\(name)（\(max(1, sizeBytes / 1_024)) KB）"))
    }

    // MARK: What happens next

    mutating func showCreated(_ report: ReportView) {
        if let place = run?.answers["place"], !place.value.isEmpty { state.known[KnownAnswer.place] = place }
        dropForms()
        state.draft = nil
        var list = ListFrame(title: t(Text("报告已提交", "Your report is submitted")))
        list.rows = [.init(label: t(Text("编号", "Number")), value: report.number)]
        if !report.nextOwner.isEmpty {
            list.rows.append(.init(label: t(Text("下一步谁来办", "Who acts next")), value: t(report.nextOwner)))
        }
        if let clock = report.clock { list.rows.append(contentsOf: clockRows(clock)) }
        list.text = [t(Words.afterReport)]
        list.items = [
            watchItem(report.number),
            .init(label: t(Text("看进度", "See its progress")), action: .call(.report(number: report.number))),
            .init(label: t(Words.toHome), action: .home),
        ]
        push(.list(list))
    }

    mutating func showReports(_ reports: [ReportView], next: String) {
        var list = ListFrame(title: t(Text("我的报告", "My reports")))
        list.items = reports.map { report in
            let line = "\(report.number)　\(t(report.category))　\(t(report.state))"
            return .init(label: line, action: .call(.report(number: report.number)))
        }
        if list.items.isEmpty {
            list.text = [t(Words.noReports)]
            list.items = [
                .init(
                    label: t(Text("上报问题", "Report a problem")), action: .start(flow: Flow.report, words: ""))
            ]
        }
        list.nextPage = next.isEmpty ? nil : .reports(page: next)
        showOrAppend(list)
    }

    mutating func showReport(_ report: ReportView) {
        if run?.form.id == Flow.reportByNumber { pop() }
        push(.list(reportList(report)))
    }

    private func reportList(_ report: ReportView) -> ListFrame {
        var list = ListFrame(title: t(Text("报告 ", "Report ")) + report.number)
        list.rows = [
            .init(label: t(Text("现在", "Now")), value: t(report.state)),
            .init(label: t(Text("类别", "Kind")), value: t(report.category)),
            .init(label: t(Text("情况", "What is wrong")), value: report.description),
            .init(label: t(Text("地方", "Place")), value: report.place),
            .init(label: t(Text("上报时间", "Reported")), value: time(report.createdAt)),
        ]
        if !report.nextOwner.isEmpty {
            list.rows.append(.init(label: t(Text("下一步谁来办", "Who acts next")), value: t(report.nextOwner)))
        }
        if let clock = report.clock { list.rows.append(contentsOf: clockRows(clock)) }
        if !report.responsibleBody.isEmpty {
            list.rows.append(
                .init(label: t(Text("该由谁负责", "Responsible body")), value: report.responsibleBody))
        }
        if !report.result.isEmpty {
            list.rows.append(.init(label: t(Text("办理结果", "What was done")), value: report.result))
        }
        if report.rating > 0 {
            list.rows.append(
                .init(label: t(Text("您的评价", "Your rating")), value: t(Self.rating(report.rating))))
        }
        if let event = report.events.last {
            list.rows.append(.init(label: t(Text("最近一次变化", "Latest change")), value: eventLine(event)))
        }
        list.items = reportItems(report)
        return list
    }

    private func reportItems(_ report: ReportView) -> [ListFrame.Item] {
        var items: [ListFrame.Item] = []
        if report.canRate {
            items.append(
                .init(
                    label: t(Text("评价", "Rate it")), keywords: ["rate"],
                    action: .form(Self.rateForm(report.number))))
        }
        if report.canReopen {
            var label = t(Text("没解决，申请重开", "Not solved: reopen it"))
            if let until = report.reopenUntil {
                label += t(Text("（到 \(time(until)) 为止）", " (until \(time(until)))"))
            }
            items.append(
                .init(
                    label: label, keywords: ["重开", "reopen"], action: .form(Self.reopenForm(report.number))))
        }
        if report.events.count > 1 {
            var all = ListFrame(title: t(Text("全部经过 ", "History of ")) + report.number)
            all.text = report.events.map(eventLine)
            items.append(.init(label: t(Text("全部经过", "Whole history")), action: .show(all)))
        }
        items.append(watchItem(report.number))
        return items
    }

    private func eventLine(_ event: ReportView.Event) -> String {
        var text = t(event.text)
        if !event.note.isEmpty {
            if let last = text.last, "。.".contains(last) { text.removeLast() }
            text += (language == .chinese ? "：" : ": ") + event.note
        }
        return time(event.time) + "　" + text
    }

    /// How long is left, said the way people count; a paused clock says why.
    func clockRows(_ clock: ReportView.Clock) -> [ListFrame.Row] {
        var rows: [ListFrame.Row] = []
        let limit = t(Text("办理期限", "Due"))
        if clock.isPaused {
            rows.append(.init(label: limit, value: t(Text("暂停计时", "The clock is paused"))))
            rows.append(.init(label: t(Text("为什么暂停", "Why")), value: clock.pauseReason))
            return rows
        }
        var value = end(clock.due)
        if clock.isProvisional {
            value += t(Text("（节假日还没公布，可能会变）", " (may move: holidays are not published yet)"))
        }
        rows.append(.init(label: limit, value: value))
        let left = Self.workingTime(abs(clock.remainingWorkingMinutes))
        rows.append(
            clock.remainingWorkingMinutes < 0
                ? .init(label: t(Text("已经超期", "Overdue by")), value: t(left))
                : .init(label: t(Text("还剩", "Left")), value: t(left)))
        return rows
    }

    /// Office hours of a day, as the work calendar has them in summer and in winter.
    private static let workingDayMinutes = 7 * 60

    static func workingTime(_ minutes: Int) -> Text {
        let days = minutes / workingDayMinutes
        let hours = minutes % workingDayMinutes / 60
        if days > 0 {
            return Text(
                "\(days) 个工作日" + (hours > 0 ? " \(hours) 小时" : ""),
                "\(days) working day\(days == 1 ? "" : "s")" + (hours > 0 ? " \(hours) h" : ""))
        }
        if hours > 0 { return Text("\(hours) 个工作小时", "\(hours) working hour\(hours == 1 ? "" : "s")") }
        return Text("\(minutes) 分钟", "\(minutes) minutes")
    }

    // MARK: Changes as they come

    mutating func changed(_ change: CaseChange) {
        let report = change.report
        guard report.number == state.watching else { return }
        var line = t(Text("【有变化】", "[Changed] ")) + report.number + "　" + t(report.state)
        if let event = report.events.last { line += "　" + t(event.text) }
        say(line)
        if report.canRate { say(Words.canRateNow) }
        // The screen of this report shows the new state; anything else is left in peace.
        if case .list(let list)? = state.frames.last, list.title == reportList(report).title {
            replaceTop(.list(reportList(report)))
            show()
        }
    }

    // MARK: Rating and reopening

    static func rating(_ value: Int) -> Text {
        let texts = [
            Text("非常满意", "Very satisfied"), Text("满意", "Satisfied"), Text("基本满意", "Fairly satisfied"),
            Text("不满意", "Dissatisfied"), Text("非常不满意", "Very dissatisfied"),
        ]
        return texts.indices.contains(value - 1) ? texts[value - 1] : Text("")
    }

    static func rateForm(_ number: String) -> Form {
        let choices = (1...5).map { Choice(value: String($0), label: rating($0)) }
        let comment = Text("说说原因（可以不填）。", "Why? (You may leave this out.)")
        return Form(
            id: Flow.rate, title: Text("评价 \(number)", "Rate \(number)"),
            questions: [
                Question(
                    id: "rating", prompt: Text("这件事办得怎么样？", "How was it handled?"), kind: .choice(choices),
                    label: Text("评价", "Rating")),
                // 好差评: the reason is needed for the two lowest marks, so that somebody can act on it.
                Question(
                    id: "comment",
                    prompt: Text("哪里不满意？请说一说，我们会整改。", "What was wrong? Please say; it will be put right."),
                    kind: .longText(min: 2, max: 500), label: Text("原因", "Reason"),
                    condition: .init(question: "rating", values: ["4", "5"])),
                Question(
                    id: "praise", prompt: comment, kind: .longText(min: 2, max: 500),
                    label: Text("原因", "Reason"),
                    isOptional: true, condition: .init(question: "rating", values: ["1", "2", "3"])),
            ], act: Text("提交评价", "Submit the rating"), context: ["number": number])
    }

    static func reopenForm(_ number: String) -> Form {
        Form(
            id: Flow.reopen, title: Text("申请重开 \(number)", "Reopen \(number)"),
            questions: [
                Question(
                    id: "reason", prompt: Text("哪里没有解决？", "What is not solved?"),
                    why: Text("会交给另外的人再核查一次。", "Somebody else checks it again."),
                    kind: .longText(min: 2, max: 500),
                    label: Text("原因", "Reason"))
            ], act: Text("申请重开", "Reopen the report"), context: ["number": number])
    }

    mutating func showRated(_ report: ReportView) {
        dropForms()
        say(Words.thanksForRating)
        dropReportScreen(report)
        push(.list(reportList(report)))
    }

    mutating func showReopened(_ report: ReportView) {
        dropForms()
        say(Words.reopened)
        dropReportScreen(report)
        push(.list(reportList(report)))
    }

    /// The old screen of the same report is not gone back to.
    private mutating func dropReportScreen(_ report: ReportView) {
        let title = reportList(report).title
        state.frames.removeAll { frame in
            if case .list(let list) = frame { list.title == title } else { false }
        }
    }
}
