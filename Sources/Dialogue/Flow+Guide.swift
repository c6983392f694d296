internal import Kernel

// Government services: found by words, shown as a guide.

extension Turn {
    static let guideForm = Form(
        id: Flow.guide, title: Text("查政务服务", "Government services"),
        questions: [
            Question(
                id: "words",
                prompt: Text(
                    "要办什么事？用平常的话说就行，比如：租房提取公积金。",
                    "What do you need? In plain words, such as: housing fund for rent."),
                kind: .text(min: 2, max: 200), label: Text("要办的事", "Service"))
        ], act: Text("查找", "Search"), hasSummary: false)

    mutating func showServices(_ services: [ServiceView], words: String) {
        if run?.form.id == Flow.guide { pop() }
        if services.count == 1 { return call(.service(name: services[0].name)) }
        // A service that is called exactly what was typed is the one that was meant.
        let named = services.filter { Answer.token(of: $0.displayName) == Answer.token(of: words) }
        if named.count == 1 { return call(.service(name: named[0].name)) }
        guard !services.isEmpty else { return showNoService(words) }
        var list = ListFrame(title: t(Text("找到 \(services.count) 项", "\(services.count) services found")))
        list.items = services.map { service in
            let kind = service.isQuery ? t(Text("[查询]", "[query]")) : t(Text("[办事]", "[service]"))
            return .init(
                label: "\(kind) \(service.displayName)　\(service.department)",
                action: .call(.service(name: service.name)))
        }
        list.items.append(.init(label: t(Text("都不是，换个说法", "None of these")), action: .form(Self.guideForm)))
        push(.list(list))
    }

    private mutating func showNoService(_ words: String) {
        var list = askedList(Text("没有找到“\(words)”", "Nothing was found for “\(words)”"))
        // Whoever typed the name of something else, such as 登录, is led there.
        let elsewhere = definition.menus.guesses(for: Answer(words))
            .filter { $0.isName && definition.offers($0.entry) }
        list.items = elsewhere.prefix(Limit.guesses).map { guess in
            .init(
                label: t(Text("去“%@”", "Go to “%@”")).filled(t(guess.entry.label)),
                action: action(for: guess.entry, words: ""))
        }
        list.items += [
            .init(label: t(Text("换个说法再找", "Other words")), action: .form(Self.guideForm)),
            .init(label: t(Words.reportThis).filled(words), action: .start(flow: Flow.report, words: words)),
            .init(label: t(Words.toHuman), action: .human),
            .init(label: t(Words.toHome), action: .home),
        ]
        push(.list(list))
    }

    mutating func showService(_ service: ServiceView) {
        // A query has no guide: what it asks for comes at once.
        if service.isQuery {
            // Who is asked to sign in first knows what for.
            if state.person == nil { say("→ " + service.displayName) }
            return call(.oneStop(.query(item: service.name)))
        }
        var list = ListFrame(title: service.displayName)
        list.rows = guideRows(service) + materialRows(service)
        if service.materials.isEmpty, service.steps.isEmpty {
            list.text = [
                t(
                    Text(
                        "材料和步骤还没有公布，去之前请先打电话问清楚。",
                        "Materials and steps are not published: please call before you go."))
            ]
        }
        list.items = guideItems(service)
        push(.list(list))
    }

    private func guideItems(_ service: ServiceView) -> [ListFrame.Item] {
        var items: [ListFrame.Item] = []
        if service.acceptsApplications {
            items += [
                .init(
                    label: t(Text("我要办", "Apply")), keywords: ["办", "办理", "申请", "apply"],
                    action: .callSignedIn(.oneStop(.apply(item: service.name)))),
                .init(
                    label: t(Text("委托别人替我办", "Let somebody act for me")), keywords: ["委托", "代办", "mandate"],
                    action: .formSignedIn(
                        Self.mandateForm(item: service.name, itemText: service.displayName))),
                .init(
                    label: t(Text("预约去窗口办", "Book a time at the counter")), keywords: ["预约", "book"],
                    action: .callSignedIn(
                        .oneStop(
                            .halls(.appointment(item: service.name, itemText: service.displayName))))),
            ]
        }
        items += [
            .init(label: t(Text("再查一项", "Another service")), action: .form(Self.guideForm)),
            .init(label: t(Words.toHome), action: .home),
        ]
        return items
    }

    private func guideRows(_ service: ServiceView) -> [ListFrame.Row] {
        var rows: [ListFrame.Row] = [.init(label: t(Text("办理部门", "Department")), value: service.department)]
        let ask = service.phone.isEmpty ? service.department : "\(service.department)（\(service.phone)）"
        let unknown = t(Text("没有公布，请询问\(ask)", "not published; please ask \(ask)"))
        let promised = service.isImmediate ? Text("当场办好", "on the spot") : service.promisedLimit
        if promised == nil, service.statutoryLimit == nil {
            rows.append(.init(label: t(Text("办理时限", "Time limit")), value: unknown))
        } else {
            // 法定 and 承诺 stand side by side, so that one sees what was promised.
            rows += [
                .init(
                    label: t(Text("承诺时限", "Promised")), value: promised.map { t($0) } ?? unknown),
                .init(
                    label: t(Text("法定时限", "By law")),
                    value: service.statutoryLimit.map { t($0) } ?? unknown),
            ]
        }
        for (index, procedure) in service.procedures.enumerated() {
            let limit = procedure.limit.map { t(Text("，最长\($0.zh)", ", at most \($0[.english])")) } ?? ""
            rows.append(
                .init(
                    label: index == 0 ? t(Text("不算时间的", "Not counted")) : "",
                    value: t(procedure.label) + limit))
        }
        if service.visits >= 0 {
            let value =
                service.visits == 0
                ? t(Text("不用跑，网上就能办", "None: on line")) : t(Text("\(service.visits) 次", "\(service.visits)"))
            rows.append(.init(label: t(Text("要跑几次", "Visits")), value: value))
        }
        rows += guideFeeRows(service)
        let texts: [(Text, String)] = [
            (Text("办好得到", "You get"), service.result), (Text("在哪里办", "Where"), service.place),
            (Text("咨询电话", "Phone"), service.phone), (Text("依据", "By"), service.legalBasis),
        ]
        rows += texts.filter { !$0.1.isEmpty }.map { .init(label: t($0.0), value: $0.1) }
        return rows
    }

    private func guideFeeRows(_ service: ServiceView) -> [ListFrame.Row] {
        let label = t(Text("收费", "Fee"))
        guard !service.fees.isEmpty else {
            return service.fee.isEmpty ? [] : [.init(label: label, value: service.fee)]
        }
        return service.fees.enumerated().map { index, fee in
            var value = fee.label
            if fee.amountFen > 0 { value += "　\(Fen(fee.amountFen).description)" }
            if !fee.note.isEmpty { value += "（\(fee.note)）" }
            return .init(label: index == 0 ? label : "", value: value)
        }
    }

    private func materialRows(_ service: ServiceView) -> [ListFrame.Row] {
        var rows: [ListFrame.Row] = []
        for (index, condition) in service.conditions.enumerated() {
            rows.append(
                .init(
                    label: index == 0 ? t(Text("谁能办", "Who may")) : "", value: "\(index + 1). \(t(condition))"
                ))
        }
        for (index, material) in service.materials.enumerated() {
            let label = index == 0 ? t(Text("要带什么", "What to bring")) : ""
            let need = material.isRequired ? "" : t(Text("（需要时带）", " (if needed)"))
            var value = "\(index + 1). \(material.label)\(need)"
            if !material.form.isEmpty { value += "　\(material.form)" }
            if material.copies > 0 { value += t(Text(" \(material.copies) 份", " × \(material.copies)")) }
            if !material.source.isEmpty {
                value += t(Text("，\(material.source)", ", \(material.source)"))
            }
            rows.append(.init(label: label, value: value))
        }
        for (index, step) in service.steps.enumerated() {
            rows.append(
                .init(label: index == 0 ? t(Text("怎么办", "Steps")) : "", value: "\(index + 1). \(t(step))"))
        }
        return rows
    }
}
