import Contract
import Kernel
import Platform
import RPC
import Storage

extension ApplicationDesk {
    /// Streams an application: as it is now, then after each change, with a sign of life where nothing happens.
    func watchApplication(
        _ request: OneStopV1.WatchApplicationRequest, _ call: ServerCall,
        _ responses: ResponseWriter<OneStopV1.ApplicationUpdate>
    ) async throws {
        var position: Int64 = -1
        if !request.resumeToken.isEmpty {
            guard let resumed = Int64(request.resumeToken), resumed >= 0 else {
                throw ApplicationTexts.resumeToken
            }
            position = resumed
        }
        // Subscribed before the first read, so that nothing falls between the two.
        let wakes: AsyncStream<EventFeed.Wake> = try platform.events.subscribe(types: Applications.eventTypes)
        position = try await sendIfNew(request.name, after: position, call, responses)
        for await wake in wakes {
            let before: Int64 = position
            position = try await sendIfNew(request.name, after: position, call, responses)
            if wake == .heartbeat, position == before {
                try await responses.write(OneStopV1.ApplicationUpdate(resumeToken: String(position)))
            }
        }
    }

    private func sendIfNew(
        _ name: String, after position: Int64, _ call: ServerCall,
        _ responses: ResponseWriter<OneStopV1.ApplicationUpdate>
    ) async throws -> Int64 {
        let update: OneStopV1.ApplicationUpdate? = try await platform.read(call) { context in
            let record: ApplicationRecord = try applications.require(name, context)
            let last: Int64 = try ApplicationStore.lastSequence(of: record.id, context.connection)
            guard last > position else { return nil }
            return OneStopV1.ApplicationUpdate(
                resumeToken: String(last), application: try applications.message(record, context))
        }
        guard let update, let sequence = Int64(update.resumeToken) else { return position }
        try await responses.write(update)
        return sequence
    }
}
