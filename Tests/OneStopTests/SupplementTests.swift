import Contract
import Foundation
import Kernel
import Platform
import RPC
import Storage
import Testing

@testable import OneStop

/// What is asked again of an application, and what is done with the answers.
@Suite struct SupplementTests {
    private typealias Answer = OneStopV1.FormAnswer

    /// A choice with a file that follows from it, a day that lies in the future when it is answered, and a wish that nobody
    /// has to have.
    private static let questions: String = """
        - {id: dog, kind: text, min: 1, max: 40, ask: {zh: 狗叫什么, en: name}, label: {zh: 犬名, en: Dog}}
                - {id: account, kind: bank_account, known_as: bank_account, ask: {zh: 账号, en: account}, label: {zh: 账号, en: Account}}
                - {id: from, kind: date, earliest: today, ask: {zh: 从哪天, en: from}, label: {zh: 日期, en: From}}
                - {id: keeping, kind: choice, ask: {zh: 养在哪, en: where}, label: {zh: 地点, en: Where}, choices: {home: {zh: 家里, en: home}, yard: {zh: 院里, en: yard}}}
                - {id: fence, kind: text, shown_if: [{question: keeping, is: yard}], ask: {zh: 围栏多高, en: fence}, label: {zh: 围栏, en: Fence}}
                - {id: photo, kind: file, optional: true, ask: {zh: 照片, en: photo}, label: {zh: 照片, en: Photo}}
                - {id: wish, kind: text, optional: true, ask: {zh: 愿望, en: wish}, label: {zh: 愿望, en: Wish}}
        """

    private static func definitions(_ questions: String) -> String {
        """
        id: test
        version: 1
        definitions:
          A-2:
            source: M
            department: public_security
            form:
              questions:
                \(questions)
        """
    }

    private static func general(version: Int, _ questions: String) -> String {
        "id: general\nversion: \(version)\nstandard:\n  questions:\n    \(questions)\n"
    }

    private static let answers: [Answer] = [
        Answer(question: "dog", value: "大黄"), Answer(question: "account", value: "6222000000000000"),
        Answer(question: "from", value: "2026-11-23"), Answer(question: "keeping", value: "home"),
    ]

    /// The item A-2 has the form above.
    private func withForm(_ body: (Office) async throws -> Void) async throws {
        try await Office.with { office in
            _ = try await office.catalogue.importDefinitions(yaml: Self.definitions(Self.questions))
            try await body(office)
        }
    }

    private func importGeneral(_ office: Office, version: Int, _ questions: String) async throws {
        let platform = office.platform
        _ = try await platform.performAsSystem(action: "test") { unit in
            try platform.documents.importText(.forms, yaml: Self.general(version: version, questions), unit)
        }
        try await platform.readAsSystem { try platform.documents.load($0.connection) }
    }

    private func submit(_ office: Office, _ answers: [Answer] = answers, item: String = "A-2") async throws
        -> String
    {
        let revision: Int = try await office.platform.readAsSystem {
            try ItemStore.find($0.connection, id: item)?.revision ?? 0
        }
        return try await office.desk.submitApplication(
            .init(
                item: "items/\(item)", revision: Int32(revision), answers: answers, requestID: Office.newID()),
            office.call(Office.Methods.submitApplication, Office.mother)
        ).name
    }

    private func ask(_ office: Office, _ name: String, _ questions: [String]) async throws {
        _ = try await office.desk.requestSupplement(
            .init(name: name, questions: questions, points: ["请核对"], requestID: Office.newID()),
            office.call(Office.Methods.requestSupplement, Office.officer))
    }

    @discardableResult
    private func supplement(_ office: Office, _ name: String, _ answers: [Answer]) async throws
        -> OneStopV1.Application
    {
        try await office.desk.supplementApplication(
            .init(name: name, answers: answers, requestID: Office.newID()),
            office.call(Office.Methods.supplementApplication, Office.mother))
    }

    private func values(_ office: Office, _ name: String) async throws -> [String: String] {
        try await office.platform.readAsSystem { context in
            let record = try #require(
                try ApplicationStore.find(Applications.number(name), context.connection))
            let kept = try office.applications.store.answers(of: record, context.connection)
            return Dictionary(kept.map { ($0.question, $0.value) }, uniquingKeysWith: { first, _ in first })
        }
    }

    private func upload(_ office: Office, as principal: Principal = Office.mother) async throws -> String {
        let pdf =
            "%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"
        return try await office.platform.performAsSystem(action: "test") {
            [platform = office.platform] unit in
            try platform.files.keep(
                pdf: Array(pdf.utf8), displayName: "照片.pdf", unit.telling(at: unit.now, by: principal))
        }
    }

    /// The applicant is asked once and answers once: a slip of the finger must not use that up.
    @Test func aHandInWithNothingInItIsRefused() async throws {
        try await withForm { office in
            let name = try await submit(office)
            try await ask(office, name, ["dog"])
            #expect(try await reason { try await supplement(office, name, []) } == "SUPPLEMENT_EMPTY")
            let still = try await office.get(name)
            #expect(still.state == .supplementRequested && still.supplement?.answerTime == nil)
            let noted = try await office.desk.supplementApplication(
                .init(name: name, note: "名字没有写错，请再看看", requestID: Office.newID()),
                office.call(Office.Methods.supplementApplication, Office.mother))
            #expect(noted.state == .submitted)
            let points = try await submit(
                office,
                Self.answers.map {
                    $0.question == "dog" ? Answer(question: "dog", value: "二黄") : $0
                })
            try await ask(office, points, [])
            #expect(try await supplement(office, points, []).state == .submitted)
        }
    }

    @Test func theSamePaperUploadedAgainIsTheSameAnswer() async throws {
        try await withForm { office in
            let photo = try await upload(office)
            let first = try await submit(office, Self.answers + [Answer(question: "photo", value: photo)])
            let again = try await upload(office)
            #expect(again != photo)
            #expect(
                try await reason {
                    try await submit(office, Self.answers + [Answer(question: "photo", value: again)])
                } == "APPLICATION_EXISTS")
            #expect(first != (try await submit(office)))
        }
    }

    @Test func onlyWhatWasAskedChanges() async throws {
        try await withForm { office in
            let name = try await submit(office)
            try await ask(office, name, ["dog"])
            let before = try await values(office, name)
            #expect(
                try await reason {
                    try await supplement(
                        office, name,
                        [
                            Answer(question: "dog", value: "小黄"),
                            Answer(question: "account", value: "6222111111111111"),
                        ])
                } == "QUESTION_NOT_ASKED")
            #expect(
                try await reason {
                    try await supplement(office, name, [Answer(question: "wish", value: "快一点")])
                } == "QUESTION_NOT_ASKED")
            #expect(try await values(office, name) == before)
            try await supplement(office, name, [Answer(question: "dog", value: "小黄")])
            let after = try await values(office, name)
            #expect(after == before.merging(["dog": "小黄"]) { _, new in new })
        }
    }

    /// What was right when it was handed in is not held against the calendar of a later day.
    @Test func whatWasNotAskedIsNotCheckedAnew() async throws {
        try await withForm { office in
            let name = try await submit(office)
            try await ask(office, name, ["dog"])
            try office.moveTo(2026, 12, 3)
            try await supplement(office, name, [Answer(question: "dog", value: "小黄")])
            #expect(try await values(office, name)["from"] == "2026-11-23")
        }
    }

    @Test func whatFollowsFromAnAnswerIsAnsweredToo() async throws {
        try await withForm { office in
            let name = try await submit(office)
            try await ask(office, name, ["keeping"])
            let yard = Answer(question: "keeping", value: "yard")
            #expect(try await reason { try await supplement(office, name, [yard]) } != nil)
            try await supplement(office, name, [yard, Answer(question: "fence", value: "一米二")])
            #expect(try await values(office, name)["fence"] == "一米二")
            // Back again, in another application: what is not asked any more is gone.
            let other = try await submit(
                office,
                Self.answers.filter { $0.question != "keeping" } + [
                    yard, Answer(question: "fence", value: "两米"),
                ])
            try await ask(office, other, ["keeping"])
            try await supplement(office, other, [Answer(question: "keeping", value: "home")])
            #expect(try await values(office, other)["fence"] == nil)
        }
    }

    /// A document that was left out is what departments ask for most.
    @Test func aFileThatWasLeftOutCanBeAskedFor() async throws {
        try await withForm { office in
            let name = try await submit(office)
            try await ask(office, name, ["photo"])
            let foreign = try await upload(office, as: Office.daughter)
            #expect(
                try await reason {
                    try await supplement(office, name, [Answer(question: "photo", value: foreign)])
                }
                    != nil)
            let own = try await upload(office)
            try await supplement(office, name, [Answer(question: "photo", value: own)])
            #expect(try await office.get(name).answers.first { $0.question == "photo" }?.file == own)
            let subject = try await office.platform.readAsSystem { context in
                try office.platform.files.upload(context.connection, name: own)?.subject
            }
            #expect(subject == name)
        }
    }

    @Test func whatTheFormDoesNotAskCannotBeAskedFor() async throws {
        try await withForm { office in
            let name = try await submit(office)
            for question in ["colour", "fence"] {
                #expect(try await reason { try await ask(office, name, [question]) } == "QUESTION_NOT_FOUND")
            }
        }
    }

    /// The wrong account must not be offered the next time.
    @Test func whatIsCorrectedIsRemembered() async throws {
        try await withForm { office in
            let name = try await submit(office)
            try await ask(office, name, ["account"])
            try await supplement(office, name, [Answer(question: "account", value: "6222999999999999")])
            let form = try await office.desk.getForm(
                .init(item: "items/A-2"), office.call(Office.Methods.getForm, Office.mother))
            #expect(form.knownAnswers.first { $0.question == "account" }?.shown.hasSuffix("9999") == true)
        }
    }

    private static let matter: String =
        "- {id: matter, kind: text, min: 2, max: 40, ask: {zh: 什么事, en: matter}, label: {zh: 事项, en: Matter}}"
    private static let purpose: String =
        "- {id: purpose, kind: text, min: 2, max: 40, ask: {zh: 用途, en: purpose}, label: {zh: 用途, en: Purpose}}"

    /// The item A-9 has no form of its own; the general one changes while an application runs.
    @Test func aGeneralFormStaysAsItWas() async throws {
        try await Office.with { office in
            _ = try await office.catalogue.importFile(
                "code,name,dept,limit,statutory_limit\nA-9,犬只迁移,公安局,,\n", name: "more", kind: .handling)
            _ = try await office.catalogue.importDefinitions(
                yaml:
                    "id: more\nversion: 1\ndefinitions:\n  A-9:\n    source: M\n    department: public_security\n"
            )
            try await importGeneral(office, version: 1, Self.matter)
            let name = try await submit(office, [Answer(question: "matter", value: "补办犬证")], item: "A-9")
            try await importGeneral(office, version: 2, Self.purpose)
            try await ask(office, name, ["matter"])
            #expect(
                try await reason {
                    try await supplement(office, name, [Answer(question: "purpose", value: "遗失")])
                } == "QUESTION_NOT_ASKED")
            try await supplement(office, name, [Answer(question: "matter", value: "犬证遗失，补办")])
            #expect(try await values(office, name) == ["matter": "犬证遗失，补办"])
            // Who applies now gets the new one.
            let next = try await submit(office, [Answer(question: "purpose", value: "犬证遗失")], item: "A-9")
            #expect(try await values(office, next) == ["purpose": "犬证遗失"])
        }
    }

    private func supplementForm(_ office: Office, _ name: String, as principal: Principal = Office.mother)
        async throws -> [OneStopV1.FormQuestion]
    {
        try await office.desk.getForm(
            .init(application: name), office.call(Office.Methods.getForm, principal)
        )
        .form?.questions ?? []
    }

    /// Whatever the item's form has become, one is asked by the one that one began with, and nothing else.
    @Test func oneIsShownWhatIsAskedAgainByTheOldForm() async throws {
        try await withForm { office in
            let name = try await submit(office)
            #expect(try await reason { try await supplementForm(office, name) } == "NOTHING_ASKED_AGAIN")
            try await ask(office, name, ["dog", "keeping"])
            _ = try await office.catalogue.importDefinitions(
                yaml: Self.definitions(
                    "- {id: cat, kind: text, ask: {zh: 猫, en: cat}, label: {zh: 猫, en: Cat}}"))
            let questions = try await supplementForm(office, name)
            #expect(questions.map(\.id) == ["dog", "keeping", "fence"])
            #expect(questions.map { $0.shownIf.count } == [0, 0, 1])
            #expect(
                try await reason { try await supplementForm(office, name, as: Office.officer) } != nil)
            #expect(
                try await reason { try await supplementForm(office, name, as: Office.daughter) }
                    == "APPLICATION_NOT_FOUND")
            try await supplement(office, name, [Answer(question: "dog", value: "小黄")])
            #expect(try await values(office, name)["dog"] == "小黄")
        }
    }

    @Test func aSealedAnswerIsOpenedForAPurpose() async throws {
        try await withForm { office in
            let name = try await submit(office)
            func reveal(_ question: String, _ purpose: String, as principal: Principal) async throws -> String
            {
                try await office.desk.revealAnswer(
                    .init(name: name, question: question, purpose: purpose),
                    office.call(Office.Methods.revealAnswer, principal)
                ).value
            }
            let shown = try await office.get(name, as: Office.officer)
            let masked = try #require(shown.answers.first { $0.question == "account" })
            #expect(masked.masked && !masked.shown.contains("6222000000000000"))
            #expect(
                try await reason { try await reveal("account", "看", as: Office.officer) } != nil, "too short")
            #expect(
                try await reason { try await reveal("account", "核对收款账号", as: Office.stranger) }
                    == "APPLICATION_NOT_FOUND")
            #expect(
                try await reason { try await reveal("colour", "核对收款账号", as: Office.officer) }
                    == "QUESTION_NOT_FOUND")
            func looks() async throws -> [String] {
                try await office.platform.readAsSystem { context in
                    try context.connection.query(
                        "SELECT purpose || ' ' || subject FROM platform_data_accesses WHERE resident_id = 'mother' ORDER BY id"
                    ) { $0.text(0) }
                }
            }
            #expect(try await looks().isEmpty, "what was refused is no look")
            #expect(try await reveal("account", "核对收款账号", as: Office.officer) == "6222000000000000")
            #expect(try await looks() == ["账号：核对收款账号 \(name)"])
        }
    }
}
