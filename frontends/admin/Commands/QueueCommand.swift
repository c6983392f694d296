import ArgumentParser
import Contract
import Foundation
import Kernel
import RPC

/// `linlictl queue …`: the queue of a service centre, for the reception and the counters.
struct QueueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue",
        abstract: "大厅叫号 The queue of a service centre",
        discussion: """
            例子 A counter's day:
              linlictl queue open 2 --hall fengtai --group A
              linlictl queue next
              linlictl queue recall
              linlictl queue hold --reason 回家取户口本
              linlictl queue call A012
              linlictl queue close
            """,
        subcommands: [
            Hall.self, List.self, Take.self, Open.self, Close.self, Next.self, Call.self, Recall.self,
            Hold.self, Return.self, Transfer.self, Finish.self, NoShow.self,
        ])
}

extension QueueCommand {
    struct Hall: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "看大厅：谁在办、几人等 Show a hall; without a name, list them",
            discussion: "--watch 一直看，有变化就显示。With --watch it shows each change until Ctrl-C.")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "大厅编号；不写就列出全部。Hall; none to list them.") var hall: String?
        @Flag(help: "一直看。Follow the changes.") var watch: Bool = false
        @Option(help: "看到这么多次变化就结束；0 表示一直看。Stop after so many changes; 0 for never.") var count: Int = 0

        func validate() throws {
            if watch, hall == nil { throw ValidationError("--watch 要写明大厅。Name the hall to watch.") }
        }

        func run() async throws {
            try await options.withConsole { console in
                guard let hall else { return try await list(console) }
                guard watch else {
                    return show(
                        try await console.queue.getHall(.init(name: Names.hall(hall)), options: console.call),
                        console)
                }
                try await follow(Names.hall(hall), console)
            }
        }

        private func list(_ console: Console) async throws {
            let halls: [OneStopV1.Hall] = try await PageOptions.everything { size, token in
                let answer: OneStopV1.ListHallsResponse = try await console.appointments.listHalls(
                    .init(pageSize: size, pageToken: token), options: console.call)
                return (answer.halls, answer.nextPageToken)
            }
            let columns: [Column<OneStopV1.Hall>] = QueueColumns.hall(console.printer.language).filter {
                ["name", "display_name", "open", "opening_hours", "address"].contains($0.key)
            }
            console.printer.list(halls, columns, empty: ("还没有大厅。", "There are no halls."))
        }

        private func follow(_ name: String, _ console: Console) async throws {
            var seen: Int = 0
            var failures: Int = 0
            while true {
                do {
                    let stream = console.queue.watchHall(.init(name: name), options: console.endlessCall)
                    for try await update: OneStopV1.HallUpdate in stream {
                        failures = 0
                        guard let hall = update.hall else { continue }
                        show(hall, console)
                        seen += 1
                        if count > 0, seen >= count { return }
                    }
                } catch {
                    failures += 1
                    try await console.waitBeforeReconnecting(after: error, failures: failures)
                }
            }
        }

        private func show(_ hall: OneStopV1.Hall, _ console: Console) {
            let printer: Printer = console.printer
            guard printer.format == .table else {
                return watch
                    ? printer.streamed(hall, QueueColumns.hall(printer.language))
                    : printer.one(hall, QueueColumns.hall(printer.language))
            }
            let state: String =
                printer.language == .english
                ? (hall.open ? "open" : "closed") : (hall.open ? "正在取号" : "现在不取号")
            print("\(hall.displayName)  \(state)  \(hall.openingHours)")
            print(printer.text(of: hall.groups, QueueColumns.group(printer.language)))
            if !hall.counters.isEmpty {
                print(printer.text(of: hall.counters, QueueColumns.counter(printer.language)))
            }
            let calls: String = hall.calls.map { "\($0.ticket)→\($0.counter)" }.joined(separator: "  ")
            if !calls.isEmpty { print(calls) }
            if watch { print("") }
            fflush(nil)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "列出今天的号，按叫号顺序 Today's tickets in the order of the line")
        @OptionGroup var options: ConsoleOptions
        @OptionGroup var page: PageOptions
        @Option(help: "大厅编号。Hall.") var hall: String
        @Option(help: "waiting、serving、on_hold、finished、no_show、cancelled、cleared。Only in this state.")
        var state: String?

        func run() async throws {
            let wanted: OneStopV1.TicketState = try state.map(TicketStates.parse) ?? .unspecified
            try await options.withConsole { console in
                let rows: [OneStopV1.Ticket] = try await page.collect { size, token in
                    let answer: OneStopV1.ListTicketsResponse = try await console.queue.listTickets(
                        .init(hall: Names.hall(hall), state: wanted, pageSize: size, pageToken: token),
                        options: console.call)
                    return (answer.tickets, answer.nextPageToken)
                }
                console.printer.list(
                    rows, QueueColumns.ticket(console.printer).filter { $0.key != "claim" },
                    empty: ("今天还没有号。", "No tickets today."))
            }
        }
    }

    struct Take: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "导办台代取号 Take a ticket at the reception",
            discussion: "不写组就按事项分；都不写就进第一组。凭证只显示一次，请打印给来人。")
        @OptionGroup var options: ConsoleOptions
        @Option(help: "大厅编号。Hall.") var hall: String
        @Option(help: "窗口组。Counter group.") var group: String = ""
        @Option(help: "事项编号。Item.") var item: String = ""
        @Option(help: "受理编号。Application.") var application: String = ""

        func run() async throws {
            try await options.withConsole { console in
                let request = OneStopV1.TakeTicketRequest(
                    hall: Names.hall(hall), group: group.uppercased(), item: Names.item(item),
                    application: Names.prefixed(application, with: "applications/"),
                    requestID: console.newRequestID())
                guard try console.confirmSending(request) else { return }
                let ticket: OneStopV1.Ticket = try await console.queue.takeTicket(
                    request, options: console.call)
                console.printer.one(ticket, QueueColumns.ticket(console.printer))
            }
        }
    }

    struct Open: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "开窗口 Open a counter")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "窗口号。Number of the counter.") var counter: Int32
        @Option(help: "大厅编号。Hall.") var hall: String
        @Option(help: "办哪一组，可多次；快办组只能单开。Group; may be repeated.") var group: [String]

        func run() async throws {
            try await options.withConsole { console in
                let request = OneStopV1.OpenCounterRequest(
                    hall: Names.hall(hall), counter: counter, groups: group.map { $0.uppercased() },
                    requestID: console.newRequestID())
                guard try console.confirmSending(request) else { return }
                let opened: OneStopV1.Counter = try await console.queue.openCounter(
                    request, options: console.call)
                console.printer.one(opened, QueueColumns.counter(console.printer.language))
            }
        }
    }

    struct Close: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "关窗口；在办的号排回最前 Close the counter; its ticket goes back first")
        @OptionGroup var options: ConsoleOptions

        func run() async throws {
            try await options.withConsole { console in
                let request = OneStopV1.CloseCounterRequest(requestID: console.newRequestID())
                guard try console.confirmSending(request) else { return }
                let closed: OneStopV1.Counter = try await console.queue.closeCounter(
                    request, options: console.call)
                console.printer.one(closed, QueueColumns.counter(console.printer.language))
            }
        }
    }

    struct Next: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "办结在办的，叫下一个 Finish, and call the next")
        @OptionGroup var options: ConsoleOptions

        func run() async throws {
            try await options.withConsole { console in
                let request = OneStopV1.CallNextRequest(requestID: console.newRequestID())
                guard try console.confirmSending(request) else { return }
                let ticket: OneStopV1.Ticket = try await console.queue.callNext(
                    request, options: console.call)
                console.show(ticket)
                if ticket.state == .finished { console.printer.say("没有人在等。", "Nobody waits.") }
            }
        }
    }

    struct Call: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "叫指定的号；插队要写原因 Call one ticket; out of turn with a reason")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "号码，如 A012。Number.") var ticket: String
        @Option(help: "原因；暂挂的号不用写。Why; not needed for one on hold.") var reason: String = ""

        func run() async throws {
            try await options.atCounter(
                OneStopV1.CallTicketRequest(name: ticket, reason: reason, requestID: options.requestID())
            ) { try await $0.callTicket($1, options: $2) }
        }
    }

    struct Recall: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "再叫一次 Call again")
        @OptionGroup var options: ConsoleOptions

        func run() async throws {
            try await options.atCounter(OneStopV1.RecallTicketRequest(requestID: options.requestID())) {
                try await $0.recallTicket($1, options: $2)
            }
        }
    }

    struct Hold: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "暂挂：人去取材料，回来接着办 Put on hold")
        @OptionGroup var options: ConsoleOptions
        @Option(help: "原因。Why.") var reason: String

        func run() async throws {
            try await options.atCounter(
                OneStopV1.HoldTicketRequest(reason: reason, requestID: options.requestID())
            ) { try await $0.holdTicket($1, options: $2) }
        }
    }

    struct Return: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "暂挂的、过号的回来排队 Back in line after a hold or a missed call",
            discussion: "过号一天只恢复一次，排在后来的人前面。A missed call is forgiven once.")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "编号，见 queue list。Name; see queue list.") var ticket: String

        func run() async throws {
            try await options.atCounter(
                OneStopV1.ReturnTicketRequest(
                    name: Names.prefixed(ticket, with: "tickets/"), requestID: options.requestID())
            ) { try await $0.returnTicket($1, options: $2) }
        }
    }

    struct Transfer: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "转到另一组，排最前 Hand over to another group, first in its line")
        @OptionGroup var options: ConsoleOptions
        @Argument(help: "转到哪一组。Group.") var group: String
        @Option(help: "原因。Why.") var reason: String

        func run() async throws {
            try await options.atCounter(
                OneStopV1.TransferTicketRequest(
                    group: group.uppercased(), reason: reason, requestID: options.requestID())
            ) { try await $0.transferTicket($1, options: $2) }
        }
    }

    struct Finish: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "办结，先不叫下一个 Finish, call nobody yet")
        @OptionGroup var options: ConsoleOptions

        func run() async throws {
            try await options.atCounter(OneStopV1.FinishTicketRequest(requestID: options.requestID())) {
                try await $0.finishTicket($1, options: $2)
            }
        }
    }

    struct NoShow: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "no-show", abstract: "叫了三次没人来，记过号 Nobody came after three calls")
        @OptionGroup var options: ConsoleOptions

        func run() async throws {
            try await options.atCounter(OneStopV1.MarkNoShowRequest(requestID: options.requestID())) {
                try await $0.markNoShow($1, options: $2)
            }
        }
    }
}
