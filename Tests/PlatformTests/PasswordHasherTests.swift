import Crypto
import Kernel
import Testing

@testable import Platform

@Suite struct PasswordHasherTests {
    @Test func onlyTheRightPasswordOfAnAccountIsRight() async throws {
        let hasher: PasswordHasher = try PasswordHasher()
        let right: Password = try Password(parsing: "correct horse")
        let stored: String = try await hasher.hash(right)
        #expect(try await hasher.verify(right, against: stored))
        #expect(try await !hasher.verify(Password(parsing: "wrong horse"), against: stored))
        #expect(try await !hasher.verify(right, against: nil))
        try await hasher.shutdown()
    }

    @Test func aFullQueueRefusesWithATimeToWait() async throws {
        let hasher: PasswordHasher = try PasswordHasher(threads: 1, queue: 1)
        let password: Password = try Password(parsing: "correct horse")
        let outcomes: [Bool] = await withTaskGroup { group in
            for _ in 0..<20 {
                group.addTask {
                    do {
                        _ = try await hasher.hash(password)
                        return true
                    } catch let refusal as Refusal {
                        #expect(refusal.kind == .resourceExhausted(retryAfterSeconds: 3))
                        #expect(refusal.reason == "SIGN_IN_BUSY")
                        return false
                    } catch { return false }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.contains(true))
        #expect(outcomes.contains(false))
        #expect(hasher.depth == 0)
        _ = try await hasher.hash(password)
        try await hasher.shutdown()
    }
}
