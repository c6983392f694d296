import Contract
import Crypto
import Kernel
import Platform
import RPC
import Testing

@testable import linlid

@Suite struct StaffTests {
    private let root: String = "organizations/140500000000"

    @Test func theFirstOperatorSignsInAndATOTPWorksOnce() async throws {
        try await TestServer.run { test in
            let (password, totp) = try test.firstOperator()
            let code: String = totp.code(step: TOTPStep.current(test.clock))
            let request: PlatformV1.SignInStaffRequest = .init(
                account: "operator", password: password, totp: code)
            let session: PlatformV1.Session = try await test.identity.signInStaff(request)
            #expect(session.me?.roles.map(\.role) == ["operator"])
            let again: RPCError = try await refusal { try await test.identity.signInStaff(request) }
            #expect(again.reason == "SIGN_IN_REFUSED")
            let nobody: RPCError = try await refusal {
                try await test.identity.signInStaff(.init(account: "nobody", password: password, totp: code))
            }
            #expect(nobody == again)
        }
    }

    @Test func anOperatorMakesStaffWithinTheArea() async throws {
        try await TestServer.run { test in
            let op: PlatformV1.Session = try await test.signInOperator()
            let (session, made) = try await test.newStaff("wang.fang", roles: ["grid_worker"], by: op)
            #expect(session.me?.roles.map(\.role) == ["grid_worker"])
            #expect(session.me?.roles.map(\.scope) == [root])
            let list: PlatformV1.ListStaffResponse = try await test.staff.listStaff(
                .init(), options: op.options)
            #expect(list.staff.map(\.account) == ["operator", "wang.fang"])
            let denied: RPCError = try await refusal {
                try await test.staff.createStaff(.init(requestID: newRequestID()), options: session.options)
            }
            #expect(denied.code == .permissionDenied)
            #expect(made.etag == "\"v1\"")
        }
    }

    @Test func aRepeatShowsTheSameSecrets() async throws {
        try await TestServer.run { test in
            let op: PlatformV1.Session = try await test.signInOperator()
            let request: PlatformV1.CreateStaffRequest = .init(
                staff: .init(account: "li.si", fullName: "李四", post: "派遣员", organization: root),
                requestID: newRequestID())
            let first: PlatformV1.CreateStaffResponse = try await test.staff.createStaff(
                request, options: op.options)
            let second: PlatformV1.CreateStaffResponse = try await test.staff.createStaff(
                request, options: op.options)
            #expect(first == second)
        }
    }

    @Test func operatorAndAuditorNeedASecondOperator() async throws {
        try await TestServer.run { test in
            let op: PlatformV1.Session = try await test.signInOperator()
            // The only operator may make the second one alone: nobody else could.
            let (second, _) = try await test.newStaff("op.two", roles: ["operator"], by: op)
            #expect(second.me?.roles.map(\.role) == ["operator"])
            let (_, third) = try await test.newStaff("auditor.one", roles: ["auditor"], by: op)
            #expect(third.roles.isEmpty)
            let waiting = try #require(third.pendingGrants.first)
            let approval: PlatformV1.ApproveGrantRequest = .init(
                name: third.name, grantID: waiting.id, requestID: newRequestID())
            let own: RPCError = try await refusal {
                try await test.staff.approveGrant(approval, options: op.options)
            }
            #expect(own.reason == "SECOND_PERSON_NEEDED")
            let approved: PlatformV1.Staff = try await test.staff.approveGrant(
                approval, options: second.options)
            #expect(approved.roles.map(\.role) == ["auditor"])
            #expect(approved.pendingGrants.isEmpty)
        }
    }

    @Test func aClosedAccountIsOutAtOnce() async throws {
        try await TestServer.run { test in
            let op: PlatformV1.Session = try await test.signInOperator()
            let (session, made) = try await test.newStaff("zhao.liu", roles: ["dispatcher"], by: op)
            let stale: RPCError = try await refusal {
                try await test.staff.disableStaff(
                    .init(name: made.name, reason: "离职", etag: "\"v9\"", requestID: newRequestID()),
                    options: op.options)
            }
            #expect(stale.code == .aborted)
            let closed: PlatformV1.Staff = try await test.staff.disableStaff(
                .init(name: made.name, reason: "离职", etag: made.etag, requestID: newRequestID()),
                options: op.options)
            #expect(closed.disabled)
            let ended: RPCError = try await refusal {
                try await test.identity.getMe(.init(), options: session.options)
            }
            #expect(ended.reason == "SESSION_ENDED")
        }
    }

    @Test func aRoleIsTakenAway() async throws {
        try await TestServer.run { test in
            let op: PlatformV1.Session = try await test.signInOperator()
            let (session, made) = try await test.newStaff("qian.qi", roles: ["verifier"], by: op)
            let grant: PlatformV1.RoleGrant = .init(role: "verifier", scope: root)
            let after: PlatformV1.Staff = try await test.staff.revokeRole(
                .init(name: made.name, grant: grant, etag: made.etag, requestID: newRequestID()),
                options: op.options)
            #expect(after.roles.isEmpty)
            let me: PlatformV1.Me = try await test.identity.getMe(.init(), options: session.options)
            #expect(me.roles.isEmpty, "the next call has the role no more")
            let last: RPCError = try await refusal {
                try await test.staff.revokeRole(
                    .init(
                        name: op.me?.name ?? "", grant: .init(role: "operator", scope: root), etag: "\"v1\"",
                        requestID: newRequestID()), options: op.options)
            }
            #expect(last.reason == "LAST_OPERATOR")
        }
    }

    @Test func aLookAtAResidentIsShownToTheResident() async throws {
        try await TestServer.run { test in
            let op: PlatformV1.Session = try await test.signInOperator()
            let (clerk, _) = try await test.newStaff("clerk.one", roles: ["counter_clerk"], by: op)
            let organizations: PlatformV1.OrganizationServiceClient = .init(channel: test.channel)
            _ = try await organizations.createOrganization(
                .init(
                    organization: .init(
                        name: "organizations/140502001999", displayName: "凤台社区", level: .community,
                        parent: root,
                        synthetic: true), requestID: newRequestID()), options: op.options)
            let code: String = try await test.newCode("10000000001", .register)
            let resident: PlatformV1.Session = try await test.identity.registerResident(
                .init(
                    phone: "10000000001", code: code, fullName: "张晓明", password: "correct horse",
                    requestID: newRequestID(), home: "organizations/140502001999"))
            let client: PlatformV1.ResidentServiceClient = .init(channel: test.channel)
            let list: PlatformV1.ListResidentsResponse = try await client.listResidents(
                .init(lookup: "100 0000 0001"), options: clerk.options)
            let masked = try #require(list.residents.first)
            #expect(masked.maskedName == "张*明")
            let shown: PlatformV1.RevealResidentResponse = try await client.revealResident(
                .init(name: masked.name, fields: [.phone], purpose: "核对联系电话"), options: clerk.options)
            #expect(shown.phone == "10000000001")
            #expect(shown.fullName.isEmpty)
            let looks: PlatformV1.ListMyDataAccessesResponse = try await client.listMyDataAccesses(
                .init(), options: resident.options)
            #expect(looks.accesses.map(\.purpose) == ["核对联系电话"])
            #expect(looks.accesses.map(\.viewer) == ["晋城市 三级网格员"])
            #expect(looks.accesses.map(\.fields) == [[.phone]])
        }
    }
}

enum TOTPStep {
    static func current(_ clock: ManualClock) -> Int64 { clock.now().milliseconds / 30_000 }
}
