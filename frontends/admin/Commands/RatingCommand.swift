import ArgumentParser
import Contract
import Kernel
import RPC

/// `linlictl rating …`: what people think of departments, and what departments make of it.
struct RatingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rating", abstract: "好差评 Ratings of services",
        subcommands: [
            List.self, Show.self, Rectify.self, Appeal.self, Review.self, Departments.self,
        ])
}

/// Columns of ratings.
enum RatingColumns {
    typealias Rating = OneStopV1.Rating

    static func short(_ printer: Printer) -> [Column<Rating>] {
        let language: Language = printer.language
        return [
            Column("name", "编号") { $0.name },
            Column("grade", "评价") { "\($0.grade) " + language.text($0.gradeText) },
            Column("state", "状态") { language.text($0.stateText) },
            Column("due", "期限") { Deadlines.short($0.deadline, language) },
            Column("late", "逾期") { $0.late ? "✓" : "" },
            Column("subject", "事项") { $0.subjectText },
            Column("comment", "意见") { $0.comment },
        ]
    }

    static func whole(_ printer: Printer) -> [Column<Rating>] {
        let language: Language = printer.language
        return [
            Column("name", "编号") { $0.name },
            Column("grade", "评价") { "\($0.grade) " + language.text($0.gradeText) },
            Column("comment", "意见") { $0.comment },
            Column("subject", "事项") { $0.subjectText },
            Column("department", "部门") { $0.department + " " + $0.departmentText },
            Column("state", "状态") { language.text($0.stateText) },
            Column("due", "整改期限") { Deadlines.long($0.deadline, language) },
            Column("late", "逾期") { (row: Rating) -> Cell in .flag(row.late) },
            Column("rectification", "整改情况") { $0.rectification },
            Column("rectify_time", "整改时间") { Times.text($0.rectifyTime) },
            Column("appeal_reason", "申诉理由") { $0.appealReason },
            Column("appeal_decision", "申诉结论") { $0.appealDecision },
            Column("follow_up", "回访") { row in
                guard row.followedUp else { return "" }
                return language == .english
                    ? (row.confirmed ? "satisfied" : "not satisfied") : (row.confirmed ? "满意" : "仍不满意")
            },
            Column("create_time", "评价时间") { Times.text($0.createTime) },
        ]
    }
}

/// The rating that a verb is about.
struct RatingTarget: ParsableArguments {
    @Argument(help: "评价编号，见 rating list。Rating; see rating list.") var rating: String

    var name: String { Names.prefixed(rating, with: "ratings/") }
}

extension ConsoleOptions {
    /// Runs one verb on a rating and shows what became of it.
    fileprivate func act<Request: Message & Sendable>(
        _ request: Request,
        _ verb:
            @escaping @Sendable (OneStopV1.RatingServiceClient, Request, CallOptions) async throws ->
            OneStopV1.Rating
    ) async throws {
        try await withConsole { console in
            guard try console.confirmSending(request) else { return }
            console.printer.one(
                try await verb(console.ratings, request, console.call),
                RatingColumns.whole(console.printer))
        }
    }
}

extension RatingCommand {
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "列出评价 List ratings, newest first")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var page: PageOptions
        @Option(help: "closed、rectifying、appealed、follow_up、excluded。Only in this state.") var state: String?

        func run() async throws {
            let wanted: OneStopV1.RatingState = try state.map(RatingStates.parse) ?? .unspecified
            try await options.withConsole { console in
                let rows: [OneStopV1.Rating] = try await page.collect { size, token in
                    let answer: OneStopV1.ListRatingsResponse = try await console.ratings.listRatings(
                        .init(state: wanted, pageSize: size, pageToken: token), options: console.call)
                    return (answer.ratings, answer.nextPageToken)
                }
                console.printer.list(
                    rows, RatingColumns.short(console.printer),
                    empty: ("没有这样的评价。", "There are no such ratings."))
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "看一条评价 Show one rating")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var target: RatingTarget

        func run() async throws {
            try await options.withConsole { console in
                console.printer.one(
                    try await console.ratings.getRating(.init(name: target.name), options: console.call),
                    RatingColumns.whole(console.printer))
            }
        }
    }

    struct Rectify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "填写整改情况；评价人会收到回访 Say what was put right")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var target: RatingTarget
        @Option(help: "改了什么。What was put right.") var text: String

        func run() async throws {
            try await options.act(
                OneStopV1.RectifyRatingRequest(
                    name: target.name, rectification: text, requestID: options.requestID())
            ) { try await $0.rectifyRating($1, options: $2) }
        }
    }

    struct Appeal: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "申诉误评、恶意差评，一次为限 Appeal once against a mistaken or malicious rating")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var target: RatingTarget
        @Option(help: "理由。Why.") var reason: String

        func run() async throws {
            try await options.act(
                OneStopV1.AppealRatingRequest(
                    name: target.name, reason: reason, requestID: options.requestID())
            ) { try await $0.appealRating($1, options: $2) }
        }
    }

    struct Review: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "审申诉；本部门以外的派遣员或核查员 Decide an appeal, from outside the department",
            discussion: "--uphold 申诉成立，评价剔除；--dismiss 不成立，继续整改。")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var target: RatingTarget
        @Flag(help: "成立还是不成立。Upheld or dismissed.") var decision: Decision
        @Option(help: "理由。Why.") var reason: String

        enum Decision: String, EnumerableFlag { case uphold, dismiss }

        func run() async throws {
            try await options.act(
                OneStopV1.ReviewRatingAppealRequest(
                    name: target.name, upheld: decision == .uphold, reason: reason,
                    requestID: options.requestID())
            ) { try await $0.reviewRatingAppeal($1, options: $2) }
        }
    }

    struct Departments: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "各部门公布的评价数；按编码排列，不是排名 Figures by department, no ranking",
            discussion: "不到 5 条的不细分。Fewer than 5 ratings are not broken down.")
        @OptionGroup var options: ConsoleOptions
        @Option(help: "只看这个地方及以下。Only below this place.") var place: String = ""

        func run() async throws {
            try await options.withConsole { console in
                let rows: [OneStopV1.DepartmentRatings] = try await PageOptions.everything { size, token in
                    let answer: OneStopV1.ListDepartmentRatingsResponse = try await console.ratings
                        .listDepartmentRatings(
                            .init(place: Names.organization(place), pageSize: size, pageToken: token),
                            options: console.call)
                    return (answer.departments, answer.nextPageToken)
                }
                console.printer.list(
                    rows, columns, empty: ("还没有评价。", "There are no ratings yet."))
            }
        }

        private var columns: [Column<OneStopV1.DepartmentRatings>] {
            let grades: [(String, String)] = [
                ("grade_1", "非常满意"), ("grade_2", "满意"), ("grade_3", "基本满意"), ("grade_4", "不满意"),
                ("grade_5", "非常不满意"),
            ]
            let counts: [Column<OneStopV1.DepartmentRatings>] = grades.enumerated().map { index, grade in
                Column(grade.0, grade.1) { (row: OneStopV1.DepartmentRatings) -> String in
                    row.grades.count > index ? String(row.grades[index]) : "–"
                }
            }
            return [
                Column("department", "编码") { $0.department },
                Column("department_text", "部门") { $0.departmentText },
                Column("total", "评价") { (row: OneStopV1.DepartmentRatings) -> Cell in
                    .number(Int64(row.total))
                },
            ] + counts + [
                Column("rectified", "按期整改／到期") {
                    $0.grades.isEmpty ? "–" : "\($0.rectifiedInTime)/\($0.rectificationDue)"
                }
            ]
        }
    }
}

/// States of a rating as people type them.
enum RatingStates {
    private static let all: [String: OneStopV1.RatingState] = [
        "closed": .closed, "rectifying": .rectifying, "appealed": .appealed, "follow_up": .followUp,
        "excluded": .excluded,
    ]

    static func parse(_ text: String) throws -> OneStopV1.RatingState {
        if let state = all[text.lowercased().replacing("-", with: "_")] { return state }
        let known: String = all.keys.sorted().joined(separator: ", ")
        throw ValidationError("没有状态「\(text)」。There is no such state. 可用 Known: \(known)")
    }
}
