import Kernel
import Platform

/// Tells one case step by step, each at its time, until the present is reached.
struct DemoStory {
    private(set) var told: DemoCase
    /// Time of the last step.
    private(set) var time: Instant
    /// The next step would lie in the future: the case stands as it is told.
    private(set) var isAtPresent: Bool = false

    let source: DemoSource
    let cast: DemoCast
    let random: SeededRandom
    let now: Instant
    /// The state in which the story ends; nil to go on to the end or to the present.
    var lastState: String?
    private let engine = WorkflowEngine()

    init(
        beginning told: DemoCase, source: DemoSource, cast: DemoCast, random: SeededRandom, now: Instant
    ) {
        self.told = told
        self.source = source
        self.cast = cast
        self.random = random
        self.now = now
        time = told.createTime
    }

    var state: String { told.instance.state }

    /// Takes an action `hours` working hours after the last step; nothing once the present is reached.
    mutating func act(
        _ action: String, _ actor: WorkflowActor, _ inputs: [String: WorkflowValue] = [:], after hours: Int,
        note: String = ""
    ) throws(Refusal) {
        try act(action, actor, inputs, at: workTime(after: hours), note: note)
    }

    /// Takes an action at a time; nothing once the present is reached.
    mutating func act(
        _ action: String, _ actor: WorkflowActor, _ inputs: [String: WorkflowValue] = [:], at time: Instant,
        note: String = ""
    ) throws(Refusal) {
        guard !isAtPresent else { return }
        guard time <= now else {
            isAtPresent = true
            return
        }
        let step: WorkflowTransition = try engine.decide(
            source.workflow, told.instance, action: action, actor: actor, inputs: inputs, now: time,
            calendar: source.calendar)
        self.time = time
        told.instance = step.instance
        told.steps.append(
            DemoStep(
                action: step.action, from: step.from.id, to: step.to.id, time: time, actor: actor.id,
                note: note,
                inputs: inputs))
        follow(step, inputs)
        if step.to.id == lastState { isAtPresent = true }
    }

    /// Tries what the rules refuse.
    ///
    /// - Precondition: it is refused; a demonstration of a refusal that is none tells a wrong story.
    mutating func tryInVain(
        _ action: String, _ actor: WorkflowActor, _ inputs: [String: WorkflowValue], at time: Instant
    ) {
        guard !isAtPresent, time <= now else { return }
        do {
            _ = try engine.decide(
                source.workflow, told.instance, action: action, actor: actor, inputs: inputs, now: time,
                calendar: source.calendar)
            preconditionFailure("\(action) was to be refused")
        } catch {
            told.attempts.append(
                DemoAttempt(action: action, time: time, actor: actor.id, reason: error.reason))
        }
    }

    /// What the module keeps beside the workflow's facts: clocks, pauses, grants.
    private mutating func follow(_ step: WorkflowTransition, _ inputs: [String: WorkflowValue]) {
        let handling: Set<String> = ["in_progress", "suspended", "extension_review"]
        let keepsClock: Bool = handling.contains(step.from.id) && handling.contains(step.to.id)
        if !keepsClock && step.from.id != step.to.id { told.stepStart = time }
        switch step.action.id {
        case "receive": told.clockStart = time
        case "reopen":
            told.clockStart = nil
            told.extensions = []
        case "suspend":
            if case .instant(let resumeBy) = inputs["resume_by"], case .text(let reason) = inputs["reason"],
                case .text(let evidence) = inputs["evidence"]
            {
                told.pauses.append(
                    DemoPause(start: time, end: nil, reason: reason, evidence: evidence, resumeBy: resumeBy))
            }
        case "resume": told.pauses[told.pauses.count - 1].end = time
        case "extension_approved":
            if case .limit(let more) = told.instance.facts["requested_extension"] {
                told.extensions.append(more)
            }
        default: break
        }
        told.instance.facts["due_at"] = told.due(source.calendar, now: time).map { .instant($0) }
    }

    /// A moment in office hours, `hours` working hours after the last step, give or take some minutes.
    func workTime(after hours: Int) -> Instant {
        guard let limit = TimeLimit(value: max(1, hours), unit: .workingHours) else { return time }
        let due: Instant = source.calendar.deadline(start: time, limit: limit).due
        return due.adding(minutes: -Int64(random.integer(in: 0..<25)))
    }

    /// The end of the n-th day after the last step, ten minutes before midnight.
    func lateOnDay(_ days: Int) -> Instant {
        Instant(startOf: time.shanghaiDate.adding(days: days + 1)).adding(minutes: -10)
    }
}

/// Who acts in the cases of one county.
struct DemoCast: Sendable {
    let county: String
    let acceptor: WorkflowActor
    let dispatcher: WorkflowActor
    let duty: WorkflowActor
    let verifier: WorkflowActor
    /// By code of department or grid.
    let handlers: [String: WorkflowActor]

    /// - Precondition: the staff of the county is complete.
    init(county: String, staff: [DemoStaff]) {
        func first(_ role: Role) -> WorkflowActor {
            guard let member = staff.first(where: { $0.has(role, in: county) }) else {
                preconditionFailure("no \(role) in \(county)")
            }
            return member.actor
        }
        self.county = county
        acceptor = first(.caseAcceptor)
        dispatcher = first(.dispatcher)
        duty = first(.dutyOfficer)
        verifier = first(.verifier)
        var handlers: [String: WorkflowActor] = [:]
        for member in staff {
            for grant in member.grants where grant.role == .departmentOfficer || grant.role == .gridWorker {
                handlers[grant.department ?? grant.scope] = member.actor
            }
        }
        self.handlers = handlers
    }

    /// Whoever handles for a body.
    func handler(_ body: String) -> WorkflowActor {
        guard let handler = handlers[body] else { preconditionFailure("nobody handles for \(body)") }
        return handler
    }

    func department(_ id: String) -> String { DepartmentCatalogue.code(of: id, in: county) }
}
