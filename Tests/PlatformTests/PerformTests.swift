import Contract
import Foundation
import Kernel
import Platform
import RPC
import Storage
import Synchronization
import Testing

@Suite struct PerformTests {
    private let request: PlatformV1.GetStaffRequest = .init(name: "staff/1")
    private let id: String = "0190a7c0-0000-7000-8000-000000000001"

    @Test func aRepeatGetsTheFirstAnswerAndDoesNothing() async throws {
        try await TestPlatform.run { test in
            let runs: Counter = Counter()
            func perform(_ call: ServerCall, _ request: PlatformV1.GetStaffRequest, _ id: String) async throws
                -> PlatformV1.Staff
            {
                try await test.platform.perform(call, request, requestID: id, action: "test.do") { unit in
                    unit.audit(subject: request.name)
                    unit.publish(DomainEvent(type: "test.done", subject: request.name))
                    return PlatformV1.Staff(name: "run \(runs.next())")
                }
            }
            let first: PlatformV1.Staff = try await perform(test.call(), request, id)
            let again: PlatformV1.Staff = try await perform(test.call(), request, id.uppercased())
            #expect(first.name == "run 1")
            #expect(again == first)
            #expect(try await test.count("platform_events") == 1)
            #expect(try await test.count("platform_audit_entries") == 1)
            #expect(
                try await perform(test.call("two"), request, id).name == "run 2", "ids are the caller's own")
            let reused: Refusal? = await #expect(throws: Refusal.self) {
                try await perform(test.call(), .init(name: "staff/2"), id)
            }
            #expect(reused?.reason == "REQUEST_ID_REUSED")
            let bad: Refusal? = await #expect(throws: Refusal.self) {
                try await perform(test.call(), request, "7")
            }
            #expect(bad?.reason == "REQUEST_ID_INVALID")
        }
    }

    @Test func whatThrowsLeavesNothing() async throws {
        try await TestPlatform.run { test in
            await #expect(throws: Refusal.notFound()) {
                let _: PlatformV1.Staff = try await test.platform.perform(
                    test.call(), request, requestID: id, action: "test.do"
                ) { unit in
                    unit.audit(subject: "staff/1")
                    unit.publish(DomainEvent(type: "test.done", subject: "staff/1"))
                    throw Refusal.notFound()
                }
            }
            for table in ["platform_events", "platform_audit_entries", "platform_requests"] {
                let rows: Int = try await test.count(table)
                #expect(rows == 0)
            }
        }
    }

    @Test func aChangeWithoutAnAuditEntryIsUndone() async throws {
        try await TestPlatform.run { test in
            let refusal: Refusal? = await #expect(throws: Refusal.self) {
                try await test.platform.perform(test.call(), action: "test.do") { unit in
                    unit.publish(DomainEvent(type: "test.done", subject: "staff/1"))
                }
            }
            #expect(refusal?.reason == "AUDIT_MISSING")
            let rows: Int = try await test.count("platform_events")
            #expect(rows == 0)
        }
    }

    @Test func nobodyChangesAnythingUnsigned() async throws {
        try await TestPlatform.run { test in
            let call: ServerCall = ServerCall(method: PlatformV1.StaffServiceMethods.createStaff)
            await #expect(throws: Refusal.unauthenticated()) {
                try await test.platform.perform(call, action: "test.do") { $0.audit(subject: "x") }
            }
        }
    }
}

/// Counts calls.
final class Counter: Sendable {
    private let value: Mutex<Int> = Mutex(0)
    func next() -> Int {
        value.withLock { value in
            value += 1
            return value
        }
    }
    var count: Int { value.withLock { $0 } }
}
