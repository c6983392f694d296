import ArgumentParser
import Contract
import Kernel
import RPC

/// `linlictl application …`: what residents have applied for, for departments and counters.
struct ApplicationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "application",
        abstract: "办件 Applications",
        discussion: """
            例子 A department's day:
              linlictl application list --mine
              linlictl application show BJ-260501-00012-7
              linlictl application accept BJ-260501-00012-7
              linlictl application request-supplement BJ-260501-00012-7 --question account --point 银行卡号看不清，请重填
              linlictl application decide BJ-260501-00012-7 --grant --reason 符合规定
              linlictl application deliver BJ-260501-00012-7 --how 转账到本人银行卡
            替委托人办 For whoever gave a mandate (linlictl mandate list):
              linlictl application form 140500-G-012 --mandate 019e…
              linlictl application submit 140500-G-012 --mandate 019e… --known phone --answer city=晋城
            """,
        subcommands: [
            List.self, Show.self, Accept.self, RequestSupplement.self, Reject.self, StartProcedure.self,
            EndProcedure.self, Decide.self, Deliver.self, ConfirmFee.self, Reveal.self, Form.self,
            Submit.self,
            Supplement.self, Withdraw.self, Urge.self,
        ])
}

/// Columns of an application, short for lists and whole for one.
enum ApplicationColumns {
    typealias Application = OneStopV1.Application

    static func short(_ language: Language) -> [Column<Application>] {
        [
            Column("number", "编号") { $0.number },
            Column("state", "状态") { language.text($0.stateText) },
            Column("item", "事项") { $0.itemText },
            Column("applicant", "申请人") { $0.applicantText },
            Column("department", "部门") { $0.departmentText },
            // Before it is taken on nothing is promised yet, and the limit for taking it on runs.
            Column("due", "期限") { Deadlines.short($0.deadline ?? $0.statutoryDeadline, language) },
            Column("created", "收件") { Times.text($0.createTime) },
        ]
    }

    static func whole(_ language: Language) -> [Column<Application>] {
        let state: [Column<Application>] = [
            Column("number", "编号") { $0.number },
            Column("state", "状态") { language.text($0.stateText) },
            Column("next_owner", "下一步由谁") { language.text($0.nextOwner) },
            Column("available_actions", "现在可以") { (row: Application) -> Cell in
                .list(row.availableActions.map { $0.replacing("_", with: "-") })
            },
            Column("item", "事项") { "\($0.itemText)　\($0.item)　第\($0.itemRevision)版" },
            Column("applicant", "申请人") { $0.applicantText },
            Column("agent", "代办人") { $0.agentText },
            Column("department", "部门") { "\($0.departmentText)　\($0.department)" },
            Column("promised", "承诺期限") { Deadlines.long($0.deadline, language) },
            Column("statutory", "法定期限") { Deadlines.long($0.statutoryDeadline, language) },
        ]
        let content: [Column<Application>] = [
            Column("answers", "填写") { (row: Application) -> Cell in
                .list(
                    row.answers.map { answer in
                        let file: String = answer.file.isEmpty ? "" : "（\(answer.file)）"
                        return "\(answer.question) \(language.text(answer.label))：\(answer.shown)\(file)"
                    })
            },
            Column("supplement", "补正") { (row: Application) -> Cell in .list(row.supplement?.points ?? []) },
            Column("procedures", "特别程序") { (row: Application) -> Cell in
                .list(
                    row.specialProcedures.map { run in
                        "\(run.note) \(Times.text(run.startTime)) – \(Times.text(run.endTime)) \(run.result)"
                    })
            },
            Column("decision", "决定") { row in
                guard let decision = row.decision else { return "" }
                return (decision.granted ? "准予 granted" : "不予许可 refused") + " \(decision.reason)"
            },
            Column("fee", "收费") { row in
                guard let fee = row.fee else { return "" }
                let paid: String = fee.paidTime == nil ? "未缴 due" : "已缴 paid"
                return "\(fee.label) \(Fen(fee.amountFen)) \(fee.number) \(paid)"
            },
            Column("certificate", "证明") { $0.certificate },
            Column("rule_changes", "规则变化") { (row: Application) -> Cell in
                .list(row.ruleChanges.map { "\(language.text($0.subject))：\($0.oldText) → \($0.newText)" })
            },
            Column("events", "经过") { (row: Application) -> Cell in
                .list(
                    row.events.map { event in
                        let note: String = event.note.isEmpty ? "" : "（\(event.note)）"
                        return
                            "\(Times.text(event.time)) \(event.actorText) \(language.text(event.text))\(note)"
                    })
            },
            Column("etag", "版本") { $0.etag },
        ]
        return state + content
    }
}

/// The application that a verb is about.
struct ApplicationTarget: ParsableArguments {
    @Argument(help: "办件编号；空格和短横线可有可无。Number; spaces and hyphens do not matter.") var number: String
    @Option(name: .customLong("etag"), help: "只在版本没变时才做。Act only on this version.") var etag: String = ""

    var name: String { number.hasPrefix("applications/") ? number : "applications/" + number }
}

extension ConsoleOptions {
    /// One verb on an application: one line that says what became of it, or the whole for scripts.
    func act<Request: Message & Sendable>(
        _ request: Request,
        _ verb:
            @escaping @Sendable (OneStopV1.ApplicationServiceClient, Request, CallOptions) async throws ->
            OneStopV1.Application
    ) async throws {
        try await send(request) { (changed: OneStopV1.Application, console) in
            guard console.printer.format == .table else {
                return console.printer.one(changed, ApplicationColumns.whole(console.printer.language))
            }
            console.printer.sayState(changed.number, changed.stateText, next: changed.nextOwner)
        } _: { console, request, call in
            try await verb(console.applications, request, call)
        }
    }
}

extension ApplicationCommand {
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "列出办件 List applications, newest first")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var page: PageOptions
        @Flag(help: "只看等我办的。Only those that wait for me.") var mine: Bool = false
        @Option(help: "只看这个事项。Only of this item.") var item: String = ""

        func run() async throws {
            try await options.withConsole { console in
                let rows: [OneStopV1.Application] = try await page.collect { size, token in
                    let answer: OneStopV1.ListApplicationsResponse = try await console.applications
                        .listApplications(
                            .init(mine: mine, item: Names.item(item), pageSize: size, pageToken: token),
                            options: console.call)
                    return (answer.applications, answer.nextPageToken)
                }
                console.printer.list(
                    rows, ApplicationColumns.short(console.printer.language),
                    empty: ("没有办件。", "There are no applications."))
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "看一件：经过、期限、填写的内容（遮盖）Show one, with its clocks and masked answers")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var target: ApplicationTarget

        func run() async throws {
            try await options.withConsole { console in
                let found: OneStopV1.Application = try await console.applications.getApplication(
                    .init(name: target.name), options: console.call)
                console.printer.one(found, ApplicationColumns.whole(console.printer.language))
            }
        }
    }

    struct Accept: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "受理 Take on")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var target: ApplicationTarget
        @Option(help: "说明。Note.") var note: String = ""

        func run() async throws {
            let request = OneStopV1.AcceptApplicationRequest(
                name: target.name, note: note, etag: target.etag, requestID: options.requestID())
            try await options.act(request) { try await $0.acceptApplication($1, options: $2) }
        }
    }

    struct RequestSupplement: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "一次性告知补正 Ask, once, for all that is missing")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var target: ApplicationTarget
        @Option(help: "补正什么，可多次。What is missing; may be repeated.") var point: [String]
        @Option(help: "重填哪个问题（show 里的代号），可多次。Question to answer again.") var question: [String] = []

        func run() async throws {
            let request = OneStopV1.RequestSupplementRequest(
                name: target.name, questions: question, points: point, etag: target.etag,
                requestID: options.requestID())
            try await options.act(request) { try await $0.requestSupplement($1, options: $2) }
        }
    }

    struct Reject: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "不予受理，并写明该找谁 Do not take on, and say who is responsible")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var target: ApplicationTarget
        @Option(help: "为什么。Why.") var reason: String
        @Option(help: "责任单位。Who is responsible instead.") var responsible: String = ""

        func run() async throws {
            let request = OneStopV1.RejectApplicationRequest(
                name: target.name, reason: reason, responsibleBody: responsible, etag: target.etag,
                requestID: options.requestID())
            try await options.act(request) { try await $0.rejectApplication($1, options: $2) }
        }
    }

    struct StartProcedure: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "进入特别程序，停表 Stop the clock for a special procedure")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var target: ApplicationTarget
        @Option(help: "听证 hearing、专家评审 expert-review、考试 exam、检验 inspection、公示 publication。Kind.")
        var kind: Kind
        @Option(help: "事由和安排，申请人看得到。Why and how; the applicant reads it.") var note: String

        enum Kind: String, ExpressibleByArgument, CaseIterable {
            case hearing
            case expertReview = "expert-review"
            case exam, inspection, publication

            var wire: OneStopV1.SpecialProcedureKind {
                switch self {
                case .hearing: .hearing
                case .expertReview: .expertReview
                case .exam: .exam
                case .inspection: .inspection
                case .publication: .publication
                }
            }
        }

        func run() async throws {
            let request = OneStopV1.StartSpecialProcedureRequest(
                name: target.name, kind: kind.wire, note: note, etag: target.etag,
                requestID: options.requestID())
            try await options.act(request) { try await $0.startSpecialProcedure($1, options: $2) }
        }
    }

    struct EndProcedure: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "特别程序结束，继续计时 Let the clock go on")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var target: ApplicationTarget
        @Option(help: "结果。What came of it.") var result: String

        func run() async throws {
            let request = OneStopV1.EndSpecialProcedureRequest(
                name: target.name, result: result, etag: target.etag, requestID: options.requestID())
            try await options.act(request) { try await $0.endSpecialProcedure($1, options: $2) }
        }
    }

    struct Decide: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "决定：准予或不予 Grant or refuse")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var target: ApplicationTarget
        @Flag(help: "grant 准予，refuse 不予。Grant or refuse.") var outcome: Outcome
        @Option(help: "理由；不予必写，并写明救济途径。Reasons; needed for a refusal.") var reason: String = ""

        enum Outcome: String, EnumerableFlag { case grant, refuse }

        func run() async throws {
            let request = OneStopV1.DecideApplicationRequest(
                name: target.name, granted: outcome == .grant, reason: reason, etag: target.etag,
                requestID: options.requestID())
            try await options.act(request) { try await $0.decideApplication($1, options: $2) }
        }
    }

    struct Deliver: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "送达 Say how the result was delivered")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var target: ApplicationTarget
        @Option(help: "怎么送达：窗口领取、邮寄单号、电子。How.") var how: String

        func run() async throws {
            let request = OneStopV1.DeliverResultRequest(
                name: target.name, delivery: how, etag: target.etag, requestID: options.requestID())
            try await options.act(request) { try await $0.deliverResult($1, options: $2) }
        }
    }

    struct ConfirmFee: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "窗口收费 The counter took the fee")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "缴费单编号。Number of the voucher.") var voucher: String

        func run() async throws {
            let request = OneStopV1.ConfirmFeeRequest(voucher: voucher, requestID: options.requestID())
            try await options.act(request) { try await $0.confirmFee($1, options: $2) }
        }
    }

    struct Reveal: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "看一项原文，会记下并告知申请人 See an answer in the clear; it is logged and told",
            discussion: """
                目的写清楚，申请人看得到。材料得到 files/编号，再用 file download 下载。
                The applicant reads the purpose. A material gives files/ID for file download.
                """)
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var target: ApplicationTarget
        @Option(help: "哪个问题（show 里的代号）。Id of the question.") var question: String
        @Option(help: "为什么要看。Why.") var purpose: String

        func run() async throws {
            try await options.withConsole { console in
                let answer: OneStopV1.RevealAnswerResponse = try await console.applications.revealAnswer(
                    .init(name: target.name, question: question, purpose: purpose), options: console.call)
                console.printer.one(
                    answer, [Column("value", "内容") { (row: OneStopV1.RevealAnswerResponse) in row.value }])
            }
        }
    }
}
