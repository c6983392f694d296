import Foundation
import Kernel
import Testing

@testable import Platform

/// A small definition that is right; each test spoils one thing.
private let good: String = """
    id: permit
    version: 3
    title: {zh: 许可, en: permit}
    roles:
      clerk: {zh: 经办人, en: clerk}
      boss: {zh: 负责人, en: boss}
    facts:
      handled_by: text
      opened_at: instant
      photo_count: integer
    states:
      start: {kind: initial, zh: 开始, en: start}
      work: {kind: active, zh: 办理, en: work, owner: clerk, limit: 2工作日, on_expiry: give_up}
      rest: {kind: paused, zh: 暂停, en: rest}
      done: {kind: terminal, zh: 办结, en: done}
    actions:
      open:
        zh: 受理
        en: open
        from: start
        to: work
        roles: clerk
        inputs:
          note: {zh: 说明, en: note, kind: text, min: 2, max: 4}
          copies: {zh: 份数, en: copies, kind: integer, min: 1, max: 3, required: true}
          photos: {zh: 照片, en: photos, kind: list, max: 2}
        records: {opened_at: now}
      hold: {zh: 暂停, en: hold, from: work, to: rest, roles: clerk}
      go_on: {zh: 恢复, en: go on, from: rest, to: work, roles: clerk}
      finish:
        zh: 办结
        en: finish
        from: work
        to: done
        roles: [clerk, boss]
        guards:
          - has_photo
          - within_days_of_event: {event: opened, days: 10}
        records: {handled_by: actor}
        events: [permit.finished]
      give_up: {zh: 超期, en: give up, from: work, to: done, roles: system}
    projections:
      two:
        zh: 两步
        en: two steps
        stages:
          first: {zh: 一, en: one, states: [start, work, rest]}
          second: {zh: 二, en: two, states: [done]}
    """

private func problems(replacing old: String, with new: String) -> [DataProblem] {
    do {
        let parts: [Substring] = good.split(separator: old, omittingEmptySubsequences: false)
        precondition(parts.count > 1, "the good file holds what is to be replaced")
        _ = try WorkflowDefinition(yaml: parts.joined(separator: new))
        return []
    } catch {
        return error.problems
    }
}

@Suite struct WorkflowImportTests {
    @Test func aRightDefinitionIsTaken() throws {
        let definition = try WorkflowDefinition(yaml: good)
        #expect(definition.id == "permit")
        #expect(definition.version == 3)
        #expect(definition.initialState.id == "start")
        #expect(definition.state("work")?.limit == TimeLimit("2工作日"))
        #expect(definition.warnings.isEmpty)
    }

    @Test(arguments: [
        // Names that do not exist.
        ("to: done, roles: system", "to: dnoe, roles: system", "actions.give_up", "dnoe"),
        ("from: rest", "from: rset", "actions.go_on", "rset"),
        ("roles: [clerk, boss]", "roles: [clerk, chief]", "actions.finish", "chief"),
        ("owner: clerk", "owner: chief", "states.work", "chief"),
        ("- has_photo", "- has_foto", "actions.finish", "has_photo"),
        ("on_expiry: give_up", "on_expiry: go_away", "states.work", "go_away"),
        ("handled_by: actor", "handler: actor", "actions.finish", "handler: text"),
        ("event: opened", "event: closed", "actions.finish", "closed_at: instant"),
        ("photo_count: integer", "photo_count: text", "actions.finish", "photo_count: integer"),
        // Values that are out of range or of the wrong form.
        ("days: 10", "days: ten", "actions.finish", "10000"),
        ("{event: opened, days: 10}", "{event: opened}", "actions.finish", "days, event"),
        ("limit: 2工作日", "limit: 2 days", "states.work.limit", "5工作日"),
        ("kind: paused", "kind: pause", "states.rest.kind", "paused"),
        ("version: 3", "version: 0", "version", "1"),
        ("permit.finished", "finished", "actions.finish", "case.resolved"),
        ("min: 2, max: 4", "min: 5, max: 4", "actions.open.inputs.note", "min"),
        ("  go_on:", "  go-on:", "actions.go-on", "a-z"),
        ("en: hold,", "eng: hold,", "actions.hold.eng", "zh, en"),
        // The graph.
        ("to: rest, roles: clerk", "to: work, roles: clerk", "states.rest", "reached"),
        ("from: rest, to: work", "from: rest, to: done", "states.rest", "resumes"),
        ("from: rest, to: work", "from: rest, to: rest", "states.rest", "terminal"),
        ("kind: initial", "kind: active", "states", "initial"),
        ("kind: terminal", "kind: initial", "states", "initial"),
        // Actions that nobody may take, or that cannot follow from time alone.
        ("roles: [clerk, boss]", "roles: []", "actions.finish", "Nobody"),
        ("to: done, roles: system", "to: done, roles: clerk", "states.work", "system"),
        // Projections that forget a state or have it twice.
        ("states: [start, work, rest]", "states: [start, work]", "projections.two", "rest"),
        ("states: [done]", "states: [done, rest]", "projections.two", "rest"),
    ])
    func whatIsWrongIsNamedWithItsPlace(old: String, new: String, element: String, hint: String) {
        let found: [DataProblem] = problems(replacing: old, with: new)
        #expect(
            found.contains { problem in
                problem.element == element && problem.line != nil && problem.text.en.contains(hint)
                    && !problem.text.zh.isEmpty
            }, "\(found)")
    }

    @Test func theSameNameTwiceIsRefusedWithItsLine() throws {
        let found: [DataProblem] = problems(replacing: "  hold: {", with: "  open: {")
        #expect(found.map(\.element) == ["open"])
        #expect(found.first?.line != nil)
    }

    @Test(arguments: ["", "- a\n- b", "just a text", "a: [1, 2", "a: b: c"])
    func whatIsNoDocumentIsRefused(yaml: String) {
        #expect(throws: DataFileError.self) { try WorkflowDefinition(yaml: yaml) }
    }

    @Test func bothSidesOfTheLongestFile() throws {
        let filler: String = String(repeating: "#", count: DataDocument.maximumBytes - good.utf8.count - 1)
        _ = try WorkflowDefinition(yaml: good + "\n" + filler)
        #expect(throws: DataFileError.self) { try WorkflowDefinition(yaml: good + "\n" + filler + "#") }
    }

    @Test func allProblemsAreToldAtOnceInOrderOfTheirLines() {
        let found: [DataProblem] = problems(replacing: "zh: ", with: "ch: ")
        #expect(found.count > 3)
        #expect(found.map { $0.line ?? 0 } == found.map { $0.line ?? 0 }.sorted())
        let refusal: Refusal = DataFileError(problems: found).refusal
        #expect(refusal.fields.count == found.count)
    }

    @Test func aRoleThatNobodyUsesIsAWarningOnly() throws {
        let parts: [Substring] = good.split(separator: "[clerk, boss]", omittingEmptySubsequences: false)
        let definition = try WorkflowDefinition(yaml: parts.joined(separator: "[clerk]"))
        #expect(definition.warnings.map(\.element) == ["roles.boss"])
    }
}

@Suite struct WorkflowEngineTests {
    let definition: WorkflowDefinition
    let engine = WorkflowEngine()
    let clerk = WorkflowActor(id: "staff/a", roles: ["clerk"])
    let now: Instant = at("2026-11-03 10:00")

    init() throws { definition = try WorkflowDefinition(yaml: good) }

    private func refusal(
        _ action: String, _ instance: WorkflowInstance, _ actor: WorkflowActor,
        _ inputs: [String: WorkflowValue] = [:], expectedVersion: Int64? = nil
    ) throws -> Refusal {
        let refusal: Refusal? = #expect(throws: Refusal.self) {
            try engine.decide(
                definition, instance, action: action, actor: actor, inputs: inputs, now: now,
                expectedVersion: expectedVersion)
        }
        return try #require(refusal)
    }

    @Test func anInstanceStaysWithTheVersionThatItBeganWith() throws {
        var instance = WorkflowInstance(beginning: definition)
        instance.definitionVersion = 2
        #expect(try refusal("open", instance, clerk).reason == "WORKFLOW_VERSION_MISMATCH")
        #expect(engine.availableActions(definition, instance, actor: clerk, now: now).isEmpty)
    }

    @Test func rightsComeBeforeEverythingElse() throws {
        let instance = WorkflowInstance(beginning: definition)
        let stranger = WorkflowActor(id: "staff/b", roles: [])
        #expect(try refusal("finish", instance, stranger, expectedVersion: 9).reason == "ROLE_MISSING")
        #expect(try refusal("open", instance, clerk, expectedVersion: 9).kind == .aborted)
        #expect(try refusal("fly", instance, clerk).reason == "ACTION_UNKNOWN")
    }

    @Test func aWrongStateNamesWhatIsPossible() throws {
        let refusal: Refusal = try refusal("finish", WorkflowInstance(beginning: definition), clerk)
        #expect(refusal.kind == .failedPrecondition)
        #expect(refusal.metadata["possible"] == "open")
        #expect(refusal.zh == "当前是“开始”，不能“办结”。现在可以：受理。")
    }

    @Test(
        arguments: [
            (["copies": WorkflowValue.integer(1)], nil),
            (["copies": .integer(3), "note": .text("两字")], nil),
            ([:], "INPUT_MISSING"),
            (["copies": .integer(0)], "INPUT_OUT_OF_RANGE"),
            (["copies": .integer(4)], "INPUT_OUT_OF_RANGE"),
            (["copies": .integer(1), "note": .text("一")], "INPUT_OUT_OF_RANGE"),
            (["copies": .integer(1), "note": .text("一二三四五")], "INPUT_OUT_OF_RANGE"),
            (
                ["copies": .integer(1), "photos": .list(["files/1", "files/2", "files/3"])],
                "INPUT_OUT_OF_RANGE"
            ),
            (["copies": .text("1")], "INPUT_KIND_WRONG"),
            (["copies": .integer(1), "extra": .flag(true)], "INPUT_UNKNOWN"),
        ] as [([String: WorkflowValue], String?)])
    func inputsAreChecked(inputs: [String: WorkflowValue], reason: String?) throws {
        let instance = WorkflowInstance(beginning: definition)
        guard let reason else {
            let step: WorkflowTransition = try engine.decide(
                definition, instance, action: "open", actor: clerk, inputs: inputs, now: now)
            #expect(step.instance.facts == ["opened_at": .instant(now)])
            #expect(step.instance.version == step.previousVersion + 1)
            return
        }
        let refusal: Refusal = try refusal("open", instance, clerk, inputs)
        #expect(refusal.kind == .invalidArgument)
        #expect(refusal.fields.first?.reason == reason)
    }

    @Test func aPhotoMayBeStoredOrCome() throws {
        var instance = WorkflowInstance(beginning: definition, facts: ["opened_at": .instant(now)])
        instance.state = "work"
        #expect(try refusal("finish", instance, clerk).reason == "PHOTO_MISSING")
        instance.facts["photo_count"] = .integer(1)
        let step: WorkflowTransition = try engine.decide(
            definition, instance, action: "finish", actor: clerk, now: now)
        #expect(step.to.id == "done")
    }

    @Test func buttonsAreWhatMayBeDoneNow() throws {
        var instance = WorkflowInstance(beginning: definition, facts: ["opened_at": .instant(now)])
        instance.state = "work"
        func buttons(_ actor: WorkflowActor, at now: Instant) -> [String] {
            engine.availableActions(definition, instance, actor: actor, now: now).map(\.id)
        }
        #expect(buttons(clerk, at: now) == ["hold", "finish"])
        #expect(buttons(clerk, at: at("2026-11-14 00:00")) == ["hold"])
        #expect(buttons(WorkflowActor(id: "staff/c", roles: ["boss"]), at: now) == ["finish"])
        #expect(buttons(.system, at: now) == ["give_up"])
    }

    @Test func factsSurviveTheStore() throws {
        let facts: [String: WorkflowValue] = [
            "a": .text("1"), "b": .integer(1), "c": .flag(true), "d": .instant(now), "e": .list(["x"]),
            "f": .limit(try #require(TimeLimit("5工作日"))),
        ]
        let bytes: Data = try JSONEncoder().encode(facts)
        #expect(try JSONDecoder().decode([String: WorkflowValue].self, from: bytes) == facts)
    }
}
