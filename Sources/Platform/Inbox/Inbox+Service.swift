import Contract
import Kernel
import RPC

/// `InboxService`: what waits for the caller, from all modules, and the caller's messages.
struct InboxDesk: PlatformV1.InboxService {
    private typealias Methods = PlatformV1.InboxServiceMethods

    let platform: Platform
    let sources: [any TaskSource]

    /// Messages that one call marks.
    static let markedMax: Int = 100
    private static let messageName: ResourceName.Pattern = "messages/{message}"

    static let access: [AccessRule] = [
        AccessRule(Methods.listTasks, .staff()),
        AccessRule(Methods.countTasks, .staff()),
        AccessRule(Methods.listMessages, .resident(level: 1), .staff()),
        AccessRule(Methods.markMessagesRead, .resident(level: 1), .staff()),
    ]

    func listTasks(_ request: PlatformV1.ListTasksRequest, _ call: ServerCall) async throws
        -> PlatformV1.ListTasksResponse
    {
        let principal: Principal = try call.requirePrincipal()
        let kind: String? = request.kind.isEmpty ? nil : request.kind
        if let kind, !sources.contains(where: { $0.taskKinds.contains(kind) }) { throw kindUnknown }
        let paging: Paging = try Paging(
            size: request.pageSize, token: request.pageToken, query: [request.kind], keyCount: 2)
        let after: TaskPosition? = paging.after.flatMap { keys in
            Int64(keys[0]).map { TaskPosition(dueMilliseconds: $0, subject: keys[1]) }
        }
        let calendar: WorkCalendar = platform.documents.calendar
        return try await platform.read(call) { context in
            // Each source gives as many as a page may need; the nearest of all make the page.
            var tasks: [WaitingTask] = []
            for source in sources where kind.map(source.taskKinds.contains) ?? true {
                tasks += try source.tasks(
                    for: principal, kind: kind, after: after, limit: paging.limit, context)
            }
            tasks.sort { InboxDesk.key($0) < InboxDesk.key($1) }
            let page = paging.cut(Array(tasks.prefix(paging.limit))) { task in
                [String(task.dueTime?.milliseconds ?? .max), task.subject]
            }
            return PlatformV1.ListTasksResponse(
                tasks: page.rows.map { $0.message(calendar, now: context.now) },
                nextPageToken: page.nextPageToken)
        }
    }

    private static func key(_ task: WaitingTask) -> (Int64, String) {
        (task.dueTime?.milliseconds ?? .max, task.subject)
    }

    func countTasks(_ request: PlatformV1.CountTasksRequest, _ call: ServerCall) async throws
        -> PlatformV1.CountTasksResponse
    {
        let principal: Principal = try call.requirePrincipal()
        let calendar: WorkCalendar = platform.documents.calendar
        return try await platform.read(call) { context in
            // What is due within the next working day shows a yellow card.
            let near: Instant =
                TimeLimit(value: 1, unit: .workingDays)
                .map { calendar.deadline(start: context.now, limit: $0).due } ?? context.now.adding(days: 1)
            let counts: [WaitingTaskCount] = try sources.flatMap { source in
                try source.counts(for: principal, nearBefore: near, overdueBefore: context.now, context)
            }
            return PlatformV1.CountTasksResponse(
                counts: counts.filter { $0.total > 0 }.sorted { $0.kind < $1.kind }.map { count in
                    PlatformV1.TaskCount(
                        kind: count.kind, title: .init(count.title), total: Int32(clamping: count.total),
                        nearDeadline: Int32(clamping: count.nearDeadline),
                        overdue: Int32(clamping: count.overdue))
                })
        }
    }

    func listMessages(_ request: PlatformV1.ListMessagesRequest, _ call: ServerCall) async throws
        -> PlatformV1.ListMessagesResponse
    {
        let principal: Principal = try call.requirePrincipal()
        let paging: Paging = try Paging(
            size: request.pageSize, token: request.pageToken, query: [String(request.unreadOnly)])
        return try await platform.read(call) { context in
            let rows: [Messages.Record] = try Messages.list(
                context.connection, recipient: principal.name, unreadOnly: request.unreadOnly,
                before: paging.after?[0], limit: paging.limit)
            let page = paging.cut(rows) { [$0.id] }
            return PlatformV1.ListMessagesResponse(
                messages: page.rows.map(\.message), nextPageToken: page.nextPageToken,
                unreadCount: Int32(
                    clamping: try Messages.unreadCount(context.connection, recipient: principal.name)))
        }
    }

    func markMessagesRead(_ request: PlatformV1.MarkMessagesReadRequest, _ call: ServerCall) async throws
        -> PlatformV1.MarkMessagesReadResponse
    {
        guard (1...InboxDesk.markedMax).contains(request.names.count) else { throw wrongNumberOfNames }
        let ids: [String] = try request.names.map { name in
            try ResourceName(parsing: name, InboxDesk.messageName, field: "names").id
        }
        return try await platform.perform(
            call, request, requestID: request.requestID, action: "message.read"
        ) { unit in
            let marked: Int = try ids.filter { id in
                try Messages.markRead(unit.connection, recipient: unit.principal.name, id: id, now: unit.now)
            }.count
            unit.audit(subject: unit.principal.name, details: ["marked": String(marked)])
            return PlatformV1.MarkMessagesReadResponse(marked: Int32(clamping: marked))
        }
    }

    private var kindUnknown: Refusal {
        .invalid(
            field: "kind", reason: "TASK_KIND", zh: "没有这种待办。请先看有哪几种（inbox count）。",
            en: "There is no such kind of task. See which there are (inbox count).")
    }
    private var wrongNumberOfNames: Refusal {
        .invalid(
            field: "names", reason: "TOO_MANY_NAMES", zh: "一次请标 1 到 \(InboxDesk.markedMax) 条。",
            en: "Mark 1 to \(InboxDesk.markedMax) messages at a time.")
    }
}

extension WaitingTask {
    fileprivate func message(_ calendar: WorkCalendar, now: Instant) -> PlatformV1.Task {
        PlatformV1.Task(
            subject: subject, kind: kind, title: .init(title), place: place,
            deadline: dueTime.map { due in
                let minutes: Int =
                    due >= now
                    ? calendar.workingMinutes(from: now, to: due)
                    : -calendar.workingMinutes(from: due, to: now)
                let near: Instant? = TimeLimit(value: 1, unit: .workingDays)
                    .map { calendar.deadline(start: now, limit: $0).due }
                let card: PlatformV1.DeadlineCard =
                    due < now ? .red : near.map { due <= $0 } ?? false ? .yellow : .green
                return PlatformV1.Deadline(
                    dueTime: .init(due), remainingWorkingMinutes: Int32(clamping: minutes), card: card,
                    paused: pauseReason != nil, pauseReason: pauseReason?.zh ?? "",
                    provisional: !calendar.isPublished(due.shanghaiDate.year))
            }, createTime: .init(createTime))
    }
}

extension Messages.Record {
    fileprivate var message: PlatformV1.InboxMessage {
        PlatformV1.InboxMessage(
            name: "messages/\(id)", title: .init(title), body: .init(body), subject: subject,
            createTime: .init(createTime), readTime: readTime.map { .init($0) })
    }
}
