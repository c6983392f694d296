import Kernel

/// The plain categories by which people report, as one versioned document (ops/data/categories/report.yaml).
package struct ReportCategories: Sendable, Hashable {
    /// People choose from a list that they can read on one or two screens; the last is always 其他.
    package static let maximumCount: Int = 20
    /// The id of the category that takes what fits nowhere else.
    package static let otherID: String = "other"

    package let id: String
    package let version: Int
    /// In the order to show.
    package let categories: [ReportCategory]

    package func category(_ id: String) -> ReportCategory? { categories.first { $0.id == id } }

    /// The categories whose danger words are in `text`: their stop-question is asked before anything else.
    package func dangers(in text: String) -> [ReportCategory] {
        categories.filter { category in category.stop?.dangerWords.contains { text.contains($0) } ?? false }
    }

    /// Categories that `text` speaks of, those with most matched keywords first, with the words that matched.
    package func suggestions(for text: String) -> [(category: ReportCategory, words: [String])] {
        let lowered: String = text.lowercased()
        let matches: [(index: Int, words: [String])] = categories.enumerated().compactMap { index, category in
            let words: [String] = category.keywords.filter { lowered.contains($0.lowercased()) }
            return words.isEmpty ? nil : (index, words)
        }
        let weight: ([String]) -> Int = { words in words.reduce(0) { $0 + $1.count } }
        return matches.sorted { left, right in
            (-weight(left.words), left.index) < (-weight(right.words), right.index)
        }.map { (categories[$0.index], $0.words) }
    }
}

/// One category in plain words.
package struct ReportCategory: Sendable, Hashable {
    package let id: String
    package let title: BilingualText
    package let hint: BilingualText
    /// E or C (event or component), class and subclass of GB/T 30428.2, such as `E0102`.
    package let standardCode: String
    /// Id of the department that gets it if nobody decides otherwise.
    package let department: String
    /// The grid worker of the place looks first.
    package let isGridFirst: Bool
    /// Time to handle it, from receipt.
    package let limit: TimeLimit
    /// Rule by which a report that proves true earns points; nil for none.
    package let pointsRule: String?
    package let keywords: [String]
    /// A question about danger that is asked first; nil if there is none.
    package let stop: StopQuestion?

    /// A question that ends the report when answered with yes, because a phone call is faster.
    package struct StopQuestion: Sendable, Hashable {
        package let question: BilingualText
        package let advice: BilingualText
        /// 110, 119 or 120.
        package let phone: String
        /// Words of a free text that make the question be asked at once.
        package let dangerWords: [String]
    }
}

extension ReportCategories {
    /// Reads and checks the document.
    ///
    /// - Parameter departments: ids that `department` may name; nil to take any.
    /// - Parameter pointsRules: ids that `points_rule` may name; nil to take any.
    package init(
        yaml: String, departments: Set<String>? = nil, pointsRules: Set<String>? = nil
    ) throws(DataFileError) {
        let (document, root): (DataDocument, DataNode) = try DataDocument.open(yaml)
        let fields: DataFields = root.fields(required: ["id", "version", "categories"])
        id = fields["id"]?.identifier() ?? ""
        version = fields["version"]?.integer(in: 1...1_000_000) ?? 1
        let entries: [(key: String, value: DataNode)] = fields["categories"]?.entries() ?? []
        categories = entries.map { ReportCategory(id: $0.key, node: $0.value) }
        if let last = entries.last, last.key != ReportCategories.otherID {
            last.value.report(zh: "最后一类应当是other（其他）。", en: "The last category has to be 'other'.")
        }
        if entries.count > ReportCategories.maximumCount {
            fields["categories"]?.report(
                zh: "最多\(ReportCategories.maximumCount)类，请合并。",
                en: "At most \(ReportCategories.maximumCount) categories: join some.")
        }
        for (entry, category) in zip(entries, categories) {
            if let departments, !departments.contains(category.department) {
                entry.value.report(
                    zh: "部门“\(category.department)”不在部门目录里。",
                    en: "There is no department '\(category.department)'.")
            }
            if let rule = category.pointsRule, let pointsRules, !pointsRules.contains(rule) {
                entry.value.report(zh: "积分规则“\(rule)”不存在。", en: "There is no points rule '\(rule)'.")
            }
        }
        try document.finish()
    }
}

extension ReportCategory {
    fileprivate init(id: String, node: DataNode) {
        let fields: DataFields = node.fields(
            required: ["zh", "en", "hint", "standard_code", "department", "limit", "keywords"],
            optional: ["grid_first", "points_rule", "stop"])
        self.id = id
        title = fields.bilingual(maximum: 40)
        hint = fields["hint"]?.bilingual(maximum: 120) ?? BilingualText(zh: "", en: "")
        standardCode = fields["standard_code"]?.text(maximum: 5) ?? ""
        department = fields["department"]?.identifier() ?? ""
        isGridFirst = fields["grid_first"]?.flag() ?? false
        limit = fields["limit"]?.timeLimit() ?? TimeLimit.oneWorkingDay
        pointsRule = fields["points_rule"]?.identifier()
        keywords = fields.texts("keywords", maximum: 20)
        stop = fields["stop"].map(StopQuestion.init)
        if !DataNode.isIdentifier(id) {
            node.report(zh: "编号只用小写字母、数字和下划线。", en: "The id may have a-z, 0-9 and underscore only.")
        }
        if !ReportCategory.isStandardCode(standardCode) {
            (fields["standard_code"] ?? node).report(
                zh: "应写作E0102（事件）或C0118（部件）。", en: "Write it like E0102 (event) or C0118 (component).")
        }
    }

    private static func isStandardCode(_ code: String) -> Bool {
        (code.hasPrefix("E") || code.hasPrefix("C")) && code.utf8.count == 5 && Int(code.dropFirst()) != nil
    }
}

extension ReportCategory.StopQuestion {
    fileprivate init(_ node: DataNode) {
        let fields: DataFields = node.fields(required: ["question", "advice", "phone", "danger_words"])
        question = fields["question"]?.bilingual(maximum: 100) ?? BilingualText(zh: "", en: "")
        advice = fields["advice"]?.bilingual() ?? BilingualText(zh: "", en: "")
        phone = fields["phone"]?.text(maximum: 12) ?? ""
        dangerWords = fields.texts("danger_words", maximum: 20)
        if !["110", "119", "120"].contains(phone) {
            (fields["phone"] ?? node).report(zh: "应是110、119或120。", en: "It has to be 110, 119 or 120.")
        }
    }
}
