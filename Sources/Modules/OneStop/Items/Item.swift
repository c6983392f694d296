import Kernel
import Platform

/// What an item is for; the raw value is what the store keeps and what the wire carries.
package enum ItemKind: Int, Sendable, Hashable, CaseIterable {
    /// 办事: something is applied for.
    case handling = 1
    /// 查询: something is looked up.
    case query = 2

    /// The kind that a file's column names; nil if it names none.
    init?(named text: String) {
        switch text {
        case "办事", "办理", "handling": self = .handling
        case "查询", "query": self = .query
        default: return nil
        }
    }
}

/// How long an item takes, as its catalogue says.
enum ItemLimit: Sendable, Hashable {
    /// Nobody said: ask the department.
    case unknown
    /// 即办: done while one waits.
    case immediate
    case within(TimeLimit)

    private static let immediateWords: Set<String> = ["即办", "即办件", "即时办结", "当场办结", "当场办理", "立等可取"]

    /// Reads `即办`, `20工作日`, `20个工作日`, `60日`, `3自然日`; an empty text is unknown. Nil if it is something else.
    ///
    /// 日 alone counts days of the calendar; where working days are meant, the law says so (行政许可法 article 82).
    init?(_ text: String) {
        let text: String = text.filter { !$0.isWhitespace }
        if text.isEmpty {
            self = .unknown
            return
        }
        if ItemLimit.immediateWords.contains(text) {
            self = .immediate
            return
        }
        let digits: Substring = text.prefix { $0.isASCII && $0.isNumber }
        var unit: Substring = text.dropFirst(digits.count)
        if unit.hasPrefix("个") { unit = unit.dropFirst() }
        if ["日", "天", "日历日"].contains(unit) { unit = "自然日" }
        guard let limit: TimeLimit = TimeLimit("\(digits)\(unit)") else { return nil }
        self = .within(limit)
    }

    /// The limit in the store: empty, `0`, or `20 working_days`.
    var stored: String {
        switch self {
        case .unknown: ""
        case .immediate: "0"
        case .within(let limit): limit.description
        }
    }

    init(stored text: String) {
        switch text {
        case "": self = .unknown
        case "0": self = .immediate
        default:
            guard let limit: TimeLimit = TimeLimit(text) else {
                preconditionFailure("onestop_items has the limit \(text)")
            }
            self = .within(limit)
        }
    }

    var timeLimit: TimeLimit? {
        if case .within(let limit) = self { limit } else { nil }
    }
}

/// What a catalogue says of an item.
struct ItemContent: Sendable, Equatable {
    var code: String
    var name: String
    var kind: ItemKind
    var type: String = ""
    /// As the catalogue names it.
    var department: String
    /// Id in ops/data/departments; empty when the catalogue does not say.
    var departmentID: String = ""
    var promised: ItemLimit = .unknown
    var statutory: ItemLimit = .unknown
    /// What the limits alone do not say.
    var note: String = ""
    var synonyms: [String] = []
    var source: String = ""
}

/// An item as it is kept.
struct StoredItem: Sendable, Equatable {
    var id: String
    var content: ItemContent
    /// Counted from 1.
    var revision: Int
    var updateTime: Instant
    var retired: Bool
}
