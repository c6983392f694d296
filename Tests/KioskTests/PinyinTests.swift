import Kernel
import Testing

@testable import linli_kiosk

/// The library has one state for the process: these tests take turns, also with the others that type Chinese.
@Suite("Pinyin", .serialized)
@MainActor
struct PinyinTests {
    /// One engine for all tests, as there is one for a kiosk.
    static let engine = PinyinEngine()

    private func engine() throws -> PinyinEngine {
        try #require(Self.engine, "libgooglepinyin0 is installed")
    }

    @Test(
        "words that people come for are on the first page",
        arguments: [
            ("gongjijin", "公积金"), ("zufang", "租房"), ("xi'an", "西安"), ("jzz", "居住证"), ("nihao", "你好"),
        ])
    func words(letters: String, word: String) throws {
        #expect(try engine().candidates(for: letters, 0..<6).contains(word))
    }

    @Test("a word takes its letters, and the rest is looked up on")
    func chosen() throws {
        let engine = try engine()
        let words = engine.candidates(for: "zufangtiqu", 0..<20)
        let index = try #require(words.firstIndex(of: "租房"))
        #expect(engine.choose(index, of: "zufangtiqu") == .init(text: "租房", letters: 6))
        #expect(engine.choose(0, of: "nihao") == .init(text: "你好", letters: 5))
        #expect(engine.choose(99_999, of: "nihao") == nil)
    }

    @Test("nothing is learned: a word that was chosen twenty times stands where it stood")
    func forgetful() throws {
        let engine = try engine()
        let before = engine.candidates(for: "zhangsan", 0..<40)
        for _ in 0..<20 { _ = engine.choose(before.count - 1, of: "zhangsan") }
        engine.forget()
        #expect(engine.candidates(for: "zhangsan", 0..<40) == before)
    }

    @Test("no letters bring the library down, up to the most that are taken")
    func hostile() throws {
        let engine = try engine()
        let seed: UInt64 = 20_261_125
        let random = SeededRandom(seed: seed)
        let letters = Array("aeioujvzx'abcdefghijklmnopqrstuvwxyz")
        let whole = [
            String(repeating: "z", count: 12), String(repeating: "a", count: 12),
            String(repeating: "'", count: 12),
        ]
        for round in 0..<400 {
            let text =
                round < whole.count
                ? whole[round]
                : String((0..<(1 + round % 12)).map { _ in letters[random.integer(in: 0..<letters.count)] })
            let count = engine.count(for: text)
            #expect(count >= 0, "seed \(seed), \(text)")
            if count > 0 { _ = engine.choose(random.integer(in: 0..<count), of: text) }
        }
        // More than is taken is cut, and not handed on.
        #expect(engine.count(for: String(repeating: "z", count: 40)) == engine.count(for: whole[0]))
    }
}
