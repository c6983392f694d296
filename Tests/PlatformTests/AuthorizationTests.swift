import Contract
import Kernel
import Platform
import RPC
import Storage
import Testing

@Suite struct AuthorizationTests {
    private let method: MethodDescriptor = PlatformV1.IdentityServiceMethods.getMe

    private func refusal(_ rule: AccessRule?, _ principal: Principal?) -> String? {
        do throws(Refusal) {
            try AccessTable(rule.map { [$0] } ?? []).check(principal, method)
            return nil
        } catch { return error.reason }
    }

    private func staff(_ role: Role) -> Principal {
        Principal(kind: .staff, id: "1", grants: [Grant(role: role, scopeCode: "1", scopePath: "/1/")])
    }

    @Test func aMethodWithoutARowIsClosed() {
        #expect(refusal(nil, .system) == "METHOD_CLOSED")
        #expect(refusal(nil, nil) == "METHOD_CLOSED")
    }

    @Test func eachAudienceIsLetInAndNobodyElse() {
        let resident: Principal = Principal(kind: .resident, id: "1", level: .phone)
        let known: Principal = Principal(kind: .resident, id: "1", level: .idNumber)
        let vendor: Principal = Principal(kind: .vendor, id: "shop")
        #expect(refusal(AccessRule(method, .anyone), nil) == nil)
        #expect(refusal(AccessRule(method, .signedIn), nil) == "NOT_SIGNED_IN")
        #expect(refusal(AccessRule(method, .signedIn), vendor) == nil)
        #expect(refusal(AccessRule(method, .resident(level: 2)), known) == nil)
        #expect(refusal(AccessRule(method, .resident(level: 2)), resident) == "IDENTITY_LEVEL_TOO_LOW")
        #expect(refusal(AccessRule(method, .resident(level: 1)), staff("verifier")) == "PERMISSION_DENIED")
        #expect(refusal(AccessRule(method, .staff("verifier")), staff("verifier")) == nil)
        #expect(refusal(AccessRule(method, .staff("verifier")), staff("dispatcher")) == "PERMISSION_DENIED")
        #expect(refusal(AccessRule(method, .staff()), Principal(kind: .staff, id: "1")) == nil)
        #expect(refusal(AccessRule(method, .staff(), .vendor), vendor) == nil)
        #expect(refusal(AccessRule(method, .device), vendor) == "PERMISSION_DENIED")
    }

    @Test func scopeIsTheSameInSQLAndInCode() async throws {
        let paths: [String] = ["/1/", "/1/2/", "/1/2/3/", "/1/20/", "/1/3/", "/2/"]
        let filters: [ScopeFilter] = [
            .everything, .nothing, ScopeFilter(path: "/1/2/"),
            ScopeFilter([
                Grant(role: "verifier", scopeCode: "3", scopePath: "/1/3/"),
                Grant(role: "verifier", scopeCode: "2", scopePath: "/1/2/", departmentCode: "d"),
            ]), ScopeFilter(path: "/1/").within(path: "/1/2/"),
            ScopeFilter(path: "/1/2/").within(path: "/1/"),
            ScopeFilter(path: "/1/").within(path: "/2/"),
        ]
        try await TestPlatform.run { test in
            for filter in filters {
                let condition = filter.sql(column: "path", departmentColumn: "department", firstIndex: 1)
                let rows: [String] = paths.flatMap { path in
                    ["SELECT '\(path)' AS path, 'd' AS department", "SELECT '\(path)', 'e'"]
                }
                let found: Set<String> = try await test.platform.readAsSystem { context in
                    Set(
                        try context.connection.query(
                            """
                            WITH rows AS (\(rows.joined(separator: " UNION ALL ")))
                            SELECT path || department FROM rows WHERE \(condition.sql)
                            """,
                            values: condition.values
                        ) { $0.text(0) })
                }
                let expected: [String] = paths.flatMap { path in
                    ["d", "e"].filter { filter.contains(path: path, departmentCode: $0) }.map { path + $0 }
                }
                #expect(found == Set(expected))
            }
            let limited: ScopeFilter = filters[3]
            #expect(limited.contains(path: "/1/2/3/", departmentCode: "d"))
            #expect(!limited.contains(path: "/1/2/3/", departmentCode: "e"))
            #expect(!limited.contains(path: "/1/20/", departmentCode: "d"))
            #expect(filters[5].contains(path: "/1/2/3/") && !filters[5].contains(path: "/1/3/"))
            #expect(filters[6].isEmpty)
        }
    }
}
