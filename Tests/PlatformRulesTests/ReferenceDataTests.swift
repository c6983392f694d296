import Kernel
import Testing

@testable import Platform

/// What is shipped is right, and its parts fit each other.
@Suite struct ReferenceDataTests {
    @Test func categoriesArePlainAndFew() throws {
        let departments = try DepartmentCatalogue(yaml: DataFiles.text("departments/departments.yaml"))
        let points = try PointsCatalogue(yaml: DataFiles.text("points/points.yaml"))
        let categories = try ReportCategories(
            yaml: DataFiles.text("categories/report.yaml"),
            departments: Set(departments.departments.map(\.id)),
            pointsRules: Set(points.rules.map(\.id)))
        #expect(categories.categories.count <= ReportCategories.maximumCount)
        #expect(categories.categories.last?.id == "other")
        #expect(categories.categories.allSatisfy { $0.title.zh.count <= 10 && !$0.title.en.isEmpty })
        #expect(Set(categories.categories.map(\.id)).count == categories.categories.count)
    }

    @Test(arguments: [
        ("楼道里有一股燃气味", "gas_heating", "119"), ("路边电线掉下来了", "electricity", "119"),
        ("三楼着火了", "fire_hazard", "119"), ("有人摔倒受伤了", "care", "120"), ("楼下有人打架", "dispute", "110"),
    ])
    func dangerIsAskedAboutFirst(text: String, category: String, phone: String) throws {
        let categories = try ReportCategories(yaml: DataFiles.text("categories/report.yaml"))
        let found: [ReportCategory] = categories.dangers(in: text)
        let match: ReportCategory = try #require(found.first { $0.id == category })
        #expect(match.stop?.phone == phone)
        #expect(categories.dangers(in: "路灯不亮").isEmpty)
    }

    @Test func wordsFindTheCategoryAndSayWhy() throws {
        let categories = try ReportCategories(yaml: DataFiles.text("categories/report.yaml"))
        let found = categories.suggestions(for: "凤台小区门口路灯不亮，晚上太黑")
        #expect(found.first?.category.id == "street_light")
        #expect(found.first?.words == ["路灯", "不亮", "太黑"])
        #expect(categories.suggestions(for: "xyz").isEmpty)
    }

    @Test func theFileSaysWhatIsWrong() throws {
        let good: String = try DataFiles.text("categories/report.yaml")
        for (old, new, element) in [
            ("standard_code: E0104", "standard_code: 0104", "categories.street_cleaning.standard_code"),
            ("phone: \"120\"", "phone: \"12345\"", "categories.care.stop.phone"),
            ("  other:", "  others:", "categories.others"),
            ("limit: 15工作日", "limit: 15天", "categories.illegal_building.limit"),
        ] {
            let parts: [Substring] = good.split(separator: old, omittingEmptySubsequences: false)
            let error: DataFileError? = #expect(throws: DataFileError.self) {
                try ReportCategories(yaml: parts.joined(separator: new))
            }
            #expect(error?.problems.map(\.element) == [element])
        }
        let error: DataFileError? = #expect(throws: DataFileError.self) {
            try ReportCategories(yaml: good, departments: ["housing"], pointsRules: [])
        }
        #expect(error?.problems.isEmpty == false)
    }

    @Test func thereAre65DepartmentsAnd35Labels() throws {
        let departments = try DepartmentCatalogue(yaml: DataFiles.text("departments/departments.yaml"))
            .departments
        #expect(departments.count == 65)
        #expect(Set(departments.map(\.id)).count == 65)
        let labels = try LabelCatalogue(yaml: DataFiles.text("labels/labels.yaml")).labels
        #expect(labels.count == 35)
        #expect(labels.count { $0.readers == .sensitive } == 12)
        let ids: Set<String> = Set(departments.map(\.id))
        #expect(labels.allSatisfy { ids.contains($0.reviewer) })
        #expect(labels.allSatisfy { $0.readers != .sensitive || $0.months <= 12 })
    }

    @Test func pointsAreAsPublished() throws {
        let points = try PointsCatalogue(yaml: DataFiles.text("points/points.yaml"))
        #expect(points.expiryMonths == 24)
        #expect(points.rule("hazard_verified")?.points == 10)
        #expect(points.rule("uncivil_verified")?.monthlyCap == 15)
        #expect(points.rule("volunteering")?.dailyCap == 40)
        #expect(points.rule("false_report")?.points == -10)
        #expect(points.offers.allSatisfy { points.partner($0.partner) != nil })
    }

    @Test func everyMessageOfTheCaseHasItsText() throws {
        let templates = try NotificationTemplates(yaml: DataFiles.text("templates/notifications.yaml"))
        let events: Set<String> = Set(try DataFiles.caseWorkflow().actions.flatMap(\.events))
        for template in templates.templates {
            if let event = template.event, event.hasPrefix("case.") {
                #expect(events.contains(event), "\(template.id) waits for an event that no action publishes")
            }
        }
        let resolved: NotificationTemplate = try #require(
            templates.templates(forEvent: "case.resolved").first)
        let values: [String: String] = ["number": "2611230001-7", "reopen_until": "12月3日"]
        #expect(
            try resolved.fill(values, in: .chinese) == "2611230001-7已办结，请评价。如未解决，12月3日前可要求重开。")
        #expect(throws: Refusal.self) { try resolved.fill(["number": "1"], in: .english) }
    }

    @Test func aTextMessageThatIsTooLongIsRefused() throws {
        func yaml(_ count: Int) -> String {
            let text: String = String(repeating: "字", count: count)
            return "id: t\nversion: 1\ntemplates:\n  a: {to: subject, channels: [sms], zh: \(text), en: x}\n"
        }
        #expect(try NotificationTemplates(yaml: yaml(70)).templates.count == 1)
        #expect(throws: DataFileError.self) { try NotificationTemplates(yaml: yaml(71)) }
    }

    @Test func divisionsAreThoseOfTheStatisticsBureau() throws {
        let table = try TabTable(
            tsv: DataFiles.text("divisions/divisions.tsv"), required: ["code", "name", "level", "parent"])
        let codes: Set<String> = Set(table.rows.map { $0["code"] })
        #expect(table.rows.count == 84)
        #expect(codes.count == 84)
        #expect(table.rows.count { $0["level"] == "county" } == 6)
        #expect(table.rows.count { $0["level"] == "town" } == 77)
        #expect(table.rows.allSatisfy { $0["parent"].isEmpty || codes.contains($0["parent"]) })
        let communities = try TabTable(
            tsv: DataFiles.text("divisions/communities.tsv"),
            required: ["code", "name", "parent", "synthetic"])
        #expect(communities.rows.allSatisfy { codes.contains($0["parent"]) && $0["code"].count == 12 })
        #expect(Set(communities.rows.map { $0["code"] }).count == communities.rows.count)
    }

    @Test(arguments: [("items/handling.tsv", 167), ("items/query.tsv", 247)])
    func itemsAreComplete(path: String, count: Int) throws {
        let table = try TabTable(
            tsv: DataFiles.text(path),
            required: [
                "code", "name", "department", "type", "limit", "statutory_limit", "note", "synonyms",
                "source",
            ])
        #expect(table.rows.count == count)
        #expect(Set(table.rows.map { $0["code"] }).count == count)
        for row in table.rows {
            for column in ["limit", "statutory_limit"] where !row[column].isEmpty && row[column] != "即办" {
                #expect(TimeLimit(row[column]) != nil, "\(row["name"]): \(row[column])")
            }
        }
    }

    @Test func peopleFindTheRentWithdrawalByTheirOwnWords() throws {
        let table = try TabTable(tsv: DataFiles.text("items/handling.tsv"), required: ["synonyms"])
        let row: TabTable.Row = try #require(table.rows.first { $0["name"] == "租房提取公积金" })
        #expect(row.list("synonyms").contains("租房取公积金"))
    }

    @Test func aTableSaysWhichLineIsWrong() {
        let error: DataFileError? = #expect(throws: DataFileError.self) {
            try TabTable(tsv: "a\tb\n1\t2\n3\n", required: ["a", "c"])
        }
        #expect(error?.problems.map(\.line) == [1, 3])
    }
}
