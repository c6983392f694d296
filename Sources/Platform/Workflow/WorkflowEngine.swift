package import Kernel

/// An instance as it is stored: where it is, and what is known about it.
package struct WorkflowInstance: Sendable, Hashable {
    /// The definition that it began with and stays with.
    package var definitionID: String
    package var definitionVersion: Int
    package var state: String
    /// Version of the row, counted up by each transition.
    package var version: Int64
    /// Stored facts, never values of a request.
    package var facts: [String: WorkflowValue]

    package init(
        definitionID: String, definitionVersion: Int, state: String, version: Int64 = 1,
        facts: [String: WorkflowValue] = [:]
    ) {
        self.definitionID = definitionID
        self.definitionVersion = definitionVersion
        self.state = state
        self.version = version
        self.facts = facts
    }

    /// A new instance of `definition` in its initial state.
    package init(beginning definition: WorkflowDefinition, facts: [String: WorkflowValue] = [:]) {
        self.init(
            definitionID: definition.id, definitionVersion: definition.version,
            state: definition.initialState.id,
            facts: facts)
    }
}

/// Whoever acts, as the session knows them.
package struct WorkflowActor: Sendable, Hashable {
    /// Resource name, such as `staff/…`, or `system`.
    package var id: String
    package var roles: Set<String>
    /// Paths that the actor's grants reach, such as `/140500000000/140502000000/`. Empty reaches nothing.
    package var scopes: [String]
    /// Codes of bodies that the actor acts for.
    package var bodies: Set<String>

    package init(id: String, roles: Set<String>, scopes: [String] = [], bodies: Set<String> = []) {
        self.id = id
        self.roles = roles
        self.scopes = scopes
        self.bodies = bodies
    }

    /// The role of the clock: it takes the actions that follow from time alone.
    package static let systemRole: String = "system"
    package static let system: WorkflowActor = WorkflowActor(id: "system", roles: [systemRole], scopes: ["/"])
}

/// What an action does. The caller stores the new state and facts under `WHERE version = previousVersion`, writes the
/// history and publishes the events, all in one transaction.
package struct WorkflowTransition: Sendable, Hashable {
    /// What happens to the clock of the whole instance.
    package enum Clock: Sendable, Hashable {
        case unchanged, started, paused, resumed, stopped
    }
    package let action: WorkflowDefinition.Action
    package let from: WorkflowDefinition.State
    package let to: WorkflowDefinition.State
    package let time: Instant
    package let previousVersion: Int64
    /// The instance afterwards.
    package let instance: WorkflowInstance
    package let clock: Clock
    /// Types of the events to publish.
    package var events: [String] { action.events }
}

/// Decides what an action does to an instance. Pure: no clock, no store, nothing but its arguments.
package struct WorkflowEngine: Sendable {
    let guards: WorkflowGuards

    package init(guards: WorkflowGuards = .standard) { self.guards = guards }

    /// Takes `actionID`, or refuses it with the first rule that it breaks.
    ///
    /// Rights come before everything else, so that a stranger learns nothing from the other refusals (AIP-211). Guards
    /// read the stored facts of `instance`; the inputs of the request count only as what they are.
    ///
    /// - Parameters:
    ///   - expectedVersion: the version that the caller saw; nil to act on the newest.
    ///   - calendar: needed by guards that count working days; they refuse without it.
    /// - Throws: a refusal: WORKFLOW_VERSION_MISMATCH, ACTION_UNKNOWN, ROLE_MISSING, CHANGED_MEANWHILE,
    ///   ACTION_NOT_POSSIBLE_NOW, INPUT_…, or the guard's own.
    package func decide(
        _ definition: WorkflowDefinition, _ instance: WorkflowInstance, action actionID: String,
        actor: WorkflowActor,
        inputs: [String: WorkflowValue] = [:], now: Instant, expectedVersion: Int64? = nil,
        calendar: WorkCalendar? = nil
    ) throws(Refusal) -> WorkflowTransition {
        let from: WorkflowDefinition.State = try pinned(definition, instance)
        guard let action = definition.action(actionID), let to = definition.state(action.to) else {
            throw .invalid(
                field: "action", reason: "ACTION_UNKNOWN", zh: "没有“\(actionID)”这项操作。",
                en: "There is no action '\(actionID)'.", metadata: ["action": actionID])
        }
        try checkRole(definition, action, actor)
        if let expectedVersion, expectedVersion != instance.version { throw .conflict() }
        guard action.from.contains(from.id) else {
            throw notPossibleNow(definition, instance, action, from, actor, now, calendar)
        }
        try checkInputs(action, inputs)
        let context = WorkflowGuards.Context(
            facts: instance.facts, actor: actor, inputs: inputs, now: now, calendar: calendar)
        for use in action.guards {
            try guards.check(use, context)
        }
        var after: WorkflowInstance = instance
        after.state = to.id
        after.version += 1
        for effect in action.effects {
            apply(effect, to: &after.facts, actor: actor, inputs: inputs, now: now)
        }
        return WorkflowTransition(
            action: action, from: from, to: to, time: now, previousVersion: instance.version, instance: after,
            clock: WorkflowEngine.clock(from: from.kind, to: to.kind))
    }

    /// The actions that `actor` may take now, in the order of the file: for the buttons of a screen.
    ///
    /// Guards that depend on inputs are asked with none; an action whose guard needs one is still offered.
    package func availableActions(
        _ definition: WorkflowDefinition, _ instance: WorkflowInstance, actor: WorkflowActor, now: Instant,
        calendar: WorkCalendar? = nil
    ) -> [WorkflowDefinition.Action] {
        guard definition.id == instance.definitionID, definition.version == instance.definitionVersion else {
            return []
        }
        let context = WorkflowGuards.Context(
            facts: instance.facts, actor: actor, inputs: nil, now: now, calendar: calendar)
        return definition.actions.filter { action in
            action.from.contains(instance.state) && !actor.roles.isDisjoint(with: action.roles)
                && action.guards.allSatisfy { guards.refusal(of: $0, context) == nil }
        }
    }

    private func pinned(
        _ definition: WorkflowDefinition, _ instance: WorkflowInstance
    ) throws(Refusal) -> WorkflowDefinition.State {
        guard definition.id == instance.definitionID, definition.version == instance.definitionVersion,
            let state = definition.state(instance.state)
        else {
            throw Refusal(
                kind: .internalError, reason: "WORKFLOW_VERSION_MISMATCH", zh: "流程版本不一致，请联系管理员。",
                en: "The instance belongs to another version of the workflow. Tell your administrator.",
                metadata: [
                    "workflow": definition.id, "version": String(definition.version),
                    "pinnedWorkflow": instance.definitionID,
                    "pinnedVersion": String(instance.definitionVersion),
                    "state": instance.state,
                ])
        }
        return state
    }

    private func checkRole(
        _ definition: WorkflowDefinition, _ action: WorkflowDefinition.Action, _ actor: WorkflowActor
    ) throws(Refusal) {
        guard actor.roles.isDisjoint(with: action.roles) else { return }
        let roles: [WorkflowDefinition.Role] = action.roles.compactMap(definition.role)
        throw .permissionDenied(
            reason: "ROLE_MISSING",
            zh: "“\(action.title.zh)”由\(roles.map(\.title.zh).joined(separator: "、"))办理，您没有此权限。",
            en:
                "'\(action.title.en)' is for: \(roles.map(\.title.en).joined(separator: ", ")). You are none of them.",
            metadata: ["action": action.id, "roles": action.roles.joined(separator: ",")])
    }

    private func notPossibleNow(
        _ definition: WorkflowDefinition, _ instance: WorkflowInstance, _ action: WorkflowDefinition.Action,
        _ state: WorkflowDefinition.State, _ actor: WorkflowActor, _ now: Instant, _ calendar: WorkCalendar?
    ) -> Refusal {
        let possible: [WorkflowDefinition.Action] = availableActions(
            definition, instance, actor: actor, now: now, calendar: calendar)
        let zhNext: String =
            possible.isEmpty ? "您现在没有可办的操作。" : "现在可以：\(possible.map(\.title.zh).joined(separator: "、"))。"
        let enNext: String =
            possible.isEmpty
            ? "There is nothing for you to do now."
            : "Possible now: \(possible.map(\.title.en).joined(separator: ", "))."
        return .wrongState(
            reason: "ACTION_NOT_POSSIBLE_NOW",
            zh: "当前是“\(state.title.zh)”，不能“\(action.title.zh)”。\(zhNext)",
            en: "The state is '\(state.title.en)': '\(action.title.en)' is not possible. \(enNext)",
            metadata: [
                "state": state.id, "action": action.id, "possible": possible.map(\.id).joined(separator: ","),
            ])
    }

    private func checkInputs(
        _ action: WorkflowDefinition.Action, _ inputs: [String: WorkflowValue]
    ) throws(Refusal) {
        var violations: [FieldViolation] = []
        for input in action.inputs {
            if let value = inputs[input.id], !value.isEmpty {
                if let violation = input.violation(of: value) { violations.append(violation) }
            } else if input.isRequired {
                violations.append(
                    FieldViolation(
                        field: input.id, reason: "INPUT_MISSING", zh: "请填写\(input.title.zh)。",
                        en: "Give the \(input.title.en)."))
            }
        }
        for name in inputs.keys.sorted() where !action.inputs.contains(where: { $0.id == name }) {
            violations.append(
                FieldViolation(
                    field: name, reason: "INPUT_UNKNOWN", zh: "此操作不收“\(name)”这一项。",
                    en: "This action takes no '\(name)'."))
        }
        guard violations.isEmpty else { throw .invalid(violations) }
    }

    private func apply(
        _ effect: WorkflowDefinition.Effect, to facts: inout [String: WorkflowValue], actor: WorkflowActor,
        inputs: [String: WorkflowValue], now: Instant
    ) {
        switch effect.source {
        case .actor: facts[effect.fact] = .text(actor.id)
        case .now: facts[effect.fact] = .instant(now)
        case .text(let text): facts[effect.fact] = .text(text)
        case .clear: facts[effect.fact] = nil
        case .input(let name):
            if let value = inputs[name], !value.isEmpty { facts[effect.fact] = value }
        case .increment:
            if case .integer(let count) = facts[effect.fact] {
                facts[effect.fact] = .integer(count + 1)
            } else {
                facts[effect.fact] = .integer(1)
            }
        }
    }

    private static func clock(
        from: WorkflowDefinition.State.Kind, to: WorkflowDefinition.State.Kind
    ) -> WorkflowTransition.Clock {
        switch (from, to) {
        case (_, .terminal): from == .terminal ? .unchanged : .stopped
        case (.paused, .paused): .unchanged
        case (_, .paused): .paused
        case (.paused, _): .resumed
        case (.initial, .active), (.terminal, _): .started
        default: .unchanged
        }
    }
}

extension WorkflowDefinition.Input {
    /// What is wrong with `value`, which is not empty; nil if nothing is.
    func violation(of value: WorkflowValue) -> FieldViolation? {
        guard value.kind == kind else {
            return FieldViolation(
                field: id, reason: "INPUT_KIND_WRONG", zh: "\(title.zh)的格式不对。",
                en: "The \(title.en) is of the wrong kind: \(kind.rawValue) is needed.")
        }
        switch value {
        case .text(let text):
            guard !(minimum...maximum).contains(text.count) else { return nil }
            return range(zh: "应为\(minimum)至\(maximum)个字", en: "must have \(minimum) to \(maximum) characters")
        case .integer(let integer):
            guard integer < Int64(minimum) || integer > Int64(maximum) else { return nil }
            return range(zh: "应在\(minimum)到\(maximum)之间", en: "must be \(minimum) to \(maximum)")
        case .list(let list):
            guard !(minimum...maximum).contains(list.count) else { return nil }
            return range(zh: "应有\(minimum)至\(maximum)项", en: "must be \(minimum) to \(maximum) in number")
        case .limit(let limit):
            guard let highest = highestLimit, limit.unit != highest.unit || limit.value > highest.value else {
                return nil
            }
            return range(
                zh: "最多\(highest.text(in: .chinese))", en: "may be at most \(highest.text(in: .english))")
        case .flag, .instant: return nil
        }
    }

    private func range(zh: String, en: String) -> FieldViolation {
        FieldViolation(
            field: id, reason: "INPUT_OUT_OF_RANGE", zh: "\(title.zh)\(zh)。", en: "The \(title.en) \(en).")
    }
}
