import Kernel

/// Checks what the parts of a definition say about each other.
struct WorkflowCheck {
    let definition: WorkflowDefinition
    let guards: WorkflowGuards
    let document: DataDocument
    /// Lines of `states.x`, `actions.x` and so on.
    let lines: [String: Int]

    func run() {
        checkSizes()
        checkInitial()
        for state in definition.states { check(state) }
        for action in definition.actions { check(action) }
        for projection in definition.projections { check(projection) }
        // What can be reached means nothing while names are wrong.
        guard !document.hasProblems else { return }
        checkReachable()
        checkNoDeadEnd()
        checkPausesResume()
        warnAboutUnused()
    }

    private func problem(_ element: String, zh: String, en: String) {
        document.report(line: lines[element], element: element, zh: zh, en: en)
    }

    private func checkSizes() {
        if definition.states.count > WorkflowDefinition.maximumStates {
            problem(
                "states", zh: "状态超过\(WorkflowDefinition.maximumStates)个，请拆成几个流程。",
                en: "There are more than \(WorkflowDefinition.maximumStates) states. Split the workflow.")
        }
        if definition.actions.count > WorkflowDefinition.maximumActions {
            problem(
                "actions", zh: "操作超过\(WorkflowDefinition.maximumActions)个，请拆成几个流程。",
                en: "There are more than \(WorkflowDefinition.maximumActions) actions. Split the workflow.")
        }
    }

    private func checkInitial() {
        let initial: [String] = definition.states.filter { $0.kind == .initial }.map(\.id)
        if initial.count != 1 {
            problem(
                "states", zh: "起始状态（kind: initial）应当恰好一个，现有\(initial.count)个。",
                en: "Exactly one state has to be initial; \(initial.count) are.")
        }
    }

    private func check(_ state: WorkflowDefinition.State) {
        let element: String = "states.\(state.id)"
        if let owner = state.owner { checkRole(owner, element) }
        guard let onExpiry = state.onExpiry else { return }
        if state.limit == nil {
            problem(element, zh: "有on_expiry就要写limit。", en: "on_expiry needs a limit.")
        }
        guard let action = definition.action(onExpiry) else {
            return problem(
                element, zh: "到期操作“\(onExpiry)”不存在，请改名或在actions里添加。",
                en: "The action '\(onExpiry)' of on_expiry does not exist.")
        }
        if !action.from.contains(state.id) || !action.roles.contains(WorkflowActor.systemRole)
            || action.inputs.contains(where: \.isRequired)
        {
            problem(
                element, zh: "到期操作“\(onExpiry)”须从本状态出发、允许system办理且没有必填项。",
                en:
                    "The action '\(onExpiry)' of on_expiry has to leave this state, be open to system and need no input."
            )
        }
    }

    private func checkRole(_ role: String, _ element: String) {
        if role != WorkflowActor.systemRole && definition.role(role) == nil {
            problem(
                element, zh: "角色“\(role)”没有在roles里定义，请改名或添加。",
                en: "The role '\(role)' is not among the roles. Correct it or add it.")
        }
    }

    private func checkState(_ state: String, _ element: String) {
        if definition.state(state) == nil {
            problem(
                element, zh: "状态“\(state)”没有在states里定义，请改名或添加。",
                en: "The state '\(state)' is not among the states. Correct it or add it.")
        }
    }

    private func check(_ action: WorkflowDefinition.Action) {
        let element: String = "actions.\(action.id)"
        if action.roles.isEmpty {
            problem(element, zh: "没有任何角色可以办理，请写roles。", en: "Nobody may take this action. Give it roles.")
        }
        if action.from.isEmpty {
            problem(element, zh: "没有出发状态，请写from。", en: "The action leaves no state. Give it from.")
        }
        for role in action.roles { checkRole(role, element) }
        for state in action.from + [action.to] { checkState(state, element) }
        if Set(action.from).count != action.from.count {
            problem(element, zh: "from里有重复的状态。", en: "A state is twice in from.")
        }
        for use in action.guards { check(use, action) }
        for effect in action.effects { check(effect, action) }
        for event in action.events where !WorkflowCheck.isEventType(event) {
            problem(
                element, zh: "事件“\(event)”应写作case.resolved的形式。",
                en: "Write the event '\(event)' like case.resolved.")
        }
    }

    private func check(_ use: WorkflowDefinition.GuardUse, _ action: WorkflowDefinition.Action) {
        let element: String = "actions.\(action.id)"
        guard let rule = guards.rule(use.name) else {
            return problem(
                element, zh: "没有“\(use.name)”这个条件，可用：\(guards.names.joined(separator: ", "))。",
                en: "There is no guard '\(use.name)'. Known: \(guards.names.joined(separator: ", ")).")
        }
        for (fact, kind) in rule.facts { checkFact(fact, kind, element) }
        if Set(rule.parameters.keys) != Set(use.parameters.keys) {
            let needed: String = rule.parameters.keys.sorted().joined(separator: ", ")
            return problem(
                element, zh: "条件“\(use.name)”的参数应为：\(needed.isEmpty ? "无" : needed)。",
                en: "The guard '\(use.name)' takes the parameters: \(needed.isEmpty ? "none" : needed).")
        }
        for (name, parameter) in rule.parameters {
            let value: String = use.parameters[name] ?? ""
            switch parameter {
            case .fact(let kind): checkFact(value, kind, element)
            case .event: checkFact("\(value)_at", .instant, element)
            case .input: checkInput(value, action)
            case .text: break
            case .number:
                if !(0...10_000).contains(Int(value) ?? -1) {
                    problem(
                        element, zh: "条件“\(use.name)”的“\(name)”应是0到10000的整数。",
                        en: "'\(name)' of the guard '\(use.name)' has to be a whole number from 0 to 10000.")
                }
            }
        }
    }

    private func check(_ effect: WorkflowDefinition.Effect, _ action: WorkflowDefinition.Action) {
        let element: String = "actions.\(action.id)"
        switch effect.source {
        case .actor, .text: checkFact(effect.fact, .text, element)
        case .now: checkFact(effect.fact, .instant, element)
        case .increment: checkFact(effect.fact, .integer, element)
        case .clear:
            if definition.facts[effect.fact] == nil { checkFact(effect.fact, .text, element) }
        case .input(let name):
            checkInput(name, action)
            if let input = action.inputs.first(where: { $0.id == name }) {
                checkFact(effect.fact, input.kind, element)
            }
        }
    }

    private func checkFact(_ fact: String, _ kind: WorkflowValue.Kind, _ element: String) {
        guard definition.facts[fact] != kind else { return }
        problem(
            element, zh: "需要事实“\(fact)”，请在facts里写“\(fact): \(kind.rawValue)”。",
            en: "The fact '\(fact)' is needed: declare '\(fact): \(kind.rawValue)' under facts.")
    }

    private func checkInput(_ name: String, _ action: WorkflowDefinition.Action) {
        if !action.inputs.contains(where: { $0.id == name }) {
            problem(
                "actions.\(action.id)", zh: "没有“\(name)”这个输入项，请在inputs里添加。",
                en: "There is no input '\(name)'. Add it under inputs.")
        }
    }

    private func check(_ projection: WorkflowDefinition.Projection) {
        let element: String = "projections.\(projection.id)"
        let placed: [String] = projection.stages.flatMap(\.states)
        for state in placed { checkState(state, element) }
        for state in definition.states {
            let count: Int = placed.count { $0 == state.id }
            if count != 1 {
                problem(
                    element, zh: "状态“\(state.id)”应恰好归入一个阶段，现归入\(count)个。",
                    en: "The state '\(state.id)' has to be in exactly one stage; it is in \(count).")
            }
        }
        for stage in projection.stages {
            for action in stage.passedBy where definition.action(action) == nil {
                problem(
                    element, zh: "阶段“\(stage.id)”的操作“\(action)”不存在。",
                    en: "The action '\(action)' of the stage '\(stage.id)' does not exist.")
            }
            if stage.states.isEmpty && stage.passedBy.isEmpty {
                problem(
                    element, zh: "阶段“\(stage.id)”没有状态也没有操作。",
                    en: "The stage '\(stage.id)' has neither states nor actions.")
            }
        }
    }

    /// `case.resolved`: ids joined by dots.
    private static func isEventType(_ text: String) -> Bool {
        let parts: [Substring] = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count >= 2 && parts.allSatisfy { DataNode.isIdentifier(String($0)) }
    }
}

/// What the graph of states has to be like.
extension WorkflowCheck {
    private func checkReachable() {
        let reached: Set<String> = closure(from: [definition.initialState.id]) { state in
            definition.actions.filter { $0.from.contains(state) }.map(\.to)
        }
        for state in definition.states where !reached.contains(state.id) {
            problem(
                "states.\(state.id)", zh: "从起始状态走不到这里，请添加通向它的操作或删除它。",
                en:
                    "It cannot be reached from the initial state. Add an action that leads here, or remove it."
            )
        }
    }

    private func checkNoDeadEnd() {
        let terminal: [String] = definition.states.filter { $0.kind == .terminal }.map(\.id)
        let ending: Set<String> = closure(from: terminal) { state in
            definition.actions.filter { $0.to == state }.flatMap(\.from)
        }
        for state in definition.states where !ending.contains(state.id) {
            problem(
                "states.\(state.id)", zh: "从这里走不到任何终结状态，请添加出口。",
                en: "No terminal state can be reached from here. Add a way out.")
        }
    }

    private func checkPausesResume() {
        let kinds: [String: WorkflowDefinition.State.Kind] = Dictionary(
            definition.states.map { ($0.id, $0.kind) }, uniquingKeysWith: { first, _ in first })
        for state in definition.states where state.kind == .paused {
            let resumes: Bool = definition.actions.contains {
                $0.from.contains(state.id) && kinds[$0.to] == .active
            }
            if !resumes {
                problem(
                    "states.\(state.id)", zh: "停表的状态要有恢复办理的操作，请添加。",
                    en:
                        "The clock stands still here and no action resumes it. Add one that leads to an active state."
                )
            }
        }
    }

    private func warnAboutUnused() {
        let used: Set<String> = Set(definition.actions.flatMap(\.roles)).union(
            definition.states.compactMap(\.owner))
        for role in definition.roles where !used.contains(role.id) {
            document.warn(
                line: lines["roles.\(role.id)"], element: "roles.\(role.id)", zh: "没有任何操作用到这个角色。",
                en: "No action uses this role.")
        }
    }

    private func closure(from start: [String], next: (String) -> [String]) -> Set<String> {
        var reached: Set<String> = Set(start)
        var open: [String] = start
        while let state = open.popLast() {
            for other in next(state) where reached.insert(other).inserted { open.append(other) }
        }
        return reached
    }
}
