import Kernel
import Platform

/// What people read about items and imports.
enum ItemTexts {
    static let notFound: Refusal = .notFound(
        reason: "ITEM_NOT_FOUND", zh: "没有找到这个事项，可能已经取消。请重新搜索。",
        en: "The item was not found; it may have been retired. Search again.")

    static let kindInvalid: Refusal = .invalid(
        field: "kind", reason: "ITEM_KIND_UNKNOWN", zh: "没有这一类事项，请选“办事”或“查询”。",
        en: "There is no such kind. Choose handling or query.")

    /// What the catalogue says beside the limits.
    static func note(_ note: String) -> BilingualText {
        BilingualText(zh: "说明：\(note)", en: "Note: \(note)")
    }

    static let tooLong: DataProblem = DataProblem(
        line: nil, element: "", zh: "文件超过\(ItemFile.bytesMax)字节，请拆成几个目录导入。",
        en: "The file is longer than \(ItemFile.bytesMax) bytes. Split it into several catalogues.")

    static let empty: DataProblem = DataProblem(
        line: 1, element: "", zh: "文件是空的，第一行应为列名。", en: "The file is empty. The first line names the columns."
    )

    static let tooMany: DataProblem = DataProblem(
        line: nil, element: "", zh: "超过\(ItemFile.itemsMax)个事项，请拆成几个目录导入。",
        en: "There are more than \(ItemFile.itemsMax) items. Split them into several catalogues.")

    static func columnUnused(_ name: String, line: Int) -> DataProblem {
        DataProblem(line: line, element: name, zh: "这一列用不上，没有导入。", en: "This column is not used.")
    }

    static func columnTwice(_ name: String, line: Int) -> DataProblem {
        DataProblem(
            line: line, element: name, zh: "这一列出现了两次，请只留一列。", en: "This column is there twice. Keep one.")
    }

    static func columnMissing(_ names: [String], line: Int) -> DataProblem {
        let all: String = names.joined(separator: " / ")
        return DataProblem(
            line: line, element: names[0], zh: "缺少这一列，列名可以是：\(all)。",
            en: "This column is missing. It may be called: \(all).")
    }

    static func kindMissing(line: Int) -> DataProblem {
        DataProblem(
            line: line, element: "kind", zh: "文件没有“类别”列，请在导入时说明是办事还是查询。",
            en: "The file has no column kind. Say at the import whether these are handling or query items.")
    }

    static func kindUnknown(_ text: String, line: Int) -> DataProblem {
        DataProblem(
            line: line, element: "kind", zh: "“\(text)”不是类别，请写“办事”或“查询”。",
            en: "'\(text)' is no kind. Write handling or query.")
    }

    static func width(_ count: Int, expected: Int, line: Int) -> DataProblem {
        DataProblem(
            line: line, element: "", zh: "应有\(expected)列，实有\(count)列。内容里有逗号的，请用引号括起来。",
            en:
                "There have to be \(expected) columns; there are \(count). Enclose what has commas in quotation marks."
        )
    }

    static func codeTwice(_ code: String, first: Int, line: Int) -> DataProblem {
        DataProblem(
            line: line, element: "code", zh: "编码“\(code)”与第\(first)行重复，一个编码只能有一个事项。",
            en: "The code '\(code)' stands on line \(first) too. A code stands for one item.")
    }

    /// So many lines are named.
    private static let linesMax: Int = 5

    static func codesDoubtful(_ doubt: BilingualText, lines: [Int]) -> DataProblem {
        guard lines.count > 1 else {
            return DataProblem(line: lines.first, element: "code", zh: doubt.zh, en: doubt.en)
        }
        let named: [String] = lines.prefix(linesMax).map { String($0) }
        let isMore: Bool = lines.count > linesMax
        let zh: String = named.joined(separator: "、") + (isMore ? "等" : "")
        let en: String = named.joined(separator: ", ") + (isMore ? " and others" : "")
        return DataProblem(
            line: lines.first, element: "code", zh: doubt.zh + "共\(lines.count)行：第\(zh)行。",
            en: doubt.en + " \(lines.count) lines: \(en).")
    }

    static func limitUnknown(_ text: String, line: Int) -> DataProblem {
        DataProblem(
            line: line, element: "limit", zh: "“\(text)”不是天数，时限按“未知”导入，原文放进说明。",
            en: "'\(text)' is no number of days. The limit stays unknown, and the words go into the note.")
    }

    static func tooManySynonyms(line: Int) -> DataProblem {
        DataProblem(
            line: line, element: "synonyms", zh: "别名最多\(ItemFile.synonymsMax)个。",
            en: "At most \(ItemFile.synonymsMax) synonyms.")
    }
}
