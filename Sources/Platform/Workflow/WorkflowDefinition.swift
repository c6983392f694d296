import Kernel

/// A state machine as data: its states, who may move it from where to where and on which conditions, how long each
/// state may last, and the views by which outsiders see it.
///
/// A definition comes from a YAML file (`init(yaml:)`), which is checked whole; there is no half-right definition. It is
/// immutable: an instance names id and version and stays with them, however the data develops.
package struct WorkflowDefinition: Sendable, Hashable {
    /// Such as `case`.
    package let id: String
    /// Counted from 1; a change is a new version.
    package let version: Int
    package let title: BilingualText
    /// Everybody who may act, besides `system`, which is the clock.
    package let roles: [Role]
    /// The facts that guards read and actions write, with their kinds.
    package let facts: [String: WorkflowValue.Kind]
    /// In the order of the file; the first whose kind is `initial` is where instances begin.
    package let states: [State]
    package let actions: [Action]
    package let projections: [Projection]
    /// Things that are allowed but look wrong, found at import.
    package let warnings: [DataProblem]

    /// Somebody who may act.
    package struct Role: Sendable, Hashable {
        package let id: String
        package let title: BilingualText
    }

    /// A place in the machine.
    package struct State: Sendable, Hashable {
        /// What being in a state means for the clock and for what can follow.
        package enum Kind: String, Sendable, Hashable, CaseIterable {
            /// Where instances begin; there is exactly one.
            case initial
            /// Somebody has work to do, and the clock runs.
            case active
            /// The clock stands still until somebody resumes.
            case paused
            /// Nobody has work to do. Actions may still lead out, such as reopening.
            case terminal
        }

        package let id: String
        package let title: BilingualText
        package let kind: Kind
        /// Role that has to act next; nil where nobody has.
        package let owner: String?
        /// How long an instance may stay; nil for no limit of the state's own.
        package let limit: TimeLimit?
        /// The action that `system` takes when the limit is over; nil to only warn.
        package let onExpiry: String?
    }

    /// A way from states to a state.
    package struct Action: Sendable, Hashable {
        package let id: String
        /// The operation of the API that this is an outcome of, such as `verify` for `verify_passed`.
        package let verb: String
        package let title: BilingualText
        /// What it says in the history of the instance, for anybody who may see it.
        package let record: BilingualText
        package let from: [String]
        package let to: String
        /// Any one of them is enough.
        package let roles: [String]
        package let inputs: [Input]
        package let guards: [GuardUse]
        package let effects: [Effect]
        /// Types of the events that it publishes, such as `case.resolved`.
        package let events: [String]
    }

    /// Something that whoever acts has to give, or may give.
    package struct Input: Sendable, Hashable {
        package let id: String
        package let title: BilingualText
        package let kind: WorkflowValue.Kind
        package let isRequired: Bool
        /// Shortest text in characters, fewest elements or lowest number.
        package let minimum: Int
        /// Longest text in characters, most elements or highest number.
        package let maximum: Int
        /// For limits: the highest, in the unit that is asked for.
        package let highestLimit: TimeLimit?
    }

    /// A guard by name with its parameters.
    package struct GuardUse: Sendable, Hashable {
        package let name: String
        package let parameters: [String: String]
    }

    /// What an action writes into the facts.
    package struct Effect: Sendable, Hashable {
        package enum Source: Sendable, Hashable {
            /// The id of whoever acts.
            case actor
            /// The time of the action.
            case now
            /// An input of the action; nothing is written when it was not given.
            case input(String)
            /// A fixed text.
            case text(String)
            /// Adds one to a count; no count is nought.
            case increment
            /// Removes the fact.
            case clear
        }
        package let fact: String
        package let source: Source
    }

    /// One scheme by which outsiders see the states: its stages in order.
    package struct Projection: Sendable, Hashable {
        package let id: String
        package let title: BilingualText
        package let stages: [Stage]
    }

    /// A stage of a scheme.
    package struct Stage: Sendable, Hashable {
        package let id: String
        package let title: BilingualText
        /// The states that are in it.
        package let states: [String]
        /// Actions that pass through it without staying, for stages that are a moment and no state.
        package let passedBy: [String]
    }

    package func state(_ id: String) -> State? { states.first { $0.id == id } }
    package func action(_ id: String) -> Action? { actions.first { $0.id == id } }
    package func role(_ id: String) -> Role? { roles.first { $0.id == id } }
    package func projection(_ id: String) -> Projection? { projections.first { $0.id == id } }

    /// Where instances begin.
    package var initialState: State {
        guard let initial = states.first(where: { $0.kind == .initial }) else {
            preconditionFailure("a checked definition has an initial state")
        }
        return initial
    }

    /// A definition that was checked is made only by `init(yaml:)`.
    init(
        id: String, version: Int, title: BilingualText, roles: [Role], facts: [String: WorkflowValue.Kind],
        states: [State], actions: [Action], projections: [Projection], warnings: [DataProblem]
    ) {
        self.id = id
        self.version = version
        self.title = title
        self.roles = roles
        self.facts = facts
        self.states = states
        self.actions = actions
        self.projections = projections
        self.warnings = warnings
    }
}
