import ArgumentParser
import Contract
import Foundation
import Kernel
import RPC

/// Columns of halls, tickets and counters.
enum QueueColumns {
    typealias Ticket = OneStopV1.Ticket

    static func ticket(_ printer: Printer) -> [Column<Ticket>] {
        let language: Language = printer.language
        return [
            Column("number", "号码") { $0.number },
            Column("state", "状态") { language.text($0.stateText) },
            Column("group", "窗口组") { "\($0.group) " + language.text($0.groupText) },
            Column("counter", "窗口") { $0.counter == 0 ? "" : String($0.counter) },
            Column("ahead", "前面") { $0.state == .waiting ? String($0.ahead) : "" },
            Column("minutes", "约等（分）") { $0.state == .waiting ? wait($0.estimatedMinutes) : "" },
            Column("item", "事项") { $0.itemText },
            Column("applications", "申请") { (row: Ticket) -> Cell in .list(row.applications) },
            Column("visitor", "来人") { $0.visitorText },
            Column("appointment", "预约") { $0.appointment ? "✓" : "" },
            Column("note", "说明") { $0.note },
            Column("create_time", "取号") { Times.text($0.createTime) },
            Column("name", "编号") { $0.name },
            Column("claim", "凭证（只显示一次）") { $0.claim },
        ]
    }

    static func group(_ language: Language) -> [Column<OneStopV1.CounterGroup>] {
        [
            Column("id", "组") { $0.id },
            Column("label", "办什么") { language.text($0.label) },
            Column("waiting", "在等") { (row: OneStopV1.CounterGroup) -> Cell in .number(Int64(row.waiting)) },
            Column("minutes", "约等（分）") { wait($0.estimatedMinutes) },
        ]
    }

    static func counter(_ language: Language) -> [Column<OneStopV1.Counter>] {
        [
            Column("number", "窗口") { (row: OneStopV1.Counter) -> Cell in .number(Int64(row.number)) },
            Column("groups", "组") { $0.groups.joined() },
            Column("ticket", "在办") { $0.ticket },
            Column("open", "开着") { (row: OneStopV1.Counter) -> Cell in .flag(row.open) },
            Column("clerk", "谁") { $0.clerkText },
        ]
    }

    /// What the display of the lobby shows, as one row for scripts.
    static func hall(_ language: Language) -> [Column<OneStopV1.Hall>] {
        [
            Column("name", "大厅") { $0.name },
            Column("display_name", "名称") { $0.displayName },
            Column("open", "取号") { (row: OneStopV1.Hall) -> Cell in .flag(row.open) },
            Column("opening_hours", "时间") { $0.openingHours },
            Column("address", "地址") { $0.address },
            Column("groups", "窗口组") { (row: OneStopV1.Hall) -> Cell in
                .list(row.groups.map { "\($0.id) \(language.text($0.label))" })
            },
            Column("waiting", "在等") { (row: OneStopV1.Hall) -> Cell in
                .list(row.groups.map { "\($0.id) \($0.waiting)" })
            },
            Column("counters", "在办") { (row: OneStopV1.Hall) -> Cell in
                .list(row.counters.map { "\($0.number) \($0.ticket)" })
            },
            Column("calls", "刚叫过") { (row: OneStopV1.Hall) -> Cell in
                .list(row.calls.map { "\($0.ticket)→\($0.counter)" })
            },
            Column("notice", "提示") { language.text($0.notice) },
        ]
    }

    /// Minutes in words; what is not known is not a number.
    private static func wait(_ minutes: Int32) -> String { minutes < 0 ? "–" : String(minutes) }
}

extension Console {
    /// Shows what became of a ticket: one line that a clerk sees at a glance, or the whole for scripts.
    func show(_ ticket: OneStopV1.Ticket) {
        guard printer.format == .table else {
            return printer.one(ticket, QueueColumns.ticket(printer))
        }
        let item: String = ticket.itemText.isEmpty ? "" : "　" + ticket.itemText
        let note: String = ticket.note.isEmpty ? "" : "　（\(ticket.note)）"
        let papers: String =
            ticket.applications.isEmpty ? "" : "　" + ticket.applications.joined(separator: " ")
        let visitor: String = ticket.visitorText.isEmpty ? "" : "　" + ticket.visitorText
        print("\(ticket.number)  \(printer.language.text(ticket.stateText))\(item)\(visitor)\(papers)\(note)")
        fflush(nil)
    }
}

extension ConsoleOptions {
    /// One verb of the caller's counter.
    func atCounter<Request: Message & Sendable>(
        _ request: Request,
        _ verb:
            @escaping @Sendable (OneStopV1.QueueServiceClient, Request, CallOptions) async throws ->
            OneStopV1.Ticket
    ) async throws {
        try await withConsole { console in
            guard try console.confirmSending(request) else { return }
            console.show(try await verb(console.queue, request, console.call))
        }
    }
}

/// States of a ticket as people type them.
enum TicketStates {
    private static let all: [String: OneStopV1.TicketState] = [
        "waiting": .waiting, "serving": .serving, "on_hold": .onHold, "finished": .finished,
        "no_show": .noShow, "cancelled": .cancelled, "cleared": .cleared,
    ]

    static func parse(_ text: String) throws -> OneStopV1.TicketState {
        if let state = all[text.lowercased().replacing("-", with: "_")] { return state }
        let known: String = all.keys.sorted().joined(separator: ", ")
        throw ValidationError("没有状态「\(text)」。There is no such state. 可用 Known: \(known)")
    }
}
