import Kernel
import Platform

/// A member of staff who does not exist.
struct DemoStaff: Sendable, Equatable {
    /// Such as `demo-s0001`.
    let id: String
    let account: String
    let name: FullName
    let post: String
    let organization: String
    let grants: [DemoGrant]
    /// One of the few whom the demonstration signs in as.
    let signsIn: Bool

    var resourceName: String { "staff/\(id)" }

    /// As the workflow sees this person at work in one of the grants' places.
    var actor: WorkflowActor {
        WorkflowActor(
            id: resourceName, roles: Set(grants.map(\.role.rawValue)), scopes: ["/"],
            bodies: Set(grants.map { $0.department ?? $0.scope }))
    }

    func has(_ role: Role, in scope: String) -> Bool {
        grants.contains { $0.role == role && $0.scope == scope }
    }
}

/// A role in a place, or in a department of a place.
struct DemoGrant: Sendable, Equatable {
    let role: Role
    let scope: String
    let department: String?
}

extension DemoStaff {
    /// Id of the first of all.
    static let firstID: String = "demo-s0001"
    /// Counties whose cases the demonstration tells.
    static let counties: [String] = [
        DemoPlaces.chengqu, DemoPlaces.yangcheng, DemoPlaces.zezhou, DemoPlaces.gaoping,
    ]

    /// Departments whose officers the demonstration signs in as: cases of housing, applications for the housing fund, for
    /// social aid and for the certificate of low income.
    private static let signingDepartments: Set<String> = ["housing", "housing_fund", "civil_affairs"]
    /// Departments with items that take two people: one takes on, the other decides.
    private static let twoPeopleDepartments: Set<String> = [
        "civil_affairs", "public_security", "natural_resources",
    ]

    /// Everybody: centres and departments of four counties, grid leaders and workers of the places with grids.
    static func all(_ places: DemoPlaces, source: DemoSource, random: SeededRandom) -> [DemoStaff] {
        var roster = Roster(random: random)
        let departments: Set<String> = Set(source.categories.categories.map(\.department))
        for county in counties {
            let isMain: Bool = county == DemoPlaces.chengqu
            for number in 1...2 {
                roster.add(
                    "acceptor", "受理员", county, [(.caseAcceptor, county, nil)], signsIn: isMain && number == 1)
                roster.add(
                    "dispatcher", "派遣员", county, [(.dispatcher, county, nil)], signsIn: isMain && number == 1)
                roster.add(
                    "verifier", "核查员", county, [(.verifier, county, nil)], signsIn: isMain && number == 1)
            }
            roster.add(
                "duty", "值班长", county, [(.dutyOfficer, county, nil), (.dispatcher, county, nil)],
                signsIn: isMain)
            // In the main county every department has somebody, since residents apply to all of them.
            for department in source.departments.departments
            where isMain || departments.contains(department.id) {
                let code: String = DepartmentCatalogue.code(of: department.id, in: county)
                for _ in 0..<(isMain && twoPeopleDepartments.contains(department.id) ? 2 : 1) {
                    roster.add(
                        department.id.filter { $0 != "_" }, "\(department.title.zh)经办人", code,
                        [(.departmentOfficer, county, code)],
                        signsIn: isMain && signingDepartments.contains(department.id))
                }
            }
        }
        for place in places.organizations where hasGrids(place) {
            let isMain: Bool = place.code == DemoPlaces.fengtai
            roster.add("leader", "网格长", place.code, [(.gridLeader, place.code, nil)], signsIn: isMain)
            if isMain || place.code == DemoPlaces.mingfeng {
                roster.add("clerk", "窗口人员", place.code, [(.counterClerk, place.code, nil)], signsIn: isMain)
            }
        }
        for place in places.organizations where place.level == .grid1 {
            let isMain: Bool = place.code == "\(DemoPlaces.fengtai)-01"
            roster.add("grid", "网格员", place.code, [(.gridWorker, place.code, nil)], signsIn: isMain)
        }
        return roster.staff
    }

    private static func hasGrids(_ place: NewOrganization) -> Bool {
        place.level == .community
            && (place.code == DemoPlaces.fengtai || place.code == DemoPlaces.mingfeng
                || place.parentCode == DemoPlaces.gaodu)
    }

    private struct Roster {
        let random: SeededRandom
        var staff: [DemoStaff] = []
        private var numbers: [String: Int] = [:]

        init(random: SeededRandom) { self.random = random }

        /// The first of a kind is `dispatcher`, the next `dispatcher2`.
        mutating func add(
            _ account: String, _ post: String, _ organization: String, _ grants: [(Role, String, String?)],
            signsIn: Bool
        ) {
            numbers[account, default: 0] += 1
            let number: Int = numbers[account, default: 1]
            staff.append(
                DemoStaff(
                    id: "demo-s\(String(10_000 + staff.count + 1).dropFirst())",
                    account: number == 1 ? account : "\(account)\(number)", name: DemoNames.person(random),
                    post: post,
                    organization: organization,
                    grants: grants.map { DemoGrant(role: $0.0, scope: $0.1, department: $0.2) },
                    signsIn: signsIn))
        }
    }
}
