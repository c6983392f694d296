import Contract
import Kernel
import Platform
import RPC
import Storage
import Synchronization
import Testing

@testable import GrassrootsWork

/// The service as its callers meet it, without a connection.
@Suite struct CaseServiceTests {
    private typealias Methods = GrassrootsWorkV1.CaseServiceMethods

    @Test func staffFileForAPersonWhomOnlyTheKeyringCanName() async throws {
        try await World.run { world in
            let answer: GrassrootsWorkV1.Case = try await world.service.createCase(
                Self.request { request in
                    request.channel = .phone
                    request.reporterName = "张某某"
                    request.reporterPhone = "10000000001"
                }, world.call(People.clerk, Methods.createCase))
            #expect(answer.state == .reported)
            #expect(answer.standardCode == "C0118")
            #expect(answer.projections?.fiveStep == "发现上报")
            #expect(answer.availableActions == [])
            let stored: CaseRecord = try await world.stored(CaseLimits.number(answer.name))
            let sealed: [UInt8] = try #require(stored.reporter.contact)
            #expect(!String(decoding: sealed, as: UTF8.self).contains("10000000001"))
        }
    }

    @Test func whatIsWrongWithARequestIsNamed() async throws {
        try await World.run { world in
            func reason(
                _ principal: Principal = People.gridWorker,
                _ change: @Sendable (inout GrassrootsWorkV1.CreateCaseRequest) -> Void
            ) async -> String? {
                await refusal {
                    try await world.service.createCase(
                        Self.request(change), world.call(principal, Methods.createCase))
                }
            }
            #expect(await reason { _ in } == nil)
            #expect(await reason { $0.channel = .chatbot } == "CHANNEL_UNSUITABLE")
            #expect(await reason { $0.channel = .unspecified } == "CHANNEL_UNSUITABLE")
            #expect(await reason { $0.reporterName = "张某某" } == "REPORTER_UNEXPECTED")
            #expect(await reason(People.clerk) { $0.channel = .counter } == "REPORTER_MISSING")
            #expect(await reason { $0.category = "unicorns" } == "CATEGORY_UNKNOWN")
            #expect(await reason { $0.grid = "organizations/140502001000" } == "GRID_UNSUITABLE")
            #expect(await reason { $0.grid = "organizations/1" } == "GRID_UNSUITABLE")
            #expect(await reason { $0.grid = "东街" } == "RESOURCE_NAME_INVALID")
            #expect(await reason { $0.grid = "organizations/140502001999002" } == "GRID_OUT_OF_SCOPE")
            #expect(await reason { $0.description = "亮" } == "TEXT_LENGTH")
            #expect(await reason { $0.description = String(repeating: "亮", count: 1_000) } == nil)
            #expect(await reason { $0.description = String(repeating: "亮", count: 1_001) } == "TEXT_LENGTH")
            #expect(await reason { $0.place = String(repeating: "楼", count: 200) } == nil)
            #expect(await reason { $0.place = String(repeating: "楼", count: 201) } == "TEXT_LENGTH")
            #expect(
                await reason { $0.point = PlatformV1.GeoPoint(latitude: 91, longitude: 0) }
                    == "LOCATION_INVALID")
            #expect(await reason { $0.photos = (0..<10).map { "files/f\($0)" } } == "PHOTOS_TOO_MANY")
            #expect(await reason { $0.photos = ["files/a", "files/a"] } == "PHOTO_NAME_INVALID")
            #expect(await reason { $0.photos = ["../etc/passwd"] } == "PHOTO_NAME_INVALID")
            #expect(await reason { $0.requestID = "7" } == "REQUEST_ID_INVALID")
        }
    }

    @Test func aRepeatedRequestFilesOneCase() async throws {
        try await World.run { world in
            let request: GrassrootsWorkV1.CreateCaseRequest = Self.request { _ in }
            let first = try await world.service.createCase(
                request, world.call(People.gridWorker, Methods.createCase))
            let again = try await world.service.createCase(
                request, world.call(People.gridWorker, Methods.createCase))
            #expect(first == again)
            let count: Int? = try await world.platform.readAsSystem {
                try $0.connection.first("SELECT count(*) FROM grassroots_case") { $0.int(0) }
            }
            #expect(count == 1)
        }
    }

    @Test func whatLiesElsewhereDoesNotExist() async throws {
        try await World.run { world in
            let record: CaseRecord = try await world.report()
            let far: Principal = People.staff("far", .caseAcceptor, "/140500000000/140581000000/")
            let get = GrassrootsWorkV1.GetCaseRequest(name: record.name)
            #expect(
                await refusal { try await world.service.getCase(get, world.call(far, Methods.getCase)) }
                    == "CASE_NOT_FOUND")
            let accept = GrassrootsWorkV1.AcceptCaseRequest(name: record.name, requestID: World.requestID())
            #expect(
                await refusal {
                    try await world.service.acceptCase(accept, world.call(far, Methods.acceptCase))
                }
                    == "CASE_NOT_FOUND")
            // As people type it.
            let typed = GrassrootsWorkV1.GetCaseRequest(name: record.spacedNumber.lowercased())
            let found = try await world.service.getCase(typed, world.call(People.acceptor, Methods.getCase))
            #expect(found.name == record.name)
            #expect(found.availableActions == ["accept", "decline", "merge"])
        }
    }

    @Test func anEtagThatIsOldIsRefusedAndNoneActsOnTheNewest() async throws {
        try await World.run { world in
            let record: CaseRecord = try await world.report()
            func accept(_ etag: String) async -> String? {
                await refusal {
                    try await world.service.acceptCase(
                        GrassrootsWorkV1.AcceptCaseRequest(
                            name: record.name, etag: etag, requestID: World.requestID()),
                        world.call(People.acceptor, Methods.acceptCase))
                }
            }
            #expect(await accept("\"v7\"") == "CHANGED_MEANWHILE")
            #expect(await accept("") == nil)
        }
    }

    @Test func dispatchGoesOnlyWhereThePlaceIsServed() async throws {
        try await World.run { world in
            let record: CaseRecord = try await world.report()
            try await world.act(.accept(category: "", note: ""), record.number, People.acceptor)
            func dispatch(_ assignee: String) async -> String? {
                await refusal {
                    try await world.service.dispatchCase(
                        GrassrootsWorkV1.DispatchCaseRequest(
                            name: record.name, assignee: assignee, requestID: World.requestID()),
                        world.call(People.dispatcher, Methods.dispatchCase))
                }
            }
            #expect(await dispatch("organizations/140581000000D01") == "ASSIGNEE_ELSEWHERE")
            #expect(await dispatch("organizations/140502000000") == "ASSIGNEE_UNSUITABLE")
            #expect(await dispatch("organizations/\(Places.housing.code)") == nil)
            #expect(try await world.stored(record.number).assignee?.text == "城区 住建局")
        }
    }

    @Test func pagesGoOnWhereTheLastOneEnded() async throws {
        try await World.run { world in
            var numbers: [String] = []
            for _ in 0..<5 { numbers.insert(try await world.report().name, at: 0) }
            var seen: [String] = []
            var token: String = ""
            repeat {
                let page = try await world.service.listCases(
                    GrassrootsWorkV1.ListCasesRequest(pageSize: 2, pageToken: token),
                    world.call(People.acceptor, Methods.listCases))
                #expect(page.cases.count <= 2)
                seen += page.cases.map(\.name)
                token = page.nextPageToken
            } while !token.isEmpty
            #expect(seen == numbers)
            let first = try await world.service.listCases(
                GrassrootsWorkV1.ListCasesRequest(pageSize: 2), world.call(People.acceptor, Methods.listCases)
            )
            #expect(
                await refusal {
                    try await world.service.listCases(
                        GrassrootsWorkV1.ListCasesRequest(
                            category: "garbage", pageToken: first.nextPageToken),
                        world.call(People.acceptor, Methods.listCases))
                } != nil)
        }
    }

    @Test func whatWaitsIsByRoleAndPlace() async throws {
        try await World.run { world in
            let record: CaseRecord = try await world.report()
            let tasks = CaseTasks(cases: world.cases)
            func waiting(_ principal: Principal) async throws -> [String] {
                try await world.platform.readAsSystem {
                    try tasks.tasks(for: principal, kind: nil, after: nil, limit: 10, $0)
                }.map(\.kind)
            }
            #expect(try await waiting(People.acceptor) == ["case.accept"])
            #expect(try await waiting(People.dispatcher) == [])
            try await world.act(.accept(category: "", note: ""), record.number, People.acceptor)
            try await world.act(Bench.dispatch, record.number, People.dispatcher)
            #expect(try await waiting(People.officer) == ["case.receive"])
            // It lies in the grid, but was sent to a department.
            #expect(try await waiting(People.gridWorker) == [])
            try await world.act(.receive, record.number, People.officer)
            #expect(try await waiting(People.officer) == ["case.handle"])
            let counts: [WaitingTaskCount] = try await world.platform.readAsSystem {
                try tasks.counts(
                    for: People.officer, nearBefore: at("2026-11-27 00:00"), overdueBefore: $0.now, $0)
            }
            #expect(
                counts.map(\.total) == [1] && counts.map(\.nearDeadline) == [1]
                    && counts.map(\.overdue) == [0])
            let both = Principal(
                kind: .staff, id: "officer", grants: People.officer.grants + People.verifier.grants)
            try await world.act(.handle(result: "已修", photos: []), record.number, People.officer)
            #expect(try await waiting(both) == [])
            #expect(try await waiting(People.verifier) == ["case.verify"])
        }
    }

    @Test func watchingGoesOnFromTheToken() async throws {
        try await World.run { world in
            let record: CaseRecord = try await world.report()
            try await world.act(.accept(category: "", note: ""), record.number, People.acceptor)
            let events = try await world.service.listCaseEvents(
                GrassrootsWorkV1.ListCaseEventsRequest(name: record.name),
                world.call(People.acceptor, Methods.listCaseEvents))
            #expect(events.events.map(\.action) == ["submit", "accept"])
            #expect(events.events.last?.actorText == "东街街道·受理员")
            let token: String = try #require(events.events.first).resumeToken

            let seen = Mutex<[String]>([])
            let (arrived, continuation) = AsyncStream.makeStream(of: Void.self)
            let watching: Task<Void, any Error> = Task {
                try await world.service.watchCases(
                    GrassrootsWorkV1.WatchCasesRequest(name: record.name, resumeToken: token),
                    world.call(People.acceptor, Methods.watchCases),
                    ResponseWriter { event in
                        seen.withLock { $0.append(event.action) }
                        continuation.yield()
                    })
            }
            var arrivals = arrived.makeAsyncIterator()
            await arrivals.next()
            try await world.act(Bench.dispatch, record.number, People.dispatcher)
            await arrivals.next()
            watching.cancel()
            _ = await watching.result
            #expect(seen.withLock { $0 } == ["accept", "dispatch"])
        }
    }

    @Test func timeAloneEndsPausesAndArchives() async throws {
        try await World.run { world in
            let paused: CaseRecord = try await world.report()
            try await world.act(.accept(category: "", note: ""), paused.number, People.acceptor)
            try await world.act(Bench.dispatch, paused.number, People.dispatcher)
            try await world.act(.receive, paused.number, People.officer)
            let until: Instant = at("2026-11-25 09:00")
            try await world.act(
                .suspend(reason: "等待配件", evidence: "采购单7号", resumeBy: until), paused.number, People.officer)
            let unrated: CaseRecord = try await world.report()
            try await world.resolve(unrated.number)

            world.clock.set(until.adding(milliseconds: -1))
            #expect(try await world.module.timers.run() == 0)
            world.clock.set(until)
            #expect(try await world.module.timers.run() == 1)
            #expect(try await world.stored(paused.number).state == .inProgress)
            world.clock.set(at("2026-12-01 00:01"))
            #expect(try await world.module.timers.run() == 1)
            #expect(try await world.stored(unrated.number).state == .archived)
            #expect(try await world.module.timers.run() == 0)
        }
    }

    /// The authorization table lets nobody in whom the workflow would never let act, and nobody out whom it would.
    @Test func theTableAndTheWorkflowNameTheSameRoles() throws {
        let definition: WorkflowDefinition = try DataFiles.workflow.get()
        let verbs: [(MethodDescriptor, String)] = [
            (Methods.acceptCase, "accept"), (Methods.declineCase, "decline"), (Methods.mergeCase, "merge"),
            (Methods.dispatchCase, "dispatch"), (Methods.receiveCase, "receive"),
            (Methods.returnCase, "return"),
            (Methods.reviewReturn, "review_return"), (Methods.handleCase, "handle"),
            (Methods.suspendCase, "suspend"), (Methods.resumeCase, "resume"),
            (Methods.requestExtension, "request_extension"), (Methods.reviewExtension, "review_extension"),
            (Methods.verifyCase, "verify"), (Methods.archiveCase, "archive"),
        ]
        for (method, verb) in verbs {
            let rule: AccessRule = try #require(CaseService.access.first { $0.method == method })
            let table: Set<String> = Set(rule.audiences.flatMap(\.roles).map(\.rawValue))
            let workflow: Set<String> = Set(
                definition.actions.filter { $0.verb == verb }.flatMap(\.roles)
            ).subtracting(["system", "resident"])
            #expect(table == workflow, "\(verb)")
        }
    }

    private static func request(
        _ change: (inout GrassrootsWorkV1.CreateCaseRequest) -> Void
    ) -> GrassrootsWorkV1.CreateCaseRequest {
        var request = GrassrootsWorkV1.CreateCaseRequest(
            category: "street_light", description: "路灯不亮",
            grid: "organizations/\(Places.code(Places.grid))", place: "3号楼前", channel: .patrol,
            requestID: World.requestID())
        change(&request)
        return request
    }
}
