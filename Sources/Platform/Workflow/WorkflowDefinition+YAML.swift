import Kernel

extension WorkflowDefinition {
    package static let maximumStates: Int = 64
    package static let maximumActions: Int = 256

    /// Reads and checks a definition, in the form of ops/data/workflows/case.yaml.
    ///
    /// - Parameter guards: the guards that it may name.
    /// - Throws: `DataFileError` with every problem: names that do not exist, states that cannot be reached or left,
    ///   actions that nobody may take, paused states without a way back, projections that forget a state.
    package init(yaml: String, guards: WorkflowGuards = .standard) throws(DataFileError) {
        let (document, root): (DataDocument, DataNode) = try DataDocument.open(yaml)
        let fields: DataFields = root.fields(
            required: ["id", "version", "title", "roles", "states", "actions"],
            optional: ["facts", "projections"])
        var lines: [String: Int] = [:]
        func named<T>(_ key: String, _ read: (String, DataNode) -> T) -> [T] {
            lines[key] = fields[key]?.line
            return (fields[key]?.entries() ?? []).map { name, node in
                if !DataNode.isIdentifier(name) || name.utf8.count > 64 {
                    node.report(
                        zh: "“\(name)”不能作编号：只用小写字母、数字和下划线，以字母开头，最多64个。",
                        en:
                            "'\(name)' is no id: use at most 64 of a-z, 0-9 and underscore, beginning with a letter."
                    )
                }
                lines["\(key).\(name)"] = node.line
                return read(name, node)
            }
        }
        let facts: [(String, WorkflowValue.Kind)] = named("facts") { ($0, WorkflowReader.kind($1)) }
        let states: [State] = named("states", WorkflowReader.state)
        let actions: [Action] = named("actions") { WorkflowReader.action($0, $1, guards: guards) }
        let parsed = WorkflowDefinition(
            id: fields["id"]?.identifier() ?? "", version: fields["version"]?.integer(in: 1...1_000_000) ?? 1,
            title: fields["title"]?.bilingual() ?? BilingualText(zh: "", en: ""),
            roles: named("roles", WorkflowReader.role), facts: Dictionary(facts) { first, _ in first },
            states: states, actions: actions, projections: named("projections", WorkflowReader.projection),
            warnings: [])
        WorkflowCheck(definition: parsed, guards: guards, document: document, lines: lines).run()
        let warnings: [DataProblem] = try document.finish()
        self.init(
            id: parsed.id, version: parsed.version, title: parsed.title, roles: parsed.roles,
            facts: parsed.facts,
            states: parsed.states, actions: parsed.actions, projections: parsed.projections,
            warnings: warnings)
    }
}

/// Reads the parts of a definition; what they say about each other is `WorkflowCheck`'s part.
private enum WorkflowReader {
    static func role(_ id: String, _ node: DataNode) -> WorkflowDefinition.Role {
        WorkflowDefinition.Role(id: id, title: node.fields(required: ["zh", "en"]).bilingual())
    }

    static func kind(_ node: DataNode) -> WorkflowValue.Kind {
        let text: String = node.text(maximum: 20)
        guard let kind = WorkflowValue.Kind(rawValue: text) else {
            let kinds: String = WorkflowValue.Kind.allCases.map(\.rawValue).joined(separator: ", ")
            node.report(zh: "不认识的类型“\(text)”，可用：\(kinds)。", en: "Unknown kind '\(text)'. Known: \(kinds).")
            return .text
        }
        return kind
    }

    static func state(_ id: String, _ node: DataNode) -> WorkflowDefinition.State {
        let fields: DataFields = node.fields(
            required: ["kind", "zh", "en"], optional: ["owner", "limit", "on_expiry"])
        let word: String = fields["kind"]?.text(maximum: 20) ?? ""
        let kind: WorkflowDefinition.State.Kind? = .init(rawValue: word)
        if kind == nil {
            let kinds: String = WorkflowDefinition.State.Kind.allCases.map(\.rawValue).joined(separator: ", ")
            (fields["kind"] ?? node).report(
                zh: "不认识的状态类别“\(word)”，可用：\(kinds)。", en: "Unknown kind of state '\(word)'. Known: \(kinds).")
        }
        return WorkflowDefinition.State(
            id: id, title: fields.bilingual(), kind: kind ?? .active, owner: fields["owner"]?.identifier(),
            limit: fields["limit"]?.timeLimit(), onExpiry: fields["on_expiry"]?.identifier())
    }

    static func action(_ id: String, _ node: DataNode, guards: WorkflowGuards) -> WorkflowDefinition.Action {
        let fields: DataFields = node.fields(
            required: ["zh", "en", "from", "to", "roles"],
            optional: ["verb", "record", "inputs", "guards", "records", "events"])
        let title: BilingualText = fields.bilingual()
        return WorkflowDefinition.Action(
            id: id, verb: fields["verb"]?.identifier() ?? id, title: title,
            record: fields["record"]?.bilingual() ?? title, from: fields.texts("from", maximum: 64),
            to: fields["to"]?.text(maximum: 64) ?? "", roles: fields.texts("roles", maximum: 64),
            inputs: (fields["inputs"]?.entries() ?? []).map(input),
            guards: (fields["guards"]?.list() ?? []).compactMap { guardUse($0, guards) },
            effects: (fields["records"]?.entries() ?? []).compactMap(effect),
            events: fields.texts("events", maximum: 64))
    }

    private static func input(_ id: String, _ node: DataNode) -> WorkflowDefinition.Input {
        let fields: DataFields = node.fields(
            required: ["zh", "en", "kind"], optional: ["required", "min", "max", "at_most"])
        let kind: WorkflowValue.Kind = fields["kind"].map(WorkflowReader.kind) ?? .text
        let standard: ClosedRange<Int> =
            switch kind {
            case .text: 1...200
            case .list: 1...9
            case .integer: 0...1_000_000
            case .flag, .instant, .limit: 0...0
            }
        let minimum: Int = fields["min"]?.integer(in: 0...1_000_000) ?? standard.lowerBound
        let maximum: Int = fields["max"]?.integer(in: 0...1_000_000) ?? standard.upperBound
        if minimum > maximum { node.report(zh: "min不能大于max。", en: "min is above max.") }
        return WorkflowDefinition.Input(
            id: id, title: fields.bilingual(), kind: kind, isRequired: fields["required"]?.flag() ?? false,
            minimum: minimum, maximum: maximum, highestLimit: fields["at_most"]?.timeLimit())
    }

    /// `name`, `name: value` for its one parameter, or `name: {parameter: value, …}`.
    private static func guardUse(_ node: DataNode, _ guards: WorkflowGuards) -> WorkflowDefinition.GuardUse? {
        guard node.isMapping else {
            return WorkflowDefinition.GuardUse(name: node.text(maximum: 64), parameters: [:])
        }
        guard let (name, value) = node.entries().first, node.entries().count == 1 else {
            node.report(zh: "每个条件单独写一项。", en: "Write each guard as an element of its own.")
            return nil
        }
        if value.isMapping {
            let parameters: [(String, String)] = value.entries().map { ($0.key, $0.value.text()) }
            return WorkflowDefinition.GuardUse(
                name: name, parameters: Dictionary(parameters) { first, _ in first })
        }
        let shorthand: String = guards.rule(name)?.shorthand ?? "value"
        return WorkflowDefinition.GuardUse(name: name, parameters: [shorthand: value.text()])
    }

    /// `fact: actor|now|increment|clear`, `fact: {input: name}` or `fact: {text: words}`.
    private static func effect(_ fact: String, _ node: DataNode) -> WorkflowDefinition.Effect? {
        if node.isMapping {
            guard let (key, value) = node.entries().first, key == "input" || key == "text" else {
                node.report(zh: "应写作{input: 名称}或{text: 文字}。", en: "Write {input: name} or {text: words}.")
                return nil
            }
            let text: String = value.text()
            return WorkflowDefinition.Effect(fact: fact, source: key == "input" ? .input(text) : .text(text))
        }
        switch node.text(maximum: 20) {
        case "actor": return WorkflowDefinition.Effect(fact: fact, source: .actor)
        case "now": return WorkflowDefinition.Effect(fact: fact, source: .now)
        case "increment": return WorkflowDefinition.Effect(fact: fact, source: .increment)
        case "clear": return WorkflowDefinition.Effect(fact: fact, source: .clear)
        default:
            node.report(
                zh: "可写：actor、now、increment、clear、{input: 名称}、{text: 文字}。",
                en: "Write actor, now, increment, clear, {input: name} or {text: words}.")
            return nil
        }
    }

    static func projection(_ id: String, _ node: DataNode) -> WorkflowDefinition.Projection {
        let fields: DataFields = node.fields(required: ["zh", "en", "stages"])
        let stages: [WorkflowDefinition.Stage] = (fields["stages"]?.entries() ?? []).map { id, node in
            let fields: DataFields = node.fields(required: ["zh", "en"], optional: ["states", "passed_by"])
            return WorkflowDefinition.Stage(
                id: id, title: fields.bilingual(), states: fields.texts("states", maximum: 64),
                passedBy: fields.texts("passed_by", maximum: 64))
        }
        return WorkflowDefinition.Projection(id: id, title: fields.bilingual(), stages: stages)
    }
}
