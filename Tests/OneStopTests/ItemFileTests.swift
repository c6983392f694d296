import Foundation
import Kernel
import Platform
import Testing

@testable import OneStop

func dataFile(_ path: String) throws -> String {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    return try String(contentsOf: root.appending(path: "ops/data/items/\(path)"), encoding: .utf8)
}

@Suite struct ItemFileTests {
    private func problems(_ text: String, kind: ItemKind? = .handling) -> [DataProblem] {
        do {
            _ = try ItemFile(text, kind: kind)
            return []
        } catch {
            return error.problems
        }
    }

    @Test(arguments: [
        ("20工作日", 20, TimeLimit.Unit.workingDays), ("20 个工作日", 20, .workingDays), ("60日", 60, .calendarDays),
        ("3自然日", 3, .calendarDays), ("15天", 15, .calendarDays), ("4工作时", 4, .workingHours),
    ])
    func limitsAreRead(text: String, value: Int, unit: TimeLimit.Unit) throws {
        let limit = try #require(ItemLimit(text))
        #expect(limit.timeLimit == TimeLimit(value: value, unit: unit))
        #expect(ItemLimit(stored: limit.stored) == limit)
    }

    @Test func whatIsNotKnownStaysUnknown() throws {
        #expect(ItemLimit("") == .unknown)
        #expect(ItemLimit("即办") == .immediate)
        #expect(ItemLimit("按招生公告") == nil)
        #expect(ItemLimit("0工作日") == nil)
        let file = try ItemFile("code,name,dept,limit\n1,登记,民政局,按公告\n2,查询,民政局,\n", kind: .handling)
        #expect(file.items.map(\.promised) == [.unknown, .unknown])
        #expect(file.items.map(\.note) == ["按公告", ""])
        #expect(file.warnings.map(\.line) == [2])
    }

    @Test func headersOfOtherCataloguesAreUnderstood() throws {
        let file = try ItemFile(
            "dept,main_item,name,taskType,itemCode\n区教科体局,未分类,\"入学、\n休学审批\",许可,511A-1\n", kind: .handling)
        let item = try #require(file.items.first)
        #expect(item.code == "511A-1" && item.department == "区教科体局" && item.type == "许可")
        #expect(item.name == "入学、 休学审批")
        #expect(file.warnings.map(\.element) == ["main_item"])
        let chinese = try ItemFile("事项编码\t事项名称\t部门\t类别\t承诺时限\n1\t登记\t民政局\t查询\t即办\n", kind: nil)
        #expect(chinese.items.first?.kind == .query)
        #expect(chinese.items.first?.promised == .immediate)
    }

    /// One body stands in the codes of many items: it is told once.
    @Test func aDoubtfulBodyIsToldOnce() throws {
        func code(_ item: Int, _ body: String) -> String { "511A000\(item)-511602000000-000-\(body)-1-00" }
        let lines = [
            code(1, "083372204"), code(2, "2222222222222"), code(3, "083372204"),
            code(4, "11511301008778183N"),
            code(5, "083372204"),
        ]
        let file = try ItemFile(
            "code,name,dept\n" + lines.map { "\($0),登记,教科体局\n" }.joined(), kind: .handling)
        #expect(file.items.count == 5)
        #expect(file.warnings.map(\.line) == [2, 3])
        let text = try #require(file.warnings.first?.text.zh)
        #expect(text.contains("083372204") && text.contains("2、4、6"))
    }

    @Test func whatIsLeftOutOfALongListIsTold() throws {
        func warnings(_ count: Int) throws -> [DataProblem] {
            let lines = (1...count).map { "\($0),登记,民政局,看情况\n" }.joined()
            return try ItemFile("code,name,dept,limit\n" + lines, kind: .handling).warnings
        }
        let most = DataDocument.maximumProblems
        #expect(try warnings(most).last?.line == most + 1)
        let more = try warnings(most + 1)
        #expect(more.count == most)
        #expect(more.last?.line == nil)
        #expect(more.last?.text.zh.contains("2") == true)
        let wrong = problems("code,name,dept\n" + String(repeating: ",登记,民政局\n", count: most + 1))
        #expect(wrong.count == most)
        #expect(wrong.last?.line == nil)
    }

    @Test func everyWrongLineIsTold() {
        #expect(problems("").map(\.line) == [1])
        #expect(problems("code,name\n1,x\n").map(\.element) == ["department"])
        #expect(problems("code,name,dept\n1,x,y\n", kind: nil).map(\.element) == ["kind"])
        let found = problems("code,name,dept\n1,x,y\n1,z,y\n2,,y\n3,w\n4,x,y\n")
        #expect(found.map(\.line) == [3, 4, 5])
        #expect(problems("code,name,dept,kind\n1,x,y,猫\n").map(\.line) == [2])
        #expect(problems("code,code,name,dept\n1,1,x,y\n").map(\.element) == ["code"])
        let many = "code,name,dept\n" + (1...300).map { "\($0),,y\n" }.joined()
        #expect(problems(many).count == DataDocument.maximumProblems)
    }

    @Test func aFileHasItsLimits() {
        let header: String = "code,name,dept\n"
        let full: String = header + (1...ItemFile.itemsMax).map { "\($0),x,y\n" }.joined()
        #expect(problems(full).isEmpty)
        #expect(problems(full + "0,x,y\n").count == 1)
        let room: Int = ItemFile.bytesMax - header.utf8.count
        #expect(problems(header + String(repeating: "\n", count: room)).isEmpty)
        #expect(problems(header + String(repeating: "\n", count: room + 1)).count == 1)
    }

    @Test func theFilesOfTheProductAreGood() throws {
        #expect(try ItemFile(dataFile("handling.tsv"), kind: .handling).items.count == 167)
        #expect(try ItemFile(dataFile("query.tsv"), kind: .query).items.count == 247)
        let guides = try DefinitionFile(yaml: dataFile("definitions/frequent.yaml")).entries
        let codes = try Set(ItemFile(dataFile("handling.tsv"), kind: .handling).items.map(\.code))
        #expect(!guides.isEmpty)
        #expect(guides.allSatisfy { codes.contains($0.code) && !$0.definition.steps.isEmpty })
    }

    @Test func aPlanCountsWhatChanges() {
        func content(_ code: String, _ name: String) -> ItemContent {
            ItemContent(code: code, name: name, kind: .handling, department: "民政局")
        }
        func stored(_ code: String, _ name: String, retired: Bool = false) -> StoredItem {
            StoredItem(
                id: code, content: content(code, name), revision: 1, updateTime: Instant(seconds: 0),
                retired: retired)
        }
        let plan = ItemPlan(
            existing: [
                stored("1", "a"), stored("2", "b"), stored("3", "c"), stored("4", "d", retired: true),
            ],
            file: [content("1", "a"), content("2", "B"), content("4", "d"), content("5", "e")])
        #expect(plan.counts == ItemImportCounts(created: 1, updated: 2, unchanged: 1, retired: 1))
    }
}
