import Kernel
import Platform

/// What is known of an item beyond its line in a catalogue: guide, national fields, procedure. Written in YAML, kept
/// with each revision.
///
/// Everything may be missing, and then it is not known: the product says "please ask the department" and never guesses.
struct ItemDefinition: Sendable, Equatable {
    // MARK: Guide 办事指南

    var materials: [Material] = []
    /// How it goes, step by step.
    var steps: [BilingualText] = []
    /// How often one has to come in person 到现场次数; nil when not known.
    var visits: Int?
    /// What it costs, in words.
    var fee: String = ""
    var fees: [Fee] = []
    var place: BilingualText = BilingualText(zh: "", en: "")
    var phone: String = ""
    /// Where the guide comes from: G, W or S were read in a published list; M has to be confirmed by the department.
    var source: String = ""

    // MARK: National fields 国家要素

    /// Whose matter it is; nil when not known.
    var audience: Audience?
    /// Level that exercises the power 行使层级, such as 县级.
    var authorityLevel: String = ""
    /// Where it can be handled 通办范围, such as 全市通办.
    var serviceArea: String = ""
    /// What one gets.
    var result: String = ""
    var specialProcedures: [SpecialProcedure] = []
    var legalBasis: String = ""
    /// Conditions for taking an application on.
    var conditions: [BilingualText] = []

    // MARK: Procedure

    /// What is asked of whoever applies; nil where the general form of the item's type is used.
    var form: FormDefinition?
    /// How far the identity of whoever applies was checked, at least: 1 phone, 2 ID number, 3 seen at a counter.
    var identityLevel: Int = ItemDefinition.identityLevelStandard
    /// True if whoever accepts must not decide (审受分离).
    var decidesInTwo: Bool = false
    /// Type of the certificate that is issued when it is granted; nil if there is none.
    var certificateType: String?
    /// Id in ops/data/departments; empty if the catalogue alone says whose it is. Ask `RevisedItem.departmentID`.
    var departmentID: String = ""
    /// False for an item that is described here and applied for elsewhere.
    var acceptsApplications: Bool = true

    /// Applying in somebody's name needs a checked ID number unless the item says otherwise.
    static let identityLevelStandard: Int = IdentityLevel.idNumber.rawValue
    static let identityLevels: ClosedRange<Int> =
        IdentityLevel.phone.rawValue...IdentityLevel.counter.rawValue

    /// What is charged for certain, in fen; 0 if nothing is, or if it depends.
    var feeFen: Int64 { fees.reduce(0) { $0 + $1.amountFen } }

    /// Something to bring.
    struct Material: Sendable, Equatable {
        var label: String
        /// Where one gets it.
        var source: String = ""
        var required: Bool = true
        /// Original, copy or electronic, such as 原件; empty when not known.
        var form: String = ""
        /// 0 when not known.
        var copies: Int = 0
        /// How to fill it in.
        var note: String = ""
    }

    /// Something that is charged.
    struct Fee: Sendable, Equatable, Codable {
        var label: String
        /// 0 if it depends: see `note`.
        var amountFen: Int64
        /// By which rule, or how it is computed.
        var note: String
    }

    /// Whose matter an item is; the raw value is what the wire carries.
    enum Audience: Int, Sendable, Equatable, CaseIterable, Codable {
        /// 自然人.
        case person = 1
        /// 法人.
        case organization = 2
        case both = 3
    }

    /// A step whose time is not part of the limit (行政许可法 article 45).
    struct SpecialProcedure: Sendable, Equatable, Codable {
        /// The raw value is what the wire carries.
        enum Kind: Int, Sendable, Equatable, CaseIterable, Codable {
            /// 听证.
            case hearing = 1
            /// 专家评审.
            case expertReview = 2
            /// 考试.
            case exam = 3
            /// 检验、检测、勘验.
            case inspection = 4
            /// 公示.
            case publication = 5
        }
        var kind: Kind
        var label: BilingualText
        /// How long at most; nil when not known.
        var limit: TimeLimit?
    }
}

/// An item as one of its revisions describes it.
struct RevisedItem: Sendable, Equatable {
    var item: StoredItem
    var definition: ItemDefinition
    var state: ItemRevisionState

    /// `items/{id}`.
    var name: String { "items/\(item.id)" }
    var content: ItemContent { item.content }
    /// Counted from 1.
    var revision: Int { item.revision }
    /// Id in ops/data/departments; empty when nobody said.
    var departmentID: String {
        definition.departmentID.isEmpty ? content.departmentID : definition.departmentID
    }
    /// Whether one can apply here, by this item as it is.
    var acceptsApplications: Bool {
        content.kind == .handling && !item.retired && definition.acceptsApplications
    }
}

/// State of a revision; the raw value is what the store keeps and what the wire carries.
enum ItemRevisionState: Int, Sendable, Equatable, CaseIterable {
    /// Waits to be published. An item has at most one.
    case draft = 1
    /// What holds now. An item has exactly one.
    case active = 2
    /// Held once; applications that began with it go on by it.
    case obsolete = 3
}

/// A revision in the list of an item's revisions.
struct ItemRevision: Sendable, Equatable {
    let revision: Int
    let state: ItemRevisionState
    let createTime: Instant
    /// Nil for a draft.
    let publishTime: Instant?
    /// A resource name, or `system`.
    let author: String
}
