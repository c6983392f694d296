import ArgumentParser
import Contract
import Kernel
import RPC

extension ConsoleOptions {
    /// Runs one verb on a case and shows what became of it.
    fileprivate func act<Request: Message & Sendable>(
        _ request: Request, number: String,
        _ verb:
            @escaping @Sendable (GrassrootsWorkV1.CaseServiceClient, Request, CallOptions) async throws ->
            GrassrootsWorkV1.Case
    ) async throws {
        try await withConsole { console in
            guard try console.confirmSending(request) else { return }
            let changed: GrassrootsWorkV1.Case = try await verb(console.cases, request, console.call)
            if console.printer.format == .table {
                console.printer.sayState(changed.number, changed.stateText, next: changed.nextOwner)
            } else {
                console.printer.one(changed, CaseColumns.whole(console.printer))
            }
        }
    }
}

extension CaseCommand {
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "上报（巡查、柜台、电话）Report a case",
            discussion: "替居民上报时写明 --reporter-name 和 --reporter-phone。Name the resident when you file for one."
        )
        @OptionGroup var options: ConsoleOptions
        @Option(help: "类别代号，见 case categories。Category id.") var category: String
        @Option(help: "网格或社区代码，见 grid find。Grid or community.") var grid: String
        @Option(help: "发现了什么。What was found.") var description: String
        @Option(help: "具体地点。Where exactly.") var place: String = ""
        @Option(help: "patrol 巡查、counter 柜台、phone 电话。How it came in.") var channel: Channel = .patrol
        @Option(help: "照片文件，可多次。Photo file; may be repeated.") var photo: [String] = []
        @Option(help: "替谁上报：姓名。For whom: name.") var reporterName: String = ""
        @Option(help: "替谁上报：手机号。For whom: phone.") var reporterPhone: String = ""

        enum Channel: String, ExpressibleByArgument, CaseIterable { case patrol, counter, phone }

        func run() async throws {
            let channels: [Channel: GrassrootsWorkV1.CaseChannel] = [
                .patrol: .patrol, .counter: .counter, .phone: .phone,
            ]
            try await options.withConsole { console in
                let request = GrassrootsWorkV1.CreateCaseRequest(
                    category: category, description: description, grid: Names.organization(grid),
                    place: place,
                    photos: try await console.upload(photos: photo), channel: channels[channel] ?? .patrol,
                    reporterPhone: reporterPhone, reporterName: reporterName,
                    requestID: console.newRequestID())
                guard try console.confirmSending(request) else { return }
                let made: GrassrootsWorkV1.Case = try await console.cases.createCase(
                    request, options: console.call)
                console.printer.one(made, CaseColumns.whole(console.printer))
            }
        }
    }

    struct Accept: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "受理立案 Accept a case")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var target: CaseTarget
        @Option(help: "更正类别。Correct the category.") var category: String = ""
        @Option(help: "备注。Note.") var note: String = ""

        func run() async throws {
            let request = GrassrootsWorkV1.AcceptCaseRequest(
                name: target.name, category: category, note: note, etag: target.etag,
                requestID: options.requestID())
            try await options.act(request, number: target.number) { try await $0.acceptCase($1, options: $2) }
        }
    }

    struct Decline: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "不予受理，并写明该找谁 Decline, and say who is responsible")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var target: CaseTarget
        @Option(help: "为什么。Why.") var reason: String
        @Option(help: "责任单位。Who is responsible instead.") var responsible: String

        func run() async throws {
            let request = GrassrootsWorkV1.DeclineCaseRequest(
                name: target.name, reason: reason, responsibleBody: responsible, etag: target.etag,
                requestID: options.requestID())
            try await options.act(request, number: target.number) {
                try await $0.declineCase($1, options: $2)
            }
        }
    }

    struct Merge: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "合并到主案 Merge into a main case")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var target: CaseTarget
        @Option(help: "主案编号。The main case.") var into: String

        func run() async throws {
            let main: String = into.hasPrefix("cases/") ? into : "cases/" + into
            let request = GrassrootsWorkV1.MergeCaseRequest(
                name: target.name, mainCase: main, etag: target.etag, requestID: options.requestID())
            try await options.act(request, number: target.number) { try await $0.mergeCase($1, options: $2) }
        }
    }

    struct Unmerge: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "取消合并，单独办理 Take out of its main case")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var target: CaseTarget
        @Option(help: "为什么不是同一件事，居民看得到。Why it is another matter; the resident reads it.")
        var reason: String

        func run() async throws {
            let request = GrassrootsWorkV1.UnmergeCaseRequest(
                name: target.name, reason: reason, etag: target.etag, requestID: options.requestID())
            try await options.act(request, number: target.number) {
                try await $0.unmergeCase($1, options: $2)
            }
        }
    }

    struct Forward: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "转派遣员 Pass on to the dispatcher")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var target: CaseTarget

        func run() async throws {
            let request = GrassrootsWorkV1.ForwardCaseRequest(
                name: target.name, etag: target.etag, requestID: options.requestID())
            try await options.act(request, number: target.number) {
                try await $0.forwardCase($1, options: $2)
            }
        }
    }

    struct Dispatch: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "派遣给部门或网格 Dispatch to a department or grid")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var target: CaseTarget
        @Option(help: "派给谁：机构代码，见 grid find。To whom.") var to: String
        @Option(help: "交代一句。Note to whoever handles it.") var note: String = ""

        func run() async throws {
            let request = GrassrootsWorkV1.DispatchCaseRequest(
                name: target.name, assignee: Names.organization(to), note: note, etag: target.etag,
                requestID: options.requestID())
            try await options.act(request, number: target.number) {
                try await $0.dispatchCase($1, options: $2)
            }
        }
    }

    struct Receive: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "签收 Receive a case")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var target: CaseTarget

        func run() async throws {
            let request = GrassrootsWorkV1.ReceiveCaseRequest(
                name: target.name, etag: target.etag, requestID: options.requestID())
            try await options.act(request, number: target.number) {
                try await $0.receiveCase($1, options: $2)
            }
        }
    }

    struct Return: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "退单 Return a case as not ours")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var target: CaseTarget
        @Option(help: "为什么不是我们的。Why it is not ours.") var reason: String
        @Option(help: "该归谁：机构代码。Whose it is.") var proposed: String

        func run() async throws {
            let request = GrassrootsWorkV1.ReturnCaseRequest(
                name: target.name, reason: reason, proposedBody: Names.organization(proposed),
                etag: target.etag, requestID: options.requestID())
            try await options.act(request, number: target.number) { try await $0.returnCase($1, options: $2) }
        }
    }

    struct ReviewReturn: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "审退单 Decide on a return")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var target: CaseTarget
        @OptionGroup var decision: DecisionOptions

        func run() async throws {
            let request = GrassrootsWorkV1.ReviewReturnRequest(
                name: target.name, approved: decision.approve, reason: decision.reason, etag: target.etag,
                requestID: options.requestID())
            try await options.act(request, number: target.number) {
                try await $0.reviewReturn($1, options: $2)
            }
        }
    }

    struct Handle: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "处置反馈 Say what was done")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var target: CaseTarget
        @Option(help: "做了什么。What was done.") var result: String
        @Option(help: "照片文件，可多次。Photo file; may be repeated.") var photo: [String] = []

        func run() async throws {
            var photos: [String] = []
            if !photo.isEmpty {
                try await options.withConsole { console in photos = try await console.upload(photos: photo) }
            }
            let request = GrassrootsWorkV1.HandleCaseRequest(
                name: target.name, result: result, photos: photos, etag: target.etag,
                requestID: options.requestID())
            try await options.act(request, number: target.number) { try await $0.handleCase($1, options: $2) }
        }
    }

    struct Suspend: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "缓办，停表 Suspend, with evidence; the clock stops")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var target: CaseTarget
        @Option(help: "为什么，居民看得到。Why; the resident reads it.") var reason: String
        @Option(help: "依据：文件名或文号。Evidence: a file or document number.") var evidence: String
        @Option(help: "最晚哪天恢复，如 2026-10-08。Goes on at the latest.") var until: String

        func run() async throws {
            let request = GrassrootsWorkV1.SuspendCaseRequest(
                name: target.name, reason: reason, evidence: evidence, resumeBy: try Times.parse(until),
                etag: target.etag, requestID: options.requestID())
            try await options.act(request, number: target.number) {
                try await $0.suspendCase($1, options: $2)
            }
        }
    }

    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "恢复办理 Go on after a suspension")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var target: CaseTarget
        @Option(help: "备注。Note.") var note: String = ""

        func run() async throws {
            let request = GrassrootsWorkV1.ResumeCaseRequest(
                name: target.name, note: note, etag: target.etag, requestID: options.requestID())
            try await options.act(request, number: target.number) { try await $0.resumeCase($1, options: $2) }
        }
    }

    struct Extend: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "申请延期 Ask for more time")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var target: CaseTarget
        @Option(help: "为什么。Why.") var reason: String
        @Option(help: "多久，如 5工作日 或 8工作时。How much more, such as 5d or 8h (working).") var by: String

        func run() async throws {
            let request = GrassrootsWorkV1.RequestExtensionRequest(
                name: target.name, reason: reason, extension: try Deadlines.parse(by), etag: target.etag,
                requestID: options.requestID())
            try await options.act(request, number: target.number) {
                try await $0.requestExtension($1, options: $2)
            }
        }
    }

    struct ReviewExtension: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "审延期 Decide on more time")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var target: CaseTarget
        @OptionGroup var decision: DecisionOptions

        func run() async throws {
            let request = GrassrootsWorkV1.ReviewExtensionRequest(
                name: target.name, approved: decision.approve, reason: decision.reason, etag: target.etag,
                requestID: options.requestID())
            try await options.act(request, number: target.number) {
                try await $0.reviewExtension($1, options: $2)
            }
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "核查 Verify what was done",
            discussion: "办理人不能核查自己的案件。Whoever handled a case cannot verify it.")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var target: CaseTarget
        @Flag(help: "pass 通过，fail 返工。Passed, or rework.") var outcome: Outcome
        @Option(help: "现场看到什么；返工必写。What was seen; needed for rework.") var note: String = ""
        @Flag(inversion: .prefixedNo, help: "反映属实（积分看这一项）。The report was true (points depend on it).")
        var confirmed: Bool = true

        enum Outcome: String, EnumerableFlag { case pass, fail }

        func run() async throws {
            let request = GrassrootsWorkV1.VerifyCaseRequest(
                name: target.name, passed: outcome == .pass, note: note, reportConfirmed: confirmed,
                etag: target.etag, requestID: options.requestID())
            try await options.act(request, number: target.number) { try await $0.verifyCase($1, options: $2) }
        }
    }

    struct Appeal: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "差评申诉，只能一次 Appeal a bad rating, once")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var target: CaseTarget
        @Option(help: "为什么评价有误。Why the rating is mistaken.") var reason: String
        @Option(help: "佐证：文件名或文号。Evidence: a file or document number.") var evidence: String

        func run() async throws {
            let request = GrassrootsWorkV1.AppealCaseRatingRequest(
                name: target.name, reason: reason, evidence: evidence, etag: target.etag,
                requestID: options.requestID())
            try await options.act(request, number: target.number) {
                try await $0.appealCaseRating($1, options: $2)
            }
        }
    }

    struct ReviewAppeal: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "审差评申诉 Decide on an appeal",
            discussion: "同意：评价不计，案件归档。不同意：继续整改。Yes: the rating does not count. No: put it right.")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var target: CaseTarget
        @OptionGroup var decision: DecisionOptions

        func run() async throws {
            let request = GrassrootsWorkV1.ReviewCaseRatingAppealRequest(
                name: target.name, upheld: decision.approve, reason: decision.reason, etag: target.etag,
                requestID: options.requestID())
            try await options.act(request, number: target.number) {
                try await $0.reviewCaseRatingAppeal($1, options: $2)
            }
        }
    }

    struct Archive: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "归档（评价期满）Archive when the time for rating is over")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var target: CaseTarget
        @Option(help: "备注。Note.") var note: String = ""

        func run() async throws {
            let request = GrassrootsWorkV1.ArchiveCaseRequest(
                name: target.name, note: note, etag: target.etag, requestID: options.requestID())
            try await options.act(request, number: target.number) {
                try await $0.archiveCase($1, options: $2)
            }
        }
    }
}

/// Yes or no, with the reason.
struct DecisionOptions: ParsableArguments {
    @Flag(inversion: .prefixedNo, help: "同意或不同意。Yes or no.") var approve: Bool
    @Option(help: "为什么。Why.") var reason: String
}
