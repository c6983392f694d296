import Kernel
import RPC
import Testing

@testable import Platform

@Suite struct SignInThrottleTests {
    private let start: Instant = Instant(seconds: 1_780_000_000)

    private func attempt(_ account: UInt8, _ place: String, known: Bool = false) -> SignInThrottle.Attempt {
        SignInThrottle.Attempt(account: [account], place: Place(text: place), isKnownPlace: known)
    }

    private func wait(_ throttle: SignInThrottle, _ attempt: SignInThrottle.Attempt, at now: Instant) -> Int {
        do throws(Refusal) {
            try throttle.admit(attempt, now: now)
            return 0
        } catch {
            if case .resourceExhausted(let seconds) = error.kind { return seconds }
            return -1
        }
    }

    @Test func delaysGrowAndStopGrowing() {
        func delay(_ count: Int) -> Int { Attempts.delaySeconds(after: count, free: 5, longest: 900) }
        #expect([0, 5, 6, 7, 8, 15, 16, 1_000].map(delay) == [0, 0, 1, 2, 4, 512, 900, 900])
    }

    @Test func askingAgainWhileRefusedDoesNotMakeItLonger() {
        let throttle: SignInThrottle = SignInThrottle()
        for _ in 0...IdentityLimits.freeAttemptsPerAccountAndPlace {
            #expect(wait(throttle, attempt(1, "a"), at: start) == 0)
        }
        for _ in 0..<100 { #expect(wait(throttle, attempt(1, "a"), at: start) == 1) }
        #expect(wait(throttle, attempt(1, "a"), at: start.adding(seconds: 1)) == 0)
        #expect(wait(throttle, attempt(1, "a"), at: start.adding(seconds: 1)) == 2)
    }

    @Test func aStrangerElsewhereDoesNotDelayTheOwner() {
        let throttle: SignInThrottle = SignInThrottle()
        for second in 0..<2_000 {
            _ = wait(throttle, attempt(1, "stranger"), at: start.adding(seconds: Int64(second)))
        }
        let now: Instant = start.adding(seconds: 2_000)
        #expect(wait(throttle, attempt(1, "stranger"), at: now) > 0)
        #expect(wait(throttle, attempt(1, "home", known: true), at: now) == 0)
        #expect(wait(throttle, attempt(1, "a new place"), at: now) == 0)
    }

    @Test func aPlaceThatTriesManyAccountsWaits() {
        let throttle: SignInThrottle = SignInThrottle()
        for number in 0...IdentityLimits.freeAttemptsPerPlace {
            #expect(wait(throttle, attempt(UInt8(number), "a"), at: start) == 0)
        }
        #expect(wait(throttle, attempt(200, "a"), at: start) == 1)
        #expect(wait(throttle, attempt(200, "b"), at: start) == 0)
    }

    @Test func manyUnknownPlacesTogetherWaitAndKnownOnesDoNot() {
        let throttle: SignInThrottle = SignInThrottle()
        for number in 0..<IdentityLimits.strangerBurst {
            #expect(wait(throttle, attempt(1, "place \(number)"), at: start) == 0)
        }
        #expect(wait(throttle, attempt(1, "one more"), at: start) == 1)
        #expect(wait(throttle, attempt(1, "home", known: true), at: start) == 0)
        #expect(wait(throttle, attempt(1, "one more"), at: start.adding(seconds: 1)) == 0)
    }

    @Test func successAndTimeForget() {
        let throttle: SignInThrottle = SignInThrottle()
        for _ in 0...IdentityLimits.freeAttemptsPerAccountAndPlace {
            _ = wait(throttle, attempt(1, "a"), at: start)
        }
        #expect(wait(throttle, attempt(1, "a"), at: start) == 1)
        throttle.succeeded(attempt(1, "a"))
        #expect(wait(throttle, attempt(1, "a"), at: start) == 0)
        for _ in 0..<50 { _ = wait(throttle, attempt(2, "b"), at: start) }
        #expect(wait(throttle, attempt(2, "b"), at: start) > 0)
        let later: Instant = start.adding(seconds: Int64(IdentityLimits.attemptMemorySeconds))
        for _ in 0...IdentityLimits.freeAttemptsPerAccountAndPlace {
            #expect(wait(throttle, attempt(2, "b"), at: later) == 0)
        }
    }

    @Test func tablesForgetTheOldestAndStayBounded() {
        var table: AttemptTable<Int, Int> = AttemptTable(capacity: 100)
        for key in 0..<1_000 { table[key] = key }
        #expect(table.count <= 100)
        #expect(table[999] == 999)
        #expect(table[0] == nil)
        table[999] = nil
        #expect(table[999] == nil)
    }

    @Test(arguments: [
        ("192.0.2.7:51234", "network:192.0.2"), ("[2001:db8:1:2::7]:443", "network:2001:db8:1"),
        ("[::ffff:192.0.2.9]:1", "network:192.0.2"),
    ])
    func placesAreNetworks(address: String, place: String) {
        #expect(Place(Peer(address: address)).text == place)
    }
}
