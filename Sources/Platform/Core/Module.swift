package import Kernel
package import RPC
package import Storage

/// What the composition root needs of a module. A module is made of a `Platform` and of the protocols that it declares
/// for what it needs of others; it never imports another module.
package protocol Module: Sendable {
    /// The module's schema, from its first step on. Tables carry the module's prefix.
    static var migrations: [Migration] { get }
    /// A row for each method of the module's services.
    static var access: [AccessRule] { get }
    /// Columns that hold sealed values: all of them, or a new key would not reach them.
    static var sealedColumns: [SealedColumns] { get }

    var services: [any Service] { get }
    var listeners: [any EventListener] { get }
    var taskSources: [any TaskSource] { get }
    /// What happens by time alone.
    var timedWork: [any TimedWork] { get }
}

extension Module {
    package static var sealedColumns: [SealedColumns] { [] }
    package var listeners: [any EventListener] { [] }
    package var taskSources: [any TaskSource] { [] }
    package var timedWork: [any TimedWork] { [] }
}

/// A piece of work that waits for somebody, as the inbox shows it.
package struct WaitingTask: Sendable, Equatable {
    /// What it is about, such as `cases/2611230001-7`.
    package let subject: String
    /// Kind, such as `case.dispatch`.
    package let kind: String
    package let title: BilingualText
    /// Names from the town down.
    package let place: String
    /// When it falls due; nil without a deadline.
    package let dueTime: Instant?
    /// Why the clock stands still; nil while it runs.
    package let pauseReason: BilingualText?
    /// Since when it waits.
    package let createTime: Instant

    package init(
        subject: String, kind: String, title: BilingualText, place: String, dueTime: Instant?,
        pauseReason: BilingualText? = nil, createTime: Instant
    ) {
        self.subject = subject
        self.kind = kind
        self.title = title
        self.place = place
        self.dueTime = dueTime
        self.pauseReason = pauseReason
        self.createTime = createTime
    }
}

/// How much waits of one kind.
package struct WaitingTaskCount: Sendable, Equatable {
    package let kind: String
    package let title: BilingualText
    package let total: Int
    /// Due before `nearBefore`, and not overdue.
    package let nearDeadline: Int
    /// Due before `overdueBefore`.
    package let overdue: Int

    package init(kind: String, title: BilingualText, total: Int, nearDeadline: Int, overdue: Int) {
        self.kind = kind
        self.title = title
        self.total = total
        self.nearDeadline = nearDeadline
        self.overdue = overdue
    }
}

/// A module's contribution to the inbox: what waits for a caller, within the caller's scope.
package protocol TaskSource: Sendable {
    /// Kinds that come from here, such as `case.dispatch`.
    var taskKinds: Set<String> { get }

    /// Tasks for the caller in order of (`dueTime`, `subject`), those without a deadline last; only those after the
    /// position of `after`, at most `limit`.
    func tasks(
        for principal: Principal, kind: String?, after: TaskPosition?, limit: Int, _ context: ReadContext
    ) throws -> [WaitingTask]

    /// Counts for the caller, by kind; kinds with nothing may be left out.
    func counts(
        for principal: Principal, nearBefore: Instant, overdueBefore: Instant, _ context: ReadContext
    ) throws -> [WaitingTaskCount]
}

/// A place in the order of tasks.
package struct TaskPosition: Sendable, Hashable {
    /// Milliseconds since 1970 UTC, or `Int64.max` without a deadline.
    package let dueMilliseconds: Int64
    package let subject: String

    package init(dueMilliseconds: Int64, subject: String) {
        self.dueMilliseconds = dueMilliseconds
        self.subject = subject
    }
}

/// The text of tasks, messages and answers; another name for the same thing.
package typealias LocalizedText = BilingualText
