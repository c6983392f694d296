import ArgumentParser
import Client
import Contract
import Kernel
import RPC

// What a counter or a grid worker does for somebody who gave a mandate 帮办代办: from the form to the withdrawal.

/// Answers to a form, as they are typed on a command line.
struct AnswerOptions: ParsableArguments {
    @Option(help: "回答，写成 问题=内容，可多次。An answer, QUESTION=VALUE; may be repeated.") var answer: [String] = []
    @Option(help: "用已有的内容回答这个问题，可多次。Take what is known already for this question.") var known: [String] = []
    @Option(help: "上传文件回答，写成 问题=路径，可多次。A file, QUESTION=PATH.", completion: .file())
    var file: [String] = []

    func validate() throws {
        for text: String in answer + file { _ = try AnswerOptions.parts(text) }
    }

    /// `a=b=c` is the answer `b=c` to `a`; `\n` in it is a line end.
    static func parts(_ text: String) throws -> (question: String, value: String) {
        let parts: [Substring] = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else {
            throw ValidationError("「\(text)」请写成 问题=内容，问题的代号看 application form。Write QUESTION=VALUE.")
        }
        return (String(parts[0]).trimmed(), String(parts[1]).replacing("\\n", with: "\n"))
    }

    /// Uploads the files, which belong to nobody until the application takes them.
    func messages(_ console: Console) async throws -> [OneStopV1.FormAnswer] {
        var answers: [OneStopV1.FormAnswer] = try answer.map { text in
            let (question, value): (String, String) = try AnswerOptions.parts(text)
            return OneStopV1.FormAnswer(question: question, value: value)
        }
        answers += known.map { OneStopV1.FormAnswer(question: $0, fromKnown: true) }
        for text: String in file {
            let (question, path): (String, String) = try AnswerOptions.parts(text)
            let name: String = try await console.upload(file: path)
            answers.append(OneStopV1.FormAnswer(question: question, value: name))
        }
        return answers
    }
}

/// An item, and for whom.
struct AgentTarget: ParsableArguments {
    @Argument(help: "事项编号（item find）。Id of the item.") var item: String
    @Option(help: "谁的委托（mandate list）。Mandate to act by.") var mandate: String

    var mandateName: String { Names.mandate(mandate) }
}

extension ApplicationCommand {
    static func questionColumns(_ answer: OneStopV1.GetFormResponse, _ language: Language)
        -> [Column<OneStopV1.FormQuestion>]
    {
        [
            Column("question", "问题") { $0.id },
            Column("prompt", "问什么") { language.text($0.prompt) },
            Column("kind", "怎么写") { FormWords.kind($0, language) },
            Column("optional", "可不填") { (row: OneStopV1.FormQuestion) -> Cell in .flag(row.optional) },
            Column("asked_if", "只在什么时候问") { (row: OneStopV1.FormQuestion) -> Cell in
                .list(row.shownIf.map { FormWords.condition($0) })
            },
            Column("known", "已有") { row in
                answer.knownAnswers.first { $0.question == row.id }?.shown ?? ""
            },
        ]
    }

    struct Form: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "看要填什么：问题、怎么写、已有的内容 What is asked, how it is written, what is known")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var target: AgentTarget

        func run() async throws {
            try await options.withConsole { console in
                let answer: OneStopV1.GetFormResponse = try await console.applications.getForm(
                    .init(item: Names.item(target.item), mandate: target.mandateName), options: console.call)
                let title: String = answer.form?.title ?? ""
                console.printer.say(
                    "替\(answer.applicantText)办：\(title)", "For \(answer.applicantText): \(title)")
                for rule: OneStopV1.EligibilityRule in answer.form?.eligibility ?? [] {
                    console.printer.say(
                        "· \(Language.chinese.text(rule.text))", "· \(Language.english.text(rule.text))")
                }
                console.printer.list(
                    answer.form?.questions ?? [],
                    ApplicationCommand.questionColumns(answer, console.printer.language),
                    empty: ("不用填什么。", "Nothing is asked."))
            }
        }
    }

    struct Submit: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "替委托人申请 Apply for whoever gave a mandate",
            discussion: """
                例子 linlictl application submit 140500-G-012 --mandate 019e… --answer city=晋城 --known phone --file lease=合同.pdf
                先检查填写的内容，有问题一次说完，什么都不交。All problems are told at once, and nothing is sent.
                """)
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var target: AgentTarget
        @OptionGroup var answers: AnswerOptions
        @Option(help: "取号的编号，办完评价用。The ticket that called the person.") var ticket: String = ""

        func run() async throws {
            try await options.withConsole { console in
                let item: String = Names.item(target.item)
                let form: OneStopV1.GetFormResponse = try await console.applications.getForm(
                    .init(item: item, mandate: target.mandateName), options: console.call)
                let revision: Int32 = form.form?.revision ?? 0
                let given: [OneStopV1.FormAnswer] = try await answers.messages(console)
                if !console.isDryRun {
                    let check: OneStopV1.CheckAnswersResponse = try await console.applications.checkAnswers(
                        .init(item: item, revision: revision, answers: given, mandate: target.mandateName),
                        options: console.call)
                    try FormWords.fail(check, form.form, console)
                }
                let request = OneStopV1.SubmitApplicationRequest(
                    item: item, revision: revision, answers: given, mandate: target.mandateName,
                    ticket: ticket,
                    requestID: console.newRequestID())
                guard try console.confirmSending(request) else { return }
                let made: OneStopV1.Application = try await console.applications.submitApplication(
                    request, options: console.call)
                console.printer.one(made, ApplicationColumns.whole(console.printer.language))
            }
        }
    }

    struct Supplement: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "替委托人补正 Hand in what was asked for")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var target: ApplicationTarget
        @OptionGroup var answers: AnswerOptions
        @Option(help: "说明。Note.") var note: String = ""

        func run() async throws {
            try await options.withConsole { console in
                let request = OneStopV1.SupplementApplicationRequest(
                    name: target.name, answers: try await answers.messages(console), note: note,
                    requestID: console.newRequestID())
                guard try console.confirmSending(request) else { return }
                let changed: OneStopV1.Application = try await console.applications.supplementApplication(
                    request, options: console.call)
                console.printer.one(changed, ApplicationColumns.whole(console.printer.language))
            }
        }
    }

    struct Withdraw: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "替委托人撤回 Take it back before the decision")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var target: ApplicationTarget
        @Option(help: "为什么。Why.") var reason: String = ""

        func run() async throws {
            let request = OneStopV1.WithdrawApplicationRequest(
                name: target.name, reason: reason, requestID: options.requestID())
            try await options.act(request) { try await $0.withdrawApplication($1, options: $2) }
        }
    }

    struct Urge: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "替委托人催办 Urge; the deadline stays")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var target: ApplicationTarget

        func run() async throws {
            let request = OneStopV1.UrgeApplicationRequest(
                name: target.name, requestID: options.requestID())
            try await options.act(request) { try await $0.urgeApplication($1, options: $2) }
        }
    }
}

/// Questions of a form in words.
enum FormWords {
    /// How a value is written, short enough for a table.
    static func kind(_ question: OneStopV1.FormQuestion, _ language: Language) -> String {
        let english: Bool = language == .english
        switch question.kind {
        case .choice:
            return question.choices.map { "\($0.value) \(language.text($0.label))" }.joined(separator: " / ")
        case .yesNo: return "yes / no"
        case .date: return "2026-03-01"
        case .money: return english ? "fen" : "分"
        case .number:
            return "\(question.minimum)–\(question.maximum)"
        case .idNumber: return english ? "ID number" : "身份证号"
        case .phone: return english ? "phone" : "电话"
        case .name: return english ? "name" : "姓名"
        case .creditCode: return english ? "credit code" : "统一社会信用代码"
        case .bankAccount: return english ? "bank account" : "银行账号"
        case .householdMember: return english ? "self or householdMembers/ID" : "self 或 householdMembers/编号"
        case .address: return english ? "organizations/CODE\\nthe rest" : "organizations/代码\\n门牌"
        case .file:
            return "--file（\(question.contentTypes.joined(separator: "、"))）"
        case .text, .longText:
            return english
                ? "\(question.minimum)–\(question.maximum) characters"
                : "\(question.minimum)–\(question.maximum) 字"
        case .unspecified, .unrecognized: return ""
        }
    }

    static func condition(_ condition: OneStopV1.FormCondition) -> String {
        let mark: String
        switch condition.operator {
        case .is: mark = "="
        case .isNot: mark = "≠"
        case .atLeast: mark = "≥"
        case .atMost: mark = "≤"
        case .present: return "\(condition.question) ✓"
        case .unspecified, .unrecognized: mark = "?"
        }
        return condition.question + mark + condition.values.joined(separator: "|")
    }

    /// Ends the command with all that is wrong, one line each.
    static func fail(
        _ check: OneStopV1.CheckAnswersResponse, _ form: OneStopV1.Form?, _ console: Console
    ) throws {
        let language: Language = console.printer.language
        var lines: [String] = check.problems.map { "  \($0.question)：\(language.text($0.text))" }
        lines += check.failedRules.map { rule in
            let basis: String = rule.legalBasis.isEmpty ? "" : "（\(rule.legalBasis)）"
            return "  \(language.text(rule.text))\(basis) \(language.text(rule.advice))"
        }
        if lines.isEmpty, !check.nextQuestion.isEmpty {
            let prompt: PlatformV1.Text? = form?.questions.first { $0.id == check.nextQuestion }?.prompt
            lines.append("  \(check.nextQuestion)：\(language.text(prompt))")
        }
        guard !lines.isEmpty else { return }
        let all: String = lines.joined(separator: "\n")
        throw Failure(
            exitCode: .failed, zh: "还不能交，下面这些要先改好：\n\(all)",
            en: "It cannot be sent yet. Mend these first:\n\(all)", language: language)
    }
}
