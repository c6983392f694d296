import Contract
import Crypto
import Foundation
import Kernel
import Logging
import Platform
import Storage
import Testing

@testable import OneStop

/// A desk with a store of its own, a resident and the product's forms.
private struct FormWorld: Sendable {
    static let resident: String = "residents/ada"
    static let principal: Principal = Principal(kind: .resident, id: "ada", level: .idNumber)

    let platform: Platform
    let clock: ManualClock
    let desk: FormDesk

    static func run(_ body: (FormWorld) async throws -> Void) async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "forms-\(UUID().uuidString).sqlite")
            .path
        defer {
            for end in ["", "-wal", "-shm", ".lock"] {
                try? FileManager.default.removeItem(atPath: path + end)
            }
        }
        let database = try await SQLiteDatabase(
            path: path, migrations: Platform.migrations + OneStop.migrations)
        let clock = ManualClock(Instant(startOf: formToday).adding(hours: 10))
        let platform = Platform(
            database: database, environment: Environment(clock: clock, random: SeededRandom(seed: 1)),
            keyring: try Keyring(keys: [1: .random()], currentKeyID: 1, indexKey: .random()),
            logger: Logger(label: "forms"), documents: Documents(readers: OneStop.documentReaders))
        let world = FormWorld(
            platform: platform, clock: clock, desk: FormDesk(platform: platform, synthetic: .allowed))
        let result: Result<Void, any Error>
        do {
            let general = try dataText("forms/general.yaml")
            _ = try await platform.performAsSystem(action: "test") { unit in
                _ = try Residents(keyring: platform.keyring).insert(
                    unit,
                    NewResident(
                        id: "ada", phone: PhoneNumber(syntheticSequence: 31),
                        fullName: FullName(stored: "张晓明"),
                        passwordHash: nil, level: .idNumber,
                        idNumber: IDNumber(syntheticBornOn: CivilDate(daysSinceEpoch: 5_000), sequence: 1),
                        synthetic: true))
                return try platform.documents.importText(.forms, yaml: general, unit)
            }
            try await platform.readAsSystem { try platform.documents.load($0.connection) }
            result = .success(try await body(world))
        } catch { result = .failure(error) }
        await database.close()
        try result.get()
    }

    func item(_ words: String? = nil, type: String = "公服") throws -> RevisedItem {
        var definition = ItemDefinition()
        definition.form = try words.map(form)
        return RevisedItem(
            item: StoredItem(
                id: "a1",
                content: ItemContent(code: "A-1", name: "试办事项", kind: .handling, type: type, department: "局"),
                revision: 3, updateTime: clock.now(), retired: false),
            definition: definition, state: .active)
    }

    func read<T: Sendable>(_ body: @escaping @Sendable (FormDesk, ReadContext) throws -> T) async throws -> T
    {
        try await platform.readAsSystem { [desk] context in
            try body(
                desk, ReadContext(connection: context.connection, now: context.now, principal: Self.principal)
            )
        }
    }

    func write<T: Sendable>(_ body: @escaping @Sendable (FormDesk, UnitOfWork) throws -> T) async throws -> T
    {
        try await platform.performAsSystem(action: "test") { [desk] unit in try body(desk, unit) }
    }

    func known() async throws -> [String: KnownAnswer] {
        let keyring = platform.keyring
        return try await platform.readAsSystem {
            try KnownAnswers(keyring: keyring).all(of: Self.resident, now: $0.now, $0.connection)
        }
    }
}

private func typed(_ question: String, _ value: String) -> OneStopV1.FormAnswer {
    OneStopV1.FormAnswer(question: question, value: value)
}

private func taken(_ question: String) -> OneStopV1.FormAnswer {
    OneStopV1.FormAnswer(question: question, fromKnown: true)
}

private let payForm: String = """
    questions:
      - {id: who, kind: name, known_as: name, ask: 姓名, label: 姓名}
      - {id: card, kind: bank_account, known_as: bank_account, ask: 账号, label: 账号}
      - {id: school, kind: text, known_as: school, ask: 学校, label: 学校}
    """

@Suite struct FormDeskTests {
    @Test func itemsWithoutAFormOfTheirOwnUseThatOfTheirType() async throws {
        try await FormWorld.run { world in
            let (plain, aid) = (try world.item(), try world.item(type: "给付"))
            let answer = try await world.read { try $0.form(for: plain, person: FormWorld.resident, $1) }
            #expect(answer.form?.general == true && answer.form?.revision == 3)
            #expect(answer.form?.questions.first?.id == "applicant_name")
            let other = try await world.read { try $0.form(for: aid, person: FormWorld.resident, $1) }
            #expect(other.form?.questions.first?.kind == .householdMember)
            #expect(other.form?.questions.first?.sensitive == true)
        }
    }

    @Test func whatIsKnownIsOfferedMaskedAndTakenOnlyWhenAskedFor() async throws {
        try await FormWorld.run { world in
            let item = try world.item(payForm)
            let offered = try await world.read {
                try $0.form(for: item, person: FormWorld.resident, $1).knownAnswers
            }
            #expect(offered.map(\.question) == ["who"])
            #expect(offered[0].shown == "张*明" && offered[0].value.isEmpty)
            #expect(offered[0].origin?.zh == "来自账号")
            let missing = try await world.read {
                try $0.check(
                    [typed("card", "6222021001123456789"), typed("school", "一小")], for: item,
                    person: FormWorld.resident, $1)
            }
            #expect(missing.missing == ["who"], "an offer that nobody took is no answer")
            let nothing = try await world.read {
                try $0.check([taken("card")], for: item, person: FormWorld.resident, $1)
            }
            #expect(nothing.problems.map(\.reason) == ["NOTHING_KNOWN"])
            let settled = try await world.read {
                try $0.resolve(
                    [taken("who"), typed("card", "6222021001123456789"), typed("school", "一小")],
                    by: $0.definition(for: item).form,
                    person: FormWorld.resident, $1)
            }
            #expect(settled.map(\.value) == ["张晓明", "6222021001123456789", "一小"])
            #expect(settled.map(\.masked.zh) == ["张*明", "***************6789", "一小"])
            #expect(settled[0].origin?.zh == "来自账号" && settled[1].origin == nil)
        }
    }

    @Test func anAnswerIsAskedOnceAndForgottenInTime() async throws {
        try await FormWorld.run { world in
            let item = try world.item(payForm)
            let answers = [taken("who"), typed("card", "6222021001123456789"), typed("school", "一小")]
            try await world.write { desk, unit in
                let context = ReadContext(
                    connection: unit.connection, now: unit.now, principal: FormWorld.principal)
                let settled = try desk.resolve(
                    answers, by: desk.definition(for: item).form, person: FormWorld.resident, context)
                try desk.remember(settled, for: item, person: FormWorld.resident, unit)
            }
            #expect(
                Set(try await world.known().keys) == ["bank_account", "school"], "the account keeps its own")
            let offered = try await world.read {
                try $0.form(for: item, person: FormWorld.resident, $1).knownAnswers
            }
            #expect(offered.map(\.question) == ["who", "card", "school"])
            #expect(offered[1].shown == "***************6789" && offered[1].value.isEmpty)
            #expect(offered[2].shown == "一小" && offered[2].value == "一小")
            #expect(offered[2].origin?.zh == "\(formToday.text(in: .chinese))办理“试办事项”时填写")
            let none = try await world.read {
                try $0.form(for: item, person: "residents/bao", $1).knownAnswers
            }
            #expect(none.isEmpty, "answers are offered to whoever gave them only")
            let stored = try await world.platform.readAsSystem {
                try $0.connection.query("SELECT value FROM onestop_known_answers") { $0.blob(0) }
            }
            #expect(stored.allSatisfy { $0.firstRange(of: Array("6222021001123456789".utf8)) == nil })
            world.clock.advance(seconds: KnownAnswerLimits.retentionDays * 86_400 - 1)
            #expect(try await world.known().count == 2)
            world.clock.advance(seconds: 1)
            #expect(try await world.known().isEmpty)
            #expect(try await world.write { _, unit in try KnownAnswers.sweep(unit) } == 2)
        }
    }

    @Test func whatWasGivenIsForgottenWhenItsOwnerSaysSo() async throws {
        try await FormWorld.run { world in
            let keyring = world.platform.keyring
            try await world.write { _, unit in
                for index in 0...KnownAnswerLimits.perPerson {
                    try KnownAnswers(keyring: keyring).keep(
                        "\(index)", as: "k\(index)", kind: .text, of: FormWorld.resident, itemText: "事", unit)
                }
            }
            let known = try await world.known()
            #expect(known.count == KnownAnswerLimits.perPerson)
            #expect(known["k0"] == nil && known["k1"] != nil)
            let forgotten = try await world.write { _, unit in
                try KnownAnswers.forget(of: "residents/bao", unit.connection)
            }
            #expect(forgotten == 0)
            #expect(try await world.known().count == KnownAnswerLimits.perPerson)
            let own = try await world.write { _, unit in
                try KnownAnswers.forget(of: FormWorld.resident, unit.connection)
            }
            #expect(own == KnownAnswerLimits.perPerson)
            #expect(try await world.known().isEmpty)
        }
    }

    @Test func everyProblemIsToldAtOnceAndNobodyAnswersTwice() async throws {
        try await FormWorld.run { world in
            let item = try world.item(payForm)
            let wrong = await refusal {
                _ = try await world.read {
                    try $0.resolve(
                        [typed("card", "12"), typed("card", "13")], by: $0.definition(for: item).form,
                        person: FormWorld.resident, $1)
                }
            }
            #expect(
                Set(wrong?.fields.map(\.reason) ?? [])
                    == ["BANK_ACCOUNT_INVALID", "ANSWERED_TWICE", "ANSWER_MISSING"])
            let many = (0...FormLimits.answers).map { typed("q\($0)", "1") }
            let tooMany = await refusal {
                _ = try await world.read { try $0.check(many, for: item, person: FormWorld.resident, $1) }
            }
            #expect(tooMany?.reason == "TOO_MANY_ANSWERS")
        }
    }
}

private func refusal(_ body: () async throws -> Void) async -> Refusal? {
    do {
        try await body()
        return nil
    } catch let refusal as Refusal {
        return refusal
    } catch {
        return nil
    }
}
