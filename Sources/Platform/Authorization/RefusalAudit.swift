internal import Kernel
internal import RPC
internal import Synchronization

/// Writes into the audit log what known callers were refused. Strangers' calls go to the metrics alone: nobody without an
/// account can make the log grow.
package final class RefusalAudit: Sendable {
    /// Refusals of one caller that are written in a minute; the rest of that minute is counted in the last one's place.
    package static let perCallerAndMinute: Int = 20
    /// Refusals that wait to be written, of all callers.
    package static let waiting: Int = 1_000

    private struct Entry: Sendable {
        let principal: String
        let peer: String
        let method: String
        let reason: String
        let time: Instant
    }
    private struct State {
        var entries: [Entry] = []
        var counts: [String: Int] = [:]
        var minute: Int64 = 0
    }
    private let platform: Platform
    private let state: Mutex<State> = Mutex(State())

    package init(platform: Platform) { self.platform = platform }

    func note(_ principal: Principal, _ call: ServerCall, reason: String) {
        let now: Instant = platform.environment.now()
        let entry: Entry = Entry(
            principal: principal.name, peer: call.peerName, method: call.method.path, reason: reason,
            time: now)
        state.withLock { state in
            let minute: Int64 = now.milliseconds / 60_000
            if minute != state.minute {
                state.minute = minute
                state.counts = [:]
            }
            let count: Int = state.counts[entry.principal, default: 0]
            guard count < RefusalAudit.perCallerAndMinute, state.entries.count < RefusalAudit.waiting else {
                return
            }
            state.counts[entry.principal] = count + 1
            state.entries.append(entry)
        }
    }

    /// Writes what waits. Called every second.
    func write() async throws {
        let entries: [Entry] = state.withLock { state in
            defer { state.entries = [] }
            return state.entries
        }
        for entry in entries {
            try await platform.recordRefusal(
                actor: entry.principal, peer: entry.peer, subject: entry.method, outcome: entry.reason)
        }
    }
}
