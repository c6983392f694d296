import Contract
import Foundation
import Kernel
import Platform
import Testing

@testable import OneStop

@Suite struct DataSetTests {
    private static func schema(_ change: (String) -> String = { $0 }) -> String {
        change(QueryOffice.publicSchema)
    }

    @Test func aWrongLineStopsTheWholeImportAndEachIsTold() async throws {
        try await QueryOffice.with { queries in
            let rows = """
                name,county,kind,price
                好人家,城区,公办,很贵
                没地方,桃花源,公办,100
                少一列,城区,公办
                """
            let answer = try await queries.importSet(QueryOffice.publicSchema, rows)
            #expect(answer.rows == 0 && answer.problems.allSatisfy(\.error))
            #expect(
                Set(answer.problems.map(\.line)) == [2, 4], "places are looked up when all else is right")
            let place = try await queries.importSet(
                QueryOffice.publicSchema, "name,county,kind,price\n没地方,桃花源,公办,100\n")
            #expect(place.problems.map(\.line) == [2])
            #expect(try await queries.run("P-1").truncated, "the old rows are still there")
        }
    }

    @Test func aSetIsReplacedAndAskedInItsNewState() async throws {
        try await QueryOffice.with { queries in
            let rows = "价格,机构,性质,县区\n900,新院,公办,城区\n"
            let check = try await queries.importSet(QueryOffice.publicSchema, rows, validateOnly: true)
            #expect(check.rows == 1 && check.problems.isEmpty)
            #expect(try await queries.run("P-2").rows.count == 20)
            #expect(try await queries.importSet(QueryOffice.publicSchema, rows).rows == 1)
            #expect(try await queries.run("P-2").rows.map(\.values) == [["新院", "城区", "¥900.00"]])
        }
    }

    @Test(arguments: [
        ("id: homes", "id: others"),  // P-1 has a set already
        ("P-1:", "P-7:"),  // no such item
        ("match: equals", "match: sounds"), ("columns: [name]", "columns: [nobody]"),
        ("kind: place", "kind: text"),
        ("{only: {kind: 公办}", "{only: {rooms: 公办}"), ("synthetic: true", "colour: red"),
    ])
    func wrongSchemasAreRefused(right: String, wrong: String) async throws {
        try await QueryOffice.with { queries in
            #expect(QueryOffice.publicSchema.contains(right))
            let answer = try await queries.importSet(
                QueryOffice.publicSchema.replacingOccurrences(of: right, with: wrong), QueryOffice.publicRows)
            #expect(answer.problems.contains { $0.error })
        }
    }

    @Test func personalColumnsCannotChooseRows() async throws {
        try await QueryOffice.with { queries in
            let schema =
                QueryOffice.personalSchema("fund", item: "E-1") + """

                    parameters:
                      account: {prompt: {zh: 账号？, en: Account?}, zh: 账号, en: Account, match: equals}
                    """
            let answer = try await queries.importSet(schema, QueryOffice.personalRows)
            #expect(answer.problems.contains { $0.text?.zh.contains("个人信息") == true })
        }
    }

    @Test func realNumbersHaveNoPlaceInAMadeUpSet() async throws {
        try await QueryOffice.with { queries in
            let real = "id_number,account,balance\n11010519491231002X,1,1\n"
            let answer = try await queries.importSet(
                QueryOffice.personalSchema("fund", item: "E-1"), real)
            #expect(answer.problems.map(\.line) == [2])
        }
    }

    @Test func aStateAheadOfNowIsRefused() async throws {
        try await QueryOffice.with { queries in
            let now: Instant = queries.office.clock.now()
            let ahead = try await queries.importSet(
                QueryOffice.publicSchema, QueryOffice.publicRows, asOf: now.adding(milliseconds: 1))
            #expect(ahead.problems.count == 1)
            let exact = try await queries.importSet(
                QueryOffice.publicSchema, QueryOffice.publicRows, asOf: now)
            #expect(exact.problems.isEmpty && exact.rows == 60)
        }
    }
}

/// When a department's system is left alone, and when it is tried again.
@Suite struct CircuitBreakerTests {
    private let start: Instant = Instant(startOf: CivilDate(daysSinceEpoch: 20_780))

    private func opened() -> CircuitBreaker {
        var breaker = CircuitBreaker()
        for _ in 0..<CircuitBreaker.failuresMax {
            #expect(breaker.admit(start) == .go)
            breaker.failed(start)
        }
        return breaker
    }

    @Test func opensAfterSoManyFailuresInARowAndNotBefore() {
        var breaker = CircuitBreaker()
        for _ in 0..<(CircuitBreaker.failuresMax - 1) { breaker.failed(start) }
        #expect(breaker.admit(start) == .go)
        breaker.succeeded()
        #expect(breaker.failures == 0)
        var open = opened()
        #expect(open.admit(start) == .wait(seconds: Int(CircuitBreaker.firstPauseSeconds)))
    }

    @Test func oneCallTriesAfterThePauseAndEachFailureDoublesIt() {
        var breaker = opened()
        var now = start
        var pause = CircuitBreaker.firstPauseSeconds
        for _ in 0..<8 {
            #expect(breaker.admit(now.adding(milliseconds: pause * 1_000 - 1)) == .wait(seconds: 1))
            now = now.adding(seconds: pause)
            #expect(breaker.admit(now) == .go)
            #expect(breaker.admit(now) == .wait(seconds: CircuitBreaker.trialSeconds), "only one")
            breaker.failed(now)
            pause = min(pause * 2, CircuitBreaker.pauseSecondsMax)
        }
        now = now.adding(seconds: pause)
        #expect(breaker.admit(now) == .go)
        breaker.succeeded()
        #expect(breaker.state == .closed)
    }

    @Test func whoeverHangsUpLeavesTheTrialToTheNext() {
        var breaker = opened()
        let later = start.adding(seconds: CircuitBreaker.firstPauseSeconds)
        #expect(breaker.admit(later) == .go)
        breaker.abandoned(later)
        #expect(breaker.admit(later) == .go)
    }
}
