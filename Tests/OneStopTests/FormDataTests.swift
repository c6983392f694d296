import Foundation
import Kernel
import Platform
import Testing

@testable import OneStop

/// The forms that come with the product.
@Suite struct FormDataTests {
    private static func forms() throws -> [(code: String, form: FormDefinition)] {
        let folder = dataFolder.appending(path: "items/forms")
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
            $0.hasSuffix(".yaml")
        }
        .sorted().flatMap { name in
            try DefinitionFile(yaml: try dataText("items/forms/\(name)")).entries.compactMap { entry in
                guard case .form(let form) = entry.content else { return nil }
                return (entry.code, form)
            }
        }
    }

    @Test func everyFormBelongsToAnItemAndThereAreEnough() throws {
        let codes = Set(
            try dataText("items/handling.tsv").split(separator: "\n").compactMap {
                $0.split(separator: "\t").first.map(String.init)
            })
        let forms = try Self.forms()
        #expect(Set(forms.map(\.code)).isSubset(of: codes))
        #expect(forms.count >= 14)
        let named = ["096", "121", "083", "013", "106", "042", "032", "152"].map { "JC-B-\($0)" }
        #expect(Set(named).isSubset(of: Set(forms.map(\.code))))
    }

    @Test func everyTextIsThereInBothLanguages() throws {
        for (code, form) in try Self.forms() {
            let texts =
                [form.intro] + form.questions.flatMap { [$0.prompt, $0.label] + $0.choices.map(\.label) }
                + form.eligibility.flatMap { [$0.text, $0.advice] }
            #expect(texts.allSatisfy { !$0.zh.isEmpty && !$0.en.isEmpty }, "\(code)")
        }
    }

    /// Otherwise the department could grant, and the certificate could not be issued.
    @Test func whatAnItemLeadsToFindsItsAnswersInTheForm() throws {
        let types = try #require(
            try CertificateCatalogue.reader.read(dataText("certificates/types.yaml")).value
                as? CertificateCatalogue)
        let forms = Dictionary(uniqueKeysWithValues: try Self.forms())
        let definitions = try DefinitionFile(yaml: try dataText("items/definitions/frequent.yaml")).entries
        var leading = 0
        for entry in definitions {
            guard case .definition(let definition) = entry.content, let id = definition.certificateType else {
                continue
            }
            leading += 1
            let type = try #require(types.type(id), "\(entry.code): \(id)")
            let form = try #require(forms[entry.code], "\(entry.code) has a form of its own")
            for question in type.questions {
                let asked = form.questions.first { $0.id == question.id }
                #expect(asked != nil, "\(entry.code) does not ask for \(question.id)")
                switch question.kind {
                case .date: #expect(asked?.kind == .date)
                case .number: #expect(asked?.kind == .number)
                default: break
                }
            }
        }
        #expect(leading > 0)
    }

    @Test func generalFormsAreThereForEveryType() throws {
        let general = try GeneralForms(yaml: try dataText("forms/general.yaml"))
        #expect(general.types.keys.contains("许可") && general.types.keys.contains("给付"))
        for form in general.types.values + [general.standard] {
            try Filling(form: form).reachEveryQuestion("general")
        }
    }

    @Test func everyQuestionOfEveryFormCanBeReachedAndFilled() throws {
        for (code, form) in try Self.forms() { try Filling(form: form).reachEveryQuestion(code) }
    }

    @Test func everyFormGrantsSomebodyAndEveryRuleRefusesSomebody() throws {
        for (code, form) in try Self.forms() { try Filling(form: form).grantAndRefuse(code) }
    }
}

/// Answers that fit, made from the form alone.
private struct Filling {
    let form: FormDefinition
    let context: FormContext = formContext()

    /// Every value worth trying: all choices, both of yes and no, everybody of the household, numbers at both ends.
    func candidates(_ question: FormQuestion) -> [String] {
        let bounds = question.bounds
        switch question.kind {
        case .text, .longText:
            let length = Int(min(bounds.upperBound, max(bounds.lowerBound, 6)))
            return [String(repeating: "文", count: length)]
        case .idNumber:
            return context.people.compactMap(\.idNumber)
        case .phone: return ["10000000031"]
        case .date:
            let latest = question.latest?.date(today: context.today) ?? context.today
            return [max(latest, question.earliest?.date(today: context.today) ?? latest).description]
        case .money, .number:
            return Set([bounds.lowerBound, min(bounds.upperBound, bounds.lowerBound + 5), bounds.upperBound])
                .sorted().map { String($0) }
        case .choice: return question.choices.map(\.value)
        case .yesNo: return ["yes", "no"]
        case .address: return ["organizations/140502001000\n凤台街1号"]
        case .file: return [question.contentTypes.contains("image/jpeg") ? "files/photo" : "files/paper"]
        case .householdMember: return context.people.filter { $0.idNumber != nil }.map(\.name)
        case .name: return ["张晓明"]
        case .creditCode: return [CreditCode(syntheticPrefix: "91", sequence: 1).text]
        case .bankAccount: return ["6222021001123456789"]
        }
    }

    /// Fills by asking for the next question, as a front end does; `pick` chooses among the candidates of a question.
    func fill(_ pick: (FormQuestion, [String]) -> String) throws -> (FormAnswers, FormFindings) {
        var answers: FormAnswers = [:]
        for _ in 0...FormLimits.questions {
            let findings = FormRules.check(form, answers, context)
            #expect(findings.problems.isEmpty, "\(findings.problems)")
            let open = findings.visible.first { answers[$0] == nil }
            guard let open else { return (answers, findings) }
            let question = try #require(form.question(open))
            answers[open] = pick(question, candidates(question))
        }
        Issue.record("the form never ends")
        return (answers, FormRules.check(form, answers, context))
    }

    /// Fillings enough to see each choice beside each other: every answer that a condition asks for is preferred once, and
    /// pseudo-random ones fill the rest.
    private func fillings() throws -> [FormFindings] {
        var results: [FormFindings] = []
        var seed: UInt64 = 7
        func next(_ count: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((seed >> 33) % UInt64(count))
        }
        for _ in 0..<600 {
            let (_, findings) = try fill { _, values in values[next(values.count)] }
            results.append(findings)
        }
        return results
    }

    func reachEveryQuestion(_ code: String) throws {
        let results = try fillings()
        let seen = Set(results.flatMap(\.visible))
        let never = form.questions.map(\.id).filter { !seen.contains($0) }
        #expect(never.isEmpty, "\(code): \(never) can never be asked")
        #expect(
            results.allSatisfy { $0.problems.isEmpty && $0.missing.isEmpty && $0.nextQuestion == nil },
            "\(code)")
    }

    func grantAndRefuse(_ code: String) throws {
        let results = try fillings()
        #expect(results.contains { $0.isComplete }, "\(code) grants nobody")
        for rule in form.eligibility {
            #expect(results.contains { $0.failedRules.contains(rule) }, "\(code): \(rule.id) never fails")
        }
    }
}
