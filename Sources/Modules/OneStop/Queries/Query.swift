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
    /// `mandates/{id}`; empty when people ask about themselves.
    let mandate: String
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
    static func authorize(_ source: QuerySource, _ principal: Principal) throws(Refusal) {
        if source.isPersonal, principal.kind != .resident { throw QueryTexts.onlyResidents }
        let needed: Int = source.identityLevel
        if principal.kind == .resident, principal.level.rawValue < needed {
            throw QueryTexts.levelTooLow(needed: needed, has: principal.level.rawValue)
        }
    }
}
