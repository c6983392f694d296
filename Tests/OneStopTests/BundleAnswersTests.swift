import Contract
import Foundation
import Kernel
import Platform
import RPC
import Storage
import Testing

@testable import OneStop

/// One form and one set of materials become several applications, each with its own answers.
@Suite struct BundleAnswersTests {
    private typealias Answer = OneStopV1.FormAnswer

    private static let dog: String =
        "- {id: dog, kind: text, ask: {zh: 狗叫什么, en: name}, label: {zh: 犬名, en: Dog}}"
    private static let photo: String =
        "- {id: photo, kind: file, ask: {zh: 照片, en: photo}, label: {zh: 照片, en: Photo}}"
    private static func name(_ id: String) -> String {
        "- {id: \(id), kind: name, known_as: name, ask: {zh: 姓名, en: name}, label: {zh: 姓名, en: Name}}"
    }
    private static func text(_ id: String) -> String {
        "- {id: \(id), kind: text, ask: {zh: 问, en: ask}, label: {zh: 答, en: answer}}"
    }

    private static func definitions() -> String {
        let forms: [(String, [String])] = [
            ("A-1", [name("owner"), dog, photo]), ("A-2", [name("keeper"), dog, photo, text("chip")]),
            ("A-3", [dog, text("insured")]),
        ]
        var yaml: String = "id: test\nversion: 1\ndefinitions:\n"
        for (code, questions) in forms {
            yaml +=
                "  \(code):\n    source: M\n    department: public_security\n    form:\n      questions:\n"
            yaml += questions.map { "        \($0)\n" }.joined()
        }
        return yaml
    }

    private func withBundle(_ body: (Office, [Answer], _ photo: String) async throws -> Void) async throws {
        try await Office.with { office in
            _ = try await office.catalogue.importDefinitions(yaml: Self.definitions())
            let yaml: String = """
                id: dogs
                version: 1
                zh: 养狗一件事
                en: Keeping a dog
                description: {zh: 一次办完。, en: All at once.}
                parts: [{item: A-1}, {item: A-2}, {item: A-3, optional: true}]
                """
            let platform = office.platform
            _ = try await platform.performAsSystem(action: "test") { unit in
                try platform.documents.importText(.bundles, yaml: yaml, unit)
            }
            try await platform.readAsSystem { try platform.documents.load($0.connection) }
            let photo = try await upload(office)
            let answers: [Answer] = [
                Answer(question: "owner", fromKnown: true), Answer(question: "dog", value: "大黄"),
                Answer(question: "photo", value: photo), Answer(question: "chip", value: "900"),
                Answer(question: "insured", value: "两年"),
            ]
            try await body(office, answers, photo)
        }
    }

    private func upload(_ office: Office) async throws -> String {
        let pdf =
            "%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"
        return try await office.platform.performAsSystem(action: "test") {
            [platform = office.platform] unit in
            try platform.files.keep(
                pdf: Array(pdf.utf8), displayName: "照片.pdf", unit.telling(at: unit.now, by: Office.mother))
        }
    }

    private func submit(_ office: Office, _ answers: [Answer]) async throws -> OneStopV1.BundleCase {
        try await office.bundles.submitBundle(
            .init(
                name: "bundles/dogs", optionalItems: ["items/A-3"], answers: answers,
                requestID: Office.newID()),
            office.call(OneStopV1.BundleServiceMethods.submitBundle, Office.mother))
    }

    private func values(_ office: Office, _ name: String) async throws -> [String: String] {
        try await office.platform.readAsSystem { context in
            let record = try #require(
                try ApplicationStore.find(Applications.number(name), context.connection))
            let kept = try office.applications.store.answers(of: record, context.connection)
            return Dictionary(kept.map { ($0.question, $0.value) }, uniquingKeysWith: { first, _ in first })
        }
    }

    @Test func eachPartHasItsOwnAnswers() async throws {
        try await withBundle { office, answers, photo in
            let parts = try await submit(office, answers).parts.map(\.application)
            #expect(try await values(office, parts[0]) == ["owner": "李秀英", "dog": "大黄", "photo": photo])
            #expect(
                try await values(office, parts[1]) == [
                    "keeper": "李秀英", "dog": "大黄", "photo": photo, "chip": "900",
                ])
            #expect(try await values(office, parts[2]) == ["dog": "大黄", "insured": "两年"])
            // What was taken over says where from, under whichever name it was asked.
            let second = try await office.get(parts[1])
            #expect(second.answers.first { $0.question == "keeper" }?.origin?.zh == "来自账号")
        }
    }

    @Test func whatNoPartAsksIsRefusedAndNothingIsMade() async throws {
        try await withBundle { office, answers, _ in
            let other = Answer(question: "keeper", value: "王小红")
            for wrong in [
                answers + [Answer(question: "colour", value: "黄")], answers + [other], answers + [answers[1]],
            ] {
                #expect(
                    ["QUESTION_UNKNOWN", "ANSWERED_TWICE"].contains(
                        try await reason { try await submit(office, wrong) }))
            }
            let count = try await office.platform.readAsSystem {
                try $0.connection.first("SELECT count(*) FROM onestop_applications") { $0.int(0) }
            }
            #expect(count == 0)
        }
    }

    /// One file serves all parts; a better one serves the part that asked for it.
    @Test func aPartIsSupplementedByItself() async throws {
        try await withBundle { office, answers, photo in
            let made = try await submit(office, answers)
            let parts = made.parts.map(\.application)
            let audience = BundleFiles()
            let seen = try await office.platform.readAsSystem { context in
                try [Office.officer, Office.stranger].map {
                    try audience.maySee(subject: made.name, $0, context)
                }
            }
            #expect(seen == [true, false])
            _ = try await office.desk.requestSupplement(
                .init(name: parts[0], questions: ["photo"], points: ["看不清"], requestID: Office.newID()),
                office.call(Office.Methods.requestSupplement, Office.officer))
            let better = try await upload(office)
            _ = try await office.desk.supplementApplication(
                .init(
                    name: parts[0], answers: [Answer(question: "photo", value: better)],
                    requestID: Office.newID()),
                office.call(Office.Methods.supplementApplication, Office.mother))
            #expect(try await values(office, parts[0])["photo"] == better)
            #expect(try await values(office, parts[1])["photo"] == photo)
            let subjects = try await office.platform.readAsSystem { context in
                try [photo, better].map {
                    try office.platform.files.upload(context.connection, name: $0)?.subject
                }
            }
            #expect(subjects == [made.name, parts[0]])
        }
    }
}
