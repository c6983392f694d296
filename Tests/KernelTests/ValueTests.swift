import Kernel
import Testing

@Suite struct FenTests {
    @Test(arguments: [
        (Int64(0), "¥0.00"), (5, "¥0.05"), (-5, "-¥0.05"), (123_450, "¥1,234.50"),
        (100_000_000, "¥1,000,000.00"),
        (-99_999, "-¥999.99"), (Fen.limit, "¥9,999,999,999,999.99"),
    ])
    func showsAndReadsItself(_ amount: Int64, _ text: String) throws {
        #expect(Fen(amount).description == text)
        #expect(try Fen(parsing: text, field: "fee").amount == amount)
    }

    @Test(arguments: [
        ("12", Int64(1_200)), ("12.5", 1_250), ("１２．５０元", 1_250), (" ￥ 1,000 ", 100_000), ("-3", -300),
    ])
    func readsWhatPeopleType(_ text: String, _ amount: Int64) throws {
        #expect(try Fen(parsing: text, field: "fee").amount == amount)
    }

    @Test(arguments: [
        "", "¥", ".5", "1.", "1.234", "1,23", ",123", "1234,567", "1e3", "12元5", "--1", "0x10", "十",
    ])
    func refusesOtherTexts(_ text: String) {
        #expect(reason { _ = try Fen(parsing: text, field: "fee") } == "MONEY_INVALID")
    }

    @Test func arithmeticStopsAtTheLimit() throws {
        let most: Fen = Fen(Fen.limit)
        #expect(try most.subtracting(Fen(1)).adding(Fen(1)) == most)
        #expect(reason { _ = try most.adding(Fen(1)) } == "MONEY_TOO_LARGE")
        #expect(reason { _ = try (-most).subtracting(Fen(1)) } == "MONEY_TOO_LARGE")
        #expect(reason { _ = try most.times(2) } == "MONEY_TOO_LARGE")
        #expect(reason { _ = try most.times(Int.max) } == "MONEY_TOO_LARGE")
        #expect(reason { _ = try Fen(checking: Fen.limit + 1, field: "fee") } == "MONEY_TOO_LARGE")
        #expect(reason { _ = try Fen(checking: Int64.min, field: "fee") } == "MONEY_TOO_LARGE")
        #expect(reason { _ = try Fen(parsing: "10000000000000", field: "fee") } == "MONEY_TOO_LARGE")
        #expect(try Fen.sum([Fen(1), Fen(2), Fen(3)]) == Fen(6) && Fen.sum([]) == .zero)
        #expect(try Fen(250).times(3) == Fen(750))
    }

    @Test func portionsRoundHalvesAwayFromZero() {
        #expect(Fen(100).portion(basisPoints: 50) == Fen(1) && Fen(-100).portion(basisPoints: 50) == Fen(-1))
        #expect(
            Fen(99).portion(basisPoints: 50) == Fen(0)
                && Fen(12_345).portion(basisPoints: 10_000) == Fen(12_345))
        #expect(Fen(Fen.limit).portion(basisPoints: 10_000) == Fen(Fen.limit))
        #expect(Fen(20_001).portion(basisPoints: 600) == Fen(1_200))
    }
}

@Suite struct FullNameTests {
    @Test(arguments: [
        ("张明", "张明"), (" 张小明　", "张小明"), ("阿依古丽•买买提", "阿依古丽·买买提"), ("O'Neil Mary-Jane", "O'Neil Mary-Jane"),
        ("𠮷田", "𠮷田"),
    ])
    func keepsNamesOfEveryKind(_ typed: String, _ kept: String) throws {
        #expect(try FullName(parsing: typed).text == kept)
    }

    @Test(arguments: ["", " ", "·张", "张3", "张\u{0}明", "张明😀", "张\n明", "张\u{202E}明", "<b>"])
    func refusesWhatIsNoName(_ typed: String) {
        #expect(reason { _ = try FullName(parsing: typed) } == "NAME_INVALID")
    }

    @Test func lengthHasTwoEnds() throws {
        #expect(try FullName(parsing: "张").text == "张")
        #expect(try FullName(parsing: String(repeating: "张", count: 50)).text.count == 50)
        #expect(throws: Refusal.self) { try FullName(parsing: String(repeating: "张", count: 51)) }
        #expect(throws: Refusal.self) { try FullName(parsing: "e" + String(repeating: "\u{301}", count: 50)) }
    }

    @Test func isMaskedEverywhere() throws {
        #expect(try FullName(parsing: "张小明").masked == "张*明" && "\(FullName(parsing: "张明"))" == "张*")
        #expect(try FullName(parsing: "欧阳小明").masked == "欧**明")
    }
}

@Suite struct MaskingTests {
    @Test func hidesWhatItShould() {
        #expect(
            Masking.idNumber("140599199001011234") == "1405************34" && Masking.idNumber("123") == "***"
        )
        #expect(Masking.phone("03561234567") == "035****4567" && Masking.phone("2123456") == "*****56")
        #expect(Masking.phone("110") == "***" && Masking.name("") == "" && Masking.name("张") == "*")
        #expect(Masking.address("山西省晋城市城区凤台社区3号楼2单元401") == "山西省晋城市****" && Masking.address("3号") == "3****")
        #expect(
            Masking.account("6222021234567890123") == "***************0123"
                && Masking.account("1234567") == "*******")
    }

    @Test func findsNumbersInFreeText() {
        let text: String = "请回电13912345678，证件14059919900101123x。3号楼401，共123456元，１３９１２３４５６７８"
        #expect(
            Masking.numbers(in: text)
                == "请回电139****5678，证件1405************3x。3号楼401，共123456元，139****5678")
    }
}

@Suite struct ResourceNameTests {
    private static let pattern: ResourceName.Pattern = "grids/{grid}/events/{event}"

    @Test func formatsAndParses() throws {
        let name: ResourceName = ResourceName(Self.pattern, "42", "a-7")
        #expect(name.description == "grids/42/events/a-7" && name.id == "a-7")
        #expect(try ResourceName(parsing: "grids/42/events/a-7", Self.pattern) == name)
        #expect(
            try ResourceName(parsing: "grids/-/events/7", Self.pattern, wildcards: true).ids == ["-", "7"])
    }

    @Test(arguments: [
        "", "grids/42", "grids/42/events/", "grids//events/7", "grids/42/events/7/", "/grids/42/events/7",
        "grids/4 2/events/7",
        "grids/-/events/7", "grids/../events/7", "cases/42/events/7", "grids/四/events/7",
        "grids/42/events/7%2F8",
    ])
    func refusesOtherNames(_ text: String) {
        #expect(reason { _ = try ResourceName(parsing: text, Self.pattern) } == "RESOURCE_NAME_INVALID")
    }

    @Test func idsHaveALongestLength() {
        #expect(
            ResourceName.isID(String(repeating: "a", count: 63))
                && !ResourceName.isID(String(repeating: "a", count: 64)))
        let long: ResourceName.Pattern = ResourceName.Pattern(
            Array(repeating: "{x}", count: 9).joined(separator: "/"))
        let eight: [String] = Array(repeating: String(repeating: "a", count: 56), count: 8)
        #expect(
            reason {
                _ = try ResourceName(
                    parsing: (eight + [String(repeating: "a", count: 56)]).joined(separator: "/"), long)
            } == nil)
        #expect(
            reason {
                _ = try ResourceName(
                    parsing: (eight + [String(repeating: "a", count: 57)]).joined(separator: "/"), long)
            } != nil)
    }
}

@Suite struct PageTests {
    @Test(arguments: [(Int32(0), 20), (1, 1), (99, 99), (100, 100), (101, 100), (Int32.max, 100)])
    func sizesAreCoerced(_ requested: Int32, _ count: Int) throws {
        #expect(try PageSize(requested: requested).count == count)
    }

    @Test func negativeSizesAreRefused() {
        #expect(reason { _ = try PageSize(requested: -1) } == "PAGE_SIZE_NEGATIVE")
    }

    @Test func tokensComeBackWithTheirQueryOnly() throws {
        let query: [String] = ["grids/42", "state = OPEN", "time desc"]
        let token: PageToken = PageToken(keys: ["2026-05-01", "", "编号"], query: query)
        #expect(try PageToken.parse(token.text, keyCount: 3, query: query) == token)
        #expect(try PageToken.parse("", keyCount: 3, query: query) == nil)
        for other in [
            ["grids/42", "state = CLOSED", "time desc"], ["grids/42", "state = OPENtime", " desc"], [],
        ] {
            #expect(
                reason { _ = try PageToken.parse(token.text, keyCount: 3, query: other) }
                    == "PAGE_TOKEN_QUERY_CHANGED")
        }
    }

    @Test func damagedTokensAreRefused() throws {
        let text: String = PageToken(keys: ["a", "b"], query: []).text
        #expect(try PageToken.parse(text, keyCount: 2, query: [])?.keys == ["a", "b"])
        let damaged: [String] = [
            "x", "!!!!", String(text.dropLast()), text + "A", PageToken(keys: ["a"], query: []).text,
            "B" + text.dropFirst(),
            Base64URL.encode([1, 2, 3]),
            Base64URL.encode([1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0xFF, 0xFF]),
            String(repeating: "A", count: PageToken.maximumLength + 1),
        ]
        for bad in damaged {
            #expect(throws: Refusal.self) { try PageToken.parse(bad, keyCount: 2, query: []) }
        }
    }

    @Test func theLargestKeysFit() throws {
        let key: String = String(repeating: "k", count: 249)
        let token: PageToken = PageToken(keys: [key, key, key], query: ["q"])
        #expect(token.text.utf8.count <= PageToken.maximumLength)
        #expect(try PageToken.parse(token.text, keyCount: 3, query: ["q"]) == token)
    }

    @Test func etagsGuardUpdates() {
        #expect(Etag(version: 12).description == "\"v12\"")
        #expect(
            reason { try Etag.require("\"v12\"", version: 12) } == nil
                && reason { try Etag.require("*", version: 12) } == nil)
        #expect(
            reason { try Etag.require("", version: 12) } == "ETAG_REQUIRED"
                && reason { try Etag.check("", version: 12) } == nil)
        #expect(reason { try Etag.require("\"v11\"", version: 12) } == "CHANGED_MEANWHILE")
        #expect(reason { try Etag.check("v12", version: 12) } == "CHANGED_MEANWHILE")
    }
}

@Suite struct TextRuleTests {
    @Test func trimsAndUnifiesLineEnds() throws {
        #expect(try TextRule.line.apply("　路灯不亮 ", field: "title") == "路灯不亮")
        #expect(try TextRule.body.apply("一\r\n二\n", field: "text") == "一\n二")
        #expect(try TextRule.optionalLine.apply(" ", field: "title") == "")
    }

    @Test func lengthsHaveTwoEnds() throws {
        let rule: TextRule = TextRule(2...4)
        for (text, accepted) in [("一", false), ("一二", true), ("一二三四", true), ("一二三四五", false)] {
            #expect((reason { _ = try rule.apply(text, field: "t") } == nil) == accepted)
        }
        #expect(
            reason { _ = try rule.apply(String(repeating: "一", count: 1_000_000), field: "t") }
                == "TEXT_LENGTH")
    }

    @Test(arguments: ["一\u{0}二", "一\u{1B}[31m", "一\u{202E}二", "一\u{7F}二", "一\u{9B}二"])
    func controlCharactersAreRefused(_ text: String) {
        #expect(reason { _ = try TextRule.body.apply(text, field: "t") } == "TEXT_CHARACTERS")
        #expect(reason { _ = try TextRule.line.apply(text, field: "t") } == "TEXT_CHARACTERS")
    }

    @Test func linesAreForMultilineTexts() {
        #expect(reason { _ = try TextRule.line.apply("一\n二", field: "t") } == "TEXT_CHARACTERS")
    }
}

@Suite struct GeoTests {
    private static let square: GeoPoint = GeoPoint(storedLatitude: 35.4907, storedLongitude: 112.8513)

    @Test func boundsHaveTwoSides() {
        for (latitude, longitude) in [(90.0, 180.0), (-90.0, -180.0), (0.0, 0.0)] {
            #expect(reason { _ = try GeoPoint(latitude: latitude, longitude: longitude) } == nil)
        }
        for (latitude, longitude) in [
            (90.001, 0.0), (0.0, -180.001), (Double.nan, 0.0), (0.0, Double.infinity),
        ] {
            #expect(
                reason { _ = try GeoPoint(latitude: latitude, longitude: longitude) } == "LOCATION_INVALID")
        }
    }

    @Test func distancesAreRight() throws {
        // One degree of a great circle of the mean sphere is 111,195 m.
        let north: GeoPoint = GeoPoint(storedLatitude: 36.4907, storedLongitude: 112.8513)
        #expect(abs(Self.square.metres(to: north) - 111_195) < 1 && Self.square.metres(to: Self.square) == 0)
        let opposite: GeoPoint = GeoPoint(storedLatitude: -35.4907, storedLongitude: -67.1487)
        #expect(abs(Self.square.metres(to: opposite) - 20_015_115) < 10)
    }

    @Test func coversHoldEverythingWithinTheRadius() throws {
        let random: SeededRandom = SeededRandom(seed: 11)
        let unit = { Double(random.integer(in: 0..<1_000_001)) / 1_000_000 }
        for _ in 0..<2_000 {
            let centre: GeoPoint = GeoPoint(
                storedLatitude: -60 + unit() * 120, storedLongitude: -180 + unit() * 360)
            let radius: Double = 1 + unit() * 4_999
            let cover: GeoCell.Cover = try GeoCell.cover(centre, radiusMetres: radius)
            #expect(cover.cells.count < 250 && Set(cover.cells).count == cover.cells.count)
            let near: GeoPoint = GeoPoint(
                storedLatitude: centre.latitude + (unit() - 0.5) * 0.08,
                storedLongitude: centre.longitude + (unit() - 0.5) * 0.16)
            guard centre.metres(to: near) <= radius, GeoPoint.longitudes.contains(near.longitude) else {
                continue
            }
            #expect(cover.cells.contains(GeoCell.id(of: near)))
            #expect(cover.latitudes.contains(near.latitude) && cover.longitudes.contains(near.longitude))
        }
        #expect(try GeoCell.cover(Self.square, radiusMetres: 1_000).cells.count <= 12)
    }

    @Test func radiusHasTwoEnds() {
        for (radius, accepted) in [
            (0.5, false), (1, true), (5_000, true), (5_000.5, false), (Double.nan, false),
        ] {
            #expect((reason { _ = try GeoCell.cover(Self.square, radiusMetres: radius) } == nil) == accepted)
        }
        let arctic: GeoPoint = GeoPoint(storedLatitude: 60.1, storedLongitude: 0)
        #expect(reason { _ = try GeoCell.cover(arctic, radiusMetres: 100) } == "RADIUS_INVALID")
    }

    @Test func cornersOfTheWorldHaveCells() {
        for (latitude, longitude) in [(90.0, 180.0), (-90.0, -180.0), (90.0, -180.0), (-90.0, 180.0)] {
            let id: Int64 = GeoCell.id(of: GeoPoint(storedLatitude: latitude, storedLongitude: longitude))
            #expect((0..<648_000_000).contains(id))
        }
    }
}

@Suite struct TextWidthTests {
    @Test(arguments: [
        ("", 0), ("abc", 3), ("邻里", 4), ("Linli 邻里", 10), ("，。", 4), ("e\u{301}", 1), ("👍", 2), ("👨‍👩‍👧", 2),
        ("🇨🇳", 2), ("❤️", 2),
        ("❤", 1), ("ｱ", 1), ("Ａ", 2), ("\u{200B}", 0), ("\u{7}", 0), ("한", 2), ("𠮷", 2), ("·", 1), ("…", 1),
        ("¥", 1), ("￥", 2),
    ])
    func countsColumns(_ text: String, _ columns: Int) {
        #expect(TextWidth.columns(of: text) == columns)
    }

    @Test func padsAndCuts() {
        #expect(TextWidth.padded("邻里", to: 6) == "邻里  " && TextWidth.padded("邻里", to: 6, .right) == "  邻里")
        #expect(TextWidth.padded("邻里", to: 7, .centre) == " 邻里  " && TextWidth.padded("邻里", to: 3) == "邻里")
        #expect(TextWidth.truncated("邻里社区", to: 8) == "邻里社区" && TextWidth.truncated("邻里社区", to: 7) == "邻里社…")
        #expect(TextWidth.truncated("邻里社区", to: 6) == "邻里…" && TextWidth.truncated("邻里", to: 0) == "")
        for columns in 1...9 {
            #expect(TextWidth.columns(of: TextWidth.fitted("邻a里b社c区", to: columns)) == columns)
        }
    }

    @Test func wrapsWithoutLosingText() {
        #expect(TextWidth.wrapped("您好，请选择服务。", to: 6) == ["您好，", "请选择", "服务。"])
        #expect(TextWidth.wrapped("一二三。四", to: 6) == ["一二", "三。四"])
        #expect(TextWidth.wrapped("one two three", to: 7) == ["one two", "three"])
        #expect(TextWidth.wrapped("abcdefgh", to: 3) == ["abc", "def", "gh"])
        #expect(TextWidth.wrapped("一\n\n二", to: 10) == ["一", "", "二"])
        let text: String = "居民可以在服务中心办理（含代办）各类业务，电话 0356-0001234，每日 8:30 to 17:30。"
        for columns in 2...60 {
            let lines: [String] = TextWidth.wrapped(text, to: columns)
            #expect(lines.allSatisfy { TextWidth.columns(of: $0) <= columns })
            #expect(lines.joined().filter { $0 != " " } == text.filter { $0 != " " })
        }
    }
}

@Suite struct CodecTests {
    @Test(arguments: [
        ("", "", ""), ("f", "Zg==", "MY"), ("fo", "Zm8=", "MZXQ"), ("foo", "Zm9v", "MZXW6"),
        ("foob", "Zm9vYg==", "MZXW6YQ"),
        ("fooba", "Zm9vYmE=", "MZXW6YTB"), ("foobar", "Zm9vYmFy", "MZXW6YTBOI"),
    ])
    func vectorsOfRFC4648(_ text: String, _ base64: String, _ base32: String) {
        let bytes: [UInt8] = Array(text.utf8)
        #expect(Base64.encode(bytes) == base64 && Base64.decode(base64) == bytes)
        #expect(Base32.encode(bytes) == base32 && Base32.decode(base32) == bytes)
        #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes && Hex.decode(Hex.encode(bytes)) == bytes)
    }

    @Test func oneValueHasOneText() {
        for bad in ["Zg", "Zg=", "Zh==", "Zg==\n", "Z===", "====", "Zm9v====", "Zm 9", "Zm8-"] {
            #expect(Base64.decode(bad) == nil)
        }
        for bad in ["Zg==", "Zh", "Z", "Zm8+"] { #expect(Base64URL.decode(bad) == nil) }
        for bad in ["M", "MZ", "my", "MY======", "MZX"] { #expect(Base32.decode(bad) == nil) }
        for bad in ["0", "0g", "0x00"] { #expect(Hex.decode(bad) == nil) }
        #expect(
            Base64URL.encode([0xFB, 0xFF]) == "-_8" && Hex.encode([0, 0xAF]) == "00af"
                && Hex.decode("AF") == [0xAF])
    }
}
