import Kernel
import Platform
import Testing

@testable import OneStop

@Suite("Which proofs there are, and which are refused") struct ProofTests {
    static func read<T>(_ file: String, as type: T.Type) throws -> T {
        let checked: CheckedDocument = try CertificateCatalogue.reader.read(try CertificateWorld.data(file))
        return try #require(checked.value as? T)
    }

    static func find(_ words: String) throws -> ProofSearch.Found {
        ProofSearch.find(
            words, types: try read("types.yaml", as: CertificateCatalogue.self).types,
            refused: try read("refused.yaml", as: RefusedProofs.self).proofs,
            try ItemVocabulary(yaml: CertificateWorld.data("../items/words/words.yaml")))
    }

    /// Each of the 20, by its own name and by what people say.
    @Test(arguments: [
        ("kinship", "亲属关系证明", "我要开父子关系证明"), ("identity", "居民身份信息证明", "同一人证明"),
        ("register_change", "户口登记项目内容变更申请证明", "改名证明"), ("dog", "居民养犬证明", "养狗证明"),
        ("criminal_record", "无犯罪记录证明", "请问无犯罪证明怎么开"),
        ("drug_rehabilitation", "社区戒毒社区康复人员情况证明", "戒毒证明"),
        ("missing_person", "人员失踪证明", "下落不明证明"), ("marital_status", "婚姻状况证明", "单身证明"),
        ("birth", "出生证明", "新生儿证明"), ("alive", "健在证明", "我还活着"), ("death", "死亡证明", "去世证明"),
        ("illness", "疾病状况证明", "生病证明"), ("disability", "残疾状况证明", "残疾人证明"),
        ("childbearing", "婚育状况证明", "计划生育证明"), ("employment", "居民就业状况证明", "失业证明"),
        ("personal_file", "居民个人档案证明", "人事档案证明"), ("property", "居民财产证明", "收入证明"),
        ("inheritance", "遗产继承权证明", "继承人证明"), ("business_premises", "市场主体住所证明", "经营场所证明"),
        ("lost_document", "证件遗失证明", "身份证丢失证明"),
    ])
    func eachOfThemIsFoundAndSaysWhoDoesIt(id: String, title: String, words: String) throws {
        for query in [title, words, "社区开" + words] {
            let found: ProofSearch.Found = try Self.find(query)
            let first: RefusedProof = try #require(found.refused.first, "\(query)")
            #expect(first.id == id, "\(query)")
            #expect(found.types.isEmpty, "\(query) may be issued?")
            #expect(!first.instead.zh.isEmpty && !first.instead.en.isEmpty)
            #expect(first.legalBasis.contains("民发〔2020〕20号"))
        }
    }

    @Test func thereAreTwentyInTheOrderOfTheList() throws {
        let proofs: [RefusedProof] = try Self.read("refused.yaml", as: RefusedProofs.self).proofs
        #expect(proofs.count == 20)
        #expect(proofs[0].legalBasis.hasSuffix("第1项") && proofs[19].legalBasis.hasSuffix("第20项"))
    }

    @Test(arguments: [
        ("居住证明", "residence"), ("我要开居住情况证明", "residence"), ("志愿者证明", "volunteer_service"),
        ("低保证明", "minimum_living"), ("低收入证明", "low_income"), ("五保户证明", "destitute"),
        ("监护人证明", "guardian"), ("jzqkzm", "residence"),
    ])
    func whatMayBeIssuedIsFound(words: String, id: String) throws {
        let found: ProofSearch.Found = try Self.find(words)
        #expect(found.types.first?.id == id, "\(words): \(found.types.map(\.id)), \(found.refused.map(\.id))")
    }

    @Test func initialsFindRefusedOnesToo() throws {
        #expect(try Self.find("dszm").refused.first?.id == "marital_status")
        #expect(try Self.find("wfzjlzm").refused.first?.id == "criminal_record")
    }

    @Test(arguments: ["今天天气", "qqqqqq", "路灯不亮"])
    func whatIsNoProofFindsNothing(words: String) throws {
        let found: ProofSearch.Found = try Self.find(words)
        #expect(found.types.isEmpty && found.refused.isEmpty)
    }

    /// No proof that must not be issued has come in by the other door.
    @Test func noTypeIsOneOfTheRefused() throws {
        let types: [CertificateType] = try Self.read("types.yaml", as: CertificateCatalogue.self).types
        let refused: [RefusedProof] = try Self.read("refused.yaml", as: RefusedProofs.self).proofs
        let names: Set<String> = Set(refused.flatMap { [$0.title.zh] + $0.words })
        for type in types {
            #expect(names.isDisjoint(with: [type.title.zh] + type.words), "\(type.id)")
        }
    }

    @Test(arguments: [
        ("value: \"{name}\"", "value: \"{nobody}\"", "nobody"),
        ("issued_by: [community, town]", "issued_by: [village]", "village"),
        ("validity_days: 90", "validity_days: 0", "1到3650"),
        ("id: guardian", "id: residence", "重复"),
        ("clear: [name, ward]", "clear: [name, nobody]", "nobody"),
        ("，上述人员在本辖区居住", "，{name}在本辖区居住", "statement"),
        ("{label: 用途, value: \"{purpose}\"}", "{label: 用途, value: 无}", "purpose"),
        ("kind: date", "kind: day", "text、number、date或choice"),
        ("personal: address", "personal: home", "personal"),
        ("id: types", "id: type", "types"),
    ])
    func brokenDataIsToldLineByLine(good: String, broken: String, says: String) throws {
        let text: String = try CertificateWorld.data("types.yaml")
        #expect(text.contains(good))
        do {
            _ = try CertificateCatalogue.reader.read(text.replacing(good, with: broken, maxReplacements: 1))
            Issue.record("\(broken) was taken")
        } catch let error as DataFileError {
            #expect(error.problems.contains { $0.message(in: .chinese).contains(says) }, "\(error)")
            #expect(error.problems.allSatisfy { $0.line != nil })
        }
    }

    @Test func aShorterListIsRefused() throws {
        let text: String = try CertificateWorld.data("refused.yaml")
        let lines: [Substring] = text.split(separator: "\n", omittingEmptySubsequences: false)
        let cut: Int = try #require(lines.lastIndex { $0.contains("- id:") })
        #expect(throws: DataFileError.self) {
            try CertificateCatalogue.reader.read(lines[..<cut].joined(separator: "\n"))
        }
    }

    @Test func aBusyListStaysHalfEmpty() {
        #expect(CertificateRules.capacity(for: 1) == 131_072)
        #expect(CertificateRules.capacity(for: 65_536) == 131_072)
        #expect(CertificateRules.capacity(for: 65_537) == 262_144)
    }
}
