import Contract
import Kernel
import Platform
import RPC
import Storage
import Testing

@testable import linlid

@Suite struct AccessTests {
    @Test func everyMethodHasARowAndEveryRowAMethod() async throws {
        try await TestServer.run { test in
            // What departments implement and we call has no row here.
            let methods: Set<String> = Set(
                ContractDescriptors.methods.map(\.path).filter {
                    !$0.hasPrefix("/linli.onestop.v1.DepartmentConnector/")
                })
            let rows: Set<String> = Set(
                test.server.access.all.map(\.method.path).filter { $0.hasPrefix("/linli.") })
            #expect(methods.subtracting(rows).isEmpty, "methods without a row")
            #expect(rows.subtracting(methods).isEmpty, "rows without a method")
        }
    }

    @Test func eachMethodRefusesStrangersAndResidentsWithoutARight() async throws {
        try await TestServer.run { test in
            let resident: PlatformV1.Session = try await test.register("10000000001")
            for rule in test.server.access.all where rule.method.path.hasPrefix("/linli.") {
                if !rule.admitsAnyone {
                    let error: RPCError = try await refusal {
                        try await test.call(rule.method, CallOptions())
                    }
                    #expect(error.code == .unauthenticated, "\(rule.method)")
                    #expect(error.reason == "NOT_SIGNED_IN", "\(rule.method)")
                }
                let principal: Principal = Principal(kind: .resident, id: "x", level: .phone)
                if !rule.admits(principal) {
                    let error: RPCError = try await refusal {
                        try await test.call(rule.method, resident.options)
                    }
                    #expect(error.code == .permissionDenied, "\(rule.method)")
                }
            }
        }
    }

    @Test func eachMethodRefusesStaffWithoutARole() async throws {
        try await TestServer.run { test in
            let op: PlatformV1.Session = try await test.signInOperator()
            let (plain, _) = try await test.newStaff("plain.staff", roles: [], by: op)
            let principal: Principal = Principal(kind: .staff, id: "x")
            for rule in test.server.access.all where rule.method.path.hasPrefix("/linli.") {
                if rule.admits(principal) { continue }
                let error: RPCError = try await refusal { try await test.call(rule.method, plain.options) }
                #expect(error.code == .permissionDenied, "\(rule.method)")
            }
        }
    }

    @Test func aRefusedCallOfSomebodyKnownIsInTheAuditLog() async throws {
        try await TestServer.run { test in
            let op: PlatformV1.Session = try await test.signInOperator()
            let (auditor, _) = try await test.newStaff("auditor.one", roles: [], by: op)
            let audit: PlatformV1.AuditServiceClient = .init(channel: test.channel)
            _ = try await refusal { try await audit.getCheckpoint(.init(), options: auditor.options) }
            var found: Bool = false
            while !found {
                found = try await test.server.platform.readAsSystem { context in
                    try context.connection.first(
                        "SELECT 1 FROM platform_audit_entries WHERE action = 'call.refused' AND actor = $1",
                        .text(auditor.me?.name ?? "")
                    ) { _ in true } ?? false
                }
            }
            #expect(found)
        }
    }
}

extension TestServer {
    /// Calls any method with an empty request and takes what comes.
    func call(_ method: MethodDescriptor, _ options: CallOptions) async throws {
        typealias Empty = GoogleProtobuf.Empty
        switch method.kind {
        case .unary: let _: Empty = try await channel.unary(method, Empty(), options)
        case .serverStreaming:
            let answers: ResponseStream<Empty> = channel.serverStreaming(method, Empty(), options)
            for try await _ in answers { break }
        case .clientStreaming:
            let _: Empty = try await channel.clientStreaming(method, options) {
                (writer: RequestWriter<Empty>) in
                try await writer.write(Empty())
            }
        case .bidirectionalStreaming:
            try await channel.bidirectional(method, options) {
                (_: RequestWriter<Empty>, answers: ResponseStream<Empty>) in
                for try await _ in answers { break }
            }
        }
    }
}
