internal import Synchronization

/// grpc.health.v1: whether the server and its services take calls.
package final class HealthService: HealthV1.Health, Sendable {
    private typealias ServingStatus = HealthV1.HealthCheckResponse.ServingStatus

    private struct State {
        var statuses: [String: ServingStatus] = ["": .notServing]
        var watchers: [ObjectIdentifier: StreamWaiter] = [:]
        /// Set for good by `stop`: the server is going.
        var isStopping = false
        var changes: Int = 0
    }
    private let state = Mutex(State())

    package init() {}

    /// Sets the status of a service; the empty name stands for the whole server. Has no effect after `stop`.
    package func set(_ service: String = "", serving: Bool) {
        change { state in
            if !state.isStopping { state.statuses[service] = serving ? .serving : .notServing }
        }
    }

    /// Whether a service, or the whole server, takes calls.
    package func isServing(_ service: String = "") -> Bool {
        state.withLock { $0.statuses[service] == .serving }
    }

    /// Everything is NOT_SERVING from now on; whoever watches is told and the watch ends.
    package func stop() {
        change { state in
            state.isStopping = true
            for service in state.statuses.keys { state.statuses[service] = .notServing }
        }
    }

    private func change(_ body: (inout State) -> Void) {
        let woken: [StreamWaiter] = state.withLock { state in
            body(&state)
            state.changes += 1
            defer { state.watchers.removeAll() }
            return Array(state.watchers.values)
        }
        for waiter in woken { waiter.resume() }
    }

    package func check(
        _ request: HealthV1.HealthCheckRequest, _ call: ServerCall
    ) async throws -> HealthV1.HealthCheckResponse {
        guard let status = state.withLock({ $0.statuses[request.service] }) else {
            throw RPCError(code: .notFound, message: "no service of that name is registered")
        }
        return HealthV1.HealthCheckResponse(status: status)
    }

    package func list(
        _ request: HealthV1.HealthListRequest, _ call: ServerCall
    ) async throws -> HealthV1.HealthListResponse {
        let statuses: [String: ServingStatus] = state.withLock { $0.statuses }
        return HealthV1.HealthListResponse(
            statuses: statuses.mapValues { HealthV1.HealthCheckResponse(status: $0) })
    }

    package func watch(
        _ request: HealthV1.HealthCheckRequest, _ call: ServerCall,
        _ responses: ResponseWriter<HealthV1.HealthCheckResponse>
    ) async throws {
        var told: ServingStatus?
        let key = ObjectIdentifier(call)
        defer { _ = state.withLock { $0.watchers.removeValue(forKey: key) } }
        while true {
            let (status, isStopping, seen): (ServingStatus, Bool, Int) = state.withLock { state in
                (state.statuses[request.service] ?? .serviceUnknown, state.isStopping, state.changes)
            }
            if status != told { try await responses.write(HealthV1.HealthCheckResponse(status: status)) }
            told = status
            if isStopping { return }
            try await StreamWaiter.wait { waiter in
                let isLate: Bool = state.withLock { state in
                    if state.changes != seen { return true }
                    state.watchers[key] = waiter
                    return false
                }
                if isLate { waiter.resume() }
            }
        }
    }
}
