import Kernel
import Platform

/// What a code says. Codes are opaque text; where one follows a scheme that is known, its parts are read.
struct ItemCode: Sendable, Equatable {
    enum Scheme: String, Sendable, CaseIterable {
        /// GB/T 39554.1-2020, 基本编码: 12 characters.
        case basic = "gb39554-basic"
        /// 实施编码: 18 of the credit code, 1 level, 12 basic.
        case implementation = "gb39554-implementation"
        /// 业务办理项编码: the same and 2 more.
        case handling = "gb39554-handling"
        /// Sichuan: catalogue code, division, sub-item, body, level, version.
        case sichuan
        /// A list of a city of its own, such as `JC-B-001`.
        case local
        case opaque
    }
    struct Part: Sendable, Equatable {
        let label: BilingualText
        let value: String
    }

    let scheme: Scheme
    let parts: [Part]
    /// What looks wrong in it. It is told and never refused: some codes in force have a wrong check character.
    let warning: BilingualText?

    init(_ code: String) {
        let text: String = ASCII.narrowed(code).trimmed.uppercased()
        self =
            ItemCode.national(text) ?? ItemCode.sichuan(text) ?? ItemCode.local(text)
            ?? ItemCode(.opaque, [], nil)
    }

    private init(_ scheme: Scheme, _ parts: [Part], _ warning: BilingualText?) {
        self.scheme = scheme
        self.parts = parts
        self.warning = warning
    }

    private static let basicLength: Int = 12
    private static let implementationLength: Int = 31
    private static let handlingLength: Int = 33

    private static func national(_ text: String) -> ItemCode? {
        guard text.utf8.allSatisfy(isCodeByte) else { return nil }
        switch text.utf8.count {
        case basicLength where text.utf8.contains { ASCII.digitValue($0) != nil }:
            return ItemCode(.basic, [Part(label: ItemCodeTexts.basic, value: text)], nil)
        case implementationLength, handlingLength:
            let body: String = cut(text, 0, CreditCode.length)
            guard looksLikeCreditCode(body) else { return nil }
            var parts: [Part] = [
                Part(label: ItemCodeTexts.body, value: body),
                Part(label: ItemCodeTexts.level, value: cut(text, 18, 1)),
                Part(label: ItemCodeTexts.basic, value: cut(text, 19, basicLength)),
            ]
            let isHandling: Bool = text.utf8.count == handlingLength
            if isHandling { parts.append(Part(label: ItemCodeTexts.handling, value: cut(text, 31, 2))) }
            return ItemCode(isHandling ? .handling : .implementation, parts, warning(body))
        default: return nil
        }
    }

    /// `511A0138000000-511602000000-000-<credit code>-1-00`. The catalogue code may have hyphens of its own; of the body
    /// some lists give an older organisation code, with or without the hyphen before its check character (GB 11714).
    private static func sichuan(_ text: String) -> ItemCode? {
        var pieces: [String] = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        if pieces.count >= 7, pieces[pieces.count - 3].utf8.count == 1,
            pieces[pieces.count - 4].utf8.count == 8
        {
            let check: String = pieces.remove(at: pieces.count - 3)
            pieces[pieces.count - 3] += check
        }
        guard pieces.count >= 6 else { return nil }
        let tail: [String] = Array(pieces.suffix(5))
        let head: String = pieces.dropLast(5).joined(separator: "-")
        guard !head.isEmpty, ASCII.isDigits(tail[1], count: 3...3) || ASCII.isDigits(tail[1], count: 8...8),
            ASCII.isDigits(tail[0], count: 12...12), (7...18).contains(tail[2].utf8.count),
            tail[2].utf8.allSatisfy(isCodeByte), ASCII.isDigits(tail[3], count: 1...1),
            ASCII.isDigits(tail[4], count: 2...2)
        else { return nil }
        return ItemCode(
            .sichuan,
            [
                Part(label: ItemCodeTexts.catalogue, value: head),
                Part(label: ItemCodeTexts.division, value: tail[0]),
                Part(label: ItemCodeTexts.extra, value: tail[1]),
                Part(label: ItemCodeTexts.body, value: tail[2]),
                Part(label: ItemCodeTexts.mark, value: tail[3]),
                Part(label: ItemCodeTexts.version, value: tail[4]),
            ], warning(tail[2]))
    }

    private static func local(_ text: String) -> ItemCode? {
        let pieces: [String] = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        guard pieces.count == 3, (2...4).contains(pieces[0].utf8.count), pieces[0].utf8.allSatisfy(isLetter),
            pieces[1].utf8.count == 1, pieces[1].utf8.allSatisfy(isLetter),
            ASCII.isDigits(pieces[2], count: 1...6)
        else { return nil }
        return ItemCode(
            .local,
            [
                Part(label: ItemCodeTexts.place, value: pieces[0]),
                Part(label: ItemCodeTexts.list, value: pieces[1]),
                Part(label: ItemCodeTexts.number, value: pieces[2]),
            ], nil)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }
    private static func isCodeByte(_ byte: UInt8) -> Bool { isLetter(byte) || ASCII.digitValue(byte) != nil }

    private static func cut(_ text: String, _ start: Int, _ count: Int) -> String {
        String(text.dropFirst(start).prefix(count))
    }

    private static func looksLikeCreditCode(_ text: String) -> Bool {
        let bytes: [UInt8] = Array(text.utf8)
        return bytes.count == CreditCode.length && bytes.allSatisfy(CreditCode.alphabet.contains)
            && ASCII.integer(bytes[2..<8]) != nil
    }

    private static func warning(_ body: String) -> BilingualText? {
        guard looksLikeCreditCode(body) else { return ItemCodeTexts.noCreditCode(body) }
        return CreditCode(stored: body).checkIsRight ? nil : ItemCodeTexts.checkWrong(body)
    }
}

/// What people read about parts of codes.
enum ItemCodeTexts {
    static let basic: BilingualText = BilingualText(zh: "基本编码", en: "basic code")
    static let body: BilingualText = BilingualText(zh: "实施主体统一社会信用代码", en: "credit code of the body")
    static let level: BilingualText = BilingualText(zh: "行使层级", en: "level that exercises the power")
    static let handling: BilingualText = BilingualText(zh: "业务办理项", en: "handling item")
    static let catalogue: BilingualText = BilingualText(zh: "目录编码", en: "catalogue code")
    static let division: BilingualText = BilingualText(zh: "行政区划代码", en: "division")
    static let extra: BilingualText = BilingualText(zh: "扩展码", en: "extension")
    static let mark: BilingualText = BilingualText(zh: "标识码", en: "mark")
    static let version: BilingualText = BilingualText(zh: "序号", en: "sequence")
    static let place: BilingualText = BilingualText(zh: "地方", en: "place")
    static let list: BilingualText = BilingualText(zh: "清单", en: "list")
    static let number: BilingualText = BilingualText(zh: "编号", en: "number")

    static func noCreditCode(_ body: String) -> BilingualText {
        BilingualText(
            zh: "编码里的实施主体“\(body)”不是18位统一社会信用代码，请核对。",
            en: "The body '\(body)' in the code is no credit code of 18 characters. Check it.")
    }

    static func checkWrong(_ body: String) -> BilingualText {
        BilingualText(
            zh: "编码里的统一社会信用代码“\(body)”校验位不对，请核对。",
            en: "The check character of the credit code '\(body)' in the code is wrong. Check it.")
    }
}
