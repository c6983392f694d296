import Kernel
import Testing

@Suite struct EnvironmentTests {
    private static let start: Instant = Instant(seconds: 1_777_593_600)

    @Test func manualClockMovesWhenTold() {
        let clock: ManualClock = ManualClock(Self.start)
        #expect(clock.now() == Self.start && clock.now() == Self.start)
        clock.advance(seconds: 5)
        #expect(clock.now().milliseconds(since: Self.start) == 5_000)
        clock.set(Self.start)
        #expect(clock.now() == Self.start)
    }

    @Test func sameSeedSameWorld() {
        let one: Environment = .fixed(at: Self.start, seed: 7)
        let two: Environment = .fixed(at: Self.start, seed: 7)
        #expect(one.newID() == two.newID() && one.randomBytes(13) == two.randomBytes(13))
        #expect(one.randomBytes(13).count == 13)
        #expect(
            Environment.fixed(at: Self.start, seed: 8).newID()
                != Environment.fixed(at: Self.start, seed: 7).newID())
        // The first value of SplitMix64 with seed 1234567, as in its reference implementation.
        #expect(SeededRandom(seed: 1_234_567).next() == 6_457_827_717_110_365_317)
    }

    @Test func shufflingKeepsEverything() {
        let random: SeededRandom = SeededRandom(seed: 3)
        #expect(random.shuffled(Array(0..<100)).sorted() == Array(0..<100))
        #expect((0..<1_000).allSatisfy { _ in (5..<9).contains(random.integer(in: 5..<9)) })
    }

    @Test func idsIncreaseEvenWhenTheClockDoesNot() {
        let clock: ManualClock = ManualClock(Self.start)
        let ids: IDSource = IDSource(clock: clock, random: SeededRandom(seed: 1))
        var last: ID = ids.next()
        for round in 0..<10_000 {
            if round == 5_000 { clock.advance(seconds: -60) }
            let next: ID = ids.next()
            #expect(last < next && last.description < next.description)
            last = next
        }
        #expect(last.instant.milliseconds(since: Self.start) < 10)
    }

    @Test func idsAreUUIDsOfVersionSeven() throws {
        let id: ID = Environment.fixed(at: Self.start).newID()
        let text: String = id.description
        #expect(text.count == ID.textLength && Array(text)[14] == "7" && "89ab".contains(Array(text)[19]))
        #expect(ID(text) == id && ID(text.uppercased()) == id && id.instant == Self.start)
        #expect(id.bytes.count == 16 && Hex.encode(id.bytes) == text.filter { $0 != "-" })
        // RFC 9562 appendix A.6.
        let example: ID = try #require(ID("017F22E2-79B0-7CC3-98C4-DC0C0C07398F"))
        #expect(example.instant.rfc3339 == "2022-02-22T19:22:22Z")
        for bad in [
            "", String(text.dropLast()), text + "0", text.replacing("-", with: "0"), "g" + text.dropFirst(),
        ] {
            #expect(ID(bad) == nil)
        }
    }
}

@Suite struct LanguageTests {
    @Test(arguments: [
        (nil, Language.chinese), ("", .chinese), ("zh-CN,zh;q=0.9,en;q=0.8", .chinese),
        ("en-US,en;q=0.9", .english),
        ("en;q=0.5, zh;q=0.6", .chinese), ("fr, en;q=0.1", .english), ("de", .chinese), ("*", .chinese),
        ("en;q=0", .chinese), ("EN", .english), ("zh;q=oops;q=0.1, en;q=0.5", .english),
        ("en;q=7,zh;q=0.1", .english),
        ("english", .chinese),
    ])
    func picksTheBest(_ header: String?, _ expected: Language) {
        #expect(Language(acceptLanguage: header) == expected)
    }

    @Test func longHeadersAreNotRead() {
        let limit: Int = Language.maximumAcceptLanguageBytes
        #expect(Language(acceptLanguage: "en" + String(repeating: " ", count: limit - 2)) == .english)
        #expect(Language(acceptLanguage: "en" + String(repeating: " ", count: limit - 1)) == .chinese)
    }
}

@Suite struct RefusalTests {
    @Test func fieldsGiveReasonAndTexts() {
        let refusal: Refusal = .invalid([
            FieldViolation(field: "a", reason: "A_BAD", zh: "甲错。", en: "A is bad."),
            FieldViolation(field: "b", reason: "B_BAD", zh: "乙错。", en: "B is bad."),
        ])
        #expect(refusal.kind == .invalidArgument && refusal.reason == "A_BAD")
        #expect(refusal.text(in: .chinese) == "甲错。乙错。" && refusal.text(in: .english) == "A is bad. B is bad.")
        #expect(
            Refusal.invalid(field: "a", reason: "A_BAD", zh: "甲错。", en: "A is bad.").fields.map(\.field) == [
                "a"
            ])
        #expect(Refusal.conflict().kind == .aborted && Refusal.notFound().kind == .notFound)
        let busy: Refusal = .exhausted(retryAfterSeconds: 3, reason: "BUSY", zh: "忙。", en: "Busy.")
        #expect(busy.kind == .resourceExhausted(retryAfterSeconds: 3))
    }
}
