import Kernel
import Storage
import Testing

@testable import Platform

@Suite struct OrganizationTests {
    private func fill(_ platform: Platform) async throws {
        try await platform.performAsSystem(action: "test") { unit in
            let new: [NewOrganization] = [
                NewOrganization(code: "1405", name: "晋城市", level: .prefecture, parentCode: nil),
                NewOrganization(code: "140502", name: "城区", level: .county, parentCode: "1405"),
                NewOrganization(code: "140502001", name: "东街街道", level: .town, parentCode: "140502"),
                NewOrganization(
                    code: "140502001999", name: "凤台社区", level: .community, parentCode: "140502001",
                    aliases: ["凤台小区", "泽州路"]),
                NewOrganization(
                    code: "140502001998", name: "凤苑社区", level: .community, parentCode: "140502001"),
            ]
            for organization in new { try Organizations.insert(unit.connection, organization) }
        }
    }

    @Test func pathsAndCountsFollowTheTree() async throws {
        try await TestPlatform.run { test in
            try await fill(test.platform)
            let (town, community) = try await test.platform.readAsSystem { context in
                (
                    try Organizations.get(context.connection, "140502001"),
                    try Organizations.get(context.connection, "140502001999")
                )
            }
            #expect(town.childCount == 2)
            #expect(community.path == "/1405/140502/140502001/140502001999/")
            #expect(community.pathText == "晋城市 / 城区 / 东街街道 / 凤台社区")
        }
    }

    @Test(arguments: [
        ("凤台", ["140502001999"]), ("泽州路", ["140502001999"]), ("凤", ["140502001998", "140502001999"]),
        ("东街 凤苑", ["140502001998"]), ("凤台社区", ["140502001999"]), ("南街", []), ("？", []),
    ])
    func peopleFindPlacesByTheirWords(query: String, codes: [String]) async throws {
        try await TestPlatform.run { test in
            try await fill(test.platform)
            let found: [OrganizationRecord] = try await test.platform.readAsSystem { context in
                try OrganizationSearch.find(
                    context.connection, query: query, ancestorPath: "/", level: nil, limit: 10)
            }
            #expect(found.map(\.code) == codes)
        }
    }

    @Test func whatIsThereOrHasNoParentIsRefused() async throws {
        try await TestPlatform.run { test in
            try await fill(test.platform)
            func insert(_ code: String, parent: String?) async throws {
                try await test.platform.performAsSystem(action: "test") { unit in
                    _ = try Organizations.insert(
                        unit.connection,
                        NewOrganization(code: code, name: "某地", level: .grid1, parentCode: parent))
                }
            }
            let twice = await #expect(throws: Refusal.self) { try await insert("140502", parent: "1405") }
            #expect(twice?.reason == "ORGANIZATION_EXISTS")
            let orphan = await #expect(throws: Refusal.self) { try await insert("9", parent: "8") }
            #expect(orphan?.reason == "ORGANIZATION_NOT_FOUND")
        }
    }
}
