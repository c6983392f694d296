package import Kernel

/// How somebody is related to the resident whose household it is; the raw value is what store and wire carry.
package enum HouseholdRelation: Int, Sendable, Hashable, CaseIterable {
    case spouse = 1
    case child = 2
    case parent = 3
    case grandparent = 4
    case grandchild = 5
    case sibling = 6
    case other = 7
}

/// Somebody of a resident's household 家庭成员, as the resident said. Name and ID number are personal data in the clear:
/// only for the resident, and for what the resident applies for.
package struct HouseholdMember: Sendable, Equatable {
    package let id: String
    package let fullName: FullName
    package let idNumber: IDNumber
    package let relation: HouseholdRelation
    package let createTime: Instant

    /// `householdMembers/{id}`.
    package var name: String { "householdMembers/\(id)" }

    /// Completed years; 0 for somebody who is not a year old.
    package func age(on date: CivilDate) -> Int {
        max(0, idNumber.birthDate?.completedYears(on: date) ?? 0)
    }
}

package enum HouseholdLimits {
    /// People of one household: more than lives under any roof, and a list that one can still read.
    package static let members: Int = 20
}

/// What people read about their household.
enum HouseholdTexts {
    static let notFound: Refusal = .notFound(
        reason: "HOUSEHOLD_MEMBER_NOT_FOUND", zh: "您的家庭成员里没有这个人，可能已经移除。",
        en: "There is nobody like that in your household. The person may have been removed.")
    static let relation: Refusal = .invalid(
        field: "relation", reason: "RELATION_MISSING", zh: "请选择这个人和您的关系。",
        en: "Say how the person is related to you.")
    static let tooMany: Refusal = .wrongState(
        reason: "HOUSEHOLD_FULL",
        zh: "家庭成员最多\(HouseholdLimits.members)人。请先移除一位，再添加。",
        en: "A household has \(HouseholdLimits.members) people at most. Remove one first.")
    static let twice: Refusal = .alreadyExists(
        reason: "HOUSEHOLD_MEMBER_EXISTS", zh: "这个身份证号已经在您的家庭成员里，不用再添加。",
        en: "Somebody with this ID number is in your household already.")
    static let yourself: Refusal = .invalid(
        field: "id_number", reason: "HOUSEHOLD_MEMBER_IS_YOU", zh: "这是您本人的身份证号。替自己办事时选“本人”，不用添加。",
        en: "This is your own ID number. Choose yourself when you apply; there is nobody to add.")
}
