import Kernel
import Platform

/// A query item's answer, before it has a receipt.
struct QueryContent: Sendable, Equatable {
    struct Column: Sendable, Equatable, Codable {
        let id: String
        let label: BilingualText
    }

    var columns: [Column]
    /// As many values as columns in each.
    var rows: [[String]]
    /// There was more than is shown.
    var truncated: Bool
    var notice: BilingualText
    /// Where it comes from, in words.
    var source: BilingualText
    /// The state that it shows.
    var asOf: Instant

    /// Rows of an answer: more are no answer to a person, who should narrow the question.
    static let rowsMax: Int = 50
    static let columnsMax: Int = 20
}

/// About whom a personal query is.
struct QuerySubject: Sendable, Equatable {
    /// Id of the resident.
    let resident: String
    let idNumber: String
    let fullName: String
    /// Nil when people ask about themselves.
    let mandate: Mandate?
}

/// Where the answers of a query item come from.
enum QuerySource: Sendable {
    case none
    case dataSet(StoredDataSet)
    case connector(ConnectorRecord, ConnectedItem)

    var isPersonal: Bool {
        switch self {
        case .none: false
        case .dataSet(let set): set.schema.isPersonal
        case .connector(_, let item): item.personal
        }
    }

    /// Identity level that is needed, 0 to 3. Nobody gets personal answers whose ID number was not verified.
    var identityLevel: Int {
        switch self {
        case .none: 0
        case .dataSet(let set):
            set.schema.isPersonal
                ? max(QueryRules.personalLevel, set.schema.identityLevel) : set.schema.identityLevel
        case .connector(_, let item): item.personal ? QueryRules.personalLevel : 0
        }
    }
}

enum QueryRules {
    static let personalLevel: Int = IdentityLevel.idNumber.rawValue

    /// Whether the caller may ask at all, by what is stored of the caller and the source.
    ///
    /// - Parameter byMandate: the caller asks for somebody else; whether the mandate is good is not decided here.
    static func authorize(_ source: QuerySource, _ principal: Principal, byMandate: Bool) throws(Refusal) {
        if source.isPersonal {
            switch principal.kind {
            case .resident: break
            case .staff where byMandate:
                guard principal.grants.contains(where: { MandateRules.agentRoles.contains($0.role) }) else {
                    throw QueryTexts.onlyAgents
                }
            default: throw QueryTexts.onlyResidents
            }
        }
        if principal.kind == .resident { try check(level: principal.level, source) }
    }

    /// Also whoever gave a mandate must be known as well as the source demands.
    static func check(level: IdentityLevel, _ source: QuerySource) throws(Refusal) {
        let needed: Int = source.identityLevel
        guard level.rawValue < needed else { return }
        throw QueryTexts.levelTooLow(needed: needed, has: level.rawValue)
    }
}
