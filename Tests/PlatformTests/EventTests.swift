import Kernel
import Logging
import Platform
import Storage
import Synchronization
import Testing

@Suite struct EventTests {
    /// Writes what it hears; fails as often as it is told to.
    private final class Recorder: EventListener {
        let listenerName: String
        let eventTypes: Set<String> = ["a", "b"]
        let heard: Mutex<[String]> = Mutex([])
        let failures: Mutex<Int>

        init(_ name: String, failures: Int = 0) {
            listenerName = name
            self.failures = Mutex(failures)
        }

        func handle(_ event: StoredEvent, _ unit: UnitOfWork) throws {
            try unit.connection.execute(
                "UPDATE platform_organizations SET version = version + 1 WHERE code = 'x'")
            let fails: Bool = failures.withLock { left in
                left -= 1
                return left >= 0
            }
            if fails { throw Refusal.unavailable() }
            heard.withLock { $0.append(event.subject) }
        }
    }

    private func publish(_ platform: Platform, _ events: [(String, String)]) async throws {
        for (type, subject) in events {
            try await platform.performAsSystem(action: "test") {
                $0.publish(DomainEvent(type: type, subject: subject, payload: ["k": "值\n\""]))
            }
        }
    }

    private func version(_ platform: Platform) async throws -> Int? {
        try await platform.readAsSystem { try Organizations.find($0.connection, "x")?.version }
    }

    @Test func eachListenerHearsItsEventsOnceAndInOrder() async throws {
        try await TestPlatform.run { test in
            let recorder: Recorder = Recorder("one")
            let dispatcher: EventDispatcher = EventDispatcher(
                platform: test.platform, listeners: [recorder], logger: test.platform.logger)
            try await publish(test.platform, [("a", "1"), ("c", "2"), ("b", "3"), ("c", "4")])
            try await dispatcher.drain()
            try await dispatcher.drain()
            #expect(recorder.heard.withLock { $0 } == ["1", "3"])
            try await publish(test.platform, [("a", "5")])
            try await dispatcher.drain()
            #expect(recorder.heard.withLock { $0 } == ["1", "3", "5"])
        }
    }

    @Test func aFailedAttemptLeavesNothingAndIsTriedAgain() async throws {
        try await TestPlatform.run { test in
            try await test.platform.performAsSystem(action: "test") { unit in
                _ = try Organizations.insert(
                    unit.connection,
                    NewOrganization(code: "x", name: "某市", level: .prefecture, parentCode: nil))
            }
            let recorder: Recorder = Recorder("one", failures: 2)
            let dispatcher: EventDispatcher = EventDispatcher(
                platform: test.platform, listeners: [recorder], logger: test.platform.logger)
            try await publish(test.platform, [("a", "1"), ("a", "2")])
            await #expect(throws: Refusal.unavailable()) { try await dispatcher.drain() }
            await #expect(throws: Refusal.unavailable()) { try await dispatcher.drain() }
            #expect(try await version(test.platform) == 1)
            try await dispatcher.drain()
            #expect(recorder.heard.withLock { $0 } == ["1", "2"])
            #expect(try await version(test.platform) == 3)
        }
    }

    @Test func aRunningDispatcherHearsWhatIsCommitted() async throws {
        try await TestPlatform.run { test in
            let recorder: Recorder = Recorder("one")
            let dispatcher: EventDispatcher = EventDispatcher(
                platform: test.platform, listeners: [recorder], logger: test.platform.logger)
            let task: Task<Void, Never> = Task { await dispatcher.run() }
            try await publish(test.platform, [("a", "1")])
            while recorder.heard.withLock({ $0.isEmpty }) { await Task.yield() }
            try await publish(test.platform, [("a", "2")])
            while recorder.heard.withLock({ $0.count }) < 2 { await Task.yield() }
            task.cancel()
            await task.value
            #expect(recorder.heard.withLock { $0 } == ["1", "2"])
        }
    }

    @Test func watchersWakeForTheirTypesAlone() async throws {
        try await TestPlatform.run { test in
            var mine: AsyncStream<EventFeed.Wake>.Iterator = try test.platform.events.subscribe(types: ["a"])
                .makeAsyncIterator()
            try await publish(test.platform, [("b", "1"), ("a", "2"), ("a", "3")])
            #expect(await mine.next() == .event)
            test.platform.events.close()
            #expect(await mine.next() == nil)
            #expect(throws: Refusal.self) { try test.platform.events.subscribe(types: ["a"]) }
        }
    }
}
