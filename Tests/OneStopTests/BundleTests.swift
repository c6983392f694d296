import Contract
import Foundation
import Kernel
import Platform
import RPC
import Testing

@testable import OneStop

private func bundle(_ parts: String) throws -> BundleDefinition {
    try BundleDefinition(
        yaml: """
            id: dogs
            version: 1
            zh: 养狗一件事
            en: Keeping a dog
            description: {zh: 一次办完。, en: All at once.}
            parts:
            \(parts)
            """)
}

private func problemText(_ parts: String) throws -> String {
    do {
        _ = try bundle(parts)
        return ""
    } catch let error as DataFileError {
        return error.problems.map { $0.message(in: .english) }.joined(separator: "\n")
    }
}

private let chain: String = """
      - {item: A-3, after: [A-2]}
      - {item: A-2, after: [A-1]}
      - {item: A-1}
    """

@Suite struct BundleTests {
    @Test func partsStandBehindWhatTheyWaitFor() throws {
        #expect(try bundle(chain).parts.map(\.item) == ["A-1", "A-2", "A-3"])
    }

    @Test func aCircleIsFound() throws {
        let text = try problemText("  - {item: A-1, after: [A-2]}\n  - {item: A-2, after: [A-1]}")
        #expect(text.contains("A-1, A-2"))
        #expect(try problemText("  - {item: A-1, after: [A-1]}").contains("A-1"))
    }

    @Test func aPartThatIsNotThereIsFound() throws {
        #expect(try problemText("  - {item: A-1, after: [A-9]}").contains("A-9"))
        #expect(try problemText("  - {item: A-1}\n  - {item: A-1}").contains("more than once"))
        #expect(
            try problemText("  - {item: A-1, optional: true}\n  - {item: A-2, after: [A-1]}")
                .contains("left out"))
    }

    @Test func whatIsChosenBringsWhatItNeeds() throws {
        let some = try bundle(
            """
              - {item: A-1}
              - {item: A-2, optional: true}
              - {item: A-3, after: [A-2], optional: true}
            """)
        #expect(try some.chosen([]).map(\.item) == ["A-1"])
        #expect(try some.chosen(["A-2", "A-3"]).map(\.item) == ["A-1", "A-2", "A-3"])
        #expect(throws: Refusal.self) { try some.chosen(["A-3"]) }
        #expect(throws: Refusal.self) { try some.chosen(["A-1"]) }
    }

    @Test func theProductsBundlesNameRealItems() throws {
        let codes: Set<String> = Set(
            try dataFile("handling.tsv").split(separator: "\n").compactMap {
                $0.split(separator: "\t").first.map(String.init)
            })
        for name in ["newborn", "retirement", "shop"] {
            let bundle = try BundleDefinition(yaml: dataText("bundles/\(name).yaml"))
            #expect(bundle.parts.allSatisfy { codes.contains($0.item) })
        }
    }

    private func question(
        _ id: String, _ kind: FormQuestion.Kind = .text, knownAs: String = "", shownIf: [FormCondition] = []
    ) -> FormQuestion {
        FormQuestion(
            id: id, kind: kind, prompt: BilingualText(zh: id, en: id), label: BilingualText(zh: id, en: id),
            shownIf: shownIf, knownAs: knownAs)
    }

    private func form(_ questions: FormQuestion...) -> FormDefinition {
        FormDefinition(intro: BilingualText(zh: "", en: ""), questions: questions, eligibility: [])
    }

    @Test func eachQuestionIsAskedOnceByIdOrByWhatIsKnown() {
        let merged = BundleForm([
            form(question("applicant", .name, knownAs: "name"), question("dog"), question("promise", .yesNo)),
            form(question("owner", .name, knownAs: "name"), question("cat"), question("promise", .yesNo)),
        ])
        #expect(merged.questions.map(\.id) == ["applicant", "dog", "cat", "promise"])
        #expect(merged.asked("owner", 1) == "applicant")
    }

    @Test func whatIsCalledTheSameAndMeansSomethingElseIsAskedApart() {
        let rented = FormCondition(question: "place", comparison: .isOneOf, values: ["rented"])
        let merged = BundleForm([
            form(question("place", .address)),
            form(question("place", .choice), question("lease", .file, shownIf: [rented])),
        ])
        #expect(merged.questions.map(\.id) == ["place", "place__2", "lease"])
        #expect(merged.questions[2].shownIf.map(\.question) == ["place__2"])
    }

    @Test func whatIsAskedSometimesDoesNotStandForWhatIsAskedAlways() {
        let married = FormCondition(question: "married", comparison: .isOneOf, values: ["yes"])
        let merged = BundleForm([
            form(question("married", .yesNo), question("spouse", .name, shownIf: [married])),
            form(question("spouse", .name)),
        ])
        #expect(merged.questions.map(\.id) == ["married", "spouse", "spouse__2"])
    }

    @Test func theProductsBundlesAskNothingTwice() throws {
        let files = try ["life_events", "work_and_home"].map {
            try DefinitionFile(yaml: try dataText("items/forms/\($0).yaml")).entries
        }
        for name in ["newborn", "retirement", "shop"] {
            let bundle = try BundleDefinition(yaml: dataText("bundles/\(name).yaml"))
            let forms = try bundle.parts.map { part in
                let entry = try #require(files.joined().first { $0.code == part.item })
                guard case .form(let form) = entry.content else { throw PointlessEntry() }
                return form
            }
            let merged = BundleForm(forms)
            #expect(!merged.questions.contains { $0.id.contains("__") }, "\(name)")
            let names = merged.questions.map(\.knownAs).filter { !$0.isEmpty }
            #expect(Set(names).count == names.count, "\(name)")
        }
    }

    private struct PointlessEntry: Error {}

    @Test func onePartAfterTheOther() async throws {
        try await withBundle { office in
            let form = try await office.bundles.getBundleForm(
                .init(name: "bundles/dogs"), office.bundleCall(OneStopV1.BundleServiceMethods.getBundleForm))
            #expect(form.form?.questions.map(\.id) == ["dog", "phone"], "each question once")
            let made = try await office.submitBundle()
            #expect(made.parts.map(\.state) == [.submitted, .waiting, .waiting])
            #expect(made.parts[1].stateText?.zh == "待前置：先要办成养犬登记")
            _ = try await office.accept(made.parts[0].application)
            _ = try await office.decide(made.parts[0].application)
            let next = try await office.bundleCase(made.name)
            #expect(next.parts.map(\.state) == [.granted, .submitted, .waiting])
        }
    }

    @Test func aRefusedPartTakesItsDependentsAlong() async throws {
        try await withBundle { office in
            let made = try await office.submitBundle()
            _ = try await office.accept(made.parts[0].application)
            _ = try await office.decide(made.parts[0].application, granted: false, reason: "不符合条件")
            let failed = try await office.bundleCase(made.name)
            #expect(failed.parts.map(\.state) == [.refused, .withdrawn, .withdrawn])
            #expect(failed.parts[1].stateText?.zh.contains("养犬登记没有办成") == true)
            #expect(
                failed.summary?.zh
                    == "共3项，办成0项。没有办成：养犬登记。因此没有提交：犬证补办、犬只保险。")
        }
    }

    private func withBundle(_ body: (Office) async throws -> Void) async throws {
        try await Office.with { office in
            let yaml: String = """
                id: dogs
                version: 1
                zh: 养狗一件事
                en: Keeping a dog
                description: {zh: 一次办完。, en: All at once.}
                parts:
                \(chain)
                """
            let platform = office.platform
            _ = try await platform.performAsSystem(action: "test") { unit in
                try platform.documents.importText(.bundles, yaml: yaml, unit)
            }
            try await platform.readAsSystem { try platform.documents.load($0.connection) }
            try await body(office)
        }
    }
}

extension Office {
    fileprivate func bundleCall(_ method: MethodDescriptor) -> ServerCall { call(method, Office.mother) }

    fileprivate func submitBundle() async throws -> OneStopV1.BundleCase {
        try await bundles.submitBundle(
            .init(name: "bundles/dogs", answers: Office.answers(), requestID: Office.newID()),
            bundleCall(OneStopV1.BundleServiceMethods.submitBundle))
    }

    fileprivate func bundleCase(_ name: String) async throws -> OneStopV1.BundleCase {
        try await bundles.getBundleCase(
            .init(name: name), bundleCall(OneStopV1.BundleServiceMethods.getBundleCase))
    }
}
