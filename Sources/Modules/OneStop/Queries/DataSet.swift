import Kernel
import Platform

/// What a department says of a data set: which query items it answers, its columns, what is asked for, and how that
/// chooses rows. ops/data/queries/README.md has its words.
struct DataSetSchema: Sendable, Equatable, Codable {
    /// What a column holds and how its values are checked.
    enum ColumnKind: String, Sendable, Codable, CaseIterable {
        case text, number, money, date, phone, place
        /// Resident identity number: only for the column that says whom a row is about.
        case idNumber = "id_number"
    }

    /// How a personal value is shortened. What is shortened is stored only so: nobody needs the rest of it here.
    enum Mask: String, Sendable, Codable, CaseIterable {
        case name, phone, account, address
        case idNumber = "id_number"

        func apply(_ value: String) -> String {
            switch self {
            case .name: Masking.name(value)
            case .phone: Masking.phone(value)
            case .account: Masking.account(value)
            case .address: Masking.address(value)
            case .idNumber: Masking.idNumber(value)
            }
        }
    }

    struct Column: Sendable, Equatable, Codable {
        let id: String
        let label: BilingualText
        let kind: ColumnKind
        /// Personal values: the row is stored encrypted.
        let personal: Bool
        let mask: Mask?
        /// May be empty.
        let optional: Bool
        /// Used to choose rows, and not shown.
        let hidden: Bool
    }

    /// How a parameter chooses rows.
    enum Match: String, Sendable, Codable, CaseIterable {
        /// The column has this value.
        case equals
        /// The columns have every word of it.
        case words
        /// The column's place lies in the place that was chosen, or around it.
        case place
    }

    struct Parameter: Sendable, Equatable, Codable {
        let id: String
        let prompt: BilingualText
        let label: BilingualText
        let match: Match
        /// One column, or for words several.
        let columns: [String]
        let optional: Bool
        /// People choose from the values that the rows have.
        let chooses: Bool
    }

    /// A query item that the set answers.
    struct Item: Sendable, Equatable, Codable {
        let code: String
        /// Only rows that have these values.
        let only: [String: String]
        /// Parameters that are asked for, by id; in the order of the schema.
        let parameters: [String]
    }

    let id: String
    let version: Int
    let source: BilingualText
    let notice: BilingualText
    let items: [Item]
    let columns: [Column]
    let parameters: [Parameter]
    /// Column with the ID number of whom a row is about; nil for public data.
    let subject: String?
    /// 0 to 3.
    let identityLevel: Int
    /// Made-up rows.
    let synthetic: Bool

    static let itemsMax: Int = 20
    static let columnsMax: Int = QueryContent.columnsMax
    /// Columns that choose rows: each is kept a second time, in the form that is compared.
    static let parametersMax: Int = 4
    /// More values than these are typed and not chosen.
    static let choicesMax: Int = 40

    var isPersonal: Bool { subject != nil }
    /// Whether rows are stored encrypted.
    var isSealed: Bool { isPersonal || columns.contains(where: \.personal) }
    /// Columns that people see.
    var shown: [Column] { columns.filter { !$0.hidden && $0.id != subject } }

    func item(_ code: String) -> Item? { items.first { $0.code == code } }
    func column(_ id: String) -> Column? { columns.first { $0.id == id } }

    /// What one item asks for.
    func parameters(of item: Item) -> [Parameter] { parameters.filter { item.parameters.contains($0.id) } }
}

/// A value to choose, with what people read.
struct DataSetChoice: Sendable, Equatable, Codable {
    let value: String
    let label: String
}

/// A data set as it is stored, without its rows.
struct StoredDataSet: Sendable, Equatable {
    let schema: DataSetSchema
    let rows: Int
    let asOf: Instant
    let importTime: Instant
    /// Choices by parameter.
    let choices: [String: [DataSetChoice]]
}
