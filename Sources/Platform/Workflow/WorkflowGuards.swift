package import Kernel

/// The conditions that definitions may name: pure predicates over what is stored.
package struct WorkflowGuards: Sendable {
    /// What a guard may look at.
    package struct Context: Sendable {
        package let facts: [String: WorkflowValue]
        package let actor: WorkflowActor
        /// Nil when only asked whether to offer the action: guards over inputs then let it pass.
        package let inputs: [String: WorkflowValue]?
        package let now: Instant
        package let calendar: WorkCalendar?
    }

    /// What a parameter of a guard names, so that a definition can be checked before it is used.
    package enum Parameter: Sendable, Hashable {
        /// A declared fact of this kind.
        case fact(WorkflowValue.Kind)
        /// An event, for which the fact `<event>_at` has to be declared as an instant.
        case event
        /// An input of the action.
        case input
        /// A whole number of 0…10,000.
        case number
        /// Any short text.
        case text
    }

    /// One guard: what it is called, what it needs, and how it refuses.
    package struct Rule: Sendable {
        package let name: String
        /// By name; a definition has to give each of them and no other.
        package let parameters: [String: Parameter]
        /// The parameter that may be written without its name, as in `return_count_below: 3`.
        package let shorthand: String?
        /// Facts that have to be declared besides those that parameters name.
        package let facts: [String: WorkflowValue.Kind]
        /// Nil if the condition holds.
        package let refusal: @Sendable ([String: String], Context) -> Refusal?

        package init(
            _ name: String, _ parameters: [String: Parameter] = [:], shorthand: String? = nil,
            facts: [String: WorkflowValue.Kind] = [:],
            refusal: @escaping @Sendable ([String: String], Context) -> Refusal?
        ) {
            self.name = name
            self.parameters = parameters
            self.shorthand = shorthand
            self.facts = facts
            self.refusal = refusal
        }
    }

    let rules: [String: Rule]

    /// - Precondition: no two rules have the same name.
    package init(_ rules: [Rule]) {
        self.rules = Dictionary(uniqueKeysWithValues: rules.map { ($0.name, $0) })
    }

    /// Nil if there is no such guard.
    package func rule(_ name: String) -> Rule? { rules[name] }
    /// In order of the alphabet, for messages.
    package var names: [String] { rules.keys.sorted() }

    func check(_ use: WorkflowDefinition.GuardUse, _ context: Context) throws(Refusal) {
        if let refusal = refusal(of: use, context) { throw refusal }
    }

    func refusal(of use: WorkflowDefinition.GuardUse, _ context: Context) -> Refusal? {
        guard let rule = rules[use.name] else {
            return .internalError(reason: "GUARD_UNKNOWN")
        }
        return rule.refusal(use.parameters, context)
    }
}

extension WorkflowGuards.Context {
    func text(_ fact: String?) -> String? {
        guard let fact, case .text(let text) = facts[fact] else { return nil }
        return text
    }
    func count(_ fact: String?) -> Int64 {
        guard let fact, case .integer(let count) = facts[fact] else { return 0 }
        return count
    }
    func instant(_ fact: String?) -> Instant? {
        guard let fact, case .instant(let instant) = facts[fact] else { return nil }
        return instant
    }
}
