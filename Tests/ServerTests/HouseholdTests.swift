import Contract
import Foundation
import Kernel
import Platform
import RPC
import Testing

@testable import linlid

/// Households over the real server.
@Suite struct HouseholdTests {
    private func idNumber(_ sequence: Int, born: CivilDate = CivilDate(daysSinceEpoch: 16_000)) -> String {
        IDNumber(syntheticBornOn: born, sequence: sequence).text
    }

    @Test func aHouseholdIsItsOwnersAndMasked() async throws {
        try await TestServer.run { test in
            let owner = try await test.register("10000000041")
            let other = try await test.register("10000000042", name: "李四")
            let desk = PlatformV1.HouseholdServiceClient(channel: test.channel)
            let request = PlatformV1.AddHouseholdMemberRequest(
                fullName: "张小宝", relation: .child, idNumber: idNumber(1), requestID: newRequestID())
            let child = try await desk.addHouseholdMember(request, options: owner.options)
            #expect(child.fullName == "张小宝")
            #expect(child.maskedIDNumber.hasPrefix("1405************"))
            #expect(child.age > 0)
            #expect(try await desk.addHouseholdMember(request, options: owner.options).name == child.name)
            #expect(
                try await desk.listHouseholdMembers(.init(), options: owner.options).members.map(\.name) == [
                    child.name
                ])
            #expect(try await desk.listHouseholdMembers(.init(), options: other.options).members.isEmpty)
            let remove = PlatformV1.RemoveHouseholdMemberRequest(name: child.name, requestID: newRequestID())
            let foreign: RPCError = try await refusal {
                try await desk.removeHouseholdMember(remove, options: other.options)
            }
            #expect(foreign.reason == "HOUSEHOLD_MEMBER_NOT_FOUND")
            var bytes: Data = Data()
            for file in ["linli.sqlite", "linli.sqlite-wal"] {
                bytes += (try? Data(contentsOf: URL(filePath: "\(test.path)/\(file)"))) ?? Data()
            }
            for secret in ["张小宝", idNumber(1)] {
                #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(secret) stands in the store")
            }
            _ = try await desk.removeHouseholdMember(remove, options: owner.options)
            #expect(try await desk.listHouseholdMembers(.init(), options: owner.options).members.isEmpty)
        }
    }

    @Test func slipsAreRefusedAndTheListHasAnEnd() async throws {
        try await TestServer.run { test in
            let owner = try await test.register("10000000043")
            let desk = PlatformV1.HouseholdServiceClient(channel: test.channel)
            func reason(_ name: String, _ relation: PlatformV1.HouseholdRelation, _ number: String)
                async throws -> String
            {
                try await refusal {
                    try await desk.addHouseholdMember(
                        .init(
                            fullName: name, relation: relation, idNumber: number, requestID: newRequestID()),
                        options: owner.options)
                }.reason
            }
            #expect(try await reason("张小宝", .child, "140599201001010010") == "ID_NUMBER_CHECK_FAILED")
            #expect(try await reason("张小宝", .unspecified, idNumber(1)) == "RELATION_MISSING")
            #expect(try await reason("张3", .child, idNumber(1)) == "NAME_INVALID")
            let future = CivilDate(daysSinceEpoch: 60_000)
            #expect(try await reason("张小宝", .child, idNumber(1, born: future)) == "ID_NUMBER_BIRTH_DATE")
            for index in 1...HouseholdLimits.members {
                _ = try await desk.addHouseholdMember(
                    .init(
                        fullName: "家人", relation: .other, idNumber: idNumber(index), requestID: newRequestID()
                    ),
                    options: owner.options)
                if index == 1 {
                    #expect(try await reason("家人", .other, idNumber(1)) == "HOUSEHOLD_MEMBER_EXISTS")
                }
            }
            #expect(try await reason("家人", .other, idNumber(999)) == "HOUSEHOLD_FULL")
        }
    }
}
