import Kernel
import Platform
import Testing

@testable import OneStop

@Suite struct SearchTests {
    /// What people type, and what has to come first.
    @Test func theRightItemComesFirst() async throws {
        try await Catalogue.with { test in
            try await test.importLists()
            let expected: [(query: String, first: String)] = [
                // As it is written, and two characters of it.
                ("居住证", "居住证办理"), ("低保", "最低生活保障审核确认"),
                // Words of other people.
                ("我要办准生证", "生育登记"), ("扯证", "结婚登记"),
                // Pinyin, whole and cut off, and its initials.
                ("zufangtiqugongjijin", "租房提取公积金"), ("zufangtiqugongj", "租房提取公积金"), ("zftqgjj", "租房提取公积金"),
                // Cut off where it is a syllable already.
                ("shenfenzhengbanlijinduchaxu", "身份证办理进度查询"),
                // The wrong candidate of an input method.
                ("租房提取公基金", "租房提取公积金"), ("租房题取公积金", "租房提取公积金"),
                // A character missing, one too many, two swapped.
                ("租房提公积金", "租房提取公积金"), ("租房提取取公积金", "租房提取公积金"), ("租房取提公积金", "租房提取公积金"),
                // Quite another character.
                ("租房提取公枳金", "租房提取公积金"),
            ]
            for (query, first) in expected {
                let names = try await test.names(query)
                #expect(names.first == first, "\(query): \(names)")
            }
        }
    }

    @Test func englishWordsFindWhatTheyMean() async throws {
        try await Catalogue.with { test in
            try await test.importLists()
            for (query, first) in [
                ("housing fund for rent", "租房提取公积金"), ("How do I get a Residence Permit?", "居住证办理"),
                ("birth certificate", "《出生医学证明》首次签发"), ("divorce", "离婚登记（30日冷静期）"),
            ] {
                #expect(try await test.names(query).prefix(3).contains(first), "\(query)")
            }
        }
        let words = try ItemVocabulary(yaml: dataFile("words/words.yaml"))
        #expect(words.translations("rent, housing fund") == ["租房公积金"])
        // Pinyin in which an English word hides stays pinyin.
        #expect(words.translations("bushi").isEmpty)
        #expect(words.translations("housing fund 公积金").isEmpty)
    }

    @Test func oneWrongCharacterFindsWhatWasMeant() async throws {
        try await Catalogue.with { test in
            try await test.importLists()
            for (typed, meant) in [("居驻证", "居住证"), ("公基金", "公积金"), ("公金积", "公积金"), ("失叶保险", "失业保险")] {
                let found = try #require(try await test.search(typed).first, "\(typed)")
                #expect(found.item.content.name.contains(meant), "\(typed)")
                #expect(found.matched == [meant], "\(typed)")
            }
            // What sounds alike in many mouths: zu and zhu, xin and xing.
            #expect(try await test.names("gongjijing").contains("租房提取公积金"))
        }
    }

    @Test func longTextsAreCut() async throws {
        // Each of these characters stands for a word of three to six: アパート, アルファ and so on.
        func squares(_ count: UInt32) -> String {
            String(String.UnicodeScalarView((0..<count).compactMap { Unicode.Scalar(0x3300 + $0) }))
        }
        let whole = SearchText.normalize(squares(40))
        let most = SearchIndex.textCharactersMax
        #expect(whole.unicodeScalars.count > most)
        let short = String(whole.unicodeScalars.prefix(most))
        try await Catalogue.with { test in
            _ = try await test.catalogue.importFile(
                "code,name,dept\nA-1,\(whole),民政局\n", name: "test", kind: .handling)
            #expect(try await test.search(squares(40)).map(\.matched) == [[short]])
            #expect(
                try await test.search(squares(10)).map(\.matched) == [[SearchText.normalize(squares(10))]])
        }
    }

    @Test func anotherWordIsNoTypingError() async throws {
        try await Catalogue.with { test in
            try await test.importLists()
            #expect(try await test.names("离婚登记").first == "离婚登记（30日冷静期）")
            let married = try await test.search("结婚登记")
            #expect(married.first?.item.content.name == "结婚登记")
            #expect(try await test.search("飞碟驾驶").isEmpty)
            #expect(try await test.search("？？").isEmpty)
        }
    }

    @Test func wholeNamesComeBeforeParts() async throws {
        try await Catalogue.with { test in
            _ = try await test.catalogue.importFile(
                """
                code,name,dept,synonyms
                A-1,结婚登记档案查询服务,民政局,
                A-2,补办结婚登记,民政局,
                A-3,结婚登记,民政局,
                A-4,婚姻登记,民政局,结婚登记
                A-5,结婚证,民政局,
                """, name: "test", kind: .handling)
            let codes = try await test.search("结婚登记").map(\.item.content.code)
            #expect(codes == ["A-3", "A-4", "A-1", "A-2"])
        }
    }

    @Test func searchesFollowTheCatalogue() async throws {
        try await Catalogue.with { test in
            _ = try await test.catalogue.importFile(
                "code,name,dept\nA-1,养犬登记,公安局\n", name: "test", kind: .handling)
            #expect(try await test.names("养犬") == ["养犬登记"])
            _ = try await test.catalogue.importFile(
                "code,name,dept\nA-1,养猫登记,公安局\n", name: "test", kind: .handling)
            #expect(try await test.names("养犬").isEmpty)
            #expect(try await test.names("养猫") == ["养猫登记"])
        }
    }

    @Test func fillersAreLeftOutAndNeverEverything() throws {
        let words = try ItemVocabulary(yaml: dataFile("words/words.yaml"))
        #expect(words.core("请问怎么办理居住证？") == "居住证")
        #expect(words.core("办理") == "办理")
        #expect(words.core(" ＪＣ－Ｂ－００１ ") == "jcb001")
        #expect(words.wordings("娃上学").contains("儿童上学"))
        #expect(words.wordings("没有这样的词").isEmpty)
    }

    @Test func brokenWordsAreToldByLine() {
        let yaml = """
            id: items
            version: 1
            fillers: [请问, "？"]
            synonyms:
              娃: []
            readings:
              银行: yin
              长期: chang xyz
            """
        let error = #expect(throws: DataFileError.self) { try ItemVocabulary(yaml: yaml) }
        #expect(error?.problems.map(\.line) == [3, 7, 8])
    }

    @Test func readingsOfWordsPrevail() throws {
        let words = try ItemVocabulary(yaml: dataFile("words/words.yaml"))
        #expect(SearchText("银行", words).initials == Array("yh".utf8))
        #expect(SearchText("银行", .none).initials == Array("yx".utf8))
        #expect(SearchText("自行车", words).initials == Array("zxc".utf8))
    }

    @Test func lettersAreCutIntoSyllables() {
        func cuts(_ letters: String) -> [String] {
            Pinyin.standard.cuts(letters).map { cut in
                (cut.syllables.map { Pinyin.standard.spelling(of: $0) } + [cut.rest]).joined(separator: " ")
            }
        }
        #expect(cuts("gongjijin") == ["gong ji jin "])
        #expect(Set(cuts("xian")) == ["xian ", "xi an "])
        #expect(cuts("gongj").contains("gong j"))
        #expect(cuts("nver") == ["nu er "])
        #expect(cuts("zfgjj").isEmpty)
        #expect(cuts(String(repeating: "an", count: 20)).count <= Pinyin.cutsMax)
    }

    @Test(arguments: [
        ("公积金", "公积金", 0), ("公基金", "公积金", 1), ("公金积", "公积金", 2), ("公积", "公积金", 0), ("提公积金", "提取公积金", 2),
        ("公枳金", "公积金", 3),
    ])
    func errorsHaveTheirPrice(typed: String, title: String, cost: Int) {
        var aligner = Aligner()
        let query = SearchText(typed, .none).side
        let whole = SearchText(title, .none).side
        let found = aligner.best(query, whole, budget: 3)
        #expect(found?.cost == cost)
        let less = aligner.best(query, whole, budget: cost - 1)
        #expect(less == nil)
    }

    @Test func shortWordsForgiveLess() {
        #expect(Alignment.budget(1) == 0)
        #expect(Alignment.budget(2) < Alignment.Cost.slip)
        #expect(Alignment.budget(3) < Alignment.Cost.other)
        #expect(Alignment.budget(4) >= Alignment.Cost.other)
    }
}
