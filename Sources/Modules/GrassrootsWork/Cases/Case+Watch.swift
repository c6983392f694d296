package import Contract
import Kernel
import Platform
package import RPC
import Storage

extension CaseService {
    /// Streams what happens, from a resume token or from now on, with a sign of life where nothing does. A slow reader
    /// holds the stream, not the server: the next events are read from the store only when the last ones are taken.
    package func watchCases(
        _ request: GrassrootsWorkV1.WatchCasesRequest, _ call: ServerCall,
        _ responses: ResponseWriter<GrassrootsWorkV1.CaseEvent>
    ) async throws {
        let principal: Principal = try call.requirePrincipal()
        let number: String? = try request.name.isEmpty ? nil : CaseLimits.number(request.name)
        let token: Int64? = try CaseWire.sequence(request.resumeToken)
        // Subscribed before the first read, so that nothing falls between the two.
        let wakes: AsyncStream<EventFeed.Wake> = try platform.events.subscribe(types: CaseEventType.all)
        let (caseID, start): (Int64?, Int64) = try await platform.read(call) { context in
            (
                try number.map { try cases.require($0, context).id },
                try token ?? CaseStore.lastSequence(context.connection)
            )
        }
        var sequence: Int64 = start
        sequence = try await send(after: sequence, caseID, principal, call, responses)
        for await wake in wakes {
            let before: Int64 = sequence
            sequence = try await send(after: sequence, caseID, principal, call, responses)
            if case .heartbeat = wake, sequence == before {
                var sign: GrassrootsWorkV1.CaseEvent = GrassrootsWorkV1.CaseEvent()
                sign.resumeToken = CaseWire.resumeToken(sequence)
                sign.heartbeat = true
                try await responses.write(sign)
            }
        }
    }

    /// Sends everything after a sequence; returns the last one that was sent.
    private func send(
        after start: Int64, _ caseID: Int64?, _ principal: Principal, _ call: ServerCall,
        _ responses: ResponseWriter<GrassrootsWorkV1.CaseEvent>
    ) async throws -> Int64 {
        var sequence: Int64 = start
        while true {
            let after: Int64 = sequence
            let events: [CaseEventRecord] = try await platform.read(call) { context in
                let limit: Int = CaseLimits.watchBatch
                if let caseID {
                    return try CaseStore.events(of: caseID, after: after, limit: limit, context.connection)
                }
                let scope: CaseScope = CaseScope(of: principal)
                return try CaseStore.events(in: scope, after: after, limit: limit, context.connection)
            }
            for event in events {
                try await responses.write(CaseWire.event(event))
                sequence = event.sequence
            }
            if events.count < CaseLimits.watchBatch { return sequence }
        }
    }
}
