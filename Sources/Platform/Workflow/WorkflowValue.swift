package import Kernel

/// A stored fact of a workflow instance, or an input of an action.
package enum WorkflowValue: Sendable, Hashable {
    case text(String)
    case integer(Int64)
    case flag(Bool)
    case instant(Instant)
    case limit(TimeLimit)
    /// Names of files or other resources.
    case list([String])

    /// The kind that a definition declares for it.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case text, integer, flag, instant, limit, list
    }

    package var kind: Kind {
        switch self {
        case .text: .text
        case .integer: .integer
        case .flag: .flag
        case .instant: .instant
        case .limit: .limit
        case .list: .list
        }
    }

    /// True for an empty text and an empty list, which count as not given.
    package var isEmpty: Bool {
        switch self {
        case .text(let text): text.isEmpty
        case .list(let list): list.isEmpty
        case .integer, .flag, .instant, .limit: false
        }
    }
}

extension WorkflowValue: Codable {
    private enum CodingKeys: String, CodingKey { case text, integer, flag, at, limit, list }

    /// One key that names the kind: `{"integer": 3}`, `{"at": milliseconds}`, `{"limit": "5 working_days"}`.
    package init(from decoder: any Decoder) throws {
        let keyed: KeyedDecodingContainer<CodingKeys> = try decoder.container(keyedBy: CodingKeys.self)
        guard let key = keyed.allKeys.first, keyed.allKeys.count == 1 else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath, debugDescription: "one key that names the kind is needed")
            )
        }
        switch key {
        case .text: self = .text(try keyed.decode(String.self, forKey: key))
        case .integer: self = .integer(try keyed.decode(Int64.self, forKey: key))
        case .flag: self = .flag(try keyed.decode(Bool.self, forKey: key))
        case .at: self = .instant(Instant(milliseconds: try keyed.decode(Int64.self, forKey: key)))
        case .limit: self = .limit(try keyed.decode(TimeLimit.self, forKey: key))
        case .list: self = .list(try keyed.decode([String].self, forKey: key))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var keyed: KeyedEncodingContainer<CodingKeys> = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .text(let text): try keyed.encode(text, forKey: .text)
        case .integer(let integer): try keyed.encode(integer, forKey: .integer)
        case .flag(let flag): try keyed.encode(flag, forKey: .flag)
        case .instant(let instant): try keyed.encode(instant.milliseconds, forKey: .at)
        case .limit(let limit): try keyed.encode(limit, forKey: .limit)
        case .list(let list): try keyed.encode(list, forKey: .list)
        }
    }
}
