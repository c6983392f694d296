/// A government service and its guide.
package struct ServiceView: Sendable, Equatable, Codable {
    package struct Material: Sendable, Equatable, Codable {
        package var label: String
        package var source: String
        package var isRequired: Bool
        /// Original, copy or electronic; empty when not known.
        package var form: String
        /// 0 when not known.
        package var copies: Int

        package init(label: String, source: String, isRequired: Bool, form: String = "", copies: Int = 0) {
            self.label = label
            self.source = source
            self.isRequired = isRequired
            self.form = form
            self.copies = copies
        }
    }
    package struct Fee: Sendable, Equatable, Codable {
        package var label: String
        /// 0 if it depends: see `note`.
        package var amountFen: Int64
        package var note: String

        package init(label: String, amountFen: Int64, note: String = "") {
            self.label = label
            self.amountFen = amountFen
            self.note = note
        }
    }
    /// A step whose time is not part of the limit.
    package struct Procedure: Sendable, Equatable, Codable {
        package var label: Text
        package var limit: Text?

        package init(label: Text, limit: Text? = nil) {
            self.label = label
            self.limit = limit
        }
    }
    package var name: String
    package var displayName: String
    package var department: String
    package var isQuery: Bool
    /// In words, such as 3 个工作日; nil when nobody published one.
    package var promisedLimit: Text?
    package var statutoryLimit: Text?
    package var isImmediate: Bool
    /// -1 when not known.
    package var visits: Int
    package var conditions: [Text]
    package var materials: [Material]
    package var steps: [Text]
    /// In words; empty when not known.
    package var fee: String
    package var fees: [Fee]
    package var procedures: [Procedure]
    /// What one gets; empty when not known.
    package var result: String
    package var legalBasis: String
    package var place: String
    package var phone: String
    package var source: String
    /// One can apply for it here.
    package var acceptsApplications: Bool

    package init(
        name: String, displayName: String, department: String, isQuery: Bool = false,
        promisedLimit: Text? = nil, statutoryLimit: Text? = nil, isImmediate: Bool = false, visits: Int = -1,
        conditions: [Text] = [], materials: [Material] = [], steps: [Text] = [], fee: String = "",
        fees: [Fee] = [], procedures: [Procedure] = [], result: String = "", legalBasis: String = "",
        place: String = "", phone: String = "", source: String = "", acceptsApplications: Bool = false
    ) {
        self.name = name
        self.displayName = displayName
        self.department = department
        self.isQuery = isQuery
        self.promisedLimit = promisedLimit
        self.statutoryLimit = statutoryLimit
        self.isImmediate = isImmediate
        self.visits = visits
        self.conditions = conditions
        self.materials = materials
        self.steps = steps
        self.fee = fee
        self.fees = fees
        self.procedures = procedures
        self.result = result
        self.legalBasis = legalBasis
        self.place = place
        self.phone = phone
        self.source = source
        self.acceptsApplications = acceptsApplications
    }
}
