internal import Kernel

// Queries 查询: what they ask for, and their answers with source, time and receipt.

extension Turn {
    mutating func showQuery(_ query: QueryView) {
        guard query.isConnected else { return showNotConnected(query) }
        if let person = state.person, person.identityLevel < query.identityLevel {
            return verifyFirst(
                then: .callSignedIn(.oneStop(.query(item: query.item))), level: query.identityLevel)
        }
        // A kiosk asks for whoever stands before it. Elsewhere only people who are known look up, and sign in before the
        // questions instead of after them.
        let isForEverybody = !query.isPersonal && query.identityLevel == 0 && definition.surface == .kiosk
        if state.person == nil, !isForEverybody {
            return callSignedIn(.oneStop(.query(item: query.item)))
        }
        guard query.isPersonal, !query.mandates.isEmpty else { return begin(query, mandate: nil) }
        var list = ListFrame(title: query.title)
        list.text = [t(Text("查谁的？", "Whose?"))]
        list.items = [.init(label: t(Text("查我自己的", "My own")), action: .startQuery(query, nil))]
        list.items += query.mandates.map { mandate in
            .init(
                label: t(Text("替\(mandate.principal)查", "For \(mandate.principal)")),
                action: .startQuery(query, mandate))
        }
        push(.list(list))
    }

    mutating func begin(_ query: QueryView, mandate: MandateView?) {
        guard !query.parameters.isEmpty else {
            return call(
                .oneStop(
                    .runQuery(
                        item: query.item, parameters: [], mandate: mandate?.name ?? "",
                        requestID: moment.freshID)))
        }
        var form = Form(
            id: Flow.query, title: Text(query.title, query.title),
            intro: Text("来源：\(query.source.zh)", "Source: \(query.source.en)"),
            questions: query.parameters, act: Text("查询", "Look up"), hasSummary: false,
            context: ["item": query.item, "mandate": mandate?.name ?? ""])
        form.forWhom = mandate?.principal ?? ""
        begin(form)
    }

    private mutating func showNotConnected(_ query: QueryView) {
        var list = ListFrame(title: query.title)
        let unknown = Text(
            "这一项还没有接上部门的数据，这里查不到。",
            "The department's data is not connected yet: it cannot be looked up here.")
        list.text = [t(query.source.isEmpty ? unknown : query.source)]
        list.rows = [.init(label: t(Text("问谁", "Ask")), value: query.department)]
        list.items = [
            .init(label: t(Text("再查一项", "Another one")), action: .start(flow: Flow.guide, words: "")),
            .init(label: t(Words.toHuman), action: .human),
        ]
        push(.list(list))
    }

    mutating func showQueryAnswer(_ answer: QueryAnswerView) {
        if run?.form.id == Flow.query { pop() }
        let forWhom = Text("（替\(answer.subject)查）", " (for \(answer.subject))")
        var list = ListFrame(title: answer.isByMandate ? answer.title + t(forWhom) : answer.title)
        if !answer.rows.isEmpty {
            list.table = Message.Table(columns: answer.columns.map { t($0) }, rows: answer.rows)
        } else if answer.notice.isEmpty {
            list.text = [t(Text("没有查到记录。", "Nothing was found."))]
        }
        if answer.isTruncated {
            list.text.append(
                t(Text("只显示了一部分，请把条件写具体一点再查。", "There is more than is shown: please narrow the question.")))
        }
        if !answer.notice.isEmpty { list.text.append(t(answer.notice)) }
        list.rows = [.init(label: t(Text("来源", "Source")), value: answer.source)]
        if let asOf = answer.asOf {
            list.rows.append(.init(label: t(Text("数据截至", "As of")), value: time(asOf)))
        }
        if !answer.receipt.isEmpty {
            list.rows.append(.init(label: t(Text("回执编号", "Receipt")), value: answer.receipt))
        }
        if definition.surface == .kiosk, !answer.receipt.isEmpty {
            let lines = list.rows.map { "\($0.label)：\($0.value)" }
            list.items.append(
                .init(
                    label: t(Text("打印回执", "Print the receipt")),
                    action: .print(Printout(title: answer.title, lines: lines, code: answer.receipt))))
        }
        list.items.append(
            .init(
                label: t(Text("再查一项", "Another one")), action: .start(flow: Flow.guide, words: "")))
        if !answer.subject.isEmpty, !answer.isByMandate {
            list.items.append(
                .init(
                    label: t(Text("委托别人替我查", "Let somebody look it up for me")), keywords: ["委托", "mandate"],
                    action: .formSignedIn(Self.mandateForm(item: answer.item, itemText: answer.title))))
        }
        list.items.append(.init(label: t(Words.toHome), action: .home))
        push(.list(list))
    }

    /// Whoever looked, officially or by mandate; looks of one's own are none.
    mutating func showDataAccesses(_ accesses: [DataAccessView]) {
        var list = ListFrame(title: t(Text("谁看过我的信息", "Who looked at my data")))
        if accesses.isEmpty {
            list.text = [t(Text("没有人看过您的身份信息。", "Nobody looked at your identity."))]
        } else {
            list.text = [t(Text("凭委托或因公看过您身份信息的人，最近的在前。", "Who looked by mandate or on duty, latest first."))]
            list.table = Message.Table(
                columns: [t(Text("时间", "Time")), t(Text("谁", "Who")), t(Text("为什么", "Why"))],
                rows: accesses.map { [$0.time.map { time($0) } ?? "", $0.viewer, $0.purpose] })
        }
        list.items = [.init(label: t(Words.toHome), action: .home)]
        push(.list(list))
    }
}
