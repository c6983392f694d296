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
                kind: .text(min: 1, max: 40), label: Text("要办的事", "Service"))
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
        list.items = [
            .init(label: t(Text("换个说法再找", "Other words")), action: .form(Self.guideForm)),
            .init(label: t(Words.toHuman), action: .human),
            .init(label: t(Words.toHome), action: .home),
        ]
        push(.list(list))
    }

    mutating func showService(_ service: ServiceView) {
        var list = ListFrame(title: service.displayName)
        list.rows = [.init(label: t(Text("办理部门", "Department")), value: service.department)]
        let ask = service.phone.isEmpty ? service.department : "\(service.department)（\(service.phone)）"
        let unknown = t(Text("时限未公布，请询问\(ask)", "Not published; please ask \(ask)"))
        list.rows.append(
            .init(label: t(Text("办理时限", "Time limit")), value: service.limit.map { t($0) } ?? unknown))
        if service.visits >= 0 {
            let value =
                service.visits == 0
                ? t(Text("不用跑，网上就能办", "None: on line")) : t(Text("\(service.visits) 次", "\(service.visits)"))
            list.rows.append(.init(label: t(Text("要跑几次", "Visits")), value: value))
        }
        if !service.fee.isEmpty { list.rows.append(.init(label: t(Text("收费", "Fee")), value: service.fee)) }
        if !service.place.isEmpty {
            list.rows.append(.init(label: t(Text("在哪里办", "Where")), value: service.place))
        }
        if !service.phone.isEmpty {
            list.rows.append(.init(label: t(Text("咨询电话", "Phone")), value: service.phone))
        }
        for (index, material) in service.materials.enumerated() {
            let need = material.isRequired ? "" : t(Text("（需要时带）", " (if needed)"))
            let source = material.source.isEmpty ? "" : t(Text("，\(material.source)", ", \(material.source)"))
            let label = index == 0 ? t(Text("要带什么", "What to bring")) : ""
            list.rows.append(.init(label: label, value: "\(index + 1). \(material.label)\(need)\(source)"))
        }
        for (index, step) in service.steps.enumerated() {
            list.rows.append(
                .init(label: index == 0 ? t(Text("怎么办", "Steps")) : "", value: "\(index + 1). \(t(step))"))
        }
        if service.materials.isEmpty, service.steps.isEmpty {
            list.text = [
                t(
                    Text(
                        "材料和步骤还没有公布，去之前请先打电话问清楚。",
                        "Materials and steps are not published: please call before you go."))
            ]
        }
        list.items = [
            .init(label: t(Text("再查一项", "Another service")), action: .form(Self.guideForm)),
            .init(label: t(Words.toHome), action: .home),
        ]
        push(.list(list))
    }
}
