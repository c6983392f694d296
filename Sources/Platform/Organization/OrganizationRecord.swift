package import Kernel

/// Kind and height of an organisation in the tree; the numbers are those of the contract.
package enum OrganizationLevel: Int, Sendable, Hashable {
    /// 地级市.
    case prefecture = 1
    /// 县、区、县级市.
    case county = 2
    /// 乡镇、街道.
    case town = 3
    /// 村、社区.
    case community = 4
    /// 一级网格.
    case grid1 = 5
    /// 二级网格.
    case grid2 = 6
    /// 三级网格.
    case grid3 = 7
    /// 部门, of a prefecture, county or town.
    case department = 8
}

/// A place or a body in the tree, as it is stored.
package struct OrganizationRecord: Sendable, Equatable {
    /// 12-digit statistical code of a division, or a code that begins with that of the place it lies in.
    package let code: String
    package let name: String
    package let level: OrganizationLevel
    /// Nil for the root.
    package let parentCode: String?
    /// Codes from the root down, such as `/140500000000/140502000000/`; rows of other tables carry it for scope.
    package let path: String
    /// Names from the root down, joined by ` / `.
    package let pathText: String
    package let childCount: Int
    package let householdCount: Int
    package let residentCount: Int
    package let center: GeoPoint?
    package let aliases: [String]
    package let phone: String
    package let synthetic: Bool
    package let version: Int
    /// First day on which it is there; nil if it always was.
    package let startDate: CivilDate?
    /// First day on which it is there no more; nil while it stays.
    package let endDate: CivilDate?

    /// Whether it is there on a day.
    package func exists(on date: CivilDate) -> Bool {
        startDate.map { $0 <= date } ?? true && endDate.map { date < $0 } ?? true
    }

    /// `organizations/{code}`.
    package var resourceName: String { OrganizationName.text(code) }
}

/// What is needed to add an organisation.
package struct NewOrganization: Sendable {
    package var code: String
    package var name: String
    package var level: OrganizationLevel
    /// Nil for a root.
    package var parentCode: String?
    package var householdCount: Int
    package var residentCount: Int
    package var center: GeoPoint?
    package var aliases: [String]
    package var phone: String
    package var synthetic: Bool
    /// First day on which it is there; nil if it always was.
    package var startDate: CivilDate?

    package init(
        code: String, name: String, level: OrganizationLevel, parentCode: String?, householdCount: Int = 0,
        residentCount: Int = 0, center: GeoPoint? = nil, aliases: [String] = [], phone: String = "",
        synthetic: Bool = false, startDate: CivilDate? = nil
    ) {
        self.code = code
        self.name = name
        self.level = level
        self.parentCode = parentCode
        self.householdCount = householdCount
        self.residentCount = residentCount
        self.center = center
        self.aliases = aliases
        self.phone = phone
        self.synthetic = synthetic
        self.startDate = startDate
    }
}

/// The resource name `organizations/{code}`.
package enum OrganizationName {
    private static let pattern: ResourceName.Pattern = "organizations/{organization}"

    /// The name of a code; empty for nil.
    package static func text(_ code: String?) -> String { code.map { "organizations/\($0)" } ?? "" }

    /// The code in a resource name; refused if it is none.
    package static func code(_ name: String, field: String = "name") throws(Refusal) -> String {
        try ResourceName(parsing: name, pattern, field: field).id
    }
}
