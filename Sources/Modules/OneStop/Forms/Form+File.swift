import Kernel
import Platform

extension FormDefinition {
    /// Reads a form (ops/data/items/forms/README.md describes its words); problems are noted line by line.
    static func read(_ node: DataNode) -> FormDefinition {
        let fields: DataFields = node.fields(required: ["questions"], optional: ["intro", "eligibility"])
        var reader: FormReader = FormReader()
        reader.form.intro =
            fields["intro"]?.bilingual(maximum: FormLimits.introCharacters) ?? reader.form.intro
        if let questions = fields["questions"] { reader.readQuestions(questions) }
        if let rules = fields["eligibility"] { reader.readRules(rules) }
        return reader.form
    }
}

/// A form while it is read. Conditions are held against the whole form at the end, so that one on a later question is
/// told from one on a question that does not exist.
private struct FormReader {
    var form: FormDefinition = FormDefinition()
    private var places: [String: Int] = [:]
    private var knownAs: [String: String] = [:]

    // MARK: Questions

    mutating func readQuestions(_ node: DataNode) {
        let nodes: [DataNode] = node.list()
        guard (1...FormLimits.questions).contains(nodes.count) else {
            node.report(
                zh: "一张表单应有1至\(FormLimits.questions)个问题，这里有\(nodes.count)个。",
                en: "A form has 1 to \(FormLimits.questions) questions; here are \(nodes.count).")
            return
        }
        var conditions: [(index: Int, lists: [ReadCondition])] = []
        for node: DataNode in nodes {
            guard let (question, read) = question(node) else { continue }
            conditions.append((form.questions.count, read))
            form.questions.append(question)
        }
        for (index, question) in form.questions.enumerated() where places[question.id] == nil {
            places[question.id] = index
        }
        for entry in conditions {
            for condition in entry.lists { check(condition, asked: entry.index) }
        }
        let files: Int = form.questions.count { $0.kind == .file }
        if files > FormLimits.files {
            node.report(
                zh: "一张表单最多收\(FormLimits.files)份文件，这里有\(files)份。请合并。",
                en: "A form takes \(FormLimits.files) files at most; here are \(files). Join some.")
        }
    }

    private mutating func question(_ node: DataNode) -> (FormQuestion, [ReadCondition])? {
        let fields: DataFields = node.fields(
            required: ["id", "kind", "ask", "label"],
            optional: [
                "why", "min", "max", "earliest", "latest", "choices", "optional", "shown_if", "types",
                "material",
                "sensitive", "known_as", "about",
            ])
        let id: String = fields["id"]?.identifier() ?? ""
        if !id.isEmpty, form.questions.contains(where: { $0.id == id }) {
            fields["id"]?.report(zh: "编号“\(id)”已经用过，请换一个。", en: "The id '\(id)' is in use. Choose another.")
        }
        guard let kind = fields["kind"].flatMap(FormReader.kind) else { return nil }
        var question: FormQuestion = FormQuestion(
            id: id, kind: kind,
            prompt: fields["ask"]?.bilingual(maximum: FormLimits.promptCharacters)
                ?? BilingualText(zh: "", en: ""),
            label: fields["label"]?.bilingual(maximum: FormLimits.labelCharacters)
                ?? BilingualText(zh: "", en: ""))
        question.why = fields["why"]?.bilingual(maximum: FormLimits.whyCharacters) ?? question.why
        question.optional = fields["optional"]?.flag() ?? false
        question.sensitive = fields["sensitive"]?.flag() ?? false
        question.knownAs = fields["known_as"]?.identifier() ?? ""
        FormReader.readBounds(fields, &question)
        FormReader.readChoices(fields, &question, node)
        FormReader.readFile(fields, &question)
        let conditions: [ReadCondition] = fields["shown_if"].map(FormReader.conditions) ?? []
        question.shownIf = conditions.map(\.condition)
        checkBurden(question, fields, node)
        return (question, conditions)
    }

    private static func kind(_ node: DataNode) -> FormQuestion.Kind? {
        let word: String = node.text(maximum: 40)
        if let kind = FormQuestion.Kind.names[word] { return kind }
        let known: String = FormQuestion.Kind.names.keys.sorted().joined(separator: ", ")
        node.report(
            zh: "没有“\(word)”这种问题。可以写：\(known)。", en: "There is no kind '\(word)'. Write one of: \(known).")
        return nil
    }

    private static func readBounds(_ fields: DataFields, _ question: inout FormQuestion) {
        let widest: ClosedRange<Int64> = question.kind.standardBounds
        for key: String in ["min", "max"] {
            guard let node = fields[key] else { continue }
            guard question.kind.isBounded else {
                node.report(
                    zh: "“\(question.kind.word)”不用写\(key)。", en: "'\(question.kind.word)' takes no \(key).")
                continue
            }
            let value: Int64 = Int64(node.integer(in: Int(widest.lowerBound)...Int(widest.upperBound)))
            if key == "min" { question.minimum = value } else { question.maximum = value }
        }
        if let low = question.minimum, let high = question.maximum, low > high {
            fields["max"]?.report(zh: "max比min小，请核对。", en: "max is below min. Check both.")
        }
        for key: String in ["earliest", "latest"] {
            guard let node = fields[key] else { continue }
            guard question.kind == .date else {
                node.report(zh: "只有date才写\(key)。", en: "Only a date takes \(key).")
                continue
            }
            guard let day = FormDay(node.text(maximum: 20)) else {
                node.report(
                    zh: "日期写作2026-03-01，或today、today-180、today+30。",
                    en: "Write a day as 2026-03-01, or today, today-180, today+30.")
                continue
            }
            if key == "earliest" { question.earliest = day } else { question.latest = day }
        }
    }

    private static func readChoices(_ fields: DataFields, _ question: inout FormQuestion, _ owner: DataNode) {
        guard question.kind == .choice else {
            fields["choices"]?.report(zh: "只有choice才写choices。", en: "Only a choice takes choices.")
            return
        }
        guard let node = fields["choices"] else {
            owner.report(
                zh: "choice要有choices：写明可选的答案。",
                en: "A choice needs choices: write the answers to choose from.")
            return
        }
        question.choices = node.entries().map { value, node in
            if !isIdentifier(value) {
                node.report(
                    zh: "选项编号“\(value)”只用小写字母、数字和下划线，以字母开头。",
                    en: "The id '\(value)' of a choice: use a-z, 0-9 and underscore, beginning with a letter."
                )
            }
            return FormChoice(value: value, label: node.bilingual(maximum: FormLimits.choiceCharacters))
        }
        guard (2...FormLimits.choices).contains(question.choices.count) else {
            node.report(
                zh: "选项应有2至\(FormLimits.choices)个，这里有\(question.choices.count)个。",
                en: "There are 2 to \(FormLimits.choices) choices; here are \(question.choices.count).")
            return
        }
    }

    private static func isIdentifier(_ text: String) -> Bool {
        let letters: ClosedRange<Character> = "a"..."z"
        guard let first = text.first, letters.contains(first), text.count <= 40 else { return false }
        return text.allSatisfy { letters.contains($0) || ("0"..."9").contains($0) || $0 == "_" }
    }

    private static func readFile(_ fields: DataFields, _ question: inout FormQuestion) {
        question.material = fields["material"]?.flag() ?? (question.kind == .file)
        guard question.kind == .file else {
            fields["types"]?.report(zh: "只有file才写types。", en: "Only a file takes types.")
            if question.material {
                fields["material"]?.report(zh: "只有file才是材料。", en: "Only a file is a material.")
            }
            return
        }
        let known: [String] = FileRules.contentTypes.sorted()
        question.contentTypes =
            fields["types"]?.list().map { node in
                let type: String = node.text(maximum: 60)
                if !known.contains(type) {
                    node.report(
                        zh: "不能收“\(type)”。可以写：\(known.joined(separator: ", "))。",
                        en: "'\(type)' is not taken. Write: \(known.joined(separator: ", ")).")
                }
                return type
            } ?? known
    }

    // MARK: Burden

    /// What every account holds, and the kind of question that asks for it.
    private static let held: [String: FormQuestion.Kind] = [
        KnownKeys.name: .name, KnownKeys.idNumber: .idNumber, KnownKeys.phone: .phone,
        KnownKeys.home: .address,
    ]
    /// Words by which a free text asks for what has a kind of its own.
    private static let askedInWords: [(words: [String], kind: FormQuestion.Kind)] = [
        (["身份证号", "身份号码"], .idNumber), (["手机号", "联系电话", "电话号码"], .phone),
        (["姓名"], .name), (["住址", "家庭地址", "居住地址"], .address), (["银行卡号", "银行账号"], .bankAccount),
        (["信用代码"], .creditCode),
    ]

    /// A form must not ask for what the store holds: the question has to say under which name it is known, so that the
    /// answer is offered, or that it is about somebody else.
    private mutating func checkBurden(_ question: FormQuestion, _ fields: DataFields, _ node: DataNode) {
        var aboutOther: Bool = false
        if let about = fields["about"] {
            let word: String = about.text(maximum: 20)
            aboutOther = word == "other"
            if word != "other", word != "applicant" {
                about.report(zh: "about写applicant或other。", en: "about is applicant or other.")
            }
        }
        if !question.knownAs.isEmpty {
            if let kind = FormReader.held[question.knownAs], kind != question.kind {
                fields["known_as"]?.report(
                    zh: "“\(question.knownAs)”的类型是\(kind.word)。",
                    en: "'\(question.knownAs)' is of kind \(kind.word).")
            }
            if question.kind == .file || question.kind == .householdMember {
                fields["known_as"]?.report(
                    zh: "文件和家庭成员不能共享答案，请去掉known_as。",
                    en: "Files and people of the household are not shared. Remove known_as.")
            }
            if let first = knownAs.updateValue(question.id, forKey: question.knownAs) {
                fields["known_as"]?.report(
                    zh: "问题“\(first)”已经问过同一件事，请删去一个。", en: "'\(first)' asks for the same. Remove one.")
            }
            return
        }
        if FormReader.held.values.contains(question.kind), !aboutOther {
            let key: String = FormReader.held.first { $0.value == question.kind }?.key ?? ""
            node.report(
                zh: "系统已经存有办事人的这一项，不应让人再填。问本人请写known_as: \(key)；问别人请写about: other。",
                en: "The store holds this of whoever applies and must not ask again. Of the applicant, write "
                    + "known_as: \(key); of somebody else, write about: other.")
        }
        guard [.text, .longText, .number].contains(question.kind) else { return }
        let words: String = question.prompt.zh + question.label.zh
        for entry in FormReader.askedInWords where entry.words.contains(where: words.contains) {
            node.report(
                zh: "这是在用文字框问有专门类型的内容，请把kind改成\(entry.kind.word)，系统才能核对和预填。",
                en:
                    "This asks in free text for what has a kind of its own. Write kind: \(entry.kind.word), so that it is "
                    + "checked and offered.")
            return
        }
    }

    // MARK: Rules

    mutating func readRules(_ node: DataNode) {
        let nodes: [DataNode] = node.list()
        if nodes.count > FormLimits.rules {
            node.report(
                zh: "最多\(FormLimits.rules)条申请条件。", en: "There are \(FormLimits.rules) rules at most.")
        }
        for node: DataNode in nodes.prefix(FormLimits.rules) { readRule(node) }
    }

    private mutating func readRule(_ node: DataNode) {
        let fields: DataFields = node.fields(
            required: ["id", "text", "advice"], optional: ["basis", "when", "needs", "needs_one"])
        let id: String = fields["id"]?.identifier() ?? ""
        if !id.isEmpty, form.eligibility.contains(where: { $0.id == id }) {
            fields["id"]?.report(zh: "编号“\(id)”已经用过，请换一个。", en: "The id '\(id)' is in use. Choose another.")
        }
        if (fields["needs"] == nil) == (fields["needs_one"] == nil) {
            node.report(
                zh: "请写needs（全部满足）或needs_one（满足一项），只写一个。",
                en: "Write needs (all have to hold) or needs_one (one is enough), and only one of them.")
        }
        let when: [ReadCondition] = fields["when"].map(FormReader.conditions) ?? []
        let needs: [ReadCondition] = (fields["needs"] ?? fields["needs_one"]).map(FormReader.conditions) ?? []
        for condition in when + needs { check(condition, asked: nil) }
        for condition in needs {
            if let question = form.question(condition.condition.questionID), question.optional {
                condition.node.report(
                    zh: "“\(question.id)”可以不填，不能作为申请条件。请去掉它的optional。",
                    en: "'\(question.id)' may be left out, so no rule can rest on it. Remove its optional.")
            }
        }
        form.eligibility.append(
            EligibilityRule(
                id: id,
                text: fields["text"]?.bilingual(maximum: FormLimits.ruleCharacters)
                    ?? BilingualText(zh: "", en: ""),
                advice: fields["advice"]?.bilingual(maximum: FormLimits.ruleCharacters)
                    ?? BilingualText(zh: "", en: ""),
                legalBasis: fields["basis"]?.text(maximum: FormLimits.basisCharacters) ?? "",
                when: when.map(\.condition), needs: needs.map(\.condition),
                needsOne: fields["needs_one"] != nil))
    }

    // MARK: Conditions

    private struct ReadCondition {
        let condition: FormCondition
        let node: DataNode
    }

    private static let comparisons: [(key: String, comparison: FormCondition.Comparison)] = [
        ("is", .isOneOf), ("is_not", .isNoneOf), ("at_least", .atLeast), ("at_most", .atMost),
        ("present", .isPresent),
    ]

    private static func conditions(_ node: DataNode) -> [ReadCondition] {
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
    private func check(_ read: ReadCondition, asked: Int?) {
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
