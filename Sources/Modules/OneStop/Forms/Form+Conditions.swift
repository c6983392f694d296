import Kernel
import Platform

// Conditions of a form, read and held against the whole form.

extension FormReader {
    /// A condition, and where it stands.
    struct ReadCondition {
        let condition: FormCondition
        let node: DataNode
    }

    private static let comparisons: [(key: String, comparison: FormCondition.Comparison)] = [
        ("is", .isOneOf), ("is_not", .isNoneOf), ("at_least", .atLeast), ("at_most", .atMost),
        ("present", .isPresent),
    ]

    static func conditions(_ node: DataNode) -> [ReadCondition] {
        let nodes: [DataNode] = node.isMapping ? [node] : node.list()
        if nodes.count > FormLimits.conditions {
            node.report(
                zh: "最多\(FormLimits.conditions)个条件。",
                en: "There are \(FormLimits.conditions) conditions at most.")
        }
        return nodes.prefix(FormLimits.conditions).compactMap(condition)
    }

    private static func condition(_ node: DataNode) -> ReadCondition? {
        let fields: DataFields = node.fields(required: ["question"], optional: comparisons.map(\.key))
        let written: [(key: String, comparison: FormCondition.Comparison)] = comparisons.filter {
            fields[$0.key] != nil
        }
        guard let question = fields["question"]?.text(maximum: 68), !question.isEmpty, written.count == 1,
            let operand = fields[written[0].key]
        else {
            if written.count != 1 {
                node.report(
                    zh: "请写明怎么比：is、is_not、at_least、at_most或present，只写一个。",
                    en: "Say how to compare: one of is, is_not, at_least, at_most, present.")
            }
            return nil
        }
        var values: [String] = []
        if written[0].comparison == .isPresent {
            if !operand.flag() { operand.report(zh: "present只能写true。", en: "present is true.") }
        } else {
            values = operand.texts(maximum: 60)
        }
        if values.count > FormLimits.conditionValues {
            operand.report(
                zh: "一个条件最多\(FormLimits.conditionValues)个值。",
                en: "A condition has \(FormLimits.conditionValues) values at most.")
        }
        return ReadCondition(
            condition: FormCondition(
                question: question, comparison: written[0].comparison,
                values: Array(values.prefix(FormLimits.conditionValues))),
            node: node)
    }

    /// Holds a condition against the form.
    ///
    /// - Parameter asked: place of the question that it belongs to; nil for a rule of eligibility, which may look at all.
    func check(_ read: ReadCondition, asked: Int?) {
        let id: String = read.condition.questionID
        guard let place = places[id] else {
            read.node.report(
                zh: "没有编号是“\(id)”的问题，请核对。", en: "There is no question '\(id)'. Check the id.")
            return
        }
        if let asked, place >= asked {
            reportOrder(read.node, from: asked, to: place)
            return
        }
        checkComparison(read, form.questions[place])
    }

    private func reportOrder(_ node: DataNode, from asked: Int, to place: Int) {
        let own: String = form.questions[asked].id
        let other: String = form.questions[place].id
        if place == asked {
            node.report(
                zh: "“\(own)”的出现条件是它自己，永远问不到。", en: "'\(own)' depends on itself and would never be asked.")
        } else if depends(place, on: asked, seen: []) {
            node.report(
                zh: "“\(own)”和“\(other)”互相依赖，绕成了圈，谁也问不到。请去掉其中一个条件。",
                en: "'\(own)' and '\(other)' depend on each other in a circle. Remove one of the conditions.")
        } else {
            node.report(
                zh: "“\(other)”排在“\(own)”后面，那时还没有答案。请把它移到前面。",
                en: "'\(other)' is asked after '\(own)' and has no answer by then. Move it before.")
        }
    }

    private func depends(_ place: Int, on target: Int, seen: Set<Int>) -> Bool {
        if place == target { return true }
        guard !seen.contains(place) else { return false }
        return form.questions[place].shownIf.contains { condition in
            guard let next = places[condition.questionID] else { return false }
            return depends(next, on: target, seen: seen.union([place]))
        }
    }

    private func checkComparison(_ read: ReadCondition, _ question: FormQuestion) {
        let condition: FormCondition = read.condition
        if condition.isAge {
            guard [.idNumber, .date, .householdMember].contains(question.kind) else {
                read.node.report(
                    zh: "“\(question.id)”看不出年龄。age:后面只能是身份证号、出生日期或家庭成员的问题。",
                    en:
                        "'\(question.id)' tells no age: only an ID number, a birth date or a household member does."
                )
                return
            }
            checkNumbers(read, 0...FormLimits.age)
            return
        }
        switch (condition.comparison, question.kind) {
        case (.isPresent, _): return
        case (.isOneOf, .choice), (.isNoneOf, .choice):
            checkValues(read, Set(question.choices.map(\.value)))
        case (.isOneOf, .yesNo), (.isNoneOf, .yesNo): checkValues(read, ["yes", "no"])
        case (.isOneOf, .householdMember), (.isNoneOf, .householdMember):
            checkValues(read, [FormPerson.selfName])
        case (_, .number), (_, .money): checkNumbers(read, question.kind.standardBounds)
        default:
            read.node.report(
                zh: "“\(question.id)”是\(question.kind.word)，不能这样比较。文字和日期只能用present。",
                en:
                    "'\(question.id)' is of kind \(question.kind.word), which cannot be compared like this; texts and days "
                    + "take present only.")
        }
    }

    private func checkValues(_ read: ReadCondition, _ known: Set<String>) {
        let wrong: [String] = read.condition.values.filter { !known.contains($0) }
        guard wrong.isEmpty, !read.condition.values.isEmpty else {
            let list: String = known.sorted().joined(separator: ", ")
            read.node.report(
                zh: "没有“\(wrong.joined(separator: "、"))”这个答案。可以写：\(list)。",
                en: "'\(wrong.joined(separator: ", "))' is no answer. Write: \(list).")
            return
        }
    }

    private func checkNumbers(_ read: ReadCondition, _ range: ClosedRange<Int64>) {
        let values: [String] = read.condition.values
        let single: Bool = read.condition.comparison == .atLeast || read.condition.comparison == .atMost
        if read.condition.comparison == .isPresent { return }
        guard !values.isEmpty, !single || values.count == 1,
            values.allSatisfy({ value in Int64(value).map(range.contains) ?? false })
        else {
            read.node.report(
                zh: "这里应写\(range.lowerBound)到\(range.upperBound)的整数\(single ? "，只写一个" : "")。",
                en: "Write \(single ? "one whole number" : "whole numbers") from \(range.lowerBound) to "
                    + "\(range.upperBound).")
            return
        }
    }
}
