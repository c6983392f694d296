import Foundation
import Kernel
import Platform
import Testing

@testable import OneStop

func coded(_ form: FormDefinition) throws -> FormDefinition {
    try JSONDecoder().decode(FormDefinition.self, from: try JSONEncoder().encode(form))
}

@Suite struct FormFileTests {
    /// Questions on lines from 2 on.
    private func refused(_ lines: [String], _ words: String, line: Int, rules: [String] = []) throws {
        var text = "questions:\n" + lines.map { "  - {ask: 问, label: 答, \($0)}\n" }.joined()
        if !rules.isEmpty {
            text += "eligibility:\n" + rules.map { "  - {text: 条件, advice: 建议, \($0)}\n" }.joined()
        }
        let found = try problems(text)
        #expect(
            found.contains { $0.line == line && $0.text.zh.contains(words) && !$0.text.en.isEmpty },
            "\(found.map { $0.message(in: .chinese) })")
    }

    @Test func conditionsLookBackOnly() throws {
        try refused(
            ["id: a, kind: yes_no, shown_if: [{question: b, is: \"yes\"}]", "id: b, kind: yes_no"], "排在“a”后面",
            line: 2)
        try refused(
            [
                "id: a, kind: yes_no, shown_if: [{question: b, is: \"yes\"}]",
                "id: b, kind: yes_no, shown_if: [{question: a, is: \"yes\"}]",
            ], "绕成了圈", line: 2)
        try refused(
            [
                "id: a, kind: yes_no, shown_if: [{question: c, is: \"yes\"}]",
                "id: b, kind: yes_no, shown_if: [{question: a, is: \"yes\"}]",
                "id: c, kind: yes_no, shown_if: [{question: b, is: \"yes\"}]",
            ], "绕成了圈", line: 2)
        try refused(["id: a, kind: yes_no, shown_if: [{question: a, is: \"yes\"}]"], "是它自己", line: 2)
        try refused(["id: a, kind: yes_no, shown_if: [{question: z, is: \"yes\"}]"], "没有编号是“z”", line: 2)
    }

    @Test func comparisonsFitTheKind() throws {
        let base = [
            "id: t, kind: text", "id: n, kind: number", "id: c, kind: choice, choices: {a: 甲, b: 乙}",
            "id: y, kind: yes_no",
        ]
        let wrong: [(String, String)] = [
            ("{question: t, is: x}", "不能这样比较"), ("{question: c, is: z}", "没有“z”"),
            ("{question: c, at_least: 1}", "不能这样比较"), ("{question: y, is: maybe}", "没有“maybe”"),
            ("{question: n, at_least: x}", "整数"), ("{question: n, at_least: [1, 2]}", "只写一个"),
            ("{question: \"age:t\", at_least: 6}", "看不出年龄"), ("{question: n}", "只写一个"),
            ("{question: n, at_least: 1, at_most: 2}", "只写一个"),
            ("{question: n, present: false}", "present只能写true"),
        ]
        for (condition, words) in wrong {
            try refused(base + ["id: q, kind: text, shown_if: [\(condition)]"], words, line: 6)
            try refused(base, words, line: 7, rules: ["id: r, needs: [\(condition)]"].map { $0 })
        }
    }

    @Test func slipsAreToldWithTheirLine() throws {
        let cases: [(String, String)] = [
            ("id: A, kind: text", "不能作编号"), ("id: q, kind: colour", "没有“colour”这种问题"),
            ("id: q, kind: choice", "choice要有choices"), ("id: q, kind: choice, choices: {a: 甲}", "选项应有2至"),
            ("id: q, kind: text, choices: {a: 甲, b: 乙}", "只有choice才写"),
            ("id: q, kind: text, min: 5, max: 4", "max比min小"),
            ("id: q, kind: yes_no, max: 4", "不用写max"), ("id: q, kind: text, earliest: today", "只有date才写"),
            ("id: q, kind: date, earliest: tomorrow", "日期写作"),
            ("id: q, kind: text, types: [image/jpeg]", "只有file才写"),
            ("id: q, kind: file, types: [image/png]", "不能收“image/png”"),
            ("id: q, kind: text, material: true", "只有file才是材料"),
            ("id: q, kind: text, colour: red", "不认识的键"), ("id: q, kind: file, known_as: paper", "不能共享答案"),
        ]
        for (words, problem) in cases { try refused([words], problem, line: 2) }
        try refused(["id: q, kind: text", "id: q, kind: text"], "已经用过", line: 3)
    }

    @Test func nobodyIsAskedForWhatTheStoreHolds() throws {
        for kind in ["name", "id_number", "phone", "address"] {
            try refused(["id: q, kind: \(kind)"], "不应让人再填", line: 2)
            let about = "questions:\n  - {id: q, kind: \(kind), about: other, ask: 问, label: 答}"
            #expect(try problems(about).isEmpty)
        }
        try refused(["id: q, kind: name, known_as: phone"], "类型是phone", line: 2)
        try refused(
            ["id: a, kind: phone, known_as: phone", "id: b, kind: phone, known_as: phone"], "问过同一件事", line: 3)
        for words in ["您的身份证号？", "联系电话", "您的姓名"] {
            let found = try problems("questions:\n  - {id: q, kind: text, ask: \(words), label: 答}")
            #expect(found.contains { $0.text.zh.contains("有专门类型") }, "\(words)")
        }
    }

    @Test func rulesRestOnAnswersThatHaveToBeThere() throws {
        try refused(
            ["id: a, kind: yes_no, optional: true"], "不能作为申请条件", line: 4,
            rules: ["id: r, needs: [{question: a, is: \"yes\"}]"])
        try refused(["id: a, kind: yes_no"], "needs（全部满足）", line: 4, rules: ["id: r"])
    }

    @Test func everyLimitHasTwoSides() throws {
        func lines(_ count: Int, _ words: (Int) -> String) -> String {
            "questions:\n" + (0..<count).map { "  - {id: q\($0), ask: 问, label: 答, \(words($0))}\n" }.joined()
        }
        #expect(try problems(lines(FormLimits.questions) { _ in "kind: text" }).isEmpty)
        #expect(try !problems(lines(FormLimits.questions + 1) { _ in "kind: text" }).isEmpty)
        #expect(try problems(lines(FormLimits.files) { _ in "kind: file" }).isEmpty)
        #expect(try !problems(lines(FormLimits.files + 1) { _ in "kind: file" }).isEmpty)
        func choices(_ count: Int) -> String {
            "kind: choice, choices: {" + (0..<count).map { "c\($0): 答" }.joined(separator: ", ") + "}"
        }
        #expect(try problems(lines(1) { _ in choices(FormLimits.choices) }).isEmpty)
        #expect(try !problems(lines(1) { _ in choices(FormLimits.choices + 1) }).isEmpty)
        func conditions(_ count: Int) -> String {
            "kind: text, shown_if: ["
                + (0..<count).map { _ in "{question: q0, present: true}" }.joined(separator: ", ") + "]"
        }
        #expect(try problems(lines(2) { $0 == 0 ? "kind: text" : conditions(FormLimits.conditions) }).isEmpty)
        #expect(
            try !problems(lines(2) { $0 == 0 ? "kind: text" : conditions(FormLimits.conditions + 1) }).isEmpty
        )
        func values(_ count: Int) -> String {
            let list = (0..<count).map { "\($0)" }.joined(separator: ", ")
            return "kind: text, shown_if: [{question: q0, is: [\(list)]}]"
        }
        #expect(
            try problems(lines(2) { $0 == 0 ? "kind: number" : values(FormLimits.conditionValues) }).isEmpty)
        #expect(
            try !problems(lines(2) { $0 == 0 ? "kind: number" : values(FormLimits.conditionValues + 1) })
                .isEmpty)
        func rules(_ count: Int) -> String {
            lines(1) { _ in "kind: yes_no" } + "eligibility:\n"
                + (0..<count).map {
                    "  - {id: r\($0), text: 条件, advice: 建议, needs: [{question: q0, is: \"yes\"}]}\n"
                }.joined()
        }
        #expect(try problems(rules(FormLimits.rules)).isEmpty)
        #expect(try !problems(rules(FormLimits.rules + 1)).isEmpty)
        let prompt = String(repeating: "问", count: FormLimits.promptCharacters)
        #expect(try problems("questions:\n  - {id: q, kind: text, label: 答, ask: \(prompt)}").isEmpty)
        #expect(try !problems("questions:\n  - {id: q, kind: text, label: 答, ask: \(prompt)问}").isEmpty)
    }

    @Test(arguments: [
        "questions: 5", "questions: {a: b}", "questions: []", "questions: [[[[]]]]", "questions: [~]",
        "questions:\n  - {id: q, kind: [text], ask: {zh: {zh: x}}, label: 答}",
        "questions:\n  - {id: q, kind: text, ask: 问, label: 答, shown_if: [5]}",
        "questions:\n  - {id: q, kind: text, ask: 问, label: 答, shown_if: {}}",
        "questions:\n  - {id: q, kind: number, min: -5, ask: 问, label: 答}",
        "questions:\n  - {id: q, kind: number, max: 99999999999999999999, ask: 问, label: 答}",
        "questions:\n  - {id: q, kind: text, min: 1, min: 2, ask: 问, label: 答}",
        "questions:\n  - {id: q, kind: text, ask: 问, label: 答}\neligibility: [x]",
    ])
    func hostileFilesAreRefusedAndHurtNobody(_ yaml: String) throws {
        #expect(try !problems(yaml).isEmpty)
    }
}
