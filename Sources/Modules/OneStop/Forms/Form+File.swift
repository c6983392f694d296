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
struct FormReader {
    var form: FormDefinition = FormDefinition()
    /// Where questions stand, by id.
    private(set) var places: [String: Int] = [:]
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
}
