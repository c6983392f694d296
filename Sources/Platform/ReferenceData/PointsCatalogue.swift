import Kernel

/// What earns points and what they buy, as one versioned document (ops/data/points/points.yaml).
package struct PointsCatalogue: Sendable, Hashable {
    package let id: String
    package let version: Int
    /// Months after the end of the month in which points were earned.
    package let expiryMonths: Int
    /// In the order to show.
    package let rules: [Rule]
    package let partners: [Partner]
    package let offers: [Offer]

    /// What earns points, or costs them.
    package struct Rule: Sendable, Hashable {
        package let id: String
        package let title: BilingualText
        /// Negative for what costs points.
        package let points: Int
        /// What the points are for, such as an hour; nil for each time.
        package let unit: BilingualText?
        /// Points of this rule in one calendar month at most; nil for no cap.
        package let monthlyCap: Int?
        /// Points of this rule in one day at most; nil for no cap.
        package let dailyCap: Int?
        /// What has to be proved first.
        package let requirement: BilingualText
    }

    /// Who hands over what points buy.
    package struct Partner: Sendable, Hashable {
        package let id: String
        package let title: BilingualText
        /// Points that it takes in one calendar month at most.
        package let monthlyCap: Int
    }

    /// What points buy.
    package struct Offer: Sendable, Hashable {
        package let id: String
        package let title: BilingualText
        package let points: Int
        /// Id of the partner.
        package let partner: String
        /// Pieces in one calendar month; nil for no limit.
        package let monthlyStock: Int?
    }

    package func rule(_ id: String) -> Rule? { rules.first { $0.id == id } }
    package func partner(_ id: String) -> Partner? { partners.first { $0.id == id } }
    package func offer(_ id: String) -> Offer? { offers.first { $0.id == id } }
}

extension PointsCatalogue {
    private static let pointsRange: ClosedRange<Int> = -1_000...1_000
    private static let capRange: ClosedRange<Int> = 1...1_000_000

    /// Reads and checks the document.
    package init(yaml: String) throws(DataFileError) {
        let (document, root): (DataDocument, DataNode) = try DataDocument.open(yaml)
        let fields: DataFields = root.fields(
            required: ["id", "version", "expiry_months", "rules", "partners", "offers"])
        id = fields["id"]?.identifier() ?? ""
        version = fields["version"]?.integer(in: 1...1_000_000) ?? 1
        expiryMonths = fields["expiry_months"]?.integer(in: 1...120) ?? 24
        rules = (fields["rules"]?.entries() ?? []).map(PointsCatalogue.rule)
        let partners: [Partner] = (fields["partners"]?.entries() ?? []).map(PointsCatalogue.partner)
        self.partners = partners
        offers = (fields["offers"]?.entries() ?? []).map { id, node in
            let offer: Offer = PointsCatalogue.offer(id, node)
            if !partners.contains(where: { $0.id == offer.partner }) {
                node.report(
                    zh: "伙伴“\(offer.partner)”没有在partners里定义。", en: "There is no partner '\(offer.partner)'.")
            }
            return offer
        }
        try document.finish()
    }

    private static func rule(_ id: String, _ node: DataNode) -> Rule {
        let fields: DataFields = node.fields(
            required: ["zh", "en", "points", "requires"], optional: ["unit", "monthly_cap", "daily_cap"])
        let points: Int = fields["points"]?.integer(in: pointsRange) ?? 0
        if points == 0 { node.report(zh: "分值不能为0。", en: "A rule of no points is none.") }
        let caps: [Int] = ["monthly_cap", "daily_cap"].compactMap { fields[$0]?.integer(in: capRange) }
        if caps.contains(where: { $0 < points }) {
            node.report(zh: "上限低于一次的分值。", en: "The cap is below the points of one time.")
        }
        return Rule(
            id: id, title: fields.bilingual(), points: points, unit: fields["unit"]?.bilingual(),
            monthlyCap: fields["monthly_cap"]?.integer(in: capRange),
            dailyCap: fields["daily_cap"]?.integer(in: capRange),
            requirement: fields["requires"]?.bilingual() ?? BilingualText(zh: "", en: ""))
    }

    private static func partner(_ id: String, _ node: DataNode) -> Partner {
        let fields: DataFields = node.fields(required: ["zh", "en", "monthly_cap"])
        return Partner(
            id: id, title: fields.bilingual(), monthlyCap: fields["monthly_cap"]?.integer(in: capRange) ?? 1)
    }

    private static func offer(_ id: String, _ node: DataNode) -> Offer {
        let fields: DataFields = node.fields(
            required: ["zh", "en", "points", "partner"], optional: ["monthly_stock"])
        return Offer(
            id: id, title: fields.bilingual(), points: fields["points"]?.integer(in: 1...100_000) ?? 1,
            partner: fields["partner"]?.identifier() ?? "",
            monthlyStock: fields["monthly_stock"]?.integer(in: capRange))
    }
}
